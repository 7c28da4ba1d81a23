//! The addresses of an org's authorization server, all on the org's own host (Okta "OpenID Connect &
//! OAuth 2.0 API").

use url::Url;

use crate::contract::errors::{Error, ErrorCode, Result};

/// The addresses that we use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoints {
    pub authorize: Url,
    pub token: Url,
    pub revoke: Url,
    pub introspect: Url,
}

impl Endpoints {
    /// The addresses of the org with this normalised URL.
    pub(super) fn of(org_url: &str) -> Result<Endpoints> {
        let base = org_url.trim_end_matches('/');
        let at = |path: &str| {
            Url::parse(&format!("{base}/oauth2/v1/{path}")).map_err(|_| Error::new(ErrorCode::OrgUrlInvalid))
        };
        Ok(Endpoints {
            authorize: at("authorize")?,
            token: at("token")?,
            revoke: at("revoke")?,
            introspect: at("introspect")?,
        })
    }
}
