//! What an engine remembers about a hand-over of Jira users: how many came, which were skipped, and the warnings for
//! the next run.
//!
//! A user without a key is skipped with a warning, and a user with the key of an earlier one replaces that: one odd row
//! of Jira must not keep all others from being matched. Warnings give the position in the hand-over.

use crate::model::JiraUser;

/// The most warnings of one hand-over; a longer list would help nobody.
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

    /// Whether users of this engine's own hand-over may be staged.
    pub(super) fn is_begun(&self) -> bool {
        self.begun
    }

    /// The usable users of a batch, with their positions in the hand-over.
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

    /// Forgets these warnings, because a run has reported them.
    pub(super) fn forget_notes(&mut self, told: &[String]) {
        if self.notes == told {
            self.notes.clear();
        }
    }
}

/// Whether the user has a key, without which nothing can refer to it.
pub(super) fn is_usable(user: &JiraUser) -> bool {
    !user.key.trim().is_empty()
}
