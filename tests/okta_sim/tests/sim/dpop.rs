//! Service apps and proofs of possession: assertions, nonces, bound tokens.

use okta_sim::{OktaSim, Role};
use serde_json::{Value, json};

use crate::client::{Answer, send};
use crate::sign_in::{
    Signer, authorize, carried, exchange, named, now, oauth_error, org_with, post, sha256, text, try_post,
};

fn token_url(sim: &OktaSim) -> String {
    format!("{}/oauth2/v1/token", sim.url())
}

/// The claims of a sound assertion, with some replaced.
fn claims(sim: &OktaSim, changes: &Value) -> Value {
    let id = sim.service_app().client_id;
    let mut claims = json!({
        "iss": id, "sub": id, "aud": token_url(sim), "exp": now() + 300, "iat": now() - 1,
    });
    for (name, value) in changes.as_object().expect("claims") {
        claims[name] = value.clone();
    }
    claims
}

fn ask_for(sim: &OktaSim, assertion: &str, scope: &str, headers: &[&str]) -> Answer {
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let pairs = [
        ("grant_type", "client_credentials"),
        ("scope", scope),
        ("client_assertion_type", kind),
        ("client_assertion", assertion),
    ];
    try_post(sim, "/oauth2/v1/token", &pairs, headers).expect("an answer")
}

fn signed(sim: &OktaSim, changes: &Value) -> String {
    Signer::of_service(sim).sign(&json!({"alg": "ES256"}), &claims(sim, changes))
}

/// A call of the management API with a bound token.
fn call(sim: &OktaSim, scheme: &str, token: &str, proof: Option<&str>) -> Answer {
    let authorization = format!("Authorization: {scheme} {token}");
    let mut headers = vec![authorization.as_str()];
    headers.extend(proof);
    send(sim, "GET", "/api/v1/users?limit=1", &headers, "").expect("an answer")
}

fn challenged(answer: &Answer) -> (u16, String) {
    assert!(answer.body.is_empty());
    let line = answer.header("www-authenticate").unwrap_or_default();
    let error = line.split("error=\"").nth(1).unwrap_or_default();
    (
        answer.status,
        error.split('"').next().unwrap_or_default().to_owned(),
    )
}

#[test]
fn a_service_app_signs_in_with_its_key_only() {
    let sim = org_with(|_| {});
    let tokens = ask_for(&sim, &signed(&sim, &json!({})), "okta.users.read", &[]).json();
    assert!(tokens.get("refresh_token").is_none());
    assert_eq!(
        call(&sim, "Bearer", &text(&tokens, "access_token"), None).status,
        200
    );
    let by_secret = post(
        &sim,
        "/oauth2/v1/token",
        &[("grant_type", "client_credentials")],
        &[],
    );
    assert_eq!(oauth_error(&by_secret), (401, "invalid_client".into()));
    sim.change_service_app(|app| app.role = Role::RoleLess);
    let tokens = ask_for(&sim, &signed(&sim, &json!({})), "okta.users.read", &[]).json();
    assert_eq!(
        call(&sim, "Bearer", &text(&tokens, "access_token"), None).body,
        b"[]"
    );
}

#[test]
fn assertions_that_are_refused() {
    let sim = org_with(|_| {});
    for changes in [
        json!({"aud": sim.url()}),
        json!({"iss": "0oanobody"}),
        json!({"sub": "0oanobody"}),
        json!({"exp": now() - 1}),
        json!({"exp": now() + 4_000}),
        json!({"exp": null}),
        json!({"iat": now() + 60}),
    ] {
        let answer = ask_for(&sim, &signed(&sim, &changes), "okta.users.read", &[]);
        assert_eq!(oauth_error(&answer), (401, "invalid_client".into()), "{changes}");
    }
    let foreign = Signer::new().sign(&json!({"alg": "ES256"}), &claims(&sim, &json!({})));
    assert_eq!(ask_for(&sim, &foreign, "okta.users.read", &[]).status, 401);
    let header = json!({"alg": "ES256", "kid": "another"});
    let wrong_key = Signer::of_service(&sim).sign(&header, &claims(&sim, &json!({})));
    assert_eq!(ask_for(&sim, &wrong_key, "okta.users.read", &[]).status, 401);
    let once = signed(&sim, &json!({"jti": "1"}));
    assert_eq!(ask_for(&sim, &once, "okta.users.read", &[]).status, 200);
    assert_eq!(ask_for(&sim, &once, "okta.users.read", &[]).status, 401, "used");
    let without_id = signed(&sim, &json!({}));
    assert_eq!(ask_for(&sim, &without_id, "okta.users.read", &[]).status, 200);
    assert_eq!(ask_for(&sim, &without_id, "okta.users.read", &[]).status, 200);
}

#[test]
fn scopes_of_a_service_app() {
    let sim = org_with(|_| {});
    let asked = |scope: &str| ask_for(&sim, &signed(&sim, &json!({})), scope, &[]);
    assert_eq!(oauth_error(&asked("openid")), (400, "invalid_scope".into()));
    assert_eq!(oauth_error(&asked("")), (400, "invalid_scope".into()));
    assert_eq!(
        oauth_error(&asked("okta.logs.read")),
        (400, "consent_required".into())
    );
    assert_eq!(
        asked("okta.logs.read okta.users.read").json()["scope"],
        "okta.users.read"
    );
}

#[test]
fn the_nonce_dance() {
    let sim = org_with(|_| {});
    sim.change_service_app(|app| app.dpop_required = true);
    let key = Signer::new();
    let attempt = |assertion: &str, jti: &str, nonce: Option<&str>| {
        let proof = key.proof(&json!({
            "htm": "POST", "htu": token_url(&sim), "iat": now(), "jti": jti, "nonce": nonce,
        }));
        ask_for(&sim, assertion, "okta.users.read", &[&proof])
    };
    let assertion = |jti: &str| signed(&sim, &json!({"jti": jti}));
    let bare = ask_for(&sim, &assertion("0"), "okta.users.read", &[]);
    assert_eq!(oauth_error(&bare), (400, "invalid_dpop_proof".into()));
    let first = attempt(&assertion("1"), "p1", None);
    assert_eq!(oauth_error(&first), (400, "use_dpop_nonce".into()));
    let nonce = first.header("dpop-nonce").expect("a nonce").to_owned();
    let same_assertion = attempt(&assertion("1"), "p2", Some(&nonce));
    assert_eq!(
        oauth_error(&same_assertion),
        (401, "invalid_client".into()),
        "it was used up"
    );
    let same_proof = attempt(&assertion("2"), "p1", Some(&nonce));
    assert_eq!(oauth_error(&same_proof), (400, "invalid_dpop_proof".into()));
    let good = attempt(&assertion("3"), "p3", Some(&nonce));
    assert_eq!(good.json()["token_type"], "DPoP");
    assert!(good.header("dpop-nonce").is_some());
    sim.renew_dpop_nonce();
    let late = attempt(&assertion("4"), "p4", Some(&nonce));
    assert_eq!(oauth_error(&late), (400, "use_dpop_nonce".into()));
    assert_ne!(late.header("dpop-nonce"), Some(nonce.as_str()));
}

/// A bound access token of the web app, and its refresh token.
fn bound(sim: &OktaSim, key: &Signer) -> (String, String) {
    let proof = |nonce: Option<&str>, jti: &str| {
        key.proof(&json!({
            "htm": "POST", "htu": token_url(sim), "iat": now(), "jti": jti, "nonce": nonce,
        }))
    };
    let code = named(&carried(&authorize(sim, &[])), "code");
    let first = exchange(sim, &code, &[&proof(None, "a")]);
    let nonce = first.header("dpop-nonce").expect("a nonce").to_owned();
    let tokens = exchange(sim, &code, &[&proof(Some(&nonce), "b")]).json();
    (text(&tokens, "access_token"), text(&tokens, "refresh_token"))
}

#[test]
fn a_bound_token_needs_a_proof_for_each_call() {
    let sim = org_with(|app| app.dpop_required = true);
    let key = Signer::new();
    let (token, _) = bound(&sim, &key);
    let hash = sha256(token.as_bytes());
    let url = format!("{}/api/v1/users", sim.url());
    let sound = |jti: &str| json!({"htm": "GET", "htu": url, "iat": now(), "jti": jti, "ath": hash});
    let with = |name: &str, value: Value| {
        let mut claims = sound(&format!("other-{name}-{value}"));
        claims[name] = value;
        challenged(&call(&sim, "DPoP", &token, Some(&key.proof(&claims))))
    };
    let proof = key.proof(&sound("1"));
    assert_eq!(call(&sim, "DPoP", &token, Some(&proof)).status, 200);
    let refused = || (400, "invalid_dpop_proof".to_owned());
    assert_eq!(
        challenged(&call(&sim, "DPoP", &token, Some(&proof))),
        refused(),
        "used"
    );
    assert_eq!(with("htm", json!("POST")), refused());
    assert_eq!(
        with("htu", json!(format!("{}//api/v1/users", sim.url()))),
        refused()
    );
    assert_eq!(with("iat", json!(now() - 400)), refused());
    assert_eq!(with("iat", json!(now() + 400)), refused());
    assert_eq!(with("ath", json!("x")), refused());
    assert_eq!(with("jti", json!("")), refused());
    let foreign = Signer::new().proof(&sound("2"));
    assert_eq!(challenged(&call(&sim, "DPoP", &token, Some(&foreign))), refused());
    assert_eq!(challenged(&call(&sim, "DPoP", &token, None)).1, "invalid_request");
    assert_eq!(
        challenged(&call(&sim, "Bearer", &token, None)).1,
        "invalid_request"
    );
    sim.expire_access_tokens();
    let late = call(&sim, "DPoP", &token, Some(&key.proof(&sound("3"))));
    assert_eq!(challenged(&late), (401, "invalid_token".into()));
    assert!(
        late.header("www-authenticate")
            .is_some_and(|line| line.starts_with("DPoP algs=\"RS256 "))
    );
}

#[test]
fn a_refresh_needs_the_key_of_the_sign_in() {
    let sim = org_with(|app| app.dpop_required = true);
    let key = Signer::new();
    let (_, token) = bound(&sim, &key);
    let refresh = |key: &Signer, jti: &str| {
        let nonce = {
            let claims =
                json!({"htm": "POST", "htu": token_url(&sim), "iat": now(), "jti": format!("{jti}-0")});
            let pairs = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
            let answer = post(&sim, "/oauth2/v1/token", &pairs, &[&key.proof(&claims)]);
            answer.header("dpop-nonce").expect("a nonce").to_owned()
        };
        let claims = json!({
            "htm": "POST", "htu": token_url(&sim), "iat": now(), "jti": jti, "nonce": nonce,
        });
        let pairs = [("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
        post(&sim, "/oauth2/v1/token", &pairs, &[&key.proof(&claims)])
    };
    assert_eq!(refresh(&key, "r1").json()["token_type"], "DPoP");
    assert_eq!(
        oauth_error(&refresh(&Signer::new(), "r2")),
        (400, "invalid_dpop_proof".into())
    );
}
