//! The indexes that find users by a key. They are left out while a directory is filled for the first time, and are
//! built from sorted keys when all users are written.
//!
//! Updating them for each user costs one write at a random place in each of four B-trees. If the directory is larger
//! than the cache, each of their pages is written many times. Nothing needs them before the first publication: no
//! reader sees a user, and matching has no users to compare. So the invariant is: an index is missing only while
//! nothing was published. A migration that replaces one must therefore drop it with `IF EXISTS`.

use rusqlite::{Connection, Transaction};

use crate::contract::errors::Result;
use crate::directory::Directory;
use crate::directory::store::statement::statement;

/// The definitions as the schema has them; a test compares both. `users_presence` is not in the list, because runs need
/// it and its entries arrive in order.
const INDEXES: [(&str, &str); 4] = [
    (
        "users_login",
        "CREATE INDEX users_login ON users (login_key, user_no, inserted_run, absent_since)",
    ),
    (
        "users_email",
        "CREATE INDEX users_email ON users (email_key, user_no, inserted_run, absent_since)",
    ),
    (
        "users_login_local_part",
        "CREATE INDEX users_login_local_part ON users (login_local_part_key, user_no, inserted_run, absent_since)",
    ),
    (
        "users_name",
        "CREATE INDEX users_name ON users (name_key, user_no, inserted_run, absent_since, search_text)",
    ),
];

statement!(NOBODY_YET = "SELECT published_run = 0 AND NOT EXISTS (SELECT 1 FROM users) FROM directory");

statement!(IS_THERE, reads every row = "
    SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?1)");

/// Drops the indexes if the directory never had a user. Call it at the beginning of a run that reads everybody.
pub fn leave_out(tx: &Transaction<'_>) -> Result<()> {
    let is_empty: bool = tx.prepare_cached(NOBODY_YET)?.query_row([], |row| row.get(0))?;
    if is_empty {
        for (name, _) in INDEXES {
            tx.execute_batch(&format!("DROP INDEX IF EXISTS {name}"))?;
        }
    }
    Ok(())
}

/// Builds the missing indexes. Each one is built in its own transaction, so that a kill loses at most one index and the
/// log is cut in between. Call it after the users of a run are written and before the run is published.
pub fn build(directory: &Directory) -> Result<()> {
    for (name, definition) in INDEXES {
        if !directory.read(|conn| is_there(conn, name))? {
            directory.write_sorted(|tx| make(tx, name, definition))?;
        }
    }
    Ok(())
}

/// Builds missing indexes within a publishing transaction; the keys are sorted in memory. Usually none is missing. But
/// a directory that was filled for the first time from another node's publication never called [`build`].
pub fn require(tx: &Transaction<'_>) -> Result<()> {
    INDEXES
        .iter()
        .try_for_each(|(name, definition)| make(tx, name, definition))
}

fn make(tx: &Transaction<'_>, name: &str, definition: &str) -> Result<()> {
    if !is_there(tx, name)? {
        tx.execute_batch(definition)?;
    }
    Ok(())
}

fn is_there(conn: &Connection, name: &str) -> Result<bool> {
    Ok(conn
        .prepare_cached(IS_THERE)?
        .query_row([name], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::store::migrations;

    #[test]
    fn they_are_built_as_the_schema_makes_them() {
        let mut directory = Connection::open_in_memory().expect("memory");
        migrations::run(&mut directory).expect("the schema");
        for (name, definition) in INDEXES {
            let made: String = directory
                .query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [name], |row| {
                    row.get(0)
                })
                .expect(name);
            assert_eq!(made, definition);
        }
    }
}
