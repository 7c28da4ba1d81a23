//! Which groups the settings want. Pure.

use std::fmt;

use crate::contract::settings::{Key, Settings};
use crate::matching::fold;
use crate::model::Group;
use crate::okta::groups::GroupQuery;

/// The groups that the settings ask for.
pub struct Wanted {
    types: Vec<String>,
    name_prefix: String,
}

impl Wanted {
    /// Reads `groups.types` and `groups.name_prefix`.
    pub fn from_settings(settings: &Settings) -> Wanted {
        Wanted {
            types: settings.names(Key::GroupsTypes),
            name_prefix: settings.text(Key::GroupsNamePrefix).trim().to_owned(),
        }
    }

    /// Whether a group is one of them. Okta's filter is not enough: it may compare names differently, and a
    /// listing of changed groups shows all kinds.
    pub fn wants(&self, group: &Group) -> bool {
        let kind = self.types.is_empty() || self.types.contains(&group.kind);
        kind && fold(&group.name).starts_with(&fold(&self.name_prefix))
    }

    /// The query for Okta; it filters by name only if `by_name`.
    pub fn query(&self, by_name: bool) -> GroupQuery {
        GroupQuery::Whole {
            types: self.types.clone(),
            name_prefix: if by_name {
                self.name_prefix.clone()
            } else {
                String::new()
            },
        }
    }
}

impl fmt::Display for Wanted {
    /// The form in which it is stored with a listing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.types.join(","), self.name_prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(kind: &str, name: &str) -> Group {
        Group {
            id: "00g1".to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            description: None,
            created: None,
            last_updated: None,
            last_membership_updated: None,
            member_count: None,
            profile: crate::model::Profile::default(),
        }
    }

    #[test]
    fn types_and_names_choose() {
        let mut settings = Settings::default();
        settings
            .set("groups.types", "OKTA_GROUP, APP_GROUP")
            .expect("a text");
        settings.set("groups.name_prefix", " Jira- ").expect("a text");
        let wanted = Wanted::from_settings(&settings);
        assert!(wanted.wants(&group("APP_GROUP", "JIRA-Admins")));
        assert!(
            !wanted.wants(&group("BUILT_IN", "jira-x")) && !wanted.wants(&group("OKTA_GROUP", "Confluence"))
        );
        settings.set("groups.types", "").expect("a text");
        settings.set("groups.name_prefix", "").expect("a text");
        assert!(Wanted::from_settings(&settings).wants(&group("NEW_KIND", "")));
    }
}
