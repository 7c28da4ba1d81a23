//! How soon the directory answers whoever looks for somebody: a page of each search, every filter, and the counts on
//! the filters, with as many Jira users as Okta users.
//!
//! `cargo bench --bench searching -- [USERS]` (200 000 by default).

#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../jira.rs"]
mod jira;
mod scale;

use std::time::{Duration, Instant};

use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::model::{SearchField, SyncMode, SyncOptions, View};
use okta_sim::{OktaSim, Role};

use crate::jira::{hand_over, jira_users};

const DEFAULT_USERS: u32 = 200_000;
/// As many rows as the administration page asks for, and as many as it asks for at most.
const PAGES: [usize; 2] = [50, 500];
const TIMES: usize = 20;

/// What people type: a beginning that many have, a part, two words, one or two letters, and what nobody has.
const TEXTS: [&str; 7] = [
    "an",
    "user0123",
    "garcia",
    "smith anna",
    "e",
    "zq",
    "nobody has this",
];

fn main() {
    let users = scale::users_or(DEFAULT_USERS);
    let sim = OktaSim::builder().users(users).seed(1).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&folder.path().join("directory.db"), Settings::default()).unwrap();
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    hand_over(&engine, &jira_users(&sim, users));
    engine.sync(SyncOptions::of(SyncMode::Full)).unwrap();
    println!("{users} users on each side\n");

    println!("| search | p50 | p95 | slowest text | found on the page |\n|---|---|---|---|---|");
    for field in SearchField::ALL {
        for rows in PAGES {
            measure(&engine, View::All, field, rows);
        }
    }
    for view in View::ALL {
        measure(
            &engine,
            view,
            SearchField::ALL[SearchField::ALL.len() - 1],
            PAGES[0],
        );
    }
    let counts: Vec<Duration> = (0..TIMES)
        .map(|_| timed(|| engine.statistics().unwrap()))
        .collect();
    let (half, most) = quantiles(counts);
    println!("| counts on the filters | {half:.1} ms | {most:.1} ms | | |");
}

fn measure(engine: &Engine, view: View, field: SearchField, rows: usize) {
    let mut all = Vec::new();
    let mut slowest = (Duration::ZERO, "", 0);
    for text in TEXTS {
        for _ in 0..TIMES {
            let mut found = 0;
            let taken = timed(|| {
                let page = engine.search(view, field, text, "", rows).unwrap();
                found = page.entries.len();
            });
            all.push(taken);
            slowest = slowest.max((taken, text, found));
        }
    }
    let (half, most) = quantiles(all);
    let (view, field, (taken, text, found)) = (view.name(), field.name(), slowest);
    println!(
        "| {view}, {field}, {rows} rows | {half:.1} ms | {most:.1} ms | `{text}`: {:.1} ms | {found} |",
        millis(taken)
    );
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let began = Instant::now();
    let value = work();
    let taken = began.elapsed();
    drop(value);
    taken
}

/// The middle one and the one that 19 of 20 do not exceed, in milliseconds.
fn quantiles(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort_unstable();
    let at = |share: usize| millis(times[times.len() * share / 100]);
    (at(50), at(95))
}

fn millis(span: Duration) -> f64 {
    span.as_secs_f64() * 1_000.0
}
