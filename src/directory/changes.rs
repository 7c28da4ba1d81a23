//! The change feed: appended at one end, cut at the other, read by position.

use rusqlite::{Connection, Row, ToSql, Transaction};

use crate::clock::UnixMillis;
use crate::directory::values::Count;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Change, ChangeKind, FieldChange, RunId};

const APPEND: &str = "
    INSERT INTO changes (run, at, okta_id, kind, fields)
    VALUES (?1, ?2, ?3, ?4, ?5)";

const AFTER: &str = "
    SELECT position, run, at, okta_id, kind, fields
      FROM changes
     WHERE position > :position
     ORDER BY position
     LIMIT :limit";

const AFTER_OF_USER: &str = "
    SELECT position, run, at, okta_id, kind, fields
      FROM changes
     WHERE okta_id = :okta_id AND position > :position
     ORDER BY position
     LIMIT :limit";

// By position and not by time: whatever the clock did, the feed is cut at its end and has no holes.
const PRUNE: &str = "
    DELETE FROM changes
     WHERE position < coalesce((SELECT position FROM changes WHERE at >= ?1 ORDER BY position LIMIT 1),
                               9223372036854775807)";

/// Statements that must not read the whole feed.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[AFTER, AFTER_OF_USER];

/// Appends one change and gives its position.
pub fn append(
    tx: &Transaction<'_>,
    run: RunId,
    at: UnixMillis,
    okta_id: &str,
    kind: ChangeKind,
    fields: &[FieldChange],
) -> Result<i64> {
    let fields = serde_json::to_string(fields).map_err(|_| Error::internal("a change is not JSON"))?;
    tx.prepare_cached(APPEND)?
        .execute((run, at, okta_id, kind.name(), fields))?;
    Ok(tx.last_insert_rowid())
}

/// The changes after `position`, oldest first; of one user if an Okta id is given.
pub fn after(conn: &Connection, position: i64, okta_id: Option<&str>, limit: u64) -> Result<Vec<Change>> {
    let limit = Count(limit);
    let parameters: [(&str, &dyn ToSql); 3] = [
        (":position", &position),
        (":limit", &limit),
        (":okta_id", &okta_id),
    ];
    let (sql, parameters) = match okta_id {
        None => (AFTER, &parameters[..2]),
        Some(_) => (AFTER_OF_USER, &parameters[..]),
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(read(row)?);
    }
    Ok(changes)
}

fn read(row: &Row<'_>) -> Result<Change> {
    let fields: String = row.get(5)?;
    Ok(Change {
        position: row.get(0)?,
        run: row.get(1)?,
        at: row.get(2)?,
        okta_id: row.get(3)?,
        kind: row.get(4)?,
        fields: serde_json::from_str(&fields)
            .map_err(|_| Error::about(ErrorCode::DirectoryCorrupt, "a change cannot be read"))?,
    })
}

/// Cuts off what was appended before the first change that is not older than `before`.
pub fn prune(tx: &Transaction<'_>, before: UnixMillis) -> Result<u64> {
    Ok(tx.prepare_cached(PRUNE)?.execute([before])? as u64)
}
