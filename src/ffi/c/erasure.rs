//! Erasing a person on request, for C.

use std::ffi::c_char;

use super::arguments::{call, check_out, engine, text, write};
use super::engine::okp_engine;
use super::error::okp_error;

/// Erases the person with this Okta id everywhere in the directory: profile, matches, pins, memberships, changes with
/// their values, notes of runs. The person stays out until `okp_engine_readmit_user`, although Okta may still list
/// them. An unfinished run is dropped. The caller must delete older backups and exports.
///
/// @param erased receives 1, or 0 if the person was erased before; must not be NULL.
/// @return 0, OKP_ERROR_NOT_FOUND if nothing names the id, OKP_ERROR_BUSY while a sync runs,
/// OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_* or
/// OKP_ERROR_DISK_FULL. After OKP_ERROR_DIRECTORY_BUSY the person is erased, but a reader prevented SQLite's log from
/// being truncated; call again.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_erase_user(
    handle: okp_engine,
    okta_id: *const c_char,
    okta_id_length: usize,
    erased: *mut i32,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        check_out(erased, "erased")?;
        // SAFETY: the caller's text, as documented.
        let okta_id = unsafe { text(okta_id, okta_id_length, "the Okta id") }?;
        let outcome = engine(handle)?.erase_user(okta_id)?;
        // SAFETY: the caller's pointer, as documented.
        unsafe { write(erased, i32::from(outcome), "erased") }
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// Lets a person who was erased in again; the next run reads everybody.
///
/// @return 0, OKP_ERROR_NOT_FOUND if nobody with this id was erased, OKP_ERROR_INVALID_ARGUMENT,
/// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_* or OKP_ERROR_DISK_FULL.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_readmit_user(
    handle: okp_engine,
    okta_id: *const c_char,
    okta_id_length: usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let okta_id = unsafe { text(okta_id, okta_id_length, "the Okta id") }?;
        engine(handle)?.readmit_user(okta_id)
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}
