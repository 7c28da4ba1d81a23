//! A temporary copy of the directory, for trying a run. The directory itself is not changed.
//!
//! The copy is beside the directory and holds the same personal data, so it has the same permissions. It is removed
//! when it is dropped. If the process is killed, the next opening removes it.

use std::path::{Path, PathBuf};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::backup;
use crate::directory::store::database::Directory;
use crate::directory::store::files::{self, beside};
use crate::directory::store::leftovers::DRY_RUN;
use crate::directory::store::sqlite_error::of_path;

/// An open copy; dropping it deletes it.
pub struct Scratch {
    directory: Directory,
    path: PathBuf,
}

impl Scratch {
    /// Copies the directory while it is in use. This needs about as much free space as the directory has.
    pub fn copy_of(directory: &Directory) -> Result<Scratch> {
        let name = format!("{DRY_RUN}-{}", UnixMillis::now().0);
        let path = beside(directory.path(), &name);
        backup::to_file(directory, &path).map_err(as_copy)?;
        match Directory::open(&path, directory.fold()) {
            Ok((copy, _)) => Ok(Scratch {
                directory: copy,
                path,
            }),
            Err(error) => remove(&path).and(Err(error)),
        }
    }

    /// The copy.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The error cannot be reported here; the next dry run or the next opening tries again.
        drop(self.directory.close());
        drop(remove(&self.path));
    }
}

fn remove(path: &Path) -> Result<()> {
    let removed = files::remove(path);
    removed.map_err(|error| of_path(ErrorCode::DirectoryIo, "the copy for a dry run", path, &error))
}

/// Replaces an error text about a backup, because the caller asked for a dry run.
fn as_copy(error: Error) -> Error {
    match error.code() {
        ErrorCode::DiskFull => Error::with_message(
            ErrorCode::DiskFull,
            "There is no room for the copy of the directory that a dry run works on; nothing was changed. Free as \
             much space beside the directory as its file has.",
        ),
        _ => error.context("the copy for a dry run"),
    }
}
