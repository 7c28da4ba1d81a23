//! The org and the credential that were handed in, and the client made from them for one call.

use crate::cancel::CancelToken;
use crate::config::Settings;
use crate::error::Result;
use crate::http::{Meter, TlsCache, Transport};
use crate::logging::Log;
use crate::okta::{Credential, OktaClient, OrgUrl};
use crate::secret::Secret;

/// A checked org URL with a well-formed credential.
#[derive(Clone)]
pub struct Connection {
    /// The org.
    pub org: OrgUrl,
    /// What was repaired in the URL as pasted.
    pub note: Option<String>,
    credential: Credential,
}

impl Connection {
    /// Checks both without asking Okta.
    pub fn new(org_url: &str, api_token: &str) -> Result<Connection> {
        let (org, note) = OrgUrl::parse(org_url)?;
        let credential = Credential::ApiToken(Secret::credential(api_token)?);
        Ok(Connection {
            org,
            note,
            credential,
        })
    }

    /// A client for one call.
    pub fn client(
        &self,
        settings: &Settings,
        tls: &TlsCache,
        log: Log,
        cancel: CancelToken,
        meter: Meter,
    ) -> Result<OktaClient> {
        let transport = Transport::new(settings, tls)?;
        Ok(OktaClient::new(
            self.org.clone(),
            self.credential.clone(),
            transport,
            settings,
            log,
            cancel,
            meter,
        ))
    }
}
