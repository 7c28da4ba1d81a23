//! What all calls of an engine share about its tokens: the last known credential, what we remember about Okta's
//! servers, and the one lease under which tokens are renewed.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::contract::errors::{ErrorCode, Result};
use crate::model::{StoredCredential, TokenStore};
use crate::oauth::exchange::ServerMemory;
use crate::oauth::proven_hosts::ProvenHosts;

/// What all calls of an engine share about its tokens.
pub struct SharedTokens {
    pub(super) store: Arc<dyn TokenStore>,
    pub(super) current: Mutex<Option<StoredCredential>>,
    /// A credential that could not be saved. Saving it is tried again before the next request is sent.
    pub(super) unsaved: Mutex<Option<StoredCredential>>,
    lease: Arc<AsyncMutex<()>>,
    /// What we remember about the authorization server and about the API. They are separate because each has its
    /// own nonces (RFC 9449 §9).
    pub(super) server: ServerMemory,
    pub(super) api: ServerMemory,
    pub(super) introspected: Mutex<Option<Instant>>,
    proven: ProvenHosts,
}

impl SharedTokens {
    /// Tokens of this store.
    pub fn new(store: Arc<dyn TokenStore>) -> SharedTokens {
        SharedTokens {
            store,
            current: Mutex::new(None),
            unsaved: Mutex::new(None),
            lease: Arc::default(),
            server: ServerMemory::default(),
            api: ServerMemory::default(),
            introspected: Mutex::new(None),
            proven: ProvenHosts::default(),
        }
    }

    /// The hosts that secrets may go to.
    pub fn proven(&self) -> &ProvenHosts {
        &self.proven
    }

    /// Waits for the lease. A caller that renews, replaces or erases the credential must hold it.
    pub async fn turn(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.lease).lock_owned().await
    }

    /// The credential as it is in the store now.
    pub fn load(&self) -> Result<Option<StoredCredential>> {
        let credential = self.store.load()?;
        lock(&self.current).clone_from(&credential);
        Ok(credential)
    }

    /// Forgets an erased credential.
    pub fn forget(&self) {
        *lock(&self.current) = None;
        *lock(&self.unsaved) = None;
        *lock(&self.introspected) = None;
    }

    /// Saves a renewed credential. If saving fails, the credential is kept in memory and not handed out. If another
    /// credential was stored meanwhile, the renewed one is dropped.
    pub(super) fn save(&self, credential: StoredCredential) -> Result<StoredCredential> {
        let mut kept = credential.clone();
        match self.store.save(&mut kept) {
            Ok(()) => Ok(self.hand_out(kept)),
            Err(error) => {
                let is_replaced = error.code() == ErrorCode::Busy;
                *lock(&self.unsaved) = (!is_replaced).then_some(credential);
                Err(error)
            }
        }
    }

    /// The credential whose refresh token still works. A credential that could not be saved comes first.
    pub(super) fn newest(&self) -> Result<Option<StoredCredential>> {
        let unsaved = lock(&self.unsaved).clone();
        match unsaved {
            Some(credential) => Ok(Some(credential)),
            None => self.store.load(),
        }
    }

    /// Stores a credential in place of any other.
    pub(super) fn replace(&self, mut credential: StoredCredential) -> Result<StoredCredential> {
        self.store.replace(&mut credential)?;
        self.forget();
        Ok(self.hand_out(credential))
    }

    fn hand_out(&self, credential: StoredCredential) -> StoredCredential {
        *lock(&self.current) = Some(credential.clone());
        credential
    }
}

impl fmt::Debug for SharedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedTokens").finish_non_exhaustive()
    }
}

/// Locks a value that is only replaced as a whole, so a poisoned lock is safe to use.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
