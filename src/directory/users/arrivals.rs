//! The users that one run inserted, and the fingerprint of one user. A delta run needs both for the users that it
//! changed.

use rusqlite::{Connection, Transaction};

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::store::values::lossy;
use crate::directory::users::content_hash::ContentHash;
use crate::model::RunId;

// INDEXED BY is needed because the planner assumes that a run inserted most users. A later run inserts only a few, and
// must not read all users.
statement!(
    FIRST_INSERTED = "SELECT min(user_no) FROM users INDEXED BY users_presence WHERE inserted_run = ?1"
);

// Numbers are never reused and only one run inserts at a time, so all users after the run's first user belong to the
// run. NOT INDEXED reads by number; with the index of runs SQLite would sort all these rows in memory.
statement!(INSERTED, in order = "
    SELECT user_no, okta_id, content_hash, profile
      FROM users NOT INDEXED
     WHERE user_no >= ?2 AND inserted_run = ?1
     ORDER BY user_no");

statement!(HASH = "SELECT content_hash FROM users WHERE user_no = ?1");

/// A user that a run inserted. It borrows from the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// The user's number in the directory.
    pub user_no: i64,
    /// Okta's id.
    pub okta_id: &'a str,
    /// Fingerprint of the content.
    pub hash: ContentHash,
    /// The profile, as JSON.
    pub profile: &'a str,
}

/// Calls `each` for every user that `run` inserted, in the order of insertion. `each` may write to any table except
/// that of the users.
pub fn each_inserted(
    conn: &Connection,
    run: RunId,
    mut each: impl FnMut(Arrival<'_>) -> Result<()>,
) -> Result<()> {
    let first: Option<i64> = conn
        .prepare_cached(FIRST_INSERTED)?
        .query_row([run], |row| row.get(0))?;
    let Some(first) = first else { return Ok(()) };
    let mut statement = conn.prepare_cached(INSERTED)?;
    let mut rows = statement.query((run, first))?;
    while let Some(row) = rows.next()? {
        each(Arrival {
            user_no: row.get(0)?,
            okta_id: &lossy(row, 1)?,
            hash: row.get(2)?,
            profile: &lossy(row, 3)?,
        })?;
    }
    Ok(())
}

/// The fingerprint of the live row of a user.
pub fn content_hash_of(tx: &Transaction<'_>, user_no: i64) -> Result<ContentHash> {
    Ok(tx.prepare_cached(HASH)?.query_row([user_no], |row| row.get(0))?)
}
