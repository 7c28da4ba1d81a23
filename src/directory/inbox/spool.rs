//! Stores deliveries in a file beside the directory while the directory is locked for a long time, as at the end of a
//! full run, or while the shared folder cannot be reached. So Okta gets its answer in time. The deliveries are added to
//! the inbox afterwards.
//!
//! Each delivery is a line with its length, and then its bytes. If a kill cut off a delivery, Okta got no answer for
//! it, and the delivery is skipped. An event that is added twice is recognised by its id.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::plain_file::{self, Links, PRIVATE_MODE};

/// The greatest size of the file in bytes. If it is reached, Okta is asked to send the delivery again.
const MOST_BYTES: u64 = 64 << 20;

/// The file that belongs to one directory.
#[derive(Debug)]
pub struct Spool {
    path: PathBuf,
    /// Locked while the file is written, and while it is read and removed. True if the file is known to end with a
    /// complete delivery, because a delivery after an incomplete one could not be found.
    turn: Mutex<bool>,
}

impl Spool {
    /// The file beside this directory, made when it is needed.
    pub fn beside(directory: &Path) -> Spool {
        let mut path = directory.as_os_str().to_owned();
        path.push(".inbox");
        Spool {
            path: path.into(),
            turn: Mutex::new(false),
        }
    }

    /// Whether no delivery waits.
    pub fn is_empty(&self) -> bool {
        std::fs::metadata(&self.path).map_or(true, |found| found.len() == 0)
    }

    /// Stores a delivery so that it survives a power cut.
    pub fn add(&self, delivery: &[u8]) -> Result<()> {
        let mut ends_whole = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut add = || -> io::Result<()> {
            let mut options = OpenOptions::new();
            options.append(true).create(true).mode(PRIVATE_MODE);
            let mut file = plain_file::open(&self.path, &mut options, Links::Refused)?;
            plain_file::require_ours(&self.path, &file)?;
            if !*ends_whole {
                let bytes = plain_file::read(&self.path, MOST_BYTES, Links::Refused)?;
                file.set_len(whole_length(&bytes) as u64)?;
            }
            let mut line = format!("{}\n", delivery.len()).into_bytes();
            line.extend_from_slice(delivery);
            line.push(b'\n');
            if file.metadata()?.len() + line.len() as u64 > MOST_BYTES {
                return Err(io::ErrorKind::StorageFull.into());
            }
            *ends_whole = false;
            file.write_all(&line)?;
            file.sync_data()?;
            *ends_whole = true;
            Ok(())
        };
        add().map_err(|error| self.failed(&error))
    }

    /// Calls `take` with the waiting deliveries, and removes them if that succeeds.
    pub fn take_in(&self, take: impl FnOnce(Vec<&[u8]>) -> Result<()>) -> Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_empty() {
            return Ok(());
        }
        let bytes =
            plain_file::read(&self.path, MOST_BYTES, Links::Refused).map_err(|error| self.failed(&error))?;
        take(deliveries(&bytes))?;
        plain_file::remove(&self.path).map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> Error {
        let what = format!("{}: {}", self.path.display(), plain_file::cause(error));
        Error::about(ErrorCode::DirectoryIo, what)
    }
}

/// How many bytes the complete deliveries have.
fn whole_length(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let Some((_, after)) = first(rest) {
        rest = after;
    }
    bytes.len() - rest.len()
}

/// The complete deliveries of a file.
pub(in crate::directory) fn deliveries(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while let Some((delivery, rest)) = first(bytes) {
        found.push(delivery);
        bytes = rest;
    }
    found
}

fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let length: usize = std::str::from_utf8(&bytes[..end]).ok()?.parse().ok()?;
    let (delivery, rest) = bytes[end + 1..].split_at_checked(length)?;
    Some((delivery, rest.strip_prefix(b"\n")?))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_was_added_comes_out_once_and_a_torn_end_is_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let spool = Spool::beside(&folder.path().join("directory.db"));
        let take = |spool: &Spool| {
            let mut taken = Vec::new();
            let outcome = spool.take_in(|found| {
                taken = found.into_iter().map(<[u8]>::to_vec).collect();
                Ok(())
            });
            outcome.expect("taken in");
            taken
        };
        assert!(spool.is_empty() && take(&spool).is_empty());
        spool.add(b"{\"a\":\n1}").expect("added");
        spool.add(b"").expect("added");
        let mut torn = OpenOptions::new()
            .append(true)
            .open(&spool.path)
            .expect("the file");
        torn.write_all(b"100\n{\"b\"").expect("written");
        assert!(!spool.is_empty());
        let refuse = spool.take_in(|_| Err(Error::internal("no")));
        assert!(refuse.is_err() && !spool.is_empty(), "kept for the next time");
        assert_eq!(take(&spool), [b"{\"a\":\n1}".to_vec(), Vec::new()]);
        assert!(spool.is_empty());
    }

    #[test]
    fn what_comes_behind_a_delivery_that_was_cut_off_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("directory.db");
        let spool = Spool::beside(&path);
        spool.add(b"first").expect("added");
        let mut torn = OpenOptions::new()
            .append(true)
            .open(&spool.path)
            .expect("the file");
        torn.write_all(b"7\nsec").expect("written");
        let later = Spool::beside(&path);
        later.add(b"third").expect("added");
        later.add(b"fourth").expect("added");
        let check = |found: Vec<&[u8]>| {
            assert_eq!(found, [&b"first"[..], b"third", b"fourth"]);
            Ok(())
        };
        later.take_in(check).expect("taken in");
    }

    #[test]
    fn deliveries_are_for_the_owner_only_and_go_into_no_other_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let spool = Spool::beside(&folder.path().join("directory.db"));
        spool.add(b"names").expect("added");
        let found = std::fs::metadata(&spool.path).expect("the file");
        assert_eq!(found.permissions().mode() & 0o777, 0o600);
        std::fs::remove_file(&spool.path).expect("removed");
        let other = folder.path().join("other");
        std::fs::write(&other, "precious").expect("a file");
        std::fs::hard_link(&other, &spool.path).expect("a second name");
        spool.add(b"names").expect_err("refused");
        assert_eq!(std::fs::read(&other).expect("the file"), b"precious");
    }
}
