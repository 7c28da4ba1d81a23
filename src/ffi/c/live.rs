//! Live and the event hook, for C.

use std::ffi::c_char;

use super::arguments::{call, engine, hand_out, slice, text};
use super::engine::okp_engine;
use super::error::okp_error;
use super::page::okp_page;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::records;

/// A header of a request.
#[repr(C)]
pub struct okp_header {
    /// The name, in any case.
    pub name: *const c_char,
    /// Its length in bytes.
    pub name_length: usize,
    /// The value.
    pub value: *const c_char,
    /// Its length in bytes.
    pub value_length: usize,
}

/// How well live works: one row with the OKP_COLUMN_LIVE_* and OKP_COLUMN_HOOK_* columns. Sends no request.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_live_status(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || Ok(records::live_status(&engine(handle)?.live_status()?));
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Takes a request that came to the address of Okta's event hook and returns the answer to send: one row with
/// OKP_COLUMN_ANSWER_STATUS, OKP_COLUMN_ANSWER_BODY (JSON, or empty) and OKP_COLUMN_EVENTS_TAKEN. Sends no request, and
/// returns within about half a second, also during a run. A request without the secret changes nothing.
///
/// @param method such as POST.
/// @param headers all headers of the request; at least the secret's and Okta's challenge.
/// @param body the body; NULL for an empty one. A body of more than 4 MiB is refused unread with status 413.
/// @param page receives the page; free it.
/// @return 0 whatever the answer is; OKP_ERROR_INVALID_HANDLE, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8.
///
/// # Safety
/// Pointers are null or valid for their lengths.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_receive_event(
    handle: okp_engine,
    method: *const c_char,
    method_length: usize,
    headers: *const okp_header,
    header_count: usize,
    body: *const u8,
    body_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's pointers, as documented.
        let (method, headers, body) = unsafe {
            let headers = slice(headers, header_count, "the headers")?;
            let headers: Result<Vec<(&str, &str)>> = headers.iter().map(|header| pair(header)).collect();
            (
                text(method, method_length, "the method")?,
                headers?,
                slice(body, body_length, "the body")?,
            )
        };
        Ok(records::hook_answer(
            &engine(handle)?.receive_event(method, &headers, body)?,
        ))
    };
    // SAFETY: as above.
    unsafe { call(error, || hand_out(page, work)) }
}

/// # Safety
/// The pointers of the header are null or valid for their lengths.
unsafe fn pair<'a>(header: &okp_header) -> Result<(&'a str, &'a str)> {
    // SAFETY: promised by the caller.
    unsafe {
        Ok((
            text(header.name, header.name_length, "the name of a header")?,
            // A value that is no text is none that is looked for.
            text(header.value, header.value_length, "the value of a header").unwrap_or_default(),
        ))
    }
}

/// Reads again what events name, and publishes it: one row with the OKP_COLUMN_RUN_* columns of the run. No row if
/// there is nothing to do, or if Okta's rate limit has no request to spare now; then no request was sent, so call it
/// again in a while. Blocks like `okp_engine_sync`.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_BUSY while a sync runs, which loses nothing, and the codes of `okp_engine_sync`.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_refresh_pending(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        let report = engine(handle)?.refresh_pending()?;
        Ok(records::runs(report.as_slice()))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Reads the new rows of Okta's System Log, if the setting `live` is log: one row with OKP_COLUMN_EVENTS_TAKEN and the
/// OKP_COLUMN_POLL_* columns, which say when to poll again.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_BUSY, OKP_ERROR_INVALID_ARGUMENT if live is not log, OKP_ERROR_SCOPE_MISSING,
/// OKP_ERROR_ROLE_MISSING, and the codes of the network.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_poll_log(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || Ok(records::log_poll(&engine(handle)?.poll_log()?));
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// An action on the event hook in Okta.
fn hook_call(handle: okp_engine, action: i32, url: &str) -> Result<crate::contract::page::Page> {
    let engine = engine(handle)?;
    let status = match action {
        1 => engine.register_hook(url),
        2 => engine.check_hook(),
        3 => engine.rotate_hook_secret(),
        4 => engine.remove_hook(),
        5 => engine.verify_hook(),
        _ => Err(Error::about(ErrorCode::InvalidArgument, "action is 1 to 5")),
    };
    Ok(records::live_status(&status?))
}

/// Registers, checks, verifies or removes the event hook at Okta, or gives it another secret; the row is that of
/// `okp_engine_live_status`.
/// All but removing make Okta send a challenge to the hook's address, which another thread must answer with
/// `okp_engine_receive_event` meanwhile.
///
/// @param action 1 register, 2 check and repair, 3 new secret, 4 remove, 5 verify, which tests the way from Okta to
/// here.
/// @param url the public address of the hook, with https; for registering only.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_SCOPE_MISSING, OKP_ERROR_ROLE_MISSING,
/// OKP_ERROR_VALIDATION_FAILED if Okta refuses the answer to its challenge, and the codes of the network.
///
/// # Safety
/// Pointers are null or valid for their lengths.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_event_hook(
    handle: okp_engine,
    action: i32,
    url: *const c_char,
    url_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's pointers, as documented.
        let url = unsafe { text(url, url_length, "the address") }?;
        hook_call(handle, action, url)
    };
    // SAFETY: as above.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The secret that deliveries must carry, for an administrator who makes the hook in Okta by hand: one row with
/// OKP_COLUMN_HOOK_SECRET. Made if there is none.
///
/// @param renew 1 makes a new secret; the old one is accepted for one more day.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_SEALING_KEY_WRONG, and with renew the codes of `okp_engine_event_hook`.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_hook_secret(
    handle: okp_engine,
    renew: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        let engine = engine(handle)?;
        let secret = match renew {
            0 => engine.hook_secret(),
            _ => engine.renew_hook_secret(),
        };
        Ok(records::hook_secret(&secret?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Digests of all secrets that a delivery may carry now: one row each with OKP_COLUMN_HOOK_SECRET_DIGEST. A server that
/// limits how many requests it hands to `okp_engine_receive_event` can let through requests with one of these secrets.
/// Compare in constant time. Sends no request.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_hook_secret_digests(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        Ok(records::hook_secret_digests(
            &engine(handle)?.hook_secret_digests()?,
        ))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Checks whether Okta could deliver to an address from the internet, as far as the address itself shows: it must be
/// https, and neither this machine nor a private network. Call it before registering: registering accepts an internal
/// address, for tests or for a gateway. Sends no request.
///
/// @param url the address.
/// @return 0; OKP_ERROR_INVALID_ARGUMENT, whose message says why not; OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their lengths.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_check_hook_address(
    handle: okp_engine,
    url: *const c_char,
    url_length: usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let url = unsafe { text(url, url_length, "the address") }?;
        engine(handle)?.check_hook_address(url)
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}
