//! Tests how refusals become errors: one row for each refusal in Okta's documentation.

use crate::contract::errors::{Error, ErrorCode};
use crate::http::{Headers, Response};
use crate::okta::client::api_error::{concerns_one, from_response};
use ErrorCode::*;
use std::time::Duration;

const LONGEST: Duration = Duration::from_secs(120);

fn error(status: u16, fields: &[(&str, &str)], body: &str) -> Error {
    let headers: Headers = fields.iter().copied().collect();
    from_response(
        &Response {
            status,
            headers,
            body: body.into(),
        },
        LONGEST,
    )
}

fn okta_body(code: &str, causes: &str) -> String {
    format!(
        r#"{{"errorCode":"{code}","errorSummary":"about user0001@example.com","errorLink":"{code}","errorId":"oae1","errorCauses":{causes}}}"#
    )
}

#[test]
fn every_code_of_the_catalogue_that_matters() {
    for (codes, status, expected) in [
        (vec!["E0000001", "E0000037", "E0000093"], 400, ValidationFailed),
        (
            vec![
                "E0000002", "E0000003", "E0000028", "E0000030", "E0000033", "E0000054",
            ],
            400,
            RequestRejected,
        ),
        (vec!["E0000004"], 401, AuthenticationFailed),
        (vec!["E0000005"], 403, AuthorizationRejected),
        (vec!["E0000005"], 401, AuthorizationRejected),
        (vec!["E0000006"], 403, RoleMissing),
        (vec!["E0000007"], 404, OktaNotFound),
        (vec!["E0000008"], 404, FeatureOff),
        (vec!["E0000022"], 405, RequestRejected),
        (vec!["E0000009"], 500, OktaInternal),
        (vec!["E0000010", "E0000181", "E0000100"], 503, OktaUnavailable),
        (vec!["E0000011"], 401, TokenRejected),
        (vec!["E0000015"], 401, FeatureOff),
        (vec!["E0000016", "E0000032", "E0000038"], 403, NotAllowedInState),
        (
            vec![
                "E0000023", "E0000075", "E0000077", "E0000078", "E0000081", "E0000111",
            ],
            403,
            ExternallyOwned,
        ),
        (vec!["E0000179"], 400, ExternallyOwned),
        (vec!["E0000029"], 400, CursorInvalid),
        (vec!["E0000031", "E0000053", "E0000094"], 400, SearchRefused),
        (vec!["E0000055"], 409, ValidationFailed),
        (vec!["E0000060"], 501, RequestRejected),
        (vec!["E0000112", "E0000249", "E0000253"], 409, Conflict),
        (vec!["E0000239"], 423, Conflict),
        (vec!["E0000145"], 409, SearchUnparsable),
        (vec!["E0000231"], 412, NotAllowedInState),
        (vec!["E0000242"], 400, RequestRejected),
        (vec!["E0000256"], 414, SearchRefused),
        (vec!["E0000260"], 403, OrgDeactivated),
        (vec!["E0009999"], 400, RequestRejected),
        (vec!["E0009999"], 403, RoleMissing),
        (vec!["E0009999"], 409, Conflict),
        (vec!["E0009999"], 503, OktaUnavailable),
    ] {
        for code in codes {
            let error = error(status, &[("X-Okta-Request-Id", "Req-1")], &okta_body(code, "[]"));
            assert_eq!(error.code(), expected, "{code}");
            assert_eq!(
                (error.okta_error(), error.request_id()),
                (Some(code), Some("Req-1"))
            );
            assert!(!format!("{error}").contains("user0001"), "{error}");
        }
    }
}

#[test]
fn a_bad_cursor_is_not_a_bad_search() {
    let cursor = r#"[{"errorSummary":"Invalid cursor."}]"#;
    let search = r#"[{"errorSummary":"Invalid search query."}]"#;
    let as_object = r#"{"errorSummary":"Invalid cursor."}"#;
    assert_eq!(
        error(400, &[], &okta_body("E0000031", cursor)).code(),
        CursorInvalid
    );
    assert_eq!(
        error(400, &[], &okta_body("E0000031", as_object)).code(),
        CursorInvalid
    );
    for causes in [search, "[]", "null", "[7]", "\"x\""] {
        assert_eq!(
            error(400, &[], &okta_body("E0000031", causes)).code(),
            SearchRefused,
            "{causes}"
        );
    }
}

#[test]
fn empty_bodies_with_a_challenge() {
    let scope = r#"Bearer realm="http://x", scope="okta.groups.read", error="insufficient_scope""#;
    let refused = error(403, &[("WWW-Authenticate", scope)], "");
    assert_eq!(
        (refused.code(), refused.scope()),
        (ScopeMissing, Some("okta.groups.read"))
    );
    for (status, challenge, expected) in [
        (
            401,
            r#"Bearer error="invalid_token", scope="a""#,
            AccessTokenInvalid,
        ),
        (
            401,
            r#"DPoP algs="RS256", error="invalid_dpop_proof""#,
            DpopProofInvalid,
        ),
        (400, r#"DPoP error="use_dpop_nonce""#, DpopProofInvalid),
        (400, r#"Bearer error="invalid_request""#, RequestRejected),
        (401, r#"Bearer realm="http://x""#, AuthorizationRejected),
        (401, "", AuthorizationRejected),
        (403, r#"Bearer realm="http://x""#, UnexpectedStatus),
    ] {
        assert_eq!(
            error(status, &[("www-authenticate", challenge)], "").code(),
            expected,
            "{challenge}"
        );
    }
    assert_eq!(
        error(400, &[], r#"{"error":"invalid_dpop_proof"}"#).code(),
        DpopProofInvalid
    );
}

#[test]
fn the_body_wins_over_the_challenge() {
    let fields = [("WWW-Authenticate", r#"Bearer error="insufficient_scope""#)];
    assert_eq!(
        error(403, &fields, &okta_body("E0000006", "[]")).code(),
        RoleMissing
    );
}

#[test]
fn both_kinds_of_429() {
    let bucket = [
        ("X-Rate-Limit-Limit", "600"),
        ("X-Rate-Limit-Remaining", "0"),
        ("X-Rate-Limit-Reset", "1705311008"),
        ("Date", "Mon, 15 Jan 2024 09:30:00 GMT"),
    ];
    let limited = error(429, &bucket, &okta_body("E0000047", "[]"));
    assert_eq!(
        (limited.code(), limited.retry_after_hint()),
        (RateLimited, Some(Duration::from_secs(9)))
    );
    assert_eq!(limited.okta_error(), Some("E0000047"));
    let concurrency = [[("X-Rate-Limit-Limit", "0")].as_slice(), &bucket[1..]].concat();
    let limited = error(429, &concurrency, &okta_body("E0000047", "[]"));
    assert_eq!(
        (limited.code(), limited.retry_after_hint()),
        (ConcurrencyLimited, None)
    );
    let limited = error(429, &[("Retry-After", "3")], "<html>");
    assert_eq!(
        (limited.code(), limited.retry_after_hint()),
        (RateLimited, Some(Duration::from_secs(3)))
    );
    assert_eq!(error(429, &[], "").retry_after_hint(), None);
}

#[test]
fn answers_that_are_not_from_the_api() {
    for (status, body, expected) in [
        (
            404,
            "{\"status\":404,\"message\":\"Resource not found\"}\n",
            OrgDeactivated,
        ),
        (404, "<html>Not Found</html>", UnexpectedStatus),
        (404, "{\"message\":\"nothing here\"}", UnexpectedStatus),
        (403, "<html>Blocked</html>", UnexpectedStatus),
        (401, "", AuthorizationRejected),
        (407, "", ProxyInvalid),
        (408, "", TimedOut),
        (425, "", OktaUnavailable),
        (414, "", RequestRejected),
        (500, "", OktaInternal),
        (502, "<html>Bad Gateway</html>", OktaUnavailable),
        (503, "", OktaUnavailable),
        (504, "{\"errorCode\":7}", OktaUnavailable),
        (302, "", Redirected),
        (418, "[1,2]", UnexpectedStatus),
        (400, "{\"errorCode\":\"E00000", NotJson),
        (400, "{errorCode", UnexpectedStatus),
        (500, "{\"errorCode\":\"E00000", OktaInternal),
        (401, "{\"errorCode\":\"E00000", NotJson),
    ] {
        assert_eq!(error(status, &[], body).code(), expected, "{status} {body}");
    }
}

#[test]
fn a_refusal_of_one_is_not_taken_for_trouble_of_all() {
    use ErrorCode::*;
    for code in [
        RoleMissing,
        Conflict,
        OktaInternal,
        OktaUnavailable,
        UnexpectedAnswer,
    ] {
        assert!(concerns_one(code), "{code:?}");
    }
    for code in [
        TokenRejected,
        ScopeMissing,
        SignInEnded,
        RateLimited,
        ConnectFailed,
        Cancelled,
        DiskFull,
    ] {
        assert!(!concerns_one(code), "{code:?}");
    }
}
