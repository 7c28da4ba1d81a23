//! Which attributes the profiles of the directory hold.

use rusqlite::Connection;

use crate::contract::errors::Result;

const NAMES: &str = "
    SELECT DISTINCT attribute.key
      FROM visible_users AS u
      CROSS JOIN json_each(u.profile) AS attribute
     ORDER BY attribute.key";

/// The names of all attributes that a visible user's profile holds. It reads every profile.
pub fn attribute_names(conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare_cached(NAMES)?;
    let names = statement.query_map([], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}
