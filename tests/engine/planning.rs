//! Dry runs and budgets: what a sync would do and cost is told, exactly and without doing it.

use std::path::Path;
use std::time::Duration;

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::model::{
    Change, DryRun, RunId, RunMode, RunReason, RunState, SyncMode, SyncOptions, SyncReport, View,
};
use okta_sim::{Bucket, Fault, OktaSim};
use serde_json::json;

use crate::fixture::{Fixture, QUICK, assert_code, entries, hand_over, jira_users, settings_of, truth};

/// Everything that readers of a directory can see.
fn readable(fixture: &Fixture) -> String {
    let engine = &fixture.engine;
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}",
        entries(engine, View::All),
        engine.changes(0, None, 10_000).unwrap(),
        engine.runs(None, 100).unwrap(),
        engine.statistics().unwrap()
    )
}

fn no_copy_is_left(fixture: &Fixture) -> bool {
    let folder = std::fs::read_dir(fixture.folder.path()).unwrap();
    let names: Vec<String> = folder
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    !names.iter().any(|name| name.contains("dry-run"))
}

/// What a run did, without what differs from run to run: its times, its costs and how it cut its work.
fn essence(report: &SyncReport) -> SyncReport {
    SyncReport {
        started: okta_profiles::clock::UnixMillis(0),
        finished: None,
        slices: 0,
        slices_ended: 0,
        pages: 0,
        repeated: 0,
        requests: 0,
        waited_ms: 0,
        bytes: 0,
        elapsed_ms: 0,
        ..report.clone()
    }
}

fn assert_predicts(fixture: &Fixture, mode: SyncMode) -> (DryRun, SyncReport) {
    let before = readable(fixture);
    let newest = fixture.engine.statistics().unwrap().last_change;
    let dry = fixture.engine.dry_run(SyncOptions::of(mode), 1_000).unwrap();
    assert_eq!(
        before,
        readable(fixture),
        "a dry run changes nothing that can be read"
    );
    assert!(no_copy_is_left(fixture));
    let real = fixture.sync_as(mode).unwrap();
    assert_eq!(essence(&dry.report), essence(&real));
    let made = fixture.engine.changes(newest, None, 10_000).unwrap();
    let what = |changes: &[Change]| -> Vec<String> {
        let text = |change: &Change| format!("{} {} {:?}", change.okta_id, change.kind.name(), change.fields);
        // Pages of several requests in flight come in any order.
        let mut texts: Vec<String> = changes.iter().map(text).collect();
        texts.sort();
        texts
    };
    assert!(what(&dry.samples) == what(&made), "other changes than predicted");
    (dry, real)
}

#[test]
fn a_dry_run_changes_nothing_and_predicts_the_run() {
    let sim = OktaSim::builder().users(900).seed(80).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    hand_over(&fixture.engine, &jira_users(&sim, 800));
    let (first, _) = assert_predicts(&fixture, SyncMode::Auto);
    assert_eq!(
        (first.report.reason, first.report.added),
        (RunReason::FirstRun, 900)
    );
    let ids: Vec<String> = truth(&sim).into_keys().collect();
    for id in &ids[..40] {
        sim.update_profile(id, |profile| {
            profile.insert("city".to_owned(), json!("Elsewhere"));
            profile.insert("login".to_owned(), json!(format!("{id}@example.com")));
        });
    }
    sim.create_user(serde_json::Map::new());
    let (delta, _) = assert_predicts(&fixture, SyncMode::Auto);
    assert_eq!((delta.report.mode, delta.report.updated), (RunMode::Delta, 40));
    assert!(
        delta.fields.contains(&("profile.city".to_owned(), 40)),
        "{:?}",
        delta.fields
    );
    sim.delete_user(&ids[50]);
    let (full, _) = assert_predicts(&fixture, SyncMode::Full);
    assert_eq!((full.report.absent, full.samples.len()), (1, 1));
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_dry_run_counts_with_jira_users_who_wait() {
    let sim = OktaSim::builder().users(900).seed(80).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let (engine, users) = (&fixture.engine, jira_users(&sim, 800));
    let dry = |mode| engine.dry_run(SyncOptions::of(mode), 0).unwrap().report.matches;
    assert_eq!(dry(SyncMode::Full).matched, 0);
    let before = readable(&fixture);
    engine.begin_jira_users().unwrap();
    engine.add_jira_users(&users).unwrap();
    let told = dry(SyncMode::Full);
    assert!(told.matched > 500, "{told:?}");
    assert!(before == readable(&fixture));
    engine.commit_jira_users(false).unwrap();
    assert_eq!(fixture.sync().unwrap().matches, told);
    engine.begin_jira_users().unwrap();
    engine.add_jira_users(&users[..100]).unwrap();
    let fewer = dry(SyncMode::Delta);
    assert!(fewer.matched < told.matched && fewer.okta_only > told.okta_only);
    engine.begin_jira_users().unwrap();
    assert_eq!(dry(SyncMode::Delta), told, "forgotten");
    engine.add_jira_users(&users[..100]).unwrap();
    engine.close().unwrap();
    let again = Engine::open(&fixture.file(), settings_of(QUICK)).unwrap();
    let of_again = again.dry_run(SyncOptions::of(SyncMode::Delta), 0).unwrap();
    assert_eq!(of_again.report.matches, told, "a hand-over that was broken off");
}

#[test]
fn a_dry_run_leaves_an_unfinished_run_alone_and_tells_how_it_would_go_on() {
    let sim = OktaSim::builder().users(900).seed(81).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.engine.set("sync.page_size", "50").unwrap();
    sim.at_request(5, |org| org.set_faults(&[Fault::AlwaysServerError]));
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::OktaInternal);
    sim.clear_faults();
    let (dry, real) = assert_predicts(&fixture, SyncMode::Full);
    assert_eq!((dry.report.attempts, real.attempts), (2, 2));
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_guard_s_refusal_is_what_would_happen() {
    let sim = OktaSim::builder().users(500).seed(82).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    sim.delete_users(0..300);
    let before = readable(&fixture);
    let dry = fixture
        .engine
        .dry_run(SyncOptions::of(SyncMode::Full), 10)
        .unwrap();
    assert_eq!(
        (dry.report.state, dry.report.error_code),
        (RunState::Refused, ErrorCode::TooManyAbsent.number())
    );
    assert!(dry.report.error_message.contains("300 of 500"));
    assert!(dry.fields.is_empty() && dry.samples.is_empty());
    assert!(before == readable(&fixture));
    let confirmed = SyncOptions {
        confirm_absent: true,
        ..SyncOptions::default()
    };
    let dry = fixture.engine.dry_run(confirmed, 1_000).unwrap();
    assert_eq!((dry.report.absent, dry.samples.len()), (300, 300));
    assert!(before == readable(&fixture));
}

#[test]
fn a_dry_run_that_fails_leaves_no_copy() {
    let sim = OktaSim::builder().users(200).seed(83).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let before = readable(&fixture);
    sim.set_faults(&[Fault::AlwaysServerError]);
    let failed = fixture.engine.dry_run(SyncOptions::default(), 0);
    assert_code(&failed.unwrap_err(), ErrorCode::OktaInternal);
    assert!(before == readable(&fixture));
    assert!(no_copy_is_left(&fixture));
    let many = fixture.engine.dry_run(SyncOptions::default(), 1_001);
    assert_code(&many.unwrap_err(), ErrorCode::InvalidArgument);
}

#[test]
fn what_a_killed_dry_run_left_is_removed_by_the_next_opening() {
    let fixture = Fixture::unconnected(QUICK);
    fixture.engine.close().unwrap();
    let left = |suffix: &str| {
        fixture
            .folder
            .path()
            .join(format!("directory.db.dry-run{suffix}"))
    };
    for suffix in ["", "-wal", "-shm", ".lock"] {
        std::fs::write(left(suffix), b"personal data").unwrap();
    }
    let file: &Path = &fixture.file();
    let engine = okta_profiles::engine::Engine::open(file, crate::fixture::settings_of(QUICK)).unwrap();
    assert!(no_copy_is_left(&fixture));
    engine.close().unwrap();
}

#[test]
fn a_budget_says_what_a_full_run_takes_from_each_bucket_and_what_is_left() {
    let sim = OktaSim::builder()
        .users(3_000)
        .seed(84)
        .rate_limit(Bucket::Users, 300)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let first = fixture.engine.sync_budget(SyncOptions::default()).unwrap();
    assert_eq!((first.mode, first.reason), (RunMode::Full, RunReason::FirstRun));
    assert_eq!(sim.requests().len(), 3, "one of them to learn who answers");
    assert!(first.users.is_some_and(|users| users > 0), "Okta's own count");
    fixture.sync().unwrap();
    sim.clear_requests();
    let budget = fixture
        .engine
        .sync_budget(SyncOptions::of(SyncMode::Full))
        .unwrap();
    assert_eq!(sim.requests().len(), 1);
    assert_eq!(budget.users, Some(3_000));
    let users = &budget.buckets[0];
    assert_eq!(
        (users.bucket.as_str(), users.requests),
        ("/api/v1/users", Some(15))
    );
    assert_eq!((users.limit, users.left_to_others), (Some(300), Some(30)));
    assert!(users.remaining.is_some_and(|left| left < 300) && users.resets_in_ms.is_some());
    assert!(budget.duration_ms.is_some_and(|span| span > 0));
    assert_eq!(fixture.engine.runs(None, 10).unwrap()[0].run, RunId(1));
    let delta = fixture.engine.sync_budget(SyncOptions::default()).unwrap();
    assert_eq!(
        (
            delta.mode,
            delta.users,
            delta.requests,
            delta.buckets[0].duration_ms
        ),
        (RunMode::Delta, None, None, None)
    );
}

#[test]
fn a_budget_reckons_with_requests_in_flight_latency_and_what_is_left_of_the_bucket() {
    let sim = OktaSim::builder()
        .users(4_000)
        .seed(86)
        .latency(Duration::from_millis(500))
        .workforce_limits()
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, &[QUICK, &[("sync.page_size", "100")]].concat());
    fixture.sync().unwrap();
    let duration = |in_flight: &str| {
        fixture.engine.set("sync.max_in_flight", in_flight).unwrap();
        let budget = fixture
            .engine
            .sync_budget(SyncOptions::of(SyncMode::Full))
            .unwrap();
        budget.buckets[0].duration_ms.unwrap()
    };
    // 40 pages of half a second and what a full page takes longer, or 1 + 39 / 13 rounds of them.
    let (alone, beside) = (duration("1"), duration("13"));
    assert!(alone >= 40 * 500, "{alone} ms");
    assert!(
        beside >= 4 * 500 && beside * 7 < alone,
        "{beside} ms against {alone} ms"
    );
    // A bucket of 20 requests, 2 of them left to others, takes two more windows whatever is in flight.
    sim.set_rate_limit(Bucket::Users, 20);
    let slowed = duration("13");
    assert!((60_000..185_000).contains(&slowed), "{slowed} ms");
}

#[test]
fn a_budget_says_unknown_where_okta_says_nothing() {
    let sim = OktaSim::builder()
        .users(300)
        .seed(85)
        .fault(Fault::MissingRateHeaders)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let budget = fixture
        .engine
        .sync_budget(SyncOptions::of(SyncMode::Full))
        .unwrap();
    let users = &budget.buckets[0];
    assert_eq!(
        (users.requests, users.limit, users.remaining),
        (Some(2), None, None)
    );
    assert_eq!((users.resets_in_ms, users.left_to_others), (None, None));
}
