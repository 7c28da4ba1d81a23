//! The recipe of an org: the seed, the sizes, and the ids that follow from them.

use super::draw::Topic;
use super::draw::mix;
use super::ids;

/// The recipe of an org. Equal recipes give equal orgs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgSpec {
    /// The seed of everything that looks random.
    pub seed: u64,
    /// How many users the org begins with.
    pub users: u32,
    /// How many groups it has, `Everyone` included.
    pub groups: u32,
    /// Whether one user in 2,000 has a status that no client knows (`FUTURE_STATUS`).
    pub unknown_status: bool,
}

impl Default for OrgSpec {
    fn default() -> OrgSpec {
        OrgSpec {
            seed: 1,
            users: 1_000,
            groups: 20,
            unknown_status: true,
        }
    }
}

impl OrgSpec {
    /// The org's own id (`00o…`).
    pub fn org_id(&self) -> String {
        ids::object_id("00o", self.seed, 0)
    }

    /// The id of the user with this index.
    pub fn user_id(&self, index: u32) -> String {
        ids::user_id(self.seed, index)
    }

    /// The id of the group with this index; 0 is `Everyone`.
    pub fn group_id(&self, index: u32) -> String {
        ids::object_id("00g", self.seed, index)
    }

    /// The id of the default user type.
    pub fn default_type_id(&self) -> String {
        ids::object_id("oty", self.seed, 0)
    }

    /// The id of the second user type, `partner`.
    pub fn partner_type_id(&self) -> String {
        ids::object_id("oty", self.seed, 2)
    }

    /// The id of the schema of the second user type.
    pub fn partner_schema_id(&self) -> String {
        ids::object_id("osc", self.seed, 2)
    }

    /// The id of the one realm that some users live in.
    pub fn realm_id(&self) -> String {
        ids::object_id("guo", self.seed, 0)
    }

    /// Whether the user is of the second type, `partner`: one in ten.
    pub fn is_partner(&self, index: u32) -> bool {
        mix(self.seed, Topic::Employee as u64, u64::from(index) | 1 << 40).is_multiple_of(10)
    }
}
