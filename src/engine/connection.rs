//! The org that the engine is connected to, and the client made for one call.

use std::sync::Arc;

use super::runtime::CallRuntime;
use super::{Engine, lock};
use crate::cancel::CancelToken;
use crate::clock::UnixMillis;
use crate::config::{Key, Settings};
use crate::error::{Error, ErrorCode, Result};
use crate::http::retry::RetryPolicy;
use crate::http::{Meter, Transport};
use crate::model::{Identity, StoredCredential, asked_scopes};
use crate::oauth::{Context, TokenSource};
use crate::okta::{Credential, OktaClient, OrgUrl};

/// A checked org URL.
#[derive(Clone)]
pub struct Connection {
    /// The org.
    pub org: OrgUrl,
    /// What was repaired in the URL as pasted; none for an engine that was opened again.
    pub note: Option<String>,
}

impl Connection {
    /// The connection that a stored credential belongs to.
    pub fn of(credential: &StoredCredential) -> Result<Connection> {
        let (org, note) = OrgUrl::parse(&credential.org_url)?;
        Ok(Connection { org, note })
    }
}

impl Engine {
    /// A client for one call, and what was repaired in the URL as pasted.
    pub(super) fn client(
        &self,
        runtime: &CallRuntime,
        cancel: CancelToken,
        meter: Meter,
    ) -> Result<(OktaClient, Option<String>)> {
        let stored = self.tokens.load()?;
        let stored = stored.ok_or_else(|| Error::new(ErrorCode::NotConnected))?;
        let connection = self.connection_of(&stored)?;
        if stored.status(UnixMillis::now()).sign_in_warning {
            self.log
                .warn("the sign-in with Okta ends within 14 days; connect again before");
        }
        let settings = self.snapshot();
        let context = self.oauth_context(runtime, &settings, cancel.clone())?;
        let transport = context.transport.clone();
        let credential = match stored.identity {
            Identity::ApiToken(token) => Credential::ApiToken(token),
            Identity::None | Identity::App { .. } | Identity::ServiceApp { .. } => {
                Credential::Tokens(TokenSource::new(Arc::clone(&self.tokens), context))
            }
        };
        let client = OktaClient::new(
            connection.org,
            credential,
            transport,
            &settings,
            self.log.clone(),
            cancel,
            meter,
        );
        Ok((client, connection.note))
    }

    /// What one call brings along when it asks for tokens.
    pub(super) fn oauth_context(
        &self,
        runtime: &CallRuntime,
        settings: &Settings,
        cancel: CancelToken,
    ) -> Result<Context> {
        Ok(Context {
            transport: Transport::new(settings, &self.tls)?,
            policy: RetryPolicy::from_settings(settings),
            timeout: settings.seconds(Key::OauthTimeout),
            scopes: asked_scopes(settings),
            log: self.log.clone(),
            cancel,
            under_way: runtime.under_way(),
        })
    }

    /// The connection of the stored credential, which another node may have changed.
    fn connection_of(&self, stored: &StoredCredential) -> Result<Connection> {
        let mut known = lock(&self.connection);
        match known.as_ref().filter(|known| known.org.base() == stored.org_url) {
            Some(connection) => Ok(connection.clone()),
            None => Ok(known.insert(Connection::of(stored)?).clone()),
        }
    }
}
