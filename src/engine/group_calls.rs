//! Groups and memberships, as the last syncs read them. No network.

use super::Engine;
use super::directory_calls::check_limit;
use crate::contract::errors::Result;
use crate::contract::settings::Key;
use crate::directory::groups;
use crate::model::{Group, GroupFilter, GroupMember, GroupPage, JiraKeyPage};

impl Engine {
    /// Up to `limit` groups in the order of their names. `after` is empty at the start, then the page's
    /// `next`. The setting `groups.only_with_matched_members` leaves out groups without a matched member.
    pub fn groups(&self, filter: GroupFilter<'_>, after: &str, limit: usize) -> Result<GroupPage> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        let only_matched = self.snapshot().is_on(Key::GroupsOnlyMatched);
        self.directory
            .read(|conn| groups::list(conn, filter, only_matched, after, limit))
    }

    /// The group with this Okta id; none if there is no such group.
    pub fn group(&self, group_id: &str) -> Result<Option<Group>> {
        let _open = self.enter()?;
        self.directory.read(|conn| groups::get(conn, group_id))
    }

    /// Up to `limit` members of a group in the order of their Okta ids. `after` is empty at the start, then the id of
    /// the last member; an empty answer is the end. [`NotFound`](crate::contract::errors::ErrorCode::NotFound) if there
    /// is no such group.
    pub fn group_members(&self, group_id: &str, after: &str, limit: usize) -> Result<Vec<GroupMember>> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory
            .read(|conn| groups::members(conn, group_id, after, limit))
    }

    /// The keys of the Jira users that match members of a group. `after` is empty at the start, then the page's
    /// `next`. [`NotFound`](crate::contract::errors::ErrorCode::NotFound) if there is no such group.
    pub fn matched_group_members(&self, group_id: &str, after: &str, limit: usize) -> Result<JiraKeyPage> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory
            .read(|conn| groups::matched_members(conn, group_id, after, limit))
    }

    /// Up to `limit` groups of an Okta user, in the order of their names.
    pub fn groups_of_okta_user(&self, okta_id: &str, limit: usize) -> Result<Vec<Group>> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory
            .read(|conn| groups::groups_of(conn, okta_id, limit))
    }

    /// The groups of the Okta user that a Jira user matches; empty if it matches none.
    pub fn groups_of_jira_user(&self, jira_key: &str, limit: usize) -> Result<Vec<Group>> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory.read(|conn| {
            let okta_id = groups::okta_id_of_jira_user(conn, jira_key)?;
            okta_id.map_or_else(|| Ok(Vec::new()), |id| groups::groups_of(conn, &id, limit))
        })
    }
}
