//! The entry points of the fuzz targets: every parser of foreign data that is not public otherwise. Not a part of
//! the API.
//!
//! Each function takes any bytes and must return, whatever the bytes are.

use crate::{directory, events, http, oauth, okta};

/// Bodies of Okta's answers; the first byte chooses the kind of request.
pub fn answer(bytes: &[u8]) {
    if let Some((kind, body)) = bytes.split_first() {
        okta::fuzzed::answer(*kind, body);
        oauth::fuzzed::answer(*kind, body);
    }
}

/// A page of the System Log, parsed row by row.
pub fn log(bytes: &[u8]) {
    for row in okta::fuzzed::log_rows(bytes) {
        drop(events::read_log_entry(&row));
    }
}

/// Header fields that name the next page, a missing scope, or a time to wait.
pub fn header(text: &str) {
    http::fuzzed::fields(text);
    okta::fuzzed::challenge(text);
    okta::fuzzed::next_page(text);
}

/// Texts that people paste: the address of an org, a callback, a proxy, a private key.
pub fn pasted(text: &str) {
    okta::fuzzed::org_url(text);
    oauth::fuzzed::callback(text);
    oauth::fuzzed::private_key(text);
    let (proxy, direct) = text.split_once('\n').unwrap_or((text, ""));
    http::fuzzed::proxy(proxy, direct);
}

/// Files that contain encrypted secrets and keys.
pub fn sealed_file(bytes: &[u8]) {
    directory::credentials::fuzzed::sealed_file(bytes);
}

/// Files of other nodes and waiting deliveries; the first byte chooses the kind.
pub fn shared_file(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    match kind % 5 {
        0 => directory::increments::fuzzed::head(bytes),
        1 => directory::increments::fuzzed::file(bytes),
        2 => directory::increments::fuzzed::records(bytes),
        3 => directory::fuzzed::packed_row(bytes),
        _ => directory::fuzzed::spool(bytes),
    }
}

/// A profile as it is read from the disk, and an attribute of it.
pub use crate::directory::fuzzed::profile;
pub use crate::ffi::fuzzed::page as wire_page;
