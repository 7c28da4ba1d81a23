//! Checks that the target of an export does not exist, and describes failures in our own words.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::contract::errors::{Error, ErrorCode, Result};

const TAKEN: &str = "The target exists and was not changed; give a new name, or remove the target first.";

/// Fails if the target exists.
pub fn check_free(target: &Path) -> Result<()> {
    let what = match fs::symlink_metadata(target) {
        Err(_) => return Ok(()),
        Ok(there) if there.is_dir() => "The target is a folder; give the name of a new file in it.",
        Ok(_) => TAKEN,
    };
    Err(Error::with_message(ErrorCode::ExportFailed, what))
}

/// The error of a failed write, in our own words. The path is left out, because it may be personal.
pub fn failed(error: &io::Error) -> Error {
    let what = match error.kind() {
        ErrorKind::AlreadyExists => TAKEN,
        ErrorKind::NotFound => {
            "The folder of the target does not exist; make the folder, or choose another one."
        }
        ErrorKind::NotADirectory => {
            "A part of the target's path is a file and not a folder; give another path."
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "There is no permission to write the target in this folder; choose a folder in which you may write."
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "There is no room for the export on this disk; free some space or choose another disk. Nothing was left behind."
        }
        ErrorKind::InvalidFilename => {
            "The name of the target is too long or not allowed here; give another name."
        }
        kind => return Error::about(ErrorCode::ExportFailed, kind),
    };
    Error::with_message(ErrorCode::ExportFailed, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_already_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("users.csv");
        check_free(&target).expect("free");
        fs::write(&target, "mine").expect("written");
        let message = |target: &Path| check_free(target).expect_err("taken").message().to_owned();
        assert!(message(folder.path()).contains("is a folder"));
        assert!(message(&target).contains("exists"));
        assert!(
            failed(&ErrorKind::NotFound.into())
                .message()
                .contains("does not exist")
        );
    }
}
