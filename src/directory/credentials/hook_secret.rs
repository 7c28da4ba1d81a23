//! The secret that deliveries of Okta's event hook carry. It is stored twice: encrypted, because registering the hook
//! needs the secret itself, and as a digest, so that a receiver can check deliveries without the key.
//!
//! A new secret replaces the present one. Okta sends the old secret until the hook is changed in Okta, so the old
//! secret stays accepted for some time. If this engine changes the hook itself, the old secret stays accepted until
//! that change succeeds, however often it fails before.

use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};
use rusqlite::{Connection, OptionalExtension, Transaction, named_params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::row::{open, seal};
use super::sealing::{SEALING_KEY_LENGTH, SealingKey};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::directory::store::statement::statement;
use crate::hex::hex;
use crate::secret::Secret;

/// How long the previous secret stays accepted. Okta needs several minutes to apply a change to a hook. A rotation that
/// was interrupted is also continued within this time.
const OVERLAP: Duration = Duration::from_secs(24 * 3_600);

/// A secret that deliveries may carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Verifier {
    /// The digest of the secret.
    pub(super) sha256: Vec<u8>,
    /// When the secret stops being accepted; none for the present secret.
    pub(super) ends: Option<UnixMillis>,
}

const TABLE: &str = "hook_secrets";
const COLUMN: &str = "sealed";

statement!(VERIFIERS = "SELECT verifier FROM hook_secrets WHERE ends IS NULL OR ends > ?1");

statement!(ALL_VERIFIERS = "SELECT verifier, ends FROM hook_secrets ORDER BY secret_no");

statement!(
    PRESENT = "
    SELECT sealed, sealing_key FROM hook_secrets WHERE ends IS NULL ORDER BY secret_no DESC LIMIT 1"
);

statement!(END_OTHERS = "UPDATE hook_secrets SET ends = ?1 WHERE ends IS NULL");

statement!(IS_PROPOSED = "SELECT count(*) > 1 FROM hook_secrets WHERE ends IS NULL");

statement!(
    END_EARLIER = "
    UPDATE hook_secrets SET ends = ?1
     WHERE ends IS NULL AND secret_no < (SELECT max(secret_no) FROM hook_secrets)"
);

statement!(FORGET_ENDED = "DELETE FROM hook_secrets WHERE ends <= ?1");

statement!(
    ADD = "
    INSERT INTO hook_secrets (verifier, made, sealing_key, sealed)
    VALUES (:verifier, :made, :sealing_key, :sealed)"
);

statement!(ALL = "SELECT secret_no, sealed FROM hook_secrets WHERE sealing_key = ?1");

statement!(RESEAL = "UPDATE hook_secrets SET sealing_key = ?2, sealed = ?3 WHERE secret_no = ?1");

statement!(CLEAR = "DELETE FROM hook_secrets");

/// The encrypted present secret and the name of its key; none if no secret was made yet.
pub(super) fn present(conn: &Connection) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
    let mut statement = conn.prepare_cached(PRESENT)?;
    Ok(statement
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Decrypts a secret.
pub(super) fn opened(key: &SealingKey, sealed: &[u8]) -> Result<Secret> {
    open(key, TABLE, COLUMN, "", sealed)
}

/// Replaces the present secret with a new one. The old one stays accepted for one more day.
pub(super) fn add(tx: &Transaction<'_>, key: &SealingKey, now: UnixMillis) -> Result<Secret> {
    tx.prepare_cached(END_OTHERS)?.execute([now.plus(OVERLAP)])?;
    propose(tx, key, now)
}

/// Makes a secret that will replace the present one. The present one stays accepted until [`decide`] is called.
pub(super) fn propose(tx: &Transaction<'_>, key: &SealingKey, now: UnixMillis) -> Result<Secret> {
    let secret = random_secret()?;
    tx.prepare_cached(FORGET_ENDED)?.execute([now])?;
    tx.prepare_cached(ADD)?.execute(named_params! {
        ":verifier": verifier(secret.expose().as_bytes()),
        ":made": now,
        ":sealing_key": key.name(),
        ":sealed": seal(key, TABLE, COLUMN, "", Some(&secret))?,
    })?;
    Ok(secret)
}

/// Whether a secret was proposed and it is not yet known that Okta has it.
pub(super) fn is_proposed(conn: &Connection) -> Result<bool> {
    Ok(conn
        .prepare_cached(IS_PROPOSED)?
        .query_row([], |row| row.get(0))?)
}

/// Notes that Okta has the newest secret; older ones are accepted for one more day.
pub(super) fn decide(tx: &Transaction<'_>, now: UnixMillis) -> Result<()> {
    tx.prepare_cached(END_EARLIER)?.execute([now.plus(OVERLAP)])?;
    Ok(())
}

/// Whether a delivery with this text carries a secret that is accepted at `now`. The running time depends only on the
/// length of `given`, so that it reveals nothing about a stored secret.
pub fn is_hook_secret(conn: &Connection, given: &[u8], now: UnixMillis) -> Result<bool> {
    Ok(is_one_of(given, &hook_secret_digests(conn, now)?))
}

/// The SHA-256 digests of the secrets that are accepted at `now`.
pub fn hook_secret_digests(conn: &Connection, now: UnixMillis) -> Result<Vec<Vec<u8>>> {
    let mut statement = conn.prepare_cached(VERIFIERS)?;
    let known = statement.query_map([now], |row| row.get(0))?;
    Ok(known.collect::<rusqlite::Result<_>>()?)
}

/// Whether a secret has one of these digests. It is compared with all of them, so that the time does not depend on
/// which one matches.
pub(super) fn is_one_of(given: &[u8], known: &[Vec<u8>]) -> bool {
    let given = verifier(given);
    let is_known = known.iter().fold(Choice::from(0), |is_known, verifier| {
        is_known | verifier.ct_eq(given.as_slice())
    });
    is_known.into()
}

/// The digests of all secrets that are accepted now or were accepted once.
pub(super) fn verifiers(conn: &Connection) -> Result<Vec<Verifier>> {
    let mut statement = conn.prepare_cached(ALL_VERIFIERS)?;
    let found = statement.query_map([], |row| {
        Ok(Verifier {
            sha256: row.get(0)?,
            ends: row.get(1)?,
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Whether there is a secret at all.
pub fn has_hook_secret(conn: &Connection) -> Result<bool> {
    Ok(conn.prepare_cached(PRESENT)?.exists([])?)
}

/// Encrypts every secret with another key.
pub(super) fn reseal(tx: &Transaction<'_>, old: &SealingKey, new: &SealingKey) -> Result<()> {
    let sealed: Vec<(i64, Vec<u8>)> = {
        let mut statement = tx.prepare_cached(ALL)?;
        let rows = statement.query_map([old.name()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    for (secret_no, sealed) in sealed {
        let secret = open(old, TABLE, COLUMN, "", &sealed)?;
        let resealed = seal(new, TABLE, COLUMN, "", Some(&secret))?;
        tx.prepare_cached(RESEAL)?
            .execute((secret_no, new.name(), resealed))?;
    }
    Ok(())
}

/// Deletes all secrets.
pub(super) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(CLEAR)?.execute([])?;
    Ok(())
}

fn verifier(secret: &[u8]) -> Vec<u8> {
    Sha256::digest(secret).to_vec()
}

/// 256 random bits as hexadecimal digits, which are allowed in every header and form field.
fn random_secret() -> Result<Secret> {
    let mut bytes = zeroize::Zeroizing::new([0_u8; SEALING_KEY_LENGTH]);
    SystemRandom::new()
        .fill(bytes.as_mut_slice())
        .map_err(|_| Error::internal("the system gives no random bytes"))?;
    Ok(Secret::text(hex(bytes.as_slice())))
}
