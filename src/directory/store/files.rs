//! The files of a directory: the database, its log and shared memory. A damaged database is renamed, never changed or
//! deleted.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::sqlite_error::of_path;
use crate::plain_file::{self, Links, PRIVATE_MODE};

/// `application_id` of every directory: "OktP".
pub(in crate::directory) const APPLICATION_ID: i32 = 0x4F6B_7450;
/// A folder that we make is readable only by its owner, like the files, because they hold personal data.
pub(in crate::directory) const FOLDER_MODE: u32 = 0o700;
/// The suffixes of the files that SQLite and we keep beside a database. They are removed before the database: SQLite
/// would apply a remaining log to the next database with this name.
pub(in crate::directory) const SATELLITES: [&str; 4] = ["-wal", "-shm", "-journal", ".lock"];
/// The suffixes of the files that SQLite opens by itself.
const OF_SQLITE: [&str; 3] = ["-wal", "-shm", "-journal"];
/// How many bytes are read at a time.
const CHUNK: usize = 1024 * 1024;

/// `path` with `suffix` appended to the file name, such as `-wal`.
pub(in crate::directory) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(suffix);
    PathBuf::from(name)
}

/// A URI that tells SQLite that no process changes this file (sqlite.org/uri.html).
pub(in crate::directory) fn immutable(path: &Path) -> PathBuf {
    let mut name = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' => name.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => name.push(char::from(*byte)),
            byte => name.push_str(&format!("%{byte:02X}")),
        }
    }
    name.push_str("?immutable=1");
    PathBuf::from(name)
}

/// Makes the folder of `path` if it is missing, and returns `path` without symbolic links. Two spellings of one file
/// must use the same lock.
pub(in crate::directory) fn resolve(path: &Path) -> Result<PathBuf> {
    let mut builder = DirBuilder::new();
    builder
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(folder_of(path))
        .map_err(|error| failed("the folder", folder_of(path), &error))?;
    match resolve_existing(path)? {
        Some(resolved) => Ok(resolved),
        None => {
            let folder = folder_of(path);
            let name = path
                .file_name()
                .ok_or_else(|| failed("the directory file", path, &ErrorKind::InvalidInput.into()))?;
            let folder = folder
                .canonicalize()
                .map_err(|error| failed("the folder", folder, &error))?;
            Ok(folder.join(name))
        }
    }
}

/// Like [`resolve`] for an existing file; none if there is no file. Makes nothing.
pub(in crate::directory) fn resolve_existing(path: &Path) -> Result<Option<PathBuf>> {
    match path.canonicalize() {
        Ok(resolved) => Ok(Some(resolved)),
        // A link without a target is refused: a target that is made later would have another lock file.
        Err(error) if error.kind() == ErrorKind::NotFound && fs::symlink_metadata(path).is_err() => Ok(None),
        Err(error) => Err(failed("the directory file", path, &error)),
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }
}

/// Removes other users' access to the database. A copy by an administrator may have given them access. SQLite gives its
/// log files the mode of the database.
pub(in crate::directory) fn narrow(path: &Path) -> Result<()> {
    let narrow = || {
        let file = plain_file::open(path, OpenOptions::new().read(true).write(true), Links::Refused)?;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            file.set_permissions(Permissions::from_mode(PRIVATE_MODE))?;
        }
        Ok(())
    };
    narrow().map_err(|error| failed("the directory file", path, &error))
}

/// Refuses a database if a pipe, a link or a second name of another file has the name of one of SQLite's files. SQLite
/// would write there without asking.
pub(in crate::directory) fn check_satellites(path: &Path) -> Result<()> {
    OF_SQLITE.iter().try_for_each(|suffix| {
        let satellite = beside(path, suffix);
        plain_file::require_plain(&satellite)
            .map_err(|error| failed("the file beside the directory", &satellite, &error))
    })
}

/// Removes a database and all files that belong to it.
pub(in crate::directory) fn remove(path: &Path) -> io::Result<()> {
    remove_satellites(path)?;
    plain_file::remove(path)
}

/// Removes the log of a database, its shared memory and any journal.
pub(in crate::directory) fn remove_log(path: &Path) -> io::Result<()> {
    OF_SQLITE
        .iter()
        .try_for_each(|suffix| plain_file::remove(&beside(path, suffix)))
}

/// Whether there is a log. If so, the database file may lack committed data.
pub(in crate::directory) fn has_log(path: &Path) -> bool {
    ["-wal", "-journal"]
        .iter()
        .any(|suffix| fs::metadata(beside(path, suffix)).is_ok_and(|found| found.len() > 0))
}

/// Removes the files that belong to a database: its log and its lock.
pub(in crate::directory) fn remove_satellites(path: &Path) -> io::Result<()> {
    SATELLITES
        .iter()
        .try_for_each(|suffix| plain_file::remove(&beside(path, suffix)))
}

/// Reads every byte of the database and its log. A finding of SQLite counts as damage only if this succeeds, because
/// SQLite also calls a page damaged that the disk could not read.
pub(in crate::directory) fn read_through(path: &Path) -> Result<()> {
    let mut chunk = vec![0; CHUNK];
    for suffix in ["", "-wal"] {
        let path = beside(path, suffix);
        let mut read = || -> io::Result<()> {
            let mut file = match File::open(&path) {
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                opened => opened?,
            };
            while file.read(&mut chunk)? > 0 {}
            Ok(())
        };
        read().map_err(|error| of_path(ErrorCode::DirectoryIo, "the directory file", &path, &error))?;
    }
    Ok(())
}

/// The identity of the file at a path. It shows whether the file was deleted or replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::directory) struct FileNumber(u64, u64);

impl FileNumber {
    /// The file at this path.
    pub(in crate::directory) fn of(path: &Path) -> io::Result<FileNumber> {
        let found = fs::metadata(path)?;
        Ok(FileNumber(found.dev(), found.ino()))
    }
}

/// Gives a damaged database and its log another name, for examination or repair, and returns that name. The database
/// keeps its old name too, until another file replaces it.
pub(in crate::directory) fn keep_aside(path: &Path) -> Result<PathBuf> {
    let place = beside(path, &format!(".damaged-{}", UnixMillis::now().0));
    for suffix in ["-wal", "-journal", ""] {
        let (from, to) = (beside(path, suffix), beside(&place, suffix));
        // On a file system without hard links the file is renamed instead.
        let kept = fs::hard_link(&from, &to).or_else(|_| fs::rename(&from, &to));
        match kept {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                return Err(of_path(
                    ErrorCode::DirectoryCorrupt,
                    "keeping aside",
                    path,
                    &error,
                ));
            }
        }
    }
    Ok(place)
}

fn failed(what: &str, path: &Path, error: &io::Error) -> Error {
    of_path(ErrorCode::DirectoryOpenFailed, what, path, error)
}
