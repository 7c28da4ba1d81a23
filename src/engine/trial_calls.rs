//! Validates a credential that was entered and is not stored. The credential in force stays, whatever the report
//! says.

use std::sync::{Arc, Mutex};

use super::credential_calls::{OAuthClient, ServiceApp, client_id};
use super::credential_door::NewCredential;
use super::org_address::OrgAddress;
use super::runtime::CallRuntime;
use super::{Engine, lock};
use crate::contract::errors::Result;
use crate::http::Meter;
use crate::model::{Identity, StoredCredential, TokenStore, ValidationReport};
use crate::oauth::{SharedTokens, TokenSource};
use crate::okta::probe;

impl Engine {
    /// Validates an API token without storing it: the credential in force stays, whatever the report says.
    pub fn validate_token(&self, org_url: &str, api_token: &str) -> Result<ValidationReport> {
        let _open = self.enter()?;
        self.validate_candidate(self.api_token_candidate(org_url, api_token)?)
    }

    /// Validates a service app without storing it. The app gets an access token, which is dropped afterwards.
    pub fn validate_service_app(&self, app: &ServiceApp<'_>) -> Result<ValidationReport> {
        let _open = self.enter()?;
        self.validate_candidate(self.service_app_candidate(app)?)
    }

    /// Validates an app before anybody has signed in with it: whether the host is an Okta org, and whether the org
    /// accepts client id and secret. What the app may do shows only after a sign-in, so those checks are not made,
    /// and the report is never `usable`.
    pub fn validate_client(&self, client: &OAuthClient<'_>) -> Result<ValidationReport> {
        let _open = self.enter()?;
        let (org, note) = self.org(client.org_url)?;
        let client_id = client_id(client.client_id)?;
        let identity = Identity::App {
            client_secret: self.client_secret(client.client_secret, &org, &client_id)?,
            client_id,
            redirect_uri: client.redirect_uri.to_owned(),
        };
        let credential = StoredCredential::new(org.base(), identity);
        let on_trial = OnTrial::of(credential.clone());
        let stranger = self.stranger(&credential.org_url)?;
        let runtime = CallRuntime::new()?;
        let source = self.source_of(&runtime, &on_trial)?;
        let (settings, note) = (self.snapshot(), note.as_deref());
        runtime.get().block_on(probe::validate_app(
            stranger,
            &*on_trial,
            note,
            &settings,
            source.knows(&credential),
        ))
    }

    fn validate_candidate(&self, candidate: NewCredential) -> Result<ValidationReport> {
        let NewCredential { credential, address } = candidate;
        let OrgAddress { note, .. } = address;
        let runtime = CallRuntime::new()?;
        let on_trial = OnTrial::of(credential.clone());
        let source = self.source_of(&runtime, &on_trial)?;
        let (cancel, meter) = (self.cancel_token(), Meter::default());
        let client = self.client_with(&credential, source, cancel, meter)?;
        let (settings, note) = (self.snapshot(), note.as_deref());
        let report = probe::validate(client, &*on_trial, note, &settings);
        runtime.get().block_on(report)
    }

    /// A token source for the tried credential, separate from the one in force.
    fn source_of(&self, runtime: &CallRuntime, on_trial: &Arc<OnTrial>) -> Result<TokenSource> {
        let tokens = SharedTokens::new(Arc::clone(on_trial) as Arc<dyn TokenStore>);
        tokens.load()?;
        let mut context = self.oauth_context(runtime, &self.snapshot(), self.cancel_token())?;
        context.policy = context.policy.brief();
        Ok(TokenSource::new(Arc::new(tokens), context))
    }
}

/// A credential that is only tried. Its tokens stay in memory and are dropped with it.
struct OnTrial(Mutex<StoredCredential>);

impl OnTrial {
    fn of(credential: StoredCredential) -> Arc<OnTrial> {
        Arc::new(OnTrial(Mutex::new(credential)))
    }
}

impl TokenStore for OnTrial {
    fn load(&self) -> Result<Option<StoredCredential>> {
        Ok(Some(lock(&self.0).clone()))
    }

    fn save(&self, credential: &mut StoredCredential) -> Result<()> {
        credential.sequence += 1;
        lock(&self.0).clone_from(credential);
        Ok(())
    }

    fn replace(&self, credential: &mut StoredCredential) -> Result<()> {
        self.save(credential)
    }
}
