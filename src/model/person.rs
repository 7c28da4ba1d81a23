//! What is shown about a person beside an issue or on a user's page, read in one look-up.

use crate::model::{DirectoryEntry, Group, TitledValue};

/// A Jira user and the data of the matching Okta user. All parts were read at the same moment.
#[derive(Clone, Debug)]
pub struct Person {
    /// Both users, and the rule that matched them.
    pub entry: DirectoryEntry,
    /// The profile with its titles, in the order of the schema.
    pub attributes: Vec<TitledValue>,
    /// The manager; none if there is none, or if the manager is not in the directory.
    pub manager: Option<DirectoryEntry>,
    /// The Okta groups, in the order of their names.
    pub groups: Vec<Group>,
}
