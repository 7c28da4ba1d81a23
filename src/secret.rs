//! Text that must never be shown: tokens, client secrets, keys.
//!
//! A [`Secret`] is wiped from memory when dropped and prints as `Secret(hidden)`.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::error::{Error, ErrorCode, Result};

/// A secret text, zeroized on drop, hidden in `Debug`, compared in constant time.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Takes a credential as an administrator pastes it: surrounding blanks are cut, and a value that
    /// cannot be sent in an HTTP header (empty, inner blanks, control or non-ASCII characters) is refused.
    pub fn credential(text: &str) -> Result<Secret> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::new(ErrorCode::CredentialMalformed));
        }
        Ok(Secret(text.to_owned()))
    }

    /// Takes a text of our own making, or one that never goes into a header, such as a key.
    pub fn text(text: String) -> Secret {
        Secret(text)
    }

    /// The secret behind a word and a blank, as the value of an `Authorization` header.
    pub fn with_scheme(&self, scheme: &str) -> Secret {
        Secret(format!("{scheme} {}", self.0))
    }

    /// The secret itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Takes as long for a near miss as for a far one; only the length can be told by time.
impl PartialEq for Secret {
    fn eq(&self, other: &Secret) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_around_are_cut_and_debug_hides() {
        let secret = Secret::credential(" 00abc\n").expect("a plain token");
        assert_eq!(secret.expose(), "00abc");
        assert_eq!(format!("{secret:?}"), "Secret(hidden)");
        assert_eq!(secret, Secret::text("00abc".to_owned()));
        assert_ne!(secret, Secret::text("00abd".to_owned()));
    }

    #[test]
    fn what_no_header_can_carry_is_refused() {
        for text in ["", "  ", "00a bc", "00a\u{7}bc", "00a\nbc", "00ä"] {
            let error = Secret::credential(text).expect_err("must be refused");
            assert_eq!(error.code(), ErrorCode::CredentialMalformed);
        }
    }
}
