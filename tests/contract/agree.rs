//! Compares a text with what the tables say, or writes it where that is asked for.

use std::fs;
use std::path::Path;

fn may_write(path: &str) {
    assert!(
        std::env::var_os("OKP_WRITE").is_some(),
        "{path} is behind the Rust tables; run: make header"
    );
}

/// A whole file.
pub fn file(path: &str, expected: &str) {
    if fs::read_to_string(path).unwrap_or_default() != expected {
        may_write(path);
        fs::write(path, expected).unwrap();
    }
}

/// The part of a file between two texts that stay.
pub fn part(path: &str, begin: &str, end: &str, expected: &str) {
    let text = fs::read_to_string(path).unwrap();
    let from = text
        .find(begin)
        .unwrap_or_else(|| panic!("{path} has no {begin:?}"))
        + begin.len();
    let to = text[from..]
        .find(end)
        .unwrap_or_else(|| panic!("{path} has no {end:?}"))
        + from;
    if text[from..to] != *expected {
        may_write(path);
        fs::write(path, format!("{}{expected}{}", &text[..from], &text[to..])).unwrap();
    }
}

/// The head of a file up to and with its first `end`, behind which hand-written code stands. A file that is not
/// there is made with `rest` behind it.
pub fn head(path: &str, end: &str, expected: &str, rest: &str) {
    if Path::new(path).exists() {
        let text = fs::read_to_string(path).unwrap();
        let to = text.find(end).unwrap_or_else(|| panic!("{path} has no {end:?}")) + end.len();
        if text[..to] != *expected {
            may_write(path);
            fs::write(path, format!("{expected}{}", &text[to..])).unwrap();
        }
    } else {
        file(path, &format!("{expected}{rest}"));
    }
}
