//! Tokens after the sign-in: rotation, grace, reuse, lives, scopes, introspection, revocation.

use std::time::Duration;

use okta_sim::{OAuthApp, RefreshTokens};
use serde_json::json;

use crate::sign_in::{
    ask, authorize, carried, exchange, named, oauth_error, org_with, post, refresh, sign_in, text, try_post,
};

fn rotating(grace: Duration) -> impl FnOnce(&mut OAuthApp) {
    move |app| app.refresh_tokens = RefreshTokens::Rotating { grace }
}

#[test]
fn rotation_grace_and_reuse() {
    let sim = org_with(rotating(Duration::from_millis(400)));
    let first = sign_in(&sim);
    let (old, access) = (text(&first, "refresh_token"), text(&first, "access_token"));
    let second = refresh(&sim, &old).json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    let third = refresh(&sim, &old).json();
    assert_ne!(
        third["refresh_token"], second["refresh_token"],
        "in the grace, another one"
    );
    let newest = refresh(&sim, &text(&third, "refresh_token")).json();
    assert_eq!(sim.token_reuses(), 0);
    assert_eq!(ask(&sim, &access).status, 200);
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(oauth_error(&refresh(&sim, &old)), (400, "invalid_grant".into()));
    assert_eq!(sim.token_reuses(), 1);
    assert_eq!(
        oauth_error(&refresh(&sim, &text(&newest, "refresh_token"))).0,
        400
    );
    for tokens in [&first, &second, &newest] {
        assert_eq!(ask(&sim, &text(tokens, "access_token")).status, 401);
    }
}

#[test]
fn lives_end_and_rotation_does_not_lengthen_them() {
    let sim = org_with(|app| {
        app.access_token_lifetime = Duration::from_secs(1);
        app.sign_in_lifetime = Duration::from_secs(2);
        app.refresh_tokens = RefreshTokens::Rotating {
            grace: Duration::from_secs(30),
        };
    });
    let first = sign_in(&sim);
    std::thread::sleep(Duration::from_millis(1_100));
    let refused = ask(&sim, &text(&first, "access_token"));
    assert!(refused.status == 401 && refused.body.is_empty());
    let second = refresh(&sim, &text(&first, "refresh_token")).json();
    assert_eq!(ask(&sim, &text(&second, "access_token")).status, 200);
    std::thread::sleep(Duration::from_millis(1_000));
    let answer = refresh(&sim, &text(&second, "refresh_token"));
    assert_eq!(oauth_error(&answer), (400, "invalid_grant".into()));
    assert_eq!(sim.token_reuses(), 0);
}

#[test]
fn scopes_are_narrowed_in_silence() {
    let sim = org_with(|_| {});
    let code = named(
        &carried(&authorize(
            &sim,
            &[("scope", "okta.users.read okta.logs.read offline_access")],
        )),
        "code",
    );
    let tokens = exchange(&sim, &code, &[]).json();
    assert_eq!(tokens["scope"], "okta.users.read offline_access");
    let token = text(&tokens, "refresh_token");
    let asking = |scope: &str| {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str()),
            ("scope", scope),
        ];
        post(&sim, "/oauth2/v1/token", &pairs, &[])
    };
    assert_eq!(asking("okta.users.read").json()["scope"], "okta.users.read");
    assert_eq!(
        oauth_error(&asking("okta.groups.read")),
        (400, "access_denied".into())
    );
    sim.change_web_app(|app| app.granted_scopes.clear());
    assert_eq!(
        oauth_error(&refresh(&sim, &token)),
        (400, "consent_required".into())
    );
    sim.change_web_app(|app| app.refresh_token_grant = false);
    assert_eq!(
        oauth_error(&refresh(&sim, &token)),
        (400, "unauthorized_client".into())
    );
}

#[test]
fn without_offline_access_there_is_no_refresh_token() {
    let sim = org_with(|_| {});
    let code = named(
        &carried(&authorize(&sim, &[("scope", "okta.users.read")])),
        "code",
    );
    assert!(exchange(&sim, &code, &[]).json().get("refresh_token").is_none());
    sim.change_web_app(|app| app.refresh_token_grant = false);
    assert!(sign_in(&sim).get("refresh_token").is_none());
}

#[test]
fn introspection_and_revocation() {
    let sim = org_with(|_| {});
    let tokens = sign_in(&sim);
    let (access, offline) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    let state = |token: &str| post(&sim, "/oauth2/v1/introspect", &[("token", token)], &[]).json();
    let life = |token: &str| {
        let state = state(token);
        state["exp"]
            .as_i64()
            .zip(state["iat"].as_i64())
            .map(|(end, start)| end - start)
    };
    assert_eq!(life(&offline), Some(90 * 86_400));
    assert_eq!(life(&access), Some(3_600));
    assert_eq!(state("nonsense"), json!({"active": false}));
    let revoke = |token: &str| post(&sim, "/oauth2/v1/revoke", &[("token", token)], &[]).status;
    assert_eq!(revoke("nonsense"), 200);
    assert_eq!(revoke(&access), 200);
    assert_eq!(
        (ask(&sim, &access).status, refresh(&sim, &offline).status),
        (401, 200)
    );
    let newer = text(&refresh(&sim, &offline).json(), "access_token");
    assert_eq!(revoke(&offline), 200);
    assert_eq!(
        (ask(&sim, &newer).status, state(&offline)),
        (401, json!({"active": false}))
    );
    let stranger = try_post(&sim, "/oauth2/v1/revoke", &[("token", "x")], &[]).expect("an answer");
    assert_eq!(stranger.status, 401);
}
