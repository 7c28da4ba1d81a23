//! The org authorization server under `/oauth2/v1`: sign-ins, tokens, and their errors.
//!
//! Reading order: `app` (what an administrator registered), `scopes`, `grants` (codes, sign-ins, refresh
//! tokens), `authorize` and `pages`, `client_auth`, `token`, `token_state` (revoke, introspect),
//! `metadata`; `jws` and `dpop` check signatures; `administration` and `control` are for tests.

mod administration;
mod app;
mod authorize;
mod client_auth;
pub(crate) mod control;
mod dpop;
mod grants;
mod jws;
mod keys;
mod metadata;
mod pages;
mod scopes;
mod token;
mod token_state;

use serde_json::json;

use crate::api::errors;
use crate::api::reply::Reply;
use crate::api::{Incoming, OAuthEndpoint};
use crate::org::Org;

pub use app::{OAuthApp, RefreshTokens};
pub use jws::PublicKey;

pub(crate) use keys::GeneratedKey;

/// The state of the authorization server.
pub(crate) struct OAuthServer {
    pub(crate) web: OAuthApp,
    pub(crate) service: OAuthApp,
    /// The error of the next request to the authorization endpoint, whoever sends it: error and description.
    pub(crate) next_authorize_error: Option<(String, String)>,
    grants: grants::Grants,
    proofs: dpop::Proofs,
    used_assertions: client_auth::UsedAssertions,
    generated: GeneratedKey,
}

impl OAuthServer {
    pub(crate) fn new(seed: u64, web: OAuthApp, service: OAuthApp, generated: GeneratedKey) -> OAuthServer {
        OAuthServer {
            web,
            service,
            next_authorize_error: None,
            grants: grants::Grants::new(seed),
            proofs: dpop::Proofs::new(seed),
            used_assertions: client_auth::UsedAssertions::default(),
            generated,
        }
    }

    /// The private key that belongs to the service app's default public key, PKCS #8 in PEM.
    pub(crate) fn service_private_key(&self) -> &str {
        &self.generated.private_pem
    }

    /// From now on only a nonce that was not given out yet is valid.
    pub(crate) fn renew_dpop_nonce(&mut self) {
        self.proofs.renew_nonce();
    }

    /// Ends every sign-in, like an administrator who revokes the grants of a user.
    pub(crate) fn end_sign_ins(&mut self) -> Vec<usize> {
        self.grants.end_all()
    }

    /// How often a refresh token was used again after its grace period.
    pub(crate) fn reuses(&self) -> u64 {
        self.grants.reuses
    }

    /// Whether the caller of the management API has the key: its thumbprint, or why not.
    pub(crate) fn proof_of(
        &mut self,
        request: &Incoming,
        url: &str,
        token: &str,
        now: i64,
    ) -> Result<String, &'static str> {
        self.proofs
            .check(&request.dpop, &request.method, url, Some(token), now)
    }

    fn app(&self, client_id: &str) -> Option<&OAuthApp> {
        [&self.web, &self.service]
            .into_iter()
            .find(|app| app.client_id == client_id)
    }
}

/// Answers a request for the authorization server.
pub(crate) fn answer(org: &Org, endpoint: OAuthEndpoint, request: &Incoming) -> Reply {
    use OAuthEndpoint::*;
    match (endpoint, request.method.as_str()) {
        (Authorize, "GET") => authorize::answer(org, &request.parameters, None),
        (Authorize, "POST") => authorize::answer(org, &request.form(), None),
        (Consent, "POST") => {
            let mut form = request.form();
            let allowed = form
                .iter()
                .any(|(name, value)| name == pages::ANSWER && value == "allow");
            form.retain(|(name, _)| name != pages::ANSWER);
            authorize::answer(org, &form, Some(allowed))
        }
        (Token, "POST") => token::answer(org, request),
        (Revoke, "POST") => token_state::revoke(org, request),
        (Introspect, "POST") => token_state::introspect(org, request),
        (Metadata, "GET") => metadata::metadata(org, request),
        (Keys, "GET") => Reply::json(200, &json!({"keys": [org.oauth().generated.public.jwk()]})),
        _ => errors::method_not_supported(),
    }
}

/// An error of the OAuth endpoints. Its form differs from that of the management API.
fn oauth_error(status: u16, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "error_description": description}))
}

/// An error of Okta, which the client did not cause.
pub(crate) fn server_error() -> Reply {
    let description = "The authorization server encountered an unexpected condition that prevented it from fulfilling the request.";
    oauth_error(500, "server_error", description)
}

/// A token that looks real but belongs to no app.
pub(crate) fn token_of_nobody(status: u16) -> Reply {
    let body = json!({
        "token_type": "Bearer",
        "expires_in": 3_600,
        "access_token": "of-nobody",
        "refresh_token": "of-nobody",
        "scope": "okta.users.read offline_access",
    });
    Reply::json(status, &body)
}

/// The answer of a server in trouble that looks as if the grant had ended.
pub(crate) fn grant_error_in_500() -> Reply {
    oauth_error(500, "invalid_grant", "The refresh token is invalid or expired.")
}

/// An error with status 400 that a client must still retry.
pub(crate) fn unavailable() -> Reply {
    let description = "The authorization server is currently unable to handle the request due to a temporary overloading or maintenance of the server.";
    oauth_error(400, "temporarily_unavailable", description)
}

/// A rate limit that looks like an invalid grant.
pub(crate) fn user_rate_limited() -> Reply {
    let description = "API call exceeded rate limit due to too many requests.";
    oauth_error(429, "invalid_grant", description)
}

fn value<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = form.iter().find(|(key, _)| key == name)?;
    Some(&found.1)
}
