//! The owner lock: only the engine that holds `<directory>.lock` writes to this directory.
//!
//! It is a `flock`, so two openings exclude each other even within one process. SQLite's own locks cannot do this: they
//! belong to a process, and two copies of SQLite in one JVM do not see each other's locks. The file also notes how the
//! last owner left. It is never removed, because a removal would race with an opening.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::files::beside;
use crate::directory::store::lock_holder;
use crate::directory::store::sqlite_error::of_path;
use crate::plain_file::{self, Links, PRIVATE_MODE};

/// The time between two attempts to take a held lock.
const LOCK_POLL: Duration = Duration::from_millis(20);
/// Every note has this length, so that a note can be overwritten even on a full disk.
const NOTE_LENGTH: usize = 32;

/// How the last owner left the directory. It decides how thoroughly the next owner checks the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::directory) enum Departure {
    /// It closed the directory.
    Closed,
    /// It was killed, or there is no note: a copy, a restored backup, a first opening.
    CutOff,
    /// It found damage.
    Damaged,
}

impl Departure {
    fn word(self) -> &'static str {
        match self {
            Departure::Closed => "closed",
            Departure::CutOff => "open",
            Departure::Damaged => "damaged",
        }
    }

    /// The text of the note, padded to its fixed length.
    fn note(self) -> String {
        format!("{:<width$}\n", self.word(), width = NOTE_LENGTH - 1)
    }

    /// Reads a note; none if the text is not a note. A half-written note counts as "cut off".
    fn from_note(text: &str) -> Option<Departure> {
        let first = text.lines().next().unwrap_or_default();
        let word = first.trim_matches(['\0', ' ']);
        [Departure::Closed, Departure::CutOff, Departure::Damaged]
            .into_iter()
            .find(|departure| departure.word() == word)
            .or(word.is_empty().then_some(Departure::CutOff))
    }
}

/// The lock, held until it is dropped.
#[derive(Debug)]
pub(in crate::directory) struct OwnerLock {
    path: PathBuf,
    file: File,
}

impl OwnerLock {
    /// Takes the lock of the directory at `path`. If another opening holds it, waits at most `patience`.
    pub(in crate::directory) fn take(path: &Path, patience: Duration) -> Result<(OwnerLock, Departure)> {
        let lock = OwnerLock::open(path)?;
        lock_within(&lock.path, &lock.file, patience)?;
        let note = read_note(&lock.file).map_err(|error| failed(&lock.path, &error))?;
        let foreign = || {
            failed(
                &lock.path,
                &plain_file::refused("it is not a lock file of okta-profiles"),
            )
        };
        let departure = note.ok_or_else(foreign)?;
        if departure != Departure::Damaged {
            lock.write_note(Departure::CutOff)?;
        }
        Ok((lock, departure))
    }

    /// Takes the lock without changing the note, because a reader must not change how the last owner left.
    pub(in crate::directory) fn take_silently(path: &Path) -> Result<OwnerLock> {
        let lock = OwnerLock::open(path)?;
        lock_within(&lock.path, &lock.file, Duration::ZERO)?;
        Ok(lock)
    }

    /// Whether the directory at `path` has ever had an owner.
    pub(in crate::directory) fn is_there(path: &Path) -> bool {
        fs::symlink_metadata(beside(path, ".lock")).is_ok()
    }

    fn open(path: &Path) -> Result<OwnerLock> {
        let path = beside(path, ".lock");
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        let file = plain_file::open(&path, options.mode(PRIVATE_MODE), Links::Refused)
            .map_err(|error| failed(&path, &error))?;
        plain_file::require_ours(&path, &file).map_err(|error| failed(&path, &error))?;
        Ok(OwnerLock { path, file })
    }

    /// Notes how this owner leaves. Without this call the note says that the owner was cut off.
    pub(in crate::directory) fn write_note(&self, departure: Departure) -> Result<()> {
        let text = departure.note();
        // The old note is overwritten in one piece, so that there is a complete note at any moment.
        let written = self.file.write_all_at(text.as_bytes(), 0);
        written
            .and_then(|()| self.file.set_len(NOTE_LENGTH as u64))
            .map_err(|error| failed(&self.path, &error))
    }
}

impl Drop for OwnerLock {
    fn drop(&mut self) {
        // Closing alone is not enough. If the host forks at this moment, the child has a copy of the descriptor until
        // it executes its program, and would keep the lock until then.
        let _ = self.file.unlock();
    }
}

/// Keeps the lock file open for reading, so that other openings in this process see that this directory is being read.
///
/// The owner lock also decides between readers of one process: closing any descriptor of a file ends all locks that the
/// process has on it, even those of another copy of SQLite. Between processes, SQLite's own locks are enough.
#[derive(Debug)]
pub(in crate::directory) struct ReadingPlace {
    _open: Option<File>,
}

impl ReadingPlace {
    /// Fails with [`ErrorCode::DirectoryLocked`] if this process already has the directory open.
    pub(in crate::directory) fn take(path: &Path) -> Result<ReadingPlace> {
        let path = beside(path, ".lock");
        let file = match plain_file::open(&path, OpenOptions::new().read(true), Links::Refused) {
            Ok(file) => file,
            // No engine has opened this file before, or the lock belongs to another user. In both cases this process
            // does not hold it.
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => {
                return Ok(ReadingPlace { _open: None });
            }
            Err(error) => return Err(failed(&path, &error)),
        };
        match is_open_here(&file).map_err(|error| failed(&path, &error))? {
            true => Err(Error::about(
                ErrorCode::DirectoryLocked,
                "this process has it open",
            )),
            false => Ok(ReadingPlace { _open: Some(file) }),
        }
    }
}

/// Whether this process has another descriptor of the file.
fn is_open_here(file: &File) -> io::Result<bool> {
    let identity = |found: fs::Metadata| (found.dev(), found.ino());
    let wanted = identity(file.metadata()?);
    let Ok(descriptors) = fs::read_dir("/proc/self/fd") else {
        // Without /proc this is unknown. A process with one engine, such as the command line, is safe.
        return Ok(false);
    };
    let same = |entry: &fs::DirEntry| fs::metadata(entry.path()).is_ok_and(|found| identity(found) == wanted);
    Ok(descriptors.flatten().filter(same).nth(1).is_some())
}

fn read_note(file: &File) -> io::Result<Option<Departure>> {
    let mut note = Vec::new();
    // Bounded, because a foreign file may have any length.
    file.take(2 * NOTE_LENGTH as u64).read_to_end(&mut note)?;
    Ok(Departure::from_note(&String::from_utf8_lossy(&note)))
}

/// Polls, because a blocking `flock` has no time-out.
fn lock_within(path: &Path, file: &File, patience: Duration) -> Result<()> {
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if began.elapsed() < patience => std::thread::sleep(LOCK_POLL),
            Err(TryLockError::WouldBlock) => return Err(held(file)),
            Err(TryLockError::Error(error)) => return Err(failed(path, &error)),
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

fn failed(path: &Path, error: &io::Error) -> Error {
    of_path(ErrorCode::DirectoryOpenFailed, "the lock file", path, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_of_any_version_is_understood_and_always_as_long() {
        for (text, departure) in [
            ("", Some(Departure::CutOff)),
            ("closed\n", Some(Departure::Closed)),
            ("damaged\n", Some(Departure::Damaged)),
            ("open\nd\n", Some(Departure::CutOff)),
            ("root:x:0:0", None),
        ] {
            assert_eq!(Departure::from_note(text), departure, "{text}");
        }
        for departure in [Departure::Closed, Departure::CutOff, Departure::Damaged] {
            assert_eq!(departure.note().len(), NOTE_LENGTH);
            assert_eq!(Departure::from_note(&departure.note()), Some(departure));
        }
    }

    #[test]
    fn a_lock_file_of_somebody_else_is_left_as_it_is() {
        let folder = tempfile::tempdir().expect("folder");
        let directory = folder.path().join("okta.db");
        let lock = folder.path().join("okta.db.lock");
        let victim = folder.path().join("victim");
        let refused = || {
            let error = OwnerLock::take(&directory, Duration::ZERO)
                .map(drop)
                .expect_err("refused");
            assert_eq!(error.code(), ErrorCode::DirectoryOpenFailed);
        };
        fs::write(&victim, "root:x:0:0\n").expect("write");
        std::os::unix::fs::symlink(&victim, &lock).expect("link");
        refused();
        fs::remove_file(&lock).expect("remove");
        fs::hard_link(&victim, &lock).expect("link");
        refused();
        fs::remove_file(&victim).expect("one name is left");
        refused();
        assert_eq!(fs::read(&lock).expect("read"), b"root:x:0:0\n");
    }

    #[test]
    fn a_copy_of_the_descriptor_in_a_forked_process_keeps_nobody_out() {
        let folder = tempfile::tempdir().expect("folder");
        let directory = folder.path().join("okta.db");
        let (lock, _) = OwnerLock::take(&directory, Duration::ZERO).expect("take");
        let forked = lock.file.try_clone().expect("a copy");
        drop(lock);
        assert!(OwnerLock::take(&directory, Duration::ZERO).is_ok());
        drop(forked);
    }

    #[test]
    fn within_one_process_readers_give_way_to_the_owner() {
        let folder = tempfile::tempdir().expect("folder");
        let directory = folder.path().join("okta.db");
        drop(ReadingPlace::take(&directory).expect("no lock file yet"));
        let (lock, _) = OwnerLock::take(&directory, Duration::ZERO).expect("take");
        let error = ReadingPlace::take(&directory).map(drop).expect_err("owned");
        assert_eq!(error.code(), ErrorCode::DirectoryLocked);
        drop(lock);
        let reading = ReadingPlace::take(&directory).expect("free");
        assert!(ReadingPlace::take(&directory).is_err());
        drop(reading);
    }
}
