//! The Jira side: single users, matching, previews and pins.

use super::Engine;
use super::directory_calls::check_limit;
use super::hand_over::is_usable;
use crate::clock::UnixMillis;
use crate::contract::choices::PreviewOf;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::entries;
use crate::directory::matches::Scope;
use crate::directory::matches::{self, jira_users, pins};
use crate::matching::parse_rules;
use crate::model::{DirectoryEntry, JiraUser, MatchCounts, MatchPreview};

impl Engine {
    /// Adds or changes single Jira users and matches again. A user without a key is skipped, and the log says so.
    pub fn upsert_jira_users(&self, users: &[JiraUser]) -> Result<()> {
        let _open = self.enter()?;
        let (users, unusable): (Vec<JiraUser>, Vec<JiraUser>) = users.iter().cloned().partition(is_usable);
        if !unusable.is_empty() {
            let what = format!("{} Jira users have no key and were skipped", unusable.len());
            self.log.warn(what);
        }
        let rules = self.rules()?;
        self.directory.write(|tx| {
            let mut scope = Scope::new(&rules);
            users
                .iter()
                .try_for_each(|user| scope.add_jira_key(tx, &user.key))?;
            jira_users::upsert(tx, &users)?;
            users
                .iter()
                .try_for_each(|user| scope.add_jira_key(tx, &user.key))?;
            scope.rematch(tx)
        })
    }

    /// Removes Jira users by key and matches again. Unknown keys are ignored.
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

    /// Matches again by the rules in force, for instance after the rules were changed. Sends no request.
    pub fn rematch(&self) -> Result<MatchCounts> {
        let _open = self.enter()?;
        let rules = self.rules()?;
        self.directory.write(|tx| matches::rematch(tx, &rules))
    }

    /// Shows what other rules would do with the present directory. Changes nothing and sends no request.
    pub fn preview_matching(&self, rules: &str) -> Result<MatchPreview> {
        let _open = self.enter()?;
        let rules = parse_rules(rules)?;
        self.directory.read(|conn| matches::preview(conn, &rules))
    }

    /// Up to `limit` pairs that differ with other rules: the pairs that the rules would add, or the present pairs
    /// that would end.
    pub fn preview_pairs(&self, rules: &str, which: PreviewOf, limit: usize) -> Result<Vec<DirectoryEntry>> {
        let _open = self.enter()?;
        let (rules, limit) = (parse_rules(rules)?, check_limit(limit)?);
        self.directory
            .read(|conn| entries::changing_pairs(conn, &rules, which, limit))
    }

    /// Matches an Okta user and a Jira user by hand. The pin survives later runs and rules until [`Engine::unpin`].
    /// An earlier pin of either user is replaced.
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

    /// Removes the pin of a Jira user and matches again; [`ErrorCode::NotFound`] if there is no pin.
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
