//! What a refusal of Okta means: every documented `errorCode`, the empty bodies of OAuth refusals, and
//! answers that are not Okta's at all.
//!
//! Only the HTTP status and `errorCode` are stable (Okta: reference/error-codes). Okta's texts may
//! quote a login and are not passed on.

use std::time::Duration;

use serde::Deserialize;

use super::www_authenticate::Challenge;
use crate::error::{Error, ErrorCode};
use crate::http::Response;
use crate::http::rate_limit::{RateLimit, TooMany};

/// The error body, read leniently: `errorCauses` is sometimes an object, fields may be missing.
#[derive(Debug, Default, Deserialize)]
struct Body {
    #[serde(default, rename = "errorCode")]
    error_code: String,
    #[serde(default, rename = "errorCauses")]
    error_causes: serde_json::Value,
    /// Only in the answer of the web server in front of an org that no longer exists.
    #[serde(default)]
    message: Option<String>,
}

/// Makes the error of an answer whose status is not 2xx.
pub fn api_error(response: &Response, longest_wait: Duration) -> Error {
    let request_id = response.headers.first("x-okta-request-id");
    if (300..400).contains(&response.status) {
        return Error::new(ErrorCode::Redirected).okta_request_id(request_id);
    }
    let body: Option<Body> = serde_json::from_slice(&response.body).ok();
    let (code, okta_code) = match &body {
        Some(body) if !body.error_code.is_empty() => (of_body(response.status, body), Some(&body.error_code)),
        Some(body) if response.status == 404 && body.message.is_some() => (ErrorCode::OrgDeactivated, None),
        _ => (of_headers(response), None),
    };
    let code = if response.status == 429 {
        too_many(response)
    } else {
        code
    };
    let mut error = Error::new(code).okta_request_id(request_id);
    if let Some(okta_code) = okta_code {
        error = error.okta_error_code(okta_code);
    }
    if let Some(challenge) = response.headers.first("www-authenticate").map(Challenge::parse) {
        error = error.missing_scope(challenge.get("scope").filter(|_| code == ErrorCode::ScopeMissing));
        if let Some(name) = challenge.get("error").filter(|_| okta_code.is_none()) {
            error = error.okta_error_code(name);
        }
    }
    match RateLimit::read(&response.headers).until_reset(longest_wait) {
        Some(wait) if code == ErrorCode::RateLimited => error.retry_after(wait),
        _ => error,
    }
}

fn too_many(response: &Response) -> ErrorCode {
    match RateLimit::read(&response.headers).too_many() {
        TooMany::Bucket => ErrorCode::RateLimited,
        TooMany::Concurrency => ErrorCode::ConcurrencyLimited,
    }
}

fn of_body(status: u16, body: &Body) -> ErrorCode {
    use ErrorCode as E;
    match body.error_code.as_str() {
        "E0000001" => E::ValidationFailed,
        "E0000002" | "E0000003" | "E0000008" | "E0000022" | "E0000028" | "E0000030" | "E0000033"
        | "E0000037" | "E0000054" | "E0000060" | "E0000093" | "E0000242" => E::RequestRejected,
        "E0000004" => E::AuthenticationFailed,
        "E0000005" => E::AuthorizationRejected,
        "E0000006" => E::RoleMissing,
        "E0000007" => E::OktaNotFound,
        "E0000009" => E::OktaInternal,
        "E0000010" | "E0000100" | "E0000181" => E::OktaUnavailable,
        "E0000011" => E::TokenRejected,
        "E0000015" => E::FeatureOff,
        "E0000016" | "E0000032" | "E0000038" => E::NotAllowedInState,
        "E0000023" | "E0000075" | "E0000077" | "E0000078" | "E0000081" | "E0000111" | "E0000179" => {
            E::ExternallyOwned
        }
        "E0000029" => E::CursorInvalid,
        "E0000031" if names_cursor(&body.error_causes) => E::CursorInvalid,
        "E0000031" | "E0000053" | "E0000094" | "E0000256" => E::SearchRefused,
        "E0000047" => E::RateLimited,
        "E0000055" | "E0000112" | "E0000231" | "E0000239" | "E0000249" | "E0000253" => E::Conflict,
        "E0000145" => E::SearchUnparsable,
        "E0000260" => E::OrgDeactivated,
        _ => of_status(status),
    }
}

/// The cause `Invalid cursor.` tells a lost position from a refused expression (recorded traffic).
fn names_cursor(causes: &serde_json::Value) -> bool {
    causes.to_string().to_ascii_lowercase().contains("invalid cursor")
}

/// An OAuth refusal says everything in its header; other answers have only their status.
fn of_headers(response: &Response) -> ErrorCode {
    let challenge = response.headers.first("www-authenticate").map(Challenge::parse);
    match challenge.as_ref().and_then(|challenge| challenge.get("error")) {
        Some("insufficient_scope") => ErrorCode::ScopeMissing,
        Some("invalid_token") => ErrorCode::AccessTokenInvalid,
        Some("invalid_dpop_proof" | "use_dpop_nonce") => ErrorCode::DpopProofInvalid,
        _ => of_status(response.status),
    }
}

fn of_status(status: u16) -> ErrorCode {
    match status {
        401 => ErrorCode::AuthorizationRejected,
        403 => ErrorCode::RoleMissing,
        404 => ErrorCode::OktaNotFound,
        407 => ErrorCode::ProxyFailed,
        408 | 504 => ErrorCode::TimedOut,
        409 => ErrorCode::Conflict,
        429 => ErrorCode::RateLimited,
        500 => ErrorCode::OktaInternal,
        502 | 503 => ErrorCode::OktaUnavailable,
        400..=499 => ErrorCode::RequestRejected,
        _ => ErrorCode::UnexpectedStatus,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;

    const LONGEST: Duration = Duration::from_secs(120);

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
        let pairs = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let response = Response {
            status,
            headers: Headers::from_pairs(pairs),
            body: body.as_bytes().to_vec(),
        };
        api_error(&response, LONGEST)
    }

    fn body(code: &str, cause: &str) -> String {
        format!(
            r#"{{"errorCode":"{code}","errorSummary":"login: user0001@example.com exists","errorLink":"{code}","errorId":"oae1","errorCauses":[{{"errorSummary":"{cause}"}}]}}"#
        )
    }

    #[test]
    fn every_documented_code_has_its_meaning() {
        use ErrorCode as E;
        for (status, okta, code) in [
            (400, "E0000001", E::ValidationFailed),
            (400, "E0000003", E::RequestRejected),
            (401, "E0000004", E::AuthenticationFailed),
            (403, "E0000005", E::AuthorizationRejected),
            (401, "E0000005", E::AuthorizationRejected),
            (403, "E0000006", E::RoleMissing),
            (404, "E0000007", E::OktaNotFound),
            (404, "E0000008", E::RequestRejected),
            (405, "E0000022", E::RequestRejected),
            (500, "E0000009", E::OktaInternal),
            (503, "E0000010", E::OktaUnavailable),
            (503, "E0000181", E::OktaUnavailable),
            (401, "E0000011", E::TokenRejected),
            (401, "E0000015", E::FeatureOff),
            (403, "E0000016", E::NotAllowedInState),
            (403, "E0000075", E::ExternallyOwned),
            (400, "E0000029", E::CursorInvalid),
            (400, "E0000031", E::SearchRefused),
            (400, "E0000053", E::SearchRefused),
            (400, "E0000094", E::SearchRefused),
            (414, "E0000256", E::SearchRefused),
            (503, "E0000100", E::OktaUnavailable),
            (409, "E0000145", E::SearchUnparsable),
            (412, "E0000231", E::Conflict),
            (423, "E0000239", E::Conflict),
            (403, "E0000260", E::OrgDeactivated),
            (418, "E9999999", E::RequestRejected),
        ] {
            let error = answer(status, &[("X-Okta-Request-Id", "reqabc")], &body(okta, "x"));
            assert_eq!(error.code(), code, "{okta}");
            assert_eq!(
                (error.okta_error(), error.request_id()),
                (Some(okta), Some("reqabc"))
            );
            assert!(!format!("{error:?}").contains('@'), "{error:?}");
        }
    }

    #[test]
    fn a_lost_cursor_is_told_from_a_refused_search() {
        assert_eq!(
            answer(400, &[], &body("E0000031", "Invalid cursor.")).code(),
            ErrorCode::CursorInvalid
        );
        assert_eq!(
            answer(400, &[], &body("E0000031", "Invalid search query.")).code(),
            ErrorCode::SearchRefused
        );
        let as_object = r#"{"errorCode":"E0000031","errorCauses":{"errorSummary":"Invalid cursor."}}"#;
        assert_eq!(answer(400, &[], as_object).code(), ErrorCode::CursorInvalid);
    }

    #[test]
    fn oauth_refusals_are_read_from_the_header() {
        let missing = answer(
            403,
            &[(
                "WWW-Authenticate",
                r#"Bearer realm="x", scope="okta.groups.read", error="insufficient_scope""#,
            )],
            "",
        );
        assert_eq!(
            (missing.code(), missing.scope()),
            (ErrorCode::ScopeMissing, Some("okta.groups.read"))
        );
        let expired = answer(
            401,
            &[("www-authenticate", r#"Bearer error="invalid_token""#)],
            "",
        );
        assert_eq!(
            (expired.code(), expired.scope()),
            (ErrorCode::AccessTokenInvalid, None)
        );
        let proof = answer(
            400,
            &[("www-authenticate", r#"DPoP error="invalid_dpop_proof""#)],
            "",
        );
        assert_eq!(proof.code(), ErrorCode::DpopProofInvalid);
    }

    #[test]
    fn both_kinds_of_429_and_the_wait() {
        let rate = |limit| {
            answer(
                429,
                &[
                    ("x-rate-limit-limit", limit),
                    ("x-rate-limit-remaining", "0"),
                    ("x-rate-limit-reset", "1705311010"),
                    ("date", "Mon, 15 Jan 2024 09:30:00 GMT"),
                ],
                &body("E0000047", "x"),
            )
        };
        assert_eq!(rate("600").code(), ErrorCode::RateLimited);
        assert_eq!(rate("600").retry_after_hint(), Some(Duration::from_secs(11)));
        assert_eq!(rate("0").code(), ErrorCode::ConcurrencyLimited);
        assert_eq!(rate("0").retry_after_hint(), None);
    }

    #[test]
    fn answers_that_are_not_oktas() {
        assert_eq!(
            answer(404, &[], "{\"status\":404,\"message\":\"Resource not found\"}\n").code(),
            ErrorCode::OrgDeactivated
        );
        assert_eq!(
            answer(502, &[], "<html>bad gateway</html>").code(),
            ErrorCode::OktaUnavailable
        );
        assert_eq!(
            answer(302, &[("location", "https://evil.example")], "").code(),
            ErrorCode::Redirected
        );
        assert_eq!(answer(403, &[], "<html>").code(), ErrorCode::RoleMissing);
        assert_eq!(answer(401, &[], "").code(), ErrorCode::AuthorizationRejected);
    }
}
