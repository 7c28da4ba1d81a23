//! A Jira user as the host hands it over, and the result of a hand-over.

use serde::{Deserialize, Serialize};

/// One Jira user. Key and username identify the user in Jira; the other fields are for matching and display.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JiraUser {
    /// Jira's user key, unique and unchanging, such as `JIRAUSER10100`.
    pub key: String,
    /// The name the user signs in with; unique, may be renamed.
    pub username: String,
    /// The e-mail address; empty if Jira has none.
    pub email: String,
    /// The name shown; empty if Jira has none.
    pub display_name: String,
    /// Whether the user may sign in.
    pub active: bool,
}

/// What a hand-over of Jira users did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JiraUserCounts {
    /// Users that are new.
    pub added: u64,
    /// Users with a changed field.
    pub updated: u64,
    /// Users that were removed.
    pub removed: u64,
    /// Users without a change.
    pub unchanged: u64,
    /// Pairs that matched before and do not match any more.
    pub matches_ended: u64,
    /// Pairs that did not match before.
    pub matches_begun: u64,
    /// Users of the hand-over who have no key and were left out.
    pub passed_over: u64,
    /// Users of the hand-over who had the key of an earlier one and took its place.
    pub repeated: u64,
    /// Whether so much would be lost that the commit needs a confirmation.
    pub needs_confirmation: bool,
    /// Users that were passed over or repeated, by position.
    pub warnings: Vec<String>,
}
