//! The report of a run as a row, and the history of runs.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::model::{MatchCounts, RunId, RunState, SyncReport};

/// The columns of a report, in the order of [`read`].
macro_rules! report_columns {
    () => {
        "run, state, error_code, error_message, started, finished, attempts, slices, slices_ended, pages, \
         seen, repeated, added, updated, touched, unchanged, returned, absent, purged, present, \
         matched, pinned, okta_ambiguous, jira_ambiguous, okta_only, jira_only, by_rule, \
         requests, retries, waited_ms, bytes, elapsed_ms, watermark, digest, mode, reason, updated_since, \
         groups, warnings, passed_over"
    };
}
pub(super) use report_columns;

statement!(GET = concat!("SELECT ", report_columns!(), " FROM sync_runs WHERE run = ?1"));

statement!(
    LIST = concat!(
        "SELECT ",
        report_columns!(),
        " FROM sync_runs WHERE run < ?1 ORDER BY run DESC LIMIT ?2"
    )
);

statement!(
    SAVE = "
    UPDATE sync_runs
       SET state = :state, error_code = :error_code, error_message = :error_message, started = :started,
           finished = :finished, attempts = :attempts, slices = :slices, slices_ended = :slices_ended,
           pages = :pages, seen = :seen, repeated = :repeated, added = :added, updated = :updated,
           touched = :touched, unchanged = :unchanged, returned = :returned, absent = :absent,
           purged = :purged, present = :present, matched = :matched, pinned = :pinned,
           okta_ambiguous = :okta_ambiguous, jira_ambiguous = :jira_ambiguous, okta_only = :okta_only,
           jira_only = :jira_only, by_rule = :by_rule, requests = :requests, retries = :retries,
           waited_ms = :waited_ms, bytes = :bytes, elapsed_ms = :elapsed_ms, watermark = :watermark,
           digest = :digest, passed_over = :passed_over
     WHERE run = :run"
);

statement!(ANNOTATE = "UPDATE sync_runs SET groups = :groups, warnings = :warnings WHERE run = :run");

// The unfinished run is never pruned: its number is the greatest, and it would be resumed.
// Live runs are many: they are counted apart, so that they push no other out of the history.
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

/// Reports of runs before `before`, or of the newest ones, newest first.
pub fn list(conn: &Connection, before: Option<RunId>, limit: u64) -> Result<Vec<SyncReport>> {
    let mut statement = conn.prepare_cached(LIST)?;
    let mut rows = statement.query((before.unwrap_or(RunId(i64::MAX)), Count(limit)))?;
    let mut reports = Vec::new();
    while let Some(row) = rows.next()? {
        reports.push(read(row, 0)?);
    }
    Ok(reports)
}

/// How the last run ended that listed to its end.
pub fn last_judged(conn: &Connection) -> Result<Option<RunState>> {
    let mut statement = conn.prepare_cached(LAST_JUDGED)?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?)
}

/// Writes every column of a run's report. The run must exist.
pub fn save_report(tx: &Transaction<'_>, report: &SyncReport) -> Result<()> {
    let by_rule = serde_json::to_string(&report.matches.by_rule)
        .map_err(|_| Error::internal("pairs by rule are not JSON"))?;
    let saved = tx.prepare_cached(SAVE)?.execute(named_params! {
        ":run": report.run,
        ":state": report.state.name(),
        ":error_code": report.error_code,
        ":error_message": report.error_message,
        ":started": report.started,
        ":finished": report.finished,
        ":attempts": Count(report.attempts),
        ":slices": Count(report.slices),
        ":slices_ended": Count(report.slices_ended),
        ":pages": Count(report.pages),
        ":seen": Count(report.seen),
        ":repeated": Count(report.repeated),
        ":added": Count(report.added),
        ":updated": Count(report.updated),
        ":touched": Count(report.touched),
        ":unchanged": Count(report.unchanged),
        ":returned": Count(report.returned),
        ":absent": Count(report.absent),
        ":purged": Count(report.purged),
        ":present": Count(report.present),
        ":matched": Count(report.matches.matched),
        ":pinned": Count(report.matches.pinned),
        ":okta_ambiguous": Count(report.matches.okta_ambiguous),
        ":jira_ambiguous": Count(report.matches.jira_ambiguous),
        ":okta_only": Count(report.matches.okta_only),
        ":jira_only": Count(report.matches.jira_only),
        ":by_rule": by_rule,
        ":requests": Count(report.requests),
        ":retries": Count(report.retries),
        ":waited_ms": Count(report.waited_ms),
        ":bytes": Count(report.bytes),
        ":elapsed_ms": Count(report.elapsed_ms),
        ":watermark": report.watermark,
        ":digest": report.digest,
        ":passed_over": Count(report.passed_over),
    })?;
    match saved {
        1 => Ok(()),
        _ => Err(Error::internal("the run whose report is saved does not exist")),
    }
}

/// Saves what a run did besides reading users, and its warnings. The run must exist.
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

fn from_json<T: serde::de::DeserializeOwned>(json: &str, what: &str) -> Result<T> {
    serde_json::from_str(json)
        .map_err(|_| Error::about(ErrorCode::DirectoryCorrupt, format!("{what} cannot be read")))
}

/// Deletes finished runs except the newest `keep`, and live runs except as many.
pub fn prune(tx: &Transaction<'_>, keep: u64) -> Result<u64> {
    let mut statement = tx.prepare_cached(PRUNE)?;
    let listed = statement.execute((Count(keep), false))?;
    Ok((listed + statement.execute((Count(keep), true))?) as u64)
}

/// Reads a report whose columns begin at `first`.
pub(super) fn read(row: &Row<'_>, first: usize) -> Result<SyncReport> {
    let count = |index: usize| row.get(first + index).map(|Count(count)| count);
    let by_rule: String = row.get(first + 26)?;
    let state: RunState = row.get(first + 1)?;
    Ok(SyncReport {
        run: row.get(first)?,
        state,
        error_code: row.get(first + 2)?,
        error_message: row.get(first + 3)?,
        started: row.get(first + 4)?,
        finished: row.get(first + 5)?,
        attempts: count(6)?,
        slices: count(7)?,
        slices_ended: count(8)?,
        pages: count(9)?,
        seen: count(10)?,
        repeated: count(11)?,
        added: count(12)?,
        updated: count(13)?,
        touched: count(14)?,
        unchanged: count(15)?,
        returned: count(16)?,
        absent: count(17)?,
        purged: count(18)?,
        present: count(19)?,
        matches: MatchCounts {
            matched: count(20)?,
            pinned: count(21)?,
            okta_ambiguous: count(22)?,
            jira_ambiguous: count(23)?,
            okta_only: count(24)?,
            jira_only: count(25)?,
            by_rule: from_json(&by_rule, "a run's pairs by rule")?,
        },
        requests: count(27)?,
        retries: count(28)?,
        waited_ms: count(29)?,
        bytes: count(30)?,
        elapsed_ms: count(31)?,
        watermark: row.get(first + 32)?,
        digest: row.get(first + 33)?,
        mode: row.get(first + 34)?,
        reason: row.get(first + 35)?,
        updated_since: row.get(first + 36)?,
        groups: row
            .get::<_, Option<String>>(first + 37)?
            .map(|json| from_json(&json, "what a run did with groups"))
            .transpose()?,
        warnings: from_json(&row.get::<_, String>(first + 38)?, "the warnings of a run")?,
        passed_over: count(39)?,
    })
}
