//! The hosts that have proved that they are Okta orgs. The proof needs no credential. Only these hosts ever get an
//! API token, access token, client secret, assertion or refresh token.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use url::{Origin, Url};

use crate::contract::errors::Result;

/// Asks a host to prove itself, without sending a secret, and adds it to the proven hosts. It is a trait because
/// this folder does not know how such a proof works.
pub trait HostProof: Send + Sync {
    /// Fails unless the host of this address proves that it is an Okta org.
    fn prove<'a>(&'a self, url: &'a Url) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
}

/// The proven hosts of one engine. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct ProvenHosts(Arc<Mutex<Vec<Origin>>>);

impl ProvenHosts {
    /// Notes that the host of this address has proved to be an Okta org.
    pub fn add(&self, url: &Url) {
        let origin = url.origin();
        let mut known = self.lock();
        if !known.contains(&origin) {
            known.push(origin);
        }
    }

    /// Forgets the proof of the host of this address.
    pub fn forget(&self, url: &Url) {
        let origin = url.origin();
        self.lock().retain(|known| *known != origin);
    }

    /// Whether secrets may go to this address.
    pub fn holds(&self, url: &Url) -> bool {
        self.lock().contains(&url.origin())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Origin>> {
        // Each change is complete before anything could panic, so a poisoned lock is safe to use.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_host_and_port_make_a_host() {
        let url = |text: &str| Url::parse(text).expect(text);
        let proven = ProvenHosts::default();
        proven.add(&url("https://example.okta.com/.well-known/okta-organization"));
        assert!(proven.holds(&url("https://example.okta.com:443/oauth2/v1/token")));
        for other in [
            "http://example.okta.com/",
            "https://example.okta.com:8443/",
            "https://okta.com/",
        ] {
            assert!(!proven.holds(&url(other)), "{other}");
        }
        proven.clone().forget(&url("https://example.okta.com"));
        assert!(!proven.holds(&url("https://example.okta.com")));
    }
}
