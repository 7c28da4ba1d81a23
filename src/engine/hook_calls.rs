//! The local side of the event hook: its secrets.

use super::Engine;
use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::credentials::hook_secret::hook_secret_digests;
use crate::hex::hex;
use crate::secret::Secret;

impl Engine {
    /// The secret that deliveries must carry. It is made if there is none. An administrator needs it to make the
    /// hook in Okta by hand.
    pub fn hook_secret(&self) -> Result<Secret> {
        let _open = self.enter()?;
        match self.credentials.hook_secret()? {
            Some(secret) => Ok(secret),
            None => self.new_hook_secret(),
        }
    }

    /// Makes a new secret. The old one is accepted for one more day, so that no delivery is lost until the hook
    /// sends the new one.
    pub fn renew_hook_secret(&self) -> Result<Secret> {
        let _open = self.enter()?;
        let secret = self.new_hook_secret()?;
        self.log
            .info("the event hook has a new secret; the old one is accepted for one more day");
        Ok(secret)
    }

    /// The SHA-256 digests, in hexadecimal digits, of all secrets that a delivery may carry now. A server that
    /// limits its requests can use them to let through the requests with one of these secrets. Sends no request.
    pub fn hook_secret_digests(&self) -> Result<Vec<String>> {
        let _open = self.enter()?;
        let now = UnixMillis::now();
        let mut digests = self
            .directory
            .read_statement(|conn| hook_secret_digests(conn, now))?;
        if let Some(folder) = self.shared_folder() {
            digests.extend(folder.verifiers.digests(now));
        }
        let mut digests: Vec<String> = digests.iter().map(|digest| hex(digest)).collect();
        digests.sort_unstable();
        digests.dedup();
        Ok(digests)
    }

    /// Makes a secret. From now on every node accepts it.
    pub(super) fn new_hook_secret(&self) -> Result<Secret> {
        let secret = self.credentials.new_hook_secret(UnixMillis::now())?;
        self.tell_hook_secrets();
        Ok(secret)
    }
}
