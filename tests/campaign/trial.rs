//! One trial: an org, a directory, some steps of which each may go wrong, and the ending.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fastrand::Rng;
use okta_profiles::contract::errors::Error;
use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::model::{SyncMode, SyncOptions, SyncReport};
use okta_sim::{Fault, OktaSim, Role};

use crate::jira::{hand_over, jira_users};
use crate::{changes, ending};

/// Faults in spite of which a run ends well, and soon. A clock that steps apart from the times of objects is not
/// among them: then a swap of members within one second cannot be noticed.
const FAULTS: &[Fault] = &[
    Fault::FoldedLink,
    Fault::DroppedParametersInNext,
    Fault::EmptyLastPage,
    Fault::ShortPages,
    Fault::DuplicateRows,
    Fault::ServerError,
    Fault::HtmlBadGateway,
    Fault::EmptyOk,
    Fault::CutJson,
    Fault::TruncatedJson,
    Fault::ConnectionReset,
    Fault::ServiceUnavailable,
    Fault::InvalidCursor,
    Fault::MissingDateHeader,
    Fault::RangeSearchRefused,
    Fault::UpdatedSearchRefused,
    Fault::SortRefused,
    Fault::SortIgnored,
    Fault::StatusPrRefused,
];
/// Faults that a run must refuse.
const REFUSED: &[Fault] = &[Fault::RoleLessEmpty, Fault::WrongJsonShape, Fault::ForeignNext];

const SETTINGS: &[(&str, &str)] = &[
    ("groups.sync", "on"),
    ("retry.base_delay_ms", "2"),
    ("retry.max_delay_seconds", "1"),
    ("http.read_timeout_seconds", "5"),
    ("sync.page_size", "30"),
    ("sync.delta_overlap_seconds", "2"),
];

/// How the runs of the steps ended.
#[derive(Debug, Default)]
pub struct Tally {
    complete: u32,
    warned: u32,
    cancelled: u32,
    killed: u32,
    refused: u32,
}

/// What a trial works with.
pub struct Trial {
    pub sim: OktaSim,
    pub folder: tempfile::TempDir,
    pub seed: u64,
}

impl Trial {
    /// An engine on the directory of this name.
    pub fn engine(&self, name: &str) -> Engine {
        let mut settings = Settings::default();
        for (key, value) in SETTINGS {
            settings.set(key, value).unwrap();
        }
        let engine = Engine::open(&self.folder.path().join(name), settings).unwrap();
        engine
            .connect(self.sim.url(), self.sim.token(Role::SuperAdmin))
            .unwrap();
        engine
    }
}

/// Runs one trial to its end.
pub fn run(seed: u64, tally: &mut Tally) {
    let mut random = Rng::with_seed(seed);
    let sim = OktaSim::builder()
        .users(random.u32(150..400))
        .groups(random.u32(6..30))
        .seed(seed)
        .fault_period(random.u32(5..12))
        .clock_ahead(random.i64(-7_200..7_200))
        .start()
        .unwrap();
    let trial = Trial {
        sim,
        folder: tempfile::tempdir().unwrap(),
        seed,
    };
    let engine = trial.engine("directory.db");
    hand_over(&engine, &jira_users(&trial.sim, 200));
    engine.close().unwrap();
    for _ in 0..random.u32(3..7) {
        step(&trial, &mut random, tally);
    }
    trial.sim.clear_faults();
    ending::assert_equals_org(&trial);
}

fn step(trial: &Trial, random: &mut Rng, tally: &mut Tally) {
    let faults: Vec<Fault> = (0..random.usize(..4))
        .map(|_| FAULTS[random.usize(..FAULTS.len())])
        .collect();
    trial.sim.set_faults(&faults);
    changes::some(&trial.sim, random, random.clone().usize(..12));
    change_while_reading(trial, random);
    match random.u32(..10) {
        0..=3 => sync(trial, mode(random), tally),
        4..=5 => cancelled(trial, random, tally),
        6..=7 => killed(trial, random, tally),
        _ => refused(trial, random, tally),
    }
}

fn mode(random: &mut Rng) -> SyncMode {
    [SyncMode::Full, SyncMode::Auto, SyncMode::Auto][random.usize(..3)]
}

/// Lets the org change at a random request for users, and when groups are listed.
fn change_while_reading(trial: &Trial, random: &mut Rng) {
    let mut later = random.fork();
    trial
        .sim
        .at_request(random.u64(1..12), move |org| changes::some(org, &mut later, 6));
    let (org, seed, done) = (trial.sim.org().clone(), random.u64(..), AtomicBool::new(false));
    trial.sim.edit("/api/v1/groups", move |_| {
        if !done.swap(true, Ordering::SeqCst) {
            changes::some(&org, &mut Rng::with_seed(seed), 6);
        }
    });
}

fn count(outcome: Result<SyncReport, Error>, tally: &mut Tally) {
    match outcome {
        Ok(report) => {
            tally.complete += 1;
            tally.warned += u32::from(!report.warnings.is_empty());
        }
        Err(error) => {
            assert_ne!(error.code().block(), 9, "{error}");
            tally.refused += 1;
        }
    }
}

fn sync(trial: &Trial, mode: SyncMode, tally: &mut Tally) {
    let engine = trial.engine("directory.db");
    count(engine.sync(SyncOptions::of(mode)), tally);
    engine.close().unwrap();
}

/// A run that is cancelled at a random request for users, or while groups are listed.
fn cancelled(trial: &Trial, random: &mut Rng, tally: &mut Tally) {
    let engine = Arc::new(trial.engine("directory.db"));
    let cancelled = engine.clone();
    match random.bool() {
        true => trial
            .sim
            .at_request(random.u64(1..15), move |_| cancelled.cancel()),
        false => trial.sim.edit("/api/v1/groups", move |_| cancelled.cancel()),
    }
    let outcome = engine.sync(SyncOptions::of(mode(random)));
    tally.cancelled += u32::from(outcome.is_err());
    if let Err(error) = outcome {
        assert_ne!(error.code().block(), 9, "{error}");
    }
    trial.sim.relent("/api/v1/groups");
    engine.close().unwrap();
}

/// A run of the real program that is killed after a random number of requests.
fn killed(trial: &Trial, random: &mut Rng, tally: &mut Tally) {
    trial.sim.clear_requests();
    let mut child = program(trial, &trial.folder.path().join("directory.db"));
    let mut child = child.spawn().unwrap();
    let requests = random.usize(1..60);
    while trial.sim.requests().len() < requests && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_micros(300));
    }
    // It may have ended already.
    child.kill().unwrap();
    let status = child.wait().unwrap();
    tally.killed += u32::from(status.code().is_none());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(!said.contains("(90"), "a fault of our own: {said}");
}

fn program(trial: &Trial, directory: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_okta-profiles"));
    program
        .args(["sync", "--json", "--org-url", trial.sim.url(), "--directory"])
        .arg(directory);
    for (key, value) in SETTINGS {
        program.args(["--set", &format!("{key}={value}")]);
    }
    program
        .env("OKTA_API_TOKEN", trial.sim.token(Role::SuperAdmin))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    program
}

/// A run that must not believe what it is told.
fn refused(trial: &Trial, random: &mut Rng, tally: &mut Tally) {
    trial.sim.set_faults(&[REFUSED[random.usize(..REFUSED.len())]]);
    sync(trial, mode(random), tally);
}
