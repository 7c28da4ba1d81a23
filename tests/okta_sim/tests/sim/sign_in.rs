//! What the tests of the authorization server share: a browser, a client, a signer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use okta_sim::{OAuthApp, OktaSim};
use rcgen::{KeyPair, PublicKeyData};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use crate::client::{Answer, send};

/// The redirect URI of the user's guide.
pub const REDIRECT_URI: &str =
    "https://jira.example.com/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const ALL_SCOPES: &str = "okta.users.read okta.groups.read offline_access";

/// An org with the web app of the guide.
pub fn org_with(edit: impl FnOnce(&mut OAuthApp)) -> OktaSim {
    let mut app = OAuthApp::web(&[REDIRECT_URI]);
    edit(&mut app);
    let builder = OktaSim::builder().users(50).web_app(app);
    builder.start().expect("a running org")
}

pub fn encode(pairs: &[(&str, &str)]) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(pairs).finish()
}

/// A sound authorization, with some parameters replaced, or left out if the value is empty.
pub fn authorize(sim: &OktaSim, changes: &[(&str, &str)]) -> Answer {
    let app = sim.web_app();
    let challenge = sha256(VERIFIER.as_bytes());
    let mut pairs = vec![
        ("client_id", app.client_id.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", ALL_SCOPES),
        ("state", "state-1.a"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    for &(name, value) in changes {
        pairs.retain(|(known, _)| *known != name);
        pairs.push((name, value));
    }
    pairs.retain(|(_, value)| !value.is_empty());
    let path = format!("/oauth2/v1/authorize?{}", encode(&pairs));
    send(sim, "GET", &path, &[], "").expect("an answer")
}

/// The parameters that an answer takes to the redirect URI.
pub fn carried(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.status, 302, "{}", String::from_utf8_lossy(&answer.body));
    let location = answer.header("location").expect("a location");
    let (uri, query) = location.split_once(['?', '#']).expect("parameters");
    assert_eq!(uri, REDIRECT_URI);
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.into_owned().collect()
}

pub fn named(pairs: &[(String, String)], name: &str) -> String {
    let found = pairs.iter().find(|(key, _)| key == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Posts a form; an error if there is no answer.
pub fn try_post(
    sim: &OktaSim,
    path: &str,
    pairs: &[(&str, &str)],
    headers: &[&str],
) -> std::io::Result<Answer> {
    let mut lines = vec!["Content-Type: application/x-www-form-urlencoded"];
    lines.extend(headers);
    send(sim, "POST", path, &lines, &encode(pairs))
}

/// Posts a form with the web app's credentials in it.
pub fn post(sim: &OktaSim, path: &str, pairs: &[(&str, &str)], headers: &[&str]) -> Answer {
    let app = sim.web_app();
    let mut all = vec![
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.as_str()),
    ];
    all.extend(pairs);
    try_post(sim, path, &all, headers).expect("an answer")
}

pub fn exchange(sim: &OktaSim, code: &str, headers: &[&str]) -> Answer {
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    post(sim, "/oauth2/v1/token", &pairs, headers)
}

pub fn refresh(sim: &OktaSim, token: &str) -> Answer {
    let pairs = [("grant_type", "refresh_token"), ("refresh_token", token)];
    post(sim, "/oauth2/v1/token", &pairs, &[])
}

/// Signs in and gives the first tokens.
pub fn sign_in(sim: &OktaSim) -> Value {
    let code = named(&carried(&authorize(sim, &[])), "code");
    let answer = exchange(sim, &code, &[]);
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

pub fn text(tokens: &Value, name: &str) -> String {
    tokens[name].as_str().unwrap_or_default().to_owned()
}

/// Asks the management API with a bearer token.
pub fn ask(sim: &OktaSim, token: &str) -> Answer {
    let header = format!("Authorization: Bearer {token}");
    send(sim, "GET", "/api/v1/users?limit=1", &[&header], "").expect("an answer")
}

pub fn oauth_error(answer: &Answer) -> (u16, String) {
    (answer.status, text(&answer.json(), "error"))
}

pub fn sha256(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes))
}

/// Signs JWTs with ES256.
pub struct Signer {
    pair: EcdsaKeyPair,
    pub jwk: Value,
}

impl Signer {
    pub fn new() -> Signer {
        let pair = KeyPair::generate().expect("a key");
        Signer::from_der(&pair.serialize_der(), pair.der_bytes())
    }

    /// The key that the org made for its service app.
    pub fn of_service(sim: &OktaSim) -> Signer {
        let pem = sim.service_private_key();
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).expect("PEM");
        let pair = KeyPair::from_pem(&pem).expect("a key");
        Signer::from_der(der.secret_pkcs8_der(), pair.der_bytes())
    }

    fn from_der(der: &[u8], point: &[u8]) -> Signer {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, der, &SystemRandom::new()).expect("a key");
        let (x, y) = point[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
        Signer { pair, jwk }
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.expect("a signature"));
        format!("{signed}.{signature}")
    }

    /// A DPoP proof as a header line.
    pub fn proof(&self, claims: &Value) -> String {
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk});
        format!("DPoP: {}", self.sign(&header, claims))
    }
}

/// Seconds since 1970.
pub fn now() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map(|since| since.as_secs()).unwrap_or_default()
}
