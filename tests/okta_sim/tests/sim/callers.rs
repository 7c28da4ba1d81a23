//! Who may do what, and how often: tokens, scopes, rate limits, concurrency, TLS.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use okta_sim::{Bucket, OktaSim, Role};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::client::{get, get_as, read_answer, send};

fn sim() -> OktaSim {
    OktaSim::builder().users(2_000).start().expect("a running org")
}

#[test]
fn each_role_sees_what_it_should() {
    let sim = sim();
    let asks = |role, path: &str| {
        let answer = get_as(&sim, role, path);
        (
            answer.status,
            if answer.status == 200 {
                String::new()
            } else {
                answer.error_code()
            },
        )
    };
    let ok = || (200, String::new());
    let forbidden = || (403, "E0000006".to_owned());
    let hooks = "/api/v1/eventHooks";
    assert_eq!(asks(Role::SuperAdmin, hooks), ok());
    assert_eq!(
        asks(Role::ReadOnlyAdmin, "/api/v1/meta/schemas/user/default"),
        ok()
    );
    assert_eq!(asks(Role::ReadOnlyAdmin, hooks), forbidden());
    assert_eq!(asks(Role::UserReader, "/api/v1/users?limit=1"), ok());
    assert_eq!(asks(Role::UserReader, "/api/v1/groups"), forbidden());
    assert_eq!(asks(Role::RoleLess, "/api/v1/groups"), forbidden());
    assert_eq!(get_as(&sim, Role::RoleLess, "/api/v1/users").body, b"[]");
    assert_eq!(asks(Role::Expired, "/api/v1/users"), (401, "E0000011".into()));
    assert_eq!(asks(Role::FeatureOff, hooks), (401, "E0000015".into()));
    sim.assign_role(Role::SuperAdmin, Role::Expired);
    assert_eq!(asks(Role::SuperAdmin, hooks).0, 401);
}

#[test]
fn a_group_admin_gets_short_and_empty_pages() {
    let sim = sim();
    let mut sizes = Vec::new();
    let mut next = Some("/api/v1/users?limit=100".to_owned());
    while let Some(path) = next {
        let answer = get_as(&sim, Role::GroupAdmin, &path);
        sizes.push(answer.rows().len());
        next = answer.next();
    }
    assert!(
        sizes.contains(&0) && sizes.iter().all(|&size| size < 100),
        "{sizes:?}"
    );
    assert!(sizes.iter().sum::<usize>() > 500);
}

#[test]
fn a_missing_or_garbled_header_is_an_invalid_session() {
    let sim = sim();
    let code = |headers: &[&str]| {
        let answer = send(&sim, "GET", "/api/v1/users", headers, "").expect("an answer");
        (answer.status, answer.error_code())
    };
    assert_eq!(code(&[]), (403, "E0000005".into()));
    assert_eq!(code(&["Authorization: nonsense"]), (403, "E0000005".into()));
    assert_eq!(code(&["Authorization: SSWS 00unknown"]), (401, "E0000011".into()));
}

#[test]
fn bearer_refusals_have_no_body() {
    let sim = sim();
    let token = sim.issue_bearer(&["okta.users.read"]);
    let ask = |token: &str, path: &str| {
        let header = format!("Authorization: Bearer {token}");
        send(&sim, "GET", path, &[&header], "").expect("an answer")
    };
    assert_eq!(ask(&token, "/api/v1/users?limit=1").status, 200);
    let refused = ask(&token, "/api/v1/groups");
    let challenge = refused.header("www-authenticate").unwrap_or_default();
    assert!(refused.status == 403 && refused.body.is_empty());
    assert!(challenge.contains("scope=\"okta.groups.read\", error=\"insufficient_scope\""));
    sim.revoke_bearer(&token);
    let refused = ask(&token, "/api/v1/users");
    let challenge = refused.header("www-authenticate").unwrap_or_default();
    assert!(refused.status == 401 && challenge.contains("error=\"invalid_token\""));
    let weak = sim.issue_bearer_as(&["okta.groups.manage"], Role::RoleLess);
    assert_eq!(ask(&weak, "/api/v1/groups").error_code(), "E0000006");
}

#[test]
fn a_rate_limit_window_closes_and_opens_again() {
    let sim = OktaSim::builder()
        .users(50)
        .rate_limit(Bucket::Users, 3)
        .window(Duration::from_secs(2))
        .start()
        .expect("a running org");
    let first = get(&sim, "/api/v1/users");
    assert_eq!(
        (
            first.number("x-rate-limit-limit"),
            first.number("x-rate-limit-remaining")
        ),
        (3, 2)
    );
    let statuses: Vec<u16> = (0..3).map(|_| get(&sim, "/api/v1/users").status).collect();
    assert_eq!(statuses, [200, 200, 429]);
    let refused = get(&sim, "/api/v1/users");
    assert_eq!(refused.error_code(), "E0000047");
    assert_eq!(
        refused.number("x-rate-limit-reset"),
        first.number("x-rate-limit-reset")
    );
    assert!(refused.header("retry-after").is_none());
    assert_eq!(get(&sim, "/api/v1/groups").status, 200, "another bucket");
    std::thread::sleep(Duration::from_millis(2_100));
    assert_eq!(get(&sim, "/api/v1/users").status, 200);
}

#[test]
fn too_many_at_once_are_refused_with_a_limit_of_zero() {
    let sim = OktaSim::builder()
        .users(10)
        .concurrency_limit(2)
        .latency(Duration::from_millis(200))
        .start()
        .expect("a running org");
    let answers: Vec<_> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..5)
            .map(|_| scope.spawn(|| get(&sim, "/api/v1/users")))
            .collect();
        asking
            .into_iter()
            .map(|one| one.join().expect("an answer"))
            .collect()
    });
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(!refused.is_empty() && sim.peak_in_flight() > 2);
    assert_eq!(refused[0].number("x-rate-limit-limit"), 0);
    assert_eq!(refused[0].number("x-rate-limit-remaining"), 0);
}

#[test]
fn tls_is_served_with_the_given_authority() {
    let sim = OktaSim::builder()
        .users(10)
        .tls(true)
        .start()
        .expect("a running org");
    let authority = CertificateDer::from_pem_slice(sim.ca_pem().unwrap_or_default().as_bytes());
    let mut roots = RootCertStore::empty();
    roots
        .add(authority.expect("a certificate"))
        .expect("an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let host = sim.url().trim_start_matches("https://");
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    let client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut stream = StreamOwned::new(client, TcpStream::connect(host).expect("a connection"));
    let request = "GET /.well-known/okta-organization HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("a request");
    assert_eq!(
        read_answer(&mut stream).expect("an answer").json()["id"],
        sim.org_id()
    );

    let mut plain = TcpStream::connect(host).expect("a connection");
    plain
        .write_all(b"GET /x HTTP/1.1\r\nAuthorization: SSWS 00\r\n\r\n")
        .expect("a request");
    assert!(read_answer(&mut plain).is_err());
    let caught = sim.attacker_requests();
    assert!(caught.len() == 1 && caught[0].had_credential, "{caught:?}");
}
