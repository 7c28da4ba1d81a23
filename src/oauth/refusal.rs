//! Turns a refusal of the authorization server into the engine's errors. It reads the two kinds of error bodies of
//! the token endpoint, the error words in a redirect, and answers that have only a status. Pure.
//!
//! `error_description` is never shown, because it may quote the request. It is only used to distinguish causes that
//! have the same error word.

use std::time::Duration;

use serde_json::Value;

use crate::contract::errors::{Error, ErrorCode};
use crate::http::Response;
use crate::http::rate_limit::{LimitKind, RateHeaders};

/// The kind of request. The same error word means different things for different requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Tokens for an authorization code.
    Code,
    /// Tokens for a refresh token.
    Refresh,
    /// A token for a service app.
    ClientCredentials,
    /// To revoke or introspect a token.
    AboutToken,
}

/// The error for an answer with another status than 200. `proven` says whether the request carried a DPoP proof.
pub(super) fn from_response(
    response: &Response,
    asked: Asked,
    proven: bool,
    longest_wait: Duration,
) -> Error {
    let body = Body::read(&response.body);
    let error = refusal(response, &body, asked, proven, longest_wait);
    error
        .okta_error_code(&body.word)
        .okta_request_id(response.headers.get("x-okta-request-id"))
}

/// `{"error", "error_description"}` of OAuth or `{"errorCode", "errorSummary"}` of the management API.
#[derive(Default)]
struct Body {
    word: String,
    description: String,
}

impl Body {
    fn read(body: &[u8]) -> Body {
        let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
            return Body::default();
        };
        let text = |names: [&str; 2]| {
            let found = names
                .iter()
                .find_map(|name| fields.get(*name).and_then(Value::as_str));
            found.unwrap_or_default().to_owned()
        };
        Body {
            word: text(["error", "errorCode"]),
            description: text(["error_description", "errorSummary"]).to_ascii_lowercase(),
        }
    }

    fn speaks_of(&self, what: &str) -> bool {
        self.description.contains(what)
    }

    /// Whether Okta refused a signed statement as too old or as coming from the future.
    fn speaks_of_time(&self) -> bool {
        ["expired", "future", "issued at", "'iat'", "'exp'", "clock"]
            .iter()
            .any(|word| self.speaks_of(word))
    }
}

fn refusal(response: &Response, body: &Body, asked: Asked, proven: bool, longest_wait: Duration) -> Error {
    if (300..400).contains(&response.status) {
        return Error::new(ErrorCode::Redirected);
    }
    // The status is checked before the words: Okta also sends `invalid_grant` for a rate limit
    // (`user_rate_limited`), and with any other status that word ends the sign-in.
    if response.status == 429 {
        return rate_limited(response, longest_wait);
    }
    let status = response.status;
    let by_word = by_word(body, asked, proven).filter(|code| speaks_for_itself(*code, body, status));
    let code = by_word.unwrap_or_else(|| by_status(status));
    let error = match (code, asked) {
        (ErrorCode::UnexpectedStatus, _) => {
            let why =
                "came from the token endpoint without an explanation; a proxy or firewall may be answering";
            Error::with_message(code, format!("HTTP status {} {why}.", response.status))
        }
        _ => Error::new(code),
    };
    let seconds = response
        .headers
        .get("retry-after")
        .and_then(|text| text.parse().ok());
    match seconds.filter(|_| matches!(code, ErrorCode::OktaUnavailable | ErrorCode::OktaInternal)) {
        Some(seconds) => error.retry_after(Duration::from_secs(seconds).min(longest_wait)),
        None => error,
    }
}

fn rate_limited(response: &Response, longest_wait: Duration) -> Error {
    let headers = RateHeaders::parse(&response.headers);
    match (headers.kind(), headers.until_reset(longest_wait)) {
        (LimitKind::Concurrency, _) => Error::new(ErrorCode::ConcurrencyLimited),
        (LimitKind::Bucket, Some(wait)) => Error::new(ErrorCode::RateLimited).retry_after(wait),
        (LimitKind::Bucket, None) => Error::new(ErrorCode::RateLimited),
    }
}

/// Whether to believe the error word, given the status: a server in trouble may send any word. The word that ends a
/// sign-in for good counts only with 400, or with 401 if the client is wrong too (RFC 6749 §5.2).
fn speaks_for_itself(code: ErrorCode, body: &Body, status: u16) -> bool {
    let is_passing = matches!(code, ErrorCode::OktaInternal | ErrorCode::OktaUnavailable);
    let ends_grant = body.word == "invalid_grant";
    is_passing
        || if ends_grant {
            matches!(status, 400 | 401)
        } else {
            status < 500
        }
}

/// The words of RFC 6749 §5.2, RFC 9449 §5 and Okta's catalogue ("OpenID Connect & OAuth 2.0 errors").
fn by_word(body: &Body, asked: Asked, proven: bool) -> Option<ErrorCode> {
    use ErrorCode::*;
    Some(match body.word.as_str() {
        "invalid_grant" => invalid_grant(body, asked),
        "invalid_client" if asked == Asked::ClientCredentials && body.speaks_of_time() => ClockSkewed,
        "invalid_client" | "invalid_client_metadata" if asked == Asked::ClientCredentials => {
            AssertionRejected
        }
        "invalid_client" => ClientRejected,
        "invalid_scope" => ScopeRejected,
        "consent_required" => ConsentRequired,
        "access_denied" => AuthorizationDenied,
        "unauthorized_client" if body.speaks_of("inactive") || body.speaks_of("not active") => AppInactive,
        "unauthorized_client" | "unsupported_grant_type" => GrantNotAllowed,
        "use_dpop_nonce" => DpopProofInvalid,
        "invalid_dpop_proof" if proven && body.speaks_of_time() => ClockSkewed,
        "invalid_dpop_proof" if proven => DpopProofInvalid,
        "invalid_dpop_proof" => DpopRequired,
        "invalid_request" if !proven && body.speaks_of("dpop") => DpopRequired,
        "invalid_request" if body.speaks_of("redirect_uri") => RedirectUriRejected,
        "invalid_request" if body.speaks_of("pkce") || body.speaks_of("code_") => PkceRejected,
        "invalid_request" => TokenRequestRejected,
        "login_required" | "interaction_required" | "unmet_authentication_requirements" => {
            InteractionRequired
        }
        // Okta sends `server_error` with 500, 400 or 403,
        "server_error" => OktaInternal,
        // and `temporarily_unavailable` with 400.
        "temporarily_unavailable" => OktaUnavailable,
        "E0000009" => OktaInternal,
        "E0000010" | "E0000100" | "E0000181" => OktaUnavailable,
        "E0000047" => RateLimited,
        "E0000011" | "E0000004" => ClientRejected,
        "E0000006" => AuthorizationDenied,
        _ => return None,
    })
}

fn invalid_grant(body: &Body, asked: Asked) -> ErrorCode {
    match asked {
        Asked::Refresh => ErrorCode::SignInEnded,
        Asked::Code if body.speaks_of("pkce") => ErrorCode::PkceRejected,
        Asked::Code if body.speaks_of("redirect") => ErrorCode::RedirectUriRejected,
        Asked::Code => ErrorCode::CodeRejected,
        Asked::ClientCredentials | Asked::AboutToken => ErrorCode::TokenRequestRejected,
    }
}

fn by_status(status: u16) -> ErrorCode {
    match status {
        401 => ErrorCode::ClientRejected,
        407 => ErrorCode::ProxyInvalid,
        408 => ErrorCode::TimedOut,
        425 | 502..=599 => ErrorCode::OktaUnavailable,
        500 => ErrorCode::OktaInternal,
        _ => ErrorCode::UnexpectedStatus,
    }
}

/// The error for the word in Okta's redirect (RFC 6749 §4.1.2.1, and Okta's own words). Okta may send words that
/// are not listed here.
pub(super) fn from_redirect(word: &str, description: &str) -> Error {
    let description = description.to_ascii_lowercase();
    let speaks_of = |what: &str| description.contains(what);
    let explained = |code, text: &str| Error::with_message(code, text);
    let error = match word {
        "access_denied" if speaks_of("consent") || speaks_of("resource owner") => explained(
            ErrorCode::AuthorizationDenied,
            "The user did not consent; begin again and allow what the app asks for.",
        ),
        "access_denied" if speaks_of("policy") => explained(
            ErrorCode::AuthorizationDenied,
            "A sign-on policy of Okta denied the authorization; check the policies of the app.",
        ),
        "access_denied" => Error::new(ErrorCode::AuthorizationDenied),
        "consent_required" => Error::new(ErrorCode::ConsentRequired),
        "login_required" | "interaction_required" | "unmet_authentication_requirements" => {
            Error::new(ErrorCode::InteractionRequired)
        }
        "invalid_scope" => Error::new(ErrorCode::ScopeRejected),
        "invalid_client" | "invalid_token" => Error::new(ErrorCode::ClientRejected),
        "unauthorized_client" | "unsupported_response_type" => Error::new(ErrorCode::GrantNotAllowed),
        "unsupported_response_mode" => Error::new(ErrorCode::TokenRequestRejected),
        "invalid_grant" => Error::new(ErrorCode::CodeRejected),
        "invalid_request" if speaks_of("redirect_uri") => Error::new(ErrorCode::RedirectUriRejected),
        "invalid_request" if speaks_of("pkce") || speaks_of("code_challenge") => {
            Error::new(ErrorCode::PkceRejected)
        }
        "invalid_request" => Error::new(ErrorCode::TokenRequestRejected),
        "server_error" => Error::new(ErrorCode::OktaInternal),
        "temporarily_unavailable" => Error::new(ErrorCode::OktaUnavailable),
        _ => explained(
            ErrorCode::AuthorizationDenied,
            "Okta ended the sign-in and gave a reason that this version does not know; look into the System Log of Okta.",
        ),
    };
    error.okta_error_code(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;

    fn code(status: u16, body: &str, asked: Asked) -> ErrorCode {
        let response = Response {
            status,
            headers: Headers::new(),
            body: body.as_bytes().to_vec(),
        };
        let error = from_response(&response, asked, false, Duration::from_secs(60));
        assert!(!error.message().contains("user0001"), "{error}");
        error.code()
    }

    fn word(word: &str) -> String {
        format!(r#"{{"error":"{word}","error_description":"about user0001@example.com"}}"#)
    }

    #[test]
    fn each_word_has_its_meaning() {
        use ErrorCode::*;
        for (status, name, asked, expected) in [
            (400, "invalid_grant", Asked::Refresh, SignInEnded),
            (400, "invalid_grant", Asked::Code, CodeRejected),
            (429, "invalid_grant", Asked::Refresh, RateLimited),
            (500, "invalid_grant", Asked::Refresh, OktaInternal),
            (503, "invalid_grant", Asked::Refresh, OktaUnavailable),
            (403, "invalid_grant", Asked::Refresh, UnexpectedStatus),
            (500, "invalid_client", Asked::Refresh, OktaInternal),
            (502, "access_denied", Asked::Code, OktaUnavailable),
            (401, "invalid_client", Asked::Refresh, ClientRejected),
            (401, "invalid_client", Asked::ClientCredentials, AssertionRejected),
            (400, "consent_required", Asked::ClientCredentials, ConsentRequired),
            (400, "invalid_scope", Asked::ClientCredentials, ScopeRejected),
            (403, "access_denied", Asked::Refresh, AuthorizationDenied),
            (400, "unauthorized_client", Asked::Code, GrantNotAllowed),
            (400, "unsupported_grant_type", Asked::Refresh, GrantNotAllowed),
            (400, "use_dpop_nonce", Asked::Code, DpopProofInvalid),
            (400, "invalid_dpop_proof", Asked::Code, DpopRequired),
            (400, "temporarily_unavailable", Asked::Refresh, OktaUnavailable),
            (403, "server_error", Asked::Refresh, OktaInternal),
            (400, "something_new", Asked::Refresh, UnexpectedStatus),
        ] {
            assert_eq!(code(status, &word(name), asked), expected, "{status} {name}");
        }
    }

    #[test]
    fn the_shape_of_the_management_api_and_no_shape_at_all() {
        use ErrorCode::*;
        for (status, body, expected) in [
            (429, r#"{"errorCode":"E0000047"}"#, RateLimited),
            (500, r#"{"errorCode":"E0000009"}"#, OktaInternal),
            (400, r#"{"errorCode":"invalid_client"}"#, ClientRejected),
            (401, r#"{"errorCode":"E0000011"}"#, ClientRejected),
            (302, "", Redirected),
            (502, "<html>", OktaUnavailable),
            (403, "<html>", UnexpectedStatus),
            (401, "", ClientRejected),
            (200, "", UnexpectedStatus),
        ] {
            assert_eq!(code(status, body, Asked::Refresh), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_statement_out_of_time_is_a_matter_of_clocks() {
        let body =
            r#"{"error":"invalid_client","error_description":"The client_assertion token has expired."}"#;
        assert_eq!(code(401, body, Asked::ClientCredentials), ErrorCode::ClockSkewed);
        assert_eq!(code(401, body, Asked::Refresh), ErrorCode::ClientRejected);
    }

    #[test]
    fn descriptions_decide_between_causes() {
        let grant = |description: &str| {
            let body = format!(r#"{{"error":"invalid_grant","error_description":"{description}"}}"#);
            code(400, &body, Asked::Code)
        };
        assert_eq!(grant("PKCE verification failed."), ErrorCode::PkceRejected);
        assert_eq!(
            grant("The redirect URI does not match."),
            ErrorCode::RedirectUriRejected
        );
        assert_eq!(
            grant("The authorization code is invalid or has expired."),
            ErrorCode::CodeRejected
        );
    }

    #[test]
    fn every_word_of_a_redirect_is_explained() {
        for word in [
            "access_denied",
            "invalid_client",
            "invalid_grant",
            "invalid_request",
            "invalid_scope",
            "invalid_token",
            "server_error",
            "temporarily_unavailable",
            "unsupported_response_type",
            "unsupported_response_mode",
            "login_required",
            "unauthorized_client",
            "consent_required",
            "interaction_required",
            "unmet_authentication_requirements",
            "something_new",
        ] {
            let error = from_redirect(word, "user0001@example.com");
            assert_eq!(error.okta_error(), Some(word));
            assert!(!error.message().contains("user0001"));
            assert_ne!(error.code(), ErrorCode::Internal);
        }
        assert_eq!(from_redirect("a b@c", "").okta_error(), None);
    }
}
