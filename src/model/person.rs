//! What is shown of a person beside an issue or on a user's page, from one look-up.

use crate::model::{DirectoryEntry, Group, TitledValue};

/// A Jira user with what is known of the Okta user it is tied to. All parts are of one moment.
#[derive(Clone, Debug)]
pub struct Person {
    /// Both users, and what ties them.
    pub entry: DirectoryEntry,
    /// The profile under its titles, in the order of the schema.
    pub attributes: Vec<TitledValue>,
    /// The manager; none if there is none, or nobody here.
    pub manager: Option<DirectoryEntry>,
    /// The Okta groups, in the order of their names.
    pub groups: Vec<Group>,
}
