//! What the directory holds and how fresh it is. Most counts are stored; the others can be counted quickly.

use rusqlite::Connection;

use crate::contract::errors::Result;
use crate::directory::matches;
use crate::directory::runs::freshness;
use crate::directory::store::kept_counts::{self, STATUS};
use crate::directory::store::migrations;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::directory::users::content_hash::Digest;
use crate::directory::{org, users};
use crate::model::DirectoryStatistics;

statement!(
    ORPHANED = "
    SELECT count(*)
      FROM users AS u INDEXED BY users_deactivated
      CROSS JOIN okta_matches AS m ON m.user_no = u.user_no
     WHERE u.status = 'DEPROVISIONED'
       AND u.absent_since IS NULL
       AND u.inserted_run <= (SELECT published_run FROM directory)
       AND m.jira_no IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM jira_users AS j INDEXED BY jira_users_inactive
                        WHERE j.jira_no = m.jira_no AND j.active = 0)"
);

// A statement of its own, because SQLite then counts the entries of an index page by page.
statement!(CHANGES = "SELECT count(*) FROM changes");
statement!(LAST_CHANGE = "SELECT coalesce(max(position), 0) FROM changes");

/// Reads the statistics. Call it in one read transaction, so that they belong to one committed state.
pub fn read(conn: &Connection) -> Result<DirectoryStatistics> {
    let org = org::get(conn)?;
    let freshness = freshness::get(conn)?;
    let users = users::counts(conn)?;
    let kept = kept_counts::kept(conn)?;
    let by_status = kept.of(STATUS).map(|(status, users)| (status.to_owned(), users));
    let Count(orphaned) = conn.prepare_cached(ORPHANED)?.query_row([], |row| row.get(0))?;
    let Count(changes) = conn.prepare_cached(CHANGES)?.query_row([], |row| row.get(0))?;
    let last_change = conn
        .prepare_cached(LAST_CHANGE)?
        .query_row([], |row| row.get(0))?;
    let matches = matches::counts(conn)?;
    Ok(DirectoryStatistics {
        org_id: org.org_id,
        okta_users: users.present,
        absent_users: users.absent,
        orphaned_users: orphaned,
        // Each Jira user is in exactly one of these states.
        jira_users: matches.matched + matches.pinned + matches.jira_ambiguous + matches.jira_only,
        by_status: by_status.collect(),
        matches,
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
