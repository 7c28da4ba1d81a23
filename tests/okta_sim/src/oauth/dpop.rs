//! Proofs of possession (RFC 9449): checks whether the holder of a key made a request.

use std::collections::HashSet;

use super::jws::{self, Jws, PublicKey};
use crate::api::credentials::secret;

/// A proof older than this is refused.
const LONGEST_AGE_SECONDS: i64 = 300;
/// How far ahead the clock of a client may be.
const MOST_SECONDS_AHEAD: i64 = 60;

/// The proofs that were seen, and the valid nonce.
pub(super) struct Proofs {
    seed: u64,
    used: HashSet<String>,
    nonces: u64,
}

/// The result of checking a proof at the token endpoint.
pub(super) enum Proved {
    /// There was no proof.
    Nothing,
    /// The holder of the key with this thumbprint made the request.
    Key(String),
    /// A valid proof, but without the valid nonce.
    NonceMissing,
    /// Refused, with the reason from Okta's catalogue.
    Refused(&'static str),
}

impl Proofs {
    pub(super) fn new(seed: u64) -> Proofs {
        Proofs {
            seed,
            used: HashSet::new(),
            nonces: 0,
        }
    }

    /// The nonce that is valid now.
    pub(super) fn nonce(&self) -> String {
        secret(self.seed, 500_000_000 + self.nonces, 32)
    }

    pub(super) fn renew_nonce(&mut self) {
        self.nonces += 1;
    }

    /// Checks the proof of a request to the token endpoint.
    pub(super) fn at_token_endpoint(&mut self, lines: &[String], url: &str, now: i64) -> Proved {
        if lines.is_empty() {
            return Proved::Nothing;
        }
        match self.check(lines, "POST", url, None, now) {
            Err(reason) => Proved::Refused(reason),
            Ok(key) => {
                let nonce = self.nonce();
                let given = Jws::parse(&lines[0]);
                let good = given.is_some_and(|proof| proof.claim("nonce") == Some(&nonce));
                if good {
                    Proved::Key(key)
                } else {
                    Proved::NonceMissing
                }
            }
        }
    }

    /// The thumbprint of the key that signed a valid proof for this method and URL, and for this access token.
    /// `now` is in milliseconds, by the org's clock.
    pub(super) fn check(
        &mut self,
        lines: &[String],
        method: &str,
        url: &str,
        token: Option<&str>,
        now: i64,
    ) -> Result<String, &'static str> {
        let text = match lines {
            [] => return Err("The DPoP proof JWT header is missing."),
            [one] => one,
            _ => return Err("Multiple DPoP proof JWT headers are not allowed."),
        };
        let proof = Jws::parse(text).ok_or("The DPoP proof JWT cannot be parsed.")?;
        if proof.header["typ"] != "dpop+jwt" {
            return Err("'typ' must be 'dpop+jwt' in the DPoP proof JWT.");
        }
        let key = PublicKey::from_jwk(&proof.header["jwk"]).ok_or("The DPoP proof JWT is invalid.")?;
        match proof.is_signed_by(&key) {
            None => return Err("The DPoP proof JWT signature algorithm is invalid."),
            Some(false) => return Err("The DPoP proof JWT signature is invalid."),
            Some(true) => {}
        }
        check_claims(&proof, method, url, token, now)?;
        let id = proof.claim("jti").filter(|id| !id.is_empty());
        let id = id.ok_or("'jti' claim in the DPoP proof JWT is invalid.")?;
        if !self.used.insert(id.to_owned()) {
            return Err("The DPoP proof JWT has already been used.");
        }
        Ok(key.thumbprint())
    }
}

fn check_claims(
    proof: &Jws<'_>,
    method: &str,
    url: &str,
    token: Option<&str>,
    now: i64,
) -> Result<(), &'static str> {
    if proof.claim("htm") != Some(method) {
        return Err("'htm' claim in the DPoP proof JWT is invalid.");
    }
    if proof.claim("htu") != Some(url) {
        return Err("'htu' claim in the DPoP proof JWT is invalid.");
    }
    let made = proof.claims["iat"].as_i64();
    let made = made.ok_or("'iat' claim in the DPoP proof JWT is invalid.")?;
    let now = now / 1_000;
    if made > now + MOST_SECONDS_AHEAD {
        return Err("The DPoP proof JWT is issued in the future.");
    }
    if made < now - LONGEST_AGE_SECONDS {
        return Err("The DPoP proof JWT is issued more than five minutes in the past.");
    }
    let hash = token.map(|token| jws::sha256(token.as_bytes()));
    if hash.is_some() && proof.claim("ath") != hash.as_deref() {
        return Err("'ath' claim in the DPoP proof does not match the presented access_token.");
    }
    Ok(())
}
