//! Every unpleasant side of Okta, one at a time and all at once: the directory must equal the org in
//! the end, without a storm of requests and without a user twice.

use std::time::Duration;

use okta_profiles::model::SyncReport;
use okta_sim::{Fault, OktaSim};

use crate::fixture::{Fixture, QUICK};

/// Users in the org. Large enough that every fault hits in the middle of a run many times.
const USERS: usize = 20_000;

/// Each fault strikes at every so-manieth request.
const PERIOD: u32 = 9;

/// A run may be interrupted by a fault that stays longer than the retries; the host calls again.
fn sync_until_complete(fixture: &Fixture) -> SyncReport {
    for _ in 0..12 {
        match fixture.sync() {
            Ok(report) => return report,
            Err(error) => crate::fixture::privacy_scan(&error.to_string()),
        }
    }
    panic!("the run never completed:\n{}", fixture.log_text());
}

fn check(faults: &[Fault], users: usize, most_requests_a_page: u64) {
    let sim = OktaSim::builder()
        .users(u32::try_from(users).unwrap())
        .seed(20)
        .window(Duration::from_secs(1))
        .start()
        .unwrap();
    sim.set_fault_period(PERIOD);
    sim.set_faults(faults);
    let fixture = Fixture::connected(&sim, QUICK);
    let report = sync_until_complete(&fixture);
    fixture.assert_equals_org(&sim);
    assert_eq!(report.present as usize, users, "{faults:?}");
    // Pages are halved where Okta times out on large ones. Anything beyond this would be a storm.
    let pages = users.div_ceil(100) as u64 + 10;
    let most = pages * most_requests_a_page;
    assert!(
        report.requests <= most,
        "{faults:?}: {} requests for {pages} pages",
        report.requests
    );
}

#[test]
fn each_recoverable_fault_in_turn() {
    for fault in Fault::RECOVERABLE {
        check(&[*fault], USERS, 3);
    }
}

#[test]
fn all_recoverable_faults_at_once() {
    // A dozen of them make a request fail, each at every ninth: hardly a request goes through at once.
    check(Fault::RECOVERABLE, USERS, 6);
}
