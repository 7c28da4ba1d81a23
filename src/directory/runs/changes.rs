//! The change feed. Changes are added at its end and removed from its beginning; it is read by position in both
//! directions.

use rusqlite::{Connection, OptionalExtension, Row, ToSql, Transaction};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::directory::store::statement::statement;
use crate::directory::store::values::{Count, lossy};
use crate::model::{Change, ChangeFilter, ChangeKind, FieldChange, RunId};

statement!(
    APPEND = "
    INSERT INTO changes (run, at, okta_id, kind, fields, event)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
);

statement!(
    AFTER = "
    SELECT position, run, at, okta_id, kind, fields, event
      FROM changes
     WHERE position > :position
     ORDER BY position
     LIMIT :limit"
);

statement!(
    AFTER_OF_USER = "
    SELECT position, run, at, okta_id, kind, fields, event
      FROM changes
     WHERE okta_id = :okta_id AND position > :position
     ORDER BY position
     LIMIT :limit"
);

macro_rules! backward {
    ($condition:literal) => {
        concat!(
            "SELECT position, run, at, okta_id, kind, fields, event
               FROM changes
              WHERE ",
            $condition,
            " AND position >= :first AND position < :before AND at >= :since AND at < :until
              ORDER BY position DESC
              LIMIT :limit"
        )
    };
}

statement!(BEFORE = backward!("true"));

statement!(BEFORE_OF_USER = backward!("okta_id = :okta_id"));

statement!(ENDS = "
    SELECT coalesce((SELECT min(position) FROM changes), 0), coalesce((SELECT max(position) FROM changes), 0)");

statement!(RUN_AT = "SELECT run FROM changes WHERE position >= ?1 ORDER BY position LIMIT 1");

// Removes by position and not by time, so that the feed loses only its oldest changes and gets no holes, even if the
// clock was set back.
statement!(PRUNE, reads every row = "
    DELETE FROM changes
     WHERE position < coalesce((SELECT position FROM changes WHERE at >= ?1 ORDER BY position LIMIT 1),
                               9223372036854775807)");

/// Appends one change and returns its position.
pub fn append(
    tx: &Transaction<'_>,
    run: RunId,
    at: UnixMillis,
    okta_id: &str,
    kind: ChangeKind,
    fields: &[FieldChange],
) -> Result<i64> {
    append_with_event(tx, run, at, okta_id, kind, fields, None)
}

/// Appends a change, and the id of the event that reported it, if there is one.
pub fn append_with_event(
    tx: &Transaction<'_>,
    run: RunId,
    at: UnixMillis,
    okta_id: &str,
    kind: ChangeKind,
    fields: &[FieldChange],
    event: Option<&str>,
) -> Result<i64> {
    let fields = serde_json::to_string(fields).map_err(|_| Error::internal("a change is not JSON"))?;
    tx.prepare_cached(APPEND)?
        .execute((run, at, okta_id, kind.name(), fields, event))?;
    Ok(tx.last_insert_rowid())
}

/// The changes after `position`, the oldest first. If an Okta id is given, only those of that user.
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

/// The changes before `before` that match the filter, the newest first.
pub fn before(
    conn: &Connection,
    before: Option<i64>,
    filter: ChangeFilter<'_>,
    limit: u64,
) -> Result<Vec<Change>> {
    let (first, behind) = match filter.run {
        Some(run) => (
            first_of(conn, run)?,
            first_of(conn, RunId(run.0.saturating_add(1)))?,
        ),
        None => (i64::MIN, i64::MAX),
    };
    let before = before.unwrap_or(i64::MAX).min(behind);
    let since = filter.since.map_or(i64::MIN, |at| at.0);
    let until = filter.until.map_or(i64::MAX, |at| at.0);
    let limit = Count(limit);
    let parameters: [(&str, &dyn ToSql); 6] = [
        (":first", &first),
        (":before", &before),
        (":since", &since),
        (":until", &until),
        (":limit", &limit),
        (":okta_id", &filter.okta_id),
    ];
    let (sql, parameters) = match filter.okta_id {
        None => (BEFORE, &parameters[..5]),
        Some(_) => (BEFORE_OF_USER, &parameters[..]),
    };
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        changes.push(read(row)?);
    }
    Ok(changes)
}

/// The position of the first change that `run` or a later run found. Runs publish one after the other, so changes are
/// in the order of their runs. A binary search finds the position, and no further index is needed.
fn first_of(conn: &Connection, run: RunId) -> Result<i64> {
    let (mut low, last): (i64, i64) = conn
        .prepare_cached(ENDS)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut high = last.saturating_add(1);
    let mut run_at = conn.prepare_cached(RUN_AT)?;
    while low < high {
        let middle = low + (high - low) / 2;
        let found: Option<RunId> = run_at.query_row([middle], |row| row.get(0)).optional()?;
        match found.is_none_or(|found| found.0 >= run.0) {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    Ok(low)
}

fn read(row: &Row<'_>) -> Result<Change> {
    let fields = lossy(row, 5)?;
    Ok(Change {
        position: row.get(0)?,
        run: row.get(1)?,
        at: row.get(2)?,
        okta_id: row.get(3)?,
        kind: row.get(4)?,
        // Damaged values count as unknown, like erased ones. They must not make the feed unreadable.
        fields: serde_json::from_str(&fields).unwrap_or_default(),
        event: row.get(6)?,
    })
}

/// Removes the changes before the first one that is not older than `before`. Returns how many were removed.
pub fn prune(tx: &Transaction<'_>, before: UnixMillis) -> Result<u64> {
    Ok(tx.prepare_cached(PRUNE)?.execute([before])? as u64)
}
