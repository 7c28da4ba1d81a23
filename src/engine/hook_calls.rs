//! The event hook from this side: its secret, and its life at Okta.

use super::Engine;
use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::secret::Secret;

impl Engine {
    /// The secret that deliveries must carry, made if there is none: for the administrator who makes the hook in Okta
    /// by hand.
    pub fn hook_secret(&self) -> Result<Secret> {
        let _open = self.enter()?;
        match self.credentials.hook_secret()? {
            Some(secret) => Ok(secret),
            None => self.new_hook_secret(),
        }
    }

    /// Makes another secret. The one before is accepted for a day longer, so that nothing is lost until the hook
    /// carries the new one.
    pub fn renew_hook_secret(&self) -> Result<Secret> {
        let _open = self.enter()?;
        let secret = self.new_hook_secret()?;
        self.log
            .info("the event hook has a new secret; the one before is accepted for a day longer");
        Ok(secret)
    }

    /// Makes a secret, which every node accepts from now on.
    pub(super) fn new_hook_secret(&self) -> Result<Secret> {
        let secret = self.credentials.new_hook_secret(UnixMillis::now())?;
        self.tell_hook_secrets();
        Ok(secret)
    }
}
