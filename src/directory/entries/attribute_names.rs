//! The names of the attributes in the profiles of the directory.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::contract::errors::Result;
use crate::directory::store::profile_values::add_names;
use crate::directory::store::statement::statement;
use crate::directory::store::values::lossy;

statement!(PROFILES = "SELECT profile FROM visible_users");

/// The names of all attributes in the profiles of visible users. It reads every profile; a damaged profile adds no
/// name.
pub fn attribute_names(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(PROFILES)?;
    let mut rows = statement.query([])?;
    let mut names = BTreeSet::new();
    while let Some(row) = rows.next()? {
        add_names(&lossy(row, 0)?, &mut names);
    }
    Ok(names.into_iter().collect())
}
