//! Finds out whether a full disk made SQLite fail.
//!
//! SQLite says so only if a write failed with ENOSPC. A quota, or a full disk during syncing, truncating, growing or
//! creating a file, is reported as a plain I/O error, and reading the system's error number needs unsafe code. So this
//! file tests the disk: it writes a little data beside the file and removes it again.

use std::io::{self, Write};
use std::path::Path;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::sqlite_error::is_full;
use crate::directory::store::unfinished::Unfinished;

/// The size of SQLite's smallest request for space: a few pages, or the shared memory of a log.
const LITTLE: usize = 64 * 1024;

/// The outcome of a write to the directory at `path`. If it failed and the disk is full, the error says so.
pub(in crate::directory) fn explain<T>(path: &Path, outcome: Result<T>) -> Result<T> {
    outcome.map_err(|error| {
        let code = error.code();
        let is_doubtful = matches!(code, ErrorCode::DirectoryIo | ErrorCode::DirectoryOpenFailed);
        if !is_doubtful || !is_gone(path, path) {
            return error;
        }
        let message = error.message().replace(code.text(), ErrorCode::DiskFull.text());
        Error::with_message(ErrorCode::DiskFull, message)
    })
}

/// Whether the disk or a quota has no room beside `target`. The trial file is recorded for the directory at
/// `directory`.
pub(in crate::directory) fn is_gone(directory: &Path, target: &Path) -> bool {
    try_room(directory, target).is_err_and(|error| is_full(&error))
}

fn try_room(directory: &Path, target: &Path) -> io::Result<()> {
    let mut trial = Unfinished::begin(directory, target)?;
    trial.file().write_all(&[0; LITTLE])?;
    // Some file systems report a full disk only when syncing.
    trial.file().sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_is_room_an_error_stays_what_it_is() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("okta.db");
        for code in [
            ErrorCode::DirectoryIo,
            ErrorCode::DirectoryOpenFailed,
            ErrorCode::DirectoryBusy,
        ] {
            let told = explain(&path, Err::<(), _>(Error::about(code, "SQLite 1034"))).expect_err("an error");
            assert_eq!(told.code(), code);
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 0);
    }
}
