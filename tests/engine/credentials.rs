//! Connecting and staying connected, against the simulated org: restarts, one renewal at a time,
//! single use, disconnecting.

use std::sync::Barrier;
use std::time::Duration;

use okta_profiles::contract::errors::{ErrorCode, Result};
use okta_profiles::engine::{ClientSecret, Engine, OAuthClient, SealingKey, ServiceApp};
use okta_profiles::model::{AuthorizationRequest, CredentialKind, SyncOptions, TokenStatus};
use okta_profiles::secret::Secret;
use okta_sim::{OAuthApp, OktaSim, Role};

use crate::fixture::{Fixture, QUICK, assert_code, settings_of};
use crate::sign_in::{REDIRECT_URI, begin, browse, grants, org, rotating, sign_in};

/// A token endpoint slow enough for others to come while it is asked.
const SLOW: Duration = Duration::from_millis(700);

#[test]
fn a_sign_in_survives_restarts_and_syncs() {
    let sim = org(300, |_| {});
    let mut fixture = Fixture::unconnected(QUICK);
    assert_eq!(fixture.engine.token_status().unwrap().kind, CredentialKind::None);
    let callback = begin(&fixture.engine, &sim);
    fixture.engine.close().unwrap();
    fixture.engine = Engine::open(&fixture.file(), settings_of(QUICK)).unwrap();
    let status = fixture.engine.complete_authorization(&callback).unwrap();
    assert_eq!(status.kind, CredentialKind::Oauth);
    assert!(status.scopes.contains(&"okta.users.read".to_owned()));
    assert!(status.sign_in_ends.is_some(), "{status:?}");
    assert!(!status.sign_in_warning && !status.dpop);
    let again = fixture.engine.complete_authorization(&callback).unwrap_err();
    assert_code(&again, ErrorCode::AuthorizationUnknown);
    fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    fixture.engine.close().unwrap();
    fixture.engine = Engine::open(&fixture.file(), settings_of(QUICK)).unwrap();
    assert_eq!(fixture.engine.org_url().as_deref(), Some(sim.url()));
    fixture.sync().unwrap();
    assert_eq!(
        grants(&sim, "refresh_token"),
        0,
        "the token of the sign-in is still good"
    );
    assert!(sim.attacker_requests().is_empty());
}

#[test]
fn a_refused_token_is_renewed_once_and_the_question_repeated() {
    let sim = org(50, rotating);
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    sim.expire_access_tokens();
    fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    assert_eq!(grants(&sim, "refresh_token"), 1);
    assert_eq!(sim.token_reuses(), 0);
}

#[test]
fn many_requests_in_flight_share_one_renewal() {
    let mut app = OAuthApp::web(&[REDIRECT_URI]);
    rotating(&mut app);
    let latency = Duration::from_millis(20);
    let sim = OktaSim::builder()
        .users(3_000)
        .web_app(app)
        .latency(latency)
        .start()
        .unwrap();
    let mut settings = QUICK.to_vec();
    settings.push(("sync.page_size", "20"));
    let fixture = Fixture::unconnected(&settings);
    sign_in(&fixture.engine, &sim);
    sim.at_request(60, okta_sim::Org::expire_access_tokens);
    fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    let refused = sim.requests().iter().filter(|one| one.status == 401).count();
    assert!(refused > 1, "several requests were in flight");
    assert_eq!(grants(&sim, "refresh_token"), 1);
}

#[test]
fn eight_threads_make_one_request() {
    let mut app = OAuthApp::web(&[REDIRECT_URI]);
    rotating(&mut app);
    let sim = OktaSim::builder()
        .users(5)
        .web_app(app)
        .latency(SLOW)
        .start()
        .unwrap();
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    let barrier = Barrier::new(8);
    let statuses: Vec<TokenStatus> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    fixture.engine.refresh_token().unwrap()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(statuses.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(grants(&sim, "refresh_token"), 1);
}

#[test]
fn the_end_of_the_sign_in_is_final_and_remembered() {
    let sim = org(5, rotating);
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    sim.end_sign_ins();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::SignInEnded);
    let asked = grants(&sim, "refresh_token");
    assert_code(
        &fixture.engine.refresh_token().unwrap_err(),
        ErrorCode::SignInEnded,
    );
    assert_eq!(
        grants(&sim, "refresh_token"),
        asked,
        "nobody asks with a dead token"
    );
    let status = fixture.engine.token_status().unwrap();
    assert_eq!(status.problem, ErrorCode::SignInEnded.number());
    sign_in(&fixture.engine, &sim);
    fixture.sync().unwrap();
}

/// Begins a sign-in with the client secret that is stored.
fn begin_again(engine: &Engine, org_url: &str, client_id: &str) -> Result<AuthorizationRequest> {
    engine.begin_authorization(&OAuthClient {
        org_url,
        client_id,
        client_secret: ClientSecret::Stored,
        redirect_uri: REDIRECT_URI,
        dpop: false,
    })
}

#[test]
fn one_signs_in_again_with_the_stored_secret() {
    let sim = org(5, rotating);
    let client_id = sim.web_app().client_id;
    let mut fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    fixture.engine.close().unwrap();
    fixture.engine = Engine::open(&fixture.file(), settings_of(QUICK)).unwrap();
    sim.end_sign_ins();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::SignInEnded);
    // The same org, pasted otherwise.
    let pasted = format!("{}/oauth2/default", sim.url());
    let begun = begin_again(&fixture.engine, &pasted, &client_id).unwrap();
    assert!(!begun.url.contains(&sim.web_app().client_secret));
    let status = fixture
        .engine
        .complete_authorization(&browse(&begun.url))
        .unwrap();
    assert_eq!(status.problem, 0);
    fixture.sync().unwrap();
    // Kept on, and good for the next time.
    begin_again(&fixture.engine, sim.url(), &client_id).unwrap();
}

#[test]
fn a_stored_secret_goes_to_its_own_org_and_client_only() {
    let sim = org(5, |_| {});
    let other = org(5, |_| {});
    let client_id = sim.web_app().client_id;
    let fixture = Fixture::unconnected(QUICK);
    let engine = &fixture.engine;
    let refused = |org_url: &str, client_id: &str| {
        let error = begin_again(engine, org_url, client_id).unwrap_err();
        assert_code(&error, ErrorCode::InvalidArgument);
        assert!(
            error.to_string().contains("No client secret is stored"),
            "{error}"
        );
    };
    refused(sim.url(), &client_id);
    sign_in(engine, &sim);
    refused(other.url(), &client_id);
    refused(&sim.url().replace("127.0.0.1", "localhost"), &client_id);
    refused(sim.url(), "0oaAnotherClient");
    refused(sim.url(), &client_id[1..]);
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    refused(sim.url(), &client_id);
    sign_in(engine, &sim);
    engine.disconnect().unwrap();
    refused(sim.url(), &client_id);
    assert!(other.requests().is_empty());
}

#[test]
fn an_api_token_survives_a_restart() {
    let sim = OktaSim::builder().users(20).seed(7).start().unwrap();
    let mut fixture = Fixture::connected(&sim, QUICK);
    fixture.engine.close().unwrap();
    fixture.engine = Engine::open(&fixture.file(), settings_of(QUICK)).unwrap();
    assert_eq!(
        fixture.engine.token_status().unwrap().kind,
        CredentialKind::ApiToken
    );
    fixture.sync().unwrap();
    fixture.engine.disconnect().unwrap();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::NotConnected);
    fixture
        .engine
        .connect(sim.url(), sim.token(Role::SuperAdmin))
        .unwrap();
    fixture.sync().unwrap();
}

#[test]
fn a_key_of_the_host_opens_and_a_wrong_one_says_so() {
    let sim = OktaSim::builder().users(20).seed(7).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let open = |key: u8| {
        let key = SealingKey::from_bytes(&[key; 32]).unwrap();
        Engine::open_with_key(&file, settings_of(QUICK), key).unwrap()
    };
    let engine = open(1);
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    engine.sync(SyncOptions::default()).unwrap();
    engine.close().unwrap();
    let engine = open(2);
    assert_code(&engine.validate().unwrap_err(), ErrorCode::SealingKeyWrong);
    assert_eq!(engine.statistics().unwrap().okta_users, 20);
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    engine.sync(SyncOptions::default()).unwrap();
    engine
        .rekey(Some(SealingKey::from_bytes(&[3; 32]).unwrap()))
        .unwrap();
    engine.sync(SyncOptions::default()).unwrap();
    engine.close().unwrap();
    open(3).sync(SyncOptions::default()).unwrap();
}

#[test]
fn disconnecting_revokes_and_says_so_if_it_cannot() {
    let sim = org(5, |_| {});
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    fixture.engine.disconnect().unwrap();
    let revoked = sim
        .requests()
        .iter()
        .any(|one| one.path_and_query == "/oauth2/v1/revoke");
    assert!(revoked);
    assert_eq!(fixture.engine.token_status().unwrap().kind, CredentialKind::None);
    sign_in(&fixture.engine, &sim);
    drop(sim);
    assert_code(&fixture.engine.disconnect().unwrap_err(), ErrorCode::NotRevoked);
    assert_eq!(fixture.engine.token_status().unwrap().kind, CredentialKind::None);
}

#[test]
fn a_service_app_syncs_with_and_without_dpop() {
    for demanded in [false, true] {
        for wanted in [false, true] {
            let sim = org(60, |_| {});
            sim.change_service_app(|app| app.dpop_required = demanded);
            let fixture = Fixture::unconnected(QUICK);
            let app = sim.service_app();
            let key = Secret::text(sim.service_private_key());
            fixture
                .engine
                .connect_service_app(&ServiceApp {
                    org_url: sim.url(),
                    client_id: &app.client_id,
                    private_key_pem: &key,
                    key_id: "",
                    dpop: wanted,
                })
                .unwrap();
            fixture.sync().unwrap();
            fixture.assert_equals_org(&sim);
            let status = fixture.engine.refresh_token().unwrap();
            assert_eq!(status.kind, CredentialKind::ServiceApp);
            assert_eq!(
                status.dpop,
                demanded || wanted,
                "demanded {demanded}, wanted {wanted}"
            );
            fixture.engine.disconnect().unwrap();
        }
    }
}

#[test]
fn a_sign_in_with_dpop_renews_with_the_same_key() {
    let sim = org(60, |app| {
        rotating(app);
        app.dpop_required = true;
    });
    let fixture = Fixture::unconnected(QUICK);
    assert!(sign_in(&fixture.engine, &sim).dpop);
    fixture.sync().unwrap();
    sim.renew_dpop_nonce();
    sim.expire_access_tokens();
    fixture.sync().unwrap();
    assert!(fixture.engine.refresh_token().unwrap().dpop);
    fixture.assert_equals_org(&sim);
}
