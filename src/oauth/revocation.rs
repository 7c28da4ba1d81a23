//! Revokes a token (RFC 7009), and asks when a refresh token ends (RFC 7662).
//!
//! These requests are formed here and not by the crate oauth2, because the crate refuses plain http even to a
//! loopback host.

use base64::prelude::{BASE64_STANDARD, Engine};
use oauth2::HttpRequest;
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::model::Identity;
use crate::oauth::exchange::Exchange;
use crate::secret::Secret;

/// Revokes a token. An unknown token is no error, because Okta always answers 200.
pub(super) async fn revoke(
    exchange: &Exchange<'_>,
    endpoint: &Url,
    identity: &Identity,
    token: &Secret,
    hint: &str,
) -> Result<()> {
    let request = form(
        endpoint,
        identity,
        &[("token", token.expose()), ("token_type_hint", hint)],
    )?;
    exchange.send(request).await.map(drop)
}

/// When a refresh token ends; none if Okta does not say.
pub(super) async fn end_of_sign_in(
    exchange: &Exchange<'_>,
    endpoint: &Url,
    identity: &Identity,
    refresh_token: &Secret,
) -> Result<Option<UnixMillis>> {
    let pairs = [
        ("token", refresh_token.expose()),
        ("token_type_hint", "refresh_token"),
    ];
    let answer = exchange.send(form(endpoint, identity, &pairs)?).await?;
    let fields: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let seconds = fields
        .get("exp")
        .and_then(Value::as_i64)
        .filter(|seconds| *seconds > 0);
    Ok(seconds
        .and_then(|seconds| seconds.checked_mul(1_000))
        .map(UnixMillis))
}

/// A form with the client's authentication: the secret in the header (RFC 6749 §2.3.1), or only the client id. Each
/// attempt adds its own assertion.
fn form(endpoint: &Url, identity: &Identity, pairs: &[(&str, &str)]) -> Result<HttpRequest> {
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(pairs);
    let mut request = oauth2::http::Request::builder()
        .method("POST")
        .uri(endpoint.as_str());
    match identity {
        Identity::App {
            client_id,
            client_secret: Some(secret),
            ..
        } => {
            let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = format!("{}:{}", encode(client_id), encode(secret.expose()));
            request = request.header("authorization", format!("Basic {}", BASE64_STANDARD.encode(pair)));
        }
        Identity::App { client_id, .. } | Identity::ServiceApp { client_id, .. } => {
            body.append_pair("client_id", client_id);
        }
        Identity::None | Identity::ApiToken(_) => {}
    }
    request
        .body(body.finish().into_bytes())
        .map_err(|_| Error::internal("a form cannot be sent"))
}
