//! An event of Okta, by its event hook or from its System Log. It says who changed, not how: an event is never a
//! patch, it only says what to read again.

use serde::{Deserialize, Serialize};

use crate::clock::UnixMillis;

/// One event, whichever way it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Okta's id of the event, the same by hook and in the log. An event without an id has a digest of its text,
    /// so that it is recognised if it comes twice.
    pub id: String,
    /// Okta's name for what happened, such as `user.lifecycle.create`; empty if it is missing.
    pub event_type: String,
    /// When it happened by Okta's clock.
    pub at: Option<UnixMillis>,
    /// What moved, each once, in the order of the event. Empty if the event does not matter to a directory: it is
    /// of another type, it reports a failure, or it names nobody.
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
    /// The attributes that users have. Such a change moves no user's `lastUpdated`.
    Schema,
    /// Users and memberships that the event does not name, as after an import.
    Many,
}
