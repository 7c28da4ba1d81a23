//! Finds out whether a file is a directory of ours. It only reads, and leaves nothing beside a foreign file.
//!
//! An older engine that was killed while making a file could leave a file without the application id. Such a file is
//! recognised by its tables, and the next opening for writing adds the id.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::files::{self, APPLICATION_ID};
use crate::directory::store::migrations::SCHEMA_VERSION;
use crate::directory::store::sqlite_error::of_path;
use crate::plain_file::{self, Links};

/// Tables that every version of the schema has. No other program's file has all of them.
const TABLES: &str = "'directory', 'users', 'staged_users', 'sync_runs', 'sync_slices', 'sync_pages', 'jira_users', \
                      'okta_matches', 'jira_matches', 'pins'";
const HOW_MANY: u32 = 10;

/// What was found at the path of a directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::directory) enum FileKind {
    /// No file, or an empty one: a directory may be made here.
    Nothing,
    /// A SQLite file with our application id, or one with our tables that an older engine left without it.
    Ours,
    /// Any other file. It is left alone.
    Foreign,
}

/// Identifies a file by its first 100 bytes (SQLite's file format, section 1.3).
pub(in crate::directory) fn identify(path: &Path) -> Result<FileKind> {
    let failed =
        |error: io::Error| of_path(ErrorCode::DirectoryOpenFailed, "the directory file", path, &error);
    match fs::metadata(path) {
        // Not opened at all, because opening a pipe would wait for a writer.
        Ok(found) if !found.is_file() => return Ok(FileKind::Foreign),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(FileKind::Nothing),
        Err(error) => return Err(failed(error)),
    }
    let file = plain_file::open(path, OpenOptions::new().read(true), Links::Refused).map_err(failed)?;
    let mut header = Vec::with_capacity(100);
    file.take(100).read_to_end(&mut header).map_err(failed)?;
    let is_sqlite = header.len() == 100 && header.starts_with(b"SQLite format 3\0");
    let ours = is_sqlite
        && match number_at(&header, 68) {
            APPLICATION_ID => true,
            0 => has_our_tables(path, number_at(&header, 60)),
            _ => false,
        };
    Ok(match (header.is_empty(), ours) {
        (true, _) => FileKind::Nothing,
        (false, true) => FileKind::Ours,
        (false, false) => FileKind::Foreign,
    })
}

fn number_at(header: &[u8], place: usize) -> i32 {
    let bytes = header
        .get(place..place + 4)
        .and_then(|bytes| bytes.try_into().ok());
    bytes.map(i32::from_be_bytes).unwrap_or_default()
}

/// Like [`identify`], but fails if the file is foreign.
pub(in crate::directory) fn identify_or_refuse(path: &Path) -> Result<FileKind> {
    match identify(path)? {
        FileKind::Foreign => Err(Error::new(ErrorCode::NotADirectory)),
        found @ (FileKind::Nothing | FileKind::Ours) => Ok(found),
    }
}

/// Whether an SQLite file with this `user_version` and without application id is a directory.
fn has_our_tables(path: &Path, version: i32) -> bool {
    let known = u32::try_from(version).is_ok_and(|version| (1..=SCHEMA_VERSION).contains(&version));
    // A file that cannot be read as a database is foreign.
    known && tables(path).is_ok_and(|found| found == HOW_MANY)
}

fn tables(path: &Path) -> rusqlite::Result<u32> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(files::immutable(path), flags)?;
    file.pragma_update(None, "trusted_schema", "OFF")?;
    file.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))?;
    let count = format!("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ({TABLES})");
    file.query_row(&count, [], |row| row.get(0))
}
