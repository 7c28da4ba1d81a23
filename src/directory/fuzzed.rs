//! Gives the fuzz targets the parsers for stored profiles and for files beside the directory.

use std::collections::BTreeSet;

use crate::directory::inbox;
use crate::directory::store::{packed_row, profile_values};

/// Reads values and names of a stored profile, which a disk error may have changed.
pub fn profile(text: &str, name: &str) {
    let found = profile_values::values(text, &[name, "login"]);
    if found.iter().any(|found| found.name == 0) {
        assert!(profile_values::is_set(text, name), "a value of nothing");
    }
    let mut names = BTreeSet::new();
    profile_values::add_names(text, &mut names);
}

/// A row that can be read is written with the same bytes, if its lengths are written as we write them.
pub(crate) fn packed_row(bytes: &[u8]) {
    let Ok(row) = packed_row::values(bytes) else {
        return;
    };
    let mut again = Vec::new();
    for value in &row {
        packed_row::put(&mut again, value.into());
    }
    assert!(again.len() <= bytes.len(), "a row became longer");
    assert_eq!(
        packed_row::values(&again).ok().map(|row| row.len()),
        Some(row.len())
    );
}

/// Reads the deliveries that wait in a file.
pub(crate) fn spool(bytes: &[u8]) {
    let found: usize = inbox::fuzzed_deliveries(bytes)
        .iter()
        .map(|delivery| delivery.len())
        .sum();
    assert!(found <= bytes.len());
}
