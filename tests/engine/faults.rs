//! Every unpleasant side of Okta, one at a time and all at once: the directory must equal the org in
//! the end, without a storm of requests and without a user twice.

use std::time::Duration;

use okta_profiles::model::SyncReport;
use okta_sim::{Fault, OktaSim};

use crate::fixture::{Fixture, QUICK};

/// Users in the org. Large enough that every fault hits in the middle of a run many times.
const USERS: usize = 20_000;

/// Faults happen at every so-manieth request.
const PERIOD: u64 = 9;

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

fn check(faults: &[Fault], users: usize) {
    let sim = OktaSim::builder()
        .users(users)
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
    // 100 pages of 200 users; half pages where Okta times out on large ones; one retry or restart now
    // and then. Anything beyond three times the largest of that would be a storm.
    let pages = users.div_ceil(100) as u64 + 10;
    assert!(
        report.requests <= pages * 3,
        "{faults:?}: {} requests for {pages} pages",
        report.requests
    );
}

#[test]
fn each_recoverable_fault_in_turn() {
    for fault in Fault::RECOVERABLE {
        check(&[*fault], 4_000);
    }
}

#[test]
fn all_recoverable_faults_at_once() {
    check(Fault::RECOVERABLE, USERS);
}
