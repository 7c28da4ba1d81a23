//! Copies data that Okta cannot send again out of a damaged directory into a new one.
//!
//! The next run fetches the users again. A credential, ties made by hand and settings would be lost, so their rows are
//! read one by one, as far as the damage allows. A secret that the damage changed cannot be decrypted later.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use crate::contract::errors::Result;

/// The tables that are carried over, and their names in messages.
const TABLES: &[(&str, &str)] = &[
    ("credentials", "the credential"),
    ("authorization_requests", "sign-ins that wait"),
    ("pins", "matches made by hand"),
    ("settings", "settings"),
    ("erased_users", "who was erased on request"),
];

/// Copies all readable rows, and returns in words what was copied.
pub(in crate::directory) fn from_damaged(path: &Path, new: &mut Connection) -> Result<Vec<String>> {
    // Nothing can be saved from a file that cannot be opened.
    let Ok(damaged) = open(path) else {
        return Ok(Vec::new());
    };
    let mut saved = Vec::new();
    for (table, words) in TABLES {
        let rows = read(&damaged, new, table).unwrap_or_default();
        let transaction = new.transaction()?;
        let mut copied = 0;
        for (columns, row) in &rows {
            copied += insert(&transaction, table, columns, row).unwrap_or(0);
        }
        transaction.commit()?;
        if copied > 0 {
            saved.push((*words).to_owned());
        }
    }
    Ok(saved)
}

type Row = (Vec<String>, Vec<Value>);

/// Opens the damaged file read-only, with its log, so that both stay unchanged for a later examination.
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let damaged = Connection::open_with_flags(path, flags)?;
    damaged.pragma_update(None, "trusted_schema", "OFF")?;
    damaged.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))?;
    damaged.pragma_update(None, "cell_size_check", "ON")?;
    Ok(damaged)
}

/// The rows before the first unreadable one, in the columns that both files have.
fn read(damaged: &Connection, new: &Connection, table: &str) -> rusqlite::Result<Vec<Row>> {
    let known = columns(new, table)?;
    let common: Vec<String> = columns(damaged, table)?
        .into_iter()
        .filter(|column| known.contains(column))
        .collect();
    if common.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = damaged.prepare(&format!("SELECT {} FROM {table}", common.join(", ")))?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Ok(Some(row)) = rows.next() {
        let values: rusqlite::Result<Vec<Value>> = (0..common.len()).map(|index| row.get(index)).collect();
        // A row is skipped if the damage left something in it that is not a value.
        if let Ok(values) = values {
            found.push((common.clone(), values));
        }
    }
    Ok(found)
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names = statement.query_map([table], |row| row.get(0))?;
    names.collect()
}

/// Inserts a row. A row that breaks a rule of the table is skipped.
fn insert(new: &Connection, table: &str, columns: &[String], row: &[Value]) -> rusqlite::Result<usize> {
    let places = vec!["?"; columns.len()].join(", ");
    let sql = format!(
        "INSERT OR IGNORE INTO {table} ({}) VALUES ({places})",
        columns.join(", ")
    );
    new.execute(&sql, params_from_iter(row))
}
