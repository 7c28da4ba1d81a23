//! What a delta run costs beside a full one: with nothing changed, and with a share of the users changed.
//!
//! `cargo bench --bench delta_run -- [USERS]` (100 000 by default). Counts requests and the pages of the
//! database file that differ afterwards; times are of one machine in one go. Figures: BENCHMARKS.md.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../jira.rs"]
mod jira;
mod scale;

use std::path::Path;
use std::time::{Duration, Instant};

use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::model::{SyncMode, SyncOptions, SyncReport};
use okta_sim::{OktaSim, Role};
use serde_json::json;

use crate::jira::{hand_over, jira_users};

const DEFAULT_USERS: u32 = 100_000;
/// SQLite's page size, which the engine leaves as it is.
const PAGE: usize = 4_096;

fn main() {
    let users = scale::users_or(DEFAULT_USERS);
    let sim = OktaSim::builder().users(users).seed(1).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    {
        let engine = Engine::open(&file, Settings::default()).unwrap();
        hand_over(&engine, &jira_users(&sim, users));
        engine.close().unwrap();
    }
    println!("{users} Okta users, as many Jira users, no latency\n");
    println!("| run | requests | users seen | pages of the file changed | time | against the full run |");
    println!("|---|---|---|---|---|---|");
    let (first, _, _) = run(&sim, &file, SyncMode::Full);
    let full = run(&sim, &file, SyncMode::Full);
    row("full, nothing changed", &full, full.0);
    row(
        "delta, nothing changed",
        &run(&sim, &file, SyncMode::Delta),
        full.0,
    );
    let ids: Vec<String> = sim
        .all_users()
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect();
    for (name, step) in [("delta, 1 user changed", ids.len()), ("delta, 1 % changed", 100)] {
        for id in ids.iter().step_by(step) {
            sim.update_profile(id, |profile| {
                profile.insert("city".to_owned(), json!(format!("After {name}")));
            });
        }
        row(name, &run(&sim, &file, SyncMode::Delta), full.0);
    }
    println!("\nfirst full run: {} ms", first.as_millis());
}

/// One run in an engine of its own, so that the file is whole before and after.
fn run(sim: &OktaSim, file: &Path, mode: SyncMode) -> (Duration, SyncReport, usize) {
    let before = std::fs::read(file).unwrap();
    let engine = Engine::open(file, Settings::default()).unwrap();
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    let began = Instant::now();
    let report = engine.sync(SyncOptions::of(mode)).unwrap();
    let took = began.elapsed();
    engine.close().unwrap();
    let after = std::fs::read(file).unwrap();
    let kept = before.chunks(PAGE).zip(after.chunks(PAGE));
    let changed = kept.filter(|(before, after)| before != after).count();
    let more = after.len().saturating_sub(before.len()) / PAGE;
    (took, report, changed + more)
}

fn row(name: &str, (took, report, pages): &(Duration, SyncReport, usize), full: Duration) {
    println!(
        "| {name} | {} | {} | {pages} | {} ms | {:.4} x |",
        report.requests,
        report.seen,
        took.as_millis(),
        took.as_secs_f64() / full.as_secs_f64()
    );
}
