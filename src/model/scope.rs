//! The scopes of Okta's management API that the engine can use, and which of them the switched-on features need.
//! Least privilege: no other scope is requested, and none is reported as missing.
//!
//! Which operation needs which scope: Okta "OAuth 2.0 scopes", and the `security` of each operation in Okta's
//! OpenAPI description.

use crate::contract::settings::{Key, Settings};

/// What the engine uses a scope for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Reading users and their profiles, which is the purpose of the engine.
    Profiles,
    /// Reading groups and their members.
    Groups,
    /// Reading schemas. The schema of the default user type needs no other scope.
    Schemas,
    /// Listing the other user types, which is needed to read their schemas.
    UserTypes,
    /// Seeing registered event hooks.
    EventHooks,
    /// Polling the System Log.
    SystemLog,
    /// Writing profiles back.
    ProfileWriting,
    /// Changing groups and members.
    GroupWriting,
    /// Registering event hooks.
    EventHookWriting,
}

/// How much a feature needs its scope with these settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Without the scope a sync cannot work.
    Required,
    /// Without the scope a switched-on feature does not work.
    Wanted,
    /// Without the scope everything needed works; with it there is more.
    Optional,
    /// The feature is not switched on.
    Unneeded,
}

/// One scope with its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeUse {
    /// Okta's name of the scope.
    pub scope: &'static str,
    /// The feature that needs it.
    pub feature: Feature,
}

/// Every scope that the engine can use. Each `manage` includes its `read`.
pub const SCOPES: [ScopeUse; 9] = [
    used("okta.users.read", Feature::Profiles),
    used("okta.groups.read", Feature::Groups),
    used("okta.schemas.read", Feature::Schemas),
    used("okta.userTypes.read", Feature::UserTypes),
    used("okta.eventHooks.read", Feature::EventHooks),
    used("okta.logs.read", Feature::SystemLog),
    used("okta.users.manage", Feature::ProfileWriting),
    used("okta.groups.manage", Feature::GroupWriting),
    used("okta.eventHooks.manage", Feature::EventHookWriting),
];

const fn used(scope: &'static str, feature: Feature) -> ScopeUse {
    ScopeUse { scope, feature }
}

impl Feature {
    /// How much the feature needs its scope.
    pub fn need(self, settings: &Settings) -> Need {
        let wanted_if = |is_on| if is_on { Need::Wanted } else { Need::Unneeded };
        match self {
            Feature::Profiles => Need::Required,
            Feature::Groups => wanted_if(settings.is_on(Key::GroupsSync)),
            Feature::Schemas => wanted_if(settings.is_on(Key::SchemasSync)),
            Feature::UserTypes if settings.is_on(Key::SchemasSync) => Need::Optional,
            Feature::UserTypes => Need::Unneeded,
            Feature::EventHooks | Feature::EventHookWriting => wanted_if(settings.text(Key::Live) == "hook"),
            Feature::SystemLog => wanted_if(settings.text(Key::Live) == "log"),
            // The engine does not write profiles or groups, so it does not need their scopes.
            Feature::ProfileWriting | Feature::GroupWriting => Need::Unneeded,
        }
    }

    /// The scope that the feature needs.
    pub fn scope(self) -> &'static str {
        let found = SCOPES.iter().find(|known| known.feature == self);
        found.map_or("", |known| known.scope)
    }
}

/// The scopes that the switched-on features use.
pub fn used_scopes(settings: &Settings) -> Vec<&'static str> {
    scopes_where(settings, |need| need != Need::Unneeded)
}

/// The scopes without which a switched-on feature does not work.
pub fn needed_scopes(settings: &Settings) -> Vec<&'static str> {
    scopes_where(settings, |need| matches!(need, Need::Required | Need::Wanted))
}

fn scopes_where(settings: &Settings, test: impl Fn(Need) -> bool) -> Vec<&'static str> {
    let fits = |known: &&ScopeUse| test(known.feature.need(settings));
    SCOPES.iter().filter(fits).map(|known| known.scope).collect()
}

/// The scopes that a sign-in requests besides `offline_access`: those of the setting, or else those that are used.
pub fn asked_scopes(settings: &Settings) -> Vec<String> {
    let given: Vec<&str> = settings
        .text(Key::OauthScopes)
        .split([' ', ','])
        .filter(|scope| !scope.is_empty() && *scope != "offline_access")
        .collect();
    let asked = if given.is_empty() {
        used_scopes(settings)
    } else {
        given
    };
    asked.into_iter().map(str::to_owned).collect()
}

/// Whether the granted scopes allow `scope`: they contain it, or the `manage` that includes this `read`.
pub fn allows(granted: &[String], scope: &str) -> bool {
    let implied_by = scope.strip_suffix(".read").map(|stem| format!("{stem}.manage"));
    granted
        .iter()
        .any(|held| held == scope || Some(held) == implied_by.as_ref())
}

/// Granted scopes of the management API that nothing needs. A `manage` that replaces a needed `read` is needed.
pub fn unneeded_scopes(granted: &[String], settings: &Settings) -> Vec<String> {
    let needed = used_scopes(settings);
    let stands_in = |scope: &String| {
        let read = scope.strip_suffix(".manage").map(|stem| format!("{stem}.read"));
        read.is_some_and(|read| needed.contains(&read.as_str()) && !granted.contains(&read))
    };
    granted
        .iter()
        .filter(|scope| scope.starts_with("okta.") && !needed.contains(&scope.as_str()) && !stands_in(scope))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|&scope| scope.to_owned()).collect()
    }

    #[test]
    fn reading_profiles_needs_one_scope() {
        let settings = Settings::default();
        assert!(needed_scopes(&settings).contains(&"okta.users.read"));
        let required = SCOPES
            .iter()
            .filter(|known| known.feature.need(&settings) == Need::Required);
        assert_eq!(
            required.map(|known| known.scope).collect::<Vec<_>>(),
            ["okta.users.read"]
        );
    }

    #[test]
    fn user_types_are_asked_for_and_not_missed() {
        let mut settings = Settings::default();
        let types = "okta.userTypes.read";
        assert!(used_scopes(&settings).contains(&types) && !needed_scopes(&settings).contains(&types));
        assert!(unneeded_scopes(&owned(&["okta.users.read", types]), &settings).is_empty());
        settings.set("schemas.sync", "off").expect("a switch");
        assert_eq!(used_scopes(&settings), ["okta.users.read"]);
    }

    #[test]
    fn manage_implies_read_and_not_the_other_way_round() {
        assert!(allows(&owned(&["okta.users.manage"]), "okta.users.read"));
        assert!(allows(&owned(&["okta.users.read"]), "okta.users.read"));
        assert!(!allows(&owned(&["okta.users.read"]), "okta.users.manage"));
        assert!(!allows(&owned(&["okta.groups.manage"]), "okta.users.read"));
    }

    #[test]
    fn the_setting_replaces_what_is_needed() {
        let mut settings = Settings::default();
        assert_eq!(asked_scopes(&settings), used_scopes(&settings));
        let scopes = " okta.users.read,okta.users.manage  offline_access ";
        settings.set("oauth.scopes", scopes).expect("any text");
        assert_eq!(asked_scopes(&settings), ["okta.users.read", "okta.users.manage"]);
    }

    #[test]
    fn what_nothing_needs_is_named() {
        let settings = Settings::default();
        let unneeded = |scopes: &[&str]| unneeded_scopes(&owned(scopes), &settings);
        assert_eq!(
            unneeded(&[
                "okta.users.read",
                "okta.users.manage",
                "offline_access",
                "okta.logs.read"
            ]),
            ["okta.users.manage", "okta.logs.read"]
        );
        assert!(
            unneeded(&["okta.users.manage"]).is_empty(),
            "it stands in for reading"
        );
    }
}
