//! Handing over the whole set of Jira users: in batches, told beforehand, guarded, in one transaction.
//!
//! A user whom nothing could refer to, or who comes twice, is passed over with a warning and ends nothing: one
//! odd row of Jira must not keep everybody else from being matched. Warnings name the place in the hand-over.

use super::{Engine, lock};
use crate::contract::errors::Result;
use crate::directory::Transaction;
use crate::directory::matches::{hand_over, jira_users};
use crate::model::{JiraUser, JiraUserCounts, MatchRule};
use crate::sync::{JiraLoss, Limits};

/// Warnings of one hand-over at most; more would not tell more.
const MAX_WARNINGS: usize = 20;

/// The hand-over that an engine has begun, and what the next run shall say of the last one.
#[derive(Debug, Default)]
pub(super) struct HandOverState {
    begun: bool,
    handed: u64,
    passed_over: u64,
    repeated: u64,
    warnings: Vec<String>,
    notes: Vec<String>,
}

impl HandOverState {
    fn begin(&mut self) {
        let notes = std::mem::take(&mut self.notes);
        *self = HandOverState {
            begun: true,
            notes,
            ..HandOverState::default()
        };
    }

    /// Whether users of this engine's own hand-over may be staged.
    pub(super) fn is_begun(&self) -> bool {
        self.begun
    }

    /// The users of a batch that can be used, with their places in the hand-over.
    fn usable(&mut self, batch: &[JiraUser]) -> (Vec<JiraUser>, Vec<u64>) {
        let (mut users, mut places) = (Vec::with_capacity(batch.len()), Vec::new());
        for user in batch {
            self.handed += 1;
            if is_usable(user) {
                users.push(user.clone());
                places.push(self.handed);
            } else {
                self.passed_over += 1;
                self.warn(format!(
                    "Jira user number {} has no key and was passed over",
                    self.handed
                ));
            }
        }
        (users, places)
    }

    fn repeat(&mut self, place: u64) {
        self.repeated += 1;
        self.warn(format!(
            "Jira user number {place} has the key of an earlier one and took its place"
        ));
    }

    fn warn(&mut self, warning: String) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(warning);
        }
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = self.warnings.clone();
        let left_out = self.passed_over + self.repeated - warnings.len() as u64;
        if left_out > 0 {
            warnings.push(format!("and {left_out} further Jira users like these"));
        }
        warnings
    }

    fn end(&mut self) {
        self.notes = self.warnings();
        self.begun = false;
    }

    pub(super) fn notes_for_next_run(&self) -> Vec<String> {
        self.notes.clone()
    }

    /// A run has told these.
    pub(super) fn forget_notes(&mut self, told: &[String]) {
        if self.notes == told {
            self.notes.clear();
        }
    }
}

/// Whether anything could ever refer to the user.
pub(super) fn is_usable(user: &JiraUser) -> bool {
    !user.key.trim().is_empty()
}

impl Engine {
    /// Begins handing over the whole set of Jira users; what an earlier unfinished hand-over had
    /// collected is dropped. Readers see the old set until [`Engine::commit_jira_users`].
    pub fn begin_jira_users(&self) -> Result<()> {
        let _open = self.enter()?;
        let mut state = lock(&self.hand_over);
        self.directory.write(jira_users::begin)?;
        state.begin();
        Ok(())
    }

    /// Adds one batch (a few thousand users) to the hand-over. Of two users with one key the later counts, and one
    /// without a key is passed over; [`JiraUserCounts::warnings`] names them by their place in the hand-over.
    pub fn add_jira_users(&self, batch: &[JiraUser]) -> Result<()> {
        let _open = self.enter()?;
        let mut state = lock(&self.hand_over);
        let (users, places) = state.usable(batch);
        let repeated = self.directory.write(|tx| jira_users::add(tx, &users))?;
        repeated.into_iter().for_each(|index| state.repeat(places[index]));
        Ok(())
    }

    /// What [`Engine::commit_jira_users`] would do with the users handed over so far: above all, how many matches
    /// would end. Nothing is changed, and the hand-over goes on.
    pub fn preview_jira_users(&self) -> Result<JiraUserCounts> {
        let _open = self.enter()?;
        let rules = self.rules()?;
        let state = lock(&self.hand_over);
        let told = self.directory.write(|tx| hand_over::rehearse(tx, &rules))?;
        Ok(self.counts(&told, &state))
    }

    /// Replaces the set of Jira users by what was handed over and matches anew, in one transaction.
    ///
    /// Refused unless `confirm_loss`: an empty set where there were users
    /// ([`ErrorCode::JiraUsersEmpty`](crate::contract::errors::ErrorCode::JiraUsersEmpty)), and one in which more users are gone,
    /// or by which more matches end, than the settings `sweep.max_jira_loss_*` allow
    /// ([`ErrorCode::TooManyJiraUsersLost`](crate::contract::errors::ErrorCode::TooManyJiraUsersLost)). Nothing is changed then, and
    /// the same hand-over may be committed with a confirmation.
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
            // An error rolls all of it back.
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

    /// Lets the users who wait take the place of the present ones in a copy, if this engine has handed any over.
    pub(super) fn take_over_in_copy(
        &self,
        copy: &crate::directory::Directory,
    ) -> Result<Option<JiraUserCounts>> {
        let state = lock(&self.hand_over);
        // What a hand-over that was broken off has left in the file says nothing of Jira.
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
