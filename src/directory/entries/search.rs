//! Present Okta users by the beginning of a name, login or address.
//!
//! A prefix is a range of the folded key, not a LIKE pattern: every letter stands for itself. A
//! page goes on after (key, user), so renaming or erasing the last user of a page moves nothing.

use rusqlite::types::Value;
use rusqlite::{Connection, named_params};

use crate::directory::entries::row::{self, entry_from_okta, jira_user_columns};
use crate::directory::users::row::okta_user_columns;
use crate::directory::values::Count;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{DirectoryEntry, SearchField};

/// One page of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchPage {
    /// The users found, in the order of the folded key.
    pub entries: Vec<DirectoryEntry>,
    /// Where the search goes on; none if this is all. It contains the key of the last user, so it
    /// is as confidential as the entries.
    pub next: Option<String>,
}

// The last column is the key itself, for the cursor.
macro_rules! search_by {
    ($index:literal, $key:literal) => {
        concat!(
            entry_from_okta!(),
            ", u.",
            $key,
            "
             FROM users AS u INDEXED BY ",
            $index,
            "
             LEFT JOIN okta_matches AS m ON m.user_no = u.user_no
             LEFT JOIN jira_users AS j ON j.jira_no = m.jira_no
             WHERE (u.",
            $key,
            ", u.user_no) > (:key, :user_no)
               AND u.",
            $key,
            " < :end
               AND u.absent_since IS NULL
               AND u.inserted_run <= (SELECT published_run FROM directory)
             ORDER BY u.",
            $key,
            ", u.user_no
             LIMIT :limit"
        )
    };
}

const BY_NAME: &str = search_by!("users_name", "name_key");
const BY_LOGIN: &str = search_by!("users_login", "login_key");
const BY_EMAIL: &str = search_by!("users_email", "email_key");

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[BY_NAME, BY_LOGIN, BY_EMAIL];

const FOLD: &str = "SELECT fold(?1)";

/// Present Okta users whose field begins with `prefix`, after the cursor of an earlier page.
/// An empty prefix goes through all of them in the order of the field.
pub fn search(
    conn: &Connection,
    field: SearchField,
    prefix: &str,
    after: Option<&str>,
    limit: u64,
) -> Result<SearchPage> {
    let sql = match field {
        SearchField::Name => BY_NAME,
        SearchField::Login => BY_LOGIN,
        SearchField::Email => BY_EMAIL,
    };
    let prefix: String = conn.prepare_cached(FOLD)?.query_row([prefix], |row| row.get(0))?;
    // No user has the number 0, so the first page begins before everybody with this very key.
    let (user_no, key) = match after {
        Some(cursor) => parse_cursor(cursor)?,
        None => (0, prefix.as_str()),
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(named_params! {
        ":key": key,
        ":user_no": user_no,
        ":end": prefix_end(&prefix),
        ":limit": Count(limit.saturating_add(1)),
    })?;
    let mut page = SearchPage::default();
    let mut last_key = String::new();
    while let Some(row) = rows.next()? {
        if page.entries.len() as u64 == limit {
            // There is one more than asked for, so there is a next page.
            page.next = page
                .entries
                .last()
                .map(|last| format!("{}:{last_key}", last.cursor));
            break;
        }
        page.entries.push(row::read(row)?);
        last_key = row.get(row::WIDTH)?;
    }
    Ok(page)
}

/// A cursor is the number and the key of the last user given: `17:smith, jane`.
pub(in crate::directory) fn parse_cursor(cursor: &str) -> Result<(i64, &str)> {
    cursor
        .split_once(':')
        .and_then(|(user_no, key)| Some((user_no.parse().ok()?, key)))
        .ok_or_else(|| Error::about(ErrorCode::InvalidArgument, "the cursor of a search"))
}

/// The first value behind every text that begins with `prefix`, in the order of UTF-8 bytes, which
/// is that of code points.
pub(in crate::directory) fn prefix_end(prefix: &str) -> Value {
    let mut letters: Vec<char> = prefix.chars().collect();
    while let Some(last) = letters.pop() {
        // The next code point; a range of `char` steps over the surrogates.
        if let Some(next) = (last..=char::MAX).nth(1) {
            letters.push(next);
            return Value::Text(letters.into_iter().collect());
        }
    }
    // In SQLite every blob is behind every text.
    Value::Blob(Vec::new())
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
