//! Cancel, resume, close, busy, progress: an engine used from several threads.

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::model::{Phase, RunState};
use okta_sim::OktaSim;

use crate::fixture::{Fixture, QUICK, assert_code, committed_cursors, settings_of, silent_after};

const USERS: u32 = 4_000;

/// An org that falls silent in the middle of the listing.
fn org_that_falls_silent() -> (OktaSim, Receiver<()>) {
    let sim = OktaSim::builder().users(USERS).seed(60).start().unwrap();
    let silence = silent_after(&sim, 16);
    (sim, silence)
}

fn wait_for(engine: &Engine, what: impl Fn(&okta_profiles::model::Progress) -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !what(&engine.progress()) {
        assert!(
            Instant::now() < deadline,
            "never happened: {:?}",
            engine.progress()
        );
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn an_unfinished_run_that_the_disk_has_damaged_is_begun_anew() {
    for damage in [
        "UPDATE sync_slices SET query = 'nothing:known' WHERE slice = (SELECT max(slice) FROM sync_slices)",
        "UPDATE sync_slices SET query = CAST(x'ff' AS TEXT)",
        "UPDATE sync_slices SET cursor = 'x' WHERE cursor IS NOT NULL",
        "UPDATE sync_slices SET cursor = CAST(x'ff' AS TEXT) WHERE cursor IS NOT NULL",
        "UPDATE sync_pages SET cursor = CAST(x'ff' AS TEXT)",
        "UPDATE sync_pages SET seen = x'00ff'",
    ] {
        let sim = OktaSim::builder().users(2_500).seed(61).start().unwrap();
        let silence = silent_after(&sim, 8);
        let mut fixture = Fixture::connected(&sim, QUICK);
        std::thread::scope(|scope| {
            let running = scope.spawn(|| fixture.sync());
            silence.recv().unwrap();
            wait_for(&fixture.engine, |progress| progress.pages >= 2);
            fixture.engine.cancel();
            assert_code(&running.join().unwrap().unwrap_err(), ErrorCode::Cancelled);
        });
        sim.clear_faults();
        fixture.engine.close().unwrap();
        let file = rusqlite::Connection::open(fixture.file()).unwrap();
        assert!(file.execute(damage, []).unwrap() > 0, "{damage}");
        drop(file);
        fixture.engine = Engine::open(&fixture.file(), settings_of(QUICK)).unwrap();
        let report = fixture.sync().unwrap_or_else(|error| panic!("{damage}: {error}"));
        assert_eq!(report.present, 2_500, "{damage}");
    }
}

#[test]
fn a_cancelled_run_resumes_where_it_stopped() {
    let (sim, silence) = org_that_falls_silent();
    let fixture = Fixture::connected(&sim, QUICK);
    std::thread::scope(|scope| {
        let running = scope.spawn(|| fixture.sync());
        silence.recv().unwrap();
        wait_for(&fixture.engine, |progress| progress.pages >= 5);
        assert_code(&fixture.sync().unwrap_err(), ErrorCode::Busy);
        fixture.engine.cancel();
        assert_code(&running.join().unwrap().unwrap_err(), ErrorCode::Cancelled);
    });
    assert_eq!(fixture.engine.progress().phase, Phase::Idle);
    let interrupted = fixture.engine.runs(None, 1).unwrap().remove(0);
    assert_eq!(
        (interrupted.state, interrupted.error_code),
        (RunState::Interrupted, ErrorCode::Cancelled.number())
    );
    let committed = committed_cursors(&fixture.file());
    assert_eq!(committed.len() as u64, interrupted.pages);
    sim.clear_faults();
    sim.clear_requests();
    let report = fixture.sync().unwrap();
    assert_eq!((report.run, report.attempts), (interrupted.run, 2));
    assert!(report.pages >= 20, "{report:?}");
    // A request of the interrupted run may still arrive, but none of those that were answered.
    for request in sim.requests() {
        assert!(
            !committed.contains(&request.path_and_query),
            "a committed page was asked for again"
        );
    }
    // By the engine's own count, which no late request is in: what it asked for is pages, each once.
    let listed = |path: &str| path.starts_with("/api/v1/users?");
    let asked = sim.requests().into_iter().map(|request| request.path_and_query);
    let others = asked.filter(|path| !listed(path)).count() as u64;
    assert_eq!(
        report.requests - interrupted.requests - others,
        report.pages - interrupted.pages,
        "more was asked for than pages"
    );
    fixture.assert_equals_org(&sim);
}

#[test]
fn close_during_a_sync_ends_it_and_closes_every_file() {
    let (sim, silence) = org_that_falls_silent();
    let fixture = Fixture::connected(&sim, QUICK);
    std::thread::scope(|scope| {
        let running = scope.spawn(|| fixture.sync());
        silence.recv().unwrap();
        wait_for(&fixture.engine, |progress| progress.pages >= 2);
        let began = Instant::now();
        fixture.engine.close().unwrap();
        assert!(began.elapsed() < Duration::from_secs(10));
        assert_code(&running.join().unwrap().unwrap_err(), ErrorCode::Cancelled);
    });
    assert_code(
        &fixture.engine.statistics().unwrap_err(),
        ErrorCode::InvalidHandle,
    );
    fixture.engine.close().unwrap();
    let name = fixture.file();
    let open = std::fs::read_dir("/proc/self/fd")
        .unwrap()
        .filter_map(|fd| std::fs::read_link(fd.unwrap().path()).ok());
    assert!(
        !open
            .into_iter()
            .any(|target| target.to_string_lossy().starts_with(&*name.to_string_lossy()))
    );
    let again = Engine::open(&name, settings_of(QUICK)).unwrap();
    assert_eq!(again.runs(None, 1).unwrap()[0].state, RunState::Interrupted);
}

#[test]
fn one_owner_at_a_time() {
    let fixture = Fixture::unconnected(QUICK);
    let error = Engine::open(&fixture.file(), settings_of(QUICK)).unwrap_err();
    assert_code(&error, ErrorCode::DirectoryLocked);
    fixture.engine.close().unwrap();
    Engine::open(&fixture.file(), settings_of(QUICK)).unwrap();
}

#[test]
fn look_ups_go_on_while_a_sync_runs() {
    let (sim, silence) = org_that_falls_silent();
    let fixture = Fixture::connected(&sim, QUICK);
    std::thread::scope(|scope| {
        let running = scope.spawn(|| fixture.sync());
        silence.recv().unwrap();
        wait_for(&fixture.engine, |progress| progress.pages >= 2);
        assert_eq!(
            fixture.engine.statistics().unwrap().okta_users,
            0,
            "nothing is shown before the run is complete"
        );
        sim.clear_faults();
        running.join().unwrap().unwrap();
    });
    assert_eq!(fixture.engine.statistics().unwrap().okta_users, u64::from(USERS));
}

#[test]
fn async_callers_get_an_error_instead_of_a_panic() {
    let fixture = Fixture::unconnected(QUICK);
    fixture.engine.connect("http://127.0.0.1:9", "00token").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let outcome = runtime.block_on(async { fixture.engine.validate() });
    assert_code(&outcome.unwrap_err(), ErrorCode::InvalidArgument);
}
