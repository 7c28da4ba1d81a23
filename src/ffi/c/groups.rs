//! Groups and memberships, for C. None of these calls uses the network.

use std::ffi::c_char;

use super::arguments::{call, engine, hand_out, text};
use super::engine::okp_engine;
use super::error::okp_error;
use super::page::okp_page;
use crate::contract::errors::{Error, ErrorCode};
use crate::contract::records;
use crate::ffi::selectors;
use crate::model::{GroupFilter, Lookup};

/// Groups in the order of their names, at most `limit` (1 to 10 000): OKP_COLUMN_GROUP_* columns. Begin with
/// an empty `after` and go on with OKP_COLUMN_SEARCH_CURSOR of the last row; null there is the end.
///
/// @param type only groups of this type, such as OKTA_GROUP; empty for all.
/// @param prefix only groups whose name begins with this text, without case; empty for all.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_groups(
    handle: okp_engine,
    r#type: *const c_char,
    type_length: usize,
    prefix: *const c_char,
    prefix_length: usize,
    after: *const c_char,
    after_length: usize,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let (kind, name_prefix, after) = unsafe {
            (
                text(r#type, type_length, "the type")?,
                text(prefix, prefix_length, "the prefix")?,
                text(after, after_length, "the cursor")?,
            )
        };
        let filter = GroupFilter { kind, name_prefix };
        let found = engine(handle)?.groups(filter, after, selectors::limit(limit)?)?;
        Ok(records::groups(&found.groups, found.next.as_deref()))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The group with this Okta id: one row, or none.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_group(
    handle: okp_engine,
    group_id: *const c_char,
    group_id_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let group_id = unsafe { text(group_id, group_id_length, "the group id") }?;
        Ok(records::groups(engine(handle)?.group(group_id)?.as_slice(), None))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Members of a group in the order of their ids: OKP_COLUMN_OKTA_ID, and OKP_COLUMN_STATUS,
/// OKP_COLUMN_LOGIN, OKP_COLUMN_DISPLAY_NAME, OKP_COLUMN_JIRA_KEY where they are known. Begin with an empty
/// `after` and go on with the id of the last row; a page without rows is the end.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_NOT_FOUND if there is no such group, OKP_ERROR_INVALID_ARGUMENT,
/// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_group_members(
    handle: okp_engine,
    group_id: *const c_char,
    group_id_length: usize,
    after: *const c_char,
    after_length: usize,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let (group_id, after) = unsafe {
            (
                text(group_id, group_id_length, "the group id")?,
                text(after, after_length, "the cursor")?,
            )
        };
        let members = engine(handle)?.group_members(group_id, after, selectors::limit(limit)?)?;
        Ok(records::group_members(&members))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Keys of the Jira users to whom members of a group are tied: OKP_COLUMN_JIRA_KEY. Begin with an empty
/// `after` and go on with OKP_COLUMN_SEARCH_CURSOR of the last row; null there is the end.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_NOT_FOUND if there is no such group, OKP_ERROR_INVALID_ARGUMENT,
/// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_matched_group_members(
    handle: okp_engine,
    group_id: *const c_char,
    group_id_length: usize,
    after: *const c_char,
    after_length: usize,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let (group_id, after) = unsafe {
            (
                text(group_id, group_id_length, "the group id")?,
                text(after, after_length, "the cursor")?,
            )
        };
        let found = engine(handle)?.matched_group_members(group_id, after, selectors::limit(limit)?)?;
        Ok(records::jira_keys(&found))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The groups of one user, in the order of their names: OKP_COLUMN_GROUP_* columns. No row if the user is
/// in none, or is unknown.
///
/// @param kind OKP_FIND_BY_JIRA_KEY or OKP_FIND_BY_OKTA_ID.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_groups_of(
    handle: okp_engine,
    kind: i32,
    value: *const c_char,
    value_length: usize,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let value = unsafe { text(value, value_length, "the value") }?;
        let (engine, limit) = (engine(handle)?, selectors::limit(limit)?);
        let groups = match selectors::lookup(kind, value)? {
            Lookup::JiraKey(key) => engine.groups_of_jira_user(key, limit)?,
            Lookup::OktaId(id) => engine.groups_of_okta_user(id, limit)?,
            _ => return Err(Error::about(ErrorCode::InvalidArgument, "the kind of look-up")),
        };
        Ok(records::groups(&groups, None))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}
