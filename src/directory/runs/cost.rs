//! The cost of a run so far, and its beginning and end by Okta's clock. It is saved with every page, so that a kill
//! does not lose it.

use rusqlite::{Connection, Row, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::model::RunId;

/// The cost of all attempts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunCost {
    /// Requests sent, including repeated ones.
    pub requests: u64,
    /// How many of these requests repeated a failed one.
    pub retries: u64,
    /// Time spent waiting, in milliseconds.
    pub waited_ms: u64,
    /// Bytes of the answers, after decompression.
    pub bytes: u64,
    /// Time spent, in milliseconds.
    pub elapsed_ms: u64,
    /// The time of the first answer, or a little earlier, by Okta's clock; none before the first answer.
    pub okta_began: Option<UnixMillis>,
    /// The time of the last answer, or a little later, by Okta's clock; none before the first answer.
    pub okta_ended: Option<UnixMillis>,
}

statement!(
    SAVE_COST = "
    UPDATE sync_runs
       SET requests = :requests, retries = :retries, waited_ms = :waited_ms, bytes = :bytes,
           elapsed_ms = :elapsed_ms, okta_began = :okta_began, okta_ended = :okta_ended
     WHERE run = :run"
);

statement!(
    COST = "
    SELECT requests, retries, waited_ms, bytes, elapsed_ms, okta_began, okta_ended
      FROM sync_runs
     WHERE run = ?1"
);

/// The last saved cost of all attempts of a run.
pub fn cost(conn: &Connection, run: RunId) -> Result<RunCost> {
    let count = |row: &Row<'_>, index: usize| row.get(index).map(|Count(count)| count);
    let mut statement = conn.prepare_cached(COST)?;
    Ok(statement.query_row([run], |row| {
        Ok(RunCost {
            requests: count(row, 0)?,
            retries: count(row, 1)?,
            waited_ms: count(row, 2)?,
            bytes: count(row, 3)?,
            elapsed_ms: count(row, 4)?,
            okta_began: row.get(5)?,
            okta_ended: row.get(6)?,
        })
    })?)
}

/// Saves what a run has cost so far.
pub fn save_cost(tx: &Transaction<'_>, run: RunId, cost: &RunCost) -> Result<()> {
    tx.prepare_cached(SAVE_COST)?.execute(named_params! {
        ":run": run,
        ":requests": Count(cost.requests),
        ":retries": Count(cost.retries),
        ":waited_ms": Count(cost.waited_ms),
        ":bytes": Count(cost.bytes),
        ":elapsed_ms": Count(cost.elapsed_ms),
        ":okta_began": cost.okta_began,
        ":okta_ended": cost.okta_ended,
    })?;
    Ok(())
}
