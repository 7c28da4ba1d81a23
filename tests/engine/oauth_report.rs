//! The validation report of sign-ins and service apps: each trouble with its own code and advice.

use std::time::Duration;

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::model::{Capability, Check, CredentialKind, Outcome, ValidationReport};
use okta_profiles::secret::Secret;
use okta_sim::{Fault, OktaSim, Role};

use crate::fixture::{Fixture, QUICK, assert_code, privacy_scan};
use crate::sign_in::{begin, connect_service_app, grants, org, sign_in};

fn validate(fixture: &Fixture) -> ValidationReport {
    let report = fixture.engine.validate().unwrap();
    for check in &report.checks {
        privacy_scan(&check.advice);
        assert!(check.advice.ends_with('.'), "{check:?}");
    }
    report
}

fn line(report: &ValidationReport, capability: Capability) -> &Check {
    report.check(capability).unwrap()
}

fn told(report: &ValidationReport, capability: Capability) -> (Outcome, i32) {
    let check = line(report, capability);
    (check.outcome, check.error_code)
}

/// An engine signed in with these settings, after the app was changed.
fn signed_in(sim: &OktaSim, settings: &[(&str, &str)]) -> Fixture {
    let fixture = Fixture::unconnected(&[QUICK, settings].concat());
    sign_in(&fixture.engine, sim);
    fixture
}

#[test]
fn a_narrowed_grant_is_named_and_harmless_for_profiles() {
    let sim = org(50, |app| app.granted_scopes = vec!["okta.users.read".to_owned()]);
    let fixture = signed_in(&sim, &[("groups.sync", "on")]);
    let report = validate(&fixture);
    assert!(report.usable);
    assert_eq!(report.missing_scopes, ["okta.groups.read", "okta.schemas.read"]);
    assert_eq!(
        told(&report, Capability::Scopes),
        (Outcome::Warning, ErrorCode::ScopesNarrowed.number())
    );
    let groups = line(&report, Capability::ReadGroups);
    assert_eq!(
        (groups.outcome, groups.missing_scope.as_str(), groups.error_code),
        (
            Outcome::MissingScope,
            "okta.groups.read",
            ErrorCode::ScopeMissing.number()
        )
    );
    assert_eq!(line(&report, Capability::WriteUsers).outcome, Outcome::NotChecked);
}

#[test]
fn without_the_right_to_read_users_it_is_not_usable() {
    let sim = org(50, |app| app.granted_scopes = vec!["okta.groups.read".to_owned()]);
    let fixture = signed_in(&sim, &[("oauth.scopes", "okta.users.read okta.groups.read")]);
    let report = validate(&fixture);
    assert!(!report.usable);
    let users = line(&report, Capability::ReadUsers);
    assert_eq!(
        (users.outcome, users.missing_scope.as_str(), users.required),
        (Outcome::MissingScope, "okta.users.read", true)
    );
    assert_eq!(line(&report, Capability::ReadGroups).outcome, Outcome::Ok);
}

#[test]
fn manage_implies_read() {
    let sim = org(50, |_| {});
    let fixture = signed_in(
        &sim,
        &[("oauth.scopes", "okta.users.manage"), ("schemas.sync", "off")],
    );
    let report = validate(&fixture);
    assert!(report.usable && report.missing_scopes.is_empty() && report.unneeded_scopes.is_empty());
    assert_eq!(line(&report, Capability::ReadUsers).outcome, Outcome::Ok);
}

#[test]
fn no_grant_at_all_is_consent_required() {
    let sim = org(50, |app| app.granted_scopes.clear());
    let fixture = Fixture::unconnected(QUICK);
    let refused = fixture
        .engine
        .complete_authorization(&begin(&fixture.engine, &sim));
    assert_code(&refused.unwrap_err(), ErrorCode::ConsentRequired);
    // Grants that were taken away later show when the token is renewed.
    sim.change_web_app(|app| app.granted_scopes = vec!["okta.users.read".to_owned()]);
    sign_in(&fixture.engine, &sim);
    sim.change_web_app(|app| app.granted_scopes.clear());
    sim.expire_access_tokens();
    let report = validate(&fixture);
    assert!(!report.usable);
    assert_eq!(
        told(&report, Capability::Credential),
        (Outcome::MissingScope, ErrorCode::ConsentRequired.number())
    );
}

#[test]
fn a_changed_client_secret_and_an_ended_sign_in_are_different_errors() {
    let sim = org(50, |_| {});
    let fixture = signed_in(&sim, &[]);
    sim.change_web_app(|app| app.client_secret = "another".to_owned());
    sim.expire_access_tokens();
    assert_eq!(
        told(&validate(&fixture), Capability::Credential),
        (Outcome::Refused, ErrorCode::ClientRejected.number())
    );
    sign_in(&fixture.engine, &sim);
    assert!(validate(&fixture).usable);
    sim.end_sign_ins();
    let report = validate(&fixture);
    assert!(!report.usable);
    assert_eq!(
        told(&report, Capability::Credential),
        (Outcome::Refused, ErrorCode::SignInEnded.number())
    );
}

#[test]
fn an_app_without_the_refresh_grant_is_refused_at_once() {
    let sim = org(10, |app| app.refresh_token_grant = false);
    let fixture = Fixture::unconnected(QUICK);
    let refused = fixture
        .engine
        .complete_authorization(&begin(&fixture.engine, &sim));
    assert_code(&refused.unwrap_err(), ErrorCode::RefreshTokenMissing);
}

#[test]
fn the_end_of_the_sign_in_is_warned_about() {
    let days = |days: u64| {
        let sim = org(10, |app| {
            app.sign_in_lifetime = Duration::from_secs(days * 86_400 + 600)
        });
        let fixture = signed_in(&sim, &[]);
        let report = validate(&fixture);
        assert!(report.usable);
        let value = line(&report, Capability::SignIn).value.clone();
        assert_eq!(fixture.engine.token_status().unwrap().sign_in_warning, days < 14);
        (told(&report, Capability::SignIn), value)
    };
    assert_eq!(days(90), ((Outcome::Ok, 0), "90".to_owned()));
    let warned = (Outcome::Warning, ErrorCode::SignInEnding.number());
    assert_eq!(days(13), (warned, "13".to_owned()));
}

#[test]
fn a_service_app_without_a_role_sees_nobody_and_the_report_says_so() {
    let sim = org(50, |_| {});
    let fixture = Fixture::unconnected(QUICK);
    connect_service_app(&fixture.engine, &sim, false);
    let report = validate(&fixture);
    assert!(report.usable, "{report:?}");
    assert_eq!(report.credential_kind, CredentialKind::ServiceApp);
    assert_eq!(
        line(&report, Capability::Credential).value,
        sim.service_app().client_id
    );
    assert_eq!(line(&report, Capability::SignIn).outcome, Outcome::Ok);
    sim.change_service_app(|app| app.role = Role::RoleLess);
    sim.expire_access_tokens();
    let report = validate(&fixture);
    assert!(!report.usable);
    assert_eq!(
        told(&report, Capability::ReadUsers),
        (Outcome::MissingRole, ErrorCode::AppWithoutRole.number())
    );
    assert!(
        sim.requests()
            .iter()
            .all(|one| !one.path_and_query.contains("users/me"))
    );
}

#[test]
fn a_service_app_whose_key_okta_does_not_know() {
    let sim = org(10, |_| {});
    let other = org(10, |_| {});
    let fixture = Fixture::unconnected(QUICK);
    let key = Secret::text(other.service_private_key());
    fixture
        .engine
        .connect_service_app(&okta_profiles::engine::ServiceApp {
            org_url: sim.url(),
            client_id: &sim.service_app().client_id,
            private_key_pem: &key,
            key_id: "",
            dpop: false,
        })
        .unwrap();
    assert_eq!(
        told(&validate(&fixture), Capability::Credential),
        (Outcome::Refused, ErrorCode::AssertionRejected.number())
    );
}

#[test]
fn clocks_far_apart_are_named_and_made_up_for() {
    let sim = org(50, |app| app.dpop_required = true);
    sim.change_service_app(|app| app.dpop_required = true);
    sim.set_faults(&[Fault::SkewedClock]);
    let fixture = Fixture::unconnected(QUICK);
    connect_service_app(&fixture.engine, &sim, true);
    let report = validate(&fixture);
    assert!(report.usable, "{report:?}");
    assert_eq!(
        told(&report, Capability::ClockSkew),
        (Outcome::Warning, ErrorCode::ClockSkewed.number())
    );
    fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_wrong_redirect_uri_never_comes_back_and_a_changed_one_is_an_error() {
    let sim = org(10, |_| {});
    let fixture = Fixture::unconnected(QUICK);
    let callback = begin(&fixture.engine, &sim);
    sim.change_web_app(|app| app.redirect_uris.clear());
    let begun = crate::sign_in::request(&fixture.engine, &sim);
    let page = crate::sign_in::http(&begun.url, "GET", "");
    assert!(page.starts_with("HTTP/1.1 400") && page.contains("redirect_uri"));
    // The word with which Okta refuses it at the token endpoint or by redirect.
    sim.fail_next_authorize(
        "invalid_request",
        "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
    );
    sim.change_web_app(|app| app.redirect_uris = vec![crate::sign_in::REDIRECT_URI.to_owned()]);
    let refused = fixture
        .engine
        .complete_authorization(&begin(&fixture.engine, &sim));
    assert_code(&refused.unwrap_err(), ErrorCode::RedirectUriRejected);
    fixture.engine.complete_authorization(&callback).unwrap();
    assert_eq!(grants(&sim, "authorization_code"), 1);
}
