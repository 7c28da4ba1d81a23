//! The sum over a state: a fingerprint of all rows of all shared tables, kept up to date row by row.
//!
//! After a node has applied an increment, the sum shows whether its directory equals the publisher's. Like the digest
//! of users, the sum detects mistakes; it does not protect against somebody who constructs rows to forge it.

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::contract::errors::Result;
use crate::directory::store::packed_row;
use crate::directory::store::recording;
use crate::directory::store::shared_tables::SharedTable;

/// A sum of SHA-256 over rows, as four 64-bit numbers that are added with wrapping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct StateSum([u64; 4]);

impl StateSum {
    /// Adds a row to the sum.
    pub(super) fn add(&mut self, table: &str, row: &[u8]) {
        self.lanes(table, row, u64::wrapping_add);
    }

    /// Removes from the sum a row that was added before.
    pub(super) fn remove(&mut self, table: &str, row: &[u8]) {
        self.lanes(table, row, u64::wrapping_sub);
    }

    fn lanes(&mut self, table: &str, row: &[u8], operation: fn(u64, u64) -> u64) {
        let mut hash = Sha256::new();
        hash.update(table.as_bytes());
        // No name of a table contains a NUL.
        hash.update([0]);
        hash.update(row);
        let term: [u8; 32] = hash.finalize().into();
        for (lane, bytes) in self.0.iter_mut().zip(term.as_chunks::<8>().0) {
            *lane = operation(*lane, u64::from_le_bytes(*bytes));
        }
    }

    /// The sum as files contain it.
    pub(super) fn to_bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (place, lane) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(self.0) {
            *place = lane.to_le_bytes();
        }
        bytes
    }

    /// The sum of these bytes.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> StateSum {
        let mut sum = StateSum::default();
        for (lane, place) in sum.0.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *lane = u64::from_le_bytes(*place);
        }
        sum
    }
}

/// The sum after the recorded changes, from the sum before them.
pub(super) fn after_recorded(
    conn: &Connection,
    tables: &[SharedTable],
    before: StateSum,
) -> Result<StateSum> {
    let mut sum = before;
    recording::each(conn, |changed| {
        let now = recording::packed(
            conn,
            recording::table_of(tables, &changed.table)?,
            &packed_row::values(&changed.key)?,
        )?;
        if let Some(row) = &changed.before {
            sum.remove(&changed.table, row);
        }
        if let Some(row) = &now {
            sum.add(&changed.table, row);
        }
        Ok(())
    })?;
    Ok(sum)
}
