//! Several processes with the same directory, for C. These calls use the shared folder and no other network.

use std::ffi::c_char;
use std::path::Path;

use super::arguments::{call, engine, hand_out, text};
use super::engine::okp_engine;
use super::error::okp_error;
use super::page::okp_page;
use crate::contract::records;

/// Publishes the directory on a folder that all nodes of a cluster share: the rows that changed since the newest
/// state there, or every row. Only one node may publish at a time; the host holds a lock for that.
///
/// @param folder UTF-8; made if it is missing. It may be on a network file system.
/// @param note followers get it; up to 16384 bytes; may be empty.
/// @param anew other than 0 also removes everything that was published before, as is needed after a person was erased.
/// @param page receives names with values: `published` (`nothing`, `increment`, `base`, or `newer` if a newer engine
/// publishes there), `rows`, `bytes`; free it.
/// @return 0, OKP_ERROR_SHARED_FOLDER_FAILED, OKP_ERROR_BUSY while a sync runs, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_publish_to(
    handle: okp_engine,
    folder: *const c_char,
    folder_length: usize,
    note: *const c_char,
    note_length: usize,
    anew: i32,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's texts, as documented.
        let (folder, note) = unsafe {
            (
                text(folder, folder_length, "the folder")?,
                text(note, note_length, "the note")?,
            )
        };
        let publication = engine(handle)?.publish_to(Path::new(folder), note, anew != 0)?;
        Ok(records::publication(&publication))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Brings the directory to the newest state that was published on a folder, in one transaction, while readers go on.
/// Changes that this directory made by itself since then are undone: matches by hand, Jira users, an interrupted run.
///
/// If time and size of `head.json` in the folder are unchanged, there is nothing new.
///
/// @param folder UTF-8.
/// @param page receives names with values: `following` (`nothing` was published, `current` already, `increments`,
/// `base`, or `newer` if only a newer engine can follow), `state` that the directory is at, and its `note`; free it.
/// @return 0, OKP_ERROR_SHARED_FOLDER_FAILED, OKP_ERROR_BUSY while a sync runs, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// Pointers are null or valid for their type and length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_follow(
    handle: okp_engine,
    folder: *const c_char,
    folder_length: usize,
    page: *mut okp_page,
    error: *mut okp_error,
) -> i32 {
    let work = || {
        // SAFETY: the caller's text, as documented.
        let folder = unsafe { text(folder, folder_length, "the folder") }?;
        Ok(records::followed(&engine(handle)?.follow(Path::new(folder))?))
    };
    // SAFETY: the caller's pointers, as documented.
    unsafe { call(error, || hand_out(page, work)) }
}

/// Leaves the cluster, when the process of this directory runs alone from now on: takes in the deliveries that wait on
/// the folder and removes them there. From then on `okp_engine_receive_event` keeps deliveries in the directory.
/// Publishing or following joins a cluster again. Without a cluster it does nothing.
///
/// @return 0, OKP_ERROR_BUSY while a sync runs, OKP_ERROR_INVALID_HANDLE.
///
/// # Safety
/// `error` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn okp_engine_leave_cluster(handle: okp_engine, error: *mut okp_error) -> i32 {
    // SAFETY: the caller's pointer, as documented.
    unsafe { call(error, || engine(handle)?.leave_cluster()) }
}
