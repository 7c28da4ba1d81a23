//! Finds out which app sends a request: by a secret in the header or in the body, or by a signed assertion, and by
//! exactly one of these.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::jws::Jws;
use super::{OAuthApp, OAuthServer, oauth_error, value};
use crate::api::reply::Reply;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The longest lifetime of an assertion.
const LONGEST_LIFE_SECONDS: i64 = 3_600;

const FAILED: &str = "Client authentication failed. Either the client or the client credentials are invalid.";

/// The ids of all assertions that were used, even of refused ones.
pub(super) type UsedAssertions = HashSet<String>;

/// How an app has proved its identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Secret,
    Assertion,
}

/// The app that sends a request to `url`, or the refusal. `now` is in milliseconds.
pub(super) fn authenticate(
    server: &mut OAuthServer,
    authorization: Option<&str>,
    form: &[(String, String)],
    url: &str,
    now: i64,
) -> Result<(OAuthApp, Method), Reply> {
    let body_secret = value(form, "client_secret");
    let assertion = value(form, "client_assertion");
    let given = [
        authorization.is_some(),
        body_secret.is_some(),
        assertion.is_some(),
    ];
    if given.iter().filter(|given| **given).count() > 1 {
        let description = "Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization header, credentials in the post body, or a client_assertion in the post body.";
        return Err(oauth_error(400, "invalid_request", description));
    }
    if let Some(header) = authorization {
        let Some((id, secret)) = basic(header) else {
            let description = "Found Authentication header but was not valid client credentials.";
            return Err(refused(description));
        };
        return by_secret(server, &id, &secret);
    }
    if let Some(secret) = body_secret {
        return by_secret(server, value(form, "client_id").unwrap_or_default(), secret);
    }
    if let Some(assertion) = assertion {
        if value(form, "client_assertion_type") != Some(ASSERTION_TYPE) {
            let description = "The client_assertion_type is invalid.";
            return Err(oauth_error(400, "invalid_request", description));
        }
        return by_assertion(server, assertion, url, now).map_err(refused);
    }
    Err(refused(match value(form, "client_id") {
        Some(_) => FAILED,
        None => "No client credentials found.",
    }))
}

fn refused(description: &str) -> Reply {
    oauth_error(401, "invalid_client", description)
}

/// Both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let encoded = header.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |text: &str| {
        let pair = format!("v={text}");
        let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
        pairs.next().map(|(_, value)| value.into_owned())
    };
    Some((decode(id)?, decode(secret)?))
}

fn by_secret(server: &OAuthServer, id: &str, secret: &str) -> Result<(OAuthApp, Method), Reply> {
    let Some(app) = server.app(id) else {
        return Err(refused("Invalid value for 'client_id' parameter."));
    };
    if app.client_secret.is_empty() {
        return Err(refused(
            "Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method.",
        ));
    }
    if app.client_secret != secret {
        return Err(refused(
            "The client secret supplied for a confidential client is invalid.",
        ));
    }
    Ok((app.clone(), Method::Secret))
}

fn by_assertion(
    server: &mut OAuthServer,
    text: &str,
    url: &str,
    now: i64,
) -> Result<(OAuthApp, Method), &'static str> {
    let assertion = Jws::parse(text).ok_or("The parsing of the client_assertion failed.")?;
    let issuer = assertion.claim("iss").unwrap_or_default();
    let app = server.app(issuer).cloned();
    let app = app.ok_or("The issuer claim for client_assertion is not a valid client_id.")?;
    if assertion.claim("sub") != Some(issuer) {
        return Err("The subject claim for client_assertion is not a valid client_id.");
    }
    check_signature(&app, &assertion)?;
    check_times(&assertion, now / 1_000)?;
    if assertion.claim("aud") != Some(url) {
        return Err("The audience claim for client_assertion must be the endpoint invoked for the request.");
    }
    // An assertion with an id can be used only once, and is used up even if the request is refused.
    if let Some(id) = assertion.claim("jti")
        && !server.used_assertions.insert(id.to_owned())
    {
        return Err("The client_assertion token has already been used.");
    }
    Ok((app, Method::Assertion))
}

fn check_signature(app: &OAuthApp, assertion: &Jws<'_>) -> Result<(), &'static str> {
    if app.public_keys.is_empty() {
        return Err("The client does not have a JWKSet configured, but the client_assertion requires one.");
    }
    let key = match assertion.header["kid"].as_str() {
        Some(id) => app.public_keys.iter().find(|key| key.key_id() == Some(id)),
        None => app.public_keys.first().filter(|_| app.public_keys.len() == 1),
    };
    let key = key.ok_or("The client_assertion JWT kid is invalid.")?;
    match assertion.is_signed_by(key) {
        None => Err("The client_assertion JWT signature algorithm is invalid."),
        Some(false) => Err("The client_assertion signature is invalid."),
        Some(true) => Ok(()),
    }
}

fn check_times(assertion: &Jws<'_>, now: i64) -> Result<(), &'static str> {
    let expires = assertion.claims["exp"].as_i64();
    let expires =
        expires.ok_or("The client_assertion must contain the 'exp' claim as seconds since epoch.")?;
    if expires <= now {
        return Err("The client_assertion token is expired.");
    }
    if expires > now + LONGEST_LIFE_SECONDS {
        return Err("The client_assertion token has an expiration too far into the future.");
    }
    // It is not known whether Okta tolerates a clock difference here, so none is tolerated.
    match assertion.claims["iat"].as_i64() {
        Some(issued) if issued > now => {
            Err("The client_assertion token must be issued before the current time.")
        }
        _ => Ok(()),
    }
}
