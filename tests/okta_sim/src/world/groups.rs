//! Groups and their members, computed by arithmetic, so that a million users need no lists of members.

use serde_json::{Value, json};

use super::World;
use crate::population::draw::{Draw, Topic, mix};
use crate::population::timeline::ORG_BEGINS;
use crate::population::timestamps::iso;

/// What kind of group it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GroupKind {
    BuiltIn,
    Okta,
    App,
}

impl GroupKind {
    pub(crate) fn text(self) -> &'static str {
        match self {
            GroupKind::BuiltIn => "BUILT_IN",
            GroupKind::Okta => "OKTA_GROUP",
            GroupKind::App => "APP_GROUP",
        }
    }
}

impl World {
    pub(crate) fn group_kind(&self, group: u32) -> GroupKind {
        match group {
            0 => GroupKind::BuiltIn,
            _ if group >= self.spec.groups => GroupKind::Okta,
            _ if group % 3 == 2 => GroupKind::App,
            _ => GroupKind::Okta,
        }
    }

    /// Whether its members and name can be changed in Okta itself.
    pub(crate) fn is_open_group(&self, group: u32) -> bool {
        self.group_kind(group) == GroupKind::Okta
    }

    /// The members are every n-th user from a first one: both numbers; `None` for an empty group.
    fn rhythm(&self, group: u32) -> Option<(u32, u32)> {
        if group == 0 {
            return Some((1, 0));
        }
        if group >= self.spec.groups {
            return None;
        }
        let mut draw = Draw::new(self.spec.seed, Topic::Group, u64::from(group));
        let every = *draw.pick(&[2, 3, 7, 20, 100, 1_000]);
        let first = draw.below(u64::from(every)) as u32;
        (group % 10 != 7).then_some((every, first))
    }

    /// One more than the highest index that was ever used.
    pub(crate) fn group_end(&self) -> u32 {
        self.spec.groups + self.groups_created
    }

    /// Whether it has not been deleted.
    pub(crate) fn group_exists(&self, group: u32) -> bool {
        group < self.group_end()
            && !self
                .group_changes
                .get(&group)
                .is_some_and(|change| change.deleted)
    }

    pub(crate) fn is_member(&self, group: u32, user: u32) -> bool {
        let drawn = || {
            self.rhythm(group)
                .is_some_and(|(every, first)| user % every == first)
        };
        match self.group_changes.get(&group) {
            Some(change) => change.joined.contains(&user) || (drawn() && !change.left.contains(&user)),
            None => drawn(),
        }
    }

    /// The members in `from..` that exist; deactivated users stay members.
    pub(crate) fn members(&self, group: u32, from: u32) -> Box<dyn Iterator<Item = u32> + '_> {
        if self.group_changes.contains_key(&group) {
            let members = (from..self.end()).filter(move |&user| self.is_member(group, user));
            return Box::new(members.filter(|user| !self.deleted.contains(user)));
        }
        Box::new(self.drawn_members(group, from))
    }

    fn drawn_members(&self, group: u32, from: u32) -> impl Iterator<Item = u32> + '_ {
        let (every, first) = self.rhythm(group).unwrap_or((1, u32::MAX));
        let start = if first >= from {
            first
        } else {
            first + (from - first).div_ceil(every) * every
        };
        (start..self.end())
            .step_by(every as usize)
            .filter(|index| !self.deleted.contains(index))
    }

    /// How many members there are, without making a list.
    pub(crate) fn member_count(&self, group: u32) -> u32 {
        if self.group_changes.contains_key(&group) {
            return self.members(group, 0).count() as u32;
        }
        let Some((every, first)) = self.rhythm(group) else {
            return 0;
        };
        let ever = self.end().saturating_sub(first).div_ceil(every);
        let gone = self.deleted.iter().filter(|&&user| user % every == first);
        ever - gone.count() as u32
    }

    pub(crate) fn group_index(&self, id: &str) -> Option<u32> {
        (0..self.group_end()).find(|&group| self.spec.group_id(group) == id && self.group_exists(group))
    }

    /// Creation, last change of the profile and last change of the members, in seconds.
    pub(crate) fn group_dates(&self, group: u32) -> [u32; 3] {
        let draw = mix(self.spec.seed, Topic::Group as u64, u64::from(group) | 1 << 40);
        let created = ORG_BEGINS + (draw % 100_000_000) as u32;
        let updated = created + (draw >> 8) as u32 % 50_000_000;
        let members = created + (draw >> 16) as u32 % 90_000_000;
        let change = self.group_changes.get(&group);
        [
            created,
            change.and_then(|change| change.updated).unwrap_or(updated),
            change
                .and_then(|change| change.members_updated)
                .unwrap_or(members),
        ]
    }

    /// The object in the form of the API.
    pub(crate) fn group_object(&self, group: u32, with_stats: bool) -> Value {
        let id = self.spec.group_id(group);
        let kind = self.group_kind(group);
        let [created, updated, members] = self.group_dates(group);
        let href = format!("{}/api/v1/groups/{id}", self.base_url);
        let mut object = json!({
            "id": id,
            "created": iso(created),
            "lastUpdated": iso(updated),
            "lastMembershipUpdated": iso(members),
            "objectClass": [if kind == GroupKind::App { "okta:windows_security_principal" } else { "okta:user_group" }],
            "type": kind.text(),
            "profile": group_profile(group, kind),
            "_links": {
                "logo": [{"name": "medium", "href": "https://example.com/logo.png", "type": "image/png"}],
                "users": {"href": format!("{href}/users")},
                "apps": {"href": format!("{href}/apps")},
            },
        });
        if let Some(name) = self
            .group_changes
            .get(&group)
            .and_then(|change| change.name.as_ref())
        {
            object["profile"]["name"] = json!(name);
        }
        if with_stats {
            object["_embedded"] = json!({"stats": {
                "usersCount": self.member_count(group), "appsCount": 0,
                "groupPushMappingsCount": 0, "hasAdminPrivilege": false,
            }});
        }
        object
    }
}

fn group_profile(group: u32, kind: GroupKind) -> Value {
    match kind {
        GroupKind::BuiltIn => {
            json!({"name": "Everyone", "description": "All users in your organization"})
        }
        GroupKind::Okta if group % 4 == 1 => {
            json!({"name": format!("Team {group} – Größe & \"mehr\""), "description": null})
        }
        GroupKind::Okta => {
            json!({"name": format!("Group {group:04}"), "description": "A group", "costCentre": "4711"})
        }
        // Two applications may have groups with the same name.
        GroupKind::App => json!({
            "name": format!("app-group-{}", group / 6), "description": "Imported",
            "samAccountName": format!("app-group-{group}"),
            "dn": format!("CN=app-group-{group},OU=Groups,DC=corp,DC=example,DC=com"),
        }),
    }
}
