//! What the directory answers: entries, look-ups, statistics.

use serde::Serialize;

use crate::clock::UnixMillis;
use crate::contract::choices::{LookupBy, MatchState};
use crate::model::{JiraUser, MatchCounts, OktaUser};

/// One line of the directory: an Okta user, a Jira user, or both when they are tied.
#[derive(Clone, Debug, PartialEq)]
pub struct DirectoryEntry {
    /// Where a listing goes on after this entry; opaque, greater than 0.
    pub cursor: i64,
    /// The Okta user; none in the view of Jira-only users.
    pub okta: Option<OktaUser>,
    /// Since when a complete run has not seen the Okta user; none if it is present.
    pub absent_since: Option<UnixMillis>,
    /// The Jira user it is tied to, or the Jira-only user.
    pub jira: Option<JiraUser>,
    /// The state of this entry.
    pub state: MatchState,
    /// The rule that tied it or made it ambiguous, such as `login=username`; `pinned` by hand; empty if none.
    /// Of a user who is alone: the rule under which it is inactive and gave way to an active one.
    pub rule: String,
    /// The folded value that the rule compared; empty if none.
    pub value: String,
}

/// By what an entry is looked up. Texts other than ids and keys are folded before they are compared.
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
    /// The e-mail address in Okta; with several users of one address the answer is the first by id.
    Email(&'a str),
}

impl<'a> Lookup<'a> {
    /// The look-up of a value by one of the choices.
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

/// A user that shares a value with the user asked for and was not tied to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The Okta user, in the candidates of a Jira user.
    pub okta: Option<OktaUser>,
    /// The Jira user, in the candidates of an Okta user.
    pub jira: Option<JiraUser>,
    /// The candidate's state: ambiguous like the user asked for; alone, because it is inactive and gave way;
    /// or matched, because the user asked for is inactive and gave way.
    pub state: MatchState,
    /// The rule that found both.
    pub rule: String,
    /// The folded value they share.
    pub value: String,
}

/// What is in the directory and how fresh it is.
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
    /// Jira users handed in.
    pub jira_users: u64,
    /// Present Okta users by status, in the order of the names.
    pub by_status: Vec<(String, u64)>,
    /// The match states.
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

/// What an integrity check found. All lists are empty in a sound directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IntegrityReport {
    /// What SQLite's own check says, if not "ok".
    pub sqlite: Vec<String>,
    /// Broken rules of ours: digest, match states, counts.
    pub directory: Vec<String>,
}

impl IntegrityReport {
    /// Whether nothing was found.
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

/// Some entries of an export as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportPage {
    /// The text; the first page begins with the heading, if the format has one.
    pub text: String,
    /// How many entries it holds.
    pub entries: u64,
    /// Where the export goes on; none if this is all.
    pub next: Option<i64>,
}

/// Which entries are searched for, and how.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// The view that is searched.
    pub view: crate::model::View,
    /// Where the text is looked for.
    pub field: crate::model::SearchField,
    /// What is looked for.
    pub text: &'a str,
}

/// Some of what a search found, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPage {
    /// The text; the first page begins with the heading, if the format has one.
    pub text: String,
    /// How many entries it holds.
    pub entries: u64,
    /// Where the search goes on; none if this is all.
    pub next: Option<String>,
}
