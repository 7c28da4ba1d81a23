//! Values of the model as cells.

use serde::Serialize;

use crate::clock::UnixMillis;
use crate::contract::page::Cell;
use crate::model::RunId;

impl From<UnixMillis> for Cell<'_> {
    fn from(at: UnixMillis) -> Self {
        Cell::Integer(at.0)
    }
}

impl From<RunId> for Cell<'_> {
    fn from(run: RunId) -> Self {
        Cell::Integer(run.0)
    }
}

/// A value as JSON text.
pub(super) fn json(value: &impl Serialize) -> Cell<'static> {
    serde_json::to_string(value).map_or(Cell::Null, Cell::from)
}

/// Words separated by blanks.
pub(super) fn words(words: &[String]) -> Cell<'static> {
    Cell::from(words.join(" "))
}
