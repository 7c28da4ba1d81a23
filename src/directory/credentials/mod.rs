//! The credential of a directory: encrypted in the directory file, and in a mirror file if a cluster needs one.
//!
//! [`CredentialStore`] implements [`TokenStore`]. Every secret on the disk is encrypted (`sealing`), with a key from
//! the host or from `key_file`; `reseal` changes the key. Of two copies that the key decrypts (`row`, `mirror`), the
//! one with the greater sequence number is valid. A saved credential survives a power cut; a wipe leaves no byte.
//!
//! `pending` stores begun sign-ins; `hook_secret`, `hook_secret_store` and `shared_verifiers` store the hook's secret.

#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzed;
pub mod hook_secret;
mod hook_secret_store;
mod key_file;
mod mirror;
mod pending;
mod reseal;
mod row;
mod sealing;
pub mod shared_verifiers;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use self::key_file::{KeyFile, Keys};
use self::mirror::Mirror;
use self::reseal::reseal;
pub use self::sealing::{SEALING_KEY_LENGTH, SealingKey};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::Directory;
use crate::model::{Identity, PendingAuthorization, StoredCredential, TokenStatus, TokenStore};
use crate::secret::Secret;

/// Where the credential of one directory is kept. It may be used from any thread.
pub struct CredentialStore {
    directory: Arc<Directory>,
    key_file: KeyFile,
    /// Held while the credential is read or written, so that the directory file and the mirror change together.
    state: Mutex<State>,
}

struct State {
    /// The key in force, once it is known.
    key: Option<SealingKey>,
    /// Whether the host holds the key. If not, the key is in the key file.
    key_of_host: bool,
    mirror: Option<PathBuf>,
}

impl CredentialStore {
    /// The store of this directory. If `key` is none, the key file beside the directory is used.
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

    /// From now on the credential is also written to this file. An empty path ends that.
    pub fn set_mirror(&self, path: &str) {
        self.state().mirror = (!path.is_empty()).then(|| PathBuf::from(path));
    }

    /// Whether a mirror may be at this path: the path must be free or hold a mirror file.
    pub fn check_mirror(path: &str) -> std::io::Result<()> {
        mirror::require_replaceable(Path::new(path))
    }

    /// The status that an administrator may see. A missing key is not an error here; the status reports it.
    pub fn status(&self, now: UnixMillis) -> Result<TokenStatus> {
        match self.load() {
            Ok(credential) => {
                let mut status = credential.map_or_else(TokenStatus::none, |found| found.status(now));
                if status.problem == 0 && self.mirror_is_unreadable() {
                    status.problem = ErrorCode::MirrorFailed.number();
                }
                Ok(status)
            }
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

    /// The org of the credential; none if there is no connection. This needs no key.
    pub fn org_url(&self) -> Result<Option<String>> {
        let row = self.directory.read(row::get)?.map(|row| row.without_secrets());
        Ok(connected(row).map(|known| known.org_url))
    }

    /// Stores a sign-in that waits for Okta's answer.
    pub fn add_pending(&self, pending: &PendingAuthorization) -> Result<()> {
        let mut state = self.state();
        let key = self.key_for_sealing(&mut state)?;
        self.directory
            .write_durably(|tx| pending::add(tx, pending, &key, UnixMillis::now()))
    }

    /// Removes and returns the sign-in with this `state`. None if the state is unknown, has expired or was used
    /// already.
    pub fn take_pending(&self, given: &Secret) -> Result<Option<PendingAuthorization>> {
        let mut state = self.state();
        let Some(key) = self.key_for_opening(&mut state)? else {
            return Ok(None);
        };
        self.directory
            .write_durably(|tx| pending::take(tx, given, &key, UnixMillis::now()))
    }

    /// Encrypts every secret again in one transaction: with `new` if the host supplies a key, else with a new key in
    /// the key file.
    pub fn rekey(&self, new: Option<SealingKey>) -> Result<()> {
        let mut state = self.state();
        let old = self.key_for_opening(&mut state)?;
        let key_of_host = new.is_some();
        let key = match new {
            Some(key) => key,
            None => {
                let key = SealingKey::random()?;
                self.key_file.prepare(&key)?;
                key
            }
        };
        let sequence = self.next_sequence(&mut state)?;
        let resealed = self
            .directory
            .write_durably(|tx| reseal(tx, old.as_ref(), &key, sequence))?;
        // The new key is in force from here on. If renaming the key file fails, the next opening finds the prepared
        // key.
        state.key = Some(key.clone());
        state.key_of_host = key_of_host;
        match key_of_host {
            true => self.key_file.remove()?,
            false => self.key_file.commit()?,
        }
        if let (Some(path), Some(credential)) = (&state.mirror, &resealed) {
            self.write_mirror(path, credential, &key)?;
        }
        self.directory.cut_log()
    }

    /// Erases the credential here and in the mirror, all waiting sign-ins and the key file. This needs no key and sends
    /// no request.
    pub fn wipe(&self) -> Result<()> {
        let mut state = self.state();
        let mut nothing = StoredCredential::new("", Identity::None);
        nothing.sequence = self.next_sequence(&mut state)?;
        let no_key = SealingKey::from_bytes(&[0; SEALING_KEY_LENGTH])?;
        // The key is needed only to write the mirror; erasing works without it.
        let known = self.key_for_opening(&mut state).ok().flatten();
        self.directory.write_durably(|tx| {
            pending::clear(tx)?;
            row::set(tx, &nothing, &no_key)
        })?;
        // Every step is done even if an earlier one fails.
        let cut = self.directory.cut_log();
        let told = match &state.mirror {
            Some(path) => self.write_mirror(path, &nothing, &known.unwrap_or(no_key)),
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
        let mirrored = match self.mirrored(state, own)? {
            Mirrored::Trusted(newer) if newer.sequence > own => {
                return self.adopt(state, *newer).map(Some).map(connected);
            }
            older => older,
        };
        let Some(row) = row else {
            return mirrored.without_own_row();
        };
        if row.without_secrets().identity == Identity::None {
            return Ok(None);
        }
        let key = self
            .key_for_opening(state)?
            .ok_or_else(|| Error::about(ErrorCode::SealingKeyWrong, "the key file is missing"))?;
        let credential = row.open(&key)?;
        let behind = mirrored.is_behind(own) && !self.directory.is_read_only();
        if let Some(path) = state.mirror.as_ref().filter(|_| behind) {
            self.write_mirror(path, &credential, &key)?;
        }
        Ok(connected(Some(credential)))
    }

    /// Compares the mirror with our own row, which has this sequence number.
    fn mirrored(&self, state: &mut State, own: u64) -> Result<Mirrored> {
        let sealed = match state.mirror.as_deref().map(Mirror::read).transpose()? {
            None | Some(Mirror::Nothing) => return Ok(Mirrored::Nothing),
            Some(Mirror::Unreadable) => return Ok(Mirrored::Unreadable),
            Some(Mirror::Sealed(sealed)) => sealed,
        };
        let key = self.key_for_opening(state)?;
        match key.map(|key| sealed.open(&key)) {
            Some(Ok(credential)) => Ok(Mirrored::Trusted(Box::new(credential))),
            // Another node encrypted it with a key that this node does not have, and its token may be newer. Using our
            // older token could end the sign-in for all nodes.
            Some(Err(error)) if error.code() == ErrorCode::SealingKeyWrong => {
                match sealed.claims_more_than(own) {
                    true => Err(error),
                    false => Ok(Mirrored::Nothing),
                }
            }
            Some(Err(_)) => Ok(Mirrored::Damaged),
            None if sealed.claims_more_than(own) => Err(Error::about(
                ErrorCode::SealingKeyWrong,
                "the mirrored credential",
            )),
            None => Ok(Mirrored::Nothing),
        }
    }

    fn adopt(&self, state: &mut State, newer: StoredCredential) -> Result<StoredCredential> {
        let key = self.key_for_sealing(state)?;
        if !self.directory.is_read_only() {
            self.directory.write_durably(|tx| row::set(tx, &newer, &key))?;
        }
        Ok(newer)
    }

    fn write(&self, state: &mut State, credential: &mut StoredCredential) -> Result<()> {
        let key = self.key_for_sealing(state)?;
        credential.sequence = self.next_sequence(state)?;
        // The mirror is written first: after a crash, the next opening takes the credential from it. If this fails, the
        // directory still stores the token, because it may be the only copy of a rotated one.
        let mirrored = match &state.mirror {
            Some(path) => self.write_mirror(path, credential, &key),
            None => Ok(()),
        };
        self.directory
            .write_durably(|tx| row::set(tx, credential, &key))?;
        mirrored
    }

    fn write_mirror(&self, path: &Path, credential: &StoredCredential, key: &SealingKey) -> Result<()> {
        mirror::write(path, self.directory.path(), credential, key)
    }

    /// Whether the file at the mirror's path is not one of ours.
    fn mirror_is_unreadable(&self) -> bool {
        let state = self.state();
        let read = state.mirror.as_deref().map(Mirror::read);
        matches!(read, Some(Ok(Mirror::Unreadable)))
    }

    /// One more than the greatest sequence number of all copies that can be decrypted. A damaged or unreadable mirror
    /// must not prevent erasing or replacing a credential.
    fn next_sequence(&self, state: &mut State) -> Result<u64> {
        let own = self.directory.read(row::get)?.map_or(0, |row| row.sequence);
        let mirrored = match self.mirrored(state, own) {
            Ok(Mirrored::Trusted(credential)) => credential.sequence,
            Ok(Mirrored::Nothing | Mirrored::Damaged | Mirrored::Unreadable) | Err(_) => 0,
        };
        Ok(own.max(mirrored).saturating_add(1))
    }

    /// The key that decrypts what is stored, if there are several keys.
    fn key_for_opening(&self, state: &mut State) -> Result<Option<SealingKey>> {
        if state.key.is_none() {
            let Keys { in_force, next } = self.key_file.read()?;
            let is_used =
                |key: &SealingKey, sealed_under: &Option<Vec<u8>>| sealed_under.as_ref() == Some(&key.name());
            let sealed_under = self.directory.read(sealed_under)?;
            // A crash happened before this key was put into force. Either something is encrypted with it already, or
            // there is no other key.
            let promoted = next.filter(|next| in_force.is_none() || is_used(next, &sealed_under));
            if promoted.is_some() && !self.directory.is_read_only() {
                self.key_file.commit()?;
            }
            state.key = promoted.or(in_force);
        }
        Ok(state.key.clone())
    }

    /// The key to encrypt with. A new one is made if there is none.
    fn key_for_sealing(&self, state: &mut State) -> Result<SealingKey> {
        if let Some(key) = self.key_for_opening(state)? {
            return Ok(key);
        }
        let key = SealingKey::random()?;
        self.key_file.prepare(&key)?;
        self.key_file.commit()?;
        state.key = Some(key.clone());
        Ok(key)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Safe after a panic: each field of the state is replaced as a whole, and only after the files are written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenStore for CredentialStore {
    fn load(&self) -> Result<Option<StoredCredential>> {
        self.load_locked(&mut self.state())
    }

    fn save(&self, credential: &mut StoredCredential) -> Result<()> {
        let mut state = self.state();
        if self.next_sequence(&mut state)? != credential.sequence.saturating_add(1) {
            return Err(Error::about(
                ErrorCode::Busy,
                "the connection was changed meanwhile",
            ));
        }
        match self.write(&mut state, credential) {
            // A foreign file at the mirror's path does not prevent a renewal; the status reports it.
            Err(error) if error.code() == ErrorCode::MirrorFailed => {
                let read = state.mirror.as_deref().map(Mirror::read);
                match read {
                    Some(Ok(Mirror::Unreadable)) => Ok(()),
                    Some(_) | None => Err(error),
                }
            }
            written => written,
        }
    }

    fn replace(&self, credential: &mut StoredCredential) -> Result<()> {
        self.write(&mut self.state(), credential)
    }
}

/// The result of comparing the mirror with our own row.
enum Mirrored {
    /// There is no mirror, or it is older and encrypted with another key.
    Nothing,
    /// The key decrypted it.
    Trusted(Box<StoredCredential>),
    /// It names our key, but the key does not decrypt it.
    Damaged,
    /// The file is not one of ours.
    Unreadable,
}

impl Mirrored {
    /// Whether our own row, which has this sequence number, should replace the mirror.
    fn is_behind(&self, own: u64) -> bool {
        match self {
            Mirrored::Nothing | Mirrored::Damaged => true,
            Mirrored::Trusted(credential) => credential.sequence < own,
            Mirrored::Unreadable => false,
        }
    }

    /// The credential to use if the directory has none of its own.
    fn without_own_row(self) -> Result<Option<StoredCredential>> {
        let context = "the mirrored credential";
        match self {
            Mirrored::Nothing | Mirrored::Trusted(_) => Ok(None),
            Mirrored::Damaged => Err(Error::new(ErrorCode::CredentialDamaged).context(context)),
            Mirrored::Unreadable => Err(Error::about(
                ErrorCode::MirrorFailed,
                "the file is not a mirrored credential",
            )),
        }
    }
}

/// The name of the key that encrypted the credential. Without a credential: the key of the newest waiting sign-in.
fn sealed_under(conn: &Connection) -> Result<Option<Vec<u8>>> {
    let row = row::get(conn)?.filter(|row| row.without_secrets().identity != Identity::None);
    match row {
        Some(row) => Ok(Some(row.sealing_key)),
        None => pending::name_of_key(conn),
    }
}

fn connected(credential: Option<StoredCredential>) -> Option<StoredCredential> {
    credential.filter(|credential| credential.identity != Identity::None)
}
