//! Single values as cells.

use serde::Serialize;

use crate::clock::UnixMillis;
use crate::ffi::page::Cell;

/// A moment, or null.
pub fn time(at: Option<UnixMillis>) -> Cell {
    at.map_or(Cell::Null, |at| Cell::Integer(at.0))
}

/// A truth as 0 or 1.
pub fn truth(value: bool) -> Cell {
    Cell::Integer(value.into())
}

/// A value as JSON text.
pub fn json(value: &impl Serialize) -> Cell {
    serde_json::to_string(value).map_or(Cell::Null, |text| Cell::text(&text))
}
