//! Trouble at the token endpoint: what passes is survived, what does not keeps the token, and a call
//! that is cancelled or an engine that is closed in the middle of a renewal never loses a rotated one.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::model::CredentialKind;
use okta_sim::{Fault, OAuthApp, OktaSim, RefreshTokens, Role};

use crate::fixture::{Fixture, QUICK, assert_code, settings_of};
use crate::sign_in::{REDIRECT_URI, grants, org, rotating, sign_in};

/// An org that knows no grace: an old refresh token ends everything.
fn org_without_grace() -> OktaSim {
    let mut app = OAuthApp::web(&[REDIRECT_URI]);
    app.refresh_tokens = RefreshTokens::Rotating {
        grace: Duration::ZERO,
    };
    OktaSim::builder().users(5).web_app(app).start().unwrap()
}

/// An answer of the token endpoint that Okta has made and not sent: the first value comes when it has, and once the
/// second is dropped it is sent.
fn held_answer(sim: &OktaSim) -> (Receiver<()>, Sender<()>) {
    let (made, is_made) = channel();
    let (hold, is_held) = channel();
    let is_held = Mutex::new(is_held);
    sim.edit("/oauth2/v1/token", move |_| {
        made.send(()).ok();
        is_held.lock().unwrap().recv().ok();
    });
    (is_made, hold)
}

#[test]
fn what_passes_is_survived() {
    for fault in [
        Fault::TokenServerError,
        Fault::TokenGrantErrorIn500,
        Fault::TokenUnavailable,
        Fault::TokenRateLimit,
        Fault::TokenBadGateway,
        Fault::TokenReset,
        Fault::TokenLostResponse,
    ] {
        let sim = org(5, rotating);
        let fixture = Fixture::unconnected(QUICK);
        sign_in(&fixture.engine, &sim);
        sim.set_faults(&[fault]);
        sim.set_fault_period(2);
        for round in 0..4 {
            let renewed = fixture.engine.refresh_token();
            renewed.unwrap_or_else(|error| panic!("{fault:?}, round {round}: {error}"));
        }
        assert_eq!(sim.token_reuses(), 0, "{fault:?}");
        sim.clear_faults();
        fixture.sync().unwrap();
    }
}

#[test]
fn what_stays_keeps_the_token() {
    for (fault, code) in [
        (Fault::TokenAlwaysServerError, ErrorCode::OktaInternal),
        (Fault::TokenAlwaysRateLimited, ErrorCode::RateLimited),
        // Comes as invalid_grant, which is final with any status but 429.
        (Fault::TokenUserRateLimit, ErrorCode::RateLimited),
        (Fault::TokenRedirect, ErrorCode::Redirected),
        (Fault::TokenNotJson, ErrorCode::NotJson),
        // A token is believed with 200 only, however sound it looks.
        (Fault::TokenPartial, ErrorCode::UnexpectedStatus),
        (Fault::TokenChanged, ErrorCode::UnexpectedStatus),
    ] {
        let sim = org(5, rotating);
        let fixture = Fixture::unconnected(QUICK);
        sign_in(&fixture.engine, &sim);
        sim.set_faults(&[fault]);
        sim.set_fault_period(1);
        assert_code(&fixture.engine.refresh_token().unwrap_err(), code);
        assert_eq!(fixture.engine.token_status().unwrap().problem, 0, "{fault:?}");
        assert!(sim.attacker_requests().is_empty(), "{fault:?}");
        sim.clear_faults();
        fixture.engine.refresh_token().unwrap();
        fixture.sync().unwrap();
        assert_eq!(sim.token_reuses(), 0, "{fault:?}");
    }
}

#[test]
fn a_cancelled_renewal_keeps_what_okta_answered() {
    let sim = org_without_grace();
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    let before = grants(&sim, "refresh_token");
    std::thread::scope(|scope| {
        let (is_made, held) = held_answer(&sim);
        let renewal = scope.spawn(|| fixture.engine.refresh_token());
        is_made.recv().unwrap();
        fixture.engine.cancel();
        drop(held);
        assert_code(&renewal.join().unwrap().unwrap_err(), ErrorCode::Cancelled);
    });
    assert_eq!(grants(&sim, "refresh_token"), before + 1);
    fixture.engine.refresh_token().unwrap();
    assert_eq!(sim.token_reuses(), 0);
}

#[test]
fn a_new_connection_waits_for_a_renewal_and_stays() {
    let sim = org_without_grace();
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    std::thread::scope(|scope| {
        let (is_made, held) = held_answer(&sim);
        let renewal = scope.spawn(|| fixture.engine.refresh_token());
        is_made.recv().unwrap();
        let connecting = scope.spawn(|| fixture.engine.connect(sim.url(), sim.token(Role::SuperAdmin)));
        drop(held);
        // The one who came first is waited for: a rotated token that arrives too late could not be revoked.
        renewal.join().unwrap().unwrap();
        connecting.join().unwrap().unwrap();
    });
    let status = fixture.engine.token_status().unwrap();
    assert_eq!(status.kind, CredentialKind::ApiToken);
    fixture.sync().unwrap();
}

#[test]
fn a_token_that_cannot_be_mirrored_is_not_used_and_not_lost() {
    let sim = org_without_grace();
    let fixture = Fixture::unconnected(QUICK);
    let shared = tempfile::tempdir().unwrap();
    let folder = shared.path().join("home");
    std::fs::create_dir(&folder).unwrap();
    let mirror = folder.join("credential");
    fixture
        .engine
        .set("credentials.mirror_file", mirror.to_str().unwrap())
        .unwrap();
    sign_in(&fixture.engine, &sim);
    assert!(mirror.exists());
    std::fs::remove_dir_all(&folder).unwrap();
    for _ in 0..2 {
        assert_code(
            &fixture.engine.refresh_token().unwrap_err(),
            ErrorCode::MirrorFailed,
        );
    }
    std::fs::create_dir(&folder).unwrap();
    fixture.engine.refresh_token().unwrap();
    fixture.sync().unwrap();
    assert!(mirror.exists());
    assert_eq!(sim.token_reuses(), 0);
}

#[test]
fn closing_in_the_middle_of_a_renewal_keeps_what_okta_answered() {
    let sim = org_without_grace();
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    std::thread::scope(|scope| {
        let (is_made, held) = held_answer(&sim);
        let renewal = scope.spawn(|| fixture.engine.refresh_token());
        is_made.recv().unwrap();
        let closing = scope.spawn(|| fixture.engine.close());
        drop(held);
        closing.join().unwrap().unwrap();
        // Cancelled, or done just before.
        drop(renewal.join().unwrap());
    });
    let engine = Engine::open(&fixture.file(), settings_of(QUICK)).unwrap();
    engine.refresh_token().unwrap();
    assert_eq!(sim.token_reuses(), 0);
}
