//! What the directory answers, for C. None of these calls uses the network.

use std::ffi::c_char;
use std::path::Path;

use super::arguments::{call, engine, hand_out, text};
use super::engine::okp_engine;
use super::error::okp_error;
use super::page::okp_page;
use crate::contract::records;
use crate::ffi::selectors;

/// The entry of one user: one row, or none if nobody has the key.
///
/// @param kind OKP_FIND_BY_JIRA_KEY, OKP_FIND_BY_JIRA_USERNAME, OKP_FIND_BY_OKTA_ID, OKP_FIND_BY_LOGIN or
/// OKP_FIND_BY_EMAIL. Ids and keys are compared exactly, the others without case and without blanks around them.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_find(
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
        let found = engine(handle)?.find(selectors::lookup(kind, value)?)?;
        Ok(records::entries(found.as_slice(), None))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Entries of a view in a stable order, at most `limit` (1 to 10 000). Begin with `after` 0 and go on with
/// OKP_COLUMN_CURSOR of the last row; a page without rows is the end.
///
/// @param view OKP_VIEW_MATCHED, …, OKP_VIEW_ORPHANED.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_list(
    handle: okp_engine,
    view: i32,
    after: i64,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        let listed = engine(handle)?.list(selectors::view(view)?, after, selectors::limit(limit)?)?;
        Ok(records::entries(&listed, None))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The users of a view whose name, login or e-mail begins with a text, or contains it, without case. Begin with an
/// empty
/// `after` and go on with OKP_COLUMN_SEARCH_CURSOR of the last row; null there is the end. The views
/// OKP_VIEW_JIRA_ONLY and OKP_VIEW_JIRA_AMBIGUOUS are searched by what Jira knows of the users.
///
/// @param view OKP_VIEW_MATCHED, …, OKP_VIEW_ORPHANED; OKP_VIEW_ALL is every present Okta user.
/// @param field OKP_SEARCH_NAME, OKP_SEARCH_LOGIN or OKP_SEARCH_EMAIL for what begins with the text;
/// OKP_SEARCH_INSIDE_NAME, … for what contains it, a last name for instance.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_search(
    handle: okp_engine,
    view: i32,
    field: i32,
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
        let (prefix, after) = unsafe {
            (
                text(prefix, prefix_length, "the prefix")?,
                text(after, after_length, "the cursor")?,
            )
        };
        let (view, field) = (selectors::view(view)?, selectors::search_field(field)?);
        let found = engine(handle)?.search(view, field, prefix, after, selectors::limit(limit)?)?;
        Ok(records::entries(&found.entries, found.next.as_deref()))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The change feed after a position (0 for the oldest kept), oldest first: OKP_COLUMN_CHANGE_* columns.
///
/// @param okta_id only changes of this user; empty for all.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_changes(
    handle: okp_engine,
    after: i64,
    okta_id: *const c_char,
    okta_id_length: usize,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let okta_id = unsafe { text(okta_id, okta_id_length, "the Okta id") }?;
        let okta_id = (!okta_id.is_empty()).then_some(okta_id);
        Ok(records::changes(&engine(handle)?.changes(
            after,
            okta_id,
            selectors::limit(limit)?,
        )?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The change feed before a position (0 for the newest), newest first: OKP_COLUMN_CHANGE_* columns.
///
/// @param okta_id only changes of this user; empty for all.
/// @param run only changes that this run found; 0 for all.
/// @param since only changes at this moment or later, in milliseconds since 1970; 0 for all.
/// @param until only changes before this moment; 0 for all.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_changes_before(
    handle: okp_engine,
    before: i64,
    okta_id: *const c_char,
    okta_id_length: usize,
    run: i64,
    since: i64,
    until: i64,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let okta_id = unsafe { text(okta_id, okta_id_length, "the Okta id") }?;
        let filter = selectors::change_filter(okta_id, run, since, until);
        let (before, limit) = ((before != 0).then_some(before), selectors::limit(limit)?);
        Ok(records::changes(
            &engine(handle)?.changes_before(before, filter, limit)?,
        ))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// What is in the directory and how fresh it is, by name: okta_users, fresh_as_of (milliseconds since
/// 1970), digest, matched, status:NAME and more.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_*.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_statistics(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    // SAFETY: the caller's pointers, as documented.
    unsafe {
        call(error, || {
            hand_out(page, || Ok(records::statistics(&engine(handle)?.statistics()?)))
        })
    }
}

/// Checks the file and the rules between its rows; reads everything. Each row is a finding; a page without rows means
/// that the directory is sound.
///
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_*.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_check_integrity(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    // SAFETY: the caller's pointers, as documented.
    unsafe {
        call(error, || {
            hand_out(page, || {
                Ok(records::integrity(&engine(handle)?.check_integrity()?))
            })
        })
    }
}

/// Writes a compact copy of the directory to a new file, while reading and syncing go on.
///
/// @param path UTF-8; a new file in an existing folder.
/// @return 0, OKP_ERROR_BACKUP_FAILED, OKP_ERROR_DISK_FULL, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_backup(
    handle: okp_engine,
    path: *const c_char,
    path_length: usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let path = unsafe { text(path, path_length, "the path") }?;
        engine(handle)?.backup(Path::new(path))
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}
