//! Where personal data and secrets must not appear: logs, errors, Debug output, files, the process.
//!
//! Every fixture scans its log when it is dropped and every error is scanned when it is checked, so
//! this holds for the whole test program; here are the places those scans do not reach.

use std::time::Duration;

use okta_profiles::model::SyncOptions;
use okta_sim::{Fault, OAuthApp, OktaSim, Role};

use crate::fixture::{Fixture, QUICK, hand_over, jira_users, privacy_scan};
use crate::kill::{spawn_sync, wait_for_requests};
use crate::sign_in;

#[test]
fn the_token_is_in_no_file_of_the_directory() {
    let sim = OktaSim::builder().users(500).seed(100).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    fixture.engine.validate().unwrap();
    let token = sim.token(Role::SuperAdmin).as_bytes().to_vec();
    for file in std::fs::read_dir(fixture.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(token.len()).any(|window| window == token));
    }
}

#[test]
fn debug_output_hides_the_credential() {
    let sim = OktaSim::builder().users(5).seed(100).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let shown = format!("{:?} {:?}", fixture.engine, SyncOptions::default());
    assert!(!shown.contains(sim.token(Role::SuperAdmin)));
}

#[test]
fn a_run_full_of_faults_logs_much_and_tells_nothing() {
    let sim = OktaSim::builder()
        .users(2_000)
        .seed(101)
        .window(Duration::from_secs(1))
        .start()
        .unwrap();
    sim.set_fault_period(3);
    sim.set_faults(&[
        Fault::ServerError,
        Fault::TruncatedJson,
        Fault::ConnectionReset,
        Fault::HtmlOk,
    ]);
    let fixture = Fixture::connected(&sim, QUICK);
    hand_over(&fixture.engine, &jira_users(&sim, 1_000));
    for _ in 0..10 {
        match fixture.sync() {
            Ok(_) => break,
            Err(error) => privacy_scan(&format!("{error}\n{error:?}")),
        }
    }
    let log = fixture.log_text();
    assert!(log.lines().count() > 5, "{log}");
    privacy_scan(&log);
}

#[test]
fn the_token_is_not_in_the_arguments_of_the_process() {
    let sim = OktaSim::builder()
        .users(2_000)
        .seed(102)
        .latency(Duration::from_millis(50))
        .start()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut child = spawn_sync(&sim, &folder.path().join("directory.db"), "full", &[]);
    wait_for_requests(&sim, &mut child, 1);
    let arguments = std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
    let token = sim.token(Role::SuperAdmin);
    assert!(!String::from_utf8_lossy(&arguments).contains(token));
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    privacy_scan(&String::from_utf8_lossy(&output.stderr));
}

#[test]
fn nothing_of_a_sign_in_lies_open() {
    let mut app = OAuthApp::web(&[sign_in::REDIRECT_URI]);
    app.dpop_required = true;
    sign_in::rotating(&mut app);
    let sim = OktaSim::builder()
        .users(300)
        .seed(103)
        .web_app(app)
        .start()
        .unwrap();
    let fixture = Fixture::unconnected(QUICK);
    let callback = sign_in::begin(&fixture.engine, &sim);
    let (_, query) = callback.split_once('?').unwrap();
    let parts: Vec<&str> = query.split(['=', '&']).filter(|part| part.len() > 10).collect();
    assert!(parts.len() >= 2, "state and code: {query}");
    let secret = sim.web_app().client_secret;
    let scan = |when: &str| {
        for file in std::fs::read_dir(fixture.folder.path()).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            for text in parts.iter().copied().chain([secret.as_str(), "eyJ"]) {
                let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
                assert!(!found, "{when}: {} holds {text}", path.display());
            }
        }
        let shown = format!("{:?}{}", fixture.engine, fixture.log_text());
        for text in parts.iter().copied().chain([secret.as_str(), "eyJ"]) {
            assert!(!shown.contains(text), "{when}: log or Debug holds {text}");
        }
        privacy_scan(&fixture.log_text());
    };
    scan("a sign-in begun");
    fixture.engine.complete_authorization(&callback).unwrap();
    scan("a sign-in completed");
    fixture.sync().unwrap();
    fixture.engine.refresh_token().unwrap();
    scan("a sync and a renewal done");
    sim.set_faults(&[Fault::TokenAlwaysServerError]);
    privacy_scan(&format!("{:?}", fixture.engine.refresh_token().unwrap_err()));
    sim.clear_faults();
    fixture.engine.disconnect().unwrap();
    scan("disconnected");
    assert!(!fixture.folder.path().join("directory.db.key").exists());
}
