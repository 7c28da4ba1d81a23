//! The sign-in of a user: authorization, codes, refresh tokens, scopes, and how it all ends.

use std::time::Duration;

use serde_json::json;

use crate::client::{Answer, get, send};
use crate::sign_in::{
    REDIRECT_URI, ask, authorize, carried, encode, exchange, named, oauth_error, org_with, post, refresh,
    sign_in, text, try_post,
};

fn redirect_error(answer: &Answer) -> String {
    let pairs = carried(answer);
    assert!(!named(&pairs, "error_description").is_empty());
    named(&pairs, "error")
}

#[test]
fn the_guide_s_sign_in() {
    let sim = org_with(|_| {});
    let pairs = carried(&authorize(&sim, &[]));
    assert_eq!(named(&pairs, "state"), "state-1.a");
    let answer = exchange(&sim, &named(&pairs, "code"), &[]);
    let tokens = answer.json();
    assert_eq!(
        (tokens["token_type"].as_str(), tokens["expires_in"].as_u64()),
        (Some("Bearer"), Some(3_600))
    );
    assert_eq!(tokens["scope"], "okta.users.read okta.groups.read offline_access");
    assert_eq!(ask(&sim, &text(&tokens, "access_token")).status, 200);
    let again = refresh(&sim, &text(&tokens, "refresh_token")).json();
    assert_eq!(again["refresh_token"], tokens["refresh_token"], "persistent");
    assert_ne!(again["access_token"], tokens["access_token"]);
    let log = sim.requests();
    let grants: Vec<_> = log.iter().filter_map(|one| one.grant_type.as_deref()).collect();
    assert_eq!(grants, ["authorization_code", "refresh_token"]);
    assert!(log.iter().all(|one| one.arrived <= one.at));
}

#[test]
fn every_error_that_goes_to_the_redirect_uri() {
    let sim = org_with(|_| {});
    for (changes, error) in [
        (vec![("response_type", "token")], "unsupported_response_type"),
        (
            vec![("response_mode", "okta_post_message")],
            "unsupported_response_mode",
        ),
        (vec![("state", "")], "invalid_request"),
        (vec![("state", "a b")], "invalid_request"),
        (vec![("code_challenge_method", "plain")], "invalid_request"),
        (vec![("code_challenge", "short")], "invalid_request"),
        (vec![("scope", "okta.users.write")], "invalid_scope"),
        (vec![("scope", "")], "invalid_scope"),
        (
            vec![("scope", "okta.logs.read offline_access")],
            "consent_required",
        ),
    ] {
        assert_eq!(redirect_error(&authorize(&sim, &changes)), error, "{changes:?}");
    }
    sim.change_web_app(|app| app.user_assigned = false);
    assert_eq!(redirect_error(&authorize(&sim, &[])), "access_denied");
    sim.change_web_app(|app| {
        app.user_assigned = true;
        app.requires_pkce = true;
        app.consent_page = true;
    });
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    assert_eq!(redirect_error(&authorize(&sim, &without)), "invalid_request");
    assert_eq!(
        redirect_error(&authorize(&sim, &[("prompt", "none")])),
        "login_required"
    );
    sim.fail_next_authorize("temporarily_unavailable", "Later.");
    let answer = carried(&authorize(&sim, &[]));
    assert_eq!(named(&answer, "error"), "temporarily_unavailable");
    assert_eq!(named(&answer, "state"), "state-1.a");
    assert_eq!(authorize(&sim, &[]).status, 200, "only once");
}

#[test]
fn a_wrong_client_or_redirect_uri_is_not_redirected() {
    let sim = org_with(|_| {});
    let slash = format!("{REDIRECT_URI}/");
    for changes in [
        [("client_id", "0oanobody")],
        [("redirect_uri", slash.as_str())],
        [("redirect_uri", "https://attacker.example.com/")],
    ] {
        let answer = authorize(&sim, &changes);
        assert!(
            answer.status == 400 && answer.header("location").is_none(),
            "{changes:?}"
        );
    }
}

#[test]
fn the_consent_page_has_two_buttons() {
    let sim = org_with(|app| app.consent_page = true);
    let page = authorize(&sim, &[("state", "s.1")]);
    let html = String::from_utf8(page.body).expect("text");
    assert!(html.contains("<li>okta.groups.read</li>"), "{html}");
    let field = |line: &str| -> Option<(String, String)> {
        let (name, value) = line.split_once("name=\"")?.1.split_once("\" value=\"")?;
        Some((name.to_owned(), value.split('"').next()?.replace("&amp;", "&")))
    };
    let hidden: Vec<_> = html
        .lines()
        .filter(|line| line.contains("hidden"))
        .filter_map(field)
        .collect();
    let press = |button: &'static str| {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        pairs.extend(hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        pairs.push(("sim_answer", button));
        carried(&try_post(&sim, "/oauth2/v1/authorize/consent", &pairs, &[]).expect("an answer"))
    };
    assert_eq!(named(&press("deny"), "error"), "access_denied");
    let agreed = press("allow");
    assert_eq!(named(&agreed, "state"), "s.1");
    assert_eq!(exchange(&sim, &named(&agreed, "code"), &[]).status, 200);
}

#[test]
fn other_response_modes() {
    let sim = org_with(|_| {});
    let answer = authorize(&sim, &[("response_mode", "fragment")]);
    assert!(
        answer
            .header("location")
            .is_some_and(|to| to.contains("connection-page#code="))
    );
    let answer = authorize(&sim, &[("response_mode", "form_post")]);
    let html = String::from_utf8(answer.body).expect("text");
    assert!(html.contains(&format!("action=\"{REDIRECT_URI}\"")) && html.contains("name=\"code\""));
}

#[test]
fn a_code_is_good_once_for_the_one_who_asked() {
    let sim = org_with(|_| {});
    let code = || named(&carried(&authorize(&sim, &[])), "code");
    let with = |code: &str, name: &str, value: &str| {
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", crate::sign_in::VERIFIER),
        ];
        pairs.retain(|(known, _)| *known != name);
        pairs.push((name, value));
        oauth_error(&post(&sim, "/oauth2/v1/token", &pairs, &[]))
    };
    let invalid = || (400, "invalid_grant".to_owned());
    assert_eq!(with("nonsense", "code_verifier", "x"), invalid());
    assert_eq!(with(&code(), "code_verifier", "wrong"), invalid());
    assert_eq!(
        with(&code(), "redirect_uri", "https://jira.example.com/"),
        invalid()
    );
    let used = code();
    let tokens = exchange(&sim, &used, &[]).json();
    assert_eq!(oauth_error(&exchange(&sim, &used, &[])), invalid());
    assert_eq!(
        ask(&sim, &text(&tokens, "access_token")).status,
        401,
        "what it gave has ended"
    );
    sim.change_web_app(|app| app.code_lifetime = Duration::ZERO);
    assert_eq!(oauth_error(&exchange(&sim, &code(), &[])), invalid());
}

#[test]
fn a_client_shows_itself_in_exactly_one_way() {
    let sim = org_with(|_| {});
    let app = sim.web_app();
    let (id, secret) = (app.client_id.as_str(), app.client_secret.as_str());
    let basic = |text: &str| {
        use base64::Engine;
        let text = base64::engine::general_purpose::STANDARD.encode(text);
        format!("Authorization: Basic {text}")
    };
    let asked = |pairs: &[(&str, &str)], headers: &[&str]| {
        let mut all = vec![("grant_type", "refresh_token"), ("refresh_token", "x")];
        all.extend(pairs);
        oauth_error(&try_post(&sim, "/oauth2/v1/token", &all, headers).expect("an answer"))
    };
    let good = basic(&format!("{id}:{secret}"));
    let unknown_grant = || (400, "invalid_grant".to_owned());
    let refused = || (401, "invalid_client".to_owned());
    assert_eq!(asked(&[], &[&good]), unknown_grant());
    assert_eq!(
        asked(&[("client_id", id), ("client_secret", secret)], &[]),
        unknown_grant()
    );
    assert_eq!(
        asked(&[("client_secret", secret)], &[&good]),
        (400, "invalid_request".into())
    );
    assert_eq!(
        asked(&[("client_id", id), ("client_secret", "wrong")], &[]),
        refused()
    );
    assert_eq!(asked(&[], &[&basic("0oanobody:x")]), refused());
    assert_eq!(asked(&[], &["Authorization: Bearer x"]), refused());
    assert_eq!(asked(&[("client_id", id)], &[]), refused());
    assert_eq!(asked(&[], &[]), refused());
    assert_eq!(
        asked(&[("client_id", id), ("client_id", id)], &[]).1,
        "invalid_request"
    );
}

#[test]
fn metadata_names_the_endpoints_and_not_the_scopes() {
    let sim = org_with(|_| {});
    let metadata = get(&sim, "/.well-known/openid-configuration").json();
    assert_eq!(metadata["issuer"], sim.url());
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
    assert!(!metadata["scopes_supported"].to_string().contains("okta."));
    let unknown = get(&sim, "/.well-known/oauth-authorization-server?client_id=nobody");
    assert_eq!(
        (unknown.status, unknown.error_code()),
        (400, "invalid_client".into())
    );
    assert_eq!(get(&sim, "/oauth2/v1/keys").json()["keys"][0]["kty"], "EC");
}

#[test]
fn control_endpoints_change_the_apps() {
    let sim = org_with(|_| {});
    let change = |body: serde_json::Value| {
        send(&sim, "POST", "/sim/oauth", &[], &body.to_string())
            .expect("an answer")
            .json()
    };
    assert_eq!(
        change(json!({"web": {"access_token_seconds": 7, "role": "role_less"}})),
        json!({"ok": true})
    );
    assert_eq!(sign_in(&sim)["expires_in"], 7);
    assert!(change(json!({"web": {"colour": 7}}))["error"].is_string());
    assert!(change(json!({"dance": true}))["error"].is_string());
    change(json!({"next_authorize_error": {"error": "server_error", "description": "Oh."}}));
    assert_eq!(redirect_error(&authorize(&sim, &[])), "server_error");
    let access = text(&sign_in(&sim), "access_token");
    assert_eq!(ask(&sim, &access).body, b"[]", "nobody is seen without a role");
    change(json!({"expire_access_tokens": true}));
    assert_eq!(ask(&sim, &access).status, 401);
    change(json!({"end_sign_ins": true}));
    let state = send(&sim, "GET", "/sim/oauth", &[], "")
        .expect("an answer")
        .json();
    assert_eq!(
        (&state["sign_ins"], &state["sign_ins_alive"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(state["web"]["redirect_uris"], json!([REDIRECT_URI]));
}

#[test]
fn a_form_must_be_a_form() {
    let sim = org_with(|_| {});
    let body = encode(&[("grant_type", "refresh_token")]);
    let answer = send(
        &sim,
        "POST",
        "/oauth2/v1/token",
        &["Content-Type: text/plain"],
        &body,
    )
    .expect("an answer");
    assert_eq!(oauth_error(&answer), (400, "invalid_request".into()));
    assert_eq!(
        send(&sim, "GET", "/oauth2/v1/token", &[], "")
            .expect("an answer")
            .status,
        405
    );
}
