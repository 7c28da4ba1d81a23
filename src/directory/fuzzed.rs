//! What the directory reads back from its own profiles and from files beside it, for the fuzz targets.

use std::collections::BTreeSet;

use crate::directory::inbox;
use crate::directory::store::{packed_row, profile_values};

/// Values and names of a stored profile, which the disk may have changed.
pub fn profile(text: &str, name: &str) {
    let found = profile_values::values(text, &[name, "login"]);
    if found.iter().any(|found| found.name == 0) {
        assert!(profile_values::is_set(text, name), "a value of nothing");
    }
    let mut names = BTreeSet::new();
    profile_values::add_names(text, &mut names);
}

/// A row that is read is written as it came, if its lengths are written as we write them.
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

/// The deliveries that wait in a file.
pub(crate) fn spool(bytes: &[u8]) {
    let found: usize = inbox::fuzzed_deliveries(bytes)
        .iter()
        .map(|delivery| delivery.len())
        .sum();
    assert!(found <= bytes.len());
}
