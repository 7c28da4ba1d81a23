//! The engine against the simulated org: real HTTP over loopback, real SQLite files, real processes.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod cli;
mod cli_words;
mod concurrent;
mod connect_cli;
mod credentials;
mod delta;
mod delta_random;
mod directory;
mod faults;
mod fixture;
mod groups;
mod groups_kill;
mod groups_refused;
mod groups_trust;
mod guard;
mod hostile;
#[path = "../jira.rs"]
mod jira;
mod kill;
mod kill_everywhere;
mod lifecycle;
mod listings;
mod matching;
mod oauth_guide;
mod oauth_refresh;
mod oauth_report;
mod people;
mod planning;
mod privacy;
mod proof;
mod replacing;
mod runs;
mod schemas;
mod settings;
mod sign_in;
mod token_faults;
mod token_kill;
mod transport;
mod two_processes;
mod unchanged;
mod validate;
mod wanted;
mod words;
