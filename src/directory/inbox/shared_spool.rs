//! Stores deliveries on the folder that the nodes of a cluster share. Each delivery is one file, written before Okta
//! gets an answer.
//!
//! Any node may receive deliveries; the node that synchronizes adds them to its inbox. It removes a file only after it
//! has published a state that contains the events of the file. If it is killed before that, the next node that
//! synchronizes adds the file again. An event that is added twice is recognised by its id.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::unfinished::Unfinished;
use crate::hex::hex;
use crate::plain_file::{self, Links};

/// The folder of the deliveries inside the shared folder.
const FOLDER: &str = "deliveries";
/// The ending of the file names.
const ENDING: &str = ".delivery";
/// The length of a file name without the ending. The name is a part of the digest of the content.
const DIGITS: usize = 32;
/// The greatest number of waiting files. If there are more, no node has added any for a long time. The limit keeps
/// counting them fast.
const MOST_FILES: usize = 10_000;
/// Larger than any file that we write, in bytes.
const LARGEST: u64 = 16 << 20;
/// How many bytes are added at once. The other files wait for the next time.
const MOST_BYTES_AT_ONCE: usize = 64 << 20;

/// The deliveries on a shared folder.
#[derive(Debug)]
pub struct SharedSpool {
    folder: PathBuf,
    /// The path of this node's directory. Notes of unfinished files are beside it (see `store/unfinished.rs`).
    directory: PathBuf,
    /// Files whose content this node has added but not published yet.
    taken: Mutex<BTreeSet<OsString>>,
}

impl SharedSpool {
    /// The deliveries on the folder `shared`, for the node with this directory.
    pub fn of(shared: &Path, directory: &Path) -> SharedSpool {
        SharedSpool {
            folder: shared.join(FOLDER),
            directory: directory.to_owned(),
            taken: Mutex::default(),
        }
    }

    /// Stores a delivery for the node that synchronizes. If the same delivery arrives again, the new file replaces the
    /// first one.
    pub fn add(&self, delivery: &[u8]) -> Result<()> {
        let add = || -> io::Result<()> {
            let waiting = match self.files() {
                Err(error) if error.kind() == ErrorKind::NotFound => self.make_folder().map(|()| 0)?,
                files => files?.len(),
            };
            if waiting >= MOST_FILES {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let target = self.folder.join(name_of(delivery));
            let mut part = Unfinished::begin(&self.directory, &target)?;
            part.file().write_all(delivery)?;
            part.replace(&target)
        };
        add().map_err(|error| self.failed(&error))
    }

    /// Calls `take` with the content of the files that were not added before; none for a file that cannot be read.
    pub fn take_in(&self, take: impl FnOnce(&[Option<Vec<u8>>]) -> Result<()>) -> Result<()> {
        let mut taken = self.taken();
        let mut files = match self.files() {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            files => files.map_err(|error| self.failed(&error))?,
        };
        files.retain(|name| !taken.contains(name));
        let (mut names, mut deliveries, mut bytes) = (Vec::new(), Vec::new(), 0);
        for name in files {
            let read = plain_file::read(&self.folder.join(&name), LARGEST, Links::Refused);
            let delivery = match read {
                // Another node has just removed this file.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) if !plain_file::is_refusal(&error) => return Err(self.failed(&error)),
                read => read.ok(),
            };
            bytes += delivery.as_ref().map_or(0, Vec::len);
            deliveries.push(delivery);
            names.push(name);
            if bytes > MOST_BYTES_AT_ONCE {
                break;
            }
        }
        if !deliveries.is_empty() {
            take(&deliveries)?;
        }
        taken.extend(names);
        Ok(())
    }

    /// The files that were added so far. Every state published from now on contains their events.
    pub fn taken_in(&self) -> BTreeSet<OsString> {
        self.taken().clone()
    }

    /// Removes files whose events a published state contains. If a file cannot be removed, the others are removed all
    /// the same.
    pub fn remove(&self, published: &BTreeSet<OsString>) -> Result<()> {
        let mut outcome = Ok(());
        for name in published {
            match plain_file::remove(&self.folder.join(name)) {
                Ok(()) => drop(self.taken().remove(name)),
                Err(error) => outcome = outcome.and(Err(self.failed(&error))),
            }
        }
        outcome
    }

    /// Forgets which files were added, because the directory is now at another state that may not contain their events.
    pub fn begin_anew(&self) {
        self.taken().clear();
    }

    /// The file names of the deliveries.
    fn files(&self) -> io::Result<Vec<OsString>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            // A folder is not a delivery and cannot be removed like one.
            if is_delivery(&name) && !entry.file_type()?.is_dir() {
                found.push(name);
            }
        }
        Ok(found)
    }

    /// Makes the folder of the deliveries, but never the shared folder itself: if that is missing, it is not mounted.
    fn make_folder(&self) -> io::Result<()> {
        match DirBuilder::new().mode(0o700).create(&self.folder) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => plain_file::sync_folder(&self.folder),
        }
    }

    fn taken(&self) -> MutexGuard<'_, BTreeSet<OsString>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, error: &io::Error) -> Error {
        let what = format!("{}: {}", self.folder.display(), plain_file::cause(error));
        Error::about(ErrorCode::SharedFolderFailed, what)
    }
}

fn name_of(delivery: &[u8]) -> String {
    let digest = Sha256::digest(delivery);
    hex(&digest[..DIGITS / 2]) + ENDING
}

fn is_delivery(name: &OsString) -> bool {
    let digits = name.as_bytes().strip_suffix(ENDING.as_bytes());
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(spool: &SharedSpool) -> Vec<Option<Vec<u8>>> {
        let mut taken = Vec::new();
        let outcome = spool.take_in(|found| {
            taken = found.to_vec();
            Ok(())
        });
        outcome.expect("taken in");
        taken.sort();
        taken
    }

    #[test]
    fn a_delivery_is_taken_in_once_by_each_node_until_one_has_published_it() {
        let home = tempfile::tempdir().expect("a folder");
        let shared = home.path().join("shared");
        let node = |name: &str| SharedSpool::of(&shared, &home.path().join(name));
        let (one, other) = (node("one.db"), node("other.db"));
        let missing = one.add(b"a").expect_err("not mounted");
        assert_eq!(missing.code(), ErrorCode::SharedFolderFailed);
        assert!(take(&one).is_empty());
        fs::create_dir(&shared).expect("a folder");
        for delivery in [&b"a"[..], b"b", b"a"] {
            one.add(delivery).expect("kept");
        }
        fs::write(shared.join(FOLDER).join("of somebody else"), "x").expect("written");
        let both = [Some(b"a".to_vec()), Some(b"b".to_vec())];
        assert!(other.take_in(|_| Err(Error::internal("no"))).is_err());
        assert_eq!(take(&other), both, "kept for the next time");
        assert!(take(&other).is_empty());
        assert_eq!(take(&one), both, "the other one has not published it");
        let taken = other.taken_in();
        one.add(b"c").expect("kept");
        other.remove(&taken).expect("removed");
        assert_eq!(take(&other), [Some(b"c".to_vec())]);
        other.begin_anew();
        assert_eq!(take(&other), [Some(b"c".to_vec())]);
        assert!(shared.join(FOLDER).join("of somebody else").exists());
    }

    #[test]
    fn a_folder_is_no_delivery_and_what_cannot_be_removed_keeps_nothing_else() {
        let home = tempfile::tempdir().expect("a folder");
        let spool = SharedSpool::of(home.path(), &home.path().join("one.db"));
        spool.add(b"a").expect("kept");
        let name = |digit: &str| OsString::from(format!("{}{ENDING}", digit.repeat(DIGITS)));
        for digit in ["0", "f"] {
            fs::create_dir(home.path().join(FOLDER).join(name(digit))).expect("a folder");
        }
        assert_eq!(take(&spool), [Some(b"a".to_vec())]);
        let mut names = spool.taken_in();
        names.extend([name("0"), name("f")]);
        assert!(spool.remove(&names).is_err());
        assert!(spool.files().expect("names").is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_reported() {
        let home = tempfile::tempdir().expect("a folder");
        let spool = SharedSpool::of(home.path(), &home.path().join("one.db"));
        spool.add(b"a").expect("kept");
        let odd = home
            .path()
            .join(FOLDER)
            .join(format!("{}{ENDING}", "0".repeat(DIGITS)));
        std::os::unix::fs::symlink("nowhere", odd).expect("a link");
        assert_eq!(take(&spool), [None, Some(b"a".to_vec())]);
    }
}
