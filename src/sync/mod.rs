//! The run: the only place that knows both Okta and the directory.
//!
//! In reading order: [`full`] is a run from beginning to end and wires a fetcher to a writer; `begin`
//! decides what it reads (`mode`, pure) and resumes an unfinished one; `opening` chooses between one
//! listing of everybody and parts of it (`cut`, pure), as far as that pays (`economy`, pure); `fetch` reads `slices` (pure) side by side, as many as
//! `in_flight` (pure) allows, and hands over pages (`inbox`); `commit` plans each page (`plan`, pure) and writes it
//! in one transaction with its cursor and counts whom the run has `seen`; `confirm` asks by id for those
//! whom the listings leave in doubt; `publish` lets the guard judge (`sweep`, pure), names what changed
//! (`diff`, pure), makes the result visible in one transaction and notes from where the next delta run goes
//! on (`watermark`, pure); `look_ups` keeps what is found by attribute and manager in step with it.
//! `wanted` chooses what is asked for and kept; `beyond_users` reads `schemas` and `groups`. `progress` is what a host polls.

mod begin;
mod beyond_users;
mod budget;
mod commit;
mod confirm;
mod created_pace;
mod cut;
mod diff;
mod economy;
mod fetch;
pub mod full;
mod groups;
mod in_flight;
mod inbox;
mod look_ups;
mod mode;
mod opening;
mod plan;
mod progress;
mod publish;
mod schemas;
mod seen;
mod slices;
#[cfg(test)]
mod slices_tests;
mod sweep;
mod wanted;
mod watermark;

pub use budget::budget;
pub use full::{SyncContext, run};
pub use progress::ProgressBoard;
pub use sweep::{JiraLoss, Limits};
