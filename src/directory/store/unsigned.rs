//! Recognises a directory that does not say so: an older engine that was killed while it made the file could leave it
//! with everything but the application id. The next opening to write adds that.
//!
//! It only looks, and leaves nothing beside a file that turns out to be foreign.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::directory::store::connection::immutable;
use crate::directory::store::migrations::SCHEMA_VERSION;

/// Tables that every version of the schema has. Together nobody else has them.
const TABLES: &str = "'directory', 'users', 'staged_users', 'sync_runs', 'sync_slices', 'sync_pages', 'jira_users', \
                      'okta_matches', 'jira_matches', 'pins'";
const HOW_MANY: u32 = 10;

/// Whether a SQLite file without application id, of this `user_version`, is a directory.
pub(in crate::directory) fn is_ours(path: &Path, version: i32) -> bool {
    let known = u32::try_from(version).is_ok_and(|version| (1..=SCHEMA_VERSION).contains(&version));
    // What cannot be read as a database is none of ours.
    known && tables(path).is_ok_and(|found| found == HOW_MANY)
}

fn tables(path: &Path) -> rusqlite::Result<u32> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(immutable(path), flags)?;
    file.pragma_update(None, "trusted_schema", "OFF")?;
    file.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))?;
    let count = format!("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ({TABLES})");
    file.query_row(&count, [], |row| row.get(0))
}
