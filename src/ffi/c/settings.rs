//! Settings, for C.

use std::ffi::c_char;

use super::arguments::{call, engine, hand_out, text};
use super::engine::okp_engine;
use super::error::okp_error;
use super::page::okp_page;
use crate::contract::errors::{Error, ErrorCode};
use crate::contract::records;

/// Changes a setting for the calls that begin from now on. docs/reference/settings.md lists keys,
/// defaults and ranges.
///
/// @return 0, OKP_ERROR_UNKNOWN_SETTING, OKP_ERROR_INVALID_SETTING, OKP_ERROR_MATCHING_RULES_INVALID,
/// OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_set(
    handle: okp_engine,
    key: *const c_char,
    key_length: usize,
    value: *const c_char,
    value_length: usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let (key, value) = unsafe {
            (
                text(key, key_length, "the key")?,
                text(value, value_length, "the value")?,
            )
        };
        engine(handle)?.set(key, value)
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// The value of a setting: one row with OKP_COLUMN_NAME and OKP_COLUMN_VALUE.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_UNKNOWN_SETTING, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_setting(
    handle: okp_engine,
    key: *const c_char,
    key_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let key = unsafe { text(key, key_length, "the key") }?;
        Ok(records::named_text(key, &engine(handle)?.setting(key)?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Every setting: one row each with OKP_COLUMN_NAME, OKP_COLUMN_VALUE, OKP_COLUMN_SETTING_SOURCE (call, directory
/// or default), OKP_COLUMN_SETTING_DEFAULT and OKP_COLUMN_SETTING_MEANING. A password in a proxy's address is left
/// out.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_settings(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || Ok(records::settings(&engine(handle)?.settings()?));
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Keeps a setting in the directory: it holds from now on for every engine that opens the directory, unless
/// `okp_engine_set` gives another value. Refused for directory.lock_wait_seconds, which is needed earlier, and for a
/// proxy with a password: secrets are never settings.
///
/// @return 0, OKP_ERROR_UNKNOWN_SETTING, OKP_ERROR_INVALID_SETTING, OKP_ERROR_MATCHING_RULES_INVALID,
/// OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_* or OKP_ERROR_DISK_FULL.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_store_setting(
    handle: okp_engine,
    key: *const c_char,
    key_length: usize,
    value: *const c_char,
    value_length: usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let (key, value) = unsafe {
            (
                text(key, key_length, "the key")?,
                text(value, value_length, "the value")?,
            )
        };
        engine(handle)?.store_setting(key, value)
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// Removes a setting from the directory.
///
/// @return 0, OKP_ERROR_NOT_FOUND if it was not kept, OKP_ERROR_UNKNOWN_SETTING, OKP_ERROR_INVALID_HANDLE, or an
/// OKP_ERROR_DIRECTORY_* or OKP_ERROR_DISK_FULL.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_unset_setting(
    handle: okp_engine,
    key: *const c_char,
    key_length: usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let key = unsafe { text(key, key_length, "the key") }?;
        match engine(handle)?.unset_setting(key)? {
            true => Ok(()),
            false => Err(Error::new(ErrorCode::NotFound)),
        }
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}
