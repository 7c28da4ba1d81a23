//! A sample of creation times. It is cheap to read and good enough to divide a run into parts of about equal size.

use rusqlite::Connection;

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;

statement!(LAST_NUMBER = "SELECT coalesce(max(user_no), 0) FROM users");

// Published users only: an unfinished run may have inserted any part of the users, which would distort the sample.
statement!(CREATED_AT_OR_AFTER, in order = "SELECT created FROM visible_users WHERE user_no >= ?1 ORDER BY user_no LIMIT 1");

/// The creation times of at most `size` users, taken at even distances and sorted. Users without a creation time are
/// left out.
pub fn created_sample(conn: &Connection, size: u32) -> Result<Vec<UnixMillis>> {
    let last: i64 = conn
        .prepare_cached(LAST_NUMBER)?
        .query_row([], |row| row.get(0))?;
    let step = (last / i64::from(size.max(1))).max(1);
    let mut statement = conn.prepare_cached(CREATED_AT_OR_AFTER)?;
    let mut sample = Vec::new();
    for number in (1..=last).step_by(usize::try_from(step).unwrap_or(1)) {
        let mut rows = statement.query([number])?;
        let Some(row) = rows.next()? else { break };
        sample.extend(row.get::<_, Option<UnixMillis>>(0)?);
    }
    sample.sort_unstable();
    Ok(sample)
}
