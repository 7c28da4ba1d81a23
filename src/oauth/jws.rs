//! Signed JSON (JWS compact form, RFC 7515) with RS256 or ES256, signed by ring.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use ring::rand::{SecureRandom, SystemRandom};
use ring::rsa::PublicKeyComponents;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::secret::Secret;

/// The shortest RSA key that Okta accepts (Okta "Manage keys").
const LEAST_RSA_BITS: usize = 2_048;

/// A private key that signs.
pub(super) enum Signer {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

impl Signer {
    /// Reads a key that an administrator entered: PEM with PKCS#8, or with PKCS#1 for RSA.
    pub(super) fn from_pem(pem: &Secret) -> Result<Signer> {
        let invalid = |why: &str| Error::about(ErrorCode::PrivateKeyInvalid, why);
        let text = pem.expose();
        if text.contains("ENCRYPTED") {
            return Err(invalid(
                "the key is encrypted with a password; remove the password and paste the key again",
            ));
        }
        if text.trim_start().starts_with('{') {
            return Err(invalid("this is the key in JSON format; copy it in PEM format"));
        }
        let der = PrivateKeyDer::from_pem_slice(text.as_bytes())
            .map_err(|_| invalid("no private key in PEM format was found"))?;
        let signer = match &der {
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()).map(Signer::Rsa).ok(),
            PrivateKeyDer::Pkcs8(der) => Signer::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Sec1(_) => {
                return Err(invalid(
                    "the key is in SEC1 format; convert it with `openssl pkcs8 -topk8 -nocrypt`",
                ));
            }
            _ => None,
        };
        signer
            .filter(Signer::is_strong)
            .ok_or_else(|| invalid("the key is too short or of an unsupported kind; use RSA with at least 2048 bits, or EC on P-256"))
    }

    /// Makes a new key on P-256, in the form in which it is stored.
    pub(super) fn generate() -> Result<Secret> {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        let pkcs8 = made.map_err(|_| Error::internal("no key can be made"))?;
        Ok(Secret::text(BASE64_STANDARD.encode(pkcs8.as_ref())))
    }

    /// Reads a key that we made ourselves, from its stored form.
    pub(super) fn from_kept(kept: &Secret) -> Result<Signer> {
        let damaged = || Error::new(ErrorCode::CredentialDamaged);
        let pkcs8 = BASE64_STANDARD.decode(kept.expose()).map_err(|_| damaged())?;
        Signer::from_pkcs8(&Zeroizing::new(pkcs8)).ok_or_else(damaged)
    }

    fn from_pkcs8(der: &[u8]) -> Option<Signer> {
        let random = SystemRandom::new();
        let ec = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &random);
        ec.map(Signer::Ec)
            .or_else(|_| RsaKeyPair::from_pkcs8(der).map(Signer::Rsa))
            .ok()
    }

    fn is_strong(&self) -> bool {
        match self {
            Signer::Rsa(key) => key.public().modulus_len() * 8 >= LEAST_RSA_BITS,
            Signer::Ec(_) => true,
        }
    }

    /// The name of the algorithm (RFC 7518 §3.1).
    pub(super) fn algorithm(&self) -> &'static str {
        match self {
            Signer::Rsa(_) => "RS256",
            Signer::Ec(_) => "ES256",
        }
    }

    /// The public key with its required members (RFC 7518 §6.2, §6.3).
    pub(super) fn public_jwk(&self) -> Value {
        match self {
            Signer::Rsa(key) => {
                let key: PublicKeyComponents<Vec<u8>> = key.public().into();
                json!({ "kty": "RSA", "n": base64url(key.n), "e": base64url(key.e) })
            }
            Signer::Ec(key) => {
                // The first byte says that the point is uncompressed; x and y follow (SEC 1 §2.3.3).
                let point = key.public_key().as_ref().split_at(1).1;
                let (x, y) = point.split_at(point.len() / 2);
                json!({ "kty": "EC", "crv": "P-256", "x": base64url(x), "y": base64url(y) })
            }
        }
    }

    /// Signs the claims under this header and returns the compact form.
    pub(super) fn sign(&self, header: &Value, claims: &Value) -> Result<String> {
        let input = format!(
            "{}.{}",
            base64url(header.to_string()),
            base64url(claims.to_string())
        );
        let random = SystemRandom::new();
        let failed = |_| Error::internal("the key does not sign");
        let signature = match self {
            Signer::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, input.as_bytes(), &mut signature)
                    .map_err(failed)?;
                signature
            }
            Signer::Ec(key) => key
                .sign(&random, input.as_bytes())
                .map_err(failed)?
                .as_ref()
                .to_vec(),
        };
        Ok(format!("{input}.{}", base64url(signature)))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(hidden)")
    }
}

/// Base64 for URLs without padding (RFC 7515 §2).
pub(super) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A random identifier that nobody can guess and that never repeats.
pub(super) fn unique_id() -> Result<String> {
    let mut bytes = [0; 16];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| Error::internal("the system gives no random bytes"))?;
    Ok(base64url(bytes))
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

    use super::*;

    #[test]
    fn a_made_key_signs_what_its_public_key_verifies() {
        let signer = Signer::from_kept(&Signer::generate().expect("a key")).expect("readable");
        let compact = signer
            .sign(&json!({"alg": "ES256"}), &json!({"a": 1}))
            .expect("signed");
        let (input, signature) = compact.rsplit_once('.').expect("three parts");
        let jwk = signer.public_jwk();
        let part = |name: &str| {
            BASE64_URL_SAFE_NO_PAD
                .decode(jwk[name].as_str().expect(name))
                .expect(name)
        };
        let point = [vec![4], part("x"), part("y")].concat();
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).expect("base64url");
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(input.as_bytes(), &signature)
            .expect("the signature is right");
        assert_eq!(format!("{signer:?}"), "Signer(hidden)");
    }

    fn fixture(name: &str) -> Secret {
        let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
        Secret::text(std::fs::read_to_string(path).expect(name))
    }

    #[test]
    fn keys_of_openssl_are_read_and_sign() {
        for (name, algorithm) in [
            ("rsa_2048.pem", "RS256"),
            ("rsa_2048_pkcs1.pem", "RS256"),
            ("ec_p256.pem", "ES256"),
        ] {
            let signer = Signer::from_pem(&fixture(name)).expect(name);
            assert_eq!(signer.algorithm(), algorithm);
            let compact = signer.sign(&json!({}), &json!({})).expect(name);
            let (input, signature) = compact.rsplit_once('.').expect("three parts");
            let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).expect("base64url");
            let verified = match &signer {
                Signer::Rsa(key) => {
                    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public().as_ref())
                        .verify(input.as_bytes(), &signature)
                }
                Signer::Ec(key) => {
                    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key().as_ref())
                        .verify(input.as_bytes(), &signature)
                }
            };
            verified.expect(name);
        }
        for name in ["rsa_1024.pem", "ec_p384.pem"] {
            let error = Signer::from_pem(&fixture(name)).expect_err(name);
            assert_eq!(error.code(), ErrorCode::PrivateKeyInvalid, "{name}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_a_reason() {
        let sec1 = "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n";
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMHcC\n-----END ENCRYPTED PRIVATE KEY-----\n";
        let short = "-----BEGIN PRIVATE KEY-----\nMHcC\n-----END PRIVATE KEY-----\n";
        for text in ["", "{\"kty\":\"RSA\"}", sec1, encrypted, short, "00secret"] {
            let error = Signer::from_pem(&Secret::text(text.to_owned())).expect_err(text);
            assert_eq!(error.code(), ErrorCode::PrivateKeyInvalid, "{text}");
            assert!(!error.message().contains("00secret"));
        }
        assert!(Signer::from_kept(&Secret::text("?".to_owned())).is_err());
    }

    #[test]
    fn identifiers_differ() {
        assert_ne!(unique_id().expect("random"), unique_id().expect("random"));
    }
}
