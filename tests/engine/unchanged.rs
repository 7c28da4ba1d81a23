//! A second full run with nothing changed writes no page of the database but for the records of runs.

use std::collections::BTreeMap;
use std::path::Path;

use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::model::{SyncMode, SyncOptions};
use okta_sim::{OktaSim, Role};
use rusqlite::{Connection, OpenFlags};

use crate::fixture::{hand_over, jira_users, truth};

/// The records of runs: what begins with this may change, and nothing else.
const RUN_RECORDS: &[&str] = &[
    "sync_",
    "sqlite_autoindex_sync_",
    "sqlite_sequence",
    "sqlite_stat",
    "directory",
    "freshness",
];

/// Every page of a closed file that belongs to a table or index, by number: whose it is and what is in it.
fn pages(file: &Path) -> BTreeMap<usize, (String, Vec<u8>)> {
    let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let size: i64 = database
        .query_row("PRAGMA page_size", [], |row| row.get(0))
        .unwrap();
    let size = usize::try_from(size).unwrap();
    let mut statement = database.prepare("SELECT pageno, name FROM dbstat").unwrap();
    let owners = statement
        .query_map([], |row| Ok((row.get::<_, i64>(0)? as usize, row.get(1)?)))
        .unwrap();
    let owners: Vec<(usize, String)> = owners.collect::<Result<_, _>>().unwrap();
    let bytes = std::fs::read(file).unwrap();
    let page = |number: usize| bytes[(number - 1) * size..number * size].to_vec();
    owners
        .into_iter()
        .map(|(number, owner)| (number, (owner, page(number))))
        .collect()
}

fn run(file: &Path, sim: &OktaSim) -> Engine {
    let engine = Engine::open(file, Settings::default()).unwrap();
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    engine.sync(SyncOptions::of(SyncMode::Full)).unwrap();
    engine
}

#[test]
fn a_second_full_run_writes_records_of_runs_only() {
    let sim = OktaSim::builder().users(3_000).seed(70).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let engine = run(&file, &sim);
    hand_over(&engine, &jira_users(&sim, 2_000));
    engine.close().unwrap();
    let before = pages(&file);
    assert!(before.values().any(|(owner, _)| owner == "users") && before.len() > 500);
    run(&file, &sim).close().unwrap();
    let after = pages(&file);
    let is_record = |owner: &str| RUN_RECORDS.iter().any(|record| owner.starts_with(record));
    let changed: Vec<(usize, &String)> = after
        .iter()
        .filter(|(number, page)| before.get(number) != Some(page) && !is_record(&page.0))
        .map(|(number, page)| (*number, &page.0))
        .collect();
    // The first page is the header of the file, with its counter of changes, and the schema.
    assert!(changed.iter().all(|(number, _)| *number == 1), "{changed:?}");
    let somebody = truth(&sim).into_keys().next().unwrap();
    sim.update_profile(&somebody, |profile| {
        drop(profile.insert("city".to_owned(), "Elsewhere".into()))
    });
    run(&file, &sim).close().unwrap();
    let touched = pages(&file);
    let moved = touched
        .iter()
        .filter(|(number, page)| after.get(number) != Some(page));
    assert!(
        moved.into_iter().any(|(_, page)| page.0 == "users"),
        "the comparison sees a changed user"
    );
}
