//! The result of requesting the users that events name: Okta's answers, and what happens to their rows in the
//! inbox.

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
    /// Users who were found, with their present values.
    pub found: Vec<OktaUser>,
    /// Users who exist but cannot be read.
    pub unreadable: Vec<String>,
    /// Users who are deleted: an event says so, and Okta answered 404 twice. Each with the arrival number of its
    /// event.
    pub deleted: Vec<(String, i64)>,
    /// The rows to remove when this is published, by arrival number.
    pub settled: Vec<i64>,
    /// The rows whose event Okta does not confirm yet, and when to ask again. These are announced deletions, and
    /// new users whom Okta does not show.
    pub asked_again: Vec<(i64, UnixMillis)>,
    /// The rows of users for whom the request failed although requests for others succeeded.
    pub failed: Vec<FailedRow>,
    /// For each user, the event that named the user.
    pub events: HashMap<String, String>,
    /// When the oldest of these events happened, by Okta's clock; events with an earlier answer do not count.
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

    /// Postpones the row, or gives up and leaves it to the next run that lists users. A deletion is left to the
    /// next full run.
    pub fn leave(&self, tx: &Transaction<'_>, now: UnixMillis) -> Result<()> {
        match tried_again(self.asked, now) {
            Some(until) => inbox::postpone(tx, self.arrival, until),
            None if self.deleted => inbox::hold(tx, &[self.arrival]),
            None => inbox::settle(tx, &[self.arrival]),
        }
    }
}

impl UserAnswers {
    /// A warning for the report; none if every user was read.
    pub fn warning(&self) -> Option<String> {
        let first = self.failed.first()?;
        Some(format!(
            "{} users whom events name could not be read and are asked for again: {}",
            self.failed.len(),
            first.why
        ))
    }

    /// The event that named this user; none if there is none.
    pub fn event_of(&self, okta_id: &str) -> Option<&str> {
        let event = self.events.get(okta_id)?;
        (!event.is_empty()).then_some(event.as_str())
    }
}
