//! Signed JSON as the org reads it: JWS compact form (RFC 7515), public keys as JWK (RFC 7517), and their
//! thumbprints (RFC 7638). ring checks the signatures.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::{Value, json};

/// The members of a JWK besides `kty`, for each type (RFC 7518 §6).
const EC_MEMBERS: [&str; 3] = ["crv", "x", "y"];
const RSA_MEMBERS: [&str; 2] = ["e", "n"];

/// A public key as an app registers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Value);

impl PublicKey {
    /// A key from its JWK; none if its type is unknown or it is not a public key.
    pub fn from_jwk(jwk: &Value) -> Option<PublicKey> {
        let members: &[&str] = match jwk["kty"].as_str()? {
            "EC" => &EC_MEMBERS,
            "RSA" => &RSA_MEMBERS,
            _ => return None,
        };
        let complete = members.iter().all(|member| jwk[*member].is_string());
        let private = jwk.get("d").is_some();
        (complete && !private).then(|| PublicKey(jwk.clone()))
    }

    /// The keys of a text that is a JWK or a set of JWKs.
    pub fn parse(text: &str) -> Option<Vec<PublicKey>> {
        let value: Value = serde_json::from_str(text).ok()?;
        match value["keys"].as_array() {
            Some(keys) => keys.iter().map(PublicKey::from_jwk).collect(),
            None => PublicKey::from_jwk(&value).map(|key| vec![key]),
        }
    }

    /// A key on P-256 from its uncompressed point.
    pub(super) fn from_p256(point: &[u8], key_id: &str) -> PublicKey {
        let (x, y) = point[1..].split_at(32);
        PublicKey(json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": key_id,
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        }))
    }

    pub(crate) fn jwk(&self) -> &Value {
        &self.0
    }

    pub(super) fn key_id(&self) -> Option<&str> {
        self.0["kid"].as_str()
    }

    /// A hash of the members of the key's type, in alphabetical order.
    pub(super) fn thumbprint(&self) -> String {
        let member = |name: &str| self.0[name].to_string();
        let text = match self.0["kty"].as_str() {
            Some("EC") => format!(
                "{{\"crv\":{},\"kty\":\"EC\",\"x\":{},\"y\":{}}}",
                member("crv"),
                member("x"),
                member("y")
            ),
            _ => format!("{{\"e\":{},\"kty\":\"RSA\",\"n\":{}}}", member("e"), member("n")),
        };
        sha256(text.as_bytes())
    }

    fn bytes(&self, member: &str) -> Option<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(self.0[member].as_str()?).ok()
    }

    fn verifies(&self, algorithm: &str, signed: &[u8], signature: &[u8]) -> Option<bool> {
        if self.0["kty"] == "RSA" {
            let parameters = match algorithm {
                "RS256" => &RSA_PKCS1_2048_8192_SHA256,
                "RS384" => &RSA_PKCS1_2048_8192_SHA384,
                "RS512" => &RSA_PKCS1_2048_8192_SHA512,
                _ => return None,
            };
            let key = RsaPublicKeyComponents {
                n: self.bytes("n")?,
                e: self.bytes("e")?,
            };
            return Some(key.verify(parameters, signed, signature).is_ok());
        }
        let parameters = match (algorithm, self.0["crv"].as_str()?) {
            ("ES256", "P-256") => &ECDSA_P256_SHA256_FIXED,
            ("ES384", "P-384") => &ECDSA_P384_SHA384_FIXED,
            _ => return None,
        };
        let point = [&[4_u8][..], &self.bytes("x")?, &self.bytes("y")?].concat();
        let key = UnparsedPublicKey::new(parameters, point);
        Some(key.verify(signed, signature).is_ok())
    }
}

/// A JWS whose signature has not been checked yet.
pub(super) struct Jws<'a> {
    pub(super) header: Value,
    pub(super) claims: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

impl Jws<'_> {
    pub(super) fn parse(text: &str) -> Option<Jws<'_>> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let part = |text: &str| -> Option<Value> {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            serde_json::from_slice(&bytes).ok()
        };
        Some(Jws {
            header: part(header)?,
            claims: part(claims)?,
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// Whether the key made the signature; none if the algorithm does not fit the key.
    pub(super) fn is_signed_by(&self, key: &PublicKey) -> Option<bool> {
        let algorithm = self.header["alg"].as_str()?;
        key.verifies(algorithm, self.signed.as_bytes(), &self.signature)
    }

    pub(super) fn claim(&self, name: &str) -> Option<&str> {
        self.claims[name].as_str()
    }
}

/// SHA-256 in base64url.
pub(super) fn sha256(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes))
}
