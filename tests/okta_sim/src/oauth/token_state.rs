//! `POST /oauth2/v1/revoke` and `/introspect`: ends a token, and shows how long it is still valid.

use serde_json::{Value, json};

use super::client_auth::authenticate;
use super::{OAuthApp, OAuthServer, oauth_error, value};
use crate::api::Incoming;
use crate::api::reply::Reply;
use crate::org::Org;

/// Always answers 200, even for an unknown token. Revoking a refresh token also revokes its access tokens.
pub(super) fn revoke(org: &Org, request: &Incoming) -> Reply {
    let form = request.form();
    let (app, token) = match own_token(org, request, &form, "revoke") {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    let server = &mut *org.oauth();
    let mut credentials = org.credentials_mut();
    match owned_sign_in(server, &app, token) {
        Some(number) => {
            server.grants.end(number);
            credentials.revoke_sign_in(number);
        }
        None if credentials
            .bearer(token)
            .is_some_and(|bearer| bearer.client_id == app.client_id) =>
        {
            credentials.revoke_bearer(token);
        }
        None => {}
    }
    Reply::empty(200)
}

/// Describes a token; the answer for an invalid token is only `{"active":false}`.
pub(super) fn introspect(org: &Org, request: &Incoming) -> Reply {
    let form = request.form();
    let (app, token) = match own_token(org, request, &form, "introspect") {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    let now = org.clock_millis();
    let server = org.oauth();
    let state =
        refresh_token_state(&server, &app, token, now).or_else(|| access_token_state(org, &app, token, now));
    Reply::json(200, &state.unwrap_or_else(|| json!({"active": false})))
}

fn own_token<'a>(
    org: &Org,
    request: &Incoming,
    form: &'a [(String, String)],
    endpoint: &str,
) -> Result<(OAuthApp, &'a str), Reply> {
    let url = format!("{}/oauth2/v1/{endpoint}", org.url());
    let server = &mut *org.oauth();
    let authorization = request.authorization.as_deref();
    let (app, _) = authenticate(server, authorization, form, &url, org.clock_millis())?;
    let token = value(form, "token").filter(|token| !token.is_empty());
    let missing = || oauth_error(400, "invalid_request", "The 'token' parameter is required.");
    Ok((app, token.ok_or_else(missing)?))
}

fn owned_sign_in(server: &OAuthServer, app: &OAuthApp, token: &str) -> Option<usize> {
    let number = server.grants.owner(token)?;
    (server.grants.sign_in(number).client_id == app.client_id).then_some(number)
}

fn refresh_token_state(server: &OAuthServer, app: &OAuthApp, token: &str, now: i64) -> Option<Value> {
    let number = server.grants.honour(app, token, now).ok()?;
    let sign_in = server.grants.sign_in(number);
    Some(json!({
        "active": true, "token_type": "Bearer", "scope": sign_in.scopes.join(" "),
        "client_id": app.client_id, "iat": sign_in.began / 1_000, "exp": sign_in.ends / 1_000,
        "username": "admin0001@example.com", "sub": "admin0001@example.com",
    }))
}

fn access_token_state(org: &Org, app: &OAuthApp, token: &str, now: i64) -> Option<Value> {
    let credentials = org.credentials();
    let bearer = credentials.bearer(token)?;
    if bearer.client_id != app.client_id || now >= bearer.expires {
        return None;
    }
    Some(json!({
        "active": true, "token_type": if bearer.key.is_some() { "DPoP" } else { "Bearer" },
        "scope": bearer.scopes.join(" "), "client_id": app.client_id, "iss": org.url(),
        "aud": org.url(), "iat": bearer.issued / 1_000, "exp": bearer.expires / 1_000,
    }))
}
