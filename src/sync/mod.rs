//! The run: the only place that knows both Okta and the directory.
//!
//! In reading order: [`full`] begins or resumes a run and wires a fetcher to a writer; `fetch` walks
//! the slices and hands over pages; `commit` plans each page (`plan`, pure) and writes it in one
//! transaction with its cursor; `publish` lets the guard judge (`sweep`, pure), names what changed
//! (`diff`, pure) and makes the result visible in one transaction; `look_ups` keeps what is found by
//! attribute and manager in step with it. `progress` is what a host polls.

mod commit;
mod diff;
mod fetch;
pub mod full;
mod look_ups;
mod plan;
mod progress;
mod publish;
mod sweep;

pub use full::{SyncContext, run};
pub use progress::ProgressBoard;
