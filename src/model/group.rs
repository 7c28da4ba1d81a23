//! Okta groups and who is in them.

use serde::Serialize;

use crate::clock::UnixMillis;
use crate::model::Profile;

/// One Okta group (Okta "Groups API").
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    /// Okta's group id, case-sensitive.
    pub id: String,
    /// `OKTA_GROUP`, `APP_GROUP` or `BUILT_IN`. Other values are kept as Okta sends them.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name; several groups may have the same.
    pub name: String,
    /// The description; none if Okta has none.
    pub description: Option<String>,
    /// When the group was made.
    pub created: Option<UnixMillis>,
    /// When its own profile last changed.
    pub last_updated: Option<UnixMillis>,
    /// When its members last changed.
    pub last_membership_updated: Option<UnixMillis>,
    /// How many members were read, deactivated ones included; none until they have been read.
    pub member_count: Option<u64>,
    /// The whole profile, custom attributes included.
    pub profile: Profile,
}

/// Some groups of a listing, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupPage {
    /// The groups.
    pub groups: Vec<Group>,
    /// The position where the listing continues; none if this is the end. Its value has no meaning of its own.
    pub next: Option<String>,
}

/// Selects groups. An empty text selects every group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupFilter<'a> {
    /// Only groups of this type, such as `OKTA_GROUP`.
    pub kind: &'a str,
    /// Only groups whose name begins with this text; upper and lower case are the same, blanks at both ends are cut
    /// off.
    pub name_prefix: &'a str,
}

/// One member of a group. If the directory does not have this user, only the id is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupMember {
    /// Okta's user id.
    pub okta_id: String,
    /// Okta's status of the user.
    pub status: Option<String>,
    /// The login.
    pub login: Option<String>,
    /// The display name, or first and last name.
    pub display_name: Option<String>,
    /// The key of the Jira user that matches the member; none if there is none.
    pub jira_key: Option<String>,
}

/// Keys of Jira users, and the position where their listing continues.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JiraKeyPage {
    /// Jira's user keys.
    pub keys: Vec<String>,
    /// The position where the listing continues; none if this is the end. Its value has no meaning of its own.
    pub next: Option<String>,
}

/// What one sync did with the groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct GroupCounts {
    /// Groups that Okta listed and the settings want.
    pub listed: u64,
    /// Groups that are new in the directory.
    pub added: u64,
    /// Groups whose profile changed.
    pub updated: u64,
    /// Groups that are gone from Okta or no longer wanted.
    pub removed: u64,
    /// Groups whose members were read.
    pub members_read: u64,
    /// Memberships in the directory afterwards.
    pub memberships: u64,
}

impl Group {
    /// Whether it is Okta's built-in group of all users, whose members need not be read.
    pub fn is_everyone(&self) -> bool {
        self.kind == "BUILT_IN" && self.name == "Everyone"
    }
}
