//! The result of requesting users whom events name: what Okta answered, and what becomes of their rows in the inbox.

use std::collections::HashMap;

use crate::clock::UnixMillis;
use crate::model::OktaUser;

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
    /// The event that named each user.
    pub events: HashMap<String, String>,
    /// When the oldest of these events without an earlier answer happened, by Okta's clock.
    pub oldest: Option<UnixMillis>,
}

impl UserAnswers {
    /// The event that named this user; none if none did.
    pub fn event_of(&self, okta_id: &str) -> Option<&str> {
        let event = self.events.get(okta_id)?;
        (!event.is_empty()).then_some(event.as_str())
    }
}
