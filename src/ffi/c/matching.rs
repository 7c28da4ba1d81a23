//! Handing Jira users over, matching and pins, for C.

use std::ffi::c_char;

use super::arguments::{call, engine, hand_out, slice, text};
use super::engine::okp_engine;
use super::error::okp_error;
use super::page::okp_page;
use crate::contract::choices::CandidatesOf;
use crate::contract::errors::Result;
use crate::contract::records;
use crate::ffi::selectors;
use crate::model::JiraUser;

/// A text that belongs to the caller: UTF-8, `length` bytes; NULL is allowed if `length` is 0.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct okp_text {
    /// The bytes.
    pub data: *const c_char,
    /// How many there are.
    pub length: usize,
}

/// A Jira user as the caller hands it over. The texts are copied.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct okp_jira_user {
    /// Jira's user key; a user without one is skipped.
    pub key: okp_text,
    /// The username.
    pub username: okp_text,
    /// The e-mail address; empty if Jira has none.
    pub email: okp_text,
    /// The display name; empty if Jira has none.
    pub display_name: okp_text,
    /// 1 if the user may sign in, else 0.
    pub active: u64,
}

/// Begins handing over the whole set of Jira users. Readers see the old set until
/// `okp_engine_commit_jira_users`; a hand-over that was not committed is dropped.
///
/// @return 0, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_* or OKP_ERROR_DISK_FULL.
///
/// # Safety
/// `error` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_begin_jira_users(handle: okp_engine, error: *mut okp_error) -> i32 {
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, || engine(handle)?.begin_jira_users()) }
}

/// Adds a batch to the hand-over, best a few thousand users. If two users have the same key, the later one counts. A
/// user without a key is skipped. `okp_engine_commit_jira_users` gives the place of both in the hand-over.
///
/// @param users array of `count` users; may be NULL if `count` is 0.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE, or an
/// OKP_ERROR_DIRECTORY_* or OKP_ERROR_DISK_FULL.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_add_jira_users(
    handle: okp_engine,
    users: *const okp_jira_user,
    count: usize,
    error: *mut okp_error,
) -> i32 {
    // SAFETY: the caller's pointers, as documented.
    unsafe {
        call(error, || {
            engine(handle)?.add_jira_users(&jira_users(users, count)?)
        })
    }
}

/// What `okp_engine_commit_jira_users` would do with the users handed over so far: above all, how many matches
/// would end. Nothing is changed, and the hand-over goes on.
///
/// @param page receives counts by name as `okp_engine_commit_jira_users` gives them; needs_confirmation is 1 if it
/// would be refused without a confirmation. Free it.
/// @return 0, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_*.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_preview_jira_users(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || Ok(records::jira_user_counts(&engine(handle)?.preview_jira_users()?));
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Replaces the set of Jira users by what was handed over and matches anew.
///
/// An empty set is refused if there were users. So is a set that loses more Jira users or matches than the settings
/// sweep.max_jira_loss_percent and sweep.max_jira_loss_users allow. Then nothing is changed, and the same hand-over can
/// be committed with a confirmation.
///
/// @param confirm_loss 1 to accept such a loss, an empty set included.
/// @param page receives counts by name (added, updated, removed, unchanged, matches_ended, matches_begun,
/// passed_over, repeated) and texts named warning; free it.
/// @return 0, OKP_ERROR_JIRA_USERS_EMPTY, OKP_ERROR_TOO_MANY_JIRA_USERS_LOST, OKP_ERROR_INVALID_HANDLE, or an
/// OKP_ERROR_DIRECTORY_*.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_commit_jira_users(
    handle: okp_engine,
    confirm_loss: u32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        Ok(records::jira_user_counts(
            &engine(handle)?.commit_jira_users(confirm_loss != 0)?,
        ))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Adds or changes single Jira users and matches again. A user without a key is skipped.
///
/// @return as `okp_engine_add_jira_users`.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_upsert_jira_users(
    handle: okp_engine,
    users: *const okp_jira_user,
    count: usize,
    error: *mut okp_error,
) -> i32 {
    // SAFETY: the caller's pointers, as documented.
    unsafe {
        call(error, || {
            engine(handle)?.upsert_jira_users(&jira_users(users, count)?)
        })
    }
}

/// Removes Jira users by key and matches anew. Unknown keys are ignored.
///
/// @param keys array of `count` texts; may be NULL if `count` is 0.
/// @return as `okp_engine_add_jira_users`.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_remove_jira_users(
    handle: okp_engine,
    keys: *const okp_text,
    count: usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's array of texts, as documented.
        let keys = unsafe { owned_texts(keys, count, "the keys") }?;
        engine(handle)?.remove_jira_users(&keys)
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// Matches all users again by the rules in force. Sends no request to Okta.
///
/// @param page receives counts by name (matched, …, rule:NAME); free it.
/// @return 0, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_*.
///
/// # Safety
/// Pointers are null or valid for their type.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_rematch(
    handle: okp_engine,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    // SAFETY: the caller's pointers, as documented.
    unsafe {
        call(error, || {
            hand_out(page, || Ok(records::match_counts(&engine(handle)?.rematch()?)))
        })
    }
}

/// What other rules would do with the present directory. Changes nothing and sends no request to Okta.
///
/// @param rules such as "login=username, email=email".
/// @param page receives counts by name (present.matched, …, proposed.matched, …, gained, lost); free it.
/// @return 0, OKP_ERROR_MATCHING_RULES_INVALID, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_preview_matching(
    handle: okp_engine,
    rules: *const c_char,
    rules_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let rules = unsafe { text(rules, rules_length, "the rules") }?;
        Ok(records::match_preview(&engine(handle)?.preview_matching(rules)?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// The pairs behind a preview, as directory entries (see `okp_engine_list`): those that would begin, as they would
/// be, or those that would end, as they are.
///
/// @param which one of OKP_PREVIEW_OF_*.
/// @param limit how many at most, 1 to 10 000.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_MATCHING_RULES_INVALID, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_preview_pairs(
    handle: okp_engine,
    rules: *const c_char,
    rules_length: usize,
    which: i32,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let rules = unsafe { text(rules, rules_length, "the rules") }?;
        let (which, limit) = (selectors::preview_of(which)?, selectors::limit(limit)?);
        let pairs = engine(handle)?.preview_pairs(rules, which, limit)?;
        Ok(records::entries(&pairs, None))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Ties an Okta user to a Jira user by hand; later runs and rules do not change the tie.
///
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_HANDLE, or an OKP_ERROR_DIRECTORY_*.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_pin(
    handle: okp_engine,
    okta_id: *const c_char,
    okta_id_length: usize,
    jira_key: *const c_char,
    jira_key_length: usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let (okta_id, jira_key) = unsafe {
            (
                text(okta_id, okta_id_length, "the Okta id")?,
                text(jira_key, jira_key_length, "the Jira key")?,
            )
        };
        engine(handle)?.pin(okta_id, jira_key)
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// Removes the pin of a Jira user and matches anew.
///
/// @return 0, OKP_ERROR_NOT_FOUND if there is none, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_unpin(
    handle: okp_engine,
    jira_key: *const c_char,
    jira_key_length: usize,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let jira_key = unsafe { text(jira_key, jira_key_length, "the Jira key") }?;
        engine(handle)?.unpin(jira_key)
    };
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, work) }
}

/// # Safety
/// `users` is null or points to `count` users whose texts are valid.
unsafe fn jira_users(users: *const okp_jira_user, count: usize) -> Result<Vec<JiraUser>> {
    // SAFETY: promised by the caller.
    let users = unsafe { slice(users, count, "the users") }?;
    let convert = |user: &okp_jira_user| {
        // SAFETY: promised by the caller.
        unsafe {
            Ok(JiraUser {
                key: owned(user.key, "a key")?,
                username: owned(user.username, "a username")?,
                email: owned(user.email, "an e-mail address")?,
                display_name: owned(user.display_name, "a display name")?,
                active: user.active != 0,
            })
        }
    };
    users.iter().map(convert).collect()
}

/// Texts of the caller, copied; `name` says in an error what they are.
///
/// # Safety
/// The array and its texts are null or valid for their length.
pub(super) unsafe fn owned_texts(texts: *const okp_text, count: usize, name: &str) -> Result<Vec<String>> {
    // SAFETY: the caller's array, as promised.
    let texts = unsafe { slice(texts, count, name) }?;
    // SAFETY: the caller's texts, as promised.
    texts.iter().map(|text| unsafe { owned(*text, name) }).collect()
}

/// # Safety
/// The text is null or valid for its length.
unsafe fn owned(value: okp_text, name: &str) -> Result<String> {
    // SAFETY: promised by the caller.
    unsafe { text(value.data, value.length, name) }.map(str::to_owned)
}

/// The users of the other side that an ambiguous user could be, in the columns of entries.
///
/// @param side OKP_CANDIDATES_OF_OKTA_USER with an Okta id, or OKP_CANDIDATES_OF_JIRA_USER with a Jira key.
/// @param page receives the page; free it.
/// @return 0, OKP_ERROR_INVALID_ARGUMENT, OKP_ERROR_INVALID_UTF8, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_candidates(
    handle: okp_engine,
    side: i32,
    id: *const c_char,
    id_length: usize,
    limit: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let id = unsafe { text(id, id_length, "the id") }?;
        let (engine, limit) = (engine(handle)?, selectors::limit(limit)?);
        let found = match selectors::side(side)? {
            CandidatesOf::OktaUser => engine.candidates_of_okta_user(id, limit)?,
            CandidatesOf::JiraUser => engine.candidates_of_jira_user(id, limit)?,
        };
        Ok(records::candidates(&found))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}
