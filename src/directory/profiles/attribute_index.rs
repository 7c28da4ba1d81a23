//! The look-up table of chosen attributes. It finds the users whose profile has a given folded value.
//!
//! Only the transaction that publishes a run writes it, and only for users whose content the run changed (see
//! `look_ups`). The directory stores which attributes the table covers. A search by any other attribute reads the
//! profiles instead, so the answer is slower but never wrong.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Transaction};

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::model::RunId;

statement!(NAMES = "SELECT name FROM indexed_attributes ORDER BY attribute_no");

statement!(COVERED = "SELECT attribute_no, name FROM indexed_attributes");

statement!(NUMBER = "SELECT attribute_no FROM indexed_attributes WHERE name = ?1");

statement!(ADD_NAME = "INSERT INTO indexed_attributes (name) VALUES (?1)");

statement!(REMOVE_NAME = "DELETE FROM indexed_attributes WHERE name = ?1");

statement!(
    FORGET_STAGED = "
    DELETE FROM user_attributes
     WHERE user_no IN (SELECT user_no FROM staged_users WHERE run = ?1)"
);

statement!(
    PUT = "
    INSERT OR IGNORE INTO user_attributes (attribute_no, value_key, user_no)
    VALUES (?1, fold(?2), ?3)"
);

/// An attribute that the table covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::directory) struct Covered {
    /// Its number in the directory.
    pub(in crate::directory) number: i64,
    /// The key in the profile.
    pub(in crate::directory) name: String,
    /// Whether the table has no rows for it yet.
    pub(in crate::directory) is_new: bool,
}

/// The attributes that the table covers now.
pub(in crate::directory) fn covered(conn: &Connection) -> Result<Vec<Covered>> {
    let mut statement = conn.prepare_cached(COVERED)?;
    let rows = statement.query_map([], |row| {
        Ok(Covered {
            number: row.get(0)?,
            name: row.get(1)?,
            is_new: false,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The number of an attribute that the table covers.
pub fn number(conn: &Connection, name: &str) -> Result<Option<i64>> {
    let mut statement = conn.prepare_cached(NUMBER)?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Deletes the table's rows of users that `run` has staged, and updates the list of covered attributes. Returns that
/// list.
pub(in crate::directory) fn prepare(
    tx: &Transaction<'_>,
    run: RunId,
    wanted: &[String],
) -> Result<Vec<Covered>> {
    tx.prepare_cached(FORGET_STAGED)?.execute([run])?;
    let present: Vec<String> = {
        let mut statement = tx.prepare_cached(NAMES)?;
        let names = statement.query_map([], |row| row.get(0))?;
        names.collect::<rusqlite::Result<_>>()?
    };
    for name in present.iter().filter(|name| !wanted.contains(name)) {
        tx.prepare_cached(REMOVE_NAME)?.execute([name])?;
    }
    let mut covered = Vec::with_capacity(wanted.len());
    for name in wanted {
        let known = number(tx, name)?;
        if known.is_none() {
            tx.prepare_cached(ADD_NAME)?.execute([name])?;
        }
        covered.push(Covered {
            number: known.unwrap_or_else(|| tx.last_insert_rowid()),
            name: name.clone(),
            is_new: known.is_none(),
        });
    }
    Ok(covered)
}

/// Adds rows. A row says that a user has a value.
pub(in crate::directory) struct AttributeRows<'tx>(CachedStatement<'tx>);

impl<'tx> AttributeRows<'tx> {
    pub(in crate::directory) fn new(tx: &'tx Transaction<'_>) -> Result<AttributeRows<'tx>> {
        Ok(AttributeRows(tx.prepare_cached(PUT)?))
    }

    pub(in crate::directory) fn put(&mut self, attribute: i64, value: &str, user_no: i64) -> Result<()> {
        self.0.execute((attribute, value, user_no))?;
        Ok(())
    }
}
