//! `POST /oauth2/v1/token`: exchanges codes, refresh tokens and assertions for access tokens.

use serde_json::json;

use super::client_auth::{Method, authenticate};
use super::dpop::Proved;
use super::grants::Dishonoured;
use super::{OAuthApp, OAuthServer, jws, oauth_error, scopes, value};
use crate::api::credentials::Bearer;
use crate::api::reply::Reply;
use crate::api::{Incoming, Role};
use crate::org::Org;

const CODE_INVALID: &str = "The authorization code is invalid or has expired.";
const REFRESH_TOKEN_INVALID: &str = "The refresh token is invalid or expired.";
const PKCE_FAILED: &str = "PKCE verification failed.";

/// A request whose client and key have been checked.
struct Asking<'a> {
    form: &'a [(String, String)],
    app: OAuthApp,
    method: Method,
    key: Option<String>,
    /// Milliseconds since 1970 by the org's clock.
    now: i64,
}

/// The tokens of the answer.
struct Given {
    scopes: Vec<String>,
    role: Role,
    sign_in: Option<usize>,
    refresh_token: Option<String>,
}

pub(super) fn answer(org: &Org, request: &Incoming) -> Reply {
    let nonce = org.oauth().proofs.nonce();
    let with_proof = !request.dpop.is_empty();
    let reply = exchange(org, request).unwrap_or_else(|refusal| refusal);
    match with_proof {
        true => reply.with_header("dpop-nonce", nonce),
        false => reply,
    }
}

fn exchange(org: &Org, request: &Incoming) -> Result<Reply, Reply> {
    let form = request.form();
    check_form(request, &form)?;
    let now = org.clock_millis();
    let url = format!("{}/oauth2/v1/token", org.url());
    let server = &mut *org.oauth();
    let (app, method) = authenticate(server, request.authorization.as_deref(), &form, &url, now)?;
    let key = key_of(server, &app, request, &url, now)?;
    let asking = Asking {
        form: &form,
        app,
        method,
        key,
        now,
    };
    let given = match value(&form, "grant_type") {
        Some("authorization_code") => by_code(org, server, &asking)?,
        Some("refresh_token") => by_refresh_token(org, server, &asking)?,
        Some("client_credentials") => by_client_credentials(&asking)?,
        Some(_) => {
            let description = "The authorization grant type is not supported by the authorization server. Configured grant types: [authorization_code, refresh_token, client_credentials].";
            return Err(oauth_error(400, "unsupported_grant_type", description));
        }
        None => {
            let description = "The token request must specify a 'grant_type'. Valid values: [authorization_code, refresh_token, client_credentials]";
            return Err(oauth_error(400, "invalid_request", description));
        }
    };
    Ok(tokens(org, &asking, given))
}

fn check_form(request: &Incoming, form: &[(String, String)]) -> Result<(), Reply> {
    if !request
        .content_type
        .starts_with("application/x-www-form-urlencoded")
    {
        let description = "The accept and/or content-type headers supplied with the request are invalid.";
        return Err(oauth_error(400, "invalid_request", description));
    }
    for (at, (name, _)) in form.iter().enumerate() {
        if form[..at].iter().any(|(earlier, _)| earlier == name) {
            let description =
                format!("Duplicate parameter provided in request. Duplicated parameters: [{name}].");
            return Err(oauth_error(400, "invalid_request", &description));
        }
    }
    Ok(())
}

fn key_of(
    server: &mut OAuthServer,
    app: &OAuthApp,
    request: &Incoming,
    url: &str,
    now: i64,
) -> Result<Option<String>, Reply> {
    match server.proofs.at_token_endpoint(&request.dpop, url, now) {
        Proved::Key(key) => Ok(Some(key)),
        Proved::Nothing if !app.dpop_required => Ok(None),
        Proved::Nothing => {
            let description = "The DPoP proof JWT header is missing.";
            Err(oauth_error(400, "invalid_dpop_proof", description))
        }
        Proved::NonceMissing => {
            let description = "Authorization server requires nonce in DPoP proof.";
            Err(oauth_error(400, "use_dpop_nonce", description))
        }
        Proved::Refused(description) => Err(oauth_error(400, "invalid_dpop_proof", description)),
    }
}

fn invalid_grant(description: &str) -> Reply {
    oauth_error(400, "invalid_grant", description)
}

/// Ends a sign-in whose code or refresh token was used twice, with all its access tokens.
fn dishonour(org: &Org, server: &mut OAuthServer, why: Dishonoured, description: &str) -> Reply {
    if let Dishonoured::Reused(sign_in) = why {
        server.grants.reuses += 1;
        server.grants.end(sign_in);
        org.credentials_mut().revoke_sign_in(sign_in);
    }
    invalid_grant(description)
}

fn by_code(org: &Org, server: &mut OAuthServer, asking: &Asking<'_>) -> Result<Given, Reply> {
    let given = |name| value(asking.form, name).unwrap_or_default();
    let code = match server.grants.code(given("code"), asking.now) {
        Ok(code) => code,
        Err(why) => return Err(dishonour(org, server, why, CODE_INVALID)),
    };
    if code.client_id != asking.app.client_id {
        return Err(invalid_grant(
            "The grant was issued to another client. Please make sure the 'client_id' matches the one used at the authorize request.",
        ));
    }
    if code.redirect_uri != given("redirect_uri") {
        return Err(invalid_grant(
            "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
        ));
    }
    match (&code.challenge, value(asking.form, "code_verifier")) {
        (Some(challenge), Some(verifier)) if *challenge == jws::sha256(verifier.as_bytes()) => {}
        (Some(_), _) => return Err(invalid_grant(PKCE_FAILED)),
        (None, Some(_)) => {
            let description =
                "PKCE code challenge should be specified in the authorize request for code verification.";
            return Err(oauth_error(400, "invalid_request", description));
        }
        (None, None) => {}
    }
    let key = asking.key.clone();
    let number = server
        .grants
        .begin_sign_in(given("code"), &asking.app, key, asking.now);
    let scopes = server.grants.sign_in(number).scopes.clone();
    let offline = scopes.iter().any(|scope| scope == "offline_access");
    Ok(Given {
        scopes,
        role: asking.app.role,
        sign_in: Some(number),
        refresh_token: offline.then(|| server.grants.issue_refresh_token(number, asking.now)),
    })
}

fn by_refresh_token(org: &Org, server: &mut OAuthServer, asking: &Asking<'_>) -> Result<Given, Reply> {
    let app = &asking.app;
    if !app.refresh_token_grant {
        let description = "The client is not authorized to use the provided grant type. Configured grant types: [authorization_code].";
        return Err(oauth_error(400, "unauthorized_client", description));
    }
    let token = value(asking.form, "refresh_token").unwrap_or_default();
    let number = match server.grants.honour(app, token, asking.now) {
        Ok(number) => number,
        Err(why) => return Err(dishonour(org, server, why, REFRESH_TOKEN_INVALID)),
    };
    let sign_in = server.grants.sign_in(number);
    if sign_in.key.is_some() && sign_in.key != asking.key {
        let description = "Invalid DPoP Public Key binding in refresh token";
        return Err(oauth_error(400, "invalid_dpop_proof", description));
    }
    let scopes = refreshed_scopes(app, &sign_in.scopes, value(asking.form, "scope"))?;
    Ok(Given {
        scopes,
        role: app.role,
        sign_in: Some(number),
        refresh_token: Some(server.grants.next_refresh_token(app, number, token, asking.now)),
    })
}

/// The scopes that the user agreed to, without those that were not requested and those that the app has lost since.
fn refreshed_scopes(app: &OAuthApp, agreed: &[String], asked: Option<&str>) -> Result<Vec<String>, Reply> {
    let asked = asked.map(|text| text.split_whitespace().collect::<Vec<_>>());
    if let Some(asked) = &asked {
        let beyond = |scope: &&&str| !agreed.iter().any(|held| held == **scope);
        if let Some(scope) = asked.iter().find(beyond) {
            let description = format!(
                "Some of the scopes requested for the refresh request were not granted in the original authorize request. Denied scopes: {scope}."
            );
            return Err(oauth_error(400, "access_denied", &description));
        }
    }
    let wanted = match asked {
        Some(asked) => asked.join(" "),
        None => agreed.join(" "),
    };
    scopes::granted(app, &wanted).map_err(|refused| {
        let (error, description) = refused.error();
        oauth_error(400, error, description)
    })
}

fn by_client_credentials(asking: &Asking<'_>) -> Result<Given, Reply> {
    let app = &asking.app;
    if asking.method != Method::Assertion {
        let description = "Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method.";
        return Err(oauth_error(401, "invalid_client", description));
    }
    let wanted = value(asking.form, "scope").unwrap_or_default();
    if wanted
        .split_whitespace()
        .any(|scope| scopes::OIDC_SCOPES.contains(&scope))
    {
        let description = "Cannot request 'openid' scopes using client credentials.";
        return Err(oauth_error(400, "invalid_scope", description));
    }
    let scopes = scopes::granted(app, wanted).map_err(|refused| {
        let (error, description) = refused.error();
        oauth_error(400, error, description)
    })?;
    Ok(Given {
        scopes,
        role: app.role,
        sign_in: None,
        refresh_token: None,
    })
}

fn tokens(org: &Org, asking: &Asking<'_>, given: Given) -> Reply {
    let lifetime = asking.app.access_token_lifetime;
    let bearer = Bearer {
        scopes: given.scopes.clone(),
        role: given.role,
        expires: asking.now + i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX / 4),
        issued: asking.now,
        client_id: asking.app.client_id.clone(),
        sign_in: given.sign_in,
        key: asking.key.clone(),
    };
    let token = org.credentials_mut().issue(bearer);
    let mut body = json!({
        "token_type": if asking.key.is_some() { "DPoP" } else { "Bearer" },
        "expires_in": lifetime.as_secs(), "access_token": token, "scope": given.scopes.join(" "),
    });
    if let Some(refresh_token) = given.refresh_token {
        body["refresh_token"] = json!(refresh_token);
    }
    Reply::json(200, &body)
}
