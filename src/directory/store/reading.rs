//! Opening for reading only: beside an owner in another process, or alone where there is no room for shared memory.
//!
//! It makes no directory, repairs none and moves none aside. SQLite keeps the two processes apart; within one
//! process the owner lock does (src/directory/store/owner_lock.rs).

use std::path::{Path, PathBuf};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::connection::{self, Fold, ReaderKind};
use crate::directory::store::files;
use crate::directory::store::migrations;
use crate::directory::store::owner_lock::{OwnerLock, ReadingPlace};
use crate::directory::store::recognition::{self, FileKind};

/// What a reading opening holds while it is open.
#[derive(Debug)]
pub(in crate::directory) enum Place {
    /// Beside an owner in another process. Its lock file tells other openings in this process.
    Shared(#[allow(dead_code)] ReadingPlace),
    /// As the holder of the owner lock, so that nobody writes meanwhile. The owner's note stays as it is.
    Alone(#[allow(dead_code)] OwnerLock, ReaderKind),
}

impl Place {
    /// Tries to read beside others, and alone if that cannot be. None if the file has an older schema, which only
    /// an owner can bring to the present one.
    pub(in crate::directory) fn take(path: &Path, fold: Fold) -> Result<Option<Place>> {
        // Taken before the database file is opened: `ReadingPlace` says why.
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
        // Beside an owner the shared memory exists already, so opening failed for another reason.
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

/// The file without symbolic links. The error about a missing file names its path.
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
