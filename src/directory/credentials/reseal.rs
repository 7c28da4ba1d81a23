//! Encrypts everything again with a new key, in the caller's transaction.

use rusqlite::Transaction;

use super::{SealingKey, hook_secret, pending, row};
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::model::{Identity, StoredCredential};

/// Encrypts the credential again and returns it with this sequence number; none if there is no credential.
pub(super) fn reseal(
    tx: &Transaction<'_>,
    old: Option<&SealingKey>,
    new: &SealingKey,
    sequence: u64,
) -> Result<Option<StoredCredential>> {
    let Some(row) = row::get(tx)? else {
        if let Some(old) = old {
            pending::reseal(tx, old, new)?;
            hook_secret::reseal(tx, old, new)?;
        }
        return Ok(None);
    };
    let Some(old) = old else {
        // Nothing was ever encrypted, or the credential was erased together with its key.
        return match row.without_secrets().identity {
            Identity::None => Ok(None),
            _ => Err(Error::about(
                ErrorCode::SealingKeyWrong,
                "the key file is missing",
            )),
        };
    };
    pending::reseal(tx, old, new)?;
    hook_secret::reseal(tx, old, new)?;
    let mut credential = row.open(old)?;
    credential.sequence = sequence;
    row::set(tx, &credential, new)?;
    Ok(Some(credential))
}
