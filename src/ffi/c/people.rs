//! Users by what they are, and who reports to whom, for C. None of these calls uses the network.

use std::ffi::c_char;

use super::arguments::{call, engine, hand_out, text};
use super::engine::okp_engine;
use super::error::okp_error;
use super::matching::{okp_text, owned_texts};
use super::page::okp_page;
use crate::contract::records;
use crate::ffi::selectors;
use crate::model::UserCriterion;

/// Keys of the Jira users whose Okta user is present and fulfils a condition: OKP_COLUMN_JIRA_KEY. Begin with an empty
/// `after` and go on with OKP_COLUMN_SEARCH_CURSOR of the last row; null there is the end.
///
/// @param name the name of a profile attribute (case matters), or `group` (id or name), `manager` (Jira key, Okta id,
/// Jira username, login or e-mail address of the manager) or `status`; `profile.NAME` for an attribute with one of
/// these names.
/// @param value compared without case and without blanks around it; an array fulfils the condition if one element does.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_users_where(
    handle: okp_engine,
    name: *const c_char,
    name_length: usize,
    value: *const c_char,
    value_length: usize,
    after: *const c_char,
    after_length: usize,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let (name, value, after) = unsafe {
            (
                text(name, name_length, "the name")?,
                text(value, value_length, "the value")?,
                text(after, after_length, "the cursor")?,
            )
        };
        let criterion = UserCriterion::from_words(name, value);
        let found = engine(handle)?.users_where(criterion, after, selectors::limit(limit)?)?;
        Ok(records::jira_keys(&found))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The people behind Jira users, in the order of their keys and all of one moment. OKP_COLUMN_PERSON_ROW says
/// what a row is: "user" begins a person and has the columns of entries; "attribute" those of
/// `okp_engine_titled_profile`; "manager", if there is one, those of entries; "group" those of groups. Jira users without
/// an Okta user are left out.
///
/// @param jira_keys array of `count` texts, at most 1000; may be NULL if `count` is 0.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_people(
    handle: okp_engine,
    jira_keys: *const okp_text,
    count: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's array of texts, as documented.
        let keys = unsafe { owned_texts(jira_keys, count, "the keys") }?;
        Ok(records::people(&engine(handle)?.people(&keys)?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The same with chosen attributes only, in the order in which they were chosen. OKP_COLUMN_PROFILE of users and managers
/// then holds only login, email, firstName, lastName and displayName: what is not shown is not handed out.
///
/// @param jira_keys array of `count` texts, at most 1000; may be NULL if `count` is 0.
/// @param attributes array of `attribute_count` names of profile attributes, at most 1000; may be NULL if
/// `attribute_count` is 0.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_people_showing(
    handle: okp_engine,
    jira_keys: *const okp_text,
    count: usize,
    attributes: *const okp_text,
    attribute_count: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's arrays of texts, as documented.
        let (keys, attributes) = unsafe {
            (
                owned_texts(jira_keys, count, "the keys")?,
                owned_texts(attributes, attribute_count, "the attributes")?,
            )
        };
        Ok(records::people(
            &engine(handle)?.people_showing(&keys, &attributes)?,
        ))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The managers of a user, the nearest first, in the columns of entries. A circle ends before anybody
/// comes twice.
///
/// @param kind OKP_FIND_BY_*, as for `okp_engine_find`.
/// @param page receives the page; free it. No row if the user has no manager here.
/// @return 0, OKP_ERROR_NOT_FOUND if nobody answers to the value, OKP_ERROR_INVALID_ARGUMENT,
/// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_managers_of(
    handle: okp_engine,
    kind: i32,
    value: *const c_char,
    value_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let value = unsafe { text(value, value_length, "the value") }?;
        let chain = engine(handle)?.managers_of(selectors::lookup(kind, value)?)?;
        Ok(records::entries(&chain, None))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The users who report to a user, in the columns of entries. Begin with `after` 0 and go on with
/// OKP_COLUMN_CURSOR of the last row; a page without rows is the end.
///
/// @param kind OKP_FIND_BY_*, as for `okp_engine_find`.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_NOT_FOUND if nobody answers to the value, OKP_ERROR_INVALID_ARGUMENT,
/// OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_reports_of(
    handle: okp_engine,
    kind: i32,
    value: *const c_char,
    value_length: usize,
    after: i64,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let value = unsafe { text(value, value_length, "the value") }?;
        let (user, limit) = (selectors::lookup(kind, value)?, selectors::limit(limit)?);
        let reports = engine(handle)?.reports_of(user, after, limit)?;
        Ok(records::entries(&reports, None))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}
