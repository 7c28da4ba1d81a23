//! Finds and repairs rows of the look-up tables that differ from the profiles because the disk changed them. No
//! fingerprint covers these rows, so they are computed again and compared.

use std::cmp::Ordering;

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::{Connection, Row, Rows, Transaction};

use crate::contract::errors::Result;
use crate::directory::profiles::look_ups::{AttributeWalk, Folding, LookUpRows, RowWriter};
use crate::directory::store::statement::statement;
use crate::directory::store::values::lossy;
use crate::model::RunId;

// Only published users have rows.
statement!(PROFILES, reads every row = "
    SELECT user_no, profile FROM users
     WHERE inserted_run <= (SELECT published_run FROM directory) AND inserted_run < ?1
     ORDER BY user_no");
statement!(ATTRIBUTES, reads every row = "
    SELECT user_no, attribute_no, value_key FROM user_attributes INDEXED BY user_attributes_user
     ORDER BY user_no, attribute_no, value_key");
statement!(MANAGERS, reads every row = "SELECT user_no, value, value_key FROM managers ORDER BY user_no");
statement!(PROFILE = "SELECT profile FROM users WHERE user_no = ?1");
statement!(FORGET_ATTRIBUTES = "DELETE FROM user_attributes WHERE user_no = ?1");
statement!(FORGET_MANAGER = "DELETE FROM managers WHERE user_no = ?1");

/// The users whose rows differ from their profiles.
pub(in crate::directory) fn find(conn: &Connection) -> Result<Vec<i64>> {
    find_before(conn, RunId(i64::MAX))
}

/// Like [`find`], but only among users of runs before `run`.
fn find_before(conn: &Connection, run: RunId) -> Result<Vec<i64>> {
    let walk = AttributeWalk::of_directory(conn)?;
    if walk.is_empty() {
        return Ok(Vec::new());
    }
    let mut attributes = conn.prepare_cached(ATTRIBUTES)?;
    let mut managers = conn.prepare_cached(MANAGERS)?;
    let mut attributes = InStep::new(attributes.query([])?)?;
    let mut managers = InStep::new(managers.query([])?)?;
    let mut profiles = conn.prepare_cached(PROFILES)?;
    let mut profiles = profiles.query([run])?;
    let mut folding = Folding::new(conn)?;
    let (mut damaged, mut kept) = (Vec::new(), LookUpRows::default());
    while let Some(row) = profiles.next()? {
        let user_no = row.get(0)?;
        kept.clear();
        attributes.take(user_no, |row| {
            kept.attributes.push((row.get(1)?, lossy(row, 2)?.into_owned()));
            Ok(())
        })?;
        managers.take(user_no, |row| {
            kept.manager = Some((lossy(row, 1)?.into_owned(), lossy(row, 2)?.into_owned()));
            Ok(())
        })?;
        if walk.rows(&mut folding, &lossy(row, 1)?)? != kept {
            damaged.push(user_no);
        }
    }
    Ok(damaged)
}

/// Writes the rows of all users whose rows differ from their profiles, and returns how many users these are. Call it in
/// the transaction that publishes `run`, before managers are found. Users that `run` inserted are not checked, because
/// their rows were written in the same transaction.
pub fn heal(tx: &Transaction<'_>, run: RunId) -> Result<u64> {
    let damaged = find_before(tx, run)?;
    let mut rows = RowWriter::new(tx)?;
    let walk = AttributeWalk::of_directory(tx)?;
    for user_no in &damaged {
        tx.prepare_cached(FORGET_ATTRIBUTES)?.execute([user_no])?;
        tx.prepare_cached(FORGET_MANAGER)?.execute([user_no])?;
        let mut statement = tx.prepare_cached(PROFILE)?;
        let profile = statement.query_row([user_no], |row| Ok(lossy(row, 0)?.into_owned()))?;
        walk.take(&mut rows, *user_no, &profile)?;
    }
    Ok(damaged.len() as u64)
}

/// Rows in the order of their users. They are read in parallel with a walk along the users.
struct InStep<'s>(Rows<'s>);

impl<'s> InStep<'s> {
    fn new(mut rows: Rows<'s>) -> Result<InStep<'s>> {
        rows.advance()?;
        Ok(InStep(rows))
    }

    /// Calls `each` for the rows of this user, and skips the rows of earlier users.
    fn take(&mut self, user_no: i64, mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<()>) -> Result<()> {
        while let Some(row) = self.0.get() {
            match row.get::<_, i64>(0)?.cmp(&user_no) {
                Ordering::Less => {}
                Ordering::Equal => each(row)?,
                Ordering::Greater => break,
            }
            self.0.advance()?;
        }
        Ok(())
    }
}
