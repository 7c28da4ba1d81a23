//! The whole directory, or a view of it, as CSV or JSON lines. No network.

use std::io::{BufWriter, Write};
use std::path::Path;

use super::Engine;
use super::directory_calls::check_limit;
use crate::contract::errors::Result;
use crate::directory::entries;
use crate::directory::profiles::schemas;
use crate::directory::store::unfinished::Unfinished;
use crate::export::{ExportFormat, check_free, failed};
use crate::model::{ExportPage, FoundPage, Search, View};

/// How many entries are read and written at a time, so that little memory is used and no read transaction lasts
/// long.
const ENTRIES_A_PAGE: usize = 500;

impl Engine {
    /// Writes a view to `out`, page by page; readers and a sync go on meanwhile. Each page shows the directory at
    /// its own moment. An entry that exists all the time is written exactly once. Returns the number of entries.
    /// [`crate::contract::errors::ErrorCode::Cancelled`] after [`Engine::cancel`],
    /// [`crate::contract::errors::ErrorCode::ExportFailed`] if `out` cannot be written.
    pub fn export(&self, view: View, format: ExportFormat, out: &mut dyn Write) -> Result<u64> {
        let cancel = self.cancel_token();
        let attributes = self.export_attributes(format)?;
        let (mut after, mut written) = (0, 0);
        loop {
            cancel.check()?;
            let page = self.export_page(view, format, &attributes, after, ENTRIES_A_PAGE)?;
            out.write_all(page.text.as_bytes())
                .map_err(|error| failed(&error))?;
            written += page.entries;
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        out.flush().map_err(|error| failed(&error))?;
        Ok(written)
    }

    /// Writes a view as [`Engine::export`] does, to a new file that only its owner may read. The file must not
    /// exist yet. If the export fails or the process ends before the end, no file of this name exists.
    pub fn export_to_file(&self, view: View, format: ExportFormat, path: &Path) -> Result<u64> {
        check_free(path)?;
        let begun = Unfinished::begin(self.directory.path(), path);
        let mut part = begun.map_err(|error| failed(&error))?;
        let written = self.export(view, format, &mut BufWriter::new(part.file()))?;
        part.complete(path).map_err(|error| failed(&error))?;
        Ok(written)
    }

    /// The attributes that get a column in CSV: all that occur in a profile of the directory. Attributes of the
    /// schemas come first, in their order. This reads every profile. Empty for JSON lines.
    pub fn export_attributes(&self, format: ExportFormat) -> Result<Vec<String>> {
        let _open = self.enter()?;
        if format == ExportFormat::JsonLines {
            return Ok(Vec::new());
        }
        self.directory.read(|conn| {
            let mut known = Vec::new();
            for user_type in schemas::user_types(conn)? {
                known.extend(schemas::attributes(conn, Some(&user_type.id))?);
            }
            let place = |name: &String| known.iter().position(|attribute| attribute.name == *name);
            let mut names = entries::attribute_names(conn)?;
            names.sort_by_cached_key(|name| (place(name).unwrap_or(usize::MAX), name.clone()));
            Ok(names)
        })
    }

    /// One page of an export, for hosts that write the file themselves. Begin with `after` 0, which adds the
    /// heading, and go on with the page's `next`. `attributes` must be the same for every page.
    pub fn export_page(
        &self,
        view: View,
        format: ExportFormat,
        attributes: &[String],
        after: i64,
        limit: usize,
    ) -> Result<ExportPage> {
        check_limit(limit)?;
        let entries = self.list(view, after, limit)?;
        let mut text = match after {
            0 => format.heading(attributes)?,
            _ => String::new(),
        };
        let next = entries.last().map(|last| last.cursor);
        let count = entries.len() as u64;
        text.push_str(&format.entries(attributes, entries)?);
        Ok(ExportPage {
            text,
            entries: count,
            next,
        })
    }

    /// One page of the users that [`Engine::search`] finds, as text, with exactly the rows that the search shows.
    /// Begin with an empty `after`, which adds the heading, and go on with the page's `next`.
    pub fn export_found(
        &self,
        search: Search<'_>,
        format: ExportFormat,
        attributes: &[String],
        after: &str,
        limit: usize,
    ) -> Result<FoundPage> {
        let page = self.search(search.view, search.field, search.text, after, limit)?;
        let mut text = match after.is_empty() {
            true => format.heading(attributes)?,
            false => String::new(),
        };
        let entries = page.entries.len() as u64;
        text.push_str(&format.entries(attributes, page.entries)?);
        Ok(FoundPage {
            text,
            entries,
            next: page.next,
        })
    }
}
