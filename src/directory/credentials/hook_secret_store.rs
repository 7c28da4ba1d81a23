//! The functions of the credential store for the event hook's secret. They supply the key.

use super::{CredentialStore, hook_secret};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::secret::Secret;

impl CredentialStore {
    /// The secret that deliveries of the event hook carry; none if no secret was made yet.
    pub fn hook_secret(&self) -> Result<Option<Secret>> {
        let mut state = self.state();
        let Some((sealed, name)) = self.directory.read(hook_secret::present)? else {
            return Ok(None);
        };
        let key = self.key_for_opening(&mut state)?.filter(|key| key.name() == name);
        let key =
            key.ok_or_else(|| Error::about(ErrorCode::SealingKeyWrong, "the secret of the event hook"))?;
        hook_secret::opened(&key, &sealed).map(Some)
    }

    /// Replaces the present secret with a new one. The old one stays accepted for one more day.
    pub fn new_hook_secret(&self, now: UnixMillis) -> Result<Secret> {
        let mut state = self.state();
        let key = self.key_for_sealing(&mut state)?;
        self.directory.write_durably(|tx| hook_secret::add(tx, &key, now))
    }

    /// Makes a secret that replaces the present one as soon as Okta has it. Both are accepted until then. If an earlier
    /// call made a secret that never reached Okta, this call returns that secret again.
    pub fn propose_hook_secret(&self, now: UnixMillis) -> Result<Secret> {
        if self.directory.read(hook_secret::is_proposed)?
            && let Some(secret) = self.hook_secret()?
        {
            return Ok(secret);
        }
        let mut state = self.state();
        let key = self.key_for_sealing(&mut state)?;
        self.directory
            .write_durably(|tx| hook_secret::propose(tx, &key, now))
    }

    /// Notes that Okta has the newest secret; older ones are accepted for one more day.
    pub fn decide_hook_secret(&self, now: UnixMillis) -> Result<()> {
        self.directory.write_durably(|tx| hook_secret::decide(tx, now))
    }

    /// Deletes every secret. From then on no delivery is accepted.
    pub fn forget_hook_secrets(&self) -> Result<()> {
        self.directory.write_durably(hook_secret::clear)
    }
}
