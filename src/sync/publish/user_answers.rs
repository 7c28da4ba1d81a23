//! The result of requesting users whom events name: what Okta answered, and what becomes of their rows in the inbox.

use std::collections::HashMap;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::directory::Transaction;
use crate::directory::inbox::{self, InboxRow};
use crate::model::OktaUser;
use crate::sync::publish::again::tried_again;

/// The answers for the users of one refresh.
#[derive(Clone, Debug, Default)]
pub struct UserAnswers {
    /// Users as they are now.
    pub found: Vec<OktaUser>,
    /// Users who are there and cannot be read.
    pub unreadable: Vec<String>,
    /// Users who are deleted: an event says so, and Okta answered 404 twice. Each with the number of its event.
    pub deleted: Vec<(String, i64)>,
    /// The rows to remove when this is published, by the numbers of their events.
    pub settled: Vec<i64>,
    /// The rows for which Okta does not show what the event says, and when to ask again: announced deletions, and
    /// unknown users who are not there.
    pub asked_again: Vec<(i64, UnixMillis)>,
    /// The rows of users whom Okta did not answer for, although it did for others.
    pub failed: Vec<FailedRow>,
    /// The event that named each user.
    pub events: HashMap<String, String>,
    /// When the oldest of these events without an earlier answer happened, by Okta's clock.
    pub oldest: Option<UnixMillis>,
}

/// A row of the inbox whose user could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedRow {
    arrival: i64,
    asked: u32,
    deleted: bool,
    why: String,
}

impl FailedRow {
    /// The row, and why its user could not be read.
    pub fn of(row: &InboxRow, error: Error) -> FailedRow {
        FailedRow {
            arrival: row.arrival,
            asked: row.asked,
            deleted: row.deleted,
            why: error.to_string(),
        }
    }

    /// Tries the row later, or leaves it to the next run that lists; a deletion is left to the next full run.
    pub fn leave(&self, tx: &Transaction<'_>, now: UnixMillis) -> Result<()> {
        match tried_again(self.asked, now) {
            Some(until) => inbox::postpone(tx, self.arrival, until),
            None if self.deleted => inbox::hold(tx, &[self.arrival]),
            None => inbox::settle(tx, &[self.arrival]),
        }
    }
}

impl UserAnswers {
    /// A warning for the report; none if everybody was read.
    pub fn warning(&self) -> Option<String> {
        let first = self.failed.first()?;
        Some(format!(
            "{} users whom events name could not be read and are asked for again: {}",
            self.failed.len(),
            first.why
        ))
    }

    /// The event that named this user; none if none did.
    pub fn event_of(&self, okta_id: &str) -> Option<&str> {
        let event = self.events.get(okta_id)?;
        (!event.is_empty()).then_some(event.as_str())
    }
}
