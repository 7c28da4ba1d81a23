//! To which org a directory belongs: one wrong answer ties it to nobody, and a wrong tie can be undone.

use std::sync::atomic::{AtomicUsize, Ordering};

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Trial;
use okta_profiles::model::{RunMode, SyncMode, SyncOptions, View};
use okta_sim::{Fault, OktaSim, Role};
use serde_json::json;

use crate::fixture::{Fixture, QUICK, assert_code, rows};

const WELL_KNOWN: &str = "/.well-known/okta-organization";

fn sim(seed: u64) -> OktaSim {
    OktaSim::builder().users(300).seed(seed).start().unwrap()
}

/// The org names itself wrongly the `wrong`-th time that a sync asks, counted from 1.
fn lie_once(sim: &OktaSim, wrong: usize) {
    let asked = AtomicUsize::new(0);
    sim.edit(WELL_KNOWN, move |organization| {
        if asked.fetch_add(1, Ordering::SeqCst) + 1 == wrong {
            organization["id"] = json!("00o9somebodyelse0009");
        }
    });
}

#[test]
fn a_first_run_that_meets_two_orgs_ties_the_directory_to_neither() {
    for wrong in [1, 2] {
        let sim = sim(140);
        let fixture = Fixture::connected(&sim, QUICK);
        lie_once(&sim, wrong);
        let error = fixture.sync().unwrap_err();
        assert_code(&error, ErrorCode::OrgMismatch);
        assert!(error.message().contains("tied to neither"), "{error}");
        assert!(rows(&fixture.engine, View::All).is_empty());
        assert_eq!(fixture.engine.statistics().unwrap().org_id, "");
        let report = fixture.sync().unwrap();
        assert_eq!(report.attempts, 1, "nothing of the doubtful run is kept");
        fixture.assert_equals_org(&sim);
        assert_eq!(fixture.engine.statistics().unwrap().org_id, sim.org_id());
    }
}

#[test]
fn a_first_run_that_another_org_began_is_not_gone_on_with() {
    let sim = sim(141);
    let fixture = Fixture::connected(&sim, QUICK);
    sim.set_faults(&[Fault::OtherOrgId]);
    // One page comes, then Okta fails.
    sim.at_request(2, |org| {
        org.set_faults(&[Fault::OtherOrgId, Fault::AlwaysServerError])
    });
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::OktaInternal);
    sim.clear_faults();
    let report = fixture.sync_auto().unwrap();
    assert_eq!(report.attempts, 1);
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_directory_that_was_tied_to_the_wrong_org_changes_hands_when_that_is_confirmed() {
    let sim = sim(142);
    let fixture = Fixture::connected(&sim, QUICK);
    sim.set_faults(&[Fault::OtherOrgId]);
    fixture.sync().unwrap();
    sim.clear_faults();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::OrgMismatch);
    let confirmed = SyncOptions {
        confirm_org: true,
        ..SyncOptions::default()
    };
    let report = fixture.engine.sync(confirmed).unwrap();
    assert_eq!(report.mode, RunMode::Full);
    assert_eq!(fixture.engine.statistics().unwrap().org_id, sim.org_id());
    assert_eq!(fixture.sync_auto().unwrap().mode, RunMode::Delta);
    fixture.assert_equals_org(&sim);
}

/// The guard against mass loss stands all the same, and what a delta run would ask for is not known.
#[test]
fn another_org_that_is_confirmed_is_read_whole_and_loses_nobody_unasked() {
    let (first, second) = (sim(143), sim(144));
    let fixture = Fixture::connected(&first, QUICK);
    fixture.sync().unwrap();
    fixture
        .engine
        .connect_with(second.url(), second.token(Role::SuperAdmin), Trial::Never)
        .unwrap();
    let mut confirmed = SyncOptions {
        confirm_org: true,
        mode: SyncMode::Delta,
        ..SyncOptions::default()
    };
    let sync = |options| fixture.engine.sync(options);
    assert_code(&sync(confirmed).unwrap_err(), ErrorCode::OrgMismatch);
    confirmed.mode = SyncMode::Auto;
    assert_code(&sync(confirmed).unwrap_err(), ErrorCode::TooManyAbsent);
    fixture.assert_equals_org(&first);
    confirmed.confirm_absent = true;
    sync(confirmed).unwrap();
    fixture.assert_equals_org(&second);
    fixture.sync().unwrap();
}
