//! An event of Okta, from its event hook or its System Log. It says who changed and not how: nothing is taken from
//! an event except what to read again.

use serde::{Deserialize, Serialize};

use crate::clock::UnixMillis;

/// One event, from the hook or from the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Okta's id of the event, the same in the hook and in the log. An event without an id gets a digest of its
    /// text instead, so that it is recognised if it comes twice.
    pub id: String,
    /// Okta's name for what happened, such as `user.lifecycle.create`; empty if it is missing.
    pub event_type: String,
    /// When it happened, by Okta's clock.
    pub at: Option<UnixMillis>,
    /// What changed, each subject once, in the order of the event. Empty if the event does not matter to a
    /// directory: it is of another type, it reports a failure, or it names nobody.
    pub subjects: Vec<Subject>,
}

/// Something that must be read again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// A user: profile or status.
    User {
        /// Okta's id of the user.
        okta_id: String,
    },
    /// A user that is being deleted. Only a request for its id shows whether it is gone.
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
    /// A user who joined or left a group.
    Membership {
        /// Okta's id of the group.
        group_id: String,
        /// Okta's id of the user.
        user_id: String,
    },
    /// All members of a group, for instance after a group rule ran.
    Members {
        /// Okta's id of the group.
        group_id: String,
    },
    /// The attributes of users. Such a change does not change the `lastUpdated` of any user.
    Schema,
    /// Users and memberships that the event does not name, for instance after an import.
    Many,
}
