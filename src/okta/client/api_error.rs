//! Turns a refusal of Okta into the engine's error. Okta's `errorCode` decides; where the body is empty,
//! `WWW-Authenticate` does; where something else than Okta answered, the status alone does.
//!
//! Only code and status are stable (Okta "Error codes"). `errorSummary` is never shown, because it quotes logins.
//! Its text is read for one purpose only: to distinguish a bad cursor from a bad search.

use std::time::Duration;

use serde_json::Value;

use crate::contract::errors::{Error, ErrorCode};
use crate::http::Response;
use crate::http::rate_limit::{LimitKind, RateHeaders};
use crate::okta::client::challenge::{Challenge, challenges};

/// A `Retry-After` longer than a day is not plausible and does not count.
const LONGEST_ASKED: Duration = Duration::from_secs(86_400);

/// The error for an answer with another status than 200. A rate limit carries its wait, at most `longest_wait`.
pub fn from_response(response: &Response, longest_wait: Duration) -> Error {
    let body = ErrorBody::read(&response.body);
    let request_id = response.headers.get("x-okta-request-id");
    refusal(response, &body, longest_wait).okta_request_id(request_id)
}

/// Whether Okta refuses only this one object, so that other objects may still be requested. Any other error
/// concerns the credential, the network or the rate limit, and so concerns every object.
pub fn concerns_one(code: ErrorCode) -> bool {
    use ErrorCode::*;
    let concerns_all = matches!(
        code,
        NameNotResolved | ConnectFailed | TlsFailed | ProxyFailed | RateLimited | ConcurrencyLimited
    );
    matches!(code, RoleMissing | FeatureOff) || (code.block() == 3 && !concerns_all)
}

fn refusal(response: &Response, body: &ErrorBody, longest_wait: Duration) -> Error {
    let status = response.status;
    if (300..400).contains(&status) {
        return Error::new(ErrorCode::Redirected);
    }
    if status == 429 {
        return rate_limited(response, body, longest_wait);
    }
    if let Some(okta_code) = &body.error_code {
        // The System Log sends E0000053 also with status 500, for a fault of its own. So from 500 on this code does
        // not mean a refused search.
        let is_fault = |code: &ErrorCode| status >= 500 && *code == ErrorCode::SearchRefused;
        let known = by_okta_code(okta_code, body).filter(|code| !is_fault(code));
        let code = known.unwrap_or_else(|| by_status_of_okta(status));
        return with_retry_after(Error::new(code), response).okta_error_code(okta_code);
    }
    let challenges = challenges(&response.headers);
    let challenged = challenges
        .iter()
        .find_map(|challenge| by_challenge(challenge, status));
    if let Some(error) = challenged.or_else(|| body.oauth_error.as_deref().and_then(by_oauth_error)) {
        return error;
    }
    if status == 404 && body.is_edge_404 {
        return Error::new(ErrorCode::OrgDeactivated);
    }
    if body.is_cut && status < 500 {
        // The body was cut off, so another attempt may read all of it. From status 500 on the status alone causes a
        // retry.
        return Error::new(ErrorCode::NotJson);
    }
    with_retry_after(by_status_alone(status), response)
}

/// The content of an error body; empty if it is not JSON.
#[derive(Default)]
struct ErrorBody {
    /// `errorCode` of the management API.
    error_code: Option<String>,
    /// `error` of the OAuth endpoints.
    oauth_error: Option<String>,
    /// Whether one of the causes is about the cursor.
    names_cursor: bool,
    /// `{"status":404,"message":"Resource not found"}`: Okta's edge says that there is no such org (recorded).
    is_edge_404: bool,
    /// Whether the JSON stops in the middle.
    is_cut: bool,
}

impl ErrorBody {
    fn read(body: &[u8]) -> ErrorBody {
        let fields = match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) => return ErrorBody::default(),
            Err(error) => {
                return ErrorBody {
                    is_cut: body.starts_with(b"{") && error.is_eof(),
                    ..ErrorBody::default()
                };
            }
        };
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let not_empty = |text: &&str| !text.is_empty();
        ErrorBody {
            error_code: text("errorCode").filter(not_empty).map(str::to_owned),
            oauth_error: text("error").filter(not_empty).map(str::to_owned),
            names_cursor: fields.get("errorCauses").is_some_and(names_cursor),
            is_edge_404: text("message") == Some("Resource not found"),
            is_cut: false,
        }
    }
}

/// The causes are a list of objects, but some of Okta's own examples show a single object.
fn names_cursor(causes: &Value) -> bool {
    let one = |cause: &Value| {
        let summary = cause
            .get("errorSummary")
            .and_then(Value::as_str)
            .unwrap_or_default();
        summary.to_ascii_lowercase().contains("cursor")
    };
    match causes {
        Value::Array(causes) => causes.iter().any(one),
        Value::Object(_) => one(causes),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Both kinds of 429 have the code E0000047; only the headers distinguish them (Okta "Rate limits monitoring").
fn rate_limited(response: &Response, body: &ErrorBody, longest_wait: Duration) -> Error {
    let headers = RateHeaders::parse(&response.headers);
    let okta_code = body.error_code.as_deref().unwrap_or_default();
    let error = match headers.kind() {
        // The announced reset belongs to another counter, so the retry uses its own growing delay instead.
        LimitKind::Concurrency => Error::new(ErrorCode::ConcurrencyLimited),
        LimitKind::Bucket => match headers.until_reset(longest_wait) {
            Some(wait) => Error::new(ErrorCode::RateLimited).retry_after(wait),
            None => with_retry_after(Error::new(ErrorCode::RateLimited), response),
        },
    };
    error.okta_error_code(okta_code)
}

/// Okta sends no `Retry-After`, but a gateway in front of Okta may. Only a number of seconds is understood.
fn with_retry_after(error: Error, response: &Response) -> Error {
    let seconds = response.headers.get("retry-after");
    match seconds.and_then(|text| text.parse().ok()) {
        Some(seconds) => error.retry_after(Duration::from_secs(seconds).min(LONGEST_ASKED)),
        None => error,
    }
}

/// The codes of Okta's catalogue ("Error codes") that the requests of this engine can get.
fn by_okta_code(okta_code: &str, body: &ErrorBody) -> Option<ErrorCode> {
    use ErrorCode::*;
    Some(match okta_code {
        // A duplicate group, too many targets, or a wrong type: the sent values are wrong.
        "E0000001" | "E0000037" | "E0000055" | "E0000093" => ValidationFailed,
        "E0000002" | "E0000003" | "E0000022" | "E0000028" | "E0000030" | "E0000033" | "E0000054"
        | "E0000060" | "E0000242" => RequestRejected,
        "E0000004" => AuthenticationFailed,
        // Okta's answer to a missing or garbled Authorization header.
        "E0000005" => AuthorizationRejected,
        "E0000006" => RoleMissing,
        "E0000007" => OktaNotFound,
        // Okta does not know the path. Every path that we use exists if its feature is switched on.
        "E0000008" => FeatureOff,
        "E0000009" => OktaInternal,
        "E0000010" | "E0000100" | "E0000181" => OktaUnavailable,
        "E0000011" => TokenRejected,
        // Okta sends it with 401 although the credential is valid.
        "E0000015" => FeatureOff,
        // The object is in the wrong state, or (E0000231) not in the state that If-Match named. Waiting does not
        // help.
        "E0000016" | "E0000032" | "E0000038" | "E0000231" => NotAllowedInState,
        "E0000023" | "E0000075" | "E0000077" | "E0000078" | "E0000081" | "E0000111" | "E0000179" => {
            ExternallyOwned
        }
        // `Invalid paging request.`
        "E0000029" => CursorInvalid,
        "E0000031" if body.names_cursor => CursorInvalid,
        // E0000256: the `Link` header that echoes the search would be too large.
        "E0000031" | "E0000053" | "E0000094" | "E0000256" => SearchRefused,
        "E0000047" => RateLimited,
        "E0000112" | "E0000239" | "E0000249" | "E0000253" => Conflict,
        "E0000145" => SearchUnparsable,
        "E0000260" => OrgDeactivated,
        _ => return None,
    })
}

/// The error for an Okta code that is not in the table.
fn by_status_of_okta(status: u16) -> ErrorCode {
    match status {
        401 => ErrorCode::AuthenticationFailed,
        403 => ErrorCode::RoleMissing,
        404 | 410 => ErrorCode::OktaNotFound,
        409 | 423 => ErrorCode::Conflict,
        412 => ErrorCode::NotAllowedInState,
        400..=499 => ErrorCode::RequestRejected,
        500 => ErrorCode::OktaInternal,
        501 => ErrorCode::RequestRejected,
        502..=599 => ErrorCode::OktaUnavailable,
        _ => ErrorCode::UnexpectedStatus,
    }
}

/// Access tokens: the body is empty, and the challenge says what is wrong (Okta "insufficient scope" article).
fn by_challenge(challenge: &Challenge, status: u16) -> Option<Error> {
    match challenge.get("error") {
        Some(word) => {
            let error = by_oauth_error(word)?;
            let scope = challenge
                .get("scope")
                .filter(|_| error.code() == ErrorCode::ScopeMissing);
            Some(error.missing_scope(scope))
        }
        None => (status == 401).then(|| Error::new(ErrorCode::AuthorizationRejected)),
    }
}

/// The error words of RFC 6750 §3.1 and RFC 9449 §7.1.
fn by_oauth_error(word: &str) -> Option<Error> {
    let code = match word {
        "insufficient_scope" => ErrorCode::ScopeMissing,
        "invalid_token" => ErrorCode::AccessTokenInvalid,
        "invalid_dpop_proof" | "use_dpop_nonce" => ErrorCode::DpopProofInvalid,
        "invalid_request" => ErrorCode::RequestRejected,
        _ => return None,
    };
    Some(Error::new(code).okta_error_code(word))
}

/// Nothing in the answer comes from Okta: a proxy, a gateway or a firewall may have sent it.
fn by_status_alone(status: u16) -> Error {
    match status {
        401 => Error::new(ErrorCode::AuthorizationRejected),
        407 => Error::new(ErrorCode::ProxyInvalid),
        408 => Error::new(ErrorCode::TimedOut),
        // "Too early" (RFC 8470) asks the client to repeat the request.
        425 => Error::new(ErrorCode::OktaUnavailable),
        411 | 413 | 414 | 415 | 431 => Error::new(ErrorCode::RequestRejected),
        500 => Error::new(ErrorCode::OktaInternal),
        502..=599 => Error::new(ErrorCode::OktaUnavailable),
        _ => {
            let why = "came without an explanation from Okta; a proxy or firewall may be answering";
            Error::with_message(
                ErrorCode::UnexpectedStatus,
                format!("HTTP status {status} {why}."),
            )
        }
    }
}
