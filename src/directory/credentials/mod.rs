//! The credential of a directory: sealed in its file, and in a mirror file where a cluster needs one.
//!
//! [`CredentialStore`] is the directory's side of [`TokenStore`]. Its invariants: no secret reaches
//! the disk unsealed; of two copies the one with the greater sequence number counts; what was saved
//! survives a power cut; after a wipe no byte of it is left in the file or its log.

mod key_file;
mod mirror;
mod pending;
mod row;
mod sealing;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Transaction;

use self::key_file::KeyFile;
use self::mirror::Mirrored;
pub use self::sealing::{SEALING_KEY_LENGTH, SealingKey};
use crate::clock::UnixMillis;
use crate::directory::Directory;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Identity, PendingAuthorization, StoredCredential, TokenStatus, TokenStore};
use crate::secret::Secret;

/// Where the credential of one directory is kept. It may be used from any thread.
pub struct CredentialStore {
    directory: Arc<Directory>,
    key_file: KeyFile,
    /// Held while the credential is read or written, so that file and mirror move together.
    state: Mutex<State>,
}

struct State {
    /// The key in force, once it is known.
    key: Option<SealingKey>,
    /// Whether the host holds the key; otherwise it lies in the key file.
    key_of_host: bool,
    mirror: Option<PathBuf>,
}

impl CredentialStore {
    /// The store of this directory. Without a key of the host, the key file beside it is used.
    pub fn new(directory: Arc<Directory>, key: Option<SealingKey>) -> CredentialStore {
        let key_file = KeyFile::beside(directory.path());
        let state = State {
            key_of_host: key.is_some(),
            key,
            mirror: None,
        };
        CredentialStore {
            directory,
            key_file,
            state: Mutex::new(state),
        }
    }

    /// Keeps the credential also in this file from now on; an empty path ends that.
    pub fn set_mirror(&self, path: &str) {
        self.state().mirror = (!path.is_empty()).then(|| PathBuf::from(path));
    }

    /// What an administrator may know. Never fails for want of a key: the problem is in the status.
    pub fn status(&self, now: UnixMillis) -> Result<TokenStatus> {
        match self.load() {
            Ok(credential) => Ok(credential.map_or_else(TokenStatus::none, |found| found.status(now))),
            Err(error) if error.code().block() == 4 => {
                let row = self.directory.read(row::get)?;
                let known = row.map(|row| row.without_secrets().status(now));
                let problem = error.code().number();
                Ok(TokenStatus {
                    problem,
                    ..known.unwrap_or_else(TokenStatus::none)
                })
            }
            Err(error) => Err(error),
        }
    }

    /// The org of the credential; none while not connected. Needs no key.
    pub fn org_url(&self) -> Result<Option<String>> {
        let row = self.directory.read(row::get)?.map(|row| row.without_secrets());
        Ok(connected(row).map(|known| known.org_url))
    }

    /// Keeps a sign-in that waits for Okta's answer.
    pub fn add_pending(&self, pending: &PendingAuthorization) -> Result<()> {
        let mut state = self.state();
        let key = self.key_for_sealing(&mut state)?;
        self.directory
            .write_durably(|tx| pending::add(tx, pending, &key, UnixMillis::now()))
    }

    /// Takes out the sign-in of this state; none if it is unknown, expired or used already.
    pub fn take_pending(&self, given: &Secret) -> Result<Option<PendingAuthorization>> {
        let mut state = self.state();
        let Some(key) = self.key_for_opening(&mut state, None)? else {
            return Ok(None);
        };
        self.directory
            .write_durably(|tx| pending::take(tx, given, &key, UnixMillis::now()))
    }

    /// Seals everything anew in one transaction: under `new` if the host hands one in, else under a
    /// new key in the key file.
    pub fn rekey(&self, new: Option<SealingKey>) -> Result<()> {
        let mut state = self.state();
        let row = self.directory.read(row::get)?;
        let sealed_under = row.as_ref().map(|row| row.sealing_key.clone());
        let old = self.key_for_opening(&mut state, sealed_under.as_deref())?;
        let key_of_host = new.is_some();
        let key = match new {
            Some(key) => key,
            None => {
                let key = SealingKey::random()?;
                self.key_file.prepare(&key)?;
                key
            }
        };
        let sequence = self.next_sequence(&state)?;
        let resealed = self
            .directory
            .write_durably(|tx| reseal(tx, old.as_ref(), &key, sequence))?;
        // In force from here on, whatever becomes of the file: a prepared key is found again.
        state.key = Some(key.clone());
        state.key_of_host = key_of_host;
        match key_of_host {
            true => self.key_file.remove()?,
            false => self.key_file.commit()?,
        }
        if let (Some(path), Some(credential)) = (&state.mirror, &resealed) {
            mirror::write(path, credential, &key)?;
        }
        self.directory.cut_log()
    }

    /// Erases the credential, here and in the mirror, with everything that waits for an answer, and
    /// the key file. It needs no key and asks nobody.
    pub fn wipe(&self) -> Result<()> {
        let mut state = self.state();
        let mut nothing = StoredCredential::new("", Identity::None);
        nothing.sequence = self.next_sequence(&state)?;
        let no_key = SealingKey::from_bytes(&[0; SEALING_KEY_LENGTH])?;
        // Only so that the mirror can be told; a missing or wrong key is no reason not to erase.
        let known = self.key_for_opening(&mut state, None).ok().flatten();
        self.directory.write_durably(|tx| {
            pending::clear(tx)?;
            row::set(tx, &nothing, &no_key)
        })?;
        // Each is done whatever becomes of the others.
        let cut = self.directory.cut_log();
        let told = match &state.mirror {
            Some(path) => mirror::write(path, &nothing, &known.unwrap_or(no_key)),
            None => Ok(()),
        };
        let removed = match state.key_of_host {
            true => Ok(()),
            false => {
                state.key = None;
                self.key_file.remove()
            }
        };
        cut.and(told).and(removed)
    }

    fn load_locked(&self, state: &mut State) -> Result<Option<StoredCredential>> {
        let row = self.directory.read(row::get)?;
        let own = row.as_ref().map_or(0, |row| row.sequence);
        let mirrored = self.read_mirror(state)?;
        if let Some(mirrored) = mirrored.as_ref().filter(|mirrored| mirrored.sequence > own) {
            return self.adopt(state, mirrored).map(Some).map(connected);
        }
        let Some(row) = row else { return Ok(None) };
        let mirror_is_behind = mirrored.is_none_or(|mirrored| mirrored.sequence < own);
        let without_secrets = row.without_secrets();
        if without_secrets.identity == Identity::None {
            return Ok(None);
        }
        let key = self
            .key_for_opening(state, Some(&row.sealing_key))?
            .ok_or_else(|| Error::about(ErrorCode::SealingKeyWrong, "the key file is missing"))?;
        let credential = row.open(&key)?;
        if let Some(path) = state.mirror.as_ref().filter(|_| mirror_is_behind) {
            mirror::write(path, &credential, &key)?;
        }
        Ok(connected(Some(credential)))
    }

    fn adopt(&self, state: &mut State, mirrored: &Mirrored) -> Result<StoredCredential> {
        let key = self
            .key_for_opening(state, None)?
            .ok_or_else(|| Error::about(ErrorCode::SealingKeyWrong, "the mirrored credential"))?;
        let credential = mirrored.open(&key)?;
        self.directory
            .write_durably(|tx| row::set(tx, &credential, &key))?;
        Ok(credential)
    }

    fn write(&self, state: &mut State, credential: &mut StoredCredential) -> Result<()> {
        let key = self.key_for_sealing(state)?;
        credential.sequence = self.next_sequence(state)?;
        // The mirror first: a crash in between is healed by adopting it. If it fails, the directory
        // still gets what may be the only copy of a rotated token.
        let mirrored = match &state.mirror {
            Some(path) => mirror::write(path, credential, &key),
            None => Ok(()),
        };
        self.directory
            .write_durably(|tx| row::set(tx, credential, &key))?;
        mirrored
    }

    fn read_mirror(&self, state: &State) -> Result<Option<Mirrored>> {
        match &state.mirror {
            Some(path) => Mirrored::read(path),
            None => Ok(None),
        }
    }

    /// One more than any copy has.
    fn next_sequence(&self, state: &State) -> Result<u64> {
        let own = self.directory.read(row::get)?.map_or(0, |row| row.sequence);
        // A mirror that cannot be read must not keep a credential from being erased or replaced.
        let mirrored = self
            .read_mirror(state)
            .ok()
            .flatten()
            .map_or(0, |mirrored| mirrored.sequence);
        Ok(own.max(mirrored) + 1)
    }

    /// The key that opens what is there: that of the name `sealed_under`, if several lie there.
    fn key_for_opening(&self, state: &mut State, sealed_under: Option<&[u8]>) -> Result<Option<SealingKey>> {
        if state.key.is_none() {
            let mut keys = self.key_file.read()?;
            let at = keys
                .iter()
                .position(|key| sealed_under == Some(key.name().as_slice()));
            // The second is one that a crash kept from coming into force after it was used.
            if at == Some(1) {
                self.key_file.commit()?;
            }
            state.key = (!keys.is_empty()).then(|| keys.swap_remove(at.unwrap_or(0)));
        }
        Ok(state.key.clone())
    }

    /// The key to seal with; made if there is none.
    fn key_for_sealing(&self, state: &mut State) -> Result<SealingKey> {
        let row = self.directory.read(row::get)?;
        let sealed_under = row.map(|row| row.sealing_key);
        if let Some(key) = self.key_for_opening(state, sealed_under.as_deref())? {
            return Ok(key);
        }
        let key = SealingKey::random()?;
        self.key_file.prepare(&key)?;
        self.key_file.commit()?;
        state.key = Some(key.clone());
        Ok(key)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Its parts are replaced whole, each when the files are written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenStore for CredentialStore {
    fn load(&self) -> Result<Option<StoredCredential>> {
        self.load_locked(&mut self.state())
    }

    fn save(&self, credential: &mut StoredCredential) -> Result<()> {
        let mut state = self.state();
        if self.next_sequence(&state)? != credential.sequence + 1 {
            return Err(Error::about(
                ErrorCode::Busy,
                "the connection was changed meanwhile",
            ));
        }
        self.write(&mut state, credential)
    }

    fn replace(&self, credential: &mut StoredCredential) -> Result<()> {
        self.write(&mut self.state(), credential)
    }
}

fn connected(credential: Option<StoredCredential>) -> Option<StoredCredential> {
    credential.filter(|credential| credential.identity != Identity::None)
}

fn reseal(
    tx: &Transaction<'_>,
    old: Option<&SealingKey>,
    new: &SealingKey,
    sequence: u64,
) -> Result<Option<StoredCredential>> {
    let Some(row) = row::get(tx)? else {
        if let Some(old) = old {
            pending::reseal(tx, old, new)?;
        }
        return Ok(None);
    };
    let Some(old) = old else {
        // Nothing was ever sealed, or it was wiped together with its key.
        return match row.without_secrets().identity {
            Identity::None => Ok(None),
            _ => Err(Error::about(
                ErrorCode::SealingKeyWrong,
                "the key file is missing",
            )),
        };
    };
    pending::reseal(tx, old, new)?;
    let mut credential = row.open(old)?;
    credential.sequence = sequence;
    row::set(tx, &credential, new)?;
    Ok(Some(credential))
}
