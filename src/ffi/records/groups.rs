//! Groups, their members, and keys of Jira users as rows.

use super::cells::time;
use crate::contract::columns::Column as C;
use crate::ffi::page::{Cell, Page};
use crate::model::{Group, GroupMember, JiraKeyPage};

pub(super) const GROUP: &[C] = &[
    C::GroupId,
    C::GroupType,
    C::GroupName,
    C::GroupDescription,
    C::GroupCreated,
    C::GroupLastUpdated,
    C::GroupLastMembershipUpdated,
    C::GroupMemberCount,
    C::GroupProfile,
    C::SearchCursor,
];

/// Groups. `next` is where a listing goes on; it stands on the last row.
pub fn groups(groups: &[Group], next: Option<&str>) -> Page {
    let mut page = Page::new(GROUP);
    for (index, group) in groups.iter().enumerate() {
        let last = index + 1 == groups.len();
        page.push(group_cells(group, next.filter(|_| last)));
    }
    page
}

pub(super) fn group_cells(group: &Group, next: Option<&str>) -> Vec<Cell> {
    vec![
        Cell::text(&group.id),
        Cell::text(&group.kind),
        Cell::text(&group.name),
        Cell::optional_text(group.description.as_deref()),
        time(group.created),
        time(group.last_updated),
        time(group.last_membership_updated),
        group.member_count.map_or(Cell::Null, Cell::count),
        Cell::text(group.profile.as_json()),
        Cell::optional_text(next),
    ]
}

/// Members of a group.
pub fn group_members(members: &[GroupMember]) -> Page {
    let mut page = Page::new(&[C::OktaId, C::Status, C::Login, C::DisplayName, C::JiraKey]);
    for member in members {
        page.push(vec![
            Cell::text(&member.okta_id),
            Cell::optional_text(member.status.as_deref()),
            Cell::optional_text(member.login.as_deref()),
            Cell::optional_text(member.display_name.as_deref()),
            Cell::optional_text(member.jira_key.as_deref()),
        ]);
    }
    page
}

/// Keys of Jira users; where their listing goes on stands on the last row.
pub fn jira_keys(found: &JiraKeyPage) -> Page {
    let mut page = Page::new(&[C::JiraKey, C::SearchCursor]);
    for (index, key) in found.keys.iter().enumerate() {
        let last = index + 1 == found.keys.len();
        let next = found.next.as_deref().filter(|_| last);
        page.push(vec![Cell::text(key), Cell::optional_text(next)]);
    }
    page
}
