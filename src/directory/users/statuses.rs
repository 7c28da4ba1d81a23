//! Keeps the stored numbers of present users by status up to date.

use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::contract::errors::Result;
use crate::directory::store::kept_counts::{self, Counts, STATUS};
use crate::directory::store::statement::statement;
use crate::directory::store::values::lossy;
use crate::directory::users::user_set::UserSet;

// SQLite answers this from the index `users_presence` alone and reads no user's row.
statement!(STATUSES = "SELECT status FROM present_users");
statement!(STATUS_OF = "SELECT status FROM present_users WHERE user_no = ?1");

/// Counts all present users by status, stores the counts, and returns the number of all present users.
pub fn count_statuses(tx: &Transaction<'_>) -> Result<u64> {
    let mut counts = Counts::default();
    let mut present = 0;
    let mut statement = tx.prepare_cached(STATUSES)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        counts.add(STATUS, &lossy(row, 0)?, 1);
        present += 1;
    }
    drop(rows);
    kept_counts::replace(tx, &[STATUS], counts)?;
    Ok(present)
}

/// Computes how a change of few users changes the counts.
pub struct StatusChange {
    users: UserSet,
    counts: Counts,
}

impl StatusChange {
    /// Call it before the change, with all known users that the change may concern.
    pub fn before(conn: &Connection, users: UserSet) -> Result<StatusChange> {
        let mut counts = Counts::default();
        add(conn, &users, -1, &mut counts)?;
        Ok(StatusChange { users, counts })
    }

    /// Call it after the change, with the users that are new.
    pub fn after(mut self, tx: &Transaction<'_>, arrived: &UserSet) -> Result<()> {
        add(tx, &self.users, 1, &mut self.counts)?;
        add(tx, arrived, 1, &mut self.counts)?;
        kept_counts::change(tx, &self.counts)
    }
}

fn add(conn: &Connection, users: &UserSet, by: i64, to: &mut Counts) -> Result<()> {
    let mut statement = conn.prepare_cached(STATUS_OF)?;
    for user_no in users.iter() {
        let status = statement.query_row([user_no], |row| Ok(lossy(row, 0)?.into_owned()));
        if let Some(status) = status.optional()? {
            to.add(STATUS, &status, by);
        }
    }
    Ok(())
}
