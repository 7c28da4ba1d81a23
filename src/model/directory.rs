//! What can be read from the directory: entries, look-ups, statistics.

use serde::Serialize;

use crate::clock::UnixMillis;
use crate::contract::choices::{LookupBy, MatchState};
use crate::model::{JiraUser, MatchCounts, OktaUser};

/// One entry of the directory: an Okta user, a Jira user, or both if they match.
#[derive(Clone, Debug, PartialEq)]
pub struct DirectoryEntry {
    /// The position after this entry, where a listing continues. Its value has no meaning of its own; greater than
    /// 0.
    pub cursor: i64,
    /// The Okta user; none in the view of Jira-only users.
    pub okta: Option<OktaUser>,
    /// Since when complete runs no longer see the Okta user; none if the user is present.
    pub absent_since: Option<UnixMillis>,
    /// The Jira user that matches, or the Jira-only user.
    pub jira: Option<JiraUser>,
    /// The state of this entry.
    pub state: MatchState,
    /// The rule that matched the users or made them ambiguous, such as `login=username`; `pinned` for a match by
    /// hand; empty if there is none. For a user without a match: the rule by which this inactive user lost against
    /// an active one.
    pub rule: String,
    /// The folded value that the rule compared; empty if none.
    pub value: String,
}

/// How to look up an entry. Ids and keys are compared exactly, other texts without regard to case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// Jira's user key, exactly.
    JiraKey(&'a str),
    /// Jira's username.
    JiraUsername(&'a str),
    /// Okta's user id, exactly.
    OktaId(&'a str),
    /// Okta's login.
    Login(&'a str),
    /// The e-mail address in Okta. If several users have the address, the result is the first one by id.
    Email(&'a str),
}

impl<'a> Lookup<'a> {
    /// The look-up of a value by one of the keys.
    pub fn new(by: LookupBy, value: &'a str) -> Lookup<'a> {
        match by {
            LookupBy::JiraKey => Lookup::JiraKey(value),
            LookupBy::JiraUsername => Lookup::JiraUsername(value),
            LookupBy::OktaId => Lookup::OktaId(value),
            LookupBy::Login => Lookup::Login(value),
            LookupBy::Email => Lookup::Email(value),
        }
    }
}

/// A user that has a value in common with another user but does not match that user.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The Okta user, in the candidates of a Jira user.
    pub okta: Option<OktaUser>,
    /// The Jira user, in the candidates of an Okta user.
    pub jira: Option<JiraUser>,
    /// The state of the candidate. Ambiguous: as the other user is. Alone: the candidate is inactive and lost
    /// against an active one. Matched: the other user is inactive and lost.
    pub state: MatchState,
    /// The rule by which both have a value in common.
    pub rule: String,
    /// The folded value that both have.
    pub value: String,
}

/// How much is in the directory, and how up to date it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DirectoryStatistics {
    /// The org the directory belongs to; empty before the first run.
    pub org_id: String,
    /// Present Okta users.
    pub okta_users: u64,
    /// Absent Okta users that are not yet erased.
    pub absent_users: u64,
    /// Deactivated Okta users whose Jira user is active.
    pub orphaned_users: u64,
    /// Jira users that were handed over.
    pub jira_users: u64,
    /// Present Okta users by status, in the order of the names.
    pub by_status: Vec<(String, u64)>,
    /// How many users are in each match state.
    pub matches: MatchCounts,
    /// Entries in the change feed.
    pub changes: u64,
    /// Position of the newest change; 0 if there is none.
    pub last_change: i64,
    /// When the last complete run finished, full or delta; none before the first.
    pub fresh_as_of: Option<UnixMillis>,
    /// When the last complete full run finished; none before the first.
    pub last_full: Option<UnixMillis>,
    /// When the last complete delta run finished; none before the first.
    pub last_delta: Option<UnixMillis>,
    /// Digest of all present users (hex) as of the last complete run; empty before the first.
    pub digest: String,
    /// Size of the database file in bytes, its write-ahead log not counted.
    pub file_bytes: u64,
    /// The version of the schema.
    pub schema_version: u32,
}

/// The result of an integrity check. Both lists are empty if the directory is sound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IntegrityReport {
    /// The messages of SQLite's own check; empty if it is fine.
    pub sqlite: Vec<String>,
    /// Broken rules of our own: digest, match states, counts.
    pub directory: Vec<String>,
}

impl IntegrityReport {
    /// Whether the check found no problem.
    pub fn is_sound(&self) -> bool {
        self.sqlite.is_empty() && self.directory.is_empty()
    }
}

/// What opening the directory did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenReport {
    /// Whether the file was made by this opening.
    pub created: bool,
    /// Where a damaged file was moved to before a new one was made; none if the file was sound.
    pub damaged_moved_to: Option<std::path::PathBuf>,
    /// What was saved from the damaged file, in words.
    pub carried_over: Vec<String>,
}

/// Some entries of an export, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportPage {
    /// The text; the first page begins with the heading, if the format has one.
    pub text: String,
    /// How many entries the text contains.
    pub entries: u64,
    /// The position where the export continues; none if this is the end.
    pub next: Option<i64>,
}

/// What to search for, and where.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The view that is searched.
    pub view: crate::model::View,
    /// The field that is searched.
    pub field: crate::model::SearchField,
    /// The text to search for.
    pub text: &'a str,
}

/// Some results of a search, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPage {
    /// The text; the first page begins with the heading, if the format has one.
    pub text: String,
    /// How many entries the text contains.
    pub entries: u64,
    /// The position where the search continues; none if this is the end.
    pub next: Option<String>,
}
