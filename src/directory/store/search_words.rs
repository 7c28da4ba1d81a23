//! SQL functions that search for words in the search text of a user.
//!
//! They run for every user of the directory. So each statement prepares its search once, and a row allocates no memory.

use memchr::memchr;
use memchr::memmem::Finder;
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

use crate::contract::errors::Result;
use crate::directory::store::search_text::{END_OF_NAMES, plain};

/// More words than any name has. Further words are ignored.
const MOST_WORDS: usize = 8;

/// Registers two functions, which are used in statements only and never in the schema:
///
/// - `has_words(text, words)`: whether each of the words, divided by blanks, is part of the search text, without regard
///   to case and accents.
/// - `has_name(text, part)`: whether the names at the beginning of the search text contain the part, which is plain
///   already.
pub(in crate::directory) fn register(connection: &Connection) -> Result<()> {
    // Direct only: the schema of a tampered file cannot call them.
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("has_words", 2, flags, |context| {
        let words = context.get_or_create_aux(1, |words| words.as_str().map(finders_of_words))?;
        Ok(text(context).is_some_and(|text| words.iter().all(|word| word.find(text).is_some())))
    })?;
    connection.create_scalar_function("has_name", 2, flags, |context| {
        let part = context.get_or_create_aux(1, |part| part.as_str().map(finder))?;
        Ok(text(context).is_some_and(|text| {
            let end = memchr(END_OF_NAMES as u8, text).unwrap_or(text.len());
            part.find(&text[..end]).is_some()
        }))
    })?;
    Ok(())
}

/// The bytes of the first argument. Every match in them is valid UTF-8, so the rows need no check.
fn text<'a>(context: &'a Context<'_>) -> Option<&'a [u8]> {
    context.get_raw(0).as_bytes().ok()
}

/// A search for each word in its plain form. A word of accents alone becomes empty, and an empty word is found in every
/// text.
fn finders_of_words(text: &str) -> Vec<Finder<'static>> {
    let words = text.split_whitespace().take(MOST_WORDS);
    words.map(|word| finder(&plain(word))).collect()
}

fn finder(part: &str) -> Finder<'static> {
    Finder::new(part).into_owned()
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

    #[test]
    fn a_name_ends_where_the_accounts_begin() {
        let connection = Connection::open_in_memory().expect("open");
        register(&connection).expect("register");
        let found = |text: &str, part: &str| -> bool {
            let sql = format!("SELECT has_name({text}, ?1)");
            connection.query_row(&sql, [part], |row| row.get(0)).expect(part)
        };
        let jane = "'smith, jane' || char(31) || 'js@example.com'";
        for (text, part, expected) in [
            (jane, "ith, j", true),
            (jane, "", true),
            (jane, "js@", false),
            (jane, "janejs", false),
            ("'jane'", "jane", true),
            ("NULL", "", false),
        ] {
            assert_eq!(found(text, part), expected, "{part} in {text}");
        }
    }
}
