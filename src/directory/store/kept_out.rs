//! The people who were erased on request: fingerprints of their Okta ids, and the filter that leaves such people out of
//! Okta's answers.

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

/// Ends keeping a person out. False if the person was not kept out.
pub fn remove(tx: &Transaction<'_>, okta_id: &str) -> Result<bool> {
    Ok(tx.prepare_cached(REMOVE)?.execute([hash(okta_id)])? > 0)
}

/// Whether a person is kept out.
pub fn contains(conn: &Connection, okta_id: &str) -> Result<bool> {
    Ok(conn.prepare_cached(CONTAINS)?.exists([hash(okta_id)])?)
}

/// Removes the users that are kept out from a list.
pub fn leave_out(conn: &Connection, users: Vec<OktaUser>) -> Result<Vec<OktaUser>> {
    without(conn, users, |user| &user.id)
}

/// Removes the Okta ids that are kept out from a list.
pub fn leave_out_ids<'a>(conn: &Connection, ids: &'a [String]) -> Result<Vec<&'a String>> {
    without(conn, ids.iter().collect(), |id| id)
}

fn without<T>(conn: &Connection, all: Vec<T>, id: impl Fn(&T) -> &str) -> Result<Vec<T>> {
    // Almost always nobody was erased. Then no fingerprint has to be computed.
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
