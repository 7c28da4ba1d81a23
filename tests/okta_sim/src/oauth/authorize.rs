//! `GET|POST /oauth2/v1/authorize`: the user's browser brings the client's request and leaves with a code or an
//! error.

use url::form_urlencoded::Serializer;

use super::{OAuthApp, OAuthServer, pages, scopes, value};
use crate::api::reply::Reply;
use crate::org::Org;

/// Lengths of a PKCE challenge (RFC 7636 §4.2).
const CHALLENGE_LENGTHS: std::ops::RangeInclusive<usize> = 43..=128;

/// An error that goes to the redirect URI.
type Refusal = (String, String);

/// The client's request.
struct Wish<'a> {
    parameters: &'a [(String, String)],
    redirect_uri: &'a str,
    state: &'a str,
    mode: &'a str,
}

/// Answers the browser. `consent` is the button that the person pressed; none before that.
pub(super) fn answer(org: &Org, parameters: &[(String, String)], consent: Option<bool>) -> Reply {
    let now = org.clock_millis();
    let mut server = org.oauth();
    let given = |name| value(parameters, name).unwrap_or_default();
    let Some(app) = server.app(given("client_id")).cloned() else {
        return pages::bad_request("invalid_client", "Invalid value for 'client_id' parameter.");
    };
    if app.is_service() {
        let description = "Clients with 'application_type' of 'service' are not allowed to access the 'authorize' endpoint.";
        return pages::bad_request("invalid_request", description);
    }
    let redirect_uri = given("redirect_uri");
    if !app.redirect_uris.iter().any(|known| known == redirect_uri) {
        let description =
            "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.";
        return pages::bad_request("invalid_request", description);
    }
    let wish = Wish {
        parameters,
        redirect_uri,
        state: Some(given("state"))
            .filter(|state| is_state(state))
            .unwrap_or_default(),
        mode: value(parameters, "response_mode").unwrap_or("query"),
    };
    if let Some((error, description)) = server.next_authorize_error.take() {
        return wish.refused(&(error, description));
    }
    let granted = match wish.check(&app, consent.is_some()) {
        Ok(granted) => granted,
        Err(refusal) => return wish.refused(&refusal),
    };
    if consent == Some(false) {
        let description = "The resource owner or authorization server denied the request.";
        return wish.refused(&refusal("access_denied", description));
    }
    if app.consent_page && consent.is_none() {
        return pages::consent(parameters, &granted);
    }
    wish.agreed(&mut server, &app, granted, now)
}

fn refusal(error: &str, description: &str) -> Refusal {
    (error.to_owned(), description.to_owned())
}

/// Letters, digits and a few other characters (Okta "OpenID Connect & OAuth 2.0 API").
fn is_state(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b",._-".contains(&byte);
    !text.is_empty() && text.bytes().all(allowed)
}

impl Wish<'_> {
    /// Checks the request and returns the scopes that will be granted.
    fn check(&self, app: &OAuthApp, has_answered: bool) -> Result<Vec<String>, Refusal> {
        let given = |name| value(self.parameters, name);
        let wrong = |description: &str| Err(refusal("invalid_request", description));
        if !["query", "fragment", "form_post"].contains(&self.mode) {
            let description = "The response mode is not supported by the authorization server. Valid response modes: [query, fragment, form_post, okta_post_message].";
            return Err(refusal("unsupported_response_mode", description));
        }
        if given("response_type") != Some("code") {
            let description = "The response type is not supported by the authorization server. Configured response types: [code].";
            return Err(refusal("unsupported_response_type", description));
        }
        if self.state.is_empty() {
            return wrong("The authentication request has an invalid 'state' parameter.");
        }
        match (given("code_challenge"), given("code_challenge_method")) {
            (None, _) if app.requires_pkce => {
                return wrong("PKCE code challenge is required by the application.");
            }
            (Some(_), method) if method != Some("S256") => {
                return wrong("PKCE code challenge method is not supported. Valid values: [S256]");
            }
            (Some(challenge), _) if !is_challenge(challenge) => {
                return wrong("PKCE code challenge contains illegal characters.");
            }
            _ => {}
        }
        if given("prompt") == Some("none") && app.consent_page && !has_answered {
            let description = "The client specified not to prompt, but the user is not logged in.";
            return Err(refusal("login_required", description));
        }
        if !app.user_assigned {
            let description = "User is not assigned to the client application.";
            return Err(refusal("access_denied", description));
        }
        scopes::granted(app, given("scope").unwrap_or_default()).map_err(|refused| {
            let (error, description) = refused.error();
            refusal(error, description)
        })
    }

    fn agreed(&self, server: &mut OAuthServer, app: &OAuthApp, granted: Vec<String>, now: i64) -> Reply {
        let challenge = value(self.parameters, "code_challenge");
        let code = server
            .grants
            .issue_code(app, self.redirect_uri, granted, challenge, now);
        self.send(&[("code", &code), ("state", self.state)])
    }

    fn refused(&self, (error, description): &Refusal) -> Reply {
        let mut answer = vec![
            ("error", error.as_str()),
            ("error_description", description.as_str()),
        ];
        if !self.state.is_empty() {
            answer.push(("state", self.state));
        }
        self.send(&answer)
    }

    fn send(&self, answer: &[(&str, &str)]) -> Reply {
        if self.mode == "form_post" {
            return pages::form_post(self.redirect_uri, answer);
        }
        let text = Serializer::new(String::new()).extend_pairs(answer).finish();
        let mark = match self.mode {
            "fragment" => '#',
            _ if self.redirect_uri.contains('?') => '&',
            _ => '?',
        };
        let location = format!("{}{mark}{text}", self.redirect_uri);
        Reply::empty(302).with_header("location", location)
    }
}

fn is_challenge(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    CHALLENGE_LENGTHS.contains(&text.len()) && text.bytes().all(allowed)
}
