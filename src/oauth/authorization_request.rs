//! A sign-in from its first step to Okta's answer: authorization code with PKCE (RFC 6749 §4.1, RFC 7636).
//!
//! This file sends nothing: the user's browser carries the request to Okta and the answer back.

use std::time::Duration;

use oauth2::{CsrfToken, PkceCodeChallenge, Scope};
use url::{Url, form_urlencoded};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::model::{AuthorizationRequest, PendingAuthorization};
use crate::oauth::dpop::DpopKey;
use crate::oauth::endpoints::Endpoints;
use crate::oauth::refusal;
use crate::oauth::{grant, jws};
use crate::secret::Secret;

/// Asks for a refresh token (OpenID Connect Core §11).
const OFFLINE_ACCESS: &str = "offline_access";

/// The app in which the user signs in.
#[derive(Clone, Copy, Debug)]
pub struct App<'a> {
    /// The org, after normalisation.
    pub org_url: &'a str,
    /// The client id.
    pub client_id: &'a str,
    /// The client secret; none for a public client.
    pub client_secret: Option<&'a Secret>,
    /// The address to which Okta sends the user back.
    pub redirect_uri: &'a str,
    /// Whether to bind the tokens to a key from the beginning.
    pub dpop: bool,
}

/// Makes the URL that the user opens, and the data that must be kept until Okta answers.
pub fn begin(
    app: &App<'_>,
    scopes: &[String],
    lifetime: Duration,
) -> Result<(AuthorizationRequest, PendingAuthorization)> {
    check_redirect_uri(app.redirect_uri)?;
    let endpoints = Endpoints::of(app.org_url)?;
    let client = grant::client(
        &endpoints,
        app.client_id,
        app.client_secret,
        Some(app.redirect_uri),
    )?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    // The id contains only letters, digits, `-` and `_`, because Okta allows little more in a state.
    let state = jws::unique_id()?;
    let (url, _) = client
        .authorize_url(|| CsrfToken::new(state.clone()))
        .add_scopes(scopes.iter().cloned().map(Scope::new))
        .add_scope(Scope::new(OFFLINE_ACCESS.to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let expires = UnixMillis(
        UnixMillis::now()
            .0
            .saturating_add(i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX)),
    );
    let pending = PendingAuthorization {
        state: Secret::text(state.clone()),
        org_url: app.org_url.to_owned(),
        client_id: app.client_id.to_owned(),
        client_secret: app.client_secret.cloned(),
        redirect_uri: app.redirect_uri.to_owned(),
        code_verifier: Secret::text(verifier.secret().to_owned()),
        dpop_key: if app.dpop {
            Some(DpopKey::generate()?)
        } else {
            None
        },
        expires,
    };
    let url = url.to_string();
    Ok((AuthorizationRequest { url, state, expires }, pending))
}

fn check_redirect_uri(uri: &str) -> Result<()> {
    let refused = || {
        Error::about(
            ErrorCode::InvalidArgument,
            "the redirect URI is not a web address",
        )
    };
    let url = Url::parse(uri).map_err(|_| refused())?;
    // Okta compares the URI letter by letter, so blanks around it matter; a fragment is forbidden (RFC 6749
    // §3.1.2).
    if matches!(url.scheme(), "https" | "http") && url.fragment().is_none() && uri.trim() == uri {
        return Ok(());
    }
    Err(refused())
}

/// Okta's answer, which the user's browser brings back.
#[derive(Clone, Debug)]
pub struct Callback {
    /// The random value of our request; it shows which request this answer belongs to.
    pub state: Secret,
    path: Option<String>,
    issuer: Option<String>,
    outcome: std::result::Result<Secret, Error>,
}

impl Callback {
    /// Parses a whole callback URL, or only its query with or without the question mark.
    pub fn parse(text: &str) -> Result<Callback> {
        let text = text.trim();
        let (path, query) = match Url::parse(text) {
            Ok(url) => (
                Some(url.path().to_owned()),
                url.query().unwrap_or_default().to_owned(),
            ),
            Err(_) => (None, text.strip_prefix('?').unwrap_or(text).to_owned()),
        };
        let mut found = [const { None }; 5];
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let names = ["state", "code", "error", "error_description", "iss"];
            let Some(at) = names.iter().position(|known| *known == name) else {
                continue;
            };
            // Okta never sends a parameter twice (RFC 6749 §3.1).
            if found[at].replace(value.into_owned()).is_some() {
                return Err(Error::new(ErrorCode::AuthorizationUnknown));
            }
        }
        let [state, code, error, description, issuer] = found;
        let state = state
            .filter(|state| !state.is_empty())
            .ok_or_else(|| Error::new(ErrorCode::AuthorizationUnknown))?;
        let outcome = match (error, code) {
            (Some(word), _) => Err(refusal::from_redirect(&word, &description.unwrap_or_default())),
            (None, Some(code)) if !code.is_empty() => Ok(Secret::text(code)),
            (None, _) => Err(Error::about(
                ErrorCode::AuthorizationUnknown,
                "there is no code in it",
            )),
        };
        Ok(Callback {
            state: Secret::text(state),
            path,
            issuer,
            outcome,
        })
    }

    /// The authorization code. Fails if the answer does not belong to this request, does not come from this org or
    /// one of its alternate addresses, or is a refusal.
    pub fn code(self, pending: &PendingAuthorization, alternates: &[Url]) -> Result<Secret> {
        let expected = Url::parse(&pending.redirect_uri)
            .ok()
            .map(|url| url.path().to_owned());
        // Behind a reverse proxy host and port may differ, but the path stays the same.
        if self.path.is_some() && self.path != expected {
            let what = "the answer came to an address that is not the redirect URI";
            return Err(Error::about(ErrorCode::AuthorizationUnknown, what));
        }
        if !self.names_issuer(pending, alternates) {
            let what = "the answer names an issuer that is not the asked Okta org";
            return Err(Error::about(ErrorCode::AuthorizationUnknown, what));
        }
        self.outcome
    }

    /// Prevents a mix-up of servers (RFC 9207 §2.4): if the answer names its issuer, the issuer must be the org
    /// itself, without a path. An answer without an issuer is accepted, because not every server names it.
    fn names_issuer(&self, pending: &PendingAuthorization, alternates: &[Url]) -> bool {
        let Some(issuer) = &self.issuer else { return true };
        let Ok(issuer) = Url::parse(issuer) else {
            return false;
        };
        let org = Url::parse(&pending.org_url).ok();
        let is_bare = issuer.path() == "/" && issuer.query().is_none() && issuer.fragment().is_none();
        is_bare
            && org
                .iter()
                .chain(alternates)
                .any(|known| known.origin() == issuer.origin())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const REDIRECT: &str =
        "https://jira.example.com/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page";

    fn begun() -> (AuthorizationRequest, PendingAuthorization) {
        let secret = Secret::text("s3cret".to_owned());
        let app = App {
            org_url: "https://example.okta.com",
            client_id: "0oa1",
            client_secret: Some(&secret),
            redirect_uri: REDIRECT,
            dpop: false,
        };
        begin(&app, &["okta.users.read".to_owned()], Duration::from_secs(900)).expect("begun")
    }

    #[test]
    fn the_url_has_what_okta_asks_for_and_no_secret() {
        let (request, pending) = begun();
        let url = Url::parse(&request.url).expect("a URL");
        assert_eq!(url.host_str(), Some("example.okta.com"));
        assert_eq!(url.path(), "/oauth2/v1/authorize");
        let value = |name: &str| {
            let found = url
                .query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned());
            found.unwrap_or_else(|| panic!("no {name}"))
        };
        assert_eq!(value("response_type"), "code");
        assert_eq!(value("client_id"), "0oa1");
        assert_eq!(value("redirect_uri"), REDIRECT);
        assert_eq!(value("scope"), "okta.users.read offline_access");
        assert_eq!(value("code_challenge_method"), "S256");
        assert_eq!(value("state"), request.state);
        assert!(request.state.len() >= 22);
        assert_ne!(value("code_challenge"), pending.code_verifier.expose());
        for secret in ["s3cret", pending.code_verifier.expose()] {
            assert!(!request.url.contains(secret));
        }
        assert!(!format!("{request:?} {pending:?}").contains(&request.state));
        assert_ne!(begun().0.state, request.state);
    }

    #[test]
    fn a_callback_is_read_whole_or_in_parts() {
        let (request, pending) = begun();
        let query = format!("code=abc%2F1&state={}", request.state);
        for text in [
            format!("{REDIRECT}?{query}"),
            format!("?{query}"),
            format!(" {query} "),
        ] {
            let callback = Callback::parse(&text).expect("an answer");
            assert_eq!(callback.state, pending.state);
            assert_eq!(callback.code(&pending, &[]).expect("a code").expose(), "abc/1");
        }
        let elsewhere = Callback::parse(&format!("https://jira.example.com/other?{query}")).expect("read");
        let error = elsewhere.code(&pending, &[]).expect_err("another address");
        assert_eq!(error.code(), ErrorCode::AuthorizationUnknown);
    }

    #[test]
    fn refusals_and_nonsense_are_different_errors() {
        let (_, pending) = begun();
        let denied = Callback::parse("error=access_denied&error_description=x&state=s").expect("an answer");
        assert_eq!(
            denied.code(&pending, &[]).expect_err("denied").code(),
            ErrorCode::AuthorizationDenied
        );
        for text in [
            "",
            "code=1",
            "state=&code=1",
            "code=1&state=a&state=b",
            "code=1&code=2&state=a",
            "https://",
        ] {
            let error = Callback::parse(text).expect_err(text);
            assert_eq!(error.code(), ErrorCode::AuthorizationUnknown, "{text}");
        }
        let empty = Callback::parse("state=a&code=").expect("an answer");
        assert!(empty.code(&pending, &[]).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_an_answer_or_is_refused(text in "(https?://a/|\\?)?[a-z_=&%0-9A-F+#:/ä]{0,80}") {
            if let Ok(callback) = Callback::parse(&text) {
                prop_assert!(!callback.state.expose().is_empty());
            }
        }
    }

    #[test]
    fn a_redirect_uri_is_a_web_address() {
        for uri in ["", "jira", "ftp://a/", "https://a/#x", " https://a/"] {
            assert_eq!(
                check_redirect_uri(uri).expect_err(uri).code(),
                ErrorCode::InvalidArgument
            );
        }
        check_redirect_uri("http://localhost:8765/callback").expect("loopback");
    }
}
