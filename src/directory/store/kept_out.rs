//! Who was erased on request: fingerprints of Okta's ids, and leaving such people out of whatever Okta says.

use rusqlite::{Connection, Transaction};
use sha2::{Digest as _, Sha256};

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::model::OktaUser;

statement!(ADD = "INSERT OR IGNORE INTO erased_users (id_hash, erased) VALUES (?1, ?2)");
statement!(REMOVE = "DELETE FROM erased_users WHERE id_hash = ?1");
statement!(CONTAINS = "SELECT 1 FROM erased_users WHERE id_hash = ?1");
statement!(ANYBODY = "SELECT 1 FROM erased_users LIMIT 1");

/// Keeps a person out from now on.
pub fn add(tx: &Transaction<'_>, okta_id: &str, at: UnixMillis) -> Result<()> {
    tx.prepare_cached(ADD)?.execute((hash(okta_id), at))?;
    Ok(())
}

/// Lets a person in again. False if it was not kept out.
pub fn remove(tx: &Transaction<'_>, okta_id: &str) -> Result<bool> {
    Ok(tx.prepare_cached(REMOVE)?.execute([hash(okta_id)])? > 0)
}

/// Whether a person is kept out.
pub fn contains(conn: &Connection, okta_id: &str) -> Result<bool> {
    Ok(conn.prepare_cached(CONTAINS)?.exists([hash(okta_id)])?)
}

/// Leaves out users whom the directory must not have.
pub fn leave_out(conn: &Connection, users: Vec<OktaUser>) -> Result<Vec<OktaUser>> {
    without(conn, users, |user| &user.id)
}

/// The same by Okta id.
pub fn leave_out_ids<'a>(conn: &Connection, ids: &'a [String]) -> Result<Vec<&'a String>> {
    without(conn, ids.iter().collect(), |id| id)
}

fn without<T>(conn: &Connection, all: Vec<T>, id: impl Fn(&T) -> &str) -> Result<Vec<T>> {
    // Nearly always nobody was erased, and no id needs a fingerprint.
    if !conn.prepare_cached(ANYBODY)?.exists([])? {
        return Ok(all);
    }
    let mut kept = Vec::with_capacity(all.len());
    for one in all {
        if !contains(conn, id(&one))? {
            kept.push(one);
        }
    }
    Ok(kept)
}

fn hash(okta_id: &str) -> [u8; 32] {
    Sha256::digest(okta_id.as_bytes()).into()
}
