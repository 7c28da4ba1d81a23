//! Running a sync and watching it, for C.

use super::arguments::{call, check_out, engine, hand_out};
use super::engine::okp_engine;
use super::error::okp_error;
use super::page::okp_page;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::ffi::{records, selectors};
use crate::model::{Progress, RunId, RunMode, SyncReport};

/// How far the running sync is. Set `struct_size` with `OKP_PROGRESS_INIT`.
#[repr(C)]
#[derive(Default)]
pub struct okp_progress {
    /// Set to `sizeof(okp_progress)`. The library writes no further than this.
    pub struct_size: u32,
    /// 0 idle, 1 starting, 2 reading, 3 waiting, 4 publishing, 5 groups.
    pub phase: u32,
    /// Number of the run; 0 before it has one.
    pub run: i64,
    /// Users committed so far, those of earlier attempts of the same run included.
    pub users_seen: u64,
    /// How many there will be; 0 if unknown.
    pub users_expected: u64,
    /// Pages committed so far.
    pub pages: u64,
    /// Requests sent by this call.
    pub requests: u64,
    /// Of these, retries.
    pub retries: u64,
    /// Time spent waiting, in milliseconds.
    pub waited_ms: u64,
    /// How long the present wait will still take, in milliseconds.
    pub wait_left_ms: u64,
    /// Time since the call began, in milliseconds.
    pub elapsed_ms: u64,
    /// Groups whose members this call has to read; 0 before they are listed.
    pub groups_to_read: u64,
    /// Of these, groups that are done.
    pub groups_read: u64,
    /// Memberships of these groups that this call has read.
    pub memberships_read: u64,
}

/// The counters of a complete run: `seen = added + updated + touched + unchanged`, and in a full run
/// `present = seen`. Set `struct_size` with `OKP_SYNC_REPORT_INIT`. `okp_engine_runs` gives the whole report.
#[repr(C)]
#[derive(Default)]
pub struct okp_sync_report {
    /// Set to `sizeof(okp_sync_report)`. The library writes no further than this.
    pub struct_size: u32,
    /// 1 if the run read every user, 2 if it read only what changed.
    pub mode: u32,
    /// Number of the run.
    pub run: i64,
    /// How many calls worked on it.
    pub attempts: u64,
    /// Different users seen.
    pub seen: u64,
    /// Users new in the directory.
    pub added: u64,
    /// Users of whom an attribute, the status or the type changed.
    pub updated: u64,
    /// Users of whom only time stamps moved.
    pub touched: u64,
    /// Users as the directory had them.
    pub unchanged: u64,
    /// Users that had been absent.
    pub returned: u64,
    /// Users marked absent.
    pub absent: u64,
    /// Absent users erased.
    pub purged: u64,
    /// Users present after the run.
    pub present: u64,
    /// Pairs tied by a rule.
    pub matched: u64,
    /// Pairs tied by hand.
    pub pinned: u64,
    /// Okta users in the state ambiguous.
    pub okta_ambiguous: u64,
    /// Jira users in the state ambiguous.
    pub jira_ambiguous: u64,
    /// Okta users without a Jira user.
    pub okta_only: u64,
    /// Jira users without an Okta user.
    pub jira_only: u64,
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
}

/// Brings the directory up to date with the org; resumes an unfinished run. Reads only what changed
/// since the last complete run, or every user where that is needed: at first, when the last full run is
/// older than `sync.full_every_hours`, after a refused run and so on (OKP_COLUMN_RUN_REASON says why).
/// Only a full run notices deleted users. Blocks until the end; watch it with `okp_engine_progress` and stop it with `okp_engine_cancel` from another thread.
/// On an error readers see the directory as it was.
///
/// @param flags OKP_SYNC_CONFIRM_ABSENT, OKP_SYNC_CONFIRM_CLEARED, OKP_SYNC_RESTART, and one of
/// OKP_SYNC_MODE_FULL, OKP_SYNC_MODE_DELTA; 0 for none.
/// @param report receives the counters; may be NULL.
/// @return 0 if the directory is complete, else among others OKP_ERROR_BUSY, OKP_ERROR_NOT_CONNECTED,
/// OKP_ERROR_CANCELLED, OKP_ERROR_TOKEN_REJECTED, OKP_ERROR_RATE_LIMITED, OKP_ERROR_NOBODY_SEEN,
/// OKP_ERROR_TOO_MANY_ABSENT, OKP_ERROR_TOO_MANY_CLEARED, OKP_ERROR_ORG_MISMATCH.
///
/// # Safety
/// Pointers are null or valid; `report` for `struct_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_sync(
    handle: okp_engine,
    flags: u32,
    report: *mut okp_sync_report,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        if !report.is_null() {
            // SAFETY: the caller's pointer, as documented.
            unsafe { check_size(report, report.cast()) }?;
        }
        let done = engine(handle)?.sync(selectors::sync_options(flags)?)?;
        if report.is_null() {
            return Ok(());
        }
        // SAFETY: as above.
        unsafe { fill(report, report_of(&done)) }
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// How far the running sync is, or the last figures if none runs. Never blocks.
///
/// @param progress receives the figures.
/// @return 0, OKP_ERROR_INVALID_HANDLE, OKP_ERROR_INVALID_ARGUMENT.
///
/// # Safety
/// Pointers are null or valid; `progress` for `struct_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_progress(
    handle: okp_engine,
    progress: *mut okp_progress,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        let engine = engine(handle)?;
        // SAFETY: the caller's pointer, as documented.
        unsafe {
            check_size(progress, progress.cast())?;
            fill(progress, progress_of(&engine.progress()))
        }
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// Reports of the last runs, newest first; one row each with the OKP_COLUMN_RUN_* columns.
///
/// @param before only runs with a smaller number; 0 for the newest.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_runs(
    handle: okp_engine,
    before: i64,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        let before = (before != 0).then_some(RunId(before));
        Ok(records::runs(
            &engine(handle)?.runs(before, selectors::limit(limit)?)?,
        ))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Smallest struct that can be told apart from an uninitialised one.
const SMALLEST: u32 = 16;

/// # Safety
/// `size` is null or readable.
unsafe fn check_size<T>(out: *mut T, size: *const u32) -> Result<()> {
    check_out(out, "the struct")?;
    // SAFETY: `out` is not null and aligned (checked above), and `size` is its first field.
    if unsafe { *size } < SMALLEST {
        return Err(Error::about(ErrorCode::InvalidArgument, "struct_size is not set"));
    }
    Ok(())
}

/// Writes as much of `value` as the caller's struct holds; its `struct_size` stays.
///
/// # Safety
/// `out` was checked by [`check_size`] and is writable for its `struct_size` bytes.
unsafe fn fill<T>(out: *mut T, value: T) -> Result<()> {
    let first = size_of::<u32>();
    // SAFETY: `struct_size` is the first field of every struct filled here.
    let size = unsafe { *out.cast::<u32>() } as usize;
    let length = size.min(size_of::<T>()).saturating_sub(first);
    // SAFETY: both sides are valid for `first + length` bytes.
    unsafe {
        let source = (&raw const value).cast::<u8>().add(first);
        std::ptr::copy_nonoverlapping(source, out.cast::<u8>().add(first), length);
    }
    Ok(())
}

fn progress_of(progress: &Progress) -> okp_progress {
    okp_progress {
        struct_size: 0,
        phase: u32::from(progress.phase as u8),
        run: progress.run,
        users_seen: progress.users_seen,
        users_expected: progress.users_expected,
        pages: progress.pages,
        requests: progress.requests,
        retries: progress.retries,
        waited_ms: progress.waited_ms,
        wait_left_ms: progress.wait_left_ms,
        elapsed_ms: progress.elapsed_ms,
        groups_to_read: progress.groups_to_read,
        groups_read: progress.groups_read,
        memberships_read: progress.memberships_read,
    }
}

fn report_of(report: &SyncReport) -> okp_sync_report {
    okp_sync_report {
        struct_size: 0,
        mode: match report.mode {
            RunMode::Full => 1,
            RunMode::Delta => 2,
        },
        run: report.run.0,
        attempts: report.attempts,
        seen: report.seen,
        added: report.added,
        updated: report.updated,
        touched: report.touched,
        unchanged: report.unchanged,
        returned: report.returned,
        absent: report.absent,
        purged: report.purged,
        present: report.present,
        matched: report.matches.matched,
        pinned: report.matches.pinned,
        okta_ambiguous: report.matches.okta_ambiguous,
        jira_ambiguous: report.matches.jira_ambiguous,
        okta_only: report.matches.okta_only,
        jira_only: report.matches.jira_only,
        requests: report.requests,
        retries: report.retries,
        waited_ms: report.waited_ms,
        bytes: report.bytes,
        elapsed_ms: report.elapsed_ms,
    }
}
