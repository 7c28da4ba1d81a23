//! Groups, their members, and keys of Jira users.

use super::form::{RecordForm, field};
use crate::contract::columns::Column as C;
use crate::contract::page::Page;
use crate::model::{Group, GroupMember, JiraKeyPage};

/// An Okta group.
pub static GROUP: RecordForm<Group> = RecordForm {
    java: "Group",
    about: "An Okta group. Members that Okta leaves out are null.",
    fields: &[
        field("id", C::GroupId, |group| (&group.id).into()),
        field("name", C::GroupName, |group| (&group.name).into()),
        field("description", C::GroupDescription, |group| {
            group.description.as_ref().into()
        }),
        field("type", C::GroupType, |group| (&group.kind).into()),
        field("member_count", C::GroupMemberCount, |group| {
            group.member_count.into()
        }),
        field("created", C::GroupCreated, |group| group.created.into()),
        field("last_updated", C::GroupLastUpdated, |group| {
            group.last_updated.into()
        }),
        field(
            "last_membership_updated",
            C::GroupLastMembershipUpdated,
            |group| group.last_membership_updated.into(),
        ),
        field("profile_json", C::GroupProfile, |group| {
            group.profile.as_json().into()
        }),
    ],
};

/// A member of a group.
pub static GROUP_MEMBER: RecordForm<GroupMember> = RecordForm {
    java: "GroupMember",
    about: "A member of a group. If the user is not in the directory, only the id is known.",
    fields: &[
        field("okta_id", C::OktaId, |member| (&member.okta_id).into()),
        field("status", C::Status, |member| member.status.as_ref().into()),
        field("login", C::Login, |member| member.login.as_ref().into()),
        field("display_name", C::DisplayName, |member| {
            member.display_name.as_ref().into()
        }),
        field("jira_key", C::JiraKey, |member| member.jira_key.as_ref().into()),
    ],
};

static KEY: RecordForm<String> = RecordForm {
    java: "String",
    about: "The key of a Jira user.",
    fields: &[field("key", C::JiraKey, |key| key.into())],
};

/// Groups. `next` is the cursor with which a listing continues.
pub fn groups(groups: &[Group], next: Option<&str>) -> Page {
    GROUP.listing(groups, next)
}

/// Members of a group.
pub fn group_members(members: &[GroupMember]) -> Page {
    GROUP_MEMBER.page(members)
}

/// Keys of Jira users, and the cursor with which their listing continues.
pub fn jira_keys(found: &JiraKeyPage) -> Page {
    KEY.listing(&found.keys, found.next.as_deref())
}
