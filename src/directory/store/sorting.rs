//! Sorts more data than memory should hold. The rest is written to files in a folder beside the directory, and never to
//! /tmp, because it is personal data. The files have no name and disappear when the connection closes or the process
//! dies.
//!
//! SQLite has only one folder for such files in a process, so only one directory sorts at a time.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::connection;
use crate::directory::store::files::{FOLDER_MODE, beside};
use crate::directory::store::leftovers::{self, SORTING};
use crate::directory::store::sqlite_error::of_path;

static PLACE: Mutex<()> = Mutex::new(());

/// Runs `work` on a second connection that may write and whose sorts use limited memory. The caller keeps the writer
/// idle meanwhile.
pub(in crate::directory) fn with<T>(
    path: &Path,
    writer: &Connection,
    work: impl FnOnce(&mut Connection) -> Result<T>,
) -> Result<T> {
    // Frees memory: the writer's pages are not needed while the other connection sorts.
    writer.execute_batch("PRAGMA shrink_memory")?;
    let mut sorter = connection::open_sorter(path)?;
    let folder = beside(path, SORTING);
    // SQLite needs the folder's path as a text. A path that is not UTF-8 is so rare that its directory sorts in memory.
    let Some(place) = folder.to_str() else {
        return work(&mut sorter);
    };
    let _only_one = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
    leftovers::remove_sorting(path)
        .and_then(|()| DirBuilder::new().mode(FOLDER_MODE).create(&folder))
        .map_err(|error| failed(&folder, &error))?;
    sorter.pragma_update(None, "temp_store_directory", place)?;
    sorter.pragma_update(None, "temp_store", "FILE")?;
    let outcome = work(&mut sorter);
    let closing = sorter
        .pragma_update(None, "temp_store_directory", "")
        .and_then(|()| sorter.close().map_err(|(_, error)| error));
    let removed = leftovers::remove_sorting(path).map_err(|error| failed(&folder, &error));
    let value = outcome?;
    closing?;
    removed.map(|()| value)
}

fn failed(folder: &Path, error: &io::Error) -> Error {
    of_path(
        ErrorCode::DirectoryIo,
        "the folder in which users are sorted",
        folder,
        error,
    )
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::directory::Directory;
    use crate::directory::tests::fold;

    /// An open directory in its own folder, and the folder for sorting.
    fn directory() -> (tempfile::TempDir, Directory, PathBuf) {
        let folder = tempfile::tempdir().expect("folder");
        let (directory, _) = Directory::open(&folder.path().join("okta.db"), fold).expect("open");
        let sorting = beside(directory.path(), SORTING);
        (folder, directory, sorting)
    }

    #[test]
    fn what_does_not_fit_goes_beside_the_directory_and_is_gone_afterwards() {
        let (_folder, directory, folder) = directory();
        let sorted = directory.write_sorted(|connection| {
            assert!(folder.is_dir());
            let place: String =
                connection.pragma_query_value(None, "temp_store_directory", |row| row.get(0))?;
            assert_eq!(PathBuf::from(place), folder);
            let in_files: i64 = connection.pragma_query_value(None, "temp_store", |row| row.get(0))?;
            assert_eq!(in_files, 1);
            Ok(())
        });
        sorted.expect("sorted");
        assert!(!folder.exists());
    }

    #[test]
    fn a_failure_leaves_nothing() {
        let (_folder, directory, folder) = directory();
        let failed = directory
            .write_sorted(|connection| Ok(connection.execute_batch("CREATE INDEX no_such ON nothing (x)")?));
        failed.expect_err("no such table");
        assert!(!folder.exists());
    }
}
