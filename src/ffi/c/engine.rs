//! Opening, settings, validating, log and closing, for C.

use std::ffi::c_char;
use std::path::Path;

use super::arguments::{call, check_out, engine, hand_out, slice, text, write};
use super::error::okp_error;
use super::page::okp_page;
use crate::contract::records;
use crate::contract::settings::Settings;
use crate::engine::{Engine, SealingKey};
use crate::ffi::handles::ENGINES;
use crate::ffi::{ABI_VERSION, selectors};

/// An open directory and, once connected, the way to its Okta org. A number, not a pointer: an engine
/// that was closed, or never existed, is an error. Every call may be made from any thread.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct okp_engine {
    /// Opaque; 0 is never an engine.
    pub id: u64,
}

/// The version of the boundary of the loaded library: compare with OKP_ABI_VERSION. The upper 16 bits
/// must be equal, the lower 16 not smaller.
#[unsafe(no_mangle)]
pub extern "C" fn okp_abi_version() -> u32 {
    ABI_VERSION
}

/// The version of the library, such as "0.1.0". Static: never free it.
#[unsafe(no_mangle)]
pub extern "C" fn okp_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Opens the directory file, making it and its folder if missing. The file must be on a local disk and
/// has one owner at a time. The settings that the directory keeps are in force, see `okp_engine_store_setting`.
///
/// @param path UTF-8, `path_length` bytes.
/// @param opened receives the engine; close it with `okp_engine_close`.
/// @return 0, or among others OKP_ERROR_DIRECTORY_LOCKED, OKP_ERROR_NOT_A_DIRECTORY,
/// OKP_ERROR_DIRECTORY_TOO_NEW, OKP_ERROR_NETWORK_FILE_SYSTEM, OKP_ERROR_DIRECTORY_OPEN_FAILED.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_open(
    path: *const c_char,
    path_length: usize,
    opened: *mut okp_engine,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        check_out(opened, "the engine")?;
        // SAFETY: the caller's text, as documented.
        let path = unsafe { text(path, path_length, "the path") }?;
        let engine = okp_engine {
            id: ENGINES.insert(Engine::open(Path::new(path), Settings::default())?),
        };
        // SAFETY: the caller's pointer, as documented.
        unsafe { write(opened, engine, "the engine") }
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// Opens the directory file with a sealing key that the host keeps, instead of the key file beside the
/// directory. With a wrong key the directory can be read; calls that need the credential return
/// OKP_ERROR_SEALING_KEY_WRONG, and connecting again replaces it.
///
/// @param path UTF-8, `path_length` bytes.
/// @param key 32 random bytes, not kept by reference; wipe yours when you like.
/// @param opened receives the engine; close it with `okp_engine_close`.
/// @return as `okp_engine_open`; OKP_ERROR_INVALID_ARGUMENT if the key has not 32 bytes.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_open_with_key(
    path: *const c_char,
    path_length: usize,
    key: *const u8,
    key_length: usize,
    opened: *mut okp_engine,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        check_out(opened, "the engine")?;
        // SAFETY: the caller's text, as documented.
        let path = unsafe { text(path, path_length, "the path") }?;
        // SAFETY: the caller's bytes, as documented.
        let key = SealingKey::from_bytes(unsafe { slice(key, key_length, "the sealing key") }?)?;
        let engine = Engine::open_with_key(Path::new(path), Settings::default(), key)?;
        let engine = okp_engine {
            id: ENGINES.insert(engine),
        };
        // SAFETY: the caller's pointer, as documented.
        unsafe { write(opened, engine, "the engine") }
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// What opening did: one row with OKP_COLUMN_DIRECTORY_CREATED, OKP_COLUMN_DAMAGED_MOVED_TO and
/// OKP_COLUMN_CARRIED_OVER. A damaged directory was replaced by a new one, which the next sync fills.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_opened(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || Ok(records::open_report(engine(handle)?.open_report()));
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Closes the engine: cancels the calls that run on it in other threads, waits for them and closes every
/// file. Afterwards nothing of it runs, and the handle is invalid.
///
/// @return 0, or OKP_ERROR_INVALID_HANDLE if it is closed already or never existed.
///
/// # Safety
/// `error` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_close(handle: okp_engine, error: *mut okp_error) -> i32 {
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, || ENGINES.remove(handle.id)?.close()) }
}

/// Checks org, credential and every capability: one row each with OKP_COLUMN_CAPABILITY,
/// OKP_COLUMN_OUTCOME, OKP_COLUMN_ADVICE and more. A refused credential is an outcome, not an error.
/// Blocks for seconds, at the worst about a minute; `okp_engine_cancel` ends it.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_NOT_CONNECTED, OKP_ERROR_CA_INVALID, OKP_ERROR_PROXY_INVALID,
/// OKP_ERROR_CANCELLED, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_validate(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    // SAFETY: the caller's pointers, as documented.
    unsafe {
        call(error, || {
            hand_out(page, || Ok(records::validation(&engine(handle)?.validate()?)))
        })
    }
}

/// Stops the calls that run on the engine now; they return OKP_ERROR_CANCELLED. A sync can be resumed.
///
/// @return 0, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// `error` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_cancel(handle: okp_engine, error: *mut okp_error) -> i32 {
    let work = || {
        engine(handle)?.cancel();
        Ok(())
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// Lines of the engine's log after a position, oldest first: OKP_COLUMN_LOG_POSITION, OKP_COLUMN_LOG_AT,
/// OKP_COLUMN_LOG_LEVEL, OKP_COLUMN_LOG_MESSAGE. The log is bounded: poll it, starting with 0.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_log(
    handle: okp_engine,
    after: u64,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        Ok(records::log(
            &engine(handle)?.log(after, selectors::limit(limit)?),
        ))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}
