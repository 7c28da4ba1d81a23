//! What the fuzz targets feed: every parser of what others wrote that is not public otherwise. No part of the API.
//!
//! Each takes any bytes and must come back, whatever it finds in them.

use crate::http::Headers;
use crate::{directory, http, oauth, okta};

/// Bodies of Okta's answers; the first byte chooses what was asked.
pub fn answer(bytes: &[u8]) {
    if let Some((kind, body)) = bytes.split_first() {
        okta::fuzzed::answer(*kind, body);
        oauth::fuzzed::answer(*kind, body);
    }
}

/// Header fields that lead on, or say what is missing.
pub fn header(text: &str) {
    let headers: Headers = text.lines().map(|line| ("link", line)).collect();
    // An error is an answer as good as any.
    drop(http::link_header::next(&headers));
    okta::fuzzed::challenge(text);
}

/// Files that hold sealed secrets and keys.
pub fn sealed_file(bytes: &[u8]) {
    directory::credentials::fuzzed::sealed_file(bytes);
}

pub use crate::ffi::fuzzed::page as wire_page;
