//! Whom one run inserted, and single fingerprints: what a delta run must know of the users it moved.

use rusqlite::{Connection, Transaction};

use crate::directory::content_hash::ContentHash;
use crate::error::Result;
use crate::model::RunId;

// INDEXED BY: most users came with one run, but a later run adds a few and must not pay for all.
const INSERTED: &str = "
    SELECT user_no, okta_id, content_hash
      FROM users INDEXED BY users_presence
     WHERE inserted_run = ?1
     ORDER BY user_no";

const HASH: &str = "SELECT content_hash FROM users WHERE user_no = ?1";

/// Statements whose work follows the users that one run moved.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[INSERTED, HASH];

/// Tells `each` of every user whom `run` inserted: number, Okta id and fingerprint. `each` may write
/// to other tables than that of the users.
pub fn each_inserted(
    conn: &Connection,
    run: RunId,
    mut each: impl FnMut(i64, &str, &ContentHash) -> Result<()>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(INSERTED)?;
    let mut rows = statement.query([run])?;
    while let Some(row) = rows.next()? {
        let okta_id = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        each(row.get(0)?, okta_id, &row.get(2)?)?;
    }
    Ok(())
}

/// The fingerprint of the live row of a user.
pub fn content_hash_of(tx: &Transaction<'_>, user_no: i64) -> Result<ContentHash> {
    Ok(tx.prepare_cached(HASH)?.query_row([user_no], |row| row.get(0))?)
}
