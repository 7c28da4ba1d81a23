//! Whether a host is an Okta org, and which: asked without a credential
//! (`GET /.well-known/okta-organization`, Okta OpenAPI `getWellknownOrgMetadata`).
//!
//! The id is what a directory remembers of its org; the alternates tie a custom domain to the org URL.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::error::{Error, ErrorCode, Result};
use crate::http::is_loopback;
use crate::okta::ask::Ask;
use crate::okta::client::OktaClient;

/// What an org says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// The org's id (`00o…`), the same for all of its addresses.
    pub id: String,
    /// Addresses that belong to the org as well.
    pub alternates: Vec<Url>,
}

#[derive(Deserialize)]
struct Wire {
    id: String,
    #[serde(default, rename = "_links")]
    links: Value,
}

/// Asks the host who it is. Anything that is not an Okta org is `NotAnOktaOrg`; faults of the network and
/// a deactivated org stay what they are.
pub async fn organization(client: &OktaClient) -> Result<Organization> {
    Ok(ask(client).await?.0)
}

/// The organization, and the answer that named it for what else it tells.
pub(super) async fn ask(client: &OktaClient) -> Result<(Organization, crate::okta::Answer)> {
    let question = Ask::new("/.well-known/okta-organization").of_a_stranger();
    let answer = client.read(&question, Ok).await.map_err(not_okta)?;
    let strange = || Error::about(ErrorCode::NotAnOktaOrg, client.org().host());
    let wire: Wire = serde_json::from_slice(&answer.body).map_err(|_| strange())?;
    if !is_id(&wire.id) {
        return Err(strange());
    }
    let organization = Organization {
        id: wire.id,
        alternates: alternates(&wire.links),
    };
    Ok((organization, answer))
}

/// A host that refuses this path, which every org serves to everybody, is not an org.
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

/// Ids have 20 letters and digits in every sample (one of 21 was recorded); kept open a little.
fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `organization` and `alternate`, each one object or a list of objects with `href`. Only https counts (and loopback, for tests):
/// an alternate widens where links may point.
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
