//! The run: the only place that knows both Okta and the directory.
//!
//! In reading order: [`mod@run`] is a run from beginning to end. `begin` decides what it reads (`mode`, pure) and
//! resumes an unfinished one. `org_check` asks which org answers. `collect` connects a fetcher and a writer: `read`
//! fetches the slices of a run with several requests in flight, and `write` plans each page and writes it in one
//! transaction with its cursor. `publish` lets the guard judge, finds what changed and makes the result visible in
//! one transaction. `retention` chooses which attributes are requested and kept. `beyond_users` reads `schemas` and
//! `groups`. `live` reads the System Log and reads again what events name. `budget` estimates what a sync costs;
//! `progress` is what a host polls.

mod begin;
mod beyond_users;
mod budget;
mod collect;
mod context;
mod groups;
mod live;
mod mode;
mod org_check;
mod progress;
mod publish;
mod read;
mod retention;
pub mod run;
mod schemas;
mod write;

pub use budget::budget;
pub use context::SyncContext;
pub use live::{compare_with_log, interval as log_interval, poll_log, refresh};
pub use progress::ProgressBoard;
pub use publish::guard::{JiraLoss, Limits};
pub use run::run;
