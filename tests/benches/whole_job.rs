//! What each part of the main job costs in one process: syncs, matching, look-ups, listing, opening.
//!
//! `cargo bench --bench whole_job -- [USERS]` (100 000 by default). The simulated org runs beside it and its
//! share of the time is in the syncs. tests/benches/compare.sh measures them alone and beside the peers.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../jira.rs"]
mod jira;
mod scale;

use std::time::{Duration, Instant};

use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::model::{JiraUser, Lookup, SyncMode, SyncOptions, View};
use okta_sim::{OktaSim, Role};

use crate::jira::{hand_over, jira_users};

const DEFAULT_USERS: u32 = 100_000;
const LOOKUPS: usize = 20_000;

fn main() {
    let users = scale::users_or(DEFAULT_USERS);
    let sim = OktaSim::builder().users(users).seed(1).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    println!("{users} users, no latency\n");

    println!("| measure | result |\n|---|---|");
    let file = folder.path().join("directory.db");
    let engine = Engine::open(&file, Settings::default()).unwrap();
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    let first = measure(|| engine.sync(SyncOptions::of(SyncMode::Full)).unwrap());
    row("first full sync", first);
    let second = measure(|| engine.sync(SyncOptions::of(SyncMode::Full)).unwrap());
    row("second full sync, nothing changed", second);
    println!("| second against the first | {:.2} x |", ratio(second, first));

    let jira = jira_users(&sim, users);
    row(
        "hand over and match as many Jira users",
        measure(|| hand_over(&engine, &jira)),
    );
    row("match again", measure(|| engine.rematch().unwrap()));
    row(
        "change one Jira user and match whom it concerns",
        measure(|| engine.upsert_jira_users(&jira[..1]).unwrap()),
    );
    lookups("look-up by Jira key, idle", &engine, &jira);
    std::thread::scope(|scope| {
        let running = scope.spawn(|| engine.sync(SyncOptions::of(SyncMode::Full)).unwrap());
        lookups("look-up by Jira key while a sync runs", &engine, &jira);
        running.join().unwrap();
    });
    row("list all users", measure(|| list_all(&engine)));
    engine.close().unwrap();
    row(
        "open the directory",
        measure(|| Engine::open(&file, Settings::default()).unwrap()),
    );
}

fn measure<T>(work: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    let value = work();
    let taken = began.elapsed();
    drop(value);
    taken
}

fn ratio(of: Duration, to: Duration) -> f64 {
    of.as_secs_f64() / to.as_secs_f64()
}

fn row(what: &str, taken: Duration) {
    println!("| {what} | {:.0} ms |", millis(taken));
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}

fn lookups(what: &str, engine: &Engine, users: &[JiraUser]) {
    let mut times: Vec<Duration> = (0..LOOKUPS)
        .map(|number| {
            // A stride that visits the keys out of order.
            let key = &users[number * 7_919 % users.len()].key;
            let began = Instant::now();
            engine.find(Lookup::JiraKey(key)).unwrap();
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    let at = |share: usize| times[times.len() * share / 100].as_secs_f64() * 1e6;
    println!("| {what} | p50 {:.1} µs, p99 {:.1} µs |", at(50), at(99));
}

fn list_all(engine: &Engine) {
    let mut after = 0;
    while let Some(last) = engine.list(View::All, after, 1_000).unwrap().last() {
        after = last.cursor;
    }
}
