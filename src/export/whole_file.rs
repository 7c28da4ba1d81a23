//! A new file that is whole or not there.
//!
//! It is written under another name, synced, and only then given its own: an export that fails or is
//! killed in the middle leaves nothing that could be taken for all users, or that blocks the next one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::clock::UnixMillis;
use crate::error::{Error, ErrorCode, Result};

/// A file under its temporary name; removed unless it is completed.
pub struct WholeFile {
    target: PathBuf,
    unfinished: PathBuf,
    out: BufWriter<File>,
}

impl WholeFile {
    /// Begins the file, which only its owner may read. Whatever has its name is left untouched.
    pub fn begin(target: &Path) -> Result<WholeFile> {
        check_free(target)?;
        let mut name = target.as_os_str().to_owned();
        name.push(format!(".part-{}-{}", std::process::id(), UnixMillis::now().0));
        let unfinished = PathBuf::from(name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&unfinished);
        Ok(WholeFile {
            target: target.to_owned(),
            out: BufWriter::new(file.map_err(|error| failed(&error))?),
            unfinished,
        })
    }

    /// Gives the file its name.
    pub fn complete(mut self) -> Result<()> {
        self.out.flush().map_err(|error| failed(&error))?;
        self.out.get_ref().sync_all().map_err(|error| failed(&error))?;
        // A second name fails if the target exists by now, which a rename would not; the first name
        // goes when `self` does.
        match fs::hard_link(&self.unfinished, &self.target) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => check_free(&self.target),
            // A file system without second names.
            Err(_) => {
                check_free(&self.target)?;
                fs::rename(&self.unfinished, &self.target).map_err(|error| failed(&error))
            }
        }
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // Completed by a rename, it is gone already; otherwise nobody needs it.
        drop(fs::remove_file(&self.unfinished));
    }
}

fn check_free(target: &Path) -> Result<()> {
    let what = match fs::symlink_metadata(target) {
        Err(_) => return Ok(()),
        Ok(there) if there.is_dir() => "The target is a folder; give the name of a new file in it.",
        Ok(_) => "The target exists and was left as it is; give a new name, or remove it first.",
    };
    Err(Error::with_message(ErrorCode::ExportFailed, what))
}

/// What could not be written, in words of our own; without the path, which may be personal.
pub fn failed(error: &io::Error) -> Error {
    let what = match error.kind() {
        ErrorKind::NotFound => "The folder of the target does not exist; make it, or give another.",
        ErrorKind::NotADirectory => "A part of the target's path is a file and no folder; give another path.",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "The target may not be written here; choose a folder in which you may write."
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "There is no room for the export; free space or choose another disk. Nothing was left behind."
        }
        ErrorKind::InvalidFilename => "The name of the target is too long or not allowed here; give another.",
        kind => return Error::about(ErrorCode::ExportFailed, kind),
    };
    Error::with_message(ErrorCode::ExportFailed, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_not_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let names = || fs::read_dir(folder.path()).expect("the folder").count();
        let target = folder.path().join("users.csv");
        let mut broken = WholeFile::begin(&target).expect("begun");
        broken.write_all(b"half").expect("written");
        assert!(!target.exists());
        drop(broken);
        assert_eq!(names(), 0);

        let mut whole = WholeFile::begin(&target).expect("begun");
        whole.write_all(b"all").expect("written");
        whole.complete().expect("completed");
        assert_eq!(
            (fs::read(&target).expect("the file"), names()),
            (b"all".to_vec(), 1)
        );
    }

    #[test]
    fn what_is_there_already_is_left_and_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("users.csv");
        let message = |target: &Path| match WholeFile::begin(target) {
            Ok(_) => String::new(),
            Err(error) => error.message().to_owned(),
        };
        assert!(message(folder.path()).contains("is a folder"));
        assert!(message(&folder.path().join("none/users.csv")).contains("does not exist"));
        let late = WholeFile::begin(&target).expect("begun");
        fs::write(&target, "mine").expect("written");
        assert!(message(&target).contains("exists"));
        assert!(late.complete().is_err());
        assert_eq!(fs::read(&target).expect("the file"), b"mine");
    }
}
