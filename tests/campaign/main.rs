//! A campaign of random trials: orgs with groups that change while they are read, faults, clocks that step, cancelled,
//! killed, refused and resumed runs. At the end of each, users, attributes, memberships, matches and the replayed
//! change feed equal the org. `make campaign RUNS=500` runs many; the tests run a few.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod changes;
mod clock;
mod ending;
#[path = "../jira.rs"]
mod jira;
mod trial;

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Trials of an everyday test run.
const FEW: u64 = 5;

fn number(variable: &str, otherwise: u64) -> u64 {
    let given = std::env::var(variable).ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn every_trial_ends_with_the_org() {
    let first = number("OKP_CAMPAIGN_SEED", 1);
    let runs = number("OKP_CAMPAIGN_RUNS", FEW);
    let (next, tally) = (AtomicU64::new(first), Mutex::new(trial::Tally::default()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + runs {
                return;
            }
            // A failure names its seed: OKP_CAMPAIGN_SEED=… OKP_CAMPAIGN_RUNS=1 repeats it.
            eprintln!("trial {seed}");
            let ended = trial::run(seed);
            tally.lock().unwrap().add(&ended);
        }
    };
    // A trial waits for an org and for programs most of the time.
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    eprintln!("{runs} trials: {:?}", tally.into_inner().unwrap());
}
