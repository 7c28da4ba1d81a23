//! Nothing native lives between calls: threads and descriptors of this process, counted around many
//! openings, validations, syncs, cancelled syncs and closings. A test program of its own, because it
//! counts everything in its process.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::model::{SyncMode, SyncOptions};
use okta_sim::{OktaSim, Role};

const ROUNDS: usize = 20;

fn count(folder: &str) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

/// Names of the threads that belong to the engine.
fn own_threads() -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let names = tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
    names.filter(|name| name.starts_with("okp-")).collect()
}

/// The simulation's ends of connections close a moment after ours: the count once it stays the same.
fn settled_descriptors() -> usize {
    let mut last = count("/proc/self/fd");
    loop {
        std::thread::sleep(Duration::from_millis(100));
        match count("/proc/self/fd") {
            now if now == last => return now,
            now => last = now,
        }
    }
}

#[test]
fn twenty_rounds_leave_no_thread_and_no_descriptor() {
    let sim = OktaSim::builder()
        .users(600)
        .seed(1)
        .latency(Duration::from_millis(2))
        .start()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut descriptors = Vec::new();
    for round in 0..ROUNDS {
        let engine = Engine::open(&folder.path().join("directory.db"), Settings::default()).unwrap();
        // By name, so that the resolver's thread is used as well.
        let url = sim.url().replace("127.0.0.1", "localhost");
        engine.connect(&url, sim.token(Role::SuperAdmin)).unwrap();
        engine.validate().unwrap();
        assert!(
            own_threads().is_empty(),
            "after validating in round {round}: {:?}",
            own_threads()
        );
        engine.sync(SyncOptions::of(SyncMode::Full)).unwrap();
        assert!(
            own_threads().is_empty(),
            "after a sync in round {round}: {:?}",
            own_threads()
        );
        std::thread::scope(|scope| {
            let running = scope.spawn(|| engine.sync(SyncOptions::of(SyncMode::Full)));
            std::thread::sleep(Duration::from_millis(5));
            engine.close().unwrap();
            // Whether it was done, cancelled or refused: it has returned.
            drop(running.join().unwrap());
        });
        assert!(
            own_threads().is_empty(),
            "after closing in round {round}: {:?}",
            own_threads()
        );
        drop(engine);
        descriptors.push(settled_descriptors());
    }
    assert!(descriptors[ROUNDS - 1] <= descriptors[1] + 1, "{descriptors:?}");
}
