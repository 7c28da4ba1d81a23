//! What opening a directory did, as one row.

use crate::contract::columns::Column as C;
use crate::ffi::page::{Cell, Page};
use crate::model::OpenReport;

/// The columns of the row.
pub const OPEN_REPORT: &[C] = &[C::DirectoryCreated, C::DamagedMovedTo, C::CarriedOver];

/// The cells of the row.
pub fn open_report_cells(report: &OpenReport) -> Vec<Cell> {
    let moved = report
        .damaged_moved_to
        .as_ref()
        .map(|path| path.to_string_lossy().into_owned());
    vec![
        Cell::Integer(report.created.into()),
        Cell::optional_text(moved.as_deref()),
        Cell::text(&report.carried_over.join(", ")),
    ]
}

/// The row.
pub fn open_report(report: &OpenReport) -> Page {
    let mut page = Page::new(OPEN_REPORT);
    page.push(open_report_cells(report));
    page
}
