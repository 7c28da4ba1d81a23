//! Sealing: each value is encrypted and authenticated with ChaCha20-Poly1305 (RFC 8439) and a key of 256 bits.
//!
//! The associated data name the place of a value, so that a value copied to another place cannot be decrypted. Each key
//! has a name. The name shows whether the key is wrong or the value is damaged, and does not help to find the key.

use std::fmt;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::contract::errors::{Error, ErrorCode, Result};

/// The length of a key in bytes.
pub const SEALING_KEY_LENGTH: usize = 32;
/// The first byte of a sealed value. The nonce and the ciphertext with its tag follow.
const FORM: u8 = 1;
const NAME_LENGTH: usize = 16;

/// The key that encrypts the secrets of one directory. It is overwritten in memory when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SealingKey([u8; SEALING_KEY_LENGTH]);

impl SealingKey {
    /// A key from these bytes, which must be [`SEALING_KEY_LENGTH`] random bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<SealingKey> {
        let what = "the sealing key must have 32 bytes";
        let bytes = bytes
            .try_into()
            .map_err(|_| Error::about(ErrorCode::InvalidArgument, what))?;
        Ok(SealingKey(bytes))
    }

    /// A new random key.
    pub fn random() -> Result<SealingKey> {
        let mut key = SealingKey([0; SEALING_KEY_LENGTH]);
        fill_random(&mut key.0)?;
        Ok(key)
    }

    /// Whether all bytes are the same. Such a key is not random.
    pub(super) fn is_weak(&self) -> bool {
        self.0.iter().all(|byte| *byte == self.0[0])
    }

    /// The bytes, for the one function that writes the key file.
    pub(super) fn bytes(&self) -> &[u8; SEALING_KEY_LENGTH] {
        &self.0
    }

    /// The name of the key; it is not secret.
    pub(super) fn name(&self) -> Vec<u8> {
        let mut digest = Sha256::new();
        digest.update(b"okta-profiles name of a sealing key\0");
        digest.update(self.0);
        digest.finalize()[..NAME_LENGTH].to_vec()
    }

    /// Encrypts a value for its place.
    pub(super) fn seal(&self, place: &str, value: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        fill_random(&mut nonce)?;
        // Encrypted in place: the plaintext is overwritten, and none is left if the encryption fails.
        let mut buffer = Zeroizing::new(value.to_vec());
        let tag = self
            .cipher()?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place),
                buffer.as_mut_slice(),
            )
            .map_err(|_| Error::internal("a value cannot be sealed"))?;
        Ok([&[FORM], nonce.as_slice(), buffer.as_slice(), tag.as_ref()].concat())
    }

    /// Decrypts a value that was encrypted for this place.
    pub(super) fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let damaged = || Error::new(ErrorCode::CredentialDamaged);
        let rest = sealed.strip_prefix(&[FORM]).ok_or_else(damaged)?;
        let (nonce, ciphertext) = rest.split_at_checked(NONCE_LEN).ok_or_else(damaged)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| damaged())?;
        let mut buffer = Zeroizing::new(ciphertext.to_vec());
        let length = self
            .cipher()?
            .open_in_place(nonce, Aad::from(place), buffer.as_mut_slice())
            .map_err(|_| damaged())?
            .len();
        buffer.truncate(length);
        Ok(buffer)
    }

    fn cipher(&self) -> Result<LessSafeKey> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.0)
            .map_err(|_| Error::internal("a key of the wrong length"))?;
        Ok(LessSafeKey::new(key))
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(hidden)")
    }
}

fn fill_random(bytes: &mut [u8]) -> Result<()> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_| Error::internal("the system gives no random bytes"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> SealingKey {
        SealingKey::from_bytes(&[7; 32]).expect("32 bytes")
    }

    #[test]
    fn a_value_opens_in_its_place_only() {
        let sealed = key()
            .seal("credentials.api_token https://a", b"00secret")
            .expect("seal");
        assert_eq!(sealed.len(), 1 + 12 + 8 + 16);
        assert!(!sealed.windows(4).any(|window| window == b"secr"));
        let open = |key: &SealingKey, place| key.open(place, &sealed);
        assert_eq!(
            open(&key(), "credentials.api_token https://a")
                .expect("opens")
                .as_slice(),
            b"00secret"
        );
        let other = SealingKey::random().expect("random");
        assert!(open(&other, "credentials.api_token https://a").is_err());
        for place in [
            "credentials.client_secret https://a",
            "credentials.api_token https://b",
            "",
        ] {
            let error = open(&key(), place).expect_err(place);
            assert_eq!(error.code(), ErrorCode::CredentialDamaged);
        }
    }

    #[test]
    fn the_same_value_is_never_sealed_the_same() {
        assert_ne!(
            key().seal("x", b"y").expect("seal"),
            key().seal("x", b"y").expect("seal")
        );
    }

    #[test]
    fn a_key_has_32_bytes_a_name_and_no_debug() {
        for length in [0, 31, 33] {
            assert!(SealingKey::from_bytes(&vec![1; length]).is_err());
        }
        assert_ne!(key().name(), SealingKey::random().expect("random").name());
        assert_eq!(format!("{:?}", key()), "SealingKey(hidden)");
    }

    proptest! {
        #[test]
        fn any_damage_is_found(value in prop::collection::vec(any::<u8>(), 0..40), at in any::<prop::sample::Index>(), bit in 0..8) {
            let mut sealed = key().seal("place", &value).expect("seal");
            let opened = key().open("place", &sealed).expect("opens");
            prop_assert_eq!(opened.as_slice(), value.as_slice());
            let at = at.index(sealed.len());
            sealed[at] ^= 1u8 << bit;
            prop_assert_eq!(key().open("place", &sealed).expect_err("damaged").code(), ErrorCode::CredentialDamaged);
            sealed.truncate(at);
            prop_assert!(key().open("place", &sealed).is_err());
        }
    }
}
