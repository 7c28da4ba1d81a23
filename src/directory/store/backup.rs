//! Makes a copy of the directory in one file while the directory is in use. The copy has no credential: a restored
//! backup must not bring back an old refresh token beside the present one.
//!
//! The copy is complete or does not exist: it is written under another name, synced, and only then renamed. It is
//! compact, needs no log file, and may be on any file system.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::Directory;
use crate::directory::store::room;
use crate::directory::store::sqlite_error::{is_full, of_path};
use crate::directory::store::unfinished::Unfinished;

/// Copies the directory to the new file `target`. Readers and the writer can work meanwhile.
///
/// Fails with [`ErrorCode::BackupFailed`] if the target exists or cannot be written. Then no file is left.
pub fn to_file(directory: &Directory, target: &Path) -> Result<()> {
    if fs::symlink_metadata(target).is_ok() {
        return Err(failed(target, &ErrorKind::AlreadyExists.into()));
    }
    let part = Unfinished::begin(directory.path(), target).map_err(|error| failed(target, &error))?;
    let path = part
        .path()
        .to_str()
        .ok_or_else(|| failed(target, &ErrorKind::InvalidInput.into()))?;
    // VACUUM cannot run inside a transaction; it takes its own snapshot. It accepts an existing empty file. That file
    // was made first, to set its mode.
    let reader = directory.lend_reader()?;
    reader
        .connection()?
        .execute("VACUUM INTO ?1", [path])
        .map_err(|error| as_backup_error(directory, target, error))?;
    drop(reader);
    strip(part.path()).map_err(|error| as_backup_error(directory, target, error))?;
    part.complete(target).map_err(|error| failed(target, &error))
}

/// Erases the credential from the copy, which no other connection has open.
fn strip(copy: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // No journal, because the erased rows would stay in it. A failed copy is deleted anyway.
    connection.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    // A restored copy must not act as a node of the cluster either, because the cluster has published newer states
    // since.
    connection.execute_batch(
        "DELETE FROM credentials; DELETE FROM authorization_requests; DELETE FROM lineage; DELETE FROM unpublished",
    )
}

fn failed(target: &Path, error: &io::Error) -> Error {
    if is_full(error) {
        return no_room(target);
    }
    of_path(ErrorCode::BackupFailed, "the backup", target, error)
}

/// Turns an error into one of the backup, unless the directory itself is damaged: that error stays.
fn as_backup_error(directory: &Directory, target: &Path, error: rusqlite::Error) -> Error {
    let error = Error::from(error);
    match error.code() {
        ErrorCode::DirectoryCorrupt => error,
        ErrorCode::DiskFull => no_room(target),
        _ if room::is_gone(directory.path(), target) => no_room(target),
        _ => Error::new(ErrorCode::BackupFailed).context(error.message()),
    }
}

fn no_room(target: &Path) -> Error {
    let what = format!(
        "The backup was not made, because there is no room for {}; nothing of it was left behind. Free space there \
         or name another disk.",
        target.display()
    );
    Error::with_message(ErrorCode::DiskFull, what)
}
