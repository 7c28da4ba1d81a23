//! A run: its options, its progress and its report.

use serde::Serialize;

use crate::clock::UnixMillis;
use crate::contract::choices::{Phase, RunMode, RunReason, RunState, SyncMode};
use crate::model::{GroupCounts, MatchCounts};

/// The number of a run, ascending and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct RunId(pub i64);

/// What the caller requests of one run, and what the caller confirms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncOptions {
    /// Full, delta, or automatic.
    pub mode: SyncMode,
    /// Mark users as absent even if more users vanished than the limits allow.
    pub confirm_absent: bool,
    /// Accept an attribute that became empty for more users than the limits allow.
    pub confirm_cleared: bool,
    /// Accept the org that answers as the org of this directory, although another org answered before.
    pub confirm_org: bool,
    /// Start from the beginning even if an unfinished run could be resumed.
    pub restart: bool,
}

impl SyncOptions {
    /// Options of this mode, without any confirmation.
    pub fn of(mode: SyncMode) -> SyncOptions {
        SyncOptions {
            mode,
            ..SyncOptions::default()
        }
    }
}

/// The state of the running sync at one moment, for polling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// What the run is doing.
    pub phase: Phase,
    /// The number of the run; 0 until it has one.
    pub run: i64,
    /// Users read and committed, including those of earlier attempts of the same run.
    pub users_seen: u64,
    /// The expected number of users: Okta's own count, or the directory's; 0 if unknown.
    pub users_expected: u64,
    /// Pages committed.
    pub pages: u64,
    /// Requests sent by this call.
    pub requests: u64,
    /// How many of the requests were retries.
    pub retries: u64,
    /// Time spent waiting for rate limits and before retries, in milliseconds.
    pub waited_ms: u64,
    /// How much longer the present wait takes, in milliseconds; 0 if nothing waits.
    pub wait_left_ms: u64,
    /// Number of the error that causes the wait, such as a rate limit; 0 if nothing waits.
    pub waits_for: i32,
    /// Time since the call began, in milliseconds.
    pub elapsed_ms: u64,
    /// Groups whose members this call has to read; 0 before they are listed.
    pub groups_to_read: u64,
    /// How many of these groups are done.
    pub groups_read: u64,
    /// Memberships of these groups that this call has read.
    pub memberships_read: u64,
}

/// Calls a macro with the counters of a report that the directory keeps, each in a column of its own name. Code
/// that stores reports uses this list.
macro_rules! report_counters {
    ($then:ident) => {
        $then!(
            attempts,
            slices,
            slices_ended,
            pages,
            seen,
            repeated,
            passed_over,
            added,
            updated,
            touched,
            unchanged,
            returned,
            absent,
            purged,
            present,
            requests,
            retries,
            waited_ms,
            bytes,
            elapsed_ms
        )
    };
}
pub(crate) use report_counters;

/// The report of one run. For a complete run `seen = added + updated + touched + unchanged`, and for a complete
/// full run also `present = seen`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// The run's number.
    pub run: RunId,
    /// Whether it reads every user or only what changed.
    pub mode: RunMode,
    /// Why the run has this mode.
    pub reason: RunReason,
    /// A delta run reads the users that were updated at this time by Okta's clock or later; none in a full run.
    pub updated_since: Option<UnixMillis>,
    /// The state of the run.
    pub state: RunState,
    /// Number of the error that stopped or refused it; 0 if none.
    pub error_code: i32,
    /// The message of that error; empty if none.
    pub error_message: String,
    /// When it began (its first attempt).
    pub started: UnixMillis,
    /// When it ended; none while it is unfinished.
    pub finished: Option<UnixMillis>,
    /// How many calls worked on it: 1, plus 1 for each resume.
    pub attempts: u64,
    /// How many listings had to be read to their end. `slices_ended` counts those that ended with an answer without
    /// a next page.
    pub slices: u64,
    /// See `slices`.
    pub slices_ended: u64,
    /// Pages committed.
    pub pages: u64,
    /// Different users seen.
    pub seen: u64,
    /// Rows that Okta sent more than once.
    pub repeated: u64,
    /// Rows of users that the setting `retain` excludes; they are not counted in `seen`.
    pub passed_over: u64,
    /// Users that are new in the directory.
    pub added: u64,
    /// Users with a changed attribute, status or type.
    pub updated: u64,
    /// Users with changed time stamps and no other change.
    pub touched: u64,
    /// Users without any change.
    pub unchanged: u64,
    /// Seen users that were absent before.
    pub returned: u64,
    /// Users marked absent by this run.
    pub absent: u64,
    /// Absent users erased by this run.
    pub purged: u64,
    /// Users present in the directory after the run.
    pub present: u64,
    /// How many users are in each match state after the run.
    pub matches: MatchCounts,
    /// Requests sent, retries included.
    pub requests: u64,
    /// How many of the requests were retries.
    pub retries: u64,
    /// Time spent waiting, in milliseconds.
    pub waited_ms: u64,
    /// Bytes of the answers after decompression.
    pub bytes: u64,
    /// Time spent in all attempts, in milliseconds.
    pub elapsed_ms: u64,
    /// Greatest `lastUpdated` of all seen users. The next delta run begins there, less the overlap.
    pub watermark: Option<UnixMillis>,
    /// Digest of all present users (hex); equal directories have equal digests. Empty unless complete.
    pub digest: String,
    /// What was done with groups; none if groups were not read.
    pub groups: Option<GroupCounts>,
    /// Warnings for an administrator.
    pub warnings: Vec<String>,
}
