//! Asks a host, without a credential, whether it is an Okta org and which one (`GET
//! /.well-known/okta-organization`, Okta OpenAPI `getWellknownOrgMetadata`).
//!
//! A directory remembers the id of its org. The alternate addresses show that a custom domain and the org URL are
//! the same org.

use std::pin::Pin;

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::cancel::CancelToken;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::Settings;
use crate::http::{Meter, Transport, is_loopback};
use crate::logging::Log;
use crate::oauth::{HostProof, ProvenHosts};
use crate::okta::client::OktaClient;
use crate::okta::client::ask::Ask;
use crate::okta::client::credential::Credential;
use crate::okta::client::org_url::OrgUrl;

/// What an org says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The org's id (`00o…`), the same for all of its addresses.
    pub id: String,
    /// Other addresses of the same org.
    pub alternates: Vec<Url>,
}

#[derive(Deserialize)]
struct Wire {
    id: String,
    #[serde(default, rename = "_links")]
    links: Value,
}

/// Asks the host who it is. A host that is not an Okta org is `NotAnOktaOrg`; errors of the network and a
/// deactivated org keep their own codes.
pub async fn organization(client: &OktaClient) -> Result<Organization> {
    Ok(ask(client).await?.0)
}

impl OktaClient {
    /// Makes sure that the credential may go to this host. The host must prove that it is an Okta org, unless it
    /// has already done so.
    pub(super) async fn prove_host(&self) -> Result<()> {
        if self.proven.holds(self.org().url()) {
            return Ok(());
        }
        self.boxed_organization().await.map(drop)
    }

    /// Boxed, because a request with a credential may first send a request without one; otherwise its future would
    /// contain itself.
    fn boxed_organization(&self) -> Pin<Box<dyn Future<Output = Result<Organization>> + Send + '_>> {
        Box::pin(organization(self))
    }
}

/// Proves hosts for the OAuth side, with the same request.
pub struct OrgProof {
    /// How requests are sent.
    pub transport: Transport,
    /// The settings of the call.
    pub settings: Settings,
    /// The engine's log.
    pub log: Log,
    /// Cancels the call.
    pub cancel: CancelToken,
    /// The list to which a proven host is added.
    pub proven: ProvenHosts,
}

impl OrgProof {
    /// A client without a credential, for unproven hosts.
    pub fn client(&self, org: OrgUrl) -> OktaClient {
        let (transport, log) = (self.transport.clone(), self.log.clone());
        let (cancel, meter) = (self.cancel.clone(), Meter::new());
        OktaClient::new(
            org,
            Credential::None,
            transport,
            &self.settings,
            log,
            cancel,
            meter,
        )
        .knowing(self.proven.clone())
        .brief()
    }
}

impl HostProof for OrgProof {
    fn prove<'a>(&'a self, url: &'a Url) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
        Box::pin(async move {
            let (org, _) = OrgUrl::parse(&url.origin().ascii_serialization())?;
            organization(&self.client(org)).await.map(drop)
        })
    }
}

/// The organization, together with the whole answer, whose other contents the caller needs.
pub(super) async fn ask(client: &OktaClient) -> Result<(Organization, crate::okta::Answer)> {
    let question = Ask::new("/.well-known/okta-organization").without_credential();
    // The host must prove itself now; an earlier proof does not count.
    client.proven.forget(client.org().url());
    let answer = client.read(&question, Ok).await.map_err(not_okta)?;
    let strange = || Error::about(ErrorCode::NotAnOktaOrg, client.org().host());
    let organization = decode(&answer.body).ok_or_else(strange)?;
    client.proven.add(client.org().url());
    Ok((organization, answer))
}

/// The organization that a body names; none if the body does not name an org.
pub(super) fn decode(body: &[u8]) -> Option<Organization> {
    let wire: Wire = serde_json::from_slice(body).ok()?;
    is_id(&wire.id).then(|| Organization {
        alternates: alternates(&wire.links),
        id: wire.id,
    })
}

/// Every org serves this path to everybody, so a host that refuses it is not an org.
fn not_okta(error: Error) -> Error {
    use ErrorCode::*;
    let is_refusal = matches!(
        error.code(),
        UnexpectedStatus
            | OktaNotFound
            | RequestRejected
            | FeatureOff
            | AuthorizationRejected
            | AuthenticationFailed
            | RoleMissing
            | NotJson
            | UnexpectedAnswer
            | BodyTooLarge
    );
    match is_refusal {
        true => Error::new(NotAnOktaOrg).okta_request_id(error.request_id()),
        false => error,
    }
}

/// Ids have 20 letters and digits in every sample (one of 21 was recorded); other lengths are accepted to be safe.
fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The addresses of `organization` and `alternate`; each is one object or a list of objects with `href`. Only https
/// counts (and loopback, for tests), because links may lead to an alternate address.
fn alternates(links: &Value) -> Vec<Url> {
    let relations = ["organization", "alternate"]
        .into_iter()
        .filter_map(|name| links.get(name));
    let objects = relations.flat_map(|value| match value {
        Value::Array(list) => list.iter().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => vec![value],
    });
    let hrefs = objects.filter_map(|object| object.get("href")?.as_str());
    hrefs
        .filter_map(|href| Url::parse(href).ok())
        .filter(|url| url.scheme() == "https" || is_loopback(url))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_every_form() {
        let links = serde_json::json!({
            "organization": {"href": "https://example.okta.com"},
            "alternate": [{"href": "https://id.example.com"}, {"href": "http://plain.example.com"}, {}, 7],
            "other": {"href": "https://other.example.com"},
        });
        let hosts: Vec<_> = alternates(&links).iter().map(Url::to_string).collect();
        assert_eq!(hosts, ["https://example.okta.com/", "https://id.example.com/"]);
        assert!(alternates(&Value::Null).is_empty());
    }
}
