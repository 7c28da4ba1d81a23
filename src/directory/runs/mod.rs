//! Runs: their reports, and how far the unfinished one is.
//!
//! At most one run is unfinished. Its slices and pages prove that every listing was read from its first page to its
//! explicit end. They are deleted when the run is over.
//!
//! `run` begins, resumes and ends a run. `slices` has its slices and pages, `cost` its cost, `report` its report and
//! the history. `changes` is the change feed. `freshness` says from which time the next delta run reads.

mod cost;
mod report;
mod run;
mod slices;

pub mod changes;
pub mod freshness;

pub use cost::{RunCost, cost, save_cost};
pub use report::{annotate, get, last_judged, list, prune, save_report};
pub use run::{Purpose, RunRow, answers, begin, declare, finish, interrupt, resume, unfinished};
pub use slices::{
    PageRow, SliceRow, add_slice, commit_page, cursors_used, narrow_slice, next_slice, replace_slices,
    restart_slice, seen, slices,
};
