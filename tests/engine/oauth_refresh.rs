//! Refreshing for ever: short-lived and rotating tokens under a whole sync, several processes and threads;
//! and where tokens never go.

use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::time::Duration;

use okta_sim::{Fault, OAuthApp, OktaSim, RequestRecord};

use crate::fixture::{Fixture, QUICK};
use crate::kill::wait_until_it_waits;
use crate::sign_in::{REDIRECT_URI, connect_service_app, grant_requests, grants, org, rotating, sign_in};

/// No two requests were under way at once.
fn assert_one_at_a_time(requests: &[RequestRecord]) {
    let mut spans: Vec<_> = requests.iter().map(|one| (one.arrived, one.at)).collect();
    spans.sort();
    for pair in spans.windows(2) {
        assert!(pair[0].1 <= pair[1].0, "two refreshes at once: {pair:?}");
    }
}

#[test]
fn fifty_thousand_users_with_tokens_of_two_seconds() {
    let mut app = OAuthApp::web(&[REDIRECT_URI]);
    rotating(&mut app);
    app.access_token_lifetime = Duration::from_secs(2);
    let sim = OktaSim::builder()
        .users(50_000)
        .seed(3)
        .web_app(app)
        .latency(Duration::from_millis(30))
        .concurrency_limit(4)
        .start()
        .unwrap();
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    let report = fixture.sync().unwrap();
    assert_eq!(report.present, 50_000);
    fixture.assert_equals_org(&sim);
    let refreshes = grant_requests(&sim, "refresh_token");
    assert!(
        refreshes.len() >= 2,
        "the sync outlived its first token: {}",
        refreshes.len()
    );
    // One for each life of a token, which is renewed when a fifth of it is left, and no more.
    let lives = refreshes.last().unwrap().at.as_millis() / 1_500 + 2;
    assert!(
        refreshes.len() as u128 <= lives,
        "{} in {lives} lives",
        refreshes.len()
    );
    assert_one_at_a_time(&refreshes);
    assert_eq!(sim.token_reuses(), 0);
    let refused = sim.requests().iter().filter(|one| one.status == 401).count();
    assert!(refused <= refreshes.len(), "{refused} requests with a dead token");
}

#[test]
fn access_tokens_go_to_the_org_only() {
    for fault in [Fault::Redirect, Fault::ForeignNext, Fault::NextWithOtherScheme] {
        let sim = org(500, |_| {});
        let fixture = Fixture::unconnected(QUICK);
        sign_in(&fixture.engine, &sim);
        sim.set_faults(&[fault]);
        fixture.sync().unwrap_err();
        assert!(sim.attacker_requests().is_empty(), "{fault}");
        let service = Fixture::unconnected(QUICK);
        connect_service_app(&service.engine, &sim, true);
        service.sync().unwrap_err();
        assert!(sim.attacker_requests().is_empty(), "{fault}");
    }
}

#[test]
fn two_processes_and_eight_threads_make_one_request() {
    let mut app = OAuthApp::web(&[REDIRECT_URI]);
    rotating(&mut app);
    let sim = OktaSim::builder()
        .users(5)
        .web_app(app)
        .latency(Duration::from_millis(400))
        .start()
        .unwrap();
    let fixture = Fixture::unconnected(QUICK);
    sign_in(&fixture.engine, &sim);
    // The other process waits for the directory, and what it wants is done before it gets it.
    let mut other = Command::new(env!("CARGO_BIN_EXE_okta-profiles"))
        .args(["--wait", "60", "--json", "--directory"])
        .arg(fixture.file())
        .arg("refresh")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until_it_waits(&other, &fixture.file());
    assert!(other.try_wait().unwrap().is_none(), "it waits");
    let barrier = Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                barrier.wait();
                fixture.engine.refresh_token().unwrap();
            });
        }
    });
    fixture.engine.close().unwrap();
    let output = other.wait_with_output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("\"oauth\""), "{said}");
    assert_eq!(grants(&sim, "refresh_token"), 1);
}

#[test]
fn bound_tokens_survive_new_nonces_and_early_ends() {
    let sim = org(3_000, |app| {
        rotating(app);
        app.dpop_required = true;
    });
    sim.change_service_app(|app| app.dpop_required = true);
    let settings = [QUICK, &[("sync.page_size", "20")]].concat();
    for by_key in [false, true] {
        let fixture = Fixture::unconnected(&settings);
        match by_key {
            true => connect_service_app(&fixture.engine, &sim, false),
            false => drop(sign_in(&fixture.engine, &sim)),
        }
        for moment in [10, 40, 90] {
            sim.at_request(moment, |org| {
                org.renew_dpop_nonce();
                org.expire_access_tokens();
            });
        }
        sim.clear_requests();
        fixture.sync().unwrap();
        fixture.assert_equals_org(&sim);
        assert!(fixture.engine.token_status().unwrap().dpop);
        // Each proof is good once: a 400 from the API would be one that was used again or made badly.
        let api = |one: &RequestRecord| one.path_and_query.starts_with("/api/") && one.status == 400;
        assert!(!sim.requests().iter().any(api));
        assert_eq!(sim.token_reuses(), 0);
    }
}

#[test]
fn a_wait_for_the_token_endpoint_takes_nothing_off_the_token() {
    let sim = org(2_000, |app| {
        rotating(app);
        app.access_token_lifetime = Duration::from_secs(2);
    });
    let fixture = Fixture::unconnected(&[QUICK, &[("sync.page_size", "20")]].concat());
    sign_in(&fixture.engine, &sim);
    sim.expire_access_tokens();
    // As long as a token lives, the client has to wait for the next one.
    sim.set_fault_period(1);
    sim.set_faults(&[Fault::TokenRateLimit]);
    fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    let refreshes = grants(&sim, "refresh_token");
    assert!(
        refreshes <= 6,
        "{refreshes} requests for the tokens of a few seconds"
    );
}
