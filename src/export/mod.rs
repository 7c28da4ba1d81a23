//! The directory as text for other programs: CSV (RFC 4180) or JSON lines, some entries at a time.
//!
//! It writes only the entries and attributes that the caller chose. `csv_rows` prevents spreadsheets from running a
//! cell as a formula, `target` makes the file.

mod csv_rows;
mod json_line;
mod target;

pub use json_line::EntryLine;
pub use target::{check_free, failed};

pub use crate::contract::choices::ExportFormat;
use crate::contract::errors::Result;
use crate::model::DirectoryEntry;

impl ExportFormat {
    /// The text before the first entry.
    pub fn heading(self, attributes: &[String]) -> Result<String> {
        match self {
            ExportFormat::Csv => csv_rows::heading(attributes),
            ExportFormat::JsonLines => Ok(String::new()),
        }
    }

    /// The entries as text. JSON lines contain whole profiles; `attributes` does not matter for them.
    pub fn entries(self, attributes: &[String], entries: Vec<DirectoryEntry>) -> Result<String> {
        match self {
            ExportFormat::Csv => csv_rows::rows(attributes, &entries),
            ExportFormat::JsonLines => Ok(json_line::lines(entries)),
        }
    }
}
