//! Exports, for C. They do not use the network.

use std::ffi::c_char;
use std::path::Path;

use super::arguments::{call, check_out, engine, text, write};
use super::engine::okp_engine;
use super::error::okp_error;
use crate::ffi::selectors;

/// Writes a view of the directory to a new file that only its owner may read, while reading and syncing go
/// on. CSV (RFC 4180) has a heading and a column for each profile attribute; texts that a spreadsheet would
/// run as a formula get an apostrophe in front. JSON lines have one object for each entry.
///
/// @param view OKP_VIEW_MATCHED, …, OKP_VIEW_ORPHANED.
/// @param format OKP_FORMAT_CSV or OKP_FORMAT_JSON_LINES.
/// @param path UTF-8; a new file in an existing folder.
/// @param entries receives the number of entries; must not be NULL.
/// @return 0, OKP_ERROR_EXPORT_FAILED, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8,
/// OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_export(
    handle: okp_engine,
    view: i32,
    format: i32,
    path: *const c_char,
    path_length: usize,
    entries: *mut u64,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        check_out(entries, "entries")?;
        // SAFETY: the caller's text, as documented.
        let path = unsafe { text(path, path_length, "the path") }?;
        let (view, format) = (selectors::view(view)?, selectors::export_format(format)?);
        let written = engine(handle)?.export_to_file(view, format, Path::new(path))?;
        // SAFETY: the caller's pointer, as documented.
        unsafe { write(entries, written, "entries") }
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}
