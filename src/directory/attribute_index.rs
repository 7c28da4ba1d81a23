//! The look-up table of chosen attributes: folded value to users, in whatever profile it stands.
//!
//! It is written when a run is published, for users whose content that run changed and for no
//! others. Which attributes it covers stands in the directory, so a question about another one is
//! answered by reading the profiles instead, never wrongly.

use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::directory::attribute_path;
use crate::error::Result;
use crate::model::RunId;

const NAMES: &str = "SELECT name FROM indexed_attributes ORDER BY attribute_no";

const NUMBER: &str = "SELECT attribute_no FROM indexed_attributes WHERE name = ?1";

const ADD_NAME: &str = "INSERT INTO indexed_attributes (name, path) VALUES (?1, ?2)";

const REMOVE_NAME: &str = "DELETE FROM indexed_attributes WHERE name = ?1";

const FORGET_STAGED: &str = "
    DELETE FROM user_attributes
     WHERE user_no IN (SELECT user_no FROM staged_users WHERE run = ?1)";

// One value of one user. `->` gives a number as it stands in the profile; `->>` would round a long one.
macro_rules! fill {
    ($table:literal, $user:literal, $where:literal) => {
        concat!(
            "INSERT OR IGNORE INTO user_attributes (attribute_no, value_key, user_no)
             SELECT chosen.attribute_no,
                    fold(CASE json_type(",
            $user,
            ".profile, chosen.path) WHEN 'text' THEN ",
            $user,
            ".profile ->> chosen.path
                                                           ELSE ",
            $user,
            ".profile -> chosen.path END),
                    ",
            $user,
            ".user_no
               FROM ",
            $table,
            "
              CROSS JOIN indexed_attributes AS chosen
              WHERE ",
            $where,
            "
                AND json_type(",
            $user,
            ".profile, chosen.path) IN ('text', 'integer', 'real', 'true', 'false')
             UNION ALL
             SELECT chosen.attribute_no,
                    fold(CASE element.type WHEN 'text' THEN element.value ELSE ",
            $user,
            ".profile -> element.fullkey END),
                    ",
            $user,
            ".user_no
               FROM ",
            $table,
            "
              CROSS JOIN indexed_attributes AS chosen
              CROSS JOIN json_each(",
            $user,
            ".profile, chosen.path) AS element
              WHERE ",
            $where,
            "
                AND json_type(",
            $user,
            ".profile, chosen.path) = 'array'
                AND element.type IN ('text', 'integer', 'real', 'true', 'false')"
        )
    };
}

const FILL_STAGED: &str = fill!("staged_users AS staged", "staged", "staged.run = ?1");
const FILL_INSERTED: &str = fill!("users AS u INDEXED BY users_presence", "u", "u.inserted_run = ?1");
// Users whom the run stages are filled from what it staged.
const FILL_NEW_NAME: &str = fill!(
    "users AS u",
    "u",
    "chosen.attribute_no = ?2 AND u.inserted_run < ?1
     AND NOT EXISTS (SELECT 1 FROM staged_users AS s WHERE s.user_no = u.user_no AND s.run = ?1)"
);

/// Statements that must not read the rows of users whom the run did not touch.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[NUMBER, FORGET_STAGED, FILL_STAGED, FILL_INSERTED];

/// The number of an attribute that the table covers.
pub fn number(conn: &Connection, name: &str) -> Result<Option<i64>> {
    let mut statement = conn.prepare_cached(NUMBER)?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Brings the table up to date with what `run` is about to publish, and with the choice of attributes.
/// Call it in the transaction that publishes, before the staged rows are applied.
pub fn refresh(tx: &Transaction<'_>, run: RunId, wanted: &[String]) -> Result<()> {
    tx.prepare_cached(FORGET_STAGED)?.execute([run])?;
    choose(tx, run, wanted)?;
    tx.prepare_cached(FILL_STAGED)?.execute([run])?;
    tx.prepare_cached(FILL_INSERTED)?.execute([run])?;
    Ok(())
}

fn choose(tx: &Transaction<'_>, run: RunId, wanted: &[String]) -> Result<()> {
    let present: Vec<String> = {
        let mut statement = tx.prepare_cached(NAMES)?;
        let names = statement.query_map([], |row| row.get(0))?;
        names.collect::<rusqlite::Result<_>>()?
    };
    for name in present.iter().filter(|name| !wanted.contains(name)) {
        tx.prepare_cached(REMOVE_NAME)?.execute([name])?;
    }
    for name in wanted.iter().filter(|name| !present.contains(name)) {
        tx.prepare_cached(ADD_NAME)?
            .execute((name, attribute_path::of(name)))?;
        let number = tx.last_insert_rowid();
        tx.prepare_cached(FILL_NEW_NAME)?.execute((run, number))?;
    }
    Ok(())
}
