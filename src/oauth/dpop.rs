//! DPoP (RFC 9449): tokens are bound to a key, and every request with such a token carries a signed proof. A proof
//! is valid for one request, so each retry makes a new one.

use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::oauth::jws::{Signer, base64url, unique_id};
use crate::secret::Secret;

/// A proof is dated a little in the past, see `client_assertion`. Okta refuses proofs older than five minutes.
const BACKDATED_SECONDS: i64 = 5;

/// The key that tokens are bound to. It is never the key that authenticates the client.
#[derive(Debug)]
pub struct DpopKey(Signer);

/// The request that a proof is for.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The address of the request; the proof leaves out query and fragment.
    pub url: &'a Url,
    /// The access token of the request; none at the token endpoint.
    pub access_token: Option<&'a Secret>,
    /// The last nonce that the server gave.
    pub nonce: Option<&'a str>,
    /// The time by the server's clock.
    pub now: UnixMillis,
}

impl DpopKey {
    /// Makes a new key, in the form in which it is stored.
    pub fn generate() -> Result<Secret> {
        Signer::generate()
    }

    /// Reads a key from its stored form.
    pub fn from_kept(kept: &Secret) -> Result<DpopKey> {
        Signer::from_kept(kept).map(DpopKey)
    }

    /// The value of the header `DPoP` for one request.
    pub fn sign(&self, proof: &Proof<'_>) -> Result<String> {
        let jwk = self.0.public_jwk();
        let header = json!({ "typ": "dpop+jwt", "alg": self.0.algorithm(), "jwk": jwk });
        let mut url = proof.url.clone();
        url.set_query(None);
        url.set_fragment(None);
        let mut claims = json!({
            "htm": proof.method,
            "htu": url.as_str(),
            "iat": proof.now.0 / 1000 - BACKDATED_SECONDS,
            "jti": unique_id()?,
        });
        if let Some(token) = proof.access_token {
            claims["ath"] = json!(base64url(Sha256::digest(token.expose().as_bytes())));
        }
        if let Some(nonce) = proof.nonce {
            claims["nonce"] = json!(nonce);
        }
        self.0.sign(&header, &claims)
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
    use serde_json::Value;

    use super::*;

    fn parts(proof: &str) -> (Value, Value) {
        let mut parts = proof
            .split('.')
            .map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64url"));
        let mut next = || serde_json::from_slice(&parts.next().expect("a part")).expect("JSON");
        (next(), next())
    }

    #[test]
    fn a_proof_names_request_token_and_nonce_and_never_the_private_key() {
        let key = DpopKey::from_kept(&DpopKey::generate().expect("a key")).expect("readable");
        let url = Url::parse("https://example.okta.com/api/v1/users?limit=1#x").expect("a URL");
        let token = Secret::text("token".to_owned());
        let proof = Proof {
            method: "GET",
            url: &url,
            access_token: Some(&token),
            nonce: Some("n1"),
            now: UnixMillis(1_705_311_000_344),
        };
        let (header, claims) = parts(&key.sign(&proof).expect("a proof"));
        assert_eq!(header["typ"], "dpop+jwt");
        assert_eq!(header["alg"], "ES256");
        let names: Vec<&String> = header["jwk"].as_object().expect("a JWK").keys().collect();
        assert_eq!(names, ["crv", "kty", "x", "y"]);
        assert_eq!(claims["htm"], "GET");
        assert_eq!(claims["htu"], "https://example.okta.com/api/v1/users");
        assert_eq!(claims["iat"], 1_705_310_995);
        // RFC 9449 §4.2: base64url of SHA-256 of the token.
        assert_eq!(claims["ath"], "PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A");
        assert_eq!(claims["nonce"], "n1");
        let (_, again) = parts(&key.sign(&proof).expect("a proof"));
        assert_ne!(claims["jti"], again["jti"]);
    }
}
