//! Lends reading connections, and keeps a few of them open between calls.
//!
//! The invariant: after closing, no reader is open or lent.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::contract::errors::{Error, Result};

/// How many readers stay open between calls. A Jira node rarely has more questions at the same moment.
const IDLE_READERS: usize = 4;

/// The readers of one directory.
#[derive(Default)]
pub(in crate::directory) struct Readers {
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Connection>,
    lent: usize,
    closed: bool,
}

impl Readers {
    /// Lends a reader. Opens one if none is idle. None after closing.
    pub(in crate::directory) fn lend(
        &self,
        open: impl FnOnce() -> Result<Connection>,
    ) -> Result<Option<Reader<'_>>> {
        let mut state = self.lock();
        if state.closed {
            return Ok(None);
        }
        state.lent += 1;
        // From here on the guard returns the connection, even after a panic.
        let mut reader = Reader {
            readers: self,
            connection: state.idle.pop(),
        };
        drop(state);
        if reader.connection.is_none() {
            reader.connection = Some(open()?);
        }
        Ok(Some(reader))
    }

    /// Waits for the lent readers and closes all. False if they were already closed.
    pub(in crate::directory) fn close(&self) -> bool {
        let mut state = self.lock();
        if state.closed {
            return false;
        }
        state.closed = true;
        while state.lent > 0 {
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.idle.clear();
        true
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lent reader. Dropping it returns it.
pub(in crate::directory) struct Reader<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl Reader<'_> {
    /// The connection. It is always present while the reader is lent.
    pub(in crate::directory) fn connection(&self) -> Result<&Connection> {
        self.connection
            .as_ref()
            .ok_or_else(|| Error::internal("a lent reader has no connection"))
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut state = self.readers.lock();
        state.lent -= 1;
        let keep = !state.closed && state.idle.len() < IDLE_READERS;
        if let Some(connection) = self.connection.take().filter(|_| keep) {
            state.idle.push(connection);
        }
        // Only closing waits for readers, and waking it costs a system call.
        if state.closed {
            self.readers.returned.notify_all();
        }
    }
}

/// A read transaction. Its begin and end are statements that each reader compiles once.
pub(in crate::directory) struct Snapshot<'conn>(&'conn Connection);

impl Snapshot<'_> {
    pub(in crate::directory) fn begin(connection: &Connection) -> Result<Snapshot<'_>> {
        connection.prepare_cached("BEGIN")?.execute([])?;
        Ok(Snapshot(connection))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // Nothing was written, so ROLLBACK only ends the snapshot and drops temporary tables. It fails if SQLite has
        // already rolled back after an error. Then no transaction is open.
        let end = self.0.prepare_cached("ROLLBACK");
        drop(end.and_then(|mut end| end.execute([])));
    }
}
