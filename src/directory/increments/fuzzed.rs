//! Gives the fuzz targets the parsers of the files that other nodes wrote to the shared folder.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::file::{FORMAT, FileReader, FileRecord, Header};
use super::head::{self, HeadReading};
use super::lineage::{StateId, bytes_of};
use crate::directory::store::migrations::SCHEMA_VERSION;

/// Checks that an accepted head contains only names of our files.
pub(crate) fn head(bytes: &[u8]) {
    let HeadReading::Head(found) = head::parse(bytes, SCHEMA_VERSION) else {
        return;
    };
    assert!(bytes_of(&found.sum).is_ok(), "a sum that is none");
    for state in [&found.state, &found.base.state] {
        assert!(StateId::of(state).is_some(), "a state that leads elsewhere");
    }
}

/// A base or an increment.
pub(crate) fn file(bytes: &[u8]) {
    read(bytes);
}

/// A file with a valid beginning and these bytes as its rows, because random bytes would never pass the decompression.
pub(crate) fn records(rows: &[u8]) {
    let header = Header {
        format: FORMAT,
        schema: SCHEMA_VERSION,
        state: "5".repeat(StateId::DIGITS),
        from: None,
        before: None,
    };
    let mut bytes = serde_json::to_vec(&header).unwrap_or_default();
    bytes.push(b'\n');
    let mut packed = DeflateEncoder::new(bytes, Compression::none());
    if packed.write_all(rows).is_ok() {
        read(&packed.finish().unwrap_or_default());
    }
}

fn read(bytes: &[u8]) {
    let Ok(mut reader) = FileReader::begin(bytes, "") else {
        return;
    };
    while let Ok(record) = reader.next() {
        assert!(!matches!(record, FileRecord::End(..)), "no file has this hash");
    }
}
