//! Text that must never be shown: tokens, client secrets, keys.
//!
//! A [`Secret`] is wiped from memory when dropped and prints as `Secret(hidden)`.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::contract::errors::{Error, ErrorCode, Result};

/// A secret text. It is wiped when dropped, hidden in `Debug`, and compared in constant time.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Reads a credential that an administrator pasted. Blanks at both ends are cut off. A value that an HTTP
    /// header cannot carry (empty, inner blanks, control or non-ASCII characters) is refused.
    pub fn credential(text: &str) -> Result<Secret> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::new(ErrorCode::CredentialMalformed));
        }
        Ok(Secret(text.to_owned()))
    }

    /// Reads a pasted credential; `what` names it in the error. The error says what is wrong and what to do,
    /// without showing any of the credential.
    pub fn pasted(text: &str, what: &str) -> Result<Secret> {
        match fault_of(text) {
            Some(fault) => {
                let message = format!("The {what} cannot be right: {fault}.");
                Err(Error::with_message(ErrorCode::CredentialMalformed, message))
            }
            None => Secret::credential(text),
        }
    }

    /// Makes a secret from a text that we made ourselves, or that never goes into a header, such as a key.
    pub fn text(text: String) -> Secret {
        Secret(text)
    }

    /// The secret after a word and a blank, which is the form of an `Authorization` header.
    pub fn with_scheme(&self, scheme: &str) -> Secret {
        Secret(format!("{scheme} {}", self.0))
    }

    /// The secret itself, for the code that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// What is wrong with a pasted credential, and what to do; none if nothing is wrong.
fn fault_of(text: &str) -> Option<&'static str> {
    if text.starts_with('\u{feff}') {
        return Some("it begins with a byte-order mark; save the file as UTF-8 without one");
    }
    let text = text.trim();
    if text.is_empty() {
        return Some("it is empty; copy it again");
    }
    if text.contains(['\n', '\r']) {
        return Some("it has several lines; keep only the line with the credential");
    }
    if text.contains([
        '"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\u{ab}', '\u{bb}',
    ]) {
        return Some("it has quotation marks around it or inside; leave them out");
    }
    if names_variable(text) {
        return Some("it is a whole assignment, NAME=value; give only what follows the equals sign");
    }
    let scheme = text.split([' ', '\t']).next().unwrap_or_default();
    if ["SSWS", "Bearer", "Basic"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return Some(
            "it begins with the name of an authorization scheme such as SSWS; give only what follows that name",
        );
    }
    if text.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return Some("it has blanks or control characters inside; copy it again");
    }
    (!text.is_ascii()).then_some("it has letters that a credential of Okta never has; copy it again")
}

/// Whether it is a line such as `OKTA_API_TOKEN=…`. Okta's credentials contain no equals sign.
fn names_variable(text: &str) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text);
    let Some((name, _)) = text.split_once('=') else {
        return false;
    };
    let name = name.trim();
    name.contains('_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Takes the same time however many letters agree; only the length can be learned from the time.
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
    fn an_error_about_a_wrongly_pasted_value_names_the_cure() {
        for (text, word) in [
            ("", "empty"),
            (" \n", "empty"),
            ("\u{feff}00abc", "byte-order mark"),
            ("00abc\n00def", "several lines"),
            ("\"00abc\"", "quotation marks"),
            ("'00abc'", "quotation marks"),
            ("OKTA_API_TOKEN=00abc", "equals sign"),
            ("export OKTA_API_TOKEN=00abc", "equals sign"),
            ("SSWS 00abc", "SSWS"),
            ("00 abc", "blanks"),
            ("00\u{e4}bc", "letters"),
        ] {
            let error = Secret::pasted(text, "API token").expect_err(text);
            assert_eq!(error.code(), ErrorCode::CredentialMalformed);
            assert!(error.message().contains(word), "{text}: {error}");
            assert!(!error.message().contains("00"), "{error}");
        }
        let sound = Secret::pasted(" 00a-_bC\n", "API token").expect("a token");
        assert_eq!(sound.expose(), "00a-_bC");
    }

    #[test]
    fn what_no_header_can_carry_is_refused() {
        for text in ["", "  ", "00a bc", "00a\u{7}bc", "00a\nbc", "00ä"] {
            let error = Secret::credential(text).expect_err("must be refused");
            assert_eq!(error.code(), ErrorCode::CredentialMalformed);
        }
    }
}
