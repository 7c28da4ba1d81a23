//! The address of the org that the engine is connected to.

use crate::contract::errors::Result;
use crate::model::StoredCredential;
use crate::okta::OrgUrl;

/// A checked org URL.
#[derive(Clone)]
pub(super) struct OrgAddress {
    /// The org.
    pub org: OrgUrl,
    /// What was repaired in the pasted URL; none if the URL comes from the stored credential.
    pub note: Option<String>,
}

impl OrgAddress {
    /// The address that a stored credential belongs to.
    pub fn of(credential: &StoredCredential) -> Result<OrgAddress> {
        let (org, note) = OrgUrl::parse(&credential.org_url)?;
        Ok(OrgAddress { org, note })
    }
}
