//! Reads a secret from a file that the command line names: a token, a client secret, a private key.
//!
//! The file may be a pipe, such as a shell's `<(…)`. Errors give the name of the file and never any of its content.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use zeroize::Zeroizing;

/// Far longer than any token or key. The limit ends the reading of an endless file.
const LONGEST: usize = 64 * 1024;

/// Reads the file as text; `what` is the name of the secret in errors.
pub fn read(file: &Path, what: &str) -> Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST + 1));
    let opened = File::open(file).and_then(|file| file.take(LONGEST as u64 + 1).read_to_end(&mut bytes));
    opened.map_err(|error| {
        let message = format!(
            "the {what} file {} cannot be read ({})",
            file.display(),
            error.kind()
        );
        Error::with_message(ErrorCode::InvalidArgument, message)
    })?;
    match text_of(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(fault) => {
            let message = format!("the {what} file {} {fault}.", file.display());
            Err(Error::with_message(ErrorCode::CredentialMalformed, message))
        }
    }
}

/// The text of the file, or what is wrong with it and the cure.
fn text_of(bytes: &[u8]) -> std::result::Result<&str, &'static str> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Err("begins with a byte-order mark; save it as UTF-8 without one"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Err("is UTF-16; save it as UTF-8 without a byte-order mark"),
        _ if bytes.contains(&0) => Err("has NUL bytes: it is UTF-16 or no text; save it as UTF-8"),
        _ if bytes.len() > LONGEST => Err("is too large for a secret; check its name"),
        _ => {
            std::str::from_utf8(bytes).map_err(|_| "is not UTF-8; save it as UTF-8, or copy the secret again")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_about_a_file_in_another_encoding_names_the_cure() {
        let long = vec![b'a'; LONGEST + 1];
        for (bytes, word) in [
            (&b"\xEF\xBB\xBF00abc"[..], "byte-order mark"),
            (b"\xFF\xFE0\0a\0", "is UTF-16"),
            (b"\xFE\xFF\x000\0a", "is UTF-16"),
            (b"0\x000\0a\0", "UTF-16 or no text"),
            (b"00\xE4bc", "not UTF-8"),
            (&long, "too large"),
        ] {
            let fault = text_of(bytes).expect_err(word);
            assert!(fault.contains(word), "{fault}");
        }
        assert_eq!(text_of(b"00abc\n"), Ok("00abc\n"));
    }
}
