//! User types, attributes and titled profiles, for C. None of these calls uses the network.

use std::ffi::c_char;

use super::arguments::{call, engine, hand_out, text};
use super::engine::okp_engine;
use super::error::okp_error;
use super::page::okp_page;
use crate::contract::records;

/// The user types of the org in Okta's order: OKP_COLUMN_TYPE_ID, OKP_COLUMN_USER_TYPE_* and
/// OKP_COLUMN_SCHEMA_*. No row until a sync has read them.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_user_types(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || Ok(records::user_types(&engine(handle)?.user_types()?));
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The attributes that profiles of a user type may have, in Okta's order: OKP_COLUMN_ATTRIBUTE_* columns.
/// No row until a sync has read them.
///
/// @param type_id OKP_COLUMN_TYPE_ID of a user or a type; empty, or one that is not known, gives those of
/// the default type.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_attributes(
    handle: okp_engine,
    type_id: *const c_char,
    type_id_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let type_id = unsafe { text(type_id, type_id_length, "the type id") }?;
        let type_id = (!type_id.is_empty()).then_some(type_id);
        Ok(records::attributes(&engine(handle)?.attributes(type_id)?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The profile of an Okta user under the titles of its type, in the order of the schema:
/// OKP_COLUMN_ATTRIBUTE_NAME, OKP_COLUMN_ATTRIBUTE_TITLE, OKP_COLUMN_ATTRIBUTE_VALUE (JSON).
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_NOT_FOUND if there is no such user, OKP_ERROR_INVALID_ARGUMENT,
/// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_titled_profile(
    handle: okp_engine,
    okta_id: *const c_char,
    okta_id_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let okta_id = unsafe { text(okta_id, okta_id_length, "the Okta id") }?;
        Ok(records::titled_profile(&engine(handle)?.titled_profile(okta_id)?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}
