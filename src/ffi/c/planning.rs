//! What a sync would do and cost, for C.

use super::arguments::{call, engine, hand_out};
use super::engine::okp_engine;
use super::error::okp_error;
use super::page::okp_page;
use crate::contract::records;
use crate::ffi::selectors;

/// Reads what `okp_engine_sync` would read with these flags and shows what it would do, without doing it: the run works
/// on a copy of the directory, which is removed at the end. Nothing is recorded, and an unfinished run stays as it is.
/// Jira users who wait for `okp_engine_commit_jira_users` count, and go on waiting. Needs as much free space as the
/// directory takes. Blocks like a sync.
///
/// OKP_COLUMN_DRY_RUN_ROW says what a row is. "run", the first row, has the OKP_COLUMN_RUN_* columns of the
/// report that the run would have left; a run that its guard would refuse has the state refused and the
/// error's code and message. "field" says with OKP_COLUMN_NAME and OKP_COLUMN_COUNT of how many users a
/// field would change. "jira_users" says the same way what committing the Jira users who wait would do, as
/// `okp_engine_preview_jira_users` does. "change" is a sample of the changes; it holds personal data.
///
/// @param flags as for `okp_engine_sync`.
/// @param samples how many changes at most, 0 to 1000.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_BUSY, OKP_ERROR_DISK_FULL, and the codes of `okp_engine_sync` but for those of its
/// guard.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_dry_run(
    handle: okp_engine,
    flags: u32,
    samples: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        let options = selectors::sync_options(flags)?;
        let done = engine(handle)?.dry_run(options, selectors::limit(samples)?)?;
        Ok(records::dry_run(&done))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// What a sync with these flags would cost under the limits that hold now: one row for each bucket of Okta's rate
/// limits with the OKP_COLUMN_BUCKET* columns; OKP_COLUMN_BUDGET_*, OKP_COLUMN_RUN_MODE and OKP_COLUMN_RUN_REASON are
/// the same on every row. An unknown value is null. Sends one request, two before the first run or if groups are read,
/// and one more for the org's id if no full run has read it; writes nothing.
///
/// @param flags as for `okp_engine_sync`; OKP_SYNC_MODE_FULL for a full run.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_NOT_CONNECTED, OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE, and the codes of the
/// network.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_sync_budget(
    handle: okp_engine,
    flags: u32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        let options = selectors::sync_options(flags)?;
        Ok(records::sync_budget(&engine(handle)?.sync_budget(options)?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}
