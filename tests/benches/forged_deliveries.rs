//! What forged deliveries of the event hook cost: how many a second are refused, and what look-ups feel of ten thousand
//! a second.
//!
//! `cargo bench --bench forged_deliveries`. Times are of one machine in one go; the ratio is what counts. Figures:
//! BENCHMARKS.md.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../jira.rs"]
mod jira;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::model::Lookup;
use okta_sim::{OktaSim, Role};

use crate::jira::{hand_over, jira_users};

const USERS: u32 = 20_000;
const LOOK_UPS: usize = 100_000;
const A_SECOND: f64 = 10_000.0;
const FORGED: [(&str, &str); 1] = [("X-Okta-Profiles-Secret", "0123456789abcdef")];

fn main() {
    let sim = OktaSim::builder().users(USERS).seed(1).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::default();
    settings.set("live", "hook").unwrap();
    let engine = Engine::open(&folder.path().join("directory.db"), settings).unwrap();
    let users = jira_users(&sim, USERS);
    hand_over(&engine, &users);
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    engine.sync(okta_profiles::model::SyncOptions::default()).unwrap();
    engine.hook_secret().unwrap();
    let keys: Vec<&str> = users.iter().map(|user| user.key.as_str()).collect();

    let began = Instant::now();
    for _ in 0..100_000 {
        forge(&engine);
    }
    println!(
        "refused by one thread: {:.0} a second",
        100_000.0 / began.elapsed().as_secs_f64()
    );
    look_ups(&engine, &keys);
    for _ in 0..3 {
        let alone = look_ups(&engine, &keys);
        let beside = beside_a_flood(&engine, || look_ups(&engine, &keys));
        println!(
            "a look-up: {alone:.2?} alone, {beside:.2?} beside {A_SECOND:.0} forged deliveries a second ({:+.0} %)",
            100.0 * (beside.as_secs_f64() / alone.as_secs_f64() - 1.0)
        );
    }
}

fn forge(engine: &Engine) {
    let answer = engine.receive_event("POST", &FORGED, b"{}").unwrap();
    assert_eq!(answer.status, 401);
}

/// The median of a look-up.
fn look_ups(engine: &Engine, keys: &[&str]) -> Duration {
    let mut took: Vec<Duration> = (0..LOOK_UPS)
        .map(|number| {
            let began = Instant::now();
            let key = keys[(number * 7_919) % keys.len()];
            assert!(engine.find(Lookup::JiraKey(key)).unwrap().is_some());
            began.elapsed()
        })
        .collect();
    took.sort_unstable();
    took[took.len() / 2]
}

fn beside_a_flood(engine: &Engine, work: impl FnOnce() -> Duration) -> Duration {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let (began, mut sent) = (Instant::now(), 0.0);
            while !stop.load(Ordering::Relaxed) {
                let due = began.elapsed().as_secs_f64() * A_SECOND;
                while sent < due {
                    forge(engine);
                    sent += 1.0;
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let median = work();
        stop.store(true, Ordering::Relaxed);
        median
    })
}
