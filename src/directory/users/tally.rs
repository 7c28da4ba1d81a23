//! Counts users and computes their digest.

use rusqlite::Connection;

use crate::contract::errors::Result;
use crate::directory::store::kept_counts::{self, STATUS};
use crate::directory::store::statement::statement;
use crate::directory::store::values::{Count, lossy};
use crate::directory::users::content_hash::{ContentHash, Digest};
use crate::model::RunId;

/// How many published users there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UserCounts {
    /// Users that the last complete run saw, and users that later runs added.
    pub present: u64,
    /// Users who are absent and not yet erased.
    pub absent: u64,
}

statement!(COUNT_PRESENT = "SELECT count(*) FROM present_users");

// The index is used because absent users are few.
statement!(
    COUNT_ABSENT = "
    SELECT count(*)
      FROM users INDEXED BY users_absent
     WHERE absent_since IS NOT NULL"
);

statement!(COUNT_INSERTED = "SELECT count(*) FROM users WHERE inserted_run = ?1");

statement!(
    COUNT_WITH_ATTRIBUTE = "
    SELECT count(*)
      FROM present_users
     WHERE is_set(profile, ?1)"
);

statement!(DIGEST = "SELECT okta_id, content_hash FROM present_users");

/// The number of published users, from the stored counts.
pub fn counts(conn: &Connection) -> Result<UserCounts> {
    let present = kept_counts::kept(conn)?.of(STATUS).map(|(_, users)| users).sum();
    let Count(absent) = conn
        .prepare_cached(COUNT_ABSENT)?
        .query_row([], |row| row.get(0))?;
    Ok(UserCounts { present, absent })
}

/// Counts the present users.
pub fn count_present(conn: &Connection) -> Result<u64> {
    let Count(present) = conn
        .prepare_cached(COUNT_PRESENT)?
        .query_row([], |row| row.get(0))?;
    Ok(present)
}

/// Counts the users whom `run` inserted.
pub fn count_inserted(conn: &Connection, run: RunId) -> Result<u64> {
    let Count(inserted) = conn
        .prepare_cached(COUNT_INSERTED)?
        .query_row([run], |row| row.get(0))?;
    Ok(inserted)
}

/// Counts the present users whose profile has a value other than null for the attribute `name`. It reads every profile,
/// so only the guard at the end of a run calls it, and no page of a run.
pub fn count_with_attribute(conn: &Connection, name: &str) -> Result<u64> {
    let Count(with) = conn
        .prepare_cached(COUNT_WITH_ATTRIBUTE)?
        .query_row([name], |row| row.get(0))?;
    Ok(with)
}

/// The digest of all present users. It reads every row.
pub fn digest(conn: &Connection) -> Result<Digest> {
    let mut statement = conn.prepare_cached(DIGEST)?;
    let mut rows = statement.query([])?;
    let mut digest = Digest::default();
    while let Some(row) = rows.next()? {
        let content: ContentHash = row.get(1)?;
        digest.add(&lossy(row, 0)?, &content);
    }
    Ok(digest)
}
