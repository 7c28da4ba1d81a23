//! Turns SQLite's errors into our codes. No other file does this.
//!
//! Messages contain SQLite's own words for the code and, for a broken constraint, the names of table and column. They
//! never contain a value from the directory.

use std::io::{self, ErrorKind};
use std::path::Path;

use rusqlite::ffi;

use crate::contract::errors::{Error, ErrorCode};
use crate::plain_file;
use crate::resources;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        match &error {
            rusqlite::Error::SqliteFailure(failure, detail) => of_failure(*failure, detail.as_deref()),
            rusqlite::Error::SqlInputError { error, .. } => of_failure(*error, None),
            // The type of a stored value is not that of its column in a STRICT table.
            rusqlite::Error::FromSqlConversionFailure(column, ..)
            | rusqlite::Error::IntegralValueOutOfRange(column, _)
            | rusqlite::Error::InvalidColumnType(column, ..)
            | rusqlite::Error::Utf8Error(column, _) => Error::about(
                ErrorCode::DirectoryCorrupt,
                format!("column {column} of a result holds what cannot be there"),
            ),
            // The remaining variants mean that rusqlite was used wrongly. Tests would find most of them.
            rusqlite::Error::QueryReturnedNoRows => Error::internal("a row that must be there is not"),
            other => Error::internal(format!("rusqlite: {}", variant_name(other))),
        }
    }
}

fn of_failure(failure: ffi::Error, detail: Option<&str>) -> Error {
    let words = ffi::code_to_str(failure.extended_code);
    let what = format!("SQLite {}: {words}", failure.extended_code);
    // The shared memory of the log cannot grow. Almost always the disk is full.
    if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE {
        return Error::about(ErrorCode::DiskFull, what);
    }
    match failure.code {
        ffi::ErrorCode::DiskFull => Error::about(ErrorCode::DiskFull, what),
        ffi::ErrorCode::DatabaseCorrupt | ffi::ErrorCode::NotADatabase => {
            Error::about(ErrorCode::DirectoryCorrupt, what)
        }
        ffi::ErrorCode::DatabaseBusy | ffi::ErrorCode::DatabaseLocked => {
            Error::about(ErrorCode::DirectoryBusy, what)
        }
        ffi::ErrorCode::OutOfMemory => Error::about(ErrorCode::ResourcesExhausted, what),
        // SQLite does not say why. If the process has no file descriptor left, this is the reason.
        ffi::ErrorCode::CannotOpen if resources::no_descriptor_left() => {
            Error::about(ErrorCode::ResourcesExhausted, what)
        }
        ffi::ErrorCode::CannotOpen => Error::about(ErrorCode::DirectoryOpenFailed, what),
        ffi::ErrorCode::ReadOnly
        | ffi::ErrorCode::SystemIoFailure
        | ffi::ErrorCode::PermissionDenied
        | ffi::ErrorCode::FileLockingProtocolFailed
        | ffi::ErrorCode::NoLargeFileSupport => Error::about(ErrorCode::DirectoryIo, what),
        ffi::ErrorCode::OperationInterrupted => Error::new(ErrorCode::Cancelled),
        // SQLite names the constraint ("UNIQUE constraint failed: users.okta_id"), not the value.
        ffi::ErrorCode::ConstraintViolation => Error::internal(detail.unwrap_or(&what)),
        // The enum is foreign and non-exhaustive. Every other code would be a bug of ours.
        _ => Error::internal(what),
    }
}

/// The name of the variant without its content.
fn variant_name(error: &rusqlite::Error) -> String {
    let shown = format!("{error:?}");
    shown
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric())
        .collect()
}

/// An error of the file system about a file or folder, which `what` describes.
pub(in crate::directory) fn of_io(code: ErrorCode, what: &str, error: &io::Error) -> Error {
    let code = match error {
        _ if is_full(error) => ErrorCode::DiskFull,
        _ if resources::is_exhausted(error) => ErrorCode::ResourcesExhausted,
        _ => code,
    };
    Error::about(code, format!("{what} ({})", plain_file::cause(error)))
}

/// Like [`of_io`], about one file. The message names its path, because the reader must know which file it is.
pub(in crate::directory) fn of_path(code: ErrorCode, what: &str, path: &Path, error: &io::Error) -> Error {
    of_io(code, &format!("{what} {}", path.display()), error)
}

/// Whether the disk is full or a quota is used up.
pub(in crate::directory) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(extended_code: i32) -> ErrorCode {
        Error::from(rusqlite::Error::SqliteFailure(
            ffi::Error::new(extended_code),
            None,
        ))
        .code()
    }

    #[test]
    fn every_failure_an_administrator_can_cause_has_its_own_code() {
        for (extended_code, code) in [
            (ffi::SQLITE_FULL, ErrorCode::DiskFull),
            (ffi::SQLITE_IOERR_SHMSIZE, ErrorCode::DiskFull),
            (ffi::SQLITE_NOMEM, ErrorCode::ResourcesExhausted),
            (ffi::SQLITE_NOTADB, ErrorCode::DirectoryCorrupt),
            (ffi::SQLITE_CORRUPT_INDEX, ErrorCode::DirectoryCorrupt),
            (ffi::SQLITE_BUSY_SNAPSHOT, ErrorCode::DirectoryBusy),
            (ffi::SQLITE_LOCKED, ErrorCode::DirectoryBusy),
            (ffi::SQLITE_CANTOPEN, ErrorCode::DirectoryOpenFailed),
            (ffi::SQLITE_READONLY_DIRECTORY, ErrorCode::DirectoryIo),
            (ffi::SQLITE_IOERR_FSYNC, ErrorCode::DirectoryIo),
            (ffi::SQLITE_CONSTRAINT_CHECK, ErrorCode::Internal),
        ] {
            assert_eq!(code_of(extended_code), code, "{extended_code}");
        }
    }

    #[test]
    fn no_message_carries_a_value() {
        let database = rusqlite::Connection::open_in_memory().expect("open");
        database
            .execute_batch("CREATE TABLE t (login TEXT NOT NULL UNIQUE, n INTEGER) STRICT")
            .expect("create");
        let insert = "INSERT INTO t (login, n) VALUES (?1, ?2)";
        database.execute(insert, ("alice@example.com", 1)).expect("first");
        let twice = database.execute(insert, ("alice@example.com", 1));
        let wrong = database.execute(insert, ("bob@example.com", "alice@example.com"));
        for outcome in [twice, wrong] {
            let error = Error::from(outcome.expect_err("refused"));
            assert!(!error.to_string().contains("example"), "{error}");
        }
    }
}
