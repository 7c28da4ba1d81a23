//! Whether a failure of SQLite came of a full disk.
//!
//! SQLite says so only of a write that met ENOSPC. A quota, and a full disk that is met while a file is synced, cut,
//! grown or made, come as plain errors of input and output, and the system's number behind them cannot be had
//! without unsafe code. So the disk is asked: a little is written beside the file and removed again.

use std::io::{self, Write};
use std::path::Path;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::sqlite_error::is_full;
use crate::directory::store::unfinished::Unfinished;

/// As much as the smallest thing that SQLite asks of a disk at once, some pages or the shared memory of a log.
const LITTLE: usize = 64 * 1024;

/// The outcome of writing to the directory at `path`, with a full disk called by its name.
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

/// Whether there is no room beside `target`, on the disk or in a quota. `directory` is the one that it is written for.
pub(in crate::directory) fn is_gone(directory: &Path, target: &Path) -> bool {
    try_room(directory, target).is_err_and(|error| is_full(&error))
}

fn try_room(directory: &Path, target: &Path) -> io::Result<()> {
    let mut trial = Unfinished::begin(directory, target)?;
    trial.file().write_all(&[0; LITTLE])?;
    // Some file systems find out only now.
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
