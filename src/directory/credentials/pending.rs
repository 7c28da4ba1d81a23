//! Sign-ins that wait for Okta's answer, in the table `authorization_requests`.
//!
//! An answer first removes its row and then is used, so that no answer can be used twice.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::hook_secret;
use super::row::{open, seal};
use super::sealing::SealingKey;
use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::model::PendingAuthorization;
use crate::secret::Secret;

/// How many sign-ins may wait at once. An administrator may use several tabs, but a flood must not fill the table.
const MOST_WAITING: i64 = 10;

const TABLE: &str = "authorization_requests";

statement!(INSERT = "
    INSERT INTO authorization_requests (
           org_url, client_id, redirect_uri, expires, sealing_key, state, code_verifier, client_secret, dpop_key)
    VALUES (:org_url, :client_id, :redirect_uri, :expires, :sealing_key, :state, :code_verifier, :client_secret,
            :dpop_key)");

statement!(
    ALL = "
    SELECT request_no, org_url, client_id, redirect_uri, expires, sealing_key,
           state, code_verifier, client_secret, dpop_key
      FROM authorization_requests
     ORDER BY request_no"
);

/// Adds a sign-in. Expired sign-ins are deleted, and the oldest ones too if there are too many.
pub(super) fn add(
    tx: &Transaction<'_>,
    pending: &PendingAuthorization,
    key: &SealingKey,
    now: UnixMillis,
) -> Result<()> {
    remove_expired(tx, now)?;
    insert(tx, pending, key)?;
    tx.execute(
        "DELETE FROM authorization_requests
          WHERE request_no <= (SELECT max(request_no) FROM authorization_requests) - ?1",
        [MOST_WAITING],
    )?;
    Ok(())
}

/// Removes and returns the sign-in of this state, if there is one and it has not expired.
pub(super) fn take(
    tx: &Transaction<'_>,
    state: &Secret,
    key: &SealingKey,
    now: UnixMillis,
) -> Result<Option<PendingAuthorization>> {
    remove_expired(tx, now)?;
    let mut found = None;
    // Every row is compared, and each comparison takes constant time, so that the running time reveals nothing about a
    // stored `state`.
    for row in sealed_under(tx, key)? {
        let (number, pending) = row.open(key)?;
        if pending.state == *state {
            found = Some((number, pending));
        }
    }
    let Some((number, pending)) = found else {
        return Ok(None);
    };
    tx.execute(
        "DELETE FROM authorization_requests WHERE request_no = ?1",
        [number],
    )?;
    Ok(Some(pending))
}

/// Encrypts every row with the new key.
pub(super) fn reseal(tx: &Transaction<'_>, old: &SealingKey, new: &SealingKey) -> Result<()> {
    let opened: Vec<(i64, PendingAuthorization)> = sealed_under(tx, old)?
        .into_iter()
        .map(|row| row.open(old))
        .collect::<Result<_>>()?;
    remove_all(tx)?;
    opened
        .iter()
        .try_for_each(|(_, pending)| insert(tx, pending, new))
}

/// The name of the key that encrypted the newest sign-in.
pub(super) fn name_of_key(conn: &Connection) -> Result<Option<Vec<u8>>> {
    let newest = "SELECT sealing_key FROM authorization_requests ORDER BY request_no DESC LIMIT 1";
    Ok(conn.query_row(newest, [], |row| row.get(0)).optional()?)
}

/// Deletes every row, and the secrets of the event hook, because the hook belongs to the same connection.
pub(super) fn clear(tx: &Transaction<'_>) -> Result<()> {
    remove_all(tx)?;
    hook_secret::clear(tx)
}

fn remove_all(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM authorization_requests", [])?;
    Ok(())
}

fn remove_expired(tx: &Transaction<'_>, now: UnixMillis) -> Result<()> {
    tx.execute("DELETE FROM authorization_requests WHERE expires <= ?1", [now.0])?;
    Ok(())
}

fn insert(tx: &Transaction<'_>, pending: &PendingAuthorization, key: &SealingKey) -> Result<()> {
    let seal = |column: &str, secret: Option<&Secret>| seal(key, TABLE, column, &pending.org_url, secret);
    tx.prepare_cached(INSERT)?.execute(named_params! {
        ":org_url": pending.org_url,
        ":client_id": pending.client_id,
        ":redirect_uri": pending.redirect_uri,
        ":expires": pending.expires.0,
        ":sealing_key": key.name(),
        ":state": seal("state", Some(&pending.state))?,
        ":code_verifier": seal("code_verifier", Some(&pending.code_verifier))?,
        ":client_secret": seal("client_secret", pending.client_secret.as_ref())?,
        ":dpop_key": seal("dpop_key", pending.dpop_key.as_ref())?,
    })?;
    Ok(())
}

struct SealedSignIn {
    number: i64,
    org_url: String,
    client_id: String,
    redirect_uri: String,
    expires: i64,
    sealing_key: Vec<u8>,
    state: Vec<u8>,
    code_verifier: Vec<u8>,
    client_secret: Option<Vec<u8>>,
    dpop_key: Option<Vec<u8>>,
}

/// The rows that this key decrypts. Rows that were encrypted with a lost key are left; they expire.
fn sealed_under(conn: &Connection, key: &SealingKey) -> Result<Vec<SealedSignIn>> {
    let read = |row: &Row<'_>| {
        Ok(SealedSignIn {
            number: row.get(0)?,
            org_url: row.get(1)?,
            client_id: row.get(2)?,
            redirect_uri: row.get(3)?,
            expires: row.get(4)?,
            sealing_key: row.get(5)?,
            state: row.get(6)?,
            code_verifier: row.get(7)?,
            client_secret: row.get(8)?,
            dpop_key: row.get(9)?,
        })
    };
    let mut statement = conn.prepare_cached(ALL)?;
    let rows = statement.query_map([], read)?;
    let mut rows: Vec<SealedSignIn> = rows.collect::<rusqlite::Result<_>>()?;
    rows.retain(|row| row.sealing_key == key.name());
    Ok(rows)
}

impl SealedSignIn {
    fn open(self, key: &SealingKey) -> Result<(i64, PendingAuthorization)> {
        let open = |column: &str, sealed: &[u8]| open(key, TABLE, column, &self.org_url, sealed);
        let optional = |column: &str, sealed: &Option<Vec<u8>>| {
            sealed.as_deref().map(|sealed| open(column, sealed)).transpose()
        };
        let pending = PendingAuthorization {
            state: open("state", &self.state)?,
            code_verifier: open("code_verifier", &self.code_verifier)?,
            client_secret: optional("client_secret", &self.client_secret)?,
            dpop_key: optional("dpop_key", &self.dpop_key)?,
            org_url: self.org_url.clone(),
            client_id: self.client_id,
            redirect_uri: self.redirect_uri,
            expires: UnixMillis(self.expires),
        };
        Ok((self.number, pending))
    }
}
