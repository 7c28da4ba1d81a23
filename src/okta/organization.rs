//! Is the host an Okta org, and which? Asked without a credential.

use serde::Deserialize;
use url::Url;

use super::client::{OktaClient, Question, read_json};
use crate::clock::UnixMillis;
use crate::error::{Error, ErrorCode, Result};
use crate::http::rate_limit::RateLimit;
use crate::http::{Response, is_loopback};

/// What the org says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Okta's id of the org, which stays when the org gets another domain.
    pub id: String,
    /// Okta's clock when it answered; none without a `Date` header.
    pub clock: Option<UnixMillis>,
}

/// The form of `getWellknownOrgMetadata` (Okta management API).
#[derive(Deserialize)]
struct Wire {
    id: String,
    #[serde(default, rename = "_links")]
    links: Links,
}

#[derive(Default, Deserialize)]
struct Links {
    organization: Option<Link>,
    alternate: Option<Link>,
}

#[derive(Deserialize)]
struct Link {
    href: Option<String>,
}

/// Asks the host, and learns the org's other address if it has one.
pub async fn organization(client: &OktaClient) -> Result<Organization> {
    let answer = client
        .ask(&Question {
            url: &|| client.org().join("/.well-known/okta-organization"),
            headers: &[],
            with_credential: false,
            read: &|response| read(client, response),
            failed: &|_| {},
        })
        .await;
    answer.map_err(|error| match error.code() {
        ErrorCode::NotJson
        | ErrorCode::UnexpectedAnswer
        | ErrorCode::OktaNotFound
        | ErrorCode::RequestRejected
        | ErrorCode::RoleMissing
        | ErrorCode::AuthorizationRejected => Error::about(ErrorCode::NotAnOktaOrg, client.org().host()),
        _ => error,
    })
}

fn read(client: &OktaClient, response: &Response) -> Result<Organization> {
    let wire: Wire = read_json(response)?;
    let known_form = !wire.id.is_empty()
        && wire.id.len() <= 64
        && wire.id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !known_form {
        return Err(Error::new(ErrorCode::UnexpectedAnswer));
    }
    for link in [wire.links.organization, wire.links.alternate]
        .into_iter()
        .flatten()
    {
        let url = link.href.and_then(|href| Url::parse(&href).ok());
        if let Some(url) = url.filter(|url| url.scheme() == "https" || is_loopback(url)) {
            client.learn_alternate(url);
        }
    }
    Ok(Organization {
        id: wire.id,
        clock: RateLimit::read(&response.headers).date,
    })
}
