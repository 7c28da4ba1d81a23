//! The key of a service app. It is made here, so that its private part never leaves this machine, or the caller
//! gives it.

use super::{Engine, lock};
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::model::{Identity, TokenStore};
use crate::oauth::{make_private_key, public_jwk};
use crate::okta::OrgUrl;
use crate::secret::Secret;

impl Engine {
    /// Makes a key for a service app and returns its public part as a JWK, which must be added to the app in Okta.
    /// The private part stays in memory until the app is connected with it ([`super::ServiceApp`]), another key is
    /// made, or the engine is closed.
    pub fn make_service_key(&self) -> Result<String> {
        let _open = self.enter()?;
        let made = make_private_key()?;
        let public = public_jwk(&made)?;
        *lock(&self.made_key) = Some(made);
        Ok(public)
    }

    /// The public part of a private key in PEM, as a JWK.
    pub fn public_service_key(&self, private_key_pem: &Secret) -> Result<String> {
        let _open = self.enter()?;
        public_jwk(private_key_pem)
    }

    /// The private key for a service app that is connected without giving one. It is used for signing and never
    /// leaves the engine.
    pub(super) fn kept_service_key(&self, org: &OrgUrl, client_id: &str) -> Result<Secret> {
        if let Some(made) = lock(&self.made_key).clone() {
            return Ok(made);
        }
        let stored = self.credentials.load()?;
        let of_org = stored.filter(|stored| stored.org_url == org.base());
        match of_org.map(|stored| stored.identity) {
            Some(Identity::ServiceApp {
                client_id: known,
                private_key,
                ..
            }) if known == client_id => Ok(private_key),
            _ => Err(Error::with_message(
                ErrorCode::InvalidArgument,
                "No private key is stored for this Okta URL and client ID, and none was made; make a key, or enter one.",
            )),
        }
    }

    /// Forgets the key that was made last, because it is in force now.
    pub(super) fn forget_made_key(&self) {
        *lock(&self.made_key) = None;
    }
}
