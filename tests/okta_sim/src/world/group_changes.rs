//! Changes of groups since the org began: members, names, deletions.
//!
//! A change of members changes only `lastMembershipUpdated`, and a new name changes only `lastUpdated`. A deletion
//! leaves no trace, as in Okta.

use std::collections::BTreeSet;

use super::{Target, World};

/// The differences from the drawn group.
#[derive(Clone, Default)]
pub(crate) struct GroupChange {
    pub(super) deleted: bool,
    pub(super) name: Option<String>,
    pub(super) updated: Option<u32>,
    pub(super) members_updated: Option<u32>,
    pub(super) joined: BTreeSet<u32>,
    pub(super) left: BTreeSet<u32>,
}

impl World {
    /// Adds a new user to the groups of which every n-th user is a member, so their members have changed.
    pub(super) fn note_newcomer(&mut self, user: u32) {
        let now = self.now_seconds();
        for group in 1..self.spec.groups {
            if self.group_exists(group) && self.is_member(group, user) {
                self.group_changes.entry(group).or_default().members_updated = Some(now);
                let targets = vec![Target::User(user), Target::Group(group)];
                self.record("group.user_membership.add", targets);
            }
        }
    }

    /// Adds an OKTA_GROUP without members; returns its index.
    pub(crate) fn create_group(&mut self, name: &str) -> u32 {
        let group = self.group_end();
        self.groups_created += 1;
        let now = self.now_seconds();
        let change = self.group_changes.entry(group).or_default();
        change.name = Some(name.to_owned());
        (change.updated, change.members_updated) = (Some(now), Some(now));
        self.record("group.lifecycle.create", vec![Target::Group(group)]);
        group
    }

    /// Adds a user to a group, or removes the user.
    pub(crate) fn set_member(&mut self, group: u32, user: u32, member: bool) {
        let now = self.now_seconds();
        let change = self.group_changes.entry(group).or_default();
        let (to, from) = match member {
            true => (&mut change.joined, &mut change.left),
            false => (&mut change.left, &mut change.joined),
        };
        to.insert(user);
        from.remove(&user);
        change.members_updated = Some(now);
        let event = match member {
            true => "group.user_membership.add",
            false => "group.user_membership.remove",
        };
        self.record(event, vec![Target::User(user), Target::Group(group)]);
    }

    /// Renames a group.
    pub(crate) fn rename_group(&mut self, group: u32, name: &str) {
        let now = self.now_seconds();
        let change = self.group_changes.entry(group).or_default();
        change.name = Some(name.to_owned());
        change.updated = Some(now);
        self.record("group.profile.update", vec![Target::Group(group)]);
    }

    /// Deletes a group.
    pub(crate) fn delete_group(&mut self, group: u32) {
        self.group_changes.entry(group).or_default().deleted = true;
        self.record("group.lifecycle.delete", vec![Target::Group(group)]);
    }
}
