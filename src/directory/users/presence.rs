//! Which users are present, absent, returned or erased.
//!
//! This file decides nothing. The caller knows which users a complete run saw, and how many users may disappear.
//! Callbacks run after reading has ended, so a callback may write.

use rusqlite::{Connection, Transaction};

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::users::user_set::UserSet;

// SQLite answers this from the index `users_presence` alone and reads no user's row.
statement!(PRESENT = "SELECT user_no FROM present_users");

statement!(
    ABSENT = "
    SELECT user_no
      FROM users INDEXED BY users_absent
     WHERE absent_since IS NOT NULL"
);

statement!(OKTA_ID = "SELECT okta_id FROM users WHERE user_no = ?1");

statement!(MARK_ABSENT = "UPDATE users SET absent_since = ?2 WHERE user_no = ?1 AND absent_since IS NULL");

statement!(MARK_RETURNED = "UPDATE users SET absent_since = NULL WHERE user_no = ?1");

statement!(
    PURGE = "
    DELETE FROM users INDEXED BY users_absent
     WHERE absent_since IS NOT NULL AND absent_since < ?1
    RETURNING okta_id"
);

/// Calls `each` with number and Okta id for every published present user that is not in `seen`.
///
/// Call it before `org::set` publishes the run: `seen` does not contain the users that the run inserted.
pub fn not_seen(conn: &Connection, seen: &UserSet, each: impl FnMut(i64, &str) -> Result<()>) -> Result<()> {
    tell(conn, PRESENT, |user_no| !seen.contains(user_no), each)
}

/// Calls `each` with number and Okta id for every absent user that is in `seen`.
pub fn seen_again(
    conn: &Connection,
    seen: &UserSet,
    each: impl FnMut(i64, &str) -> Result<()>,
) -> Result<()> {
    tell(conn, ABSENT, |user_no| seen.contains(user_no), each)
}

fn tell(
    conn: &Connection,
    sql: &str,
    wanted: impl Fn(i64) -> bool,
    mut each: impl FnMut(i64, &str) -> Result<()>,
) -> Result<()> {
    let mut found = Vec::new();
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let user_no: i64 = row.get(0)?;
        if wanted(user_no) {
            found.push(user_no);
        }
    }
    // Ascending by number, so that the order is always the same.
    found.sort_unstable();
    let mut okta_id = conn.prepare_cached(OKTA_ID)?;
    for user_no in found {
        let id: String = okta_id.query_row([user_no], |row| row.get(0))?;
        each(user_no, &id)?;
    }
    Ok(())
}

/// Marks a user absent since `at`. If the user is absent already, the earlier time stays.
pub fn mark_absent(tx: &Transaction<'_>, user_no: i64, at: UnixMillis) -> Result<()> {
    tx.prepare_cached(MARK_ABSENT)?.execute((user_no, at))?;
    Ok(())
}

/// Marks a user present again.
pub fn mark_returned(tx: &Transaction<'_>, user_no: i64) -> Result<()> {
    tx.prepare_cached(MARK_RETURNED)?.execute([user_no])?;
    Ok(())
}

/// Erases users that have been absent since before `absent_before`. Returns their Okta ids.
pub fn purge_absent(tx: &Transaction<'_>, absent_before: UnixMillis) -> Result<Vec<String>> {
    let mut statement = tx.prepare_cached(PURGE)?;
    let erased = statement.query_map([absent_before], |row| row.get(0))?;
    Ok(erased.collect::<rusqlite::Result<_>>()?)
}
