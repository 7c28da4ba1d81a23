//! Live under load: an org that changes many times a second, by log and by hook, with losses, repetitions, late
//! events, refusals, outages and a directory whose process is killed again and again. It is measured which part of the
//! changes is in the directory in time; in the end, after quiet, the directory equals the org without a full run.
//!
//! `make live SECONDS=600` is the long form, for an org of 20 000 users; the tests run a short one.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod load;
mod measure;
mod node;
mod trial;

use std::time::Duration;

use trial::Scale;

/// The long form says how long.
fn scale() -> Scale {
    let seconds = std::env::var("OKP_LIVE_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    match seconds {
        Some(seconds) => Scale {
            users: 20_000,
            groups: 20,
            a_second: 50,
            lasting: Duration::from_secs(seconds),
            between_kills: Duration::from_secs(20),
            between_outages: Duration::from_secs(45),
        },
        None => Scale {
            users: 400,
            groups: 8,
            a_second: 40,
            lasting: Duration::from_secs(4),
            between_kills: Duration::from_secs(2),
            between_outages: Duration::from_secs(3),
        },
    }
}

#[test]
fn by_hook() {
    trial::run("hook", scale());
}

#[test]
fn by_log() {
    trial::run("log", scale());
}

/// The process with the directory, which the trials start and kill.
#[test]
fn node_of_a_trial() {
    node::run_if_asked();
}
