//! Counts what a publication changes, while it is written, for the report.

use std::collections::BTreeMap;

use crate::contract::errors::Result;
use crate::directory::{Digest, Transaction, UserSet, users};
use crate::model::{RunId, RunMode, SyncReport};

/// How many of the inserted or staged users are new, changed, returned or repaired.
#[derive(Default)]
pub(super) struct Moved {
    pub(super) updated: u64,
    pub(super) touched: u64,
    /// Rows that the disk had damaged.
    pub(super) healed: u64,
    pub(super) cleared: BTreeMap<String, u64>,
    /// Users who were absent and came back with other values.
    pub(super) returned: UserSet,
    /// The change of the digest of all present users.
    pub(super) digest: Digest,
    /// Known users whose matches may change.
    pub(super) known: UserSet,
    /// Users who are new.
    pub(super) arrived: UserSet,
}

/// The known users whose status or presence a run may change. A full run counts all users again.
pub(super) fn may_move(
    tx: &Transaction<'_>,
    run: RunId,
    mode: RunMode,
    seen: &UserSet,
    gone: &[(i64, String)],
) -> Result<UserSet> {
    if mode == RunMode::Full {
        return Ok(UserSet::new());
    }
    let mut may_move = users::staged(tx, run)?;
    users::seen_again(tx, seen, |user_no, _| {
        may_move.insert(user_no);
        Ok(())
    })?;
    for (user_no, _) in gone {
        may_move.insert(*user_no);
    }
    Ok(may_move)
}

/// Counts from the contents of the directory, so that the counts are right even if the process was killed several
/// times.
pub(super) fn count_seen(report: &mut SyncReport, seen: &UserSet, moved: &Moved) {
    let rows = report.seen + report.repeated;
    report.added = moved.arrived.len();
    report.seen = moved.arrived.len() + seen.len();
    report.repeated = rows.saturating_sub(report.seen);
    report.updated = moved.updated;
    report.touched = moved.touched;
    report.unchanged = seen.len() - moved.updated - moved.touched;
}
