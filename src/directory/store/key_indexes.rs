//! The indexes by which users are searched for: left out while a directory fills for the first time, and built from
//! sorted keys when everybody is there.
//!
//! Kept up to date user by user, they cost a write into a random place of four B-trees for each user, and a directory
//! that outgrows the cache writes each of their pages many times. Nobody needs them before the first publication: no
//! reader sees a user, and matching has nobody to compare. So the invariant is: one of them is missing only while
//! nothing was published. A migration that replaces one must therefore drop it with `IF EXISTS`.

use rusqlite::{Connection, Transaction};

use crate::contract::errors::Result;
use crate::directory::Directory;
use crate::directory::store::statement::statement;

/// As the schema makes them; a test compares them with it. `users_presence` is not among them: runs need it, and its
/// entries come in order.
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

/// Leaves the indexes out if nobody was ever in the directory. Call it when a run begins that reads everybody.
pub fn leave_out(tx: &Transaction<'_>) -> Result<()> {
    let is_empty: bool = tx.prepare_cached(NOBODY_YET)?.query_row([], |row| row.get(0))?;
    if is_empty {
        for (name, _) in INDEXES {
            tx.execute_batch(&format!("DROP INDEX IF EXISTS {name}"))?;
        }
    }
    Ok(())
}

/// Builds the indexes that were left out, each in a transaction of its own: a kill loses no more than one, and the log
/// is cut in between. Call it when the users of a run are written, before it is published.
pub fn build(directory: &Directory) -> Result<()> {
    for (name, definition) in INDEXES {
        if !directory.read(|conn| is_there(conn, name))? {
            directory.write_sorted(|tx| make(tx, name, definition))?;
        }
    }
    Ok(())
}

/// Makes those that are missing in a transaction that publishes, whoever forgot to build them: sorted in memory. So a
/// directory also has them that filled for the first time when it took over what another node had published.
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
