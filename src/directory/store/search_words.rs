//! Whether words that somebody looks for stand in the text by which a user is found, as a function of SQL.
//!
//! It runs for every user of the directory, so it makes nothing for a row.

use std::str::from_utf8;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;

use crate::contract::errors::Result;
use crate::directory::store::search_text::plain;

/// More words than anybody has names; further ones are not looked for.
const MOST_WORDS: usize = 8;

/// Registers `has_words(text, words)`: whether each of the words, divided by blanks, is part of the text, without regard
/// to case and accents. The function is used in statements only and never in the schema.
pub(in crate::directory) fn register(connection: &Connection) -> Result<()> {
    // Direct only: the schema of a tampered file cannot call it.
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("has_words", 2, flags, |context| {
        // Taken apart once for a statement, not for every row.
        let words = context.get_or_create_aux(1, |words| words.as_str().map(words_of))?;
        let ValueRef::Text(bytes) = context.get_raw(0) else {
            return Ok(false);
        };
        // A text that the disk has damaged is found by nothing.
        Ok(from_utf8(bytes).is_ok_and(|text| words.iter().all(|word| text.contains(word.as_str()))))
    })?;
    Ok(())
}

/// The words as they are searched for; of accents alone nothing is left, and that is found in every text.
fn words_of(text: &str) -> Vec<String> {
    text.split_whitespace().take(MOST_WORDS).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_in_the_text() {
        let connection = Connection::open_in_memory().expect("open");
        register(&connection).expect("register");
        let found = |text: &str, words: &str| -> bool {
            let sql = format!("SELECT has_words({text}, ?1)");
            connection
                .query_row(&sql, [words], |row| row.get(0))
                .expect(words)
        };
        for (words, expected) in [
            ("", true),
            ("  ", true),
            ("SMI", true),
            ("jane smith", true),
            ("smith jane", true),
            ("jane example.com", true),
            ("jané", true),
            ("jane nobody", false),
            ("janesmith", false),
            ("%", false),
        ] {
            assert_eq!(
                found("'smith, jane' || char(31) || 'js@example.com'", words),
                expected,
                "{words}"
            );
        }
        for no_text in ["NULL", "7", "CAST(x'ff' AS TEXT)"] {
            assert!(!found(no_text, "a"), "{no_text}");
        }
    }
}
