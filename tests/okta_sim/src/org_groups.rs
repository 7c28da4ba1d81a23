//! The groups of the running org as tests see them: the true groups, and changes.

use serde_json::Value;

use crate::org::Org;
use crate::world::World;

impl Org {
    /// The groups as listings show them.
    pub fn all_groups(&self) -> Vec<Value> {
        let world = self.world();
        let groups = (0..world.group_end()).filter(|&group| world.group_exists(group));
        groups.map(|group| world.group_object(group, false)).collect()
    }

    /// The ids of the members of a group; none if there is no such group.
    pub fn members_of(&self, group_id: &str) -> Option<Vec<String>> {
        let world = self.world();
        let group = world.group_index(group_id)?;
        Some(
            world
                .members(group, 0)
                .map(|user| world.spec.user_id(user))
                .collect(),
        )
    }

    /// Adds an OKTA_GROUP without members; returns its id.
    pub fn create_group(&self, name: &str) -> String {
        let group = self.world_mut().create_group(name);
        self.0.spec.group_id(group)
    }

    /// Adds a user to a group. False if there is no such group or user.
    pub fn add_to_group(&self, group_id: &str, user_id: &str) -> bool {
        self.set_member(group_id, user_id, true)
    }

    /// Removes a user from a group. False if there is no such group or user.
    pub fn remove_from_group(&self, group_id: &str, user_id: &str) -> bool {
        self.set_member(group_id, user_id, false)
    }

    fn set_member(&self, group_id: &str, user_id: &str, member: bool) -> bool {
        let mut world = self.world_mut();
        let found = world.group_index(group_id).zip(world.view().find(user_id));
        found.is_some_and(|(group, user)| {
            world.set_member(group, user, member);
            true
        })
    }

    /// Renames a group. False if there is no such group.
    pub fn rename_group(&self, group_id: &str, name: &str) -> bool {
        self.change_group(group_id, |world, group| world.rename_group(group, name))
    }

    /// Deletes a group without a trace in listings. False if there is no such group.
    pub fn delete_group(&self, group_id: &str) -> bool {
        self.change_group(group_id, World::delete_group)
    }

    fn change_group(&self, group_id: &str, change: impl FnOnce(&mut World, u32)) -> bool {
        let mut world = self.world_mut();
        let group = world.group_index(group_id);
        group.is_some_and(|group| {
            change(&mut world, group);
            true
        })
    }
}
