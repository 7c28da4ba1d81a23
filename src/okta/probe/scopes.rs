//! The conclusions that a validation draws from the scopes of the access token, before any request. Pure.

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode};
use crate::contract::settings::Settings;
use crate::model::{
    Capability, Check, CredentialKind, Feature, Need, Outcome, SCOPES, TokenStatus, allows, needed_scopes,
    unneeded_scopes,
};
use crate::okta::probe::advice::{failed, passed};

const MILLIS_OF_A_DAY: i64 = 86_400_000;

/// The credential's scopes and times.
pub(in crate::okta) struct ScopeView<'a> {
    pub(in crate::okta) status: TokenStatus,
    /// The scopes that were requested.
    pub(in crate::okta) asked: Vec<String>,
    pub(in crate::okta) settings: &'a Settings,
}

impl ScopeView<'_> {
    /// Whether the scopes of the token are known. They are not for an API token, which has none, and before there
    /// is a token.
    fn is_known(&self) -> bool {
        !self.status.scopes.is_empty()
    }

    /// Whether a sync needs the capability with these settings.
    pub(in crate::okta) fn requires(&self, capability: Capability) -> bool {
        feature(capability).is_some_and(|feature| feature.need(self.settings) == Need::Required)
    }

    /// Needed scopes that the token does not have.
    pub(in crate::okta) fn missing(&self) -> Vec<String> {
        if !self.is_known() {
            return Vec::new();
        }
        let needed = needed_scopes(self.settings).into_iter();
        let lacking = needed.filter(|scope| !allows(&self.status.scopes, scope));
        lacking.map(str::to_owned).collect()
    }

    /// Scopes of the token that nothing needs.
    pub(in crate::okta) fn unneeded(&self) -> Vec<String> {
        unneeded_scopes(&self.status.scopes, self.settings)
    }

    /// The check of a capability, if its result is known without asking Okta.
    pub(in crate::okta) fn without_asking(&self, capability: Capability) -> Option<Check> {
        let feature = feature(capability)?;
        let (need, writes) = (feature.need(self.settings), is_writing(capability));
        if !self.is_known() {
            return writes.then(|| self.not_tried(capability));
        }
        let scope = feature.scope();
        match (allows(&self.status.scopes, scope), need) {
            (true, _) if !writes => None,
            (true, Need::Unneeded) => {
                let advice = format!(
                    "{scope} is granted but not needed. It allows to {}; that is not switched on, so you may remove the scope from the app.",
                    purpose(capability)
                );
                Some(passed(capability, Outcome::Ok, &advice, String::new()))
            }
            (true, _) => {
                let advice = format!("{scope} is granted; it is used to {}.", purpose(capability));
                Some(passed(capability, Outcome::Ok, &advice, String::new()))
            }
            (false, Need::Optional) => {
                let advice = format!(
                    "The granted scopes are enough. {scope} is not granted; it would also allow to {}.",
                    purpose(capability)
                );
                Some(Check {
                    missing_scope: scope.to_owned(),
                    ..passed(capability, Outcome::Ok, &advice, String::new())
                })
            }
            (false, Need::Unneeded) => {
                let advice = format!(
                    "{scope} is not granted and not needed. It would allow to {}; that is not switched on.",
                    purpose(capability)
                );
                Some(Check {
                    missing_scope: scope.to_owned(),
                    ..passed(capability, Outcome::NotChecked, &advice, String::new())
                })
            }
            (false, _) => {
                let error = Error::new(ErrorCode::ScopeMissing).missing_scope(Some(scope));
                Some(failed(capability, Outcome::MissingScope, &error))
            }
        }
    }

    fn not_tried(&self, capability: Capability) -> Check {
        let needed = match feature(capability).map(|feature| feature.need(self.settings)) {
            Some(Need::Unneeded) | None => ", which is not switched on",
            Some(_) => "",
        };
        let advice = format!(
            "Not tried, because a validation changes nothing; only needed to {}{needed}.",
            purpose(capability)
        );
        passed(capability, Outcome::NotChecked, &advice, String::new())
    }

    /// The check of all scopes together. Its value lists the granted ones.
    pub(in crate::okta) fn scopes(&self) -> Check {
        let about = |outcome, advice: &str| passed(Capability::Scopes, outcome, advice, self.granted());
        match self.status.kind {
            CredentialKind::ApiToken => {
                return about(
                    Outcome::Ok,
                    "An API token has no scopes: it may do what the admin role of its owner allows.",
                );
            }
            _ if !self.is_known() => return about(Outcome::NotChecked, "There is no access token yet."),
            _ => {}
        }
        let (missing, narrowed) = (self.missing(), self.narrowed());
        let advice = self.summary(&missing, &narrowed);
        let required = Feature::Profiles.scope();
        let (outcome, code) = match (
            missing.iter().any(|scope| scope == required),
            missing.len() + narrowed.len(),
        ) {
            (true, _) => (Outcome::MissingScope, ErrorCode::ScopeMissing),
            (false, 1..) => (Outcome::Warning, ErrorCode::ScopesNarrowed),
            (false, 0) => return about(Outcome::Ok, &advice),
        };
        Check {
            error_code: code.number(),
            missing_scope: missing.join(" "),
            ..about(outcome, &advice)
        }
    }

    fn granted(&self) -> String {
        self.status.scopes.join(" ")
    }

    /// Needed scopes that were requested and that Okta left out without an error. Okta drops scopes that the app
    /// has no grant for, as long as another scope is granted.
    fn narrowed(&self) -> Vec<String> {
        let is_optional = |scope: &str| {
            let used = SCOPES.iter().find(|known| known.scope == scope);
            used.is_some_and(|known| known.feature.need(self.settings) == Need::Optional)
        };
        let left_out = |scope: &&String| !allows(&self.status.scopes, scope) && !is_optional(scope);
        self.asked.iter().filter(left_out).cloned().collect()
    }

    fn summary(&self, missing: &[String], narrowed: &[String]) -> String {
        let mut said = Vec::new();
        if !missing.is_empty() {
            said.push(format!(
                "These scopes are missing for features that are switched on: {}; grant them to the app under Okta API Scopes and connect again.",
                missing.join(", ")
            ));
        }
        let other: Vec<&str> = narrowed
            .iter()
            .filter(|scope| !missing.contains(scope))
            .map(String::as_str)
            .collect();
        if !other.is_empty() {
            said.push(format!(
                "Requested, but not granted by Okta: {}.",
                other.join(", ")
            ));
        }
        let unneeded = self.unneeded();
        if !unneeded.is_empty() {
            said.push(format!("Granted, but not needed: {}.", unneeded.join(", ")));
        }
        if said.is_empty() {
            said.push("Exactly the needed scopes are granted.".to_owned());
        }
        said.join(" ")
    }

    /// The check of the end of the sign-in. Its value is the number of whole days until then.
    pub(in crate::okta) fn sign_in(&self, now: UnixMillis) -> Check {
        let about = |outcome, advice: &str, value: String| passed(Capability::SignIn, outcome, advice, value);
        match (self.status.kind, self.status.sign_in_ends) {
            (CredentialKind::ApiToken, _) => about(
                Outcome::Ok,
                "An API token needs no sign-in; Okta deletes it if it is not used for 30 days.",
                String::new(),
            ),
            (CredentialKind::ServiceApp, _) => about(
                Outcome::Ok,
                "A service app signs in by itself with its key.",
                String::new(),
            ),
            (_, None) => about(
                Outcome::NotChecked,
                "Okta did not say when the sign-in ends; usually that is 90 days after the user has signed in.",
                String::new(),
            ),
            (_, Some(ends)) => {
                let days = (ends.0 - now.0).max(0) / MILLIS_OF_A_DAY;
                if !self.status.sign_in_warning {
                    let advice =
                        format!("The sign-in ends in {days} days; then the user must sign in again.");
                    return about(Outcome::Ok, &advice, days.to_string());
                }
                let advice = format!(
                    "The sign-in ends in {days} days, and renewing tokens does not extend it; connect again before that."
                );
                Check {
                    error_code: ErrorCode::SignInEnding.number(),
                    ..about(Outcome::Warning, &advice, days.to_string())
                }
            }
        }
    }
}

fn feature(capability: Capability) -> Option<Feature> {
    match capability {
        Capability::ReadUsers => Some(Feature::Profiles),
        Capability::ReadGroups => Some(Feature::Groups),
        Capability::ReadSchemas => Some(Feature::Schemas),
        Capability::ReadUserTypes => Some(Feature::UserTypes),
        Capability::ReadEventHooks => Some(Feature::EventHooks),
        Capability::ReadLog => Some(Feature::SystemLog),
        Capability::WriteUsers => Some(Feature::ProfileWriting),
        Capability::WriteGroups => Some(Feature::GroupWriting),
        Capability::WriteEventHooks => Some(Feature::EventHookWriting),
        Capability::Organization
        | Capability::Credential
        | Capability::Scopes
        | Capability::SignIn
        | Capability::RateLimit
        | Capability::UserCount
        | Capability::SyncDuration
        | Capability::ClockSkew => None,
    }
}

fn is_writing(capability: Capability) -> bool {
    matches!(
        capability,
        Capability::WriteUsers | Capability::WriteGroups | Capability::WriteEventHooks
    )
}

/// The purpose, as the end of a sentence.
fn purpose(capability: Capability) -> String {
    let purpose = capability.purpose();
    let mut letters = purpose.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_705_311_000_000);

    fn view(settings: &Settings, kind: CredentialKind, scopes: &[&str], asked: &[&str]) -> TestView {
        let owned = |scopes: &[&str]| scopes.iter().map(|&scope| scope.to_owned()).collect();
        let status = TokenStatus {
            kind,
            scopes: owned(scopes),
            ..TokenStatus::none()
        };
        let settings = Box::leak(Box::new(settings.clone()));
        ScopeView {
            status,
            asked: owned(asked),
            settings,
        }
    }

    type TestView = ScopeView<'static>;

    fn oauth(scopes: &[&str], asked: &[&str]) -> TestView {
        let mut settings = Settings::default();
        settings.set("schemas.sync", "off").expect("a switch");
        view(&settings, CredentialKind::Oauth, scopes, asked)
    }

    fn outcome(view: &TestView, capability: Capability) -> Option<Outcome> {
        view.without_asking(capability).map(|check| check.outcome)
    }

    #[test]
    fn one_scope_is_enough_for_profiles() {
        for scopes in [["okta.users.read"], ["okta.users.manage"]] {
            let view = oauth(&scopes, &scopes);
            assert_eq!(outcome(&view, Capability::ReadUsers), None, "is asked");
            assert_eq!(view.scopes().outcome, Outcome::Ok);
            assert!(view.missing().is_empty() && view.unneeded().is_empty());
            let hooks = view.without_asking(Capability::WriteEventHooks).expect("told");
            assert_eq!(
                (hooks.outcome, hooks.missing_scope.as_str(), hooks.error_code),
                (Outcome::NotChecked, "okta.eventHooks.manage", 0)
            );
            assert!(
                hooks
                    .advice
                    .contains("not needed. It would allow to register event hooks")
            );
        }
    }

    #[test]
    fn what_is_switched_on_needs_its_scope_but_profiles_come_without() {
        let mut settings = Settings::default();
        settings.set("groups.sync", "on").expect("a switch");
        let view = view(&settings, CredentialKind::Oauth, &["okta.users.read"], &[]);
        assert_eq!(view.missing(), ["okta.groups.read", "okta.schemas.read"]);
        assert_eq!(view.scopes().outcome, Outcome::Warning);
        let groups = view.without_asking(Capability::ReadGroups).expect("told");
        assert_eq!(
            (groups.outcome, groups.error_code, groups.required),
            (Outcome::MissingScope, ErrorCode::ScopeMissing.number(), false)
        );
    }

    #[test]
    fn the_scope_without_which_nothing_works_is_named() {
        let view = oauth(&["okta.groups.read", "offline_access"], &["okta.users.read"]);
        let users = view.without_asking(Capability::ReadUsers).expect("told");
        assert_eq!(
            (users.outcome, users.missing_scope.as_str(), users.error_code),
            (
                Outcome::MissingScope,
                "okta.users.read",
                ErrorCode::ScopeMissing.number()
            )
        );
        let all = view.scopes();
        assert_eq!(
            (all.outcome, all.missing_scope.as_str(), all.value.as_str()),
            (
                Outcome::MissingScope,
                "okta.users.read",
                "okta.groups.read offline_access"
            )
        );
        assert_eq!(view.missing(), ["okta.users.read"]);
        assert!(view.requires(Capability::ReadUsers) && !view.requires(Capability::WriteUsers));
    }

    #[test]
    fn what_okta_left_out_and_what_is_too_much_is_named() {
        let asked = ["okta.users.read", "okta.users.manage", "okta.logs.read"];
        let view = oauth(&["okta.users.read", "okta.users.manage"], &asked);
        let all = view.scopes();
        assert_eq!(
            (all.outcome, all.error_code),
            (Outcome::Warning, ErrorCode::ScopesNarrowed.number())
        );
        assert!(
            all.advice.contains("not granted by Okta: okta.logs.read."),
            "{}",
            all.advice
        );
        assert!(
            all.advice.contains("not needed: okta.users.manage."),
            "{}",
            all.advice
        );
        assert_eq!(view.unneeded(), ["okta.users.manage"]);
        let write = view.without_asking(Capability::WriteUsers).expect("told");
        assert_eq!(write.outcome, Outcome::Ok);
        assert!(write.advice.contains("may remove the scope"), "{}", write.advice);
    }

    #[test]
    fn an_api_token_is_asked_and_writes_are_never_tried() {
        let view = view(&Settings::default(), CredentialKind::ApiToken, &[], &[]);
        for capability in Capability::ALL {
            let expected = is_writing(capability).then_some(Outcome::NotChecked);
            assert_eq!(outcome(&view, capability), expected, "{capability:?}");
        }
        assert_eq!(
            (view.scopes().outcome, view.sign_in(NOW).outcome),
            (Outcome::Ok, Outcome::Ok)
        );
    }

    #[test]
    fn the_end_of_a_sign_in_comes_with_a_warning() {
        let ending = |days: i64| {
            let mut view = oauth(&["okta.users.read"], &[]);
            let ends = UnixMillis(NOW.0 + days * MILLIS_OF_A_DAY + 5_000);
            view.status.sign_in_ends = Some(ends);
            view.status.sign_in_warning = days < 14;
            let check = view.sign_in(NOW);
            (check.outcome, check.value, check.error_code)
        };
        assert_eq!(ending(20), (Outcome::Ok, "20".into(), 0));
        let warned = ErrorCode::SignInEnding.number();
        assert_eq!(ending(13), (Outcome::Warning, "13".into(), warned));
        assert_eq!(ending(-2), (Outcome::Warning, "0".into(), warned));
        assert_eq!(oauth(&[], &[]).sign_in(NOW).outcome, Outcome::NotChecked);
    }
}
