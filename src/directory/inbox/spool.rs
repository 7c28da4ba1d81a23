//! Deliveries that came while the directory was being written to for long, as at the end of a full run, or while the
//! shared folder could not be: kept in a file beside the directory, so that Okta is answered in time, and taken in
//! afterwards.
//!
//! A delivery is a line with its length and its bytes. A line cut off by a kill was never answered, and is passed
//! over; one that is taken in twice is known by its id.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::plain_file::{self, Links};

/// More than this waits for nobody: Okta is asked to send again.
const MOST_BYTES: u64 = 64 << 20;

/// The file of one directory.
#[derive(Debug)]
pub struct Spool {
    path: PathBuf,
    /// Held while the file is written to, or taken in and removed.
    turn: Mutex<()>,
}

impl Spool {
    /// The file beside this directory, made when it is needed.
    pub fn beside(directory: &Path) -> Spool {
        let mut path = directory.as_os_str().to_owned();
        path.push(".inbox");
        Spool {
            path: path.into(),
            turn: Mutex::new(()),
        }
    }

    /// Whether something waits.
    pub fn is_empty(&self) -> bool {
        std::fs::metadata(&self.path).map_or(true, |found| found.len() == 0)
    }

    /// Keeps a delivery, so that it survives a power cut.
    pub fn add(&self, delivery: &[u8]) -> Result<()> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let add = || -> io::Result<()> {
            let mut file = plain_file::open(
                &self.path,
                OpenOptions::new().append(true).create(true),
                Links::Refused,
            )?;
            if file.metadata()?.len() + delivery.len() as u64 > MOST_BYTES {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let mut line = format!("{}\n", delivery.len()).into_bytes();
            line.extend_from_slice(delivery);
            line.push(b'\n');
            file.write_all(&line)?;
            file.sync_data()
        };
        add().map_err(|error| self.failed(&error))
    }

    /// Hands over what waits, and forgets it if that went well.
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

/// The whole deliveries of a file.
fn deliveries(mut bytes: &[u8]) -> Vec<&[u8]> {
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
}
