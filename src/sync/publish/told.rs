//! What a live run has learnt: for each thing that events told of, what Okta has of it now and what becomes of its
//! row in the inbox.

use std::collections::HashMap;

use crate::clock::UnixMillis;
use crate::model::OktaUser;

/// What asking for the things of one batch came to.
#[derive(Clone, Debug, Default)]
pub struct ToldUsers {
    /// Users as they are now.
    pub found: Vec<OktaUser>,
    /// Users who are there and cannot be read.
    pub unreadable: Vec<String>,
    /// Users who are gone, twice asked for and said to be deleted, each with the number of its event.
    pub deleted: Vec<(String, i64)>,
    /// Things that are answered once this is published.
    pub settled: Vec<i64>,
    /// What Okta does not show as it was told, and when to ask once more: announced deletions, and strangers who are not there.
    pub asked_again: Vec<(i64, UnixMillis)>,
    /// The event that told of each user.
    pub events: HashMap<String, String>,
    /// When the first of these events happened that nobody had answered before, by Okta's clock.
    pub oldest: Option<UnixMillis>,
}

impl ToldUsers {
    /// The event that told of this user; none if none did.
    pub fn event_of(&self, okta_id: &str) -> Option<&str> {
        let event = self.events.get(okta_id)?;
        (!event.is_empty()).then_some(event.as_str())
    }
}
