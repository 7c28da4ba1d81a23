//! What Okta tells of a change, by an event hook or in its System Log: who moved, never how. An event is no
//! patch; it says what to read again.

use serde::{Deserialize, Serialize};

use crate::clock::UnixMillis;

/// One event, whichever way it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Okta's id of the event, the same by hook and in the log. One without an id has a digest of its text,
    /// so that the same event told twice is still known.
    pub id: String,
    /// Okta's name for what happened, such as `user.lifecycle.create`; empty if it is not told.
    pub event_type: String,
    /// When it happened by Okta's clock.
    pub at: Option<UnixMillis>,
    /// What moved, each once, in the order in which the event names it. Empty if the event means nothing to a
    /// directory: its type is of no interest, it tells of a failure, or it names nobody.
    pub subjects: Vec<Subject>,
}

/// What is to be read again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// A user: profile or status.
    User {
        /// Okta's id of the user.
        okta_id: String,
    },
    /// A user that is being deleted. Only Okta's answer by id shows whether it is gone.
    DeletedUser {
        /// Okta's id of the user.
        okta_id: String,
    },
    /// A group itself: its name.
    Group {
        /// Okta's id of the group.
        group_id: String,
    },
    /// A group that was deleted, with its memberships.
    DeletedGroup {
        /// Okta's id of the group.
        group_id: String,
    },
    /// One user in one group: came or went.
    Membership {
        /// Okta's id of the group.
        group_id: String,
        /// Okta's id of the user.
        user_id: String,
    },
    /// All members of a group, as a rule moves them.
    Members {
        /// Okta's id of the group.
        group_id: String,
    },
    /// The attributes that users have. What it does to users moves no `lastUpdated`.
    Schema,
    /// Users and memberships that the event does not name, as after an import.
    Many,
}
