//! The life of a run: it begins, may be interrupted and resumed, and ends.

use rusqlite::{Connection, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::directory::runs::report::{self, counter_names, report_columns};
use crate::directory::runs::slices;
use crate::directory::store::statement::statement;
use crate::model::{RunId, RunMode, RunReason, RunState, SyncReport};

/// The unfinished run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRow {
    /// Its number.
    pub run: RunId,
    /// The org that the run reads.
    pub org_id: String,
    /// The settings that decide what the run stores, as they were when it began.
    pub kept: String,
    /// When it began.
    pub started: UnixMillis,
    /// How many calls have worked on the run.
    pub attempts: u64,
    /// All its counters so far.
    pub report: SyncReport,
}

/// What a run will read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// Whether it reads every user or only changed users.
    pub mode: RunMode,
    /// Why the run has this mode.
    pub reason: RunReason,
    /// The time from which a delta run reads changes; none for a full run.
    pub updated_since: Option<UnixMillis>,
    /// The settings that decide what the run stores, in the sync's own form.
    pub kept: String,
}

statement!(
    BEGIN = "
    INSERT INTO sync_runs (org_id, state, started)
    VALUES (:org_id, 'running', :started)"
);

statement!(
    DECLARE = "
    UPDATE sync_runs
       SET mode = :mode, reason = :reason, updated_since = :updated_since, kept = :kept,
           inbox_upto = (SELECT coalesce(max(arrival), 0) FROM inbox)
     WHERE run = :run AND finished IS NULL"
);

// The condition is that of the partial index `sync_runs_unfinished`, so that SQLite uses the index.
statement!(
    UNFINISHED = concat!(
        "SELECT org_id, kept, ",
        report_columns!(),
        " FROM sync_runs WHERE (finished IS NULL) = 1 AND finished IS NULL"
    )
);

statement!(ANSWERS = "SELECT inbox_upto, started FROM sync_runs WHERE run = ?1");

statement!(
    RESUME = "
    UPDATE sync_runs
       SET state = 'running', attempts = attempts + 1, error_code = 0, error_message = ''
     WHERE run = ?1 AND finished IS NULL"
);

statement!(
    INTERRUPT = "
    UPDATE sync_runs
       SET state = 'interrupted', error_code = :error_code, error_message = :error_message
     WHERE run = :run AND finished IS NULL"
);

/// Begins a run with these slices, given by their query texts. No other run may be unfinished.
pub fn begin(tx: &Transaction<'_>, org_id: &str, at: UnixMillis, slices: &[String]) -> Result<RunId> {
    tx.prepare_cached(BEGIN)?
        .execute(named_params! { ":org_id": org_id, ":started": at })?;
    let run = RunId(tx.last_insert_rowid());
    slices::replace_slices(tx, run, slices)?;
    Ok(run)
}

/// Stores what a new run will read, and why. Without this call the run is a full one that the caller requested.
pub fn declare(tx: &Transaction<'_>, run: RunId, purpose: &Purpose) -> Result<()> {
    require_unfinished(tx.prepare_cached(DECLARE)?.execute(named_params! {
        ":run": run,
        ":mode": purpose.mode.name(),
        ":reason": purpose.reason.name(),
        ":updated_since": purpose.updated_since,
        ":kept": purpose.kept,
    })?)
}

/// The unfinished run, if there is one.
pub fn unfinished(conn: &Connection) -> Result<Option<RunRow>> {
    let mut statement = conn.prepare_cached(UNFINISHED)?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let report = report::read(row, 2)?;
    Ok(Some(RunRow {
        run: report.run,
        org_id: row.get(0)?,
        kept: row.get(1)?,
        started: report.started,
        attempts: report.attempts,
        report,
    }))
}

/// The number of the newest event in the inbox when the run began, and the time when it began.
pub fn answers(conn: &Connection, run: RunId) -> Result<(i64, UnixMillis)> {
    Ok(conn
        .prepare_cached(ANSWERS)?
        .query_row([run], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Notes that another call works on an unfinished run.
pub fn resume(tx: &Transaction<'_>, run: RunId) -> Result<()> {
    require_unfinished(tx.prepare_cached(RESUME)?.execute([run])?)
}

/// Notes why an unfinished run stopped. The run keeps its slices and can be resumed.
pub fn interrupt(tx: &Transaction<'_>, run: RunId, error: &Error) -> Result<()> {
    require_unfinished(tx.prepare_cached(INTERRUPT)?.execute(named_params! {
        ":run": run,
        ":error_code": error.code().number(),
        ":error_message": error.message(),
    })?)
}

/// Ends a run as complete, refused or dropped. Saves its report and deletes its slices and pages.
pub fn finish(tx: &Transaction<'_>, report: &SyncReport) -> Result<()> {
    match report.state {
        RunState::Complete | RunState::Refused | RunState::Dropped => {}
        RunState::Running | RunState::Interrupted => {
            return Err(Error::internal("a run is finished in a state that is not an end"));
        }
    }
    report::save_report(tx, report)?;
    slices::forget(tx, report.run)
}

fn require_unfinished(changed: usize) -> Result<()> {
    match changed {
        1 => Ok(()),
        _ => Err(Error::internal("the run is not the unfinished one")),
    }
}
