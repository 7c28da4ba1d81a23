//! Explains a failed check to an administrator: its outcome, and what to do. Pure.

use crate::contract::errors::{Error, ErrorClass, ErrorCode};
use crate::model::{Capability, Check, Outcome};

/// A check that succeeded, with what it found.
pub(in crate::okta) fn passed(
    capability: Capability,
    outcome: Outcome,
    advice: &str,
    value: String,
) -> Check {
    Check {
        capability,
        outcome,
        purpose: capability.purpose(),
        required: is_required(capability),
        error_code: 0,
        advice: advice.to_owned(),
        value,
        missing_scope: String::new(),
        okta_error_code: String::new(),
        okta_request_id: String::new(),
    }
}

/// A check that failed with this error.
pub(in crate::okta) fn failed(capability: Capability, outcome: Outcome, error: &Error) -> Check {
    Check {
        error_code: error.code().number(),
        missing_scope: error.scope().unwrap_or_default().to_owned(),
        okta_error_code: error.okta_error().unwrap_or_default().to_owned(),
        okta_request_id: error.request_id().unwrap_or_default().to_owned(),
        ..passed(
            capability,
            outcome,
            &advice(capability, outcome, error),
            String::new(),
        )
    }
}

/// Whether every sync needs the capability, whatever is switched on.
fn is_required(capability: Capability) -> bool {
    match capability {
        Capability::Organization | Capability::Credential | Capability::ReadUsers => true,
        Capability::ReadGroups
        | Capability::ReadSchemas
        | Capability::ReadUserTypes
        | Capability::ReadEventHooks
        | Capability::ReadLog
        | Capability::WriteUsers
        | Capability::WriteGroups
        | Capability::WriteEventHooks
        | Capability::Scopes
        | Capability::SignIn
        | Capability::RateLimit
        | Capability::UserCount
        | Capability::SyncDuration
        | Capability::ClockSkew => false,
    }
}

/// The outcome of a check that failed with this error.
pub(super) fn outcome(code: ErrorCode) -> Outcome {
    // These errors belong to the caller, the directory or the sync. They come before any request to Okta.
    if matches!(code.block(), 1 | 4 | 5) {
        return Outcome::NotChecked;
    }
    match code.class() {
        ErrorClass::GrantRole => Outcome::MissingRole,
        ErrorClass::GrantScope => Outcome::MissingScope,
        ErrorClass::DoWithout => Outcome::FeatureOff,
        ErrorClass::Reconnect => Outcome::Refused,
        ErrorClass::Wait
        | ErrorClass::Retry
        | ErrorClass::Later
        | ErrorClass::Resume
        | ErrorClass::Correct
        | ErrorClass::Confirm
        | ErrorClass::AskAdministrator
        | ErrorClass::Report => Outcome::Unreachable,
    }
}

fn advice(capability: Capability, outcome: Outcome, error: &Error) -> String {
    match outcome {
        Outcome::MissingRole if error.code() == ErrorCode::AppWithoutRole => error.code().text().to_owned(),
        Outcome::MissingRole => missing_role(capability).to_owned(),
        Outcome::MissingScope => match error.scope() {
            Some(scope) => {
                format!("Grant {scope} to the app in Okta under Okta API Scopes, then connect again.")
            }
            None => error.code().text().to_owned(),
        },
        Outcome::FeatureOff => feature_off(capability, error),
        // Okta refuses this credential everywhere, so the failed check itself does not matter.
        Outcome::Refused => error.code().text().to_owned(),
        Outcome::Ok | Outcome::Warning | Outcome::NotChecked | Outcome::Unreachable => {
            match error.retry_after_hint() {
                Some(wait) => format!("{} Try again in {} s.", error.message(), wait.as_secs().max(1)),
                None => error.message().to_owned(),
            }
        }
    }
}

/// Why the capability was not checked.
pub(super) fn not_checked(capability: Capability, got_to_reading: bool) -> &'static str {
    match capability {
        Capability::ClockSkew => "Okta's clock was not seen.",
        Capability::RateLimit if got_to_reading => {
            "Okta announced no rate limit, or users could not be read."
        }
        Capability::UserCount if got_to_reading => "Reading the count needs the right to read groups.",
        Capability::SyncDuration if got_to_reading => "Cannot be estimated without the number of users.",
        Capability::Organization
        | Capability::Credential
        | Capability::ReadUsers
        | Capability::ReadGroups
        | Capability::ReadSchemas
        | Capability::ReadUserTypes
        | Capability::ReadEventHooks
        | Capability::ReadLog
        | Capability::WriteUsers
        | Capability::WriteGroups
        | Capability::WriteEventHooks
        | Capability::Scopes
        | Capability::SignIn
        | Capability::RateLimit
        | Capability::UserCount
        | Capability::SyncDuration => "Not tried, because a check before it failed.",
    }
}

/// The role that is needed for the capability (Okta "Standard administrator roles and permissions").
fn missing_role(capability: Capability) -> &'static str {
    match capability {
        Capability::Organization | Capability::Credential => {
            "The credential is accepted, but may not even read its own user; give its owner an admin role."
        }
        Capability::ReadUsers
        | Capability::Scopes
        | Capability::SignIn
        | Capability::RateLimit
        | Capability::SyncDuration
        | Capability::ClockSkew => {
            "Users cannot be read; give the token's owner (or the app) the Read-only Administrator role, or an own role with the permission to view users."
        }
        Capability::ReadGroups | Capability::UserCount => {
            "Groups cannot be read; profiles are synchronized all the same. For groups, give the token's owner (or the app) the Read-only Administrator role."
        }
        Capability::ReadSchemas => {
            "Profile schemas cannot be read, so attributes show by their technical names; to show their titles, give the token's owner (or the app) the Read-only Administrator role."
        }
        Capability::ReadUserTypes => {
            "User types other than the default one cannot be read, so their own attributes show by their technical names; nothing else is affected. To show their titles, give the token's owner (or the app) the Read-only Administrator role."
        }
        Capability::WriteUsers | Capability::WriteGroups => {
            "Okta does not allow changes; give the token's owner (or the app) a role with the permission to edit users and groups."
        }
        Capability::ReadLog => {
            "The System Log cannot be read; it is needed only for updates within seconds if Okta cannot reach this Jira. To allow it, give the token's owner (or the app) the Read-only Administrator role, or an own role that may view the System Log."
        }
        Capability::ReadEventHooks | Capability::WriteEventHooks => {
            "Event hooks cannot be read; they are needed only for updates within seconds. To allow it, give the token's owner (or the app) the Super Administrator role, or an own role with the event hook permissions."
        }
    }
}

fn feature_off(capability: Capability, error: &Error) -> String {
    match capability {
        Capability::ReadEventHooks | Capability::WriteEventHooks => {
            "This org has no event hooks; profiles are kept fresh by regular synchronization.".to_owned()
        }
        Capability::Organization
        | Capability::Credential
        | Capability::ReadUsers
        | Capability::ReadGroups
        | Capability::ReadSchemas
        | Capability::ReadUserTypes
        | Capability::ReadLog
        | Capability::WriteUsers
        | Capability::WriteGroups
        | Capability::Scopes
        | Capability::SignIn
        | Capability::RateLimit
        | Capability::UserCount
        | Capability::SyncDuration
        | Capability::ClockSkew => error.message().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_of_errors() {
        use ErrorCode::*;
        for (code, expected) in [
            (RoleMissing, Outcome::MissingRole),
            (ScopeMissing, Outcome::MissingScope),
            (FeatureOff, Outcome::FeatureOff),
            (TokenRejected, Outcome::Refused),
            (AuthorizationRejected, Outcome::Refused),
            (NotAnOktaOrg, Outcome::Unreachable),
            (OrgDeactivated, Outcome::Unreachable),
            (TimedOut, Outcome::Unreachable),
            (RateLimited, Outcome::Unreachable),
            (NotJson, Outcome::Unreachable),
        ] {
            assert_eq!(outcome(code), expected, "{code:?}");
        }
    }

    #[test]
    fn every_failed_check_says_what_to_do() {
        for capability in Capability::ALL {
            for code in ErrorCode::ALL {
                let error = Error::new(*code).missing_scope(Some("okta.users.read"));
                let check = failed(capability, outcome(*code), &error);
                assert!(
                    check.advice.ends_with('.'),
                    "{capability:?} {code:?}: {}",
                    check.advice
                );
                assert_eq!(check.error_code, code.number());
            }
        }
    }

    #[test]
    fn the_scope_is_named() {
        let error = Error::new(ErrorCode::ScopeMissing).missing_scope(Some("okta.groups.read"));
        let check = failed(Capability::ReadGroups, Outcome::MissingScope, &error);
        assert!(check.advice.contains("okta.groups.read"));
        assert_eq!(check.missing_scope, "okta.groups.read");
    }
}
