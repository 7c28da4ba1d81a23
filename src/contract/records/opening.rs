//! The result of opening a directory; pages of an export and lists of names, which Java decodes by hand.

use super::form::{RecordForm, field};
use crate::contract::columns::Column as C;
use crate::contract::page::{Cell, Page};
use crate::model::{ExportPage, FoundPage, OpenReport};

/// The result of opening.
static OPEN_REPORT: RecordForm<OpenReport> = RecordForm {
    java: "OpenReport",
    about: "The result of opening the directory.",
    fields: &[
        field("created", C::DirectoryCreated, |report| report.created.into()),
        field("damaged_moved_to", C::DamagedMovedTo, |report| {
            let moved_to = report.damaged_moved_to.as_ref();
            moved_to.map(|path| path.to_string_lossy().into_owned()).into()
        }),
        field("carried_over", C::CarriedOver, |report| {
            report.carried_over.join(", ").into()
        }),
    ],
};

static EXPORT_PAGE: RecordForm<ExportPage> = RecordForm {
    java: "Export",
    about: "Some entries as text.",
    fields: &[
        field("text", C::ExportText, |page| (&page.text).into()),
        field("entries", C::ExportEntries, |page| page.entries.into()),
        field("next", C::ExportNext, |page| page.next.into()),
    ],
};

static FOUND_PAGE: RecordForm<FoundPage> = RecordForm {
    java: "Export",
    about: "Some entries that a search found, as text.",
    fields: &[
        field("text", C::ExportText, |page| (&page.text).into()),
        field("entries", C::ExportEntries, |page| page.entries.into()),
    ],
};

static ATTRIBUTE_NAME: RecordForm<String> = RecordForm {
    java: "String",
    about: "The name of an attribute.",
    fields: &[field("name", C::AttributeName, |name| name.into())],
};

/// The result of opening, in one row.
pub fn open_report(report: &OpenReport) -> Page {
    OPEN_REPORT.page([report])
}

/// The handle of the opened engine and the result of opening, in one row.
pub fn opened(handle: u64, report: &OpenReport) -> Page {
    let mut columns = vec![C::Handle];
    columns.extend(OPEN_REPORT.columns());
    let mut row = vec![Cell::Integer(handle.cast_signed())];
    OPEN_REPORT.push(Some(report), &mut row);
    let mut page = Page::new(&columns);
    page.push(&row);
    page
}

/// One page of an export, one row.
pub fn export_page(export: &ExportPage) -> Page {
    EXPORT_PAGE.page([export])
}

/// One page of an exported search, one row.
pub fn found_page(export: &FoundPage) -> Page {
    FOUND_PAGE.listing(std::slice::from_ref(export), export.next.as_deref())
}

/// Names of attributes.
pub fn attribute_names(names: &[String]) -> Page {
    ATTRIBUTE_NAME.page(names)
}
