//! What a run has cost so far, kept with every page so that a kill does not lose it.

use rusqlite::{Transaction, named_params};

use crate::directory::values::Count;
use crate::error::Result;
use crate::model::RunId;

/// The cost of all attempts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunCost {
    /// Requests sent, retries included.
    pub requests: u64,
    /// Of these, retries.
    pub retries: u64,
    /// Time spent waiting, in milliseconds.
    pub waited_ms: u64,
    /// Bytes of the answers after decompression.
    pub bytes: u64,
    /// Time spent, in milliseconds.
    pub elapsed_ms: u64,
}

const SAVE_COST: &str = "
    UPDATE sync_runs
       SET requests = :requests, retries = :retries, waited_ms = :waited_ms, bytes = :bytes,
           elapsed_ms = :elapsed_ms
     WHERE run = :run";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[SAVE_COST];

/// Writes down what a run has cost up to now.
pub fn save_cost(tx: &Transaction<'_>, run: RunId, cost: &RunCost) -> Result<()> {
    tx.prepare_cached(SAVE_COST)?.execute(named_params! {
        ":run": run,
        ":requests": Count(cost.requests),
        ":retries": Count(cost.retries),
        ":waited_ms": Count(cost.waited_ms),
        ":bytes": Count(cost.bytes),
        ":elapsed_ms": Count(cost.elapsed_ms),
    })?;
    Ok(())
}
