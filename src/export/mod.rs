//! The directory as text for other programs: CSV (RFC 4180) or JSON lines, some entries at a time.
//!
//! It only writes what it is given; which entries and which attributes is for the caller to say.

mod csv_rows;
mod json_line;
mod target;

pub use json_line::EntryLine;
pub use target::{check_free, failed};

use crate::contract::errors::Result;
use crate::model::DirectoryEntry;

/// How entries are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One row an entry under a heading, an attribute of the profile a column (`profile.NAME`). Texts that
    /// a spreadsheet would take for a formula get an apostrophe in front.
    Csv,
    /// One JSON object an entry and line.
    JsonLines,
}

impl ExportFormat {
    /// The format of this name: `csv` or `jsonl`.
    pub fn from_name(name: &str) -> Option<ExportFormat> {
        match name {
            "csv" => Some(ExportFormat::Csv),
            "jsonl" => Some(ExportFormat::JsonLines),
            _ => None,
        }
    }

    /// What stands before the first entry.
    pub fn heading(self, attributes: &[String]) -> Result<String> {
        match self {
            ExportFormat::Csv => csv_rows::heading(attributes),
            ExportFormat::JsonLines => Ok(String::new()),
        }
    }

    /// The entries. JSON lines hold whole profiles, whatever `attributes` says.
    pub fn entries(self, attributes: &[String], entries: Vec<DirectoryEntry>) -> Result<String> {
        match self {
            ExportFormat::Csv => csv_rows::rows(attributes, &entries),
            ExportFormat::JsonLines => Ok(json_line::lines(entries)),
        }
    }
}
