//! Calls that hand over the whole set of Jira users: in batches, with a preview, protected against large losses,
//! and in one transaction.

use super::hand_over::HandOverState;
use super::{Engine, lock};
use crate::contract::errors::Result;
use crate::directory::matches::{hand_over, jira_users};
use crate::directory::{Directory, Transaction};
use crate::model::{JiraUser, JiraUserCounts, MatchRule};
use crate::sync::{JiraLoss, Limits};

impl Engine {
    /// Begins to hand over the whole set of Jira users. The users of an earlier, unfinished hand-over are dropped.
    /// Readers see the old set until [`Engine::commit_jira_users`].
    pub fn begin_jira_users(&self) -> Result<()> {
        let _open = self.enter()?;
        let mut state = lock(&self.hand_over);
        self.directory.write(jira_users::begin)?;
        state.begin();
        Ok(())
    }

    /// Adds one batch (a few thousand users) to the hand-over. If two users have the same key, the later one
    /// counts. A user without a key is skipped. [`JiraUserCounts::warnings`] names the positions of such users in
    /// the hand-over.
    pub fn add_jira_users(&self, batch: &[JiraUser]) -> Result<()> {
        let _open = self.enter()?;
        let mut state = lock(&self.hand_over);
        let (users, places) = state.usable(batch);
        let repeated = self.directory.write(|tx| jira_users::add(tx, users))?;
        repeated.into_iter().for_each(|index| state.repeat(places[index]));
        Ok(())
    }

    /// Shows what [`Engine::commit_jira_users`] would do with the users handed over so far, above all how many
    /// matches would end. Nothing is changed, and the hand-over goes on.
    pub fn preview_jira_users(&self) -> Result<JiraUserCounts> {
        let _open = self.enter()?;
        let rules = self.rules()?;
        let state = lock(&self.hand_over);
        let told = self.directory.write(|tx| hand_over::rehearse(tx, &rules))?;
        Ok(self.counts(&told, &state))
    }

    /// Replaces the set of Jira users by the users handed over and matches anew, in one transaction.
    ///
    /// Without `confirm_loss` two cases are refused. The new set is empty although there were users
    /// ([`ErrorCode::JiraUsersEmpty`](crate::contract::errors::ErrorCode::JiraUsersEmpty)). Or more users would
    /// disappear, or more matches would end, than the settings `sweep.max_jira_loss_*` allow
    /// ([`ErrorCode::TooManyJiraUsersLost`](crate::contract::errors::ErrorCode::TooManyJiraUsersLost)). Then
    /// nothing is changed, and the same hand-over may be committed with a confirmation.
    pub fn commit_jira_users(&self, confirm_loss: bool) -> Result<JiraUserCounts> {
        let _open = self.enter()?;
        let rules = self.rules()?;
        let mut state = lock(&self.hand_over);
        let done = self
            .directory
            .write(|tx| self.take_over(tx, &rules, confirm_loss))?;
        let counts = self.counts(&done, &state);
        state.end();
        self.log.info(format!(
            "Jira users: {} added, {} updated, {} removed, {} unchanged; {} matches ended, {} begun",
            counts.added,
            counts.updated,
            counts.removed,
            counts.unchanged,
            counts.matches_ended,
            counts.matches_begun
        ));
        counts
            .warnings
            .iter()
            .for_each(|warning| self.log.warn(warning.clone()));
        Ok(counts)
    }

    fn take_over(
        &self,
        tx: &Transaction<'_>,
        rules: &[MatchRule],
        confirm_loss: bool,
    ) -> Result<hand_over::HandOver> {
        let done = hand_over::take_over(tx, rules)?;
        if !confirm_loss {
            // An error rolls the whole transaction back.
            Limits::from_settings(&self.snapshot()).judge_jira_loss(loss(&done))?;
        }
        Ok(done)
    }

    fn counts(&self, done: &hand_over::HandOver, state: &HandOverState) -> JiraUserCounts {
        let limits = Limits::from_settings(&self.snapshot());
        JiraUserCounts {
            added: done.users.added,
            updated: done.users.updated,
            removed: done.users.removed,
            unchanged: done.users.unchanged,
            matches_ended: done.matches_ended,
            matches_begun: done.matches_begun,
            passed_over: state.passed_over,
            repeated: state.repeated,
            needs_confirmation: limits.judge_jira_loss(loss(done)).is_err(),
            warnings: state.warnings(),
        }
    }

    /// Replaces the Jira users of a copy by the users of the hand-over that this engine has begun; none if there is
    /// no hand-over.
    pub(super) fn take_over_in_copy(&self, copy: &Directory) -> Result<Option<JiraUserCounts>> {
        let state = lock(&self.hand_over);
        // Users of an abandoned hand-over may still be in the file. They are out of date and not used.
        if !state.is_begun() || copy.read(jira_users::staged_count)? == 0 {
            return Ok(None);
        }
        let rules = self.rules()?;
        let done = copy.write(|tx| hand_over::take_over(tx, &rules))?;
        Ok(Some(self.counts(&done, &state)))
    }
}

fn loss(done: &hand_over::HandOver) -> JiraLoss {
    let users = &done.users;
    JiraLoss {
        removed: users.removed,
        users_before: done.users_before,
        users_after: users.added + users.updated + users.unchanged,
        matches_ended: done.matches_ended,
        matches_before: done.matches_before,
    }
}
