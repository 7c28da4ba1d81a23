//! The org that the engine is connected to, and the client made for one call.

use crate::cancel::CancelToken;
use crate::error::{Error, ErrorCode, Result};
use crate::http::{Meter, Transport};
use crate::model::{Identity, StoredCredential, TokenStore};
use crate::okta::{Credential, OktaClient, OrgUrl};

use super::{Engine, lock};

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
    pub(super) fn client(&self, cancel: CancelToken, meter: Meter) -> Result<(OktaClient, Option<String>)> {
        let stored = self.credentials.load()?;
        let stored = stored.ok_or_else(|| Error::new(ErrorCode::NotConnected))?;
        let connection = self.connection_of(&stored)?;
        let settings = self.snapshot();
        let transport = Transport::new(&settings, &self.tls)?;
        let credential = match stored.identity {
            Identity::ApiToken(token) => Credential::ApiToken(token),
            _ => return Err(Error::internal("not yet")),
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

    /// The connection of the stored credential, which another process may have changed.
    fn connection_of(&self, stored: &StoredCredential) -> Result<Connection> {
        let mut known = lock(&self.connection);
        match known.as_ref().filter(|known| known.org.base() == stored.org_url) {
            Some(connection) => Ok(connection.clone()),
            None => Ok(known.insert(Connection::of(stored)?).clone()),
        }
    }
}
