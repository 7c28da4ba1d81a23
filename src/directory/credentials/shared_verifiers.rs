//! A file on the shared folder of a cluster. It holds the digests of the secrets that a delivery may carry.
//!
//! Okta verifies a hook immediately, and the load balancer may send the challenge to any node. So the other nodes must
//! know a new secret before they follow the next publication.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::hook_secret::{Verifier, is_one_of, verifiers};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::Directory;
use crate::directory::store::unfinished::Unfinished;
use crate::plain_file::{self, Links};

const NAME: &str = "hook-secrets.json";
const MOST_BYTES: u64 = 64 * 1024;
/// The shortest time between two reads of the file for deliveries with an unknown secret, so that a flood of such
/// deliveries costs little.
const SELDOM: Duration = Duration::from_secs(1);

/// The file on one shared folder.
#[derive(Debug)]
pub struct SharedVerifiers {
    path: PathBuf,
    known: Mutex<LastRead>,
}

/// What the last read of the file returned.
#[derive(Debug, Default)]
struct LastRead {
    read: Option<Instant>,
    verifiers: Vec<Verifier>,
}

impl SharedVerifiers {
    /// The file on this folder.
    pub fn on(shared: &Path) -> SharedVerifiers {
        SharedVerifiers {
            path: shared.join(NAME),
            known: Mutex::default(),
        }
    }

    /// Writes the secrets that this directory accepts, unless the file has them already.
    pub fn write_accepted(&self, directory: &Directory) -> Result<()> {
        let present = directory.read(|conn: &Connection| verifiers(conn))?;
        let write = || -> io::Result<()> {
            if self.read().ok().as_ref() == Some(&present) {
                return Ok(());
            }
            let mut part = Unfinished::begin(directory.path(), &self.path)?;
            part.file().write_all(&serde_json::to_vec(&present)?)?;
            part.replace(&self.path)
        };
        write().map_err(|error| {
            let what = format!("{}: {}", self.path.display(), plain_file::cause(&error));
            Error::about(ErrorCode::SharedFolderFailed, what)
        })
    }

    /// Whether another node accepts this secret at `now`. The running time depends only on the length of `given`.
    pub fn accept(&self, given: &[u8], now: UnixMillis) -> bool {
        is_one_of(given, &self.digests(now))
    }

    /// The digests of the secrets that another node accepts at `now`.
    pub fn digests(&self, now: UnixMillis) -> Vec<Vec<u8>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.read.is_none_or(|read| read.elapsed() >= SELDOM) {
            *known = LastRead {
                read: Some(Instant::now()),
                verifiers: self.read().unwrap_or_default(),
            };
        }
        let valid = known
            .verifiers
            .iter()
            .filter(|verifier| verifier.ends.is_none_or(|ends| ends > now));
        valid.map(|verifier| verifier.sha256.clone()).collect()
    }

    fn read(&self) -> io::Result<Vec<Verifier>> {
        match plain_file::read(&self.path, MOST_BYTES, Links::Refused) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            bytes => Ok(serde_json::from_slice(&bytes?)?),
        }
    }
}
