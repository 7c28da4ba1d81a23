//! A throw-away copy of the directory, on which a run can be tried: the directory itself is not touched.
//!
//! The copy lies beside the directory and holds the same personal data, so it is as private and is
//! removed when it is dropped; what a killed process left is removed by the next opening.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::directory::Directory;
use crate::directory::backup;
use crate::directory::database_files::beside;
use crate::directory::sqlite_error::of_io;
use crate::error::{ErrorCode, Result};

/// What the copy is called: the name of the directory file with this behind it.
const SUFFIX: &str = ".dry-run";

/// Files that belong to a directory, by what follows its name.
const FILES: [&str; 5] = ["", "-wal", "-shm", "-journal", ".lock"];

/// An open copy; gone when it is dropped.
pub struct Scratch {
    directory: Directory,
    path: PathBuf,
}

impl Scratch {
    /// Copies the directory while it is in use. Needs about as much free space as the directory has.
    pub fn copy_of(directory: &Directory) -> Result<Scratch> {
        let path = beside(directory.path(), SUFFIX);
        remove(&path)?;
        backup::to_file(directory, &path)?;
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
        // Nobody is left to tell; the next dry run or the next opening tries again.
        drop(self.directory.close());
        drop(remove(&self.path));
    }
}

/// Removes what a killed process left of a copy of the directory at `path`, whose lock is held.
pub(super) fn remove_leftover(path: &Path) -> Result<()> {
    remove(&beside(path, SUFFIX))
}

fn remove(path: &Path) -> Result<()> {
    for suffix in FILES {
        match fs::remove_file(beside(path, suffix)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(of_io(ErrorCode::DirectoryIo, "copy for a dry run", &error)),
        }
    }
    Ok(())
}
