//! Tests of the client against real sockets: credential, retries, limits.

use std::time::{Duration, Instant};

use crate::cancel::CancelToken;
use crate::contract::errors::ErrorCode;
use crate::contract::settings::Settings;
use crate::http::loopback::{Reply, Responder};
use crate::http::{Meter, TlsCache, Transport};
use crate::logging::Log;
use crate::okta::{Ask, Credential, OktaClient, OrgUrl, organization};
use crate::secret::Secret;

/// A client, and everything that a test wants to look at.
pub(in crate::okta) struct Setup {
    pub(in crate::okta) client: OktaClient,
    pub(in crate::okta) settings: Settings,
    pub(in crate::okta) log: Log,
    pub(in crate::okta) meter: Meter,
    pub(in crate::okta) cancel: CancelToken,
}

pub(in crate::okta) fn setup(server: &Responder, pairs: &[(&str, &str)]) -> Setup {
    let mut settings = Settings::default();
    for (key, value) in [
        &[("retry.base_delay_ms", "1"), ("http.read_timeout_seconds", "1")],
        pairs,
    ]
    .concat()
    {
        settings.set(key, value).expect(key);
    }
    let (org, _) = OrgUrl::parse(&server.base()).expect("an org URL");
    let token = Secret::credential("00abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN").expect("a token");
    let transport = Transport::new(&settings, &TlsCache::new()).expect("a transport");
    let (log, cancel, meter) = (Log::default(), CancelToken::new(), Meter::new());
    let mut client = OktaClient::new(
        org,
        Credential::ApiToken(token),
        transport,
        &settings,
        log.clone(),
        cancel.clone(),
        meter.clone(),
    );
    // How an org proves itself is tested elsewhere.
    client.learn(&[]);
    Setup {
        client,
        settings,
        log,
        meter,
        cancel,
    }
}

pub(in crate::okta) fn okta_error(status: u16, code: &str) -> Reply {
    let body =
        format!(r#"{{"errorCode":"{code}","errorSummary":"of user0001@example.com","errorCauses":[]}}"#);
    Reply::new(status, &["X-Okta-Request-Id: Req-7"], body)
}

async fn get_code(server: &Responder, pairs: &[(&str, &str)]) -> ErrorCode {
    let setup = setup(server, pairs);
    setup
        .client
        .get("/api/v1/users?limit=1")
        .await
        .expect_err("must fail")
        .code()
}

#[tokio::test]
async fn a_question_carries_the_credential_and_asks_for_json() {
    let server = Responder::start(|_, _| Reply::json(&["Date: Mon, 15 Jan 2024 09:30:00 GMT"], "\u{feff}[]"));
    let setup = setup(&server, &[]);
    let answer = setup
        .client
        .get("/api/v1/users?limit=1")
        .await
        .expect("an answer");
    assert_eq!(answer.body, b"[]");
    assert_eq!(answer.date.map(|date| date.0), Some(1_705_311_000_000));
    let head = &server.heads()[0];
    assert!(head.starts_with("GET /api/v1/users?limit=1 HTTP/1.1"), "{head}");
    let head = head.to_lowercase();
    assert!(
        head.contains("authorization: ssws 00abc") && head.contains("accept: application/json"),
        "{head}"
    );
    assert!(!head.contains("x-okta-retry"), "{head}");
}

#[tokio::test]
async fn the_credential_goes_nowhere_else() {
    let server = Responder::start(|_, _| Reply::json(&[], "[]"));
    let setup = setup(&server, &[]);
    for target in [
        "https://evil.example/api/v1/users",
        "https://127.0.0.1:1/",
        "http://127.0.0.1:1/api/v1/users",
        "not an address",
    ] {
        let error = setup.client.get(target).await.expect_err(target);
        assert_eq!(error.code(), ErrorCode::ForeignHost, "{target}");
    }
    let own = format!("{}/api/v1/users?limit=2", server.base());
    setup.client.get(&own).await.expect("its own host");
    setup
        .client
        .ask(&Ask::new("/x").without_credential())
        .await
        .expect("a stranger");
    let heads = server.heads();
    assert_eq!(heads.len(), 2);
    assert!(!heads[1].to_lowercase().contains("authorization"));
}

#[tokio::test]
async fn passing_trouble_is_retried_with_courtesy_headers_and_without_personal_data_in_the_log() {
    let server = Responder::start(|number, _| match number {
        0 => okta_error(500, "E0000009"),
        1 => Reply::new(502, &["Content-Type: text/html"], "<html>Bad Gateway</html>"),
        2 => Reply::json(&[], "[{\"id\":\"00u1\""),
        3 => Reply::new(200, &[], "<html>Sign in</html>"),
        4 => Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[".to_vec()),
        _ => Reply::json(&[], "[]"),
    });
    let setup = setup(&server, &[]);
    setup
        .client
        .get("/api/v1/users?search=user0001")
        .await
        .expect("the sixth answer");
    let heads = server.heads();
    assert_eq!(heads.len(), 6);
    let last = heads[5].to_lowercase();
    assert!(
        last.contains("x-okta-retry-for: req-7") && last.contains("x-okta-retry-count: 5"),
        "{last}"
    );
    let reading = setup.meter.read();
    assert_eq!((reading.requests, reading.retries), (6, 5));
    let lines = setup.log.after(0, 100);
    let text = lines
        .iter()
        .map(|line| line.message.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    assert_eq!(text.matches("attempt ").count(), 5, "{text}");
    assert!(
        !text.contains("user0001") && !text.contains("00abc") && !text.contains("search"),
        "{text}"
    );
}

#[tokio::test]
async fn what_is_final_is_asked_once() {
    for (status, code, expected) in [
        (401, "E0000011", ErrorCode::TokenRejected),
        (403, "E0000006", ErrorCode::RoleMissing),
        (401, "E0000015", ErrorCode::FeatureOff),
        (400, "E0000031", ErrorCode::SearchRefused),
    ] {
        let server = Responder::start(move |_, _| okta_error(status, code));
        assert_eq!(get_code(&server, &[]).await, expected);
        assert_eq!(server.heads().len(), 1, "{code}");
    }
    let server = Responder::start(|_, _| Reply::new(302, &["Location: https://evil.example/"], ""));
    assert_eq!(get_code(&server, &[]).await, ErrorCode::Redirected);
    assert_eq!(server.heads().len(), 1);
}

#[tokio::test]
async fn attempts_end_and_the_error_tells_where() {
    let server = Responder::start(|_, _| okta_error(503, "E0000010"));
    let setup = setup(&server, &[("retry.max_attempts", "3")]);
    let error = setup
        .client
        .get("/api/v1/users?limit=1")
        .await
        .expect_err("must end");
    assert_eq!(error.code(), ErrorCode::OktaUnavailable);
    assert_eq!(
        (error.okta_error(), error.request_id()),
        (Some("E0000010"), Some("Req-7"))
    );
    assert!(error.message().starts_with("GET /api/v1/users: "), "{error}");
    assert!(!error.message().contains("limit"), "{error}");
    assert_eq!(server.heads().len(), 3);
}

fn limited(limit: u32, ahead: u32) -> Reply {
    let fields = [
        &format!("X-Rate-Limit-Limit: {limit}"),
        "X-Rate-Limit-Remaining: 0",
        &format!("X-Rate-Limit-Reset: {}", 1_705_311_000 + ahead),
        "Date: Mon, 15 Jan 2024 09:30:00 GMT",
    ];
    Reply::new(429, &fields, r#"{"errorCode":"E0000047"}"#)
}

#[tokio::test]
async fn a_bucket_429_waits_for_the_reset_by_okta_s_clock() {
    let server = Responder::start(|number, _| match number {
        0 => limited(600, 0),
        _ => Reply::json(&[], "[]"),
    });
    let setup = setup(&server, &[]);
    let began = Instant::now();
    setup
        .client
        .get("/api/v1/users")
        .await
        .expect("an answer after the wait");
    assert!(began.elapsed() >= Duration::from_secs(1) && began.elapsed() < Duration::from_secs(3));
    assert!(setup.meter.read().waited >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_concurrency_429_backs_off_shortly_and_does_not_close_the_bucket() {
    let server = Responder::start(|number, _| match number {
        0..3 => limited(0, 60),
        _ => Reply::json(&[], "[]"),
    });
    let setup = setup(&server, &[]);
    let began = Instant::now();
    setup.client.get("/api/v1/users").await.expect("an answer");
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(
        setup.meter.read().rate_limit,
        None,
        "the zero was taken for a limit"
    );
}

#[tokio::test]
async fn a_429_without_end_ends() {
    let server = Responder::start(|_, _| limited(0, 60));
    assert_eq!(
        get_code(&server, &[("retry.max_attempts", "2")]).await,
        ErrorCode::ConcurrencyLimited
    );
    assert_eq!(server.heads().len(), 8, "four times as patient as with errors");
    let server = Responder::start(|_, _| limited(600, 30));
    let setup = setup(&server, &[]);
    let error = setup
        .client
        .brief()
        .get("/api/v1/users")
        .await
        .expect_err("no long wait");
    assert_eq!(error.code(), ErrorCode::RateLimited);
    assert_eq!(error.retry_after_hint(), Some(Duration::from_secs(31)));
    assert_eq!(server.heads().len(), 1);
}

#[tokio::test]
async fn the_reserve_holds_requests_back_and_a_cancel_ends_the_wait() {
    let server = Responder::start(|_, _| {
        let fields = [
            "X-Rate-Limit-Limit: 10",
            "X-Rate-Limit-Remaining: 1",
            "X-Rate-Limit-Reset: 1705311050",
        ];
        Reply::json(
            &[fields.as_slice(), &["Date: Mon, 15 Jan 2024 09:30:00 GMT"]].concat(),
            "[]",
        )
    });
    let setup = setup(&server, &[]);
    setup.client.get("/api/v1/users").await.expect("the first goes");
    let later = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let left = setup.meter.read().wait_left;
        assert!(
            left > Duration::from_secs(45) && left <= Duration::from_secs(51),
            "{left:?}"
        );
        setup.cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(setup.client.get("/api/v1/users"), later);
    assert_eq!(outcome.expect_err("cancelled").code(), ErrorCode::Cancelled);
    assert_eq!(server.heads().len(), 1);
}

#[tokio::test]
async fn an_org_tells_who_it_is() {
    let body = r#"{"id":"00o1aaaaaaaaaaaaa001","pipeline":"idx","_links":{"organization":{"href":"https://example.okta.com"}}}"#;
    let server = Responder::start(move |_, _| Reply::json(&[], body));
    let found = organization(&setup(&server, &[]).client).await.expect("an org");
    assert_eq!(
        (found.id.as_str(), found.alternates.len()),
        ("00o1aaaaaaaaaaaaa001", 1)
    );
    assert!(!server.heads()[0].to_lowercase().contains("authorization"));
}

#[tokio::test]
async fn hosts_that_are_no_org() {
    let edge = "{\"status\":404,\"message\":\"Resource not found\"}\n";
    for (status, body, expected) in [
        (200, "<html>Welcome</html>", ErrorCode::NotAnOktaOrg),
        (200, "{}", ErrorCode::NotAnOktaOrg),
        (200, r#"{"id":""}"#, ErrorCode::NotAnOktaOrg),
        (200, r#"{"id":7}"#, ErrorCode::NotAnOktaOrg),
        (404, "<html>Not Found</html>", ErrorCode::NotAnOktaOrg),
        (403, "", ErrorCode::NotAnOktaOrg),
        (404, edge, ErrorCode::OrgDeactivated),
        (302, "", ErrorCode::Redirected),
    ] {
        let server = Responder::start(move |_, _| Reply::new(status, &[], body));
        let error = organization(&setup(&server, &[]).client).await.expect_err(body);
        assert_eq!(error.code(), expected, "{status} {body}");
        assert_eq!(server.heads().len(), 1, "{status} {body}");
    }
}
