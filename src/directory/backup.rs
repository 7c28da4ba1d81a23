//! A copy of the directory in one file, made while it is in use, without the credential: a restored
//! backup must not bring back an old refresh token beside the present one.
//!
//! The copy is complete or not there: it is written under another name, synced, and only then given
//! its own. It is compact, in no need of a log file, and may lie on any file system.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::clock::UnixMillis;
use crate::directory::Directory;
use crate::directory::database_files::{FILE_MODE, beside};
use crate::directory::sqlite_error::of_io;
use crate::error::{Error, ErrorCode, Result};

/// Copies the directory to the new file `target`. Readers and the writer go on meanwhile.
///
/// Fails with [`ErrorCode::BackupFailed`] if the target exists or cannot be written, and then
/// leaves nothing behind.
pub fn to_file(directory: &Directory, target: &Path) -> Result<()> {
    if fs::symlink_metadata(target).is_ok() {
        return Err(Error::about(ErrorCode::BackupFailed, "the target exists"));
    }
    let unfinished = Unfinished::create(target)?;
    let path = unfinished
        .0
        .to_str()
        .ok_or_else(|| failed("target", &ErrorKind::InvalidInput.into()))?;
    // VACUUM cannot run inside a transaction; it takes its own snapshot.
    let reader = directory.lend_reader()?;
    reader
        .connection()?
        .execute("VACUUM INTO ?1", [path])
        .map_err(as_backup_error)?;
    drop(reader);
    strip(&unfinished.0).map_err(as_backup_error)?;
    unfinished
        .complete(target)
        .map_err(|error| failed("target", &error))
}

/// Erases what Okta is asked with from the copy, which nobody else has open.
fn strip(copy: &Path) -> rusqlite::Result<()> {
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // No journal file, in which the erased rows would go on; a failed copy is thrown away anyway.
    connection.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(()))?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.execute_batch("DELETE FROM credentials; DELETE FROM authorization_requests")
}

/// The copy under its temporary name; removed unless it is completed.
struct Unfinished(PathBuf);

impl Unfinished {
    fn create(target: &Path) -> Result<Unfinished> {
        let path = beside(
            target,
            &format!(".part-{}-{}", std::process::id(), UnixMillis::now().0),
        );
        let mut options = OpenOptions::new();
        options.create_new(true).write(true).mode(FILE_MODE);
        // Made empty here for the sake of its mode; VACUUM INTO accepts an empty file.
        options
            .open(&path)
            .map_err(|error| failed("target folder", &error))?;
        Ok(Unfinished(path))
    }

    fn complete(&self, target: &Path) -> io::Result<()> {
        File::open(&self.0)?.sync_all()?;
        // A second name fails if the target exists by now, which a rename would not; the first name
        // goes when `self` does.
        match fs::hard_link(&self.0, target) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
            // A file system without second names.
            Err(_) if fs::symlink_metadata(target).is_err() => fs::rename(&self.0, target)?,
            Err(error) => return Err(error),
        }
        match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
            Some(_) | None => File::open(".")?.sync_all(),
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Renamed already, or there is nobody to tell: the name says that it is a part.
        let _ = fs::remove_file(&self.0);
    }
}

fn failed(what: &str, error: &io::Error) -> Error {
    of_io(ErrorCode::BackupFailed, what, error)
}

/// What went wrong with the target; damage of the directory itself stays what it is.
fn as_backup_error(error: rusqlite::Error) -> Error {
    let error = Error::from(error);
    match error.code() {
        ErrorCode::DirectoryCorrupt | ErrorCode::DiskFull => error,
        _ => Error::new(ErrorCode::BackupFailed).context(error.message()),
    }
}
