//! Nobody is lost by accident: shrunken and emptied orgs, role-less credentials, another org.

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Trial;
use okta_profiles::model::{RunState, SyncOptions, View};
use okta_sim::{Fault, OktaSim, Role};

use crate::fixture::{Fixture, QUICK, assert_code, rows, truth};

#[test]
fn a_role_less_credential_that_sees_nobody_changes_nothing() {
    let sim = OktaSim::builder().users(400).seed(10).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let before = rows(&fixture.engine, View::All);
    fixture
        .engine
        .connect(sim.url(), sim.token(Role::RoleLess))
        .unwrap();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::NobodySeen);
    assert_eq!(before, rows(&fixture.engine, View::All));
    let run = &fixture.engine.runs(None, 1).unwrap()[0];
    assert_eq!(
        (run.state, run.error_code),
        (RunState::Refused, ErrorCode::NobodySeen.number())
    );
}

#[test]
fn a_first_run_that_sees_nobody_is_refused_too() {
    let sim = OktaSim::builder()
        .users(400)
        .seed(10)
        .fault(Fault::RoleLessEmpty)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::NobodySeen);
    assert_eq!(fixture.engine.statistics().unwrap().fresh_as_of, None);
}

#[test]
fn a_shrunken_org_is_refused_and_can_be_confirmed_for_one_run() {
    let sim = OktaSim::builder().users(1_000).seed(11).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let before = rows(&fixture.engine, View::All);
    let age = fixture.engine.statistics().unwrap().fresh_as_of;
    sim.delete_users(0..400);
    let error = fixture.sync().unwrap_err();
    assert_code(&error, ErrorCode::TooManyAbsent);
    assert!(error.message().contains("400 of 1000"), "{error}");
    assert_eq!(before, rows(&fixture.engine, View::All));
    assert_eq!(age, fixture.engine.statistics().unwrap().fresh_as_of);
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::TooManyAbsent);
    let confirmed = SyncOptions {
        confirm_absent: true,
        ..SyncOptions::default()
    };
    let report = fixture.engine.sync(confirmed).unwrap();
    assert_eq!((report.absent, report.present), (400, 600));
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_refused_run_counts_each_user_once_though_pages_were_read_again() {
    let sim = OktaSim::builder()
        .users(3_000)
        .seed(16)
        .fault(Fault::InvalidCursor)
        .fault_period(15)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, &[QUICK, &[("sync.page_size", "50")]].concat());
    fixture.sync().unwrap();
    sim.delete_users(0..1_000);
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::TooManyAbsent);
    let run = &fixture.engine.runs(None, 1).unwrap()[0];
    assert_eq!((run.state, run.seen), (RunState::Refused, 2_000));
    assert!(run.repeated > 0, "no page was read again");
    assert_eq!(fixture.engine.progress().users_seen, 2_000);
}

#[test]
fn an_attribute_that_goes_null_across_the_org_is_refused() {
    let sim = OktaSim::builder().users(800).seed(12).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let before = rows(&fixture.engine, View::All);
    sim.clear_attribute_everywhere("department");
    let error = fixture.sync().unwrap_err();
    assert_code(&error, ErrorCode::TooManyCleared);
    assert!(error.message().contains("department"), "{error}");
    assert_eq!(before, rows(&fixture.engine, View::All));
    let absent_only = SyncOptions {
        confirm_absent: true,
        ..SyncOptions::default()
    };
    assert_code(
        &fixture.engine.sync(absent_only).unwrap_err(),
        ErrorCode::TooManyCleared,
    );
    fixture
        .engine
        .sync(SyncOptions {
            confirm_cleared: true,
            ..SyncOptions::default()
        })
        .unwrap();
    fixture.assert_equals_org(&sim);
}

#[test]
fn another_org_is_refused() {
    let first = OktaSim::builder().users(100).seed(13).start().unwrap();
    let second = OktaSim::builder().users(100).seed(14).start().unwrap();
    assert_ne!(
        first.org_id(),
        second.org_id(),
        "the simulation gives each seed an org id of its own"
    );
    let fixture = Fixture::connected(&first, QUICK);
    fixture.sync().unwrap();
    let connect = |trial| {
        fixture
            .engine
            .connect_with(second.url(), second.token(Role::SuperAdmin), trial)
    };
    assert_code(
        &connect(Trial::WhenReplacing).unwrap_err(),
        ErrorCode::OrgMismatch,
    );
    fixture.sync().unwrap();
    connect(Trial::Never).unwrap();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::OrgMismatch);
    fixture.assert_equals_org(&first);
    assert!(
        second.requests().iter().all(|request| !request.had_credential),
        "the token stayed here"
    );
}

#[test]
fn a_dead_token_interrupts_and_the_run_goes_on_with_a_new_one() {
    let sim = OktaSim::builder().users(2_000).seed(15).start().unwrap();
    let fixture = Fixture::unconnected(QUICK);
    fixture
        .engine
        .connect(sim.url(), sim.token(Role::Expired))
        .unwrap();
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::TokenRejected);
    fixture
        .engine
        .connect(sim.url(), sim.token(Role::SuperAdmin))
        .unwrap();
    let report = fixture.sync().unwrap();
    assert_eq!(report.attempts, 2);
    assert_eq!(truth(&sim).len() as u64, report.present);
}
