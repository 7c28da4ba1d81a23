//! What a run costs the other nodes of a cluster: bytes over the shared folder, time until they have it, and what their
//! look-ups feel of it.
//!
//! `cargo bench --bench cluster_nodes -- [USERS]` (100 000 by default), four nodes. Times are of one machine in one go.
//! Figures: BENCHMARKS.md.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

#[path = "../jira.rs"]
mod jira;
mod scale;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::model::{Lookup, SharedPublication, SyncMode, SyncOptions};
use okta_sim::{OktaSim, Role};
use serde_json::json;

use crate::jira::{hand_over, jira_users};

const DEFAULT_USERS: u32 = 100_000;
const FOLLOWERS: usize = 3;

struct Nodes {
    sim: OktaSim,
    shared: PathBuf,
    publisher: Engine,
    followers: Vec<Engine>,
}

fn main() {
    let users = scale::users_or(DEFAULT_USERS);
    let sim = OktaSim::builder().users(users).seed(1).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| {
        Engine::open(
            &folder.path().join(name).join("directory.db"),
            Settings::default(),
        )
        .unwrap()
    };
    let nodes = Nodes {
        shared: folder.path().join("shared"),
        publisher: open("publisher"),
        followers: (0..FOLLOWERS).map(|number| open(&number.to_string())).collect(),
        sim,
    };
    hand_over(&nodes.publisher, &jira_users(&nodes.sim, users));
    nodes
        .publisher
        .connect(nodes.sim.url(), nodes.sim.token(Role::SuperAdmin))
        .unwrap();
    println!(
        "{users} Okta users, as many Jira users, {} nodes\n",
        FOLLOWERS + 1
    );
    println!(
        "| run | rows changed | bytes written | bytes read by the others | to publish | until all have it |"
    );
    println!("|---|---|---|---|---|---|");
    nodes.row("first, full", SyncMode::Full);
    nodes.row("delta, nothing changed", SyncMode::Delta);
    nodes.change(100);
    nodes.row("delta, 100 users changed", SyncMode::Delta);
    nodes.change(users / 100);
    nodes.row("delta, 1 % changed", SyncMode::Delta);
    nodes.row("full, nothing changed", SyncMode::Full);
    nodes.look_ups(users);
}

impl Nodes {
    fn change(&self, count: u32) {
        let ids: Vec<String> = self.sim.all_users().take(count as usize).map(id).collect();
        for id in ids {
            self.sim.update_profile(&id, |profile| {
                profile.insert("city".to_owned(), json!(format!("After {count}")));
            });
        }
    }

    fn row(&self, name: &str, mode: SyncMode) {
        self.publisher.sync(SyncOptions::of(mode)).unwrap();
        let (publication, to_publish) = self.publish();
        let before = bytes_in(&self.shared);
        let begun = Instant::now();
        for follower in &self.followers {
            follower.follow(&self.shared).unwrap();
        }
        // What a node reads is what was written, and on the first time nothing else.
        let read = publication.bytes * FOLLOWERS as u64;
        assert_eq!(before, bytes_in(&self.shared), "followers write nothing there");
        println!(
            "| {name} | {} | {} | {read} | {to_publish:.2?} | {:.2?} |",
            publication.rows,
            publication.bytes,
            begun.elapsed()
        );
    }

    fn publish(&self) -> (SharedPublication, Duration) {
        let begun = Instant::now();
        let publication = self.publisher.publish_to(&self.shared, "", false).unwrap();
        (publication, begun.elapsed())
    }

    /// Look-ups on a follower, idle and while it applies one increment after the other.
    fn look_ups(&self, users: u32) {
        let keys: Vec<String> = self.sim.all_users().take(2_000).map(id).collect();
        let follower = &self.followers[0];
        let idle = percentiles(&look_up(follower, &keys, 20_000));
        let applying = AtomicBool::new(true);
        let mut times = Vec::new();
        std::thread::scope(|scope| {
            let looking = scope.spawn(|| {
                let mut times = Vec::new();
                while applying.load(Ordering::Relaxed) {
                    times.extend(look_up(follower, &keys, 1_000));
                }
                times
            });
            for round in 0..10 {
                self.change(users / 200 + round);
                self.publisher.sync(SyncOptions::of(SyncMode::Delta)).unwrap();
                self.publish();
                follower.follow(&self.shared).unwrap();
            }
            applying.store(false, Ordering::Relaxed);
            times = looking.join().unwrap();
        });
        println!("\n| look-up on a follower | p50 | p99 |\n|---|---|---|");
        println!("| idle | {:.1?} | {:.1?} |", idle.0, idle.1);
        let busy = percentiles(&times);
        println!(
            "| while a run is read, published and applied | {:.1?} | {:.1?} |",
            busy.0, busy.1
        );
    }
}

fn id(user: serde_json::Value) -> String {
    user["id"].as_str().unwrap().to_owned()
}

fn look_up(engine: &Engine, keys: &[String], count: usize) -> Vec<Duration> {
    let one = |number: usize| {
        let begun = Instant::now();
        engine
            .find(Lookup::OktaId(&keys[number % keys.len()]))
            .unwrap()
            .unwrap();
        begun.elapsed()
    };
    (0..count).map(one).collect()
}

fn percentiles(times: &[Duration]) -> (Duration, Duration) {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    (sorted[sorted.len() / 2], sorted[sorted.len() * 99 / 100])
}

fn bytes_in(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum()
}
