//! What the directory holds and how fresh it is: a few counts along indexes.

use rusqlite::Connection;

use crate::contract::errors::Result;
use crate::directory::matches::{self, jira_users};
use crate::directory::runs::freshness;
use crate::directory::store::migrations;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::directory::users::content_hash::Digest;
use crate::directory::{org, users};
use crate::model::DirectoryStatistics;

statement!(
    BY_STATUS = "
    SELECT status, count(*)
      FROM present_users
     GROUP BY status
     ORDER BY status"
);

statement!(CHANGES = "SELECT count(*), coalesce(max(position), 0) FROM changes");

/// Reads the statistics, all of them from one committed state.
pub fn read(conn: &Connection) -> Result<DirectoryStatistics> {
    let org = org::get(conn)?;
    let freshness = freshness::get(conn)?;
    let users = users::counts(conn)?;
    let mut statement = conn.prepare_cached(BY_STATUS)?;
    let by_status = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, Count>(1)?.0)))?;
    let (Count(changes), last_change) = conn
        .prepare_cached(CHANGES)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(DirectoryStatistics {
        org_id: org.org_id,
        okta_users: users.present,
        absent_users: users.absent,
        jira_users: jira_users::total(conn)?,
        by_status: by_status.collect::<rusqlite::Result<_>>()?,
        matches: matches::counts(conn)?,
        changes,
        last_change,
        fresh_as_of: org.fresh_as_of,
        last_full: freshness.last_full,
        last_delta: freshness.last_delta,
        digest: org.digest.map(Digest::to_hex).unwrap_or_default(),
        file_bytes: conn
            .path()
            .and_then(|path| std::fs::metadata(path).ok())
            .map_or(0, |file| file.len()),
        schema_version: migrations::version(conn)?,
    })
}
