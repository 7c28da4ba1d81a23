//! Checks, without the credential, whether the org that answers is the one that the directory belongs to.
//!
//! Before its first complete run a directory belongs to no org. That run asks at its beginning and at its end, and
//! both answers must agree. So one wrong answer of a proxy or a name server cannot bind the directory to a wrong
//! org for good.

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::org;
use crate::directory::runs::freshness::{self, Freshness};
use crate::okta::{Organization, organization};
use crate::sync::context::SyncContext;

impl SyncContext<'_> {
    /// Fails unless the org is the one that the directory belongs to, or the caller confirms another one. With
    /// `trusting`, as in a delta run, the answer of the last full run at the same address counts, which saves a
    /// request.
    pub(super) fn check_org(&mut self, trusting: bool) -> Result<Organization> {
        let (known, freshness) = self
            .directory
            .read(|conn| Ok((org::get(conn)?, freshness::get(conn)?)))?;
        let same_address = freshness.org_url == self.client.org().base();
        let found = match known.bound_to() {
            Some(id) if trusting && same_address => Organization {
                id: id.to_owned(),
                alternates: alternates(&freshness),
            },
            _ => self.runtime.block_on(organization(&self.client))?,
        };
        if known.bound_to().is_some_and(|id| id != found.id) {
            // A delta run must not go on: its watermark comes from the times of the other org.
            if trusting || !self.options.confirm_org {
                // Delta runs may have trusted this address for a while, so only a full run can show the true state.
                self.directory.write(freshness::doubt)?;
                return Err(Error::new(ErrorCode::OrgMismatch));
            }
            self.log
                .warn("another Okta org answers now than before; that was confirmed, so the directory belongs to it from now on");
        }
        self.client.learn(&found.alternates);
        Ok(found)
    }

    /// Asks a second time before a directory is bound to an org: the address must name the same org again.
    pub(super) fn check_org_again(&self, before: &Organization) -> Result<()> {
        let known = self.directory.read(org::get)?;
        if known.bound_to() == Some(before.id.as_str()) {
            return Ok(());
        }
        let now = self.runtime.block_on(organization(&self.client))?;
        if now.id == before.id {
            return Ok(());
        }
        let what = "The address named one Okta org when the run began and another one when it ended, so the directory \
                    was tied to neither and nothing was stored; look for a proxy or a name server that answers for \
                    Okta, and sync again.";
        Err(Error::with_message(ErrorCode::OrgMismatch, what))
    }
}

/// The addresses of the org, which the last full run read and checked.
fn alternates(freshness: &Freshness) -> Vec<url::Url> {
    let addresses = freshness.alternates.iter();
    addresses.filter_map(|address| address.parse().ok()).collect()
}
