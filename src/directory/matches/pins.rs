//! Pairs that were tied by hand. A pin names its two users and takes effect at the next matching.

use rusqlite::{Connection, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::statement::statement;

/// A pair that was tied by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Jira's user key.
    pub jira_key: String,
    /// Okta's user id.
    pub okta_id: String,
    /// When it was pinned.
    pub pinned_at: UnixMillis,
}

statement!(
    BOTH_KNOWN = "
    SELECT EXISTS (SELECT 1 FROM visible_users WHERE okta_id = ?1),
           EXISTS (SELECT 1 FROM jira_users WHERE key = ?2)"
);

// REPLACE also deletes earlier pins of either user.
statement!(
    PIN = "
    INSERT OR REPLACE INTO pins (jira_key, okta_id, pinned_at)
    VALUES (:jira_key, :okta_id, :pinned_at)"
);

statement!(UNPIN = "DELETE FROM pins WHERE jira_key = ?1");

statement!(LIST = "SELECT jira_key, okta_id, pinned_at FROM pins ORDER BY jira_key");

/// Ties two users, which may be absent, and removes earlier pins of either.
///
/// Fails with [`ErrorCode::NotFound`] if one of them is not in the directory, because the id is most likely mistyped.
pub fn pin(tx: &Transaction<'_>, okta_id: &str, jira_key: &str, at: UnixMillis) -> Result<()> {
    let known: (bool, bool) = tx
        .prepare_cached(BOTH_KNOWN)?
        .query_row([okta_id, jira_key], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match known {
        (true, true) => {}
        (false, _) => return Err(Error::about(ErrorCode::NotFound, "Okta user to pin")),
        (true, false) => return Err(Error::about(ErrorCode::NotFound, "Jira user to pin")),
    }
    tx.prepare_cached(PIN)?
        .execute(named_params! { ":jira_key": jira_key, ":okta_id": okta_id, ":pinned_at": at })?;
    Ok(())
}

/// Removes the pin of a Jira user. False if there was none.
pub fn unpin(tx: &Transaction<'_>, jira_key: &str) -> Result<bool> {
    Ok(tx.prepare_cached(UNPIN)?.execute([jira_key])? > 0)
}

/// Every pin by Jira key, including pins that have no effect yet. Pins are made by hand, so they are few.
pub fn list(conn: &Connection) -> Result<Vec<Pin>> {
    let mut statement = conn.prepare_cached(LIST)?;
    let pins = statement.query_map([], |row| {
        Ok(Pin {
            jira_key: row.get(0)?,
            okta_id: row.get(1)?,
            pinned_at: row.get(2)?,
        })
    })?;
    Ok(pins.collect::<rusqlite::Result<_>>()?)
}
