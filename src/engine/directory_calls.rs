//! Calls that read the directory: look-ups, listings, changes, runs, statistics, backup. No network.

use std::path::Path;

use super::Engine;
use crate::contract::errors::{Error, ErrorCode, Result};
pub use crate::directory::entries::SearchPage;
use crate::directory::entries::{self, statistics};
use crate::directory::integrity;
use crate::directory::matches;
use crate::directory::runs::{self, changes};
use crate::directory::store::backup;
use crate::model::{
    Candidate, Change, ChangeFilter, DirectoryEntry, DirectoryStatistics, IntegrityReport, Lookup, RunId,
    SearchField, SyncReport, View,
};

/// The most rows of one answer, so that no caller can exhaust the memory by mistake.
pub const MAX_LIMIT: usize = 10_000;

impl Engine {
    /// The entry of one user; none if no user has this key.
    pub fn find(&self, lookup: Lookup<'_>) -> Result<Option<DirectoryEntry>> {
        let _open = self.enter()?;
        self.directory.read_statement(|conn| entries::find(conn, lookup))
    }

    /// Up to `limit` entries of a view, in a stable order. Start with `after` 0 and go on with the
    /// `cursor` of the last entry; an empty answer is the end.
    pub fn list(&self, view: View, after: i64, limit: usize) -> Result<Vec<DirectoryEntry>> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory
            .read(|conn| entries::list(conn, view, after, limit))
    }

    /// The users of a view whose name, login or e-mail begins with `text`, or contains it; `field` says which.
    /// Upper and lower case are the same. The order is that of the field. `after` is empty at the start, then the
    /// page's `next`.
    pub fn search(
        &self,
        view: View,
        field: SearchField,
        text: &str,
        after: &str,
        limit: usize,
    ) -> Result<SearchPage> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        let after = (!after.is_empty()).then_some(after);
        self.directory
            .read(|conn| entries::search(conn, view, field, text, after, limit))
    }

    /// The candidates of an ambiguous Okta user: the Jira users that may match it, then the inactive ones that lost
    /// against an active one. For an Okta user that lost itself: the users that it lost against.
    pub fn candidates_of_okta_user(&self, okta_id: &str, limit: usize) -> Result<Vec<Candidate>> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory
            .read(|conn| matches::candidates_of_okta(conn, okta_id, limit))
    }

    /// As [`Engine::candidates_of_okta_user`], for a Jira user.
    pub fn candidates_of_jira_user(&self, jira_key: &str, limit: usize) -> Result<Vec<Candidate>> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory
            .read(|conn| matches::candidates_of_jira(conn, jira_key, limit))
    }

    /// Up to `limit` changes after a position (0 for the oldest kept one), oldest first. If `okta_id` is given,
    /// only the changes of that user.
    pub fn changes(&self, after: i64, okta_id: Option<&str>, limit: usize) -> Result<Vec<Change>> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory
            .read(|conn| changes::after(conn, after, okta_id, limit))
    }

    /// Up to `limit` changes that match the filter, before a position (none for the newest), newest first.
    pub fn changes_before(
        &self,
        before: Option<i64>,
        filter: ChangeFilter<'_>,
        limit: usize,
    ) -> Result<Vec<Change>> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory
            .read(|conn| changes::before(conn, before, filter, limit))
    }

    /// Up to `limit` runs, newest first, older than `before` if given.
    pub fn runs(&self, before: Option<RunId>, limit: usize) -> Result<Vec<SyncReport>> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory.read(|conn| runs::list(conn, before, limit))
    }

    /// What is in the directory and how fresh it is.
    pub fn statistics(&self) -> Result<DirectoryStatistics> {
        let _open = self.enter()?;
        self.directory.read(statistics::read)
    }

    /// Checks the file and the rules between its rows. It reads everything, which takes seconds for a large
    /// directory.
    pub fn check_integrity(&self) -> Result<IntegrityReport> {
        let _open = self.enter()?;
        self.directory.read(integrity::check)
    }

    /// Writes a compact copy of the directory to a new file. Readers and a sync go on meanwhile.
    pub fn backup(&self, target: &Path) -> Result<()> {
        let _open = self.enter()?;
        backup::to_file(&self.directory, target)
    }
}

pub(super) fn check_limit(limit: usize) -> Result<u64> {
    if !(1..=MAX_LIMIT).contains(&limit) {
        let what = format!("the limit must be from 1 to {MAX_LIMIT}");
        return Err(Error::about(ErrorCode::InvalidArgument, what));
    }
    Ok(limit as u64)
}
