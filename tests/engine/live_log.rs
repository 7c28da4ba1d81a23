//! Live by the System Log: polled while the org changes and the log is untidy, in the end the directory equals the org
//! without a full run.

use std::time::{Duration, Instant};

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::model::{LogPoll, RunMode, SyncMode, View};
use okta_sim::{Bucket, LogHabits, OktaSim};

use crate::fixture::{Fixture, QUICK, assert_code, rows, settings_of, truth};
use crate::groups::assert_groups_equal;

fn polling() -> Vec<(&'static str, &'static str)> {
    [QUICK, &[("live", "log"), ("groups.sync", "on")]].concat()
}

/// An org, and a directory that has read it whole.
fn read_once(users: u32, seed: u64) -> (OktaSim, Fixture) {
    let sim = OktaSim::builder()
        .users(users)
        .seed(seed)
        .groups(12)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, &polling());
    fixture.sync().unwrap();
    (sim, fixture)
}

/// Polls and refreshes until nothing is new and nothing waits.
fn settle(engine: &Engine) {
    for _ in 0..200 {
        let poll = engine.poll_log().unwrap();
        let refreshed = engine.refresh_pending().unwrap();
        let status = engine.live_status().unwrap();
        if poll.events == 0 && !poll.more && refreshed.is_none() && status.pending == 0 {
            return;
        }
    }
    panic!("it never comes to rest: {:?}", engine.live_status().unwrap());
}

fn full_runs(engine: &Engine) -> usize {
    let runs = engine.runs(None, 1_000).unwrap();
    runs.iter().filter(|run| run.mode == RunMode::Full).count()
}

#[test]
fn changes_arrive_by_an_untidy_log_and_through_a_restart() {
    let (sim, mut fixture) = read_once(60, 61);
    settle(&fixture.engine);
    sim.set_log_habits(LogHabits {
        late_every: 5,
        late: Duration::from_millis(50),
        duplicate_every: 3,
        ..LogHabits::default()
    });
    for index in 0..10 {
        sim.set_status(&sim.spec().user_id(index), "SUSPENDED");
    }
    fixture.engine.poll_log().unwrap();
    // What was polled and not refreshed is there after a restart.
    let file = fixture.file();
    fixture.engine.close().unwrap();
    fixture.engine = Engine::open(&file, settings_of(&polling())).unwrap();
    sim.create_user(serde_json::Map::new());
    let until = Instant::now() + Duration::from_secs(60);
    while rows(&fixture.engine, View::All) != truth(&sim) {
        assert!(
            Instant::now() < until,
            "{:?}",
            fixture.engine.live_status().unwrap()
        );
        fixture.engine.poll_log().unwrap();
        fixture.engine.refresh_pending().unwrap();
    }
    assert_eq!(full_runs(&fixture.engine), 1, "only the first one");
}

#[test]
fn a_deletion_is_seen_without_a_full_run_and_a_quiet_log_costs_one_request() {
    let (sim, fixture) = read_once(40, 62);
    settle(&fixture.engine);
    assert!(sim.delete_user(&sim.spec().user_id(7)));
    settle(&fixture.engine);
    fixture.assert_equals_org(&sim);
    sim.clear_requests();
    let quiet = fixture.engine.poll_log().unwrap();
    assert_eq!((quiet.events, quiet.requests, quiet.more), (0, 1, false));
    assert!(fixture.engine.refresh_pending().unwrap().is_none());
    assert_eq!(sim.requests().len(), 1);
    assert_eq!(full_runs(&fixture.engine), 1);
}

#[test]
fn a_place_that_okta_forgot_is_found_again_and_nothing_goes_by() {
    let (sim, fixture) = read_once(40, 63);
    settle(&fixture.engine);
    let users: Vec<String> = (0..3).map(|index| sim.spec().user_id(index)).collect();
    sim.set_status(&users[0], "SUSPENDED");
    sim.expire_log_cursors();
    sim.set_status(&users[1], "SUSPENDED");
    let poll = fixture.engine.poll_log().unwrap();
    assert_eq!(poll.events, 2, "{poll:?}");
    settle(&fixture.engine);
    fixture.assert_equals_org(&sim);
    assert_eq!(
        fixture.engine.live_status().unwrap().gap_at,
        None,
        "nothing was lost"
    );
}

#[test]
fn what_the_log_lost_is_found_by_a_delta_and_counted() {
    let (sim, fixture) = read_once(60, 64);
    settle(&fixture.engine);
    sim.set_log_habits(LogHabits {
        lose_every: 2,
        ..LogHabits::default()
    });
    // Events may be on their way for two minutes, so minutes pass by Okta's clock.
    sim.step_clock(300);
    for index in 0..10 {
        let user = sim.spec().user_id(index);
        assert!(sim.update_profile(&user, |profile| {
            profile.insert("title".to_owned(), "Chief".into());
        }));
    }
    settle(&fixture.engine);
    assert_eq!(fixture.engine.live_status().unwrap().missed, 0);
    sim.step_clock(300);
    fixture.sync_as(SyncMode::Delta).unwrap();
    fixture.assert_equals_org(&sim);
    let status = fixture.engine.live_status().unwrap();
    // Edits of deactivated users are logged nowhere, and nobody is blamed for them.
    let is_logged = |index: &u32| sim.user_json(*index).unwrap()["status"] != "DEPROVISIONED";
    let logged = (0..10).filter(is_logged).count() as u64;
    assert_eq!(status.missed + status.events, logged, "{status:?}");
    assert!(status.missed >= logged / 2, "each second one: {status:?}");
    assert!(status.missed_at.is_some());
}

#[test]
fn after_changes_of_every_kind_nothing_waits_any_more() {
    for seed in [67, 68] {
        let (sim, fixture) = read_once(200, seed);
        settle(&fixture.engine);
        sim.set_log_habits(LogHabits {
            late_every: 7,
            late: Duration::from_millis(20),
            duplicate_every: 5,
            ..LogHabits::default()
        });
        for step in 0..300 {
            sim.change_at_random(step);
            if step % 50 == 0 {
                fixture.engine.poll_log().unwrap();
                fixture.engine.refresh_pending().unwrap();
            }
        }
        let until = Instant::now() + Duration::from_secs(60);
        while rows(&fixture.engine, View::All) != truth(&sim) {
            assert!(Instant::now() < until, "seed {seed}");
            settle(&fixture.engine);
        }
        settle(&fixture.engine);
        let status = fixture.engine.live_status().unwrap();
        assert_eq!(
            (status.pending, status.oldest_pending, status.held),
            (0, None, 0),
            "{status:?}"
        );
        assert_groups_equal(&fixture.engine, &sim);
        assert_eq!(full_runs(&fixture.engine), 1, "seed {seed}");
    }
}

#[test]
fn the_log_is_polled_within_its_share() {
    let (sim, fixture) = read_once(10, 65);
    sim.set_rate_limit(Bucket::Logs, 10);
    settle(&fixture.engine);
    let LogPoll { next_in_ms, .. } = fixture.engine.poll_log().unwrap();
    assert_eq!(next_in_ms, 24_000);
    assert_eq!(fixture.engine.live_status().unwrap().interval_ms, Some(24_000));
    sim.set_rate_limit(Bucket::Logs, 120);
    fixture.engine.set("live.interval_seconds", "5").unwrap();
    assert_eq!(fixture.engine.poll_log().unwrap().next_in_ms, 5_000);
}

#[test]
fn without_the_right_to_read_the_log_an_error_says_so_and_nothing_is_read_instead() {
    let (sim, fixture) = read_once(10, 66);
    sim.refuse("/api/v1/logs", 403, "E0000006");
    for _ in 0..2 {
        assert_code(&fixture.engine.poll_log().unwrap_err(), ErrorCode::RoleMissing);
    }
    assert_eq!(fixture.engine.live_status().unwrap().pending, 0);
    sim.relent("/api/v1/logs");
    settle(&fixture.engine);
    fixture.engine.set("live", "off").unwrap();
    assert_code(
        &fixture.engine.poll_log().unwrap_err(),
        ErrorCode::InvalidArgument,
    );
}
