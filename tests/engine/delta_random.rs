//! Random orgs that change while they are read, and kills: after the next delta run whoever was created or
//! changed is right, after the next full run whoever was deleted too.

use std::time::Duration;

use okta_profiles::engine::Engine;
use okta_profiles::model::{RunMode, SyncMode, SyncOptions, View};
use okta_sim::{Fault, OktaSim, Org};
use proptest::prelude::*;
use serde_json::{Map, json};

use crate::fixture::{Fixture, QUICK, assert_same, hand_over, jira_users, rows, settings_of, truth};
use crate::kill::{spawn_sync, wait_for_requests};

/// How many random orgs are read; more by hand.
const ORGS: u32 = 12;
/// How often a delta run is killed; more by hand.
const KILLS: u32 = 25;

fn times(variable: &str, otherwise: u32) -> u32 {
    let given = std::env::var(variable).ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// The last request of a run before which the org changes.
const LATEST: u64 = 5;

/// One change of the org.
#[derive(Clone, Debug)]
enum Mutation {
    Create,
    Relocate(usize),
    Rename(usize),
    Suspend(usize),
    Deactivate(usize),
    Delete(usize),
    /// So many users at once, that is within one second.
    Storm(usize, usize),
}

impl Mutation {
    fn apply(&self, org: &Org, ids: &[String], stamp: usize) {
        let id = |n: &usize| &ids[n % ids.len()];
        let set = |n: &usize, name: &str, value: String| {
            org.update_profile(id(n), |profile| {
                profile.insert(name.to_owned(), json!(value));
            });
        };
        match self {
            Mutation::Create => drop(org.create_user(Map::new())),
            Mutation::Relocate(n) => set(n, "city", format!("City {stamp}")),
            Mutation::Rename(n) => set(n, "login", format!("renamed{stamp}@example.com")),
            Mutation::Suspend(n) => drop(org.set_status(id(n), "SUSPENDED")),
            Mutation::Deactivate(n) => drop(org.set_status(id(n), "DEPROVISIONED")),
            Mutation::Delete(n) => drop(org.delete_user(id(n))),
            Mutation::Storm(from, count) => {
                for n in *from..from + count {
                    set(&n, "city", format!("Storm {stamp}"));
                }
            }
        }
    }
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        2 => Just(Mutation::Create),
        4 => (0..700_usize).prop_map(Mutation::Relocate),
        2 => (0..700_usize).prop_map(Mutation::Rename),
        2 => (0..700_usize).prop_map(Mutation::Suspend),
        2 => (0..700_usize).prop_map(Mutation::Deactivate),
        2 => (0..700_usize).prop_map(Mutation::Delete),
        1 => (0..700_usize, 100..300_usize).prop_map(|(from, count)| Mutation::Storm(from, count)),
    ]
}

/// What the directory should hold after a delta run: the org, and whoever was deleted since the last
/// full run.
fn assert_right_but_for_deleted(fixture: &Fixture, sim: &OktaSim) {
    let (org, mut here) = (truth(sim), rows(&fixture.engine, View::All));
    here.retain(|id, _| org.contains_key(id));
    assert_same(&org, &here);
    let integrity = fixture.engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: times("OKP_DELTA_ORGS", ORGS), ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_while_a_run_goes_on_is_right_after_the_next(
        seed in 0..1_000_u64,
        users in 200..700_u32,
        rounds in prop::collection::vec(prop::collection::vec((1..=LATEST, mutation()), 0..8), 1..4),
        fault in prop_oneof![Just(None), Just(Some(Fault::ServerError)), Just(Some(Fault::SkewedClock)), Just(Some(Fault::ShortPages))],
    ) {
        let sim = OktaSim::builder().users(users).seed(seed).start().unwrap();
        sim.set_faults(fault.as_slice());
        let fixture = Fixture::connected(&sim, QUICK);
        fixture.engine.set("sync.page_size", "60").unwrap();
        fixture.engine.set("sync.delta_overlap_seconds", "2").unwrap();
        hand_over(&fixture.engine, &jira_users(&sim, users));
        let ids: Vec<String> = truth(&sim).into_keys().collect();
        for (round, changes) in rounds.iter().enumerate() {
            for (number, (at, change)) in changes.iter().cloned().enumerate() {
                let ids = ids.clone();
                sim.at_request(at, move |org| change.apply(org, &ids, round * 100 + number));
            }
            let mode = if round == 0 { SyncMode::Full } else { SyncMode::Delta };
            fixture.sync_as(mode).unwrap();
            // Changes that waited for more requests than the run sent come now.
            for _ in 0..LATEST {
                fixture.engine.sync_budget(SyncOptions::default()).unwrap();
            }
            assert_eq!(fixture.sync_as(SyncMode::Delta).unwrap().mode, RunMode::Delta);
            assert_right_but_for_deleted(&fixture, &sim);
        }
        let full = fixture.sync().unwrap();
        prop_assert_eq!((full.added, full.updated, full.touched), (0, 0, 0), "a delta run missed something");
        fixture.assert_equals_org(&sim);
    }
}

#[test]
fn killed_delta_runs_resume_and_end_like_uninterrupted_ones() {
    let sim = OktaSim::builder()
        .users(1_500)
        .seed(75)
        .latency(Duration::from_millis(15))
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    fixture.engine.close().unwrap();
    let ids: Vec<String> = truth(&sim).into_keys().collect();
    let mut random = fastrand::Rng::with_seed(75);
    let (mut kills, mut midway) = (0, 0);
    while kills < times("OKP_DELTA_KILLS", KILLS) {
        for n in 0..300 {
            let id = &ids[(n * 5 + kills as usize) % ids.len()];
            sim.update_profile(id, |profile| {
                profile.insert("city".to_owned(), json!(format!("Kill {kills}")));
            });
        }
        sim.clear_requests();
        let mut child = spawn_sync(&sim, &fixture.file(), "delta", &[]);
        wait_for_requests(&sim, &mut child, random.usize(1..20));
        std::thread::sleep(Duration::from_millis(random.u64(0..20)));
        child.kill().unwrap();
        let killed = !child.wait().unwrap().success();
        kills += u32::from(killed);
        let conn = rusqlite::Connection::open(fixture.file()).unwrap();
        let unfinished: i64 = conn
            .query_row("SELECT count(*) FROM sync_pages", [], |row| row.get(0))
            .unwrap();
        midway += u32::from(unfinished > 0);
        if !killed {
            assert_eq!(unfinished, 0, "a finished run leaves no pages behind");
        }
    }
    assert!(midway > 0, "no kill struck while a delta run read");
    assert!(
        spawn_sync(&sim, &fixture.file(), "delta", &[])
            .wait()
            .unwrap()
            .success()
    );
    // The run that resumed may have begun before the last changes.
    assert!(
        spawn_sync(&sim, &fixture.file(), "delta", &[])
            .wait()
            .unwrap()
            .success()
    );
    let engine = Engine::open(&fixture.file(), settings_of(QUICK)).unwrap();
    assert_same(&truth(&sim), &rows(&engine, View::All));
    let integrity = engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}");
    let runs = engine.runs(None, 500).unwrap();
    assert_eq!(runs.iter().filter(|run| run.mode == RunMode::Full).count(), 1);
    engine.close().unwrap();
}
