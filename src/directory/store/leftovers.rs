//! Files that a killed process can leave beside a directory. The next opening removes them: an unfinished new
//! directory, the copy of a dry run, the folder for sorting, and parts of backups and exports.

use std::path::Path;
use std::{fs, io};

use crate::contract::errors::{ErrorCode, Result};
use crate::directory::store::files::{self, beside};
use crate::directory::store::sqlite_error::of_path;
use crate::directory::store::unfinished;
use crate::plain_file;

/// The suffix of a directory file that is not complete yet.
pub(in crate::directory) const NEW: &str = ".new";
/// The suffix of the copy for a dry run. The time follows it.
pub(in crate::directory) const DRY_RUN: &str = ".dry-run";
/// The suffix of the folder for the files that SQLite needs for sorting.
pub(in crate::directory) const SORTING: &str = ".sorting";

/// Removes all temporary files that killed processes left for the directory at `path`. The caller holds the owner lock.
/// Only an owner makes such files, so none of them is in use.
pub(in crate::directory) fn remove(path: &Path) -> Result<()> {
    let removed = files::remove(&beside(path, NEW)).and_then(|()| {
        unfinished::with_prefix(path, DRY_RUN)?
            .iter()
            .try_for_each(|copy| remove_file_or_folder(copy))?;
        remove_sorting(path)?;
        unfinished::remove_leftovers(path)
    });
    removed.map_err(|error| {
        of_path(
            ErrorCode::DirectoryIo,
            "what a killed process left of",
            path,
            &error,
        )
    })
}

/// Removes the folder for sorting the users of the directory at `path`.
pub(in crate::directory) fn remove_sorting(path: &Path) -> io::Result<()> {
    remove_file_or_folder(&beside(path, SORTING))
}

fn remove_file_or_folder(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) | Err(_) => plain_file::remove(path),
    }
}
