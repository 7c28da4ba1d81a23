//! SIGKILL at a hundred random moments of a concurrent run: every next attempt resumes slice by slice, no
//! committed page is fetched again in the same run, and the result equals that of an uninterrupted run.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use okta_profiles::engine::Engine;
use okta_profiles::model::{RunState, View};
use okta_sim::{OktaSim, Role};

use crate::fixture::{Fixture, QUICK, assert_same, committed_cursors, rows, settings_of, truth};

const KILLS: usize = 100;
const USERS: u32 = 20_000;

/// Starts the real program; the token goes in by the environment as an operator would do it.
pub fn spawn_sync(sim: &OktaSim, directory: &Path, mode: &str, settings: &[&str]) -> Child {
    let small = ["sync.page_size=20", "retry.base_delay_ms=5"];
    Command::new(env!("CARGO_BIN_EXE_okta-profiles"))
        .args([
            "sync",
            "--mode",
            mode,
            "--json",
            "--org-url",
            sim.url(),
            "--directory",
        ])
        .arg(directory)
        .args(
            [&small, settings]
                .concat()
                .iter()
                .flat_map(|setting| ["--set", setting]),
        )
        .env("OKTA_API_TOKEN", sim.token(Role::SuperAdmin))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the org was asked so often, however busy the machine is, or the program has ended.
pub fn wait_for_requests(sim: &OktaSim, child: &mut Child, count: usize) {
    while sim.requests().len() < count && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_micros(500));
    }
}

/// Waits until a program waits for the owner of a directory: it has opened the lock.
pub fn wait_until_it_waits(child: &Child, directory: &Path) {
    let lock = format!("{}.lock", directory.display());
    let has_it_open = |child: &Child| {
        let descriptors = std::fs::read_dir(format!("/proc/{}/fd", child.id()))
            .into_iter()
            .flatten();
        let mut targets = descriptors.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
        targets.any(|target| target == Path::new(&lock))
    };
    while !has_it_open(child) {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// How many different users the newest run counts.
fn users_seen(directory: &Path) -> u32 {
    let seen = "SELECT seen FROM sync_runs ORDER BY run DESC LIMIT 1";
    let conn = rusqlite::Connection::open(directory).unwrap();
    conn.query_row(seen, [], |row| row.get(0)).unwrap_or(0)
}

/// How many slices of the unfinished run have committed pages.
fn slices_begun(directory: &Path) -> u32 {
    let count = "SELECT count(DISTINCT slice) FROM sync_pages";
    let conn = rusqlite::Connection::open(directory).unwrap();
    // A kill may strike before there are tables.
    conn.query_row(count, [], |row| row.get(0)).unwrap_or(0)
}

#[test]
fn a_hundred_kills_leave_the_directory_of_an_uninterrupted_run() {
    let sim = OktaSim::builder()
        .users(USERS)
        .seed(40)
        .latency(Duration::from_millis(2))
        .start()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let mut random = fastrand::Rng::with_seed(40);
    let (mut kills, mut completed, mut midway, mut side_by_side) = (0, 0, 0, 0);
    let mut asked = HashSet::new();
    while kills < KILLS {
        let committed = committed_cursors(&file);
        // Only if cursors and requests read the same can the check below find anything.
        assert!(
            committed.is_subset(&asked),
            "a committed page that was never asked for"
        );
        sim.clear_requests();
        let mut child = spawn_sync(&sim, &file, "full", &[]);
        wait_for_requests(&sim, &mut child, random.usize(1..80));
        std::thread::sleep(Duration::from_millis(random.u64(0..8)));
        let finished = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        if finished {
            completed += 1;
            assert_eq!(
                committed_cursors(&file).len(),
                0,
                "a finished run leaves no pages behind"
            );
        } else {
            kills += 1;
            midway += usize::from(!committed_cursors(&file).is_empty());
            side_by_side += usize::from(slices_begun(&file) > 1);
        }
        let seen = users_seen(&file);
        assert!(seen <= USERS, "{seen} users seen after kill {kills}");
        for request in sim.requests() {
            asked.insert(request.path_and_query.clone());
            let again = committed.contains(&request.path_and_query);
            assert!(!again, "a committed page was fetched again after kill {kills}");
        }
    }
    assert!(
        midway > KILLS / 2,
        "only {midway} kills struck behind the first page"
    );
    assert!(
        side_by_side > KILLS / 3,
        "only {side_by_side} kills struck several slices"
    );
    let mut last = spawn_sync(&sim, &file, "full", &[]);
    assert!(last.wait().unwrap().success());
    let engine = Engine::open(&file, settings_of(QUICK)).unwrap();
    assert_same(&truth(&sim), &rows(&engine, View::All));
    let uninterrupted = Fixture::connected(&sim, QUICK);
    uninterrupted.sync().unwrap();
    let digest = |engine: &Engine| engine.statistics().unwrap().digest;
    assert_eq!(digest(&engine), digest(&uninterrupted.engine));
    let integrity = engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}");
    assert!(
        engine
            .runs(None, 500)
            .unwrap()
            .iter()
            .all(|run| run.state == RunState::Complete)
    );
    eprintln!("{kills} kills, {completed} runs that finished before their kill");
}
