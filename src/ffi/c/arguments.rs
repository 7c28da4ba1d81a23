//! Decodes arguments from C, and writes results to out-pointers. Checks every pointer.

use std::ffi::c_char;
use std::sync::Arc;

use super::error::{okp_error, report};
use super::{okp_engine, okp_page};
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::page::Page;
use crate::engine::Engine;
use crate::ffi::guard::guarded;
use crate::ffi::handles::{ENGINES, PAGES};

/// Runs one call: catches panics, fills `error` on failure, returns the code.
///
/// # Safety
/// `error` is null or points to an `okp_error` whose `struct_size` is set.
pub unsafe fn call(error: *mut okp_error, work: impl FnOnce() -> Result<()>) -> i32 {
    match guarded(work) {
        Ok(()) => 0,
        // SAFETY: promised by the caller.
        Err(failure) => unsafe { report(error, &failure) },
    }
}

/// The engine of a handle.
pub fn engine(handle: okp_engine) -> Result<Arc<Engine>> {
    ENGINES.get(handle.id)
}

/// A text argument. Null is allowed for an empty text.
///
/// # Safety
/// `data` is null or points to `length` readable bytes that nobody changes during the call.
pub unsafe fn text<'a>(data: *const c_char, length: usize, name: &str) -> Result<&'a str> {
    // SAFETY: promised by the caller.
    let bytes = unsafe { slice(data.cast::<u8>(), length, name) }?;
    std::str::from_utf8(bytes).map_err(|_| Error::about(ErrorCode::InvalidUtf8, name))
}

/// An array argument. Null is allowed for an empty one.
///
/// # Safety
/// `data` is null or points to `count` readable values that nobody changes during the call.
pub unsafe fn slice<'a, T>(data: *const T, count: usize, name: &str) -> Result<&'a [T]> {
    if count == 0 {
        return Ok(&[]);
    }
    let bytes = count.checked_mul(size_of::<T>());
    let sensible = bytes.is_some_and(|bytes| isize::try_from(bytes).is_ok());
    if data.is_null() || !data.is_aligned() || !sensible {
        return Err(Error::about(ErrorCode::InvalidArgument, name));
    }
    // SAFETY: not null, aligned and of a sensible size (checked above); readable for that size and
    // unchanged during the call (promised by the caller).
    Ok(unsafe { std::slice::from_raw_parts(data, count) })
}

/// Writes a result to where the caller wants it.
///
/// # Safety
/// `out` is null or points to writable memory for a `T`.
pub unsafe fn write<T>(out: *mut T, value: T, name: &str) -> Result<()> {
    check_out(out, name)?;
    // SAFETY: not null and aligned (checked above); writable (promised by the caller).
    unsafe { out.write(value) };
    Ok(())
}

/// Refuses a null or misaligned out-pointer before anything is done.
pub fn check_out<T>(out: *mut T, name: &str) -> Result<()> {
    if out.is_null() || !out.is_aligned() {
        return Err(Error::about(ErrorCode::InvalidArgument, name));
    }
    Ok(())
}

/// Runs `work` and returns its page under a new handle.
///
/// # Safety
/// `out` is null or points to writable memory for an `okp_page`.
pub unsafe fn hand_out(out: *mut okp_page, work: impl FnOnce() -> Result<Page>) -> Result<()> {
    check_out(out, "the page")?;
    let page = okp_page {
        id: PAGES.insert(work()?),
    };
    // SAFETY: promised by the caller.
    unsafe { write(out, page, "the page") }
}
