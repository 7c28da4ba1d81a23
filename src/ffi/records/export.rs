//! Pages of an export as rows.

use crate::contract::columns::Column as C;
use crate::engine::ExportPage;
use crate::ffi::page::{Cell, Page};

/// One page of an export, one row.
pub fn export_page(export: &ExportPage) -> Page {
    let mut page = Page::new(&[C::ExportText, C::ExportEntries, C::ExportNext]);
    page.push(vec![
        Cell::text(&export.text),
        Cell::count(export.entries),
        export.next.map_or(Cell::Null, Cell::Integer),
    ]);
    page
}

/// Names of attributes.
pub fn attribute_names(names: &[String]) -> Page {
    let mut page = Page::new(&[C::AttributeName]);
    for name in names {
        page.push(vec![Cell::text(name)]);
    }
    page
}
