//! Gives the fuzz targets the parsers of the mirror file and the key file.

use crate::directory::credentials::{key_file, mirror};

pub(crate) fn sealed_file(bytes: &[u8]) {
    drop(key_file::parse(bytes));
    if let Ok(line) = std::str::from_utf8(bytes) {
        drop(mirror::parse(line));
    }
}
