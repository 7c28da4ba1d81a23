//! A credential takes another's place only after it has worked, and what it replaces is revoked.

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::{Engine, ServiceApp, Trial};
use okta_profiles::model::CredentialKind;
use okta_profiles::secret::Secret;
use okta_sim::{Fault, OktaSim, Role};

use crate::connect_cli::program;
use crate::fixture::{Fixture, QUICK, assert_code, privacy_scan, settings_of};
use crate::sign_in::{begin, connect_service_app, org, request, rotating, sign_in};

fn revocations(sim: &OktaSim) -> usize {
    let requests = sim.requests();
    let is_it = |path: &str| path == "/oauth2/v1/revoke";
    requests.iter().filter(|one| is_it(&one.path_and_query)).count()
}

#[test]
fn a_token_that_okta_refuses_replaces_nothing() {
    let sim = OktaSim::builder().users(20).seed(91).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let before = fixture.engine.token_status().unwrap();
    for (token, code) in [
        (sim.token(Role::Expired), ErrorCode::TokenRejected),
        ("00wrong", ErrorCode::TokenRejected),
    ] {
        assert_code(&fixture.engine.connect(sim.url(), token).unwrap_err(), code);
        assert_eq!(fixture.engine.token_status().unwrap(), before);
    }
    sim.set_faults(&[Fault::AlwaysServerError]);
    let other = sim.token(Role::UserReader);
    assert_code(
        &fixture.engine.connect(sim.url(), other).unwrap_err(),
        ErrorCode::OktaInternal,
    );
    sim.clear_faults();
    fixture.sync().unwrap();
    fixture.engine.connect(sim.url(), other).unwrap();
    fixture.sync().unwrap();
}

#[test]
fn who_knows_better_may_keep_what_was_not_tried() {
    let sim = OktaSim::builder().users(20).seed(91).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    sim.clear_requests();
    let expired = sim.token(Role::Expired);
    fixture
        .engine
        .connect_with(sim.url(), expired, Trial::Never)
        .unwrap();
    assert!(sim.requests().is_empty());
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::TokenRejected);
    // And whoever wants to be sure from the beginning tries the first one too.
    let fresh = Fixture::unconnected(QUICK);
    let tried = fresh.engine.connect_with(sim.url(), expired, Trial::Always);
    assert_code(&tried.unwrap_err(), ErrorCode::TokenRejected);
    assert_eq!(fresh.engine.token_status().unwrap().kind, CredentialKind::None);
}

#[test]
fn a_service_app_that_okta_refuses_replaces_nothing() {
    let sim = org(20, |_| {});
    let fixture = Fixture::connected(&sim, QUICK);
    let key = Secret::text(sim.service_private_key());
    let refused = fixture.engine.connect_service_app(&ServiceApp {
        org_url: sim.url(),
        client_id: "0oa1anotherapp",
        private_key_pem: &key,
        key_id: "",
        dpop: false,
    });
    assert!(refused.is_err());
    assert_eq!(
        fixture.engine.token_status().unwrap().kind,
        CredentialKind::ApiToken
    );
    connect_service_app(&fixture.engine, &sim, false);
    assert_eq!(
        fixture.engine.token_status().unwrap().kind,
        CredentialKind::ServiceApp
    );
    fixture.sync().unwrap();
}

#[test]
fn dpop_for_the_same_app_is_honoured() {
    let sim = org(20, |_| {});
    let fixture = Fixture::unconnected(QUICK);
    connect_service_app(&fixture.engine, &sim, false);
    fixture.sync().unwrap();
    assert!(!fixture.engine.token_status().unwrap().dpop);
    connect_service_app(&fixture.engine, &sim, true);
    assert!(fixture.engine.token_status().unwrap().dpop);
    fixture.sync().unwrap();
    // Once bound, asking without it does not take it off: the app may demand it.
    connect_service_app(&fixture.engine, &sim, false);
    assert!(fixture.engine.token_status().unwrap().dpop);
}

#[test]
fn a_replaced_sign_in_is_revoked() {
    let sim = org(20, rotating);
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    assert_eq!((sim.sign_ins(), revocations(&sim)), ((1, 1), 0));
    sign_in(&fixture.engine, &sim);
    assert_eq!((sim.sign_ins(), revocations(&sim)), ((2, 1), 1));
    fixture.sync().unwrap();
    fixture
        .engine
        .connect(sim.url(), sim.token(Role::SuperAdmin))
        .unwrap();
    assert_eq!((sim.sign_ins(), revocations(&sim)), ((2, 0), 2));
    fixture.sync().unwrap();
}

#[test]
fn a_sign_in_that_failed_leaves_the_present_one() {
    let sim = org(20, rotating);
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    let callback = begin(&fixture.engine, &sim);
    sim.change_web_app(|app| app.client_secret = "changed-in-the-meantime".to_owned());
    let refused = fixture.engine.complete_authorization(&callback).unwrap_err();
    assert_code(&refused, ErrorCode::ClientRejected);
    assert_eq!(sim.sign_ins(), (1, 1));
    fixture.sync().unwrap();
}

#[test]
fn tokens_that_cannot_be_used_are_refused_and_not_left_alive() {
    for fault in [Fault::TokenWithoutType, Fault::TokenOfOtherType] {
        let sim = org(20, rotating);
        let fixture = Fixture::unconnected(QUICK);
        let callback = begin(&fixture.engine, &sim);
        sim.set_faults(&[fault]);
        let refused = fixture.engine.complete_authorization(&callback).unwrap_err();
        assert_code(&refused, ErrorCode::UnexpectedAnswer);
        assert_eq!(sim.sign_ins(), (1, 0), "{fault:?}");
        assert_eq!(fixture.engine.token_status().unwrap().kind, CredentialKind::None);
        // A refresh keeps the rotated refresh token all the same.
        sim.clear_faults();
        sign_in(&fixture.engine, &sim);
        sim.set_faults(&[fault]);
        assert_code(
            &fixture.engine.refresh_token().unwrap_err(),
            ErrorCode::UnexpectedAnswer,
        );
        sim.clear_faults();
        fixture.engine.refresh_token().unwrap();
        fixture.sync().unwrap();
        assert_eq!(sim.token_reuses(), 0);
    }
}

#[test]
fn a_bearer_token_where_a_bound_one_was_asked_for_is_refused() {
    let sim = org(20, |_| {});
    sim.set_faults(&[Fault::TokenUnbound]);
    let fixture = Fixture::unconnected(QUICK);
    connect_service_app(&fixture.engine, &sim, true);
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::TokenNotBound);
    let bearer = sim
        .requests()
        .into_iter()
        .filter(|one| one.had_credential)
        .count();
    assert_eq!(bearer, 0, "the token was not used");
    // Without DPoP the same answer is what was asked for.
    let plain = Fixture::unconnected(QUICK);
    connect_service_app(&plain.engine, &sim, false);
    plain.sync().unwrap();
}

#[test]
fn the_command_line_changes_nothing_for_a_wrong_token() {
    let sim = OktaSim::builder().users(20).seed(91).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("directory.db");
    let file = |name: &str, token: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, token).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (good, wrong) = (
        file("good", sim.token(Role::SuperAdmin)),
        file("wrong", "00wrong"),
    );
    let run = |command: &str, token: &str, more: &[&str]| {
        let arguments = [command, "--org-url", sim.url(), "--token-file", token];
        let output = program(&directory, &[&arguments, more].concat())
            .output()
            .unwrap();
        privacy_scan(&String::from_utf8_lossy(&output.stderr));
        let code = output.status.code().unwrap();
        (code, String::from_utf8(output.stdout).unwrap())
    };
    let status = || {
        let shown = program(&directory, &["token", "--json"]).output().unwrap();
        String::from_utf8(shown.stdout).unwrap()
    };
    let (code, said) = run("connect", &wrong, &[]);
    assert_eq!((code, said.contains("Connected")), (2, false));
    assert!(status().contains(r#""kind":"none""#));
    assert_eq!(run("validate", &good, &[]).0, 0);
    assert!(
        status().contains(r#""kind":"none""#),
        "a validation changes nothing"
    );
    assert_eq!(run("connect", &good, &[]).0, 0);
    let before = status();
    for command in ["connect", "validate", "sync", "budget"] {
        assert_eq!(run(command, &wrong, &[]).0, 2, "{command}");
        assert_eq!(status(), before, "{command}");
    }
    assert!(program(&directory, &["sync"]).output().unwrap().status.success());
    assert_eq!(run("connect", &wrong, &["--force"]).0, 0);
    assert_eq!(
        program(&directory, &["sync"]).output().unwrap().status.code(),
        Some(2)
    );
}

#[test]
fn rekeying_waits_for_a_renewal() {
    let sim = org(5, rotating);
    let mut fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    std::thread::scope(|scope| {
        let renewals: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    fixture.engine.rekey(None).unwrap();
                    fixture.engine.refresh_token().unwrap();
                })
            })
            .collect();
        renewals.into_iter().for_each(|renewal| renewal.join().unwrap());
    });
    fixture.engine.close().unwrap();
    fixture.engine = Engine::open(&fixture.file(), settings_of(QUICK)).unwrap();
    fixture.engine.refresh_token().unwrap();
    assert_eq!(sim.token_reuses(), 0);
    request(&fixture.engine, &sim);
}
