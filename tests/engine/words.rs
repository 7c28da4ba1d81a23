//! What is said when connecting goes wrong names the cause and the cure.

use std::io::{Read, Write};
use std::net::TcpListener;

use okta_profiles::contract::errors::{Error, ErrorCode};
use okta_profiles::engine::{Engine, Trial};
use okta_sim::{OktaSim, Role};

use crate::fixture::{Fixture, QUICK, assert_code};

const ONCE: &[(&str, &str)] = &[("retry.max_attempts", "1"), ("http.read_timeout_seconds", "1")];

fn tried(engine: &Engine, url: &str) -> Error {
    engine.connect_with(url, "00token", Trial::Always).unwrap_err()
}

fn assert_says(error: &Error, code: ErrorCode, words: &[&str]) {
    assert_code(error, code);
    for word in words {
        assert!(error.message().contains(word), "{word}: {error}");
    }
}

#[test]
fn https_to_a_port_of_plain_http() {
    let sim = OktaSim::builder().users(5).seed(92).start().unwrap();
    let fixture = Fixture::unconnected(ONCE);
    let url = sim.url().replace("http://", "https://");
    assert_says(
        &tried(&fixture.engine, &url),
        ErrorCode::TlsFailed,
        &["does not speak TLS"],
    );
    // One that hangs up at once, as others do.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _read = stream.read(&mut [0; 512]).unwrap();
    });
    let error = tried(&fixture.engine, &format!("https://127.0.0.1:{port}"));
    server.join().unwrap();
    assert_says(&error, ErrorCode::TlsFailed, &["does not speak TLS"]);
}

/// A proxy that wants a login by these schemes.
fn proxy(schemes: &'static [&'static str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut head = Vec::new();
            let mut part = [0; 512];
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read(&mut part) {
                    Ok(count @ 1..) => head.extend_from_slice(&part[..count]),
                    _ => break,
                }
            }
            let fields: String = schemes
                .iter()
                .map(|scheme| format!("Proxy-Authenticate: {scheme}\r\n"))
                .collect();
            let answer = format!("HTTP/1.1 407 Login\r\n{fields}Content-Length: 0\r\n\r\n");
            // The asker may be gone already.
            drop(stream.write_all(answer.as_bytes()));
        }
    });
    address
}

#[test]
fn a_proxy_that_takes_no_login_of_our_kind() {
    let fixture = Fixture::unconnected(ONCE);
    let engine = &fixture.engine;
    engine.set("http.proxy", &proxy(&["NTLM", "Negotiate"])).unwrap();
    let error = tried(engine, "https://okta.test");
    assert_says(
        &error,
        ErrorCode::ProxyInvalid,
        &["NTLM or Negotiate", "not supported"],
    );
    engine
        .set("http.proxy", &proxy(&["Negotiate", "Basic realm=\"x\""]))
        .unwrap();
    let error = tried(engine, "https://okta.test");
    // Its example of a login looks like an address, so it is not scanned for one.
    assert_eq!(error.code(), ErrorCode::ProxyInvalid);
    assert!(error.message().contains("user and a password"), "{error}");
}

#[test]
fn an_internal_address_is_no_org_unless_it_is_allowed() {
    let sim = OktaSim::builder().users(5).seed(92).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let engine = &fixture.engine;
    let metadata = engine.connect("https://169.254.169.254", "00token").unwrap_err();
    assert_says(&metadata, ErrorCode::OrgUrlInternal, &["okta.internal_addresses"]);
    engine.set("okta.internal_addresses", "none").unwrap();
    // One that is kept is not asked either.
    sim.clear_requests();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::OrgUrlInternal);
    assert_code(&engine.validate().unwrap_err(), ErrorCode::OrgUrlInternal);
    assert!(sim.requests().is_empty());
    engine.set("okta.internal_addresses", "loopback").unwrap();
    fixture.sync().unwrap();
}

#[test]
fn what_was_pasted_wrongly() {
    let fixture = Fixture::unconnected(ONCE);
    let url = |url: &str| fixture.engine.connect(url, "00token").unwrap_err();
    assert_says(
        &url("htps://example.okta.com"),
        ErrorCode::OrgUrlNotHttps,
        &["typing error"],
    );
    assert_says(
        &url("\"https://example.okta.com\""),
        ErrorCode::OrgUrlInvalid,
        &["quotation marks"],
    );
    let token = fixture
        .engine
        .connect("https://example.okta.com", "OKTA_API_TOKEN=00token")
        .unwrap_err();
    assert_says(&token, ErrorCode::CredentialMalformed, &["equals sign"]);
}

#[test]
fn a_first_sync_that_sees_nobody_does_not_speak_of_users_that_were_there() {
    let sim = OktaSim::builder().users(5).seed(92).start().unwrap();
    let fixture = Fixture::unconnected(QUICK);
    fixture
        .engine
        .connect(sim.url(), sim.token(Role::RoleLess))
        .unwrap();
    let error = fixture.sync().unwrap_err();
    assert_says(&error, ErrorCode::NobodySeen, &["Read-only Administrator"]);
    assert!(!error.message().contains("although"));
}
