//! Where the next page of a listing begins. It begins after a key and never at an offset, so that an entry that stays
//! is returned exactly once, even if others are written between two pages.

use rusqlite::types::Value;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::model::JiraKeyPage;

/// A cursor is the number and the key of the last returned user: `17:smith, jane`.
pub(in crate::directory) fn parse_cursor(cursor: &str) -> Result<(i64, &str)> {
    cursor
        .split_once(':')
        .and_then(|(user_no, key)| Some((user_no.parse().ok()?, key)))
        .ok_or_else(|| Error::about(ErrorCode::InvalidArgument, "the cursor of a search"))
}

/// The first value after every text that begins with `prefix`. The order is that of UTF-8 bytes, which equals the order
/// of code points.
pub(in crate::directory) fn prefix_end(prefix: &str) -> Value {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        // The next code point. A range of `char` skips the surrogates.
        if let Some(next) = (last..=char::MAX).nth(1) {
            letters.push(next);
            return Value::Text(letters.into_iter().collect());
        }
    }
    // SQLite sorts every blob after every text.
    Value::Blob(Vec::new())
}

/// One page of keys. Each key comes with its cursor. If there is one row more than `limit`, there is a next page.
pub(in crate::directory) fn key_page(mut found: Vec<(String, String)>, limit: u64) -> JiraKeyPage {
    let more = found.len() as u64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = found.last().filter(|_| more).map(|(_, cursor)| cursor.clone());
    JiraKeyPage {
        keys: found.into_iter().map(|(key, _)| key).collect(),
        next,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix_is_the_next_text_of_its_length() {
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(prefix_end("smith"), text("smiti"));
        assert_eq!(prefix_end("a\u{D7FF}"), text("a\u{E000}"));
        assert_eq!(prefix_end("a\u{10FFFF}"), text("b"));
        assert_eq!(prefix_end("\u{10FFFF}"), Value::Blob(Vec::new()));
        assert_eq!(prefix_end(""), Value::Blob(Vec::new()));
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        assert_eq!(parse_cursor("17:a:b").expect("cursor"), (17, "a:b"));
        for cursor in ["", "17", "x:y"] {
            assert_eq!(
                parse_cursor(cursor).expect_err(cursor).code(),
                ErrorCode::InvalidArgument
            );
        }
    }
}
