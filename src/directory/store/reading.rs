//! Opens a directory for reading only: while another process is the owner, or alone if there is no room for shared
//! memory.
//!
//! It never makes, repairs or renames a directory. SQLite's locks separate the two processes; within one process the
//! owner lock does (src/directory/store/owner_lock.rs).

use std::path::{Path, PathBuf};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::connection::{self, Fold, ReaderKind};
use crate::directory::store::files;
use crate::directory::store::migrations;
use crate::directory::store::owner_lock::{OwnerLock, ReadingPlace};
use crate::directory::store::recognition::{self, FileKind};

/// What a reading opening holds until it is closed.
#[derive(Debug)]
pub(in crate::directory) enum Place {
    /// Another process may be the owner. The open lock file shows other openings in this process that the directory is
    /// read.
    Shared(#[allow(dead_code)] ReadingPlace),
    /// This opening holds the owner lock, so nobody writes meanwhile. The note of the last owner stays as it is.
    Alone(#[allow(dead_code)] OwnerLock, ReaderKind),
}

impl Place {
    /// Tries to read beside others, and if that is impossible, alone. None if the file has an older schema: only an
    /// owner can bring it to the present one.
    pub(in crate::directory) fn take(path: &Path, fold: Fold) -> Result<Option<Place>> {
        // Taken before the database file is opened; [`ReadingPlace`] says why.
        let here = ReadingPlace::take(path)?;
        if recognition::identify_or_refuse(path)? == FileKind::Nothing {
            return Err(missing(path));
        }
        files::check_satellites(path)?;
        let failure = match is_present_schema(path, ReaderKind::Shared, fold) {
            Ok(true) => return Ok(Some(Place::Shared(here))),
            Ok(false) => return Ok(None),
            Err(error) => error,
        };
        let needs_room = matches!(
            failure.code(),
            ErrorCode::DiskFull | ErrorCode::DirectoryIo | ErrorCode::DirectoryOpenFailed
        );
        drop(here);
        // If there is an owner, the shared memory exists already, so opening failed for another reason.
        match OwnerLock::take_silently(path) {
            Ok(lock) if needs_room => {
                let kind = match files::has_log(path) {
                    true => ReaderKind::Alone,
                    false => ReaderKind::Still,
                };
                let present = is_present_schema(path, kind, fold)?;
                Ok(present.then_some(Place::Alone(lock, kind)))
            }
            Ok(_) | Err(_) => Err(failure),
        }
    }

    /// How the readers of this opening open the file.
    pub(in crate::directory) fn reader_kind(&self) -> ReaderKind {
        match self {
            Place::Shared(_) => ReaderKind::Shared,
            Place::Alone(_, kind) => *kind,
        }
    }
}

/// The file without symbolic links. If it is missing, the error names its path.
pub(in crate::directory) fn find(path: &Path) -> Result<PathBuf> {
    files::resolve_existing(path)?.ok_or_else(|| missing(path))
}

fn missing(path: &Path) -> Error {
    let what = format!("there is no directory at {}", path.display());
    Error::about(ErrorCode::DirectoryMissing, what)
}

fn is_present_schema(path: &Path, kind: ReaderKind, fold: Fold) -> Result<bool> {
    let reader = connection::open_reader(path, kind, fold)?;
    migrations::refuse_newer(&reader)?;
    Ok(migrations::version(&reader)? == migrations::SCHEMA_VERSION)
}
