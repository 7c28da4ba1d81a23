//! Makes the client that one call uses.

use std::sync::Arc;

use super::org_address::OrgAddress;
use super::runtime::CallRuntime;
use super::{Engine, lock};
use crate::cancel::CancelToken;
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::{Key, Settings};
use crate::http::retry::RetryPolicy;
use crate::http::{Meter, Transport};
use crate::model::{Identity, StoredCredential, asked_scopes};
use crate::oauth::{Context, TokenSource};
use crate::okta::{Credential, OktaClient, OrgProof, OrgUrl, check_reach};

impl Engine {
    /// The org of a pasted or stored URL, and what was repaired in the URL. Fails if the settings do not allow that
    /// address.
    pub(super) fn org(&self, text: &str) -> Result<(OrgUrl, Option<String>)> {
        let (org, note) = OrgUrl::parse(text)?;
        check_reach(org.url(), &self.snapshot())?;
        Ok((org, note))
    }

    /// A client for one call with the stored credential, and what was repaired in the pasted URL.
    pub(super) fn client(
        &self,
        runtime: &CallRuntime,
        cancel: CancelToken,
        meter: Meter,
    ) -> Result<(OktaClient, Option<String>)> {
        let stored = self.tokens.load()?;
        let stored = stored.ok_or_else(|| Error::new(ErrorCode::NotConnected))?;
        let address = self.address_of(&stored)?;
        let client = self.client_for(runtime, &stored, cancel, meter)?;
        if stored.status(UnixMillis::now()).sign_in_warning {
            self.log
                .warn("the sign-in with Okta ends within 14 days; connect again before it ends");
        }
        Ok((client, address.note))
    }

    /// A client with this credential; the stored one may be another.
    pub(super) fn client_for(
        &self,
        runtime: &CallRuntime,
        credential: &StoredCredential,
        cancel: CancelToken,
        meter: Meter,
    ) -> Result<OktaClient> {
        let context = self.oauth_context(runtime, &self.snapshot(), cancel.clone())?;
        let source = TokenSource::new(Arc::clone(&self.tokens), context);
        self.client_with(credential, source, cancel, meter)
    }

    /// A client with this credential. Its tokens come from `source`.
    pub(super) fn client_with(
        &self,
        credential: &StoredCredential,
        source: TokenSource,
        cancel: CancelToken,
        meter: Meter,
    ) -> Result<OktaClient> {
        let settings = self.snapshot();
        let (org, _) = self.org(&credential.org_url)?;
        let transport = source.transport();
        let credential = match &credential.identity {
            Identity::ApiToken(token) => Credential::ApiToken(token.clone()),
            Identity::None | Identity::App { .. } | Identity::ServiceApp { .. } => Credential::Tokens(source),
        };
        let log = self.log.clone();
        let client = OktaClient::new(org, credential, transport, &settings, log, cancel, meter);
        Ok(client.knowing(self.tokens.proven().clone()))
    }

    /// A client without a credential, which asks a host who it is.
    pub(super) fn stranger(&self, org_url: &str) -> Result<OktaClient> {
        let (org, _) = self.org(org_url)?;
        let (settings, cancel) = (self.snapshot(), self.cancel_token());
        let proof = self.org_proof(&settings, Transport::new(&settings, &self.tls)?, cancel);
        Ok(proof.client(org))
    }

    fn org_proof(&self, settings: &Settings, transport: Transport, cancel: CancelToken) -> OrgProof {
        OrgProof {
            transport,
            settings: settings.clone(),
            log: self.log.clone(),
            cancel,
            proven: self.tokens.proven().clone(),
        }
    }

    /// What the requests for tokens need in one call.
    pub(super) fn oauth_context(
        &self,
        runtime: &CallRuntime,
        settings: &Settings,
        cancel: CancelToken,
    ) -> Result<Context> {
        let transport = Transport::new(settings, &self.tls)?;
        let host_proof = Arc::new(self.org_proof(settings, transport.clone(), cancel.clone()));
        Ok(Context {
            transport,
            host_proof,
            policy: RetryPolicy::from_settings(settings),
            timeout: settings.seconds(Key::OauthTimeout),
            scopes: asked_scopes(settings),
            log: self.log.clone(),
            cancel,
            under_way: runtime.under_way(),
        })
    }

    /// The address of the stored credential. It is computed again if another node has changed it.
    fn address_of(&self, stored: &StoredCredential) -> Result<OrgAddress> {
        let mut known = lock(&self.org_address);
        match known.as_ref().filter(|known| known.org.base() == stored.org_url) {
            Some(address) => Ok(address.clone()),
            None => Ok(known.insert(OrgAddress::of(stored)?).clone()),
        }
    }
}
