//! Calls about the credential: connecting, sign-ins with Okta, tokens, keys, disconnecting.

use super::credential_door::NewCredential;
pub use super::credential_door::Trial;
use super::org_address::OrgAddress;
use super::runtime::CallRuntime;
use super::{Engine, lock};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::Key;
pub use crate::directory::credentials::{SEALING_KEY_LENGTH, SealingKey};
use crate::model::{AuthorizationRequest, Identity, StoredCredential, TokenStatus, TokenStore, asked_scopes};
use crate::oauth::authorization_request::{self, App, Callback};
use crate::oauth::{DpopKey, check_private_key};
use crate::okta::OrgUrl;
use crate::secret::Secret;

/// An app in which a user signs in (Okta: Web, with Authorization Code and Refresh Token).
#[derive(Clone, Debug)]
pub struct OAuthClient<'a> {
    /// The Okta URL as pasted.
    pub org_url: &'a str,
    /// The client id.
    pub client_id: &'a str,
    /// The client secret.
    pub client_secret: ClientSecret<'a>,
    /// The address that Okta sends the user back to. It must equal the one in the app's settings, letter by letter.
    pub redirect_uri: &'a str,
    /// Whether to bind the tokens to a key (RFC 9449). If the app requires it, the tokens are bound in any case.
    pub dpop: bool,
}

/// The client secret of a sign-in.
#[derive(Clone, Copy, Debug)]
pub enum ClientSecret<'a> {
    /// No secret: a public client.
    Public,
    /// This secret.
    Given(&'a Secret),
    /// The secret that is stored with the present sign-in. It is used only for the same org and client; a stored
    /// secret is sent nowhere else.
    Stored,
}

/// A service app (Okta: API Services, public key / private key).
#[derive(Clone, Debug)]
pub struct ServiceApp<'a> {
    /// The Okta URL as pasted.
    pub org_url: &'a str,
    /// The client id.
    pub client_id: &'a str,
    /// The private key: RSA or EC P-256, in PEM, not encrypted. If it is empty, the last key of
    /// [`Engine::make_service_key`] is used, or else the key that is stored for this same app.
    pub private_key_pem: &'a Secret,
    /// The id of the public key in Okta; empty if the app has only one key.
    pub key_id: &'a str,
    /// Whether to bind the tokens to a key (RFC 9449). If the app requires it, the tokens are bound in any case.
    pub dpop: bool,
}

impl Engine {
    /// Connects with an API token. If it would replace another credential, Okta must first accept it; otherwise the
    /// other credential stays in force (see [`Trial`]). The token is encrypted and stored, so an engine that opens
    /// this directory later is connected.
    ///
    /// `org_url` may be the org URL, an issuer URI or the admin console's address, as pasted.
    pub fn connect(&self, org_url: &str, api_token: &str) -> Result<()> {
        self.connect_with(org_url, api_token, Trial::default())
    }

    /// As [`Engine::connect`]; `trial` says when the token is tried.
    pub fn connect_with(&self, org_url: &str, api_token: &str, trial: Trial) -> Result<()> {
        let _open = self.enter()?;
        self.install(self.api_token_candidate(org_url, api_token)?, trial)
    }

    /// Connects with a service app. The key is checked. If the app would replace another credential, Okta must
    /// first accept it.
    pub fn connect_service_app(&self, app: &ServiceApp<'_>) -> Result<()> {
        self.connect_service_app_with(app, Trial::default())
    }

    /// As [`Engine::connect_service_app`]; `trial` says when the app is tried.
    pub fn connect_service_app_with(&self, app: &ServiceApp<'_>, trial: Trial) -> Result<()> {
        let _open = self.enter()?;
        self.install(self.service_app_candidate(app)?, trial)?;
        if app.private_key_pem.expose().is_empty() {
            self.forget_made_key();
        }
        Ok(())
    }

    /// Begins a sign-in. The user opens the returned URL, and Okta sends the user back to the redirect URI. The
    /// query of that address goes to [`Engine::complete_authorization`]. This call sends no request. The sign-in
    /// survives a restart and expires (`oauth.authorization_lifetime_seconds`).
    pub fn begin_authorization(&self, client: &OAuthClient<'_>) -> Result<AuthorizationRequest> {
        let _open = self.enter()?;
        let (org, _) = self.org(client.org_url)?;
        let client_id = client_id(client.client_id)?;
        let client_secret = self.client_secret(client.client_secret, &org, &client_id)?;
        let app = App {
            org_url: org.base(),
            client_id: &client_id,
            client_secret: client_secret.as_ref(),
            redirect_uri: client.redirect_uri,
            dpop: client.dpop,
        };
        let settings = self.snapshot();
        let lifetime = settings.seconds(Key::OauthAuthorizationLifetime);
        let (request, pending) = authorization_request::begin(&app, &asked_scopes(&settings), lifetime)?;
        self.credentials.add_pending(&pending)?;
        Ok(request)
    }

    /// The client secret to use.
    pub(super) fn client_secret(
        &self,
        secret: ClientSecret<'_>,
        org: &OrgUrl,
        client_id: &str,
    ) -> Result<Option<Secret>> {
        match secret {
            ClientSecret::Public => Ok(None),
            ClientSecret::Given(secret) => Secret::pasted(secret.expose(), "client secret").map(Some),
            ClientSecret::Stored => self.stored_secret(org, client_id),
        }
    }

    /// The client secret of the present sign-in, if that belongs to this client of this org.
    fn stored_secret(&self, org: &OrgUrl, client_id: &str) -> Result<Option<Secret>> {
        let stored = self
            .credentials
            .load()?
            .filter(|stored| stored.org_url == org.base());
        match stored.map(|stored| stored.identity) {
            Some(Identity::App {
                client_id: known,
                client_secret,
                ..
            }) if known == client_id => Ok(client_secret),
            _ => Err(Error::with_message(
                ErrorCode::InvalidArgument,
                "No client secret is stored for this Okta URL and client ID; enter the client secret.",
            )),
        }
    }

    /// Completes a sign-in with Okta's answer, which is the whole callback URL or only its query. Then the engine
    /// is connected. An answer is accepted only once.
    pub fn complete_authorization(&self, callback: &str) -> Result<TokenStatus> {
        let _open = self.enter()?;
        let callback = Callback::parse(callback)?;
        let pending = self.credentials.take_pending(&callback.state)?;
        let pending = pending.ok_or_else(|| Error::new(ErrorCode::AuthorizationUnknown))?;
        let runtime = CallRuntime::new()?;
        let source = self.token_source(&runtime)?;
        let credential = runtime.get().block_on(async {
            // Neither the code nor the client secret goes to a host that has not proved to be an Okta org.
            let organization = self.check_host(&self.stranger(&pending.org_url)?).await?;
            let code = callback.code(&pending, &organization.alternates)?;
            source.complete(pending, code).await
        })?;
        *lock(&self.org_address) = Some(OrgAddress::of(&credential)?);
        Ok(credential.status(UnixMillis::now()))
    }

    /// Renews the access token now, unless another call has just done it.
    pub fn refresh_token(&self) -> Result<TokenStatus> {
        self.refresh_token_unless_newer(UnixMillis::now())
    }

    /// Renews the access token unless it was obtained at `since` or later, for instance by another process while
    /// this one waited for the directory.
    pub fn refresh_token_unless_newer(&self, since: UnixMillis) -> Result<TokenStatus> {
        let _open = self.enter()?;
        self.tokens.load()?;
        let runtime = CallRuntime::new()?;
        let source = self.token_source(&runtime)?;
        let credential = runtime.get().block_on(source.refresh(since))?;
        Ok(credential.status(UnixMillis::now()))
    }

    /// The kind of the credential and how long it is valid. Sends no request.
    pub fn token_status(&self) -> Result<TokenStatus> {
        let _open = self.enter()?;
        self.credentials.status(UnixMillis::now())
    }

    /// Revokes the tokens at Okta, then erases the credential and everything that belongs to it. If Okta cannot be
    /// reached, the credential is erased all the same, and [`ErrorCode::NotRevoked`] says so. An API token is not
    /// revoked, because it may be in use elsewhere.
    pub fn disconnect(&self) -> Result<()> {
        let _open = self.enter()?;
        let (revoked, wiped) = self.erase()?;
        wiped?;
        self.log.info("disconnected; the credential was erased");
        match revoked {
            Ok(()) => Ok(()),
            Err(cause) => {
                self.log.warn(format!("the tokens were not revoked: {cause}"));
                Err(Error::new(ErrorCode::NotRevoked))
            }
        }
    }

    /// Encrypts every secret again in one transaction: under a new key of the host, or with `None` under a new key
    /// in the key file.
    pub fn rekey(&self, new_key: Option<SealingKey>) -> Result<()> {
        let _open = self.enter()?;
        self.between_renewals(|| self.credentials.rekey(new_key))?;
        self.log.info("the credential was sealed under a new key");
        Ok(())
    }

    /// Makes a credential from an API token; nothing is stored.
    pub(super) fn api_token_candidate(&self, org_url: &str, api_token: &str) -> Result<NewCredential> {
        let (org, note) = self.org(org_url)?;
        let identity = Identity::ApiToken(Secret::pasted(api_token, "API token")?);
        let credential = StoredCredential::new(org.base(), identity);
        let address = OrgAddress { org, note };
        Ok(NewCredential { credential, address })
    }

    /// Makes a credential from a service app; nothing is stored.
    pub(super) fn service_app_candidate(&self, app: &ServiceApp<'_>) -> Result<NewCredential> {
        let (org, note) = self.org(app.org_url)?;
        let client_id = client_id(app.client_id)?;
        let private_key = match app.private_key_pem.expose().is_empty() {
            true => self.kept_service_key(&org, &client_id)?,
            false => app.private_key_pem.clone(),
        };
        check_private_key(&private_key)?;
        let identity = Identity::ServiceApp {
            client_id,
            private_key,
            key_id: app.key_id.trim().to_owned(),
        };
        let mut credential = StoredCredential::new(org.base(), identity);
        if app.dpop {
            credential.dpop_key = Some(DpopKey::generate()?);
        }
        let address = OrgAddress { org, note };
        Ok(NewCredential { credential, address })
    }
}

pub(super) fn client_id(text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::about(ErrorCode::InvalidArgument, "the client id"));
    }
    Ok(text.to_owned())
}
