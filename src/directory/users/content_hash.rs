//! Fingerprints: one for the content of a user, one for all present users together.
//!
//! Both are stored in the directory, so their encoding is part of the file format. After a change of the encoding,
//! every user would look updated once and every stored digest would look wrong.

use sha2::{Digest as _, Sha256};

use crate::hex::hex;
use crate::model::{OktaUser, user_fields};

/// SHA-256 over all stored fields of a user, cut to 16 bytes. An accidental collision between two contents of one user
/// is practically impossible, and nobody has an advantage from constructing one.
pub type ContentHash = [u8; 16];

/// The first byte of every hash input, so that a later encoding never gives the same hashes.
const ENCODING: u8 = 1;

/// The fingerprint of a user's content.
///
/// Each field is written with its length, and each optional field with a byte that says whether it is present. So two
/// different users never have the same encoding.
pub fn content_hash(user: &OktaUser) -> ContentHash {
    let mut hash = Sha256::new();
    hash.update([ENCODING]);
    add_text(&mut hash, &user.id);
    add_text(&mut hash, &user.status);
    macro_rules! add_fields {
        ($($field:ident: $kind:ident = $okta:literal),*) => {
            $(
                hash.update([u8::from(user.$field.is_some())]);
                add!($kind, user.$field);
            )*
        };
    }
    macro_rules! add {
        (Text, $field:expr) => {
            add_text(&mut hash, $field.as_deref().unwrap_or_default())
        };
        (Time, $field:expr) => {
            hash.update($field.unwrap_or_default().0.to_le_bytes())
        };
    }
    user_fields!(add_fields);
    add_text(&mut hash, user.profile.as_json());
    let full: [u8; 32] = hash.finalize().into();
    let mut cut = ContentHash::default();
    cut.copy_from_slice(&full[..16]);
    cut
}

fn add_text(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text.as_bytes());
}

/// The fingerprint of a set of users; the order of adding does not matter.
///
/// Each user contributes SHA-256(okta id, content hash) as four 64-bit numbers, which are added with wrapping. Unlike
/// with XOR, a user that is added twice does not cancel out. Equal digests show that two directories hold the same
/// users; they do not protect against somebody who constructs users to forge a sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Adds a user.
    pub fn add(&mut self, okta_id: &str, content: &ContentHash) {
        self.sum_up(okta_id, content, u64::wrapping_add);
    }

    /// Removes a user that was added before.
    pub fn remove(&mut self, okta_id: &str, content: &ContentHash) {
        self.sum_up(okta_id, content, u64::wrapping_sub);
    }

    /// Adds the changes that another digest has collected.
    pub fn combine(&mut self, other: &Digest) {
        self.sum_lanes(&other.0, u64::wrapping_add);
    }

    /// The digest as lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        hex(&self.0)
    }

    /// The bytes as the directory stores them.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest of these bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Digest {
        Digest(bytes)
    }

    fn sum_up(&mut self, okta_id: &str, content: &ContentHash, operation: fn(u64, u64) -> u64) {
        // No length is needed: the content hash is always the last 16 bytes.
        let mut hash = Sha256::new();
        hash.update(okta_id.as_bytes());
        hash.update(content);
        self.sum_lanes(&hash.finalize().into(), operation);
    }

    fn sum_lanes(&mut self, terms: &[u8; 32], operation: fn(u64, u64) -> u64) {
        for (lane, term) in self
            .0
            .as_chunks_mut::<8>()
            .0
            .iter_mut()
            .zip(terms.as_chunks::<8>().0)
        {
            *lane = operation(u64::from_le_bytes(*lane), u64::from_le_bytes(*term)).to_le_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::UnixMillis;
    use crate::directory::tests::user;
    use crate::model::Profile;

    #[test]
    fn every_field_counts_and_none_runs_into_its_neighbour() {
        let base = user("00u1", "alice@example.com");
        let mut variants = vec![base.clone(); 12];
        variants[1].id = "00u2".into();
        variants[2].status = "SUSPENDED".into();
        variants[3].type_id = Some(String::new());
        variants[4].realm_id = Some(String::new());
        variants[5].created = Some(UnixMillis(0));
        variants[6].activated = Some(UnixMillis(0));
        variants[7].status_changed = Some(UnixMillis(0));
        variants[8].last_login = Some(UnixMillis(0));
        variants[9].last_updated = Some(UnixMillis(0));
        variants[10].password_changed = Some(UnixMillis(0));
        variants[11].profile = Profile::from_stored("{}".into());
        let hashes: std::collections::HashSet<_> = variants.iter().map(content_hash).collect();
        assert_eq!(hashes.len(), variants.len());
    }

    #[test]
    fn the_encoding_is_part_of_the_file_format() {
        let hex = hex(&content_hash(&user("00u1", "alice@example.com")));
        assert_eq!(hex, "0b60a2f5aba7fc459fcd058a9b65540f");
    }

    #[test]
    fn a_digest_knows_no_order_and_forgets_whom_it_loses() {
        let (mut one, mut other) = (Digest::default(), Digest::default());
        for id in ["a", "b", "c"] {
            one.add(id, &[7; 16]);
        }
        for id in ["c", "x", "a", "b"] {
            other.add(id, &[7; 16]);
        }
        assert_ne!(one, other);
        let mut loss = Digest::default();
        loss.remove("x", &[7; 16]);
        other.combine(&loss);
        assert_eq!(one, other);
        other.add("a", &[7; 16]);
        assert_ne!(one, other);
        assert_eq!(Digest::from_bytes(*one.as_bytes()), one);
        assert_eq!(one.to_hex().len(), 64);
    }
}
