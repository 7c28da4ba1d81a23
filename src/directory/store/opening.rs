//! Opens a directory. A new directory is complete or does not exist. Damage is believed only after a second check.
//!
//! The owner lock is held all the time. The invariant: a kill at any moment leaves no file, the old file or the new
//! file, and the next opening accepts each of these.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use rusqlite::Connection;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::carry_over;
use crate::directory::store::connection::{self, Fold};
use crate::directory::store::files::{self, beside};
use crate::directory::store::leftovers::NEW;
use crate::directory::store::owner_lock::Departure;
use crate::directory::store::room;
use crate::directory::store::sqlite_error::of_path;
use crate::model::OpenReport;
use crate::plain_file;

/// Opens the writer of the directory at `path`, which is made if `missing`. A damaged directory is renamed, and a new
/// one is made that contains all data that could be copied.
pub(in crate::directory) fn open(
    path: &Path,
    missing: bool,
    departure: Departure,
    fold: Fold,
) -> Result<(Connection, OpenReport)> {
    if missing {
        prepare(path, fold, |_| Ok(()))?;
        publish(path)?;
        let writer = open_writer(path, Departure::Closed, fold)?;
        let report = OpenReport {
            created: true,
            ..OpenReport::default()
        };
        return Ok((writer, report));
    }
    files::check_satellites(path)?;
    files::narrow(path)?;
    match open_or_believe_damage(path, departure, fold)? {
        Some(writer) => Ok((writer, OpenReport::default())),
        None => replace_damaged(path, fold),
    }
}

/// Opens the writer. If the disk is full, the error says so.
fn open_writer(path: &Path, departure: Departure, fold: Fold) -> Result<Connection> {
    room::explain(path, connection::open_writer(path, departure, fold))
}

/// Opens the writer. None if the file is certainly damaged.
fn open_or_believe_damage(path: &Path, departure: Departure, fold: Fold) -> Result<Option<Connection>> {
    let is_damage = |error: &Error| error.code() == ErrorCode::DirectoryCorrupt;
    match open_writer(path, departure, fold) {
        Err(error) if is_damage(&error) => {}
        opened => return opened.map(Some),
    }
    // A temporary disk error can look like damage. So every byte must be readable, and a thorough check on a new
    // connection must find the damage again.
    files::read_through(path)?;
    match open_writer(path, Departure::Damaged, fold) {
        Err(error) if is_damage(&error) => Ok(None),
        opened => opened.map(Some),
    }
}

/// Replaces a damaged directory. The new file is complete before the damaged one is renamed. If the process is killed
/// in between, the next opening begins again.
fn replace_damaged(path: &Path, fold: Fold) -> Result<(Connection, OpenReport)> {
    let mut carried_over = Vec::new();
    prepare(path, fold, |new| {
        carried_over = carry_over::from_damaged(path, new)?;
        Ok(())
    })?;
    let place = files::keep_aside(path)?;
    publish(path)?;
    let report = OpenReport {
        created: true,
        damaged_moved_to: Some(place),
        carried_over,
    };
    Ok((open_writer(path, Departure::Closed, fold)?, report))
}

/// Makes a complete directory under another name and syncs it.
fn prepare(path: &Path, fold: Fold, fill: impl FnOnce(&mut Connection) -> Result<()>) -> Result<()> {
    let new = beside(path, NEW);
    drop(plain_file::create(&new).map_err(|error| failed(path, &error))?);
    let make = || -> Result<()> {
        let mut writer = connection::open_writer(&new, Departure::Closed, fold)?;
        fill(&mut writer)?;
        writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        writer.close().map_err(|(_, error)| Error::from(error))?;
        let synced = File::open(&new).and_then(|file| file.sync_all());
        synced.map_err(|error| failed(path, &error))
    };
    let made = room::explain(path, make());
    if made.is_err() {
        // The error cannot be reported here; the next opening tries again.
        drop(files::remove(&new));
    }
    made
}

/// Gives the prepared directory its final name.
fn publish(path: &Path) -> Result<()> {
    // SQLite would apply a log that an older file of this name left.
    let published = files::remove_log(path)
        .and_then(|()| fs::rename(beside(path, NEW), path))
        .and_then(|()| plain_file::sync_folder(path));
    published.map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &io::Error) -> Error {
    of_path(ErrorCode::DirectoryOpenFailed, "the directory file", path, error)
}
