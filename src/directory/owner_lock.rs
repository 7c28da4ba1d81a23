//! The owner lock: whoever holds `<directory>.lock` is the only engine on this directory.
//!
//! It is a `flock`, which two openings conflict over even within one process. SQLite's own locks
//! are per process, and two copies of SQLite in one JVM do not see each other's at all.
//! The file also notes how the last owner left; it stays behind, for removing it would race.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::directory::database_files::{FILE_MODE, beside};
use crate::directory::lock_holder;
use crate::directory::sqlite_error::of_io;
use crate::error::{Error, ErrorCode, Result};

/// How often a held lock is asked for again.
const LOCK_POLL: Duration = Duration::from_millis(20);

/// How the last owner left the directory, and so how thoroughly the next one looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Departure {
    /// It closed the directory.
    Closed,
    /// It was cut off, or the note is missing: a copy, a restored backup, a first opening.
    CutOff,
    /// It met damage.
    Damaged,
}

impl Departure {
    fn note(self) -> &'static str {
        match self {
            Departure::Closed => "closed\n",
            Departure::CutOff => "open\n",
            Departure::Damaged => "damaged\n",
        }
    }

    fn from_note(note: &str) -> Departure {
        [Departure::Closed, Departure::Damaged]
            .into_iter()
            .find(|departure| departure.note() == note)
            .unwrap_or(Departure::CutOff)
    }
}

/// The lock, held until it is dropped.
#[derive(Debug)]
pub(super) struct OwnerLock {
    file: File,
}

impl OwnerLock {
    /// Takes the lock of the directory at `path`; if it is held, waits for it at most this long.
    pub(super) fn take(path: &Path, patience: Duration) -> Result<(OwnerLock, Departure)> {
        let mut options = OpenOptions::new();
        options
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(FILE_MODE);
        let file = options
            .open(beside(path, ".lock"))
            .map_err(|error| failed(&error))?;
        lock_within(&file, patience)?;
        let mut lock = OwnerLock { file };
        let mut note = Vec::new();
        // A note is a word; whatever else somebody wrote there need not be read to its end.
        (&lock.file)
            .take(16)
            .read_to_end(&mut note)
            .map_err(|error| failed(&error))?;
        let departure = Departure::from_note(&String::from_utf8_lossy(&note));
        if departure != Departure::Damaged {
            lock.write_note(Departure::CutOff)?;
        }
        Ok((lock, departure))
    }

    /// Notes how this owner leaves. Without it the note says that the owner was cut off.
    pub(super) fn write_note(&mut self, departure: Departure) -> Result<()> {
        let written = self.file.seek(SeekFrom::Start(0));
        written
            .and_then(|_| self.file.set_len(0))
            .and_then(|()| self.file.write_all(departure.note().as_bytes()))
            .map_err(|error| failed(&error))
    }
}

/// Asked again and again, because a blocking `flock` knows no bound.
fn lock_within(file: &File, patience: Duration) -> Result<()> {
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if began.elapsed() < patience => std::thread::sleep(LOCK_POLL),
            Err(TryLockError::WouldBlock) => return Err(held(file)),
            Err(TryLockError::Error(error)) => return Err(failed(&error)),
        }
    }
}

fn held(file: &File) -> Error {
    match lock_holder::of(file) {
        Some(holder) => {
            let what = format!("{holder} has this directory open; close it first.");
            Error::with_message(ErrorCode::DirectoryLocked, what)
        }
        None => Error::new(ErrorCode::DirectoryLocked),
    }
}

fn failed(error: &std::io::Error) -> Error {
    of_io(ErrorCode::DirectoryOpenFailed, "lock file", error)
}
