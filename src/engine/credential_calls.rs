//! Connecting, and what belongs to it: sign-ins with Okta, tokens, keys, disconnecting.

use super::connection::Connection;
use super::{Engine, lock};
use crate::clock::UnixMillis;
pub use crate::directory::credentials::{SEALING_KEY_LENGTH, SealingKey};
use crate::error::{Error, Result};
use crate::model::{AuthorizationRequest, Identity, StoredCredential, TokenStatus, TokenStore};
use crate::okta::OrgUrl;
use crate::secret::Secret;

/// An app in which a user signs in (Okta: Web, with Authorization Code and Refresh Token).
#[derive(Clone, Debug)]
pub struct OAuthClient<'a> {
    /// The Okta URL as pasted.
    pub org_url: &'a str,
    /// The client id.
    pub client_id: &'a str,
    /// The client secret; none for a public client.
    pub client_secret: Option<&'a Secret>,
    /// Where Okta sends the user back to; registered with the app, letter by letter.
    pub redirect_uri: &'a str,
    /// Bind the tokens to a key (RFC 9449). An app that demands it gets it in any case.
    pub dpop: bool,
}

/// A service app (Okta: API Services, public key / private key).
#[derive(Clone, Debug)]
pub struct ServiceApp<'a> {
    /// The Okta URL as pasted.
    pub org_url: &'a str,
    /// The client id.
    pub client_id: &'a str,
    /// The private key: RSA or EC P-256, PEM, not encrypted.
    pub private_key_pem: &'a Secret,
    /// The id of its public key in Okta; empty if the app has only one.
    pub key_id: &'a str,
    /// Bind the tokens to a key (RFC 9449). An app that demands it gets it in any case.
    pub dpop: bool,
}

impl Engine {
    /// Connects with an API token. Nothing is sent; use [`Engine::validate`] to learn whether it works.
    /// The token is kept, sealed, so that an engine opened again is connected again.
    ///
    /// `org_url` may be the org URL, an issuer URI or the admin console's address, as pasted.
    pub fn connect(&self, org_url: &str, api_token: &str) -> Result<()> {
        let _open = self.enter()?;
        let (org, note) = OrgUrl::parse(org_url)?;
        let identity = Identity::ApiToken(Secret::credential(api_token)?);
        self.keep(StoredCredential::new(org.base(), identity))?;
        *lock(&self.connection) = Some(Connection { org, note });
        Ok(())
    }

    /// Connects with a service app. The key is checked; nothing is sent.
    pub fn connect_service_app(&self, app: &ServiceApp<'_>) -> Result<()> {
        let _open = self.enter()?;
        let _ = app;
        Err(Error::internal("not yet"))
    }

    /// Begins a sign-in: the user opens the URL, and Okta sends them back to the redirect URI, whose
    /// query goes to [`Engine::complete_authorization`]. Nothing is sent by this call. The request
    /// survives a restart and expires (`oauth.authorization_lifetime_seconds`).
    pub fn begin_authorization(&self, client: &OAuthClient<'_>) -> Result<AuthorizationRequest> {
        let _open = self.enter()?;
        let _ = client;
        Err(Error::internal("not yet"))
    }

    /// Completes a sign-in with what Okta sent the user back with: the whole callback URL or its
    /// query. From then on the engine is connected. An answer is accepted once.
    pub fn complete_authorization(&self, callback: &str) -> Result<TokenStatus> {
        let _open = self.enter()?;
        let _ = callback;
        Err(Error::internal("not yet"))
    }

    /// Renews the access token now, unless another call has just done it.
    pub fn refresh_token(&self) -> Result<TokenStatus> {
        self.refresh_token_unless_newer(UnixMillis::now())
    }

    /// Renews the access token unless it was obtained after `since`, for instance by another process
    /// while this one waited for the directory.
    pub fn refresh_token_unless_newer(&self, since: UnixMillis) -> Result<TokenStatus> {
        let _open = self.enter()?;
        let _ = since;
        Err(Error::internal("not yet"))
    }

    /// What Okta is asked with and how long it will do. Asks nobody.
    pub fn token_status(&self) -> Result<TokenStatus> {
        let _open = self.enter()?;
        self.credentials.status(UnixMillis::now())
    }

    /// Revokes the tokens at Okta and erases the credential with everything that belongs to it. If Okta
    /// cannot be told, it is erased all the same and [`ErrorCode::NotRevoked`] says so. An API token
    /// is not revoked: it may be used elsewhere.
    ///
    /// [`ErrorCode::NotRevoked`]: crate::error::ErrorCode::NotRevoked
    pub fn disconnect(&self) -> Result<()> {
        let _open = self.enter()?;
        self.credentials.wipe()?;
        *lock(&self.connection) = None;
        Ok(())
    }

    /// Seals every secret anew in one transaction: under a key of the host, or with `None` under a new
    /// key in the key file.
    pub fn rekey(&self, new_key: Option<SealingKey>) -> Result<()> {
        let _open = self.enter()?;
        self.credentials.rekey(new_key)?;
        self.log.info("the credential was sealed under a new key");
        Ok(())
    }

    /// Keeps a credential; the same one again is not written again.
    fn keep(&self, mut credential: StoredCredential) -> Result<()> {
        let present = self.credentials.load().ok().flatten();
        let same = |known: &StoredCredential| {
            (&known.org_url, &known.identity, known.problem)
                == (&credential.org_url, &credential.identity, credential.problem)
        };
        if present.as_ref().is_some_and(same) {
            return Ok(());
        }
        self.credentials.save(&mut credential)
    }
}
