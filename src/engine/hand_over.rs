//! Remembers what happened in a hand-over of Jira users: how many came, which were skipped, and the warnings for
//! the next run.
//!
//! A user without a key is skipped with a warning. A user with the key of an earlier user replaces that user. So
//! one bad row from Jira does not prevent the matching of all others. A warning gives the position of the user in
//! the hand-over.

use crate::model::JiraUser;

/// The most warnings of one hand-over; nobody reads a longer list.
const MAX_WARNINGS: usize = 20;

/// The hand-over that an engine has begun, and the warnings of the last one for the next run.
#[derive(Debug, Default)]
pub(super) struct HandOverState {
    begun: bool,
    handed: u64,
    pub(super) passed_over: u64,
    pub(super) repeated: u64,
    warnings: Vec<String>,
    notes: Vec<String>,
}

impl HandOverState {
    pub(super) fn begin(&mut self) {
        let notes = std::mem::take(&mut self.notes);
        *self = HandOverState {
            begun: true,
            notes,
            ..HandOverState::default()
        };
    }

    /// Whether this engine has begun a hand-over, so that users may be added to it.
    pub(super) fn is_begun(&self) -> bool {
        self.begun
    }

    /// The users of a batch that have a key, with their positions in the hand-over.
    pub(super) fn usable<'a>(&mut self, batch: &'a [JiraUser]) -> (Vec<&'a JiraUser>, Vec<u64>) {
        let (mut users, mut places) = (Vec::with_capacity(batch.len()), Vec::new());
        for user in batch {
            self.handed += 1;
            if is_usable(user) {
                users.push(user);
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

    pub(super) fn repeat(&mut self, place: u64) {
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

    pub(super) fn warnings(&self) -> Vec<String> {
        let mut warnings = self.warnings.clone();
        let left_out = self.passed_over + self.repeated - warnings.len() as u64;
        if left_out > 0 {
            warnings.push(format!("and {left_out} further Jira users like these"));
        }
        warnings
    }

    pub(super) fn end(&mut self) {
        self.notes = self.warnings();
        self.begun = false;
    }

    pub(super) fn notes_for_next_run(&self) -> Vec<String> {
        self.notes.clone()
    }

    /// Forgets the warnings that a run has reported.
    pub(super) fn forget_notes(&mut self, told: &[String]) {
        if self.notes == told {
            self.notes.clear();
        }
    }
}

/// Whether the user has a key. Nothing can refer to a user without one.
pub(super) fn is_usable(user: &JiraUser) -> bool {
    !user.key.trim().is_empty()
}
