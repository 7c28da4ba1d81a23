//! The way to Okta in a bank: a private CA, a proxy, and neither of them.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use okta_profiles::contract::errors::ErrorCode;
use okta_sim::{OktaSim, Role};

use crate::fixture::{Fixture, QUICK, assert_code};

#[test]
fn a_private_ca_is_trusted_once_it_is_set() {
    let sim = OktaSim::builder().users(500).seed(90).tls(true).start().unwrap();
    assert!(sim.url().starts_with("https://"));
    let fixture = Fixture::connected(&sim, QUICK);
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::TlsFailed);
    assert!(
        sim.requests().is_empty(),
        "nothing was sent over an untrusted connection"
    );
    let ca = fixture.folder.path().join("ca.pem");
    std::fs::write(&ca, sim.ca_pem().unwrap()).unwrap();
    fixture.engine.set("http.ca_file", ca.to_str().unwrap()).unwrap();
    fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_ca_file_without_certificates_is_named() {
    let sim = OktaSim::builder().users(5).seed(90).tls(true).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    for text in [
        "",
        "-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n",
    ] {
        let ca = fixture.folder.path().join("ca.pem");
        std::fs::write(&ca, text).unwrap();
        fixture.engine.set("http.ca_file", ca.to_str().unwrap()).unwrap();
        assert_code(&fixture.sync().unwrap_err(), ErrorCode::CaInvalid);
    }
}

#[test]
fn a_self_signed_server_certificate_is_named_as_one_or_trusted() {
    for as_authority in [true, false] {
        let sim = OktaSim::builder()
            .users(20)
            .seed(90)
            .self_signed(as_authority)
            .start()
            .unwrap();
        let fixture = Fixture::connected(&sim, QUICK);
        assert_code(&fixture.sync().unwrap_err(), ErrorCode::TlsFailed);
        let ca = fixture.folder.path().join("ca.pem");
        std::fs::write(&ca, sim.ca_pem().unwrap()).unwrap();
        fixture.engine.set("http.ca_file", ca.to_str().unwrap()).unwrap();
        if as_authority {
            // What may sign others must not stand for a server, and giving it to http.ca_file does not help.
            let error = fixture.sync().unwrap_err();
            assert_code(&error, ErrorCode::TlsFailed);
            for word in ["self-signed", "http.ca_file"] {
                assert!(error.message().contains(word), "{error}");
            }
        } else {
            fixture.sync().unwrap();
            fixture.assert_equals_org(&sim);
        }
    }
}

/// A CONNECT proxy that sends every tunnel to one address, whatever host was asked for.
fn proxy(target: String) -> (String, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let tunnels = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&tunnels);
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let (target, counted) = (target.clone(), Arc::clone(&counted));
            std::thread::spawn(move || tunnel(client, &target, &counted));
        }
    });
    (address, tunnels)
}

fn tunnel(mut client: TcpStream, target: &str, tunnels: &AtomicU64) {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        if client.read(&mut byte).unwrap_or(0) == 0 {
            return;
        }
        request.push(byte[0]);
    }
    assert!(request.starts_with(b"CONNECT "), "only tunnels are asked for");
    assert!(
        !request.windows(5).any(|word| word == b"SSWS "),
        "the token is inside the tunnel only"
    );
    tunnels.fetch_add(1, Ordering::SeqCst);
    let mut server = TcpStream::connect(target).unwrap();
    client
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .unwrap();
    let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let up = std::thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
    // Either side may hang up first; that ends the copy and is no error of the test.
    let _ = std::io::copy(&mut server, &mut client);
    let _ = client.shutdown(std::net::Shutdown::Both);
    let _ = up.join();
}

#[test]
fn requests_go_through_the_proxy_and_only_there() {
    let sim = OktaSim::builder().users(500).seed(91).tls(true).start().unwrap();
    let port = sim
        .url()
        .rsplit(':')
        .next()
        .unwrap()
        .trim_end_matches('/')
        .to_owned();
    let (address, tunnels) = proxy(format!("127.0.0.1:{port}"));
    let fixture = Fixture::unconnected(QUICK);
    let ca = fixture.folder.path().join("ca.pem");
    std::fs::write(&ca, sim.ca_pem().unwrap()).unwrap();
    fixture.engine.set("http.ca_file", ca.to_str().unwrap()).unwrap();
    fixture.engine.set("http.proxy", &address).unwrap();
    // A name that only the proxy can reach; the certificate of the simulation covers it.
    fixture
        .engine
        .connect(
            &format!("https://okta-sim.test:{port}"),
            sim.token(Role::SuperAdmin),
        )
        .unwrap();
    fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    assert!(tunnels.load(Ordering::SeqCst) > 0);
    fixture.engine.set("http.no_proxy", "okta-sim.test").unwrap();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::NameNotResolved);
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let fixture = Fixture::unconnected(&[("retry.max_attempts", "2"), ("retry.base_delay_ms", "1")]);
    fixture.engine.set("http.proxy", "http://127.0.0.1:9").unwrap();
    fixture
        .engine
        .connect("https://example.okta.com", "00token")
        .unwrap();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::ProxyFailed);
    fixture
        .engine
        .set("http.proxy", "proxy without a scheme")
        .unwrap();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::ProxyInvalid);
}
