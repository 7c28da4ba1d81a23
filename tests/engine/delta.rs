//! Delta runs: only what changed is read and written, nothing is lost, and auto says why it reads all.

use std::time::Duration;

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::model::{ChangeKind, RunMode, RunReason, RunState, SyncMode, SyncOptions, View};
use okta_sim::{Fault, OktaSim, Role};
use serde_json::json;

use crate::fixture::{Fixture, QUICK, assert_code, hand_over, jira_users, rows, truth};

fn ids(sim: &OktaSim) -> Vec<String> {
    truth(sim).into_keys().collect()
}

/// Every user of the org relocated.
fn relocate(sim: &OktaSim, id: &str, where_to: &str) {
    sim.update_profile(id, |profile| {
        profile.insert("city".to_owned(), json!(where_to));
    });
}

/// What a full run would make of the org, as the digest says it.
fn digest_of_the_org(sim: &OktaSim) -> String {
    let other = Fixture::connected(sim, QUICK);
    other.sync().unwrap().digest
}

#[test]
fn nothing_changed_is_one_request_and_no_row() {
    let sim = OktaSim::builder().users(2_000).seed(60).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let first = fixture.sync_auto().unwrap();
    assert_eq!((first.mode, first.reason), (RunMode::Full, RunReason::FirstRun));
    let before = fixture.engine.statistics().unwrap();
    for _ in 0..3 {
        sim.clear_requests();
        let delta = fixture.sync_auto().unwrap();
        assert_eq!(
            (delta.mode, delta.reason),
            (RunMode::Delta, RunReason::ChangesSuffice)
        );
        assert_eq!((sim.requests().len(), delta.requests), (1, 1));
        assert_eq!((delta.added, delta.updated, delta.touched), (0, 0, 0));
        assert_eq!((delta.present, &delta.digest), (2_000, &first.digest));
        assert_eq!(delta.matches, first.matches);
    }
    let after = fixture.engine.statistics().unwrap();
    assert_eq!(after.last_change, before.last_change);
    assert_eq!(after.last_full, before.last_full);
    assert!(after.last_delta > before.last_full && after.fresh_as_of == after.last_delta);
    fixture.assert_equals_org(&sim);
}

#[test]
fn the_cost_follows_the_change() {
    let sim = OktaSim::builder().users(3_000).seed(61).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    hand_over(&fixture.engine, &jira_users(&sim, 2_000));
    fixture.sync().unwrap();
    let position = fixture.engine.statistics().unwrap().last_change;
    for id in ids(&sim).iter().step_by(100) {
        relocate(&sim, id, "Elsewhere");
    }
    sim.clear_requests();
    let delta = fixture.sync_auto().unwrap();
    assert_eq!(delta.mode, RunMode::Delta);
    assert_eq!(delta.updated, 30);
    assert!(
        delta.seen < 60 && sim.requests().len() == 1,
        "{} seen in {} requests",
        delta.seen,
        sim.requests().len()
    );
    let changes = fixture.engine.changes(position, None, 1_000).unwrap();
    assert_eq!(changes.len(), 30);
    assert!(changes.iter().all(|change| change.kind == ChangeKind::Updated));
    fixture.assert_equals_org(&sim);
    let full = fixture.sync().unwrap();
    assert_eq!(
        (full.added, full.updated, full.touched, full.absent),
        (0, 0, 0, 0),
        "a full run finds nothing that the delta missed"
    );
    assert_eq!((full.digest, full.matches), (delta.digest, delta.matches));
}

#[test]
fn created_suspended_deactivated_and_renamed_users_come_with_a_delta_and_deleted_ones_stay() {
    let sim = OktaSim::builder().users(600).seed(62).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    hand_over(&fixture.engine, &jira_users(&sim, 600));
    fixture.sync().unwrap();
    let ids = ids(&sim);
    let created = sim.create_user(serde_json::Map::new());
    sim.set_status(&ids[1], "SUSPENDED");
    sim.set_status(&ids[2], "DEPROVISIONED");
    sim.update_profile(&ids[3], |profile| {
        profile.insert("login".to_owned(), json!("renamed@example.com"));
    });
    sim.delete_user(&ids[4]);
    let delta = fixture.sync_as(SyncMode::Delta).unwrap();
    assert_eq!((delta.mode, delta.reason), (RunMode::Delta, RunReason::Asked));
    assert_eq!((delta.added, delta.updated, delta.absent), (1, 3, 0));
    assert_eq!(delta.present, 601);
    let rows = rows(&fixture.engine, View::All);
    assert!(rows.contains_key(&created) && rows.contains_key(&ids[4]));
    assert_eq!(rows[&ids[1]].0, "SUSPENDED");
    assert_eq!(rows[&ids[2]].0, "DEPROVISIONED");
    let integrity = fixture.engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}");
    let full = fixture.sync().unwrap();
    assert_eq!((full.absent, full.updated, full.added), (1, 0, 0));
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_user_that_comes_back_is_published_as_returned() {
    let sim = OktaSim::builder().users(300).seed(63).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    hand_over(&fixture.engine, &jira_users(&sim, 300));
    fixture.sync().unwrap();
    fixture
        .engine
        .connect(sim.url(), sim.token(Role::RoleLess))
        .unwrap();
    let emptied = SyncOptions {
        confirm_absent: true,
        ..SyncOptions::of(SyncMode::Full)
    };
    assert_eq!(fixture.engine.sync(emptied).unwrap().absent, 300);
    fixture
        .engine
        .connect(sim.url(), sim.token(Role::SuperAdmin))
        .unwrap();
    // Nobody was seen, so it is not known from when on changes are missing.
    let full = fixture.sync_auto().unwrap();
    assert_eq!(
        (full.mode, full.reason),
        (RunMode::Full, RunReason::WatermarkUnknown)
    );
    assert_eq!(full.returned, 300);
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_storm_within_one_second_is_read_whole_and_then_left_alone() {
    let sim = OktaSim::builder().users(3_000).seed(64).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    // Longer than the reading takes on any machine; the org's clock then steps over it.
    fixture.engine.set("sync.delta_overlap_seconds", "600").unwrap();
    fixture.sync().unwrap();
    let ids = ids(&sim);
    for id in &ids[..1_000] {
        relocate(&sim, id, "Here");
    }
    // The storm goes on while the delta reads.
    let later = ids[1_000..1_500].to_vec();
    sim.at_request(3, move |org| {
        for id in &later {
            org.update_profile(id, |profile| {
                profile.insert("city".to_owned(), json!("There"));
            });
        }
    });
    fixture.sync_auto().unwrap();
    fixture.sync_auto().unwrap();
    fixture.assert_equals_org(&sim);
    sim.step_clock(1_000);
    let settling = fixture.sync_auto().unwrap();
    assert!(
        settling.seen >= 1_000,
        "the overlap is read again: {}",
        settling.seen
    );
    let settled = fixture.sync_auto().unwrap();
    assert_eq!((settled.seen, settled.requests), (0, 1));
}

#[test]
fn a_search_index_that_lags_loses_nothing_within_the_overlap() {
    let sim = OktaSim::builder()
        .users(800)
        .seed(65)
        .search_lag(Duration::from_secs(3_600))
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let ids = ids(&sim);
    // The index shows in every other round what has changed by then, which the next run finds.
    for (round, found) in [0, 1, 0, 2, 0, 2].into_iter().enumerate() {
        relocate(&sim, &ids[round * 7], &format!("Round {round}"));
        assert_eq!(fixture.sync_auto().unwrap().updated, found, "round {round}");
        if round % 2 == 0 {
            sim.let_index_catch_up();
        }
    }
    sim.let_index_catch_up();
    fixture.sync_auto().unwrap();
    fixture.assert_equals_org(&sim);
}

#[test]
fn clocks_that_are_hours_apart_lose_nothing() {
    let sim = OktaSim::builder()
        .users(800)
        .seed(66)
        .fault(Fault::SkewedClock)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.engine.set("sync.delta_overlap_seconds", "1").unwrap();
    let ids = ids(&sim);
    let changed = ids[3].clone();
    sim.at_request(3, move |org| {
        org.update_profile(&changed, |profile| {
            profile.insert("city".to_owned(), json!("While it was read"));
        });
    });
    fixture.sync().unwrap();
    relocate(&sim, &ids[700], "Afterwards");
    assert_eq!(fixture.sync_auto().unwrap().mode, RunMode::Delta);
    fixture.assert_equals_org(&sim);
}

#[test]
fn without_okta_s_clock_every_run_is_full() {
    let sim = OktaSim::builder()
        .users(300)
        .seed(67)
        .fault(Fault::MissingDateHeader)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let again = fixture.sync_as(SyncMode::Delta).unwrap();
    assert_eq!(
        (again.mode, again.reason),
        (RunMode::Full, RunReason::WatermarkUnknown)
    );
}

#[test]
fn an_org_that_refuses_the_search_is_asked_by_filter_and_read_whole_if_it_refuses_that_too() {
    let sim = OktaSim::builder().users(500).seed(68).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    relocate(&sim, &ids(&sim)[5], "Elsewhere");
    sim.set_faults(&[Fault::UpdatedSearchRefused]);
    let filtered = fixture.sync_auto().unwrap();
    assert_eq!((filtered.mode, filtered.updated), (RunMode::Delta, 1));
    fixture.assert_equals_org(&sim);
    sim.set_faults(&[Fault::UpdatedSearchRefused, Fault::UpdatedFilterRefused]);
    relocate(&sim, &ids(&sim)[6], "Elsewhere");
    let full = fixture.sync_as(SyncMode::Delta).unwrap();
    assert_eq!(
        (full.mode, full.reason),
        (RunMode::Full, RunReason::SearchRefused)
    );
    fixture.assert_equals_org(&sim);
    let states: Vec<RunState> = fixture
        .engine
        .runs(None, 10)
        .unwrap()
        .iter()
        .map(|run| run.state)
        .collect();
    use RunState::{Complete, Dropped};
    assert_eq!(states, [Complete, Dropped, Dropped, Complete, Dropped, Complete]);
    let log = fixture.log_text();
    assert!(
        log.contains("full: the org refuses to search for changed users"),
        "{log}"
    );
}

#[test]
fn auto_reads_all_when_it_is_due_for_other_settings_after_a_refusal_and_for_a_confirmation() {
    let sim = OktaSim::builder().users(500).seed(69).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    fixture.engine.set("sync.full_every_hours", "0").unwrap();
    let due = fixture.sync_auto().unwrap();
    assert_eq!((due.mode, due.reason), (RunMode::Full, RunReason::FullDue));
    fixture.engine.set("sync.full_every_hours", "24").unwrap();
    fixture.engine.set("attributes.drop", "costCenter").unwrap();
    let shaped = fixture.sync_auto().unwrap();
    assert_eq!(
        (shaped.mode, shaped.reason),
        (RunMode::Full, RunReason::SettingsChanged)
    );
    assert_eq!(fixture.sync_auto().unwrap().mode, RunMode::Delta);
    fixture.engine.set("attributes.drop", "").unwrap();
    assert_eq!(fixture.sync_auto().unwrap().reason, RunReason::SettingsChanged);
    sim.delete_users(0..300);
    assert_eq!(fixture.sync_auto().unwrap().mode, RunMode::Delta);
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::TooManyAbsent);
    assert_code(&fixture.sync_auto().unwrap_err(), ErrorCode::TooManyAbsent);
    let refused = &fixture.engine.runs(None, 1).unwrap()[0];
    assert_eq!(
        (refused.mode, refused.reason),
        (RunMode::Full, RunReason::LastRunRefused)
    );
    let confirmed = SyncOptions {
        confirm_absent: true,
        ..SyncOptions::default()
    };
    let full = fixture.engine.sync(confirmed).unwrap();
    assert_eq!((full.mode, full.reason), (RunMode::Full, RunReason::Confirmed));
    assert_eq!(fixture.sync_auto().unwrap().mode, RunMode::Delta);
    fixture.assert_equals_org(&sim);
}

#[test]
fn an_attribute_that_goes_null_in_a_delta_is_refused() {
    let sim = OktaSim::builder().users(200).seed(70).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let before = rows(&fixture.engine, View::All);
    for id in ids(&sim) {
        sim.update_profile(&id, |profile| {
            profile.remove("department");
        });
    }
    assert_code(&fixture.sync_auto().unwrap_err(), ErrorCode::TooManyCleared);
    assert_eq!(before, rows(&fixture.engine, View::All));
    assert_eq!(fixture.engine.runs(None, 1).unwrap()[0].mode, RunMode::Delta);
    let confirmed = SyncOptions {
        confirm_cleared: true,
        ..SyncOptions::of(SyncMode::Delta)
    };
    assert_eq!(fixture.engine.sync(confirmed).unwrap().mode, RunMode::Delta);
    fixture.assert_equals_org(&sim);
}

#[test]
fn an_interrupted_delta_goes_on_where_it_stopped() {
    let sim = OktaSim::builder().users(2_000).seed(71).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    for id in &ids(&sim)[..1_000] {
        relocate(&sim, id, "Elsewhere");
    }
    sim.at_request(3, |org| org.set_faults(&[Fault::AlwaysServerError]));
    assert_code(&fixture.sync_auto().unwrap_err(), ErrorCode::OktaInternal);
    sim.clear_faults();
    sim.clear_requests();
    let resumed = fixture.sync_auto().unwrap();
    assert_eq!((resumed.mode, resumed.attempts), (RunMode::Delta, 2));
    assert!(sim.requests().len() <= 4, "{}", sim.requests().len());
    fixture.assert_equals_org(&sim);
    assert_eq!(resumed.digest, digest_of_the_org(&sim));
}

#[test]
fn a_full_run_that_is_asked_for_replaces_an_unfinished_delta() {
    let sim = OktaSim::builder().users(1_000).seed(72).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    for id in &ids(&sim)[..500] {
        relocate(&sim, id, "Elsewhere");
    }
    sim.at_request(2, |org| org.set_faults(&[Fault::AlwaysServerError]));
    fixture.sync_auto().unwrap_err();
    sim.clear_faults();
    let full = fixture.sync().unwrap();
    assert_eq!((full.mode, full.attempts), (RunMode::Full, 1));
    assert_eq!(fixture.engine.runs(None, 2).unwrap()[1].state, RunState::Dropped);
    fixture.assert_equals_org(&sim);
}
