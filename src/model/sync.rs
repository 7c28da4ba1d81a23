//! A run: what was asked for, how far it is, how it ended.

use serde::Serialize;

use crate::clock::UnixMillis;
use crate::contract::choices::{Phase, RunMode, RunReason, RunState, SyncMode};
use crate::model::{GroupCounts, MatchCounts};

/// The number of a run, ascending and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct RunId(pub i64);

/// What the caller asks of one run, and what it allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncOptions {
    /// Full, delta, or whichever is needed.
    pub mode: SyncMode,
    /// Mark users absent even if more vanished than the limits allow.
    pub confirm_absent: bool,
    /// Accept that an attribute became empty for more users than the limits allow.
    pub confirm_cleared: bool,
    /// Take the org that answers for the one of this directory, although another one answered before.
    pub confirm_org: bool,
    /// Start from the beginning even if an unfinished run could be resumed.
    pub restart: bool,
}

impl SyncOptions {
    /// A run of this mode, otherwise nothing out of the ordinary.
    pub fn of(mode: SyncMode) -> SyncOptions {
        SyncOptions {
            mode,
            ..SyncOptions::default()
        }
    }
}

/// A snapshot of the run that is going on, to be polled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// What the run is doing.
    pub phase: Phase,
    /// The run, 0 before it has a number.
    pub run: i64,
    /// Users read and committed, those of an earlier attempt of the same run included.
    pub users_seen: u64,
    /// How many there will be, as far as known: Okta's own count, or the directory's; 0 if unknown.
    pub users_expected: u64,
    /// Pages committed.
    pub pages: u64,
    /// Requests sent by this call.
    pub requests: u64,
    /// Of these, retries.
    pub retries: u64,
    /// Time spent waiting for rate limits and before retries, in milliseconds.
    pub waited_ms: u64,
    /// How long the present wait will still take, in milliseconds; 0 if not waiting.
    pub wait_left_ms: u64,
    /// Number of the error after which it waits, such as that of a rate limit; 0 if not waiting.
    pub waits_for: i32,
    /// Time since the call began, in milliseconds.
    pub elapsed_ms: u64,
    /// Groups whose members this call has to read; 0 before they are listed.
    pub groups_to_read: u64,
    /// Of these, groups that are done.
    pub groups_read: u64,
    /// Memberships of these groups that this call has read.
    pub memberships_read: u64,
}

/// Hands a macro the counters of a report that the directory keeps, each in a column of its own name: whoever stores
/// reports goes by this list.
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

/// The record of one run. For a complete run `seen = added + updated + touched + unchanged`, and for a
/// full one `present = seen`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// The run's number.
    pub run: RunId,
    /// Whether it reads every user or what changed.
    pub mode: RunMode,
    /// Why the run has this mode.
    pub reason: RunReason,
    /// A delta run asks for users updated at this moment of Okta's clock or later; none in a full run.
    pub updated_since: Option<UnixMillis>,
    /// How it stands.
    pub state: RunState,
    /// Number of the error that stopped or refused it; 0 if none.
    pub error_code: i32,
    /// That error's sentence; empty if none.
    pub error_message: String,
    /// When it began (its first attempt).
    pub started: UnixMillis,
    /// When it ended; none while it is unfinished.
    pub finished: Option<UnixMillis>,
    /// How many calls worked on it: 1, and 1 more for each resume.
    pub attempts: u64,
    /// Listings that had to end, and those that ended in an explicit answer without a next page.
    pub slices: u64,
    /// See `slices`.
    pub slices_ended: u64,
    /// Pages committed.
    pub pages: u64,
    /// Different users seen.
    pub seen: u64,
    /// Rows that Okta sent more than once.
    pub repeated: u64,
    /// Rows of users that the setting `retain` leaves out; they are not in `seen`.
    pub passed_over: u64,
    /// Users that are new in the directory.
    pub added: u64,
    /// Users of whom an attribute, the status or the type changed.
    pub updated: u64,
    /// Users of whom only time stamps moved.
    pub touched: u64,
    /// Users that were as the directory had them.
    pub unchanged: u64,
    /// Of the seen, those that had been absent.
    pub returned: u64,
    /// Users marked absent by this run.
    pub absent: u64,
    /// Absent users erased by this run.
    pub purged: u64,
    /// Users present in the directory after the run.
    pub present: u64,
    /// The match states after the run.
    pub matches: MatchCounts,
    /// Requests sent, retries included.
    pub requests: u64,
    /// Of these, retries.
    pub retries: u64,
    /// Time spent waiting, in milliseconds.
    pub waited_ms: u64,
    /// Bytes of the answers after decompression.
    pub bytes: u64,
    /// Time spent in all attempts, in milliseconds.
    pub elapsed_ms: u64,
    /// Greatest `lastUpdated` seen; the next delta run goes on from there, less the overlap.
    pub watermark: Option<UnixMillis>,
    /// Digest of all present users (hex); equal directories have equal digests. Empty unless complete.
    pub digest: String,
    /// What was read of groups; none if they were not read.
    pub groups: Option<GroupCounts>,
    /// Warnings for an administrator.
    pub warnings: Vec<String>,
}
