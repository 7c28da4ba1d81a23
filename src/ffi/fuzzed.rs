//! The decoding of bytes that come from Java, for the fuzz targets.

use crate::contract::columns::Column;
use crate::ffi::wire;

/// Checks that a page that can be read is written with the same bytes.
pub fn page(bytes: &[u8]) {
    drop(wire::read_jira_users(bytes));
    drop(wire::read_texts(bytes, Column::Name));
    if let Ok(page) = wire::read_page(bytes) {
        let reply = wire::reply(&Ok(page));
        assert_eq!(&reply[1..], bytes, "a page changed on its way");
    }
}
