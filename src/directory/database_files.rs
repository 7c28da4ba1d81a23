//! The files of a directory: the database, its log and shared memory, and whether they are ours.
//!
//! Nothing here goes through SQLite. A file that was never ours is only read; a damaged one of
//! ours is renamed, never changed or deleted.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::clock::UnixMillis;
use crate::directory::sqlite_error::of_io;
use crate::error::{ErrorCode, Result};

/// `application_id` of every directory: "OktP".
pub(super) const APPLICATION_ID: i32 = 0x4F6B_7450;
/// The owner reads and writes, nobody else: the file holds personal data.
pub(super) const FILE_MODE: u32 = 0o600;
/// The same for a folder that we make.
const FOLDER_MODE: u32 = 0o700;

/// What lies at the path of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Identity {
    /// Nothing, or an empty file: a directory may be made here.
    Nothing,
    /// A SQLite file with our application id.
    Ours,
    /// Anything else, which is none of our business.
    Foreign,
}

/// `path` with `suffix` appended to the file name, such as `-wal`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes the folder of `path` if it is missing, and gives `path` without symbolic links: two
/// spellings of one file must meet in one lock.
pub(super) fn resolve(path: &Path) -> Result<PathBuf> {
    let failed = |error: &std::io::Error| of_io(ErrorCode::DirectoryOpenFailed, "folder", error);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    let mut builder = DirBuilder::new();
    builder
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(folder)
        .map_err(|error| failed(&error))?;
    match path.canonicalize() {
        Ok(resolved) => Ok(resolved),
        // A link that leads nowhere is refused: its target, once made, would have another lock.
        Err(error) if error.kind() == ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => {
            let name = path
                .file_name()
                .ok_or_else(|| failed(&ErrorKind::InvalidInput.into()))?;
            Ok(folder.canonicalize().map_err(|error| failed(&error))?.join(name))
        }
        Err(error) => Err(failed(&error)),
    }
}

/// Tells by the first 100 bytes whether the file is ours (SQLite's file format, section 1.3).
pub(super) fn identify(path: &Path) -> Result<Identity> {
    let failed = |error: std::io::Error| of_io(ErrorCode::DirectoryOpenFailed, "directory file", &error);
    match fs::metadata(path) {
        // Not even opened: opening a pipe would wait for somebody to write.
        Ok(found) if !found.is_file() => return Ok(Identity::Foreign),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Identity::Nothing),
        Err(error) => return Err(failed(error)),
    }
    let file = File::open(path).map_err(failed)?;
    let mut header = Vec::with_capacity(100);
    file.take(100).read_to_end(&mut header).map_err(failed)?;
    let ours = header.len() == 100
        && header.starts_with(b"SQLite format 3\0")
        && header[68..72] == APPLICATION_ID.to_be_bytes();
    Ok(match (header.is_empty(), ours) {
        (true, _) => Identity::Nothing,
        (false, true) => Identity::Ours,
        (false, false) => Identity::Foreign,
    })
}

/// Makes an empty file that only its owner may read, before SQLite would make one by the umask;
/// an existing file is narrowed to that. The log files follow the mode of the database.
pub(super) fn create_private(path: &Path) -> Result<()> {
    let failed = |error: std::io::Error| of_io(ErrorCode::DirectoryOpenFailed, "directory file", &error);
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true).mode(FILE_MODE);
    let file = options.open(path).map_err(failed)?;
    let mode = file.metadata().map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(FILE_MODE))
            .map_err(failed)?;
    }
    Ok(())
}

/// Moves a damaged database aside, with its log and shared memory so that it can still be examined
/// or repaired, and gives the new place.
pub(super) fn move_aside(path: &Path) -> Result<PathBuf> {
    let failed = |error: std::io::Error| of_io(ErrorCode::DirectoryCorrupt, "moving it aside failed", &error);
    let place = beside(path, &format!(".damaged-{}", UnixMillis::now().0));
    fs::rename(path, &place).map_err(failed)?;
    for suffix in ["-wal", "-shm", "-journal"] {
        match fs::rename(beside(path, suffix), beside(&place, suffix)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(place)
}
