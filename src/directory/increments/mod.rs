//! How the nodes of a cluster get the same directory: through files on a shared folder, which are written once and
//! renamed.
//!
//! A *base* has every row of the shared tables; the *increments* after it have the rows that changed. Together they
//! lead to a published state. `head.json` names the newest state, and every file names the one before it, by state and
//! hash. [`publish`] writes the rows that changed since the directory's own published state. [`follow`] brings a
//! directory to the newest state, in one transaction while readers work. If an increment cannot be used (it is missing,
//! damaged or foreign, or its rows differ), the base is used.
//!
//! `store/shared_tables.rs` decides which tables are shared; `store/recording.rs` records which rows changed. In
//! reading order: `lineage` (the state of this directory), `head` (the newest state), `file` and `base` (the contents
//! of files), `publish`, `route` (the way to the newest state), `follow`, `state_sum` (the check at its end), `folder`.

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

/// The error for a row from a file. A row that breaks a rule of its table means that the file is wrong.
fn of_row(path: &Path, error: Error) -> Error {
    match error.code() {
        ErrorCode::Internal => trouble(path, "a row does not fit its table"),
        _ => error,
    }
}

/// Deletes the recorded rows, which may still contain a person who was erased. The next publication is then a base.
pub fn forget_rows_before(tx: &Transaction<'_>) -> Result<()> {
    if let Some(lineage) = Lineage::read(tx)? {
        // This looks like a publication that was begun and not completed.
        Lineage::announce(Some(lineage), &StateId::new(), tx)?;
        recording::clear(tx)?;
    }
    Ok(())
}

/// Ends the membership of this directory in a cluster: it forgets the folder, and changed rows are no longer recorded.
/// The record is deleted, because it may contain people who were erased since. If the directory joins a cluster again,
/// its next publication is a base.
pub fn leave(tx: &Transaction<'_>) -> Result<()> {
    folder::forget_shared_folder(tx)?;
    forget_rows_before(tx)?;
    recording::stop(tx)
}

/// Whether the directory is at a published state. Then the changes since that state are recorded.
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
