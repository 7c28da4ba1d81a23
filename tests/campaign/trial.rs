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

use crate::clock::Clock;
use crate::jira::{hand_over, jira_users};
use crate::{changes, ending};

/// Faults in spite of which a run ends well, and soon. An Okta whose `Date` is ahead of the times of its objects is
/// not among them: then a swap of members within one second cannot be noticed.
const FAULTS: &[Fault] = &[
    Fault::FoldedLink,
    Fault::NextBeforeSelf,
    Fault::DroppedParametersInNext,
    Fault::EmptyLastPage,
    Fault::ShortPages,
    Fault::DuplicateRows,
    Fault::ServerError,
    Fault::HtmlBadGateway,
    Fault::EmptyOk,
    Fault::CutJson,
    Fault::TruncatedJson,
    Fault::UnendedBody,
    Fault::StalledBody,
    Fault::SlowBody,
    Fault::ConnectionReset,
    Fault::ServiceUnavailable,
    Fault::SearchUnparsable,
    Fault::InvalidCursor,
    Fault::LostEnd,
    Fault::MomentarilyRepeatedCursor,
    Fault::MissingDateHeader,
    Fault::LateClock,
    Fault::RangeSearchRefused,
    Fault::UpdatedSearchRefused,
    Fault::SortRefused,
    Fault::SortIgnored,
    Fault::SortInvalid,
    Fault::StatusPrRefused,
];
/// Faults that a run must refuse, or not believe.
const REFUSED: &[Fault] = &[
    Fault::RoleLessEmpty,
    Fault::WrongJsonShape,
    Fault::ForeignNext,
    Fault::NextOfAnotherListing,
    Fault::RepeatedCursor,
    Fault::EmptyCursor,
    Fault::EndlessEmptyPages,
    Fault::EndlessRepeatedRows,
    Fault::PartialContent,
    Fault::CutListings,
    Fault::OtherOrgId,
    Fault::AlwaysServerError,
];
/// How long a body takes that comes in small pieces, or stalls.
const SLOW: Duration = Duration::from_millis(20);
/// So far clocks step: three days, which is more than any age that the engine looks at.
const FARTHEST_STEP: i64 = 3 * 86_400;

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
    clocks_stepped: u32,
}

impl Tally {
    /// Adds another one's figures.
    pub fn add(&mut self, other: &Tally) {
        self.complete += other.complete;
        self.warned += other.warned;
        self.cancelled += other.cancelled;
        self.killed += other.killed;
        self.refused += other.refused;
        self.clocks_stepped += other.clocks_stepped;
    }
}

/// What a trial works with.
pub struct Trial {
    pub sim: OktaSim,
    pub folder: tempfile::TempDir,
    pub seed: u64,
    clock: Clock,
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
pub fn run(seed: u64) -> Tally {
    let mut tally = Tally::default();
    let mut random = Rng::with_seed(seed);
    let sim = OktaSim::builder()
        .users(random.u32(150..400))
        .groups(random.u32(6..30))
        .seed(seed)
        .fault_period(random.u32(5..12))
        .clock_ahead(random.i64(-7_200..7_200))
        .slow_body(SLOW)
        .stall(SLOW)
        .start()
        .unwrap();
    // In memory: no power is cut here, and waiting for a disk would take most of the time.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    let folder = folder.unwrap();
    let trial = Trial {
        sim,
        clock: Clock::right(folder.path()),
        folder,
        seed,
    };
    let engine = trial.engine("directory.db");
    hand_over(&engine, &jira_users(&trial.sim, 200));
    engine.close().unwrap();
    for _ in 0..random.u32(3..7) {
        step(&trial, &mut random, &mut tally);
    }
    trial.sim.clear_faults();
    ending::assert_equals_org(&trial);
    tally
}

fn step(trial: &Trial, random: &mut Rng, tally: &mut Tally) {
    let faults: Vec<Fault> = (0..random.usize(..4))
        .map(|_| FAULTS[random.usize(..FAULTS.len())])
        .collect();
    trial.sim.set_faults(&faults);
    changes::some(&trial.sim, random, random.clone().usize(..12));
    change_while_reading(trial, random);
    if random.u32(..4) == 0 {
        trial.sim.step_clock(some_step(random));
    }
    match random.u32(..12) {
        0..=2 => sync(trial, mode(random), tally),
        3..=5 => while_clocks_step(trial, random, tally),
        6..=7 => cancelled(trial, random, tally),
        8..=9 => killed(trial, random, tally),
        _ => refused(trial, random, tally),
    }
}

fn mode(random: &mut Rng) -> SyncMode {
    [SyncMode::Full, SyncMode::Auto, SyncMode::Auto][random.usize(..3)]
}

/// By how many seconds a clock steps: seldom by days, else by minutes.
fn some_step(random: &mut Rng) -> i64 {
    let farthest = [300, 300, 7_200, FARTHEST_STEP][random.usize(..4)];
    random.i64(-farthest..=farthest)
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

/// A run of the real program, for which this machine's clock is wrong and steps in the middle, as Okta's may do.
fn while_clocks_step(trial: &Trial, random: &mut Rng, tally: &mut Tally) {
    let clock = trial.clock.clone();
    clock.set_ahead(some_step(random));
    let (ours, theirs) = (some_step(random), [0, some_step(random)][random.usize(..2)]);
    trial.sim.at_request(random.u64(1..8), move |org| {
        clock.set_ahead(ours);
        org.step_clock(theirs);
    });
    let directory = trial.folder.path().join("directory.db");
    let ended = program(trial, &directory, mode(random)).output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(ended.status.code().is_some(), "{said}");
    assert!(!said.contains("(90"), "a fault of our own: {said}");
    tally.clocks_stepped += 1;
    match ended.status.success() {
        true => tally.complete += 1,
        false => tally.refused += 1,
    }
}

/// A run of the real program that is killed after a random number of requests.
fn killed(trial: &Trial, random: &mut Rng, tally: &mut Tally) {
    trial.sim.clear_requests();
    let mut child = program(trial, &trial.folder.path().join("directory.db"), mode(random));
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

fn program(trial: &Trial, directory: &Path, mode: SyncMode) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_okta-profiles"));
    program
        .args(["sync", "--json", "--mode", mode.name()])
        .args(["--org-url", trial.sim.url(), "--directory"])
        .arg(directory);
    trial.clock.rule(&mut program);
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
