//! Running a sync and watching it, for C.

use super::arguments::{call, check_out, engine, hand_out};
use super::engine::okp_engine;
use super::error::okp_error;
use super::page::okp_page;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::records;
use crate::ffi::selectors;
use crate::model::RunId;

/// How far the running sync is. The header has the complete struct, written from the list of fields in
/// [`records::PROGRESS`]; Rust only needs to know that it begins with its size.
#[repr(C, align(8))]
pub struct okp_progress {
    struct_size: u32,
}

/// The counters of a complete run. The header has the complete struct, written from [`records::RUN`].
#[repr(C, align(8))]
pub struct okp_sync_report {
    struct_size: u32,
}

/// Brings the directory up to date with the org; resumes an unfinished run. Reads only what changed since the last
/// complete run, or every user if that is needed: the first time, when the last full run is older than
/// `sync.full_every_hours`, after a refused run and so on (OKP_COLUMN_RUN_REASON says why). Only a full run notices
/// deleted users. Blocks until the end; watch it with `okp_engine_progress` and stop it with `okp_engine_cancel` from
/// another thread. On an error readers see the directory as it was.
///
/// @param flags OKP_SYNC_CONFIRM_ABSENT, OKP_SYNC_CONFIRM_CLEARED, OKP_SYNC_CONFIRM_ORG, OKP_SYNC_RESTART, and one of
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
        unsafe { fill(report, records::RUN.counters(&done)) };
        Ok(())
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
            fill(progress, records::PROGRESS.counters(&engine.progress()));
        }
        Ok(())
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

/// The smallest plausible `struct_size`: a smaller one means that the caller did not initialise the struct.
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

/// Writes as many counters as the caller's struct holds; its `struct_size` stays.
///
/// # Safety
/// `out` was checked by [`check_size`] and is writable for its `struct_size` bytes.
unsafe fn fill<T>(out: *mut T, counters: (Vec<u32>, Vec<i64>)) {
    let first = size_of::<u32>();
    // SAFETY: `struct_size` is the first field of every struct filled here.
    let size = unsafe { *out.cast::<u32>() } as usize;
    let bytes = behind_size(&counters.0, &counters.1);
    let length = size.saturating_sub(first).min(bytes.len());
    // SAFETY: both sides are valid for `length` bytes: `bytes` by its length, `out` by its `struct_size`.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), out.cast::<u8>().add(first), length) };
}

/// How C lays out what follows `struct_size`: numbers of 32 bits, a gap up to the next 8 bytes, numbers of 64.
fn behind_size(choices: &[u32], numbers: &[i64]) -> Vec<u8> {
    let mut bytes: Vec<u8> = choices.iter().flat_map(|choice| choice.to_ne_bytes()).collect();
    let first = size_of::<u32>();
    bytes.resize(
        (first + bytes.len()).next_multiple_of(size_of::<i64>()) - first,
        0,
    );
    bytes.extend(numbers.iter().flat_map(|number| number.to_ne_bytes()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_64_bits_stand_at_multiples_of_8() {
        for choices in 0..4 {
            let length = size_of::<u32>() + behind_size(&vec![1; choices], &[1]).len();
            assert_eq!(length % 8, 0, "{choices} choices");
        }
    }
}
