//! The key pair that the org makes for the service app, like "Generate new key" in the Admin Console.

use std::io;

use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData};

use super::PublicKey;

/// A key pair on P-256.
pub(crate) struct GeneratedKey {
    pub(crate) public: PublicKey,
    /// PKCS #8 in PEM.
    pub(crate) private_pem: String,
}

impl GeneratedKey {
    pub(crate) fn new() -> io::Result<GeneratedKey> {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(io::Error::other)?;
        Ok(GeneratedKey {
            public: PublicKey::from_p256(pair.der_bytes(), "simulated-key-1"),
            private_pem: pair.serialize_pem(),
        })
    }
}
