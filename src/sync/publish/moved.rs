//! What a publication moves: counted while it is written, and told in the report.

use std::collections::BTreeMap;

use crate::directory::{Digest, UserSet};
use crate::model::SyncReport;

/// What the users whom the run inserted or staged turned out to be.
#[derive(Default)]
pub(super) struct Moved {
    pub(super) updated: u64,
    pub(super) touched: u64,
    pub(super) cleared: BTreeMap<String, u64>,
    /// Users that had been absent and come back with other values.
    pub(super) returned: UserSet,
    /// What the digest of all present users gains and loses.
    pub(super) digest: Digest,
    /// Known users whose ties may have to change.
    pub(super) known: UserSet,
    /// Users who are new.
    pub(super) arrived: UserSet,
}

/// All counts come from what is in the directory, so they hold after any number of kills.
pub(super) fn count_seen(report: &mut SyncReport, seen: &UserSet, moved: &Moved) {
    let rows = report.seen + report.repeated;
    report.added = moved.arrived.len();
    report.seen = moved.arrived.len() + seen.len();
    report.repeated = rows.saturating_sub(report.seen);
    report.updated = moved.updated;
    report.touched = moved.touched;
    report.unchanged = seen.len() - moved.updated - moved.touched;
}
