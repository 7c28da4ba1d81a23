//! The signed statement by which a service app proves its identity (private_key_jwt, RFC 7523 §2.2).
//!
//! Okta accepts the `jti` of an assertion once only, even if it refuses the request. So each attempt signs a new
//! assertion.

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::oauth::jws::{Signer, base64url, unique_id};
use crate::secret::Secret;

/// How long an assertion is valid; Okta allows at most an hour.
const LIFETIME_SECONDS: i64 = 300;
/// An assertion is dated a little in the past: two clocks never agree exactly, and Okta refuses an assertion from
/// the future.
const BACKDATED_SECONDS: i64 = 10;

/// The value of `client_assertion_type`.
pub(super) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Signs the assertions of one service app.
#[derive(Debug)]
pub(super) struct AssertionKey {
    signer: Signer,
    key_id: String,
    client_id: String,
}

impl AssertionKey {
    pub(super) fn new(private_key: &Secret, key_id: &str, client_id: &str) -> Result<AssertionKey> {
        Ok(AssertionKey {
            signer: Signer::from_pem(private_key)?,
            key_id: key_id.to_owned(),
            client_id: client_id.to_owned(),
        })
    }

    /// A new assertion for one request. `audience` is the full URL of the endpoint.
    pub(super) fn assertion(&self, audience: &str, now: UnixMillis) -> Result<String> {
        let mut header = json!({ "alg": self.signer.algorithm(), "typ": "JWT" });
        if !self.key_id.is_empty() {
            header["kid"] = json!(self.key_id);
        }
        let seconds = now.0 / 1000;
        let claims = json!({
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": audience,
            "iat": seconds - BACKDATED_SECONDS,
            "exp": seconds + LIFETIME_SECONDS,
            "jti": unique_id()?,
        });
        self.signer.sign(&header, &claims)
    }
}

/// Fails if the private key cannot sign.
pub fn check_private_key(private_key: &Secret) -> Result<()> {
    Signer::from_pem(private_key).map(drop)
}

/// A new private key for a service app: EC on P-256, PEM.
pub fn make_private_key() -> Result<Secret> {
    let kept = Signer::generate()?;
    let lines = kept.expose().as_bytes().chunks(64).map(String::from_utf8_lossy);
    let body = lines.fold(String::new(), |body, line| body + &line + "\n");
    Ok(Secret::text(format!(
        "-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\n"
    )))
}

/// The public key as Okta takes it: a JWK with its use, algorithm and id. The id is the thumbprint (RFC 7638), so
/// the same key has the same id wherever it is shown.
pub fn public_jwk(private_key: &Secret) -> Result<String> {
    let signer = Signer::from_pem(private_key)?;
    let mut jwk = signer.public_jwk();
    // The thumbprint covers only the required members, ordered by name, without blanks (RFC 7638 §3). That is
    // exactly what `jwk` holds at this point.
    let thumbprint = base64url(Sha256::digest(jwk.to_string()));
    jwk["kid"] = json!(thumbprint);
    jwk["alg"] = json!(signer.algorithm());
    jwk["use"] = json!("sig");
    Ok(jwk.to_string())
}
