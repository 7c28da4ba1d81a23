//! A Jira user as the host hands it over.

use serde::{Deserialize, Serialize};

/// One Jira user. Key and username identify it in Jira; the rest is for matching and display.
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
