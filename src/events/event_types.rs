//! The types of events that concern a directory, and what each one says. Pure.
//!
//! A test compares the table with Okta's own catalogue: that each type exists and whether hooks may carry it.

/// A type of event that makes the engine read something again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventType {
    /// Okta's name.
    pub name: &'static str,
    /// What it says.
    pub says: Says,
    /// Whether an event hook may deliver it; the log has all types.
    pub by_hook: bool,
}

/// What an event says about the users and groups that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// These users moved.
    Users,
    /// These users are being deleted.
    DeletedUsers,
    /// These groups moved.
    Groups,
    /// These groups were deleted.
    DeletedGroups,
    /// These users came into or left these groups.
    Memberships,
    /// Members of these groups moved; the event does not say which.
    Members,
    /// The attributes of users moved.
    Schema,
    /// More moved than the event names.
    Many,
}

const fn hook(name: &'static str, says: Says) -> EventType {
    EventType {
        name,
        says,
        by_hook: true,
    }
}

const fn log(name: &'static str, says: Says) -> EventType {
    EventType {
        name,
        says,
        by_hook: false,
    }
}

/// Every type that is reacted to, ordered by what it says.
pub const EVENT_TYPES: &[EventType] = &[
    hook("user.lifecycle.create", Says::Users),
    hook("user.lifecycle.activate", Says::Users),
    hook("user.lifecycle.reactivate", Says::Users),
    hook("user.lifecycle.deactivate", Says::Users),
    hook("user.lifecycle.suspend", Says::Users),
    hook("user.lifecycle.unsuspend", Says::Users),
    hook("user.account.update_profile", Says::Users),
    hook("user.account.update_password", Says::Users),
    hook("user.account.reset_password", Says::Users),
    hook("user.account.lock", Says::Users),
    hook("user.account.unlock", Says::Users),
    hook("user.account.unlock_by_admin", Says::Users),
    log("user.account.expire_password", Says::Users),
    log("user.account.update_primary_email", Says::Users),
    log("user.account.update_secondary_email", Says::Users),
    log("user.account.update_user_type", Says::Users),
    log("system.import.user.create", Says::Users),
    log("system.import.user.update", Says::Users),
    log("system.import.user.delete", Says::Users),
    log("system.import.user.suspend", Says::Users),
    log("system.import.user.unsuspend", Says::Users),
    log("system.import.user.unsuspend_after_confirm", Says::Users),
    log(
        "system.import.user.update_user_lifecycle_from_master",
        Says::Users,
    ),
    log("system.agent.ad.realtimesync", Says::Users),
    log("system.agent.ad.update_user", Says::Users),
    log("system.agent.ldap.realtimesync", Says::Users),
    log("system.agent.ldap.update_user", Says::Users),
    hook("user.lifecycle.delete.initiated", Says::DeletedUsers),
    log("user.lifecycle.delete.completed", Says::DeletedUsers),
    hook("group.lifecycle.create", Says::Groups),
    hook("group.profile.update", Says::Groups),
    hook("system.import.group.create", Says::Groups),
    log("system.import.group.update", Says::Groups),
    hook("group.lifecycle.delete", Says::DeletedGroups),
    hook("system.import.group.delete", Says::DeletedGroups),
    hook("group.user_membership.add", Says::Memberships),
    hook("group.user_membership.remove", Says::Memberships),
    // Okta logs it even if the call failed; reading the members again shows what is true.
    log("directory.external.group.membership.add", Says::Memberships),
    log("directory.external.group.membership.remove", Says::Memberships),
    log("group.user_membership.rule.trigger", Says::Members),
    log("group.user_membership.rule.evaluation", Says::Members),
    log("group.user_membership.rule.invalidate", Says::Members),
    log("group.user_membership.rule.deactivated", Says::Members),
    log("directory.user_profile.update", Says::Schema),
    log("directory.non_default_user_profile.create", Says::Schema),
    log("directory.mapping.update", Says::Schema),
    hook("system.import.complete", Says::Many),
    log("system.import.complete_batch", Says::Many),
    log("system.import.user.complete", Says::Many),
    log("system.import.user_csv.complete", Says::Many),
    log("system.import.group.complete", Says::Many),
    log("system.import.group_membership.complete", Says::Many),
    log("system.import.session.triggered", Says::Many),
    // One row for all users that it is about.
    log("system.import.clear.unconfirmed.users.summary", Says::Many),
    log("user.lifecycle.password_mass_expiry", Says::Many),
];

/// The beginnings of the types that the log is asked for. They are few, because Okta does not document how long a
/// filter may be. They also match types of no interest, which cost little to leave out.
const LOG_BEGINNINGS: &[&str] = &[
    "user.lifecycle.",
    "user.account.",
    "group.",
    "system.import.",
    "system.agent.ad.realtimesync",
    "system.agent.ad.update_user",
    "system.agent.ldap.realtimesync",
    "system.agent.ldap.update_user",
    "directory.",
];

/// What this type says; none if it is of no interest here. Previews write names in mixed case.
pub(super) fn says(name: &str) -> Option<Says> {
    let known = EVENT_TYPES
        .iter()
        .find(|known| known.name.eq_ignore_ascii_case(name));
    known.map(|known| known.says)
}

/// The types that the event hook is registered for.
pub fn hook_event_types() -> impl Iterator<Item = &'static str> {
    EVENT_TYPES
        .iter()
        .filter(|known| known.by_hook)
        .map(|known| known.name)
}

/// The filter that asks the System Log for these types.
pub fn log_filter() -> String {
    let terms = LOG_BEGINNINGS
        .iter()
        .map(|text| format!("eventType sw \"{text}\""));
    terms.collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Okta's catalogue of the types in question: name, and whether hooks may carry it.
    const CATALOGUE: &str = include_str!("../../tests/fixtures/okta_event_types.csv");

    #[test]
    fn the_table_agrees_with_the_catalogue_of_okta() {
        let catalogue: Vec<(&str, bool)> = CATALOGUE
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(','))
            .map(|(name, eligible)| (name, eligible == "yes"))
            .collect();
        for known in EVENT_TYPES {
            let told = catalogue.iter().find(|(name, _)| *name == known.name);
            let (_, eligible) = told.unwrap_or_else(|| panic!("{} is no type of Okta's", known.name));
            assert_eq!(known.by_hook, *eligible, "{}", known.name);
        }
    }

    #[test]
    fn each_type_stands_there_once_and_the_log_is_asked_for_it() {
        for (at, known) in EVENT_TYPES.iter().enumerate() {
            let again = EVENT_TYPES[at + 1..].iter().any(|other| other.name == known.name);
            assert!(!again, "{} stands there twice", known.name);
            let asked = LOG_BEGINNINGS.iter().any(|text| known.name.starts_with(text));
            assert!(asked, "the log is not asked for {}", known.name);
        }
    }

    #[test]
    fn what_is_asked_of_okta_stays_within_its_bounds() {
        assert!(hook_event_types().count() <= 300, "types of one hook");
        assert!(
            log_filter().len() < 500,
            "a filter that people send in production is longer"
        );
        assert!(log_filter().starts_with("eventType sw \"user.lifecycle.\" or "));
    }
}
