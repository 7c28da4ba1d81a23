//! The settings that a directory stores, as texts. The caller knows which settings exist and what they mean.

use rusqlite::{Connection, Transaction};

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;

statement!(LIST = "SELECT key, value FROM settings ORDER BY key");

statement!(
    STORE = "
    INSERT INTO settings (key, value) VALUES (?1, ?2)
        ON CONFLICT (key) DO UPDATE SET value = excluded.value"
);

statement!(FORGET = "DELETE FROM settings WHERE key = ?1");

/// Every stored setting, by key.
pub fn list(conn: &Connection) -> Result<Vec<(String, String)>> {
    let mut statement = conn.prepare_cached(LIST)?;
    let settings = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(settings.collect::<rusqlite::Result<_>>()?)
}

/// Stores a setting.
pub fn store(tx: &Transaction<'_>, key: &str, value: &str) -> Result<()> {
    tx.prepare_cached(STORE)?.execute([key, value])?;
    Ok(())
}

/// Deletes a stored setting. False if it was not stored.
pub fn forget(tx: &Transaction<'_>, key: &str) -> Result<bool> {
    Ok(tx.prepare_cached(FORGET)?.execute([key])? > 0)
}
