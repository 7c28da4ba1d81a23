//! The user's guide to the letter: its redirect path, its seven scopes, required consent; then the same URL,
//! client id and client secret, validate, sync.

use std::time::Duration;

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::model::{Capability, CredentialKind, Outcome};
use okta_sim::OktaSim;

use crate::fixture::{Fixture, QUICK, assert_code};
use crate::sign_in::{grants, http, location, org, request, sign_in};

pub const GUIDE_SCOPES: &str = "okta.users.read okta.users.manage okta.eventHooks.read okta.eventHooks.manage okta.groups.read okta.groups.manage okta.schemas.read";

/// Presses a button on the consent page and gives where Okta sends the browser.
fn press(sim: &OktaSim, url: &str, button: &str) -> String {
    let page = http(url, "GET", "");
    let field = |line: &str| -> Option<(String, String)> {
        let (name, value) = line.split_once("name=\"")?.1.split_once("\" value=\"")?;
        Some((name.to_owned(), value.split('"').next()?.replace("&amp;", "&")))
    };
    let hidden = page.lines().filter(|line| line.contains("type=\"hidden\""));
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(hidden.filter_map(field));
    form.append_pair("sim_answer", button);
    let to = format!("{}/oauth2/v1/authorize/consent", sim.url());
    location(&http(&to, "POST", &form.finish()))
}

#[test]
fn the_guide_s_flow() {
    let sim = org(700, |app| app.consent_page = true);
    let fixture = Fixture::unconnected(QUICK);
    fixture.engine.set("oauth.scopes", GUIDE_SCOPES).unwrap();
    let begun = request(&fixture.engine, &sim);
    let page = http(&begun.url, "GET", "");
    for scope in GUIDE_SCOPES.split(' ') {
        assert!(
            page.contains(&format!("<li>{scope}</li>")),
            "{scope} was not asked for"
        );
    }
    let callback = press(&sim, &begun.url, "allow");
    assert!(callback.contains("/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page?code="));
    let status = fixture.engine.complete_authorization(&callback).unwrap();
    assert_eq!(status.kind, CredentialKind::Oauth);

    let report = fixture.engine.validate().unwrap();
    assert!(report.usable, "{report:?}");
    assert_eq!(report.credential_kind, CredentialKind::Oauth);
    for scope in GUIDE_SCOPES.split(' ') {
        assert!(
            report.granted_scopes.iter().any(|granted| granted == scope),
            "{scope}"
        );
    }
    assert!(report.missing_scopes.is_empty());
    assert!(report.unneeded_scopes.contains(&"okta.users.manage".to_owned()));
    for check in &report.checks {
        // The log needs a scope that the guide does not name, and the hook does the same without it.
        let expected = match check.capability {
            Capability::ReadLog => Outcome::NotChecked,
            _ => Outcome::Ok,
        };
        assert_eq!(check.outcome, expected, "{check:?}");
        assert!(!check.purpose.is_empty());
    }
    let types = report.check(Capability::ReadUserTypes).unwrap();
    assert_eq!(types.missing_scope, "okta.userTypes.read");
    assert!(types.advice.contains("other user types"), "{types:?}");
    let run = fixture.sync().unwrap();
    assert!(run.warnings.is_empty(), "{:?}", run.warnings);
    assert!(sim.requests().iter().all(|request| request.status != 403));
    assert!(!fixture.engine.attributes(None).unwrap().is_empty());
    fixture.assert_equals_org(&sim);

    assert_eq!(grants(&sim, "authorization_code"), 1);
    fixture.engine.refresh_token().unwrap();
    fixture.engine.disconnect().unwrap();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::NotConnected);
    assert!(sim.attacker_requests().is_empty());
}

#[test]
fn user_types_are_asked_for_and_read_where_they_are_granted() {
    let sim = org(50, |app| {
        app.granted_scopes.push("okta.userTypes.read".to_owned())
    });
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    let status = fixture.engine.token_status().unwrap();
    assert_eq!(
        status.scopes,
        [
            "okta.users.read",
            "okta.schemas.read",
            "okta.userTypes.read",
            "offline_access"
        ]
    );
    let report = fixture.engine.validate().unwrap();
    let types = report.check(Capability::ReadUserTypes).unwrap();
    assert_eq!((types.outcome, types.missing_scope.as_str()), (Outcome::Ok, ""));
    assert!(report.unneeded_scopes.is_empty());
    assert!(fixture.sync().unwrap().warnings.is_empty());
    assert_eq!(fixture.engine.user_types().unwrap().len(), 2);
}

#[test]
fn the_user_may_say_no() {
    let sim = org(10, |app| app.consent_page = true);
    let fixture = Fixture::unconnected(QUICK);
    let begun = request(&fixture.engine, &sim);
    let callback = press(&sim, &begun.url, "deny");
    let denied = fixture.engine.complete_authorization(&callback).unwrap_err();
    assert_code(&denied, ErrorCode::AuthorizationDenied);
    assert_eq!(
        grants(&sim, "authorization_code"),
        0,
        "there was nothing to exchange"
    );
}

#[test]
fn only_what_is_switched_on_is_asked_for() {
    let sim = org(50, |app| app.consent_page = true);
    let fixture = Fixture::unconnected(QUICK);
    fixture.engine.set("schemas.sync", "off").unwrap();
    let page = http(&request(&fixture.engine, &sim).url, "GET", "");
    let asked: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("<li>"))
        .collect();
    assert_eq!(asked, ["okta.users.read</li>", "offline_access</li>"]);
    sim.change_web_app(|app| app.consent_page = false);
    sign_in(&fixture.engine, &sim);
    let report = fixture.engine.validate().unwrap();
    assert!(report.usable, "{report:?}");
    let scopes = report.check(Capability::Scopes).unwrap();
    assert_eq!(
        (scopes.outcome, scopes.error_code),
        (Outcome::Ok, 0),
        "{scopes:?}"
    );
    for capability in [
        Capability::ReadGroups,
        Capability::ReadEventHooks,
        Capability::ReadLog,
        Capability::WriteUsers,
        Capability::WriteEventHooks,
    ] {
        let check = report.check(capability).unwrap();
        assert_eq!(check.outcome, Outcome::NotChecked, "{check:?}");
        assert!(check.missing_scope.starts_with("okta."), "{check:?}");
    }
    fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_code_must_be_fetched_while_it_lives_and_by_the_sign_in_it_was_made_for() {
    let sim = org(10, |_| {});
    let fixture = Fixture::unconnected(QUICK);
    let begin = || crate::sign_in::begin(&fixture.engine, &sim);
    let parameter = |callback: &str, name: &str| {
        let url = url::Url::parse(callback).unwrap();
        let found = url.query_pairs().find(|(key, _)| key == name);
        found.unwrap().1.into_owned()
    };
    let complete = |callback: &str| fixture.engine.complete_authorization(callback);
    let (one, other) = (begin(), begin());
    let crossed = format!(
        "?code={}&state={}",
        parameter(&one, "code"),
        parameter(&other, "state")
    );
    assert_code(&complete(&crossed).unwrap_err(), ErrorCode::PkceRejected);
    let foreign = format!("?code={}&state=nobody", parameter(&one, "code"));
    assert_code(&complete(&foreign).unwrap_err(), ErrorCode::AuthorizationUnknown);
    complete(&one).unwrap();

    let late = begin();
    sim.change_web_app(|app| app.code_lifetime = Duration::ZERO);
    let expired = begin();
    assert_code(&complete(&expired).unwrap_err(), ErrorCode::CodeRejected);
    complete(&late).unwrap();
}

#[test]
fn every_error_that_okta_sends_the_user_back_with_is_explained() {
    let sim = org(10, |_| {});
    let fixture = Fixture::unconnected(QUICK);
    for (error, code) in [
        ("access_denied", ErrorCode::AuthorizationDenied),
        ("consent_required", ErrorCode::ConsentRequired),
        ("invalid_scope", ErrorCode::ScopeRejected),
        ("login_required", ErrorCode::InteractionRequired),
        ("interaction_required", ErrorCode::InteractionRequired),
        (
            "unmet_authentication_requirements",
            ErrorCode::InteractionRequired,
        ),
        ("unauthorized_client", ErrorCode::GrantNotAllowed),
        ("invalid_client", ErrorCode::ClientRejected),
        ("server_error", ErrorCode::OktaInternal),
        ("temporarily_unavailable", ErrorCode::OktaUnavailable),
    ] {
        sim.fail_next_authorize(error, "Simulated for user@example.com.");
        let callback = crate::sign_in::begin(&fixture.engine, &sim);
        let refused = fixture.engine.complete_authorization(&callback).unwrap_err();
        assert_code(&refused, code);
    }
    for error in [
        "invalid_request",
        "unsupported_response_type",
        "a_word_of_tomorrow",
    ] {
        sim.fail_next_authorize(error, "Simulated.");
        let callback = crate::sign_in::begin(&fixture.engine, &sim);
        let refused = fixture.engine.complete_authorization(&callback).unwrap_err();
        assert_eq!(refused.code().block(), 2, "{error}: {refused}");
    }
    sign_in(&fixture.engine, &sim);
}
