//! The Jira side: handing users in, matching, previews and pins.

use std::sync::atomic::Ordering;

use serde::Serialize;

use super::Engine;
use crate::clock::UnixMillis;
use crate::directory::matches::Scope;
use crate::directory::{jira_users, matches, pins};
use crate::error::{Error, ErrorCode, Result};
use crate::matching::parse_rules;
use crate::model::{JiraUser, MatchCounts, MatchPreview};

/// What replacing the Jira users did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JiraUserCounts {
    /// Users that were not there before.
    pub added: u64,
    /// Users of whom something changed.
    pub updated: u64,
    /// Users that are gone.
    pub removed: u64,
    /// Users that are as they were.
    pub unchanged: u64,
}

impl Engine {
    /// Begins handing over the whole set of Jira users; what an earlier unfinished hand-over had
    /// collected is dropped. Readers see the old set until [`Engine::commit_jira_users`].
    pub fn begin_jira_users(&self) -> Result<()> {
        let _open = self.enter()?;
        self.directory.write(jira_users::begin)?;
        self.handing_over.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// Adds one batch (a few thousand users) to the hand-over. Of two users with one key the later wins.
    pub fn add_jira_users(&self, batch: &[JiraUser]) -> Result<()> {
        let _open = self.enter()?;
        check_keys(batch)?;
        self.directory.write(|tx| jira_users::add(tx, batch)).map(drop)
    }

    /// Replaces the set of Jira users by what was handed over and matches anew, in one transaction.
    /// An empty set where there were users is refused unless `confirm_empty`.
    pub fn commit_jira_users(&self, confirm_empty: bool) -> Result<JiraUserCounts> {
        let _open = self.enter()?;
        let rules = self.rules()?;
        let counts = self.directory.write(|tx| {
            let empties = jira_users::staged_count(tx)? == 0 && jira_users::total(tx)? > 0;
            if empties && !confirm_empty {
                return Err(Error::new(ErrorCode::JiraUsersEmpty));
            }
            let counts = jira_users::commit(tx)?;
            matches::rematch(tx, &rules)?;
            Ok(counts)
        })?;
        self.handing_over.store(false, Ordering::SeqCst);
        let counts = JiraUserCounts {
            added: counts.added,
            updated: counts.updated,
            removed: counts.removed,
            unchanged: counts.unchanged,
        };
        self.log.info(format!(
            "Jira users: {} added, {} updated, {} removed, {} unchanged",
            counts.added, counts.updated, counts.removed, counts.unchanged
        ));
        Ok(counts)
    }

    /// Adds or changes single Jira users and matches anew.
    pub fn upsert_jira_users(&self, users: &[JiraUser]) -> Result<()> {
        let _open = self.enter()?;
        check_keys(users)?;
        let rules = self.rules()?;
        self.directory.write(|tx| {
            let mut scope = Scope::new(&rules);
            users
                .iter()
                .try_for_each(|user| scope.add_jira_key(tx, &user.key))?;
            jira_users::upsert(tx, users)?;
            users
                .iter()
                .try_for_each(|user| scope.add_jira_key(tx, &user.key))?;
            scope.rematch(tx)
        })
    }

    /// Removes Jira users by key and matches anew. Unknown keys are ignored.
    pub fn remove_jira_users(&self, keys: &[String]) -> Result<()> {
        let _open = self.enter()?;
        let rules = self.rules()?;
        self.directory.write(|tx| {
            let mut scope = Scope::new(&rules);
            keys.iter().try_for_each(|key| scope.add_jira_key(tx, key))?;
            jira_users::remove(tx, keys)?;
            scope.rematch(tx)
        })
    }

    /// Matches anew by the rules in force, for instance after they were changed. Asks nothing of Okta.
    pub fn rematch(&self) -> Result<MatchCounts> {
        let _open = self.enter()?;
        let rules = self.rules()?;
        self.directory.write(|tx| matches::rematch(tx, &rules))
    }

    /// What other rules would do with the present directory. Changes nothing and asks nothing of Okta.
    pub fn preview_matching(&self, rules: &str) -> Result<MatchPreview> {
        let _open = self.enter()?;
        let rules = parse_rules(rules)?;
        self.directory.read(|conn| matches::preview(conn, &rules))
    }

    /// Ties an Okta user to a Jira user by hand. The pin survives later runs and rules until
    /// [`Engine::unpin`]; an earlier pin of either user is replaced.
    pub fn pin(&self, okta_id: &str, jira_key: &str) -> Result<()> {
        let _open = self.enter()?;
        let rules = self.rules()?;
        self.directory.write(|tx| {
            let mut scope = Scope::new(&rules);
            scope.add_okta_id(tx, okta_id)?;
            scope.add_jira_key(tx, jira_key)?;
            pins::pin(tx, okta_id, jira_key, UnixMillis::now())?;
            scope.rematch(tx)
        })
    }

    /// Removes the pin of a Jira user and matches anew; [`ErrorCode::NotFound`] if there is none.
    pub fn unpin(&self, jira_key: &str) -> Result<()> {
        let _open = self.enter()?;
        let rules = self.rules()?;
        self.directory.write(|tx| {
            let mut scope = Scope::new(&rules);
            scope.add_jira_key(tx, jira_key)?;
            if !pins::unpin(tx, jira_key)? {
                return Err(Error::new(ErrorCode::NotFound));
            }
            scope.rematch(tx)
        })
    }
}

fn check_keys(users: &[JiraUser]) -> Result<()> {
    if users.iter().any(|user| user.key.is_empty()) {
        return Err(Error::about(
            ErrorCode::InvalidArgument,
            "a Jira user without a key",
        ));
    }
    Ok(())
}
