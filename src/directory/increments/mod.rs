//! How the nodes of a cluster get the same directory: by files on a shared folder, which are written once and renamed.
//!
//! A *base* has every row of the shared tables; the *increments* after it have the rows that changed. Together they
//! lead to a published state. `head.json` names the newest state; every file names the one before it, by state and
//! hash. [`publish`] writes what changed since the state that the directory is at. [`follow`] brings a directory to the
//! newest state, in one transaction beside its readers. If something does not fit (a gap, a torn or foreign file, rows
//! that differ), the base is used.
//!
//! Which tables are shared is decided in `store/shared_tables.rs`; `store/recording.rs` records what changed. In
//! reading order: `lineage` (the state of this directory), `head` (the newest state), `file` and `base` (what files
//! hold),
//! `publish`, `route` (the way to the newest state), `follow`, `state_sum` (the check at its end), `folder`.

mod base;
mod file;
mod folder;
mod follow;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzed;
mod head;
mod lineage;
mod publish;
mod route;
mod state_sum;

use std::path::Path;

pub use folder::{note_shared_folder, shared_folder};
pub use follow::follow;
pub use publish::publish;

use rusqlite::Transaction;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::recording;
use lineage::{Lineage, StateId};

/// The error for an unusable file on the shared folder. Followers then use the base.
fn trouble(path: &Path, why: impl std::fmt::Display) -> Error {
    let what = format!(
        "The directory on the shared folder cannot be used: {}: {why}. Check that the folder can be read and written \
         and has room; the next run renews what is damaged.",
        path.display()
    );
    Error::with_message(ErrorCode::SharedFolderFailed, what)
}

/// The error for a row from a file. If the row breaks a rule of its table, the file is to blame.
fn of_row(path: &Path, error: Error) -> Error {
    match error.code() {
        ErrorCode::Internal => trouble(path, "a row does not fit its table"),
        _ => error,
    }
}

/// Forgets the recorded rows, which may still contain a person who was erased; so the next publication is a base.
pub fn forget_rows_before(tx: &Transaction<'_>) -> Result<()> {
    if let Some(lineage) = Lineage::read(tx)? {
        // This looks like a publication that was begun and never completed.
        Lineage::announce(Some(lineage), &StateId::new(), tx)?;
        recording::clear(tx)?;
    }
    Ok(())
}

/// Ends the part of this directory in a cluster: it forgets the folder, and rows that change are recorded no more. What
/// was recorded may contain people who are erased since. If the directory joins a cluster again, its next publication is
/// a base.
pub fn leave(tx: &Transaction<'_>) -> Result<()> {
    folder::forget_shared_folder(tx)?;
    forget_rows_before(tx)?;
    recording::stop(tx)
}

/// Whether rows that change are recorded for the next publication.
pub fn is_recorded(conn: &crate::directory::Connection) -> Result<bool> {
    Ok(Lineage::read(conn)?.is_some_and(|lineage| lineage.pending.is_none()))
}

/// The names of the tables that are equal on all nodes.
#[cfg(test)]
pub(super) fn shared_tables(conn: &crate::directory::Connection) -> Vec<String> {
    let tables = crate::directory::store::shared_tables::shared(conn).expect("the schema");
    tables.iter().map(|table| table.name.to_owned()).collect()
}

fn is_trouble(error: &Error) -> bool {
    error.code() == ErrorCode::SharedFolderFailed
}
