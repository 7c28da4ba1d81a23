//! The report of a run as a row, and the history of runs.

use rusqlite::{Connection, OptionalExtension, Row, ToSql, Transaction, named_params};

use crate::contract::errors::{Error, Result};
use crate::directory::store::statement::statement;
use crate::directory::store::values::{Count, lossy, optional_text};
use crate::model::{MatchCounts, RunId, RunState, SyncReport, report_counters};

macro_rules! counter_names {
    ($first:ident $(, $counter:ident)*) => {
        concat!(stringify!($first) $(, ", ", stringify!($counter))*)
    };
}

macro_rules! assignments {
    ($first:ident $(, $counter:ident)*) => {
        concat!(
            stringify!($first), " = :", stringify!($first)
            $(, ", ", stringify!($counter), " = :", stringify!($counter))*
        )
    };
}

/// The columns of a report, in the order of [`read`]: [`FIXED`] columns, and then the counters.
macro_rules! report_columns {
    () => {
        concat!(
            "run, state, error_code, error_message, started, finished, mode, reason, updated_since, watermark, digest, \
             groups, warnings, matched, pinned, okta_ambiguous, jira_ambiguous, okta_only, jira_only, by_rule, ",
            $crate::model::report_counters!(counter_names)
        )
    };
}
pub(super) use {counter_names, report_columns};

/// How many columns are before the counters.
const FIXED: usize = 20;

statement!(GET = concat!("SELECT ", report_columns!(), " FROM sync_runs WHERE run = ?1"));

statement!(
    LIST = concat!(
        "SELECT ",
        report_columns!(),
        " FROM sync_runs WHERE run < ?1 ORDER BY run DESC LIMIT ?2"
    )
);

statement!(
    SAVE = concat!(
        "
    UPDATE sync_runs
       SET state = :state, error_code = :error_code, error_message = :error_message, started = :started,
           finished = :finished, matched = :matched, pinned = :pinned, okta_ambiguous = :okta_ambiguous,
           jira_ambiguous = :jira_ambiguous, okta_only = :okta_only, jira_only = :jira_only, by_rule = :by_rule,
           watermark = :watermark, digest = :digest, ",
        report_counters!(assignments),
        "
     WHERE run = :run"
    )
);

statement!(ANNOTATE = "UPDATE sync_runs SET groups = :groups, warnings = :warnings WHERE run = :run");

// The unfinished run is never deleted, because its number is the greatest and it can be resumed. There are many live
// runs, so they are counted separately and do not remove other runs from the history.
statement!(
    PRUNE = "
    DELETE FROM sync_runs
     WHERE finished IS NOT NULL AND (mode = 'live') = ?2
       AND run <= (SELECT run FROM sync_runs WHERE finished IS NOT NULL AND (mode = 'live') = ?2
                    ORDER BY run DESC LIMIT 1 OFFSET ?1)"
);

statement!(
    LAST_JUDGED = "
    SELECT state FROM sync_runs
     WHERE state IN ('complete', 'refused') AND mode <> 'live'
     ORDER BY run DESC
     LIMIT 1"
);

/// The report of one run.
pub fn get(conn: &Connection, run: RunId) -> Result<Option<SyncReport>> {
    let mut statement = conn.prepare_cached(GET)?;
    let mut rows = statement.query([run])?;
    rows.next()?.map(|row| read(row, 0)).transpose()
}

/// Reports of runs before `before`, or of the newest runs if it is none; the newest first.
pub fn list(conn: &Connection, before: Option<RunId>, limit: u64) -> Result<Vec<SyncReport>> {
    let mut statement = conn.prepare_cached(LIST)?;
    let mut rows = statement.query((before.unwrap_or(RunId(i64::MAX)), Count(limit)))?;
    let mut reports = Vec::new();
    while let Some(row) = rows.next()? {
        reports.push(read(row, 0)?);
    }
    Ok(reports)
}

/// How the last run ended that read all its listings.
pub fn last_judged(conn: &Connection) -> Result<Option<RunState>> {
    let mut statement = conn.prepare_cached(LAST_JUDGED)?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?)
}

/// Writes every column of a run's report. The run must exist.
pub fn save_report(tx: &Transaction<'_>, report: &SyncReport) -> Result<()> {
    let by_rule = serde_json::to_string(&report.matches.by_rule)
        .map_err(|_| Error::internal("pairs by rule are not JSON"))?;
    macro_rules! counters {
        ($($counter:ident),*) => { [$((concat!(":", stringify!($counter)), Count(report.$counter))),*] };
    }
    let counters = report_counters!(counters);
    let counters = counters.iter().map(|(name, count)| (*name, count as &dyn ToSql));
    let matches = &report.matches;
    let fixed = named_params! {
        ":run": report.run,
        ":state": report.state.name(),
        ":error_code": report.error_code,
        ":error_message": report.error_message,
        ":started": report.started,
        ":finished": report.finished,
        ":matched": Count(matches.matched),
        ":pinned": Count(matches.pinned),
        ":okta_ambiguous": Count(matches.okta_ambiguous),
        ":jira_ambiguous": Count(matches.jira_ambiguous),
        ":okta_only": Count(matches.okta_only),
        ":jira_only": Count(matches.jira_only),
        ":by_rule": by_rule,
        ":watermark": report.watermark,
        ":digest": report.digest,
    };
    let parameters: Vec<(&str, &dyn ToSql)> = fixed.iter().copied().chain(counters).collect();
    let saved = tx.prepare_cached(SAVE)?.execute(&*parameters)?;
    match saved {
        1 => Ok(()),
        _ => Err(Error::internal("the run whose report is saved does not exist")),
    }
}

/// Saves the other results of a run, which are not about users, and its warnings. The run must exist.
pub fn annotate(tx: &Transaction<'_>, report: &SyncReport) -> Result<()> {
    let json = |what| Error::internal(format!("{what} are not JSON"));
    let groups = report.groups.as_ref().map(serde_json::to_string);
    let groups = groups.transpose().map_err(|_| json("counts of groups"))?;
    let warnings = serde_json::to_string(&report.warnings).map_err(|_| json("warnings"))?;
    tx.prepare_cached(ANNOTATE)?.execute(named_params! {
        ":run": report.run,
        ":groups": groups,
        ":warnings": warnings,
    })?;
    Ok(())
}

/// The content of a JSON column, or an empty value if the disk has damaged it, because the rest of the report is still
/// useful.
fn from_json<T: serde::de::DeserializeOwned + Default>(row: &Row<'_>, column: usize) -> Result<T> {
    Ok(serde_json::from_str(&lossy(row, column)?).unwrap_or_default())
}

/// Deletes finished runs except the newest `keep`, and live runs except the newest `keep`. Returns how many were
/// deleted.
pub fn prune(tx: &Transaction<'_>, keep: u64) -> Result<u64> {
    let mut statement = tx.prepare_cached(PRUNE)?;
    let listed = statement.execute((Count(keep), false))?;
    Ok((listed + statement.execute((Count(keep), true))?) as u64)
}

/// Reads a report whose columns begin at `first`.
pub(super) fn read(row: &Row<'_>, first: usize) -> Result<SyncReport> {
    let mut next = first + FIXED;
    let mut count = || {
        next += 1;
        row.get(next - 1).map(|Count(count)| count)
    };
    // Rust evaluates the fields of a struct literal in the order in which they are written.
    macro_rules! report {
        ($($counter:ident),*) => {
            SyncReport {
                run: row.get(first)?,
                state: row.get(first + 1)?,
                error_code: row.get(first + 2)?,
                error_message: row.get(first + 3)?,
                started: row.get(first + 4)?,
                finished: row.get(first + 5)?,
                mode: row.get(first + 6)?,
                reason: row.get(first + 7)?,
                updated_since: row.get(first + 8)?,
                watermark: row.get(first + 9)?,
                digest: row.get(first + 10)?,
                groups: optional_text(row, first + 11)?.and_then(|json| serde_json::from_str(&json).ok()),
                warnings: from_json(row, first + 12)?,
                matches: read_matches(row, first + 13)?,
                $($counter: count()?,)*
            }
        };
    }
    Ok(report_counters!(report))
}

fn read_matches(row: &Row<'_>, first: usize) -> Result<MatchCounts> {
    let count = |index: usize| row.get(first + index).map(|Count(count)| count);
    Ok(MatchCounts {
        matched: count(0)?,
        pinned: count(1)?,
        okta_ambiguous: count(2)?,
        jira_ambiguous: count(3)?,
        okta_only: count(4)?,
        jira_only: count(5)?,
        by_rule: from_json(row, first + 6)?,
    })
}
