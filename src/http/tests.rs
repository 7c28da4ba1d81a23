//! Tests of the transport against real sockets: what breaks, what is refused, what is hidden.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use url::Url;

use crate::cancel::CancelToken;
use crate::contract::errors::{ErrorCode, Result};
use crate::contract::settings::Settings;
use crate::http::loopback::{Reply, Responder};
use crate::http::{Authorization, Request, Response, TlsCache, Transport};
use crate::secret::Secret;

/// gzip of 100 000 bytes of JSON: `[`, blanks, `]`.
#[rustfmt::skip]
const BOMB: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0xed, 0xc1, 0x41, 0x11, 0x00, 0x00, 0x0c, 0x02, 0xa0, 0x2a,
    0xeb, 0xe5, 0xad, 0x7f, 0x0d, 0x6b, 0xf8, 0x00, 0x72, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0xa8, 0x2f, 0xbe, 0xde, 0x6d, 0x95, 0xa0, 0x86, 0x01, 0x00,
];

/// gzip of `[{"id":"00u1"}]`.
#[rustfmt::skip]
const SMALL: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0x8b, 0xae, 0x56, 0xca, 0x4c, 0x51, 0xb2, 0x52, 0x32, 0x30,
    0x28, 0x35, 0x54, 0xaa, 0x8d, 0x05, 0x00, 0x6c, 0x92, 0xe7, 0x8e, 0x0f, 0x00, 0x00, 0x00,
];

fn settings(pairs: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::default();
    settings.set("http.max_body_bytes", "65536").expect("a setting");
    for (key, value) in pairs {
        settings.set(key, value).expect(key);
    }
    settings
}

async fn get_with(pairs: &[(&str, &str)], url: &str) -> Result<Response> {
    let transport = Transport::new(&settings(pairs), &TlsCache::new())?;
    let request = Request::get(Url::parse(url).expect("a URL"));
    transport.send(request, &CancelToken::new()).await
}

async fn get(server: &Responder) -> Result<Response> {
    get_with(&[("http.read_timeout_seconds", "1")], &server.base()).await
}

async fn code_of(server: &Responder) -> ErrorCode {
    get(server).await.expect_err("must fail").code()
}

#[tokio::test]
async fn an_answer_comes_back_whole() {
    let server = Responder::start(|_, _| Reply::new(429, &["X-A: 1", "x-a: 2", "Set-Cookie: sid=1"], "{}"));
    let response = get(&server).await.expect("an answer");
    assert_eq!(
        (response.status, response.body.as_slice()),
        (429, b"{}".as_slice())
    );
    assert_eq!(response.headers.get_all("X-a").collect::<Vec<_>>(), ["1", "2"]);
    let head = &server.heads()[0].to_lowercase();
    assert!(
        head.contains("user-agent: okta-profiles/") && head.contains("accept-encoding: gzip"),
        "{head}"
    );
}

#[tokio::test]
async fn no_cookie_comes_back() {
    let server = Responder::start(|_, _| Reply::new(200, &["Set-Cookie: sid=1; Path=/"], "{}"));
    let transport = Transport::new(&settings(&[]), &TlsCache::new()).expect("a transport");
    for _ in 0..2 {
        let request = Request::get(Url::parse(&server.base()).expect("a URL"));
        transport
            .send(request, &CancelToken::new())
            .await
            .expect("an answer");
    }
    assert!(!server.heads()[1].to_lowercase().contains("cookie"));
}

#[tokio::test]
async fn the_credential_is_sent_as_given() {
    let server = Responder::start(|_, _| Reply::new(200, &[], "{}"));
    let transport = Transport::new(&settings(&[]), &TlsCache::new()).expect("a transport");
    let mut request = Request::get(Url::parse(&server.base()).expect("a URL"));
    let credential = Secret::credential("00abc").expect("a credential");
    request.authorization = Some(Authorization {
        scheme: "SSWS",
        credential,
    });
    transport
        .send(request, &CancelToken::new())
        .await
        .expect("an answer");
    assert!(
        server.heads()[0]
            .to_lowercase()
            .contains("authorization: ssws 00abc\r\n")
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let server = Responder::start(|_, _| Reply::new(302, &["Location: /elsewhere"], ""));
    assert_eq!(get(&server).await.expect("an answer").status, 302);
    assert_eq!(server.heads().len(), 1);
}

#[tokio::test]
async fn gzip_is_unpacked_and_its_cap_counts_unpacked_bytes() {
    let gzip = ["Content-Encoding: gzip"];
    let server = Responder::start(move |_, _| Reply::new(200, &gzip, SMALL));
    assert_eq!(get(&server).await.expect("an answer").body, br#"[{"id":"00u1"}]"#);
    let server = Responder::start(move |_, _| Reply::new(200, &gzip, BOMB));
    assert_eq!(code_of(&server).await, ErrorCode::BodyTooLarge);
    let server = Responder::start(move |_, _| Reply::new(200, &gzip, &SMALL[..SMALL.len() - 12]));
    assert_eq!(code_of(&server).await, ErrorCode::ConnectionLost);
    let server = Responder::start(move |_, _| Reply::new(200, &gzip, "not gzip at all"));
    assert_eq!(code_of(&server).await, ErrorCode::ConnectionLost);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_early_and_late() {
    let announced = b"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n[";
    let server = Responder::start(move |_, _| Reply::Stall(announced.to_vec()));
    let began = Instant::now();
    assert_eq!(code_of(&server).await, ErrorCode::BodyTooLarge);
    assert!(
        began.elapsed() < Duration::from_millis(900),
        "the body was waited for"
    );
    let server = Responder::start(|_, _| {
        let mut bytes = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        bytes.extend(std::iter::repeat_n(b' ', 70_000));
        Reply::Bytes(bytes)
    });
    assert_eq!(code_of(&server).await, ErrorCode::BodyTooLarge);
}

#[tokio::test]
async fn broken_answers_are_lost_connections() {
    for bytes in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"id\":",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2,\r\n",
        "HTTP/1.1 200 OK\r\nContent-",
        "",
        "what is this?\r\n\r\n",
    ] {
        let server = Responder::start(move |_, _| Reply::Bytes(bytes.into()));
        assert_eq!(code_of(&server).await, ErrorCode::ConnectionLost, "{bytes}");
    }
}

#[tokio::test]
async fn silence_is_a_time_out() {
    for bytes in ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,2"] {
        let server = Responder::start(move |_, _| Reply::Stall(bytes.into()));
        assert_eq!(code_of(&server).await, ErrorCode::TimedOut, "{bytes}");
    }
}

#[tokio::test]
async fn a_cancel_ends_the_wait_at_once() {
    let server = Responder::start(|_, _| Reply::Stall(Vec::new()));
    let transport = Transport::new(&settings(&[]), &TlsCache::new()).expect("a transport");
    let cancel = CancelToken::new();
    let request = Request::get(Url::parse(&server.base()).expect("a URL"));
    let later = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        cancel.cancel();
    };
    let (outcome, ()) = tokio::join!(transport.send(request, &cancel), later);
    assert_eq!(outcome.expect_err("cancelled").code(), ErrorCode::Cancelled);
}

#[tokio::test]
async fn hosts_that_cannot_be_reached() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("its address");
    let plain = Responder::start(|_, _| Reply::new(200, &[], "{}"));
    let tls_to_plain = plain.base().replace("http://", "https://");
    for (url, code) in [
        (
            format!("http://{closed}/a?login=user0001"),
            ErrorCode::ConnectFailed,
        ),
        (
            "https://no-such-host.invalid/a?login=user0001".to_owned(),
            ErrorCode::NameNotResolved,
        ),
        ("http://example.okta.com/".to_owned(), ErrorCode::OrgUrlNotHttps),
        ("ftp://127.0.0.1/".to_owned(), ErrorCode::OrgUrlNotHttps),
    ] {
        let error = get_with(&[], &url).await.expect_err(&url);
        assert_eq!(error.code(), code, "{error}");
        assert!(!error.message().contains("user0001"), "{error}");
    }
    let error = get_with(&[], &tls_to_plain).await.expect_err("no TLS there");
    assert_eq!(error.code(), ErrorCode::TlsFailed, "{error}");
    assert!(error.message().contains("does not speak TLS"), "{error}");
}

#[tokio::test]
async fn a_proxy_is_asked_for_the_tunnel_and_its_refusal_is_named() {
    let proxy = Responder::start(|_, _| Reply::new(407, &["Proxy-Authenticate: Basic"], ""));
    let address = proxy.base().replace("http://", "http://user:p%40ss@");
    let error = get_with(&[("http.proxy", &address)], "https://example.okta.com/api")
        .await
        .expect_err("refused");
    assert_eq!(error.code(), ErrorCode::ProxyInvalid);
    assert!(!format!("{error}").contains("p@ss"));
    let head = proxy.heads()[0].to_lowercase();
    assert!(head.starts_with("connect example.okta.com:443 "), "{head}");
    assert!(head.contains("proxy-authorization: basic dxnlcjpwqhnz"), "{head}");
}

#[tokio::test]
async fn a_proxy_that_fails_is_named() {
    for reply in [
        "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 403 No\r\n\r\n",
        "",
    ] {
        let proxy = Responder::start(move |_, _| Reply::Bytes(reply.into()));
        let address = proxy.base();
        let pairs = [("http.proxy", address.as_str())];
        let error = get_with(&pairs, "https://example.okta.com/api")
            .await
            .expect_err("refused");
        assert_eq!(error.code(), ErrorCode::ProxyFailed, "{reply}");
    }
}

#[tokio::test]
async fn a_dead_proxy_is_named_and_loopback_goes_past_it() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("its address");
    let proxy = format!("http://{closed}");
    let pairs = [("http.proxy", proxy.as_str()), ("http.no_proxy", ".invalid")];
    let error = get_with(&pairs, "https://example.okta.com/")
        .await
        .expect_err("no proxy there");
    assert_eq!(error.code(), ErrorCode::ProxyFailed);
    let error = get_with(&pairs, "https://no-such-host.invalid/")
        .await
        .expect_err("no such host");
    assert_eq!(error.code(), ErrorCode::NameNotResolved);
    let server = Responder::start(|_, _| Reply::new(200, &[], "{}"));
    assert_eq!(
        get_with(&pairs, &server.base()).await.expect("direct").status,
        200
    );
}

#[test]
fn a_transport_needs_no_runtime_to_be_made() {
    let tls = TlsCache::new();
    let transport = Transport::new(&Settings::default(), &tls).expect("a transport");
    drop(transport.clone());
    assert!(Transport::new(&settings(&[("http.ca_file", "/nowhere.pem")]), &tls).is_err());
    let with_password = settings(&[("http.proxy", "http://user:hidden@proxy:3128")]);
    let shown = format!("{:?}", Transport::new(&with_password, &tls).expect("a transport"));
    assert!(!shown.contains("hidden"), "{shown}");
}
