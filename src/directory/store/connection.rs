//! How connections are opened. Every pragma is set here and has its reason.
//!
//! There are one writer, some readers that are opened read-only, and sometimes one connection that sorts. Writer and
//! readers have the SQL functions of `profile_functions`, which only statements use and never the schema.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, ffi};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::files::{self, APPLICATION_ID};
use crate::directory::store::migrations;
use crate::directory::store::owner_lock::Departure;
use crate::directory::store::profile_functions;
use crate::directory::store::recording;
use crate::directory::store::search_text;
use crate::directory::store::search_words;

/// Folds a text for comparing. The caller supplies the function.
pub type Fold = fn(&str) -> String;

/// How long to wait for a lock of another connection. Only a checkpoint or a log reset holds one, and both are short.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Page cache of the writer in KiB. A run inserts into the key indexes at random places, and most of these pages should
/// be in the cache.
const WRITER_CACHE_KIB: i64 = 16 * 1024;
/// Page cache of a reader in KiB. It holds the inner pages and the narrow indexes of 100 000 users, so that a look-up
/// reads little more than the user's own row.
const READER_CACHE_KIB: i64 = 8 * 1024;
/// Page cache of a connection that sorts, in KiB. Each sort uses the same amount again.
const SORTER_CACHE_KIB: i64 = 1024;
/// How many pages the log may have before it is copied into the database: 16 MB. Many pages of a run change the same
/// index pages, and so these are copied once and not every time.
const WAL_AUTOCHECKPOINT_PAGES: i64 = 4_000;
/// After a large publish, the log file is cut to this size in bytes.
const JOURNAL_SIZE_LIMIT: i64 = 64 * 1024 * 1024;
/// Enough for every statement of a run, so that no statement is parsed again for each page.
const STATEMENT_CACHE: usize = 64;

/// Opens the writer and brings the file to the present schema.
///
/// Fails with [`ErrorCode::DirectoryCorrupt`] if the file seems damaged. Then every file of the directory stays
/// unchanged.
pub(in crate::directory) fn open_writer(path: &Path, departure: Departure, fold: Fold) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut writer = Connection::open_with_flags(path, flags)?;
    // Closing must not copy a log into the file before the file is known to be undamaged.
    writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    harden(&writer, WRITER_CACHE_KIB)?;
    // The writer notices damaged cells when it reads their page, before a write can spread the damage. Readers do not
    // check: a check costs a fifth of a look-up, a reader only risks a wrong answer or an error, and SQLite bounds
    // every read by itself.
    writer.pragma_update(None, "cell_size_check", "ON")?;
    migrations::refuse_newer(&writer)?;
    check(&writer, departure)?;
    let id: i32 = writer.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if id != APPLICATION_ID {
        // The file is new, or its process was killed while making it. In the second case SQLite has rolled the header
        // back.
        writer.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    // Readers can read while the writer writes, and a commit is one sequential write.
    let mode: String = writer.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        let what = format!("the write-ahead log cannot be used (journal mode {mode})");
        return Err(Error::about(ErrorCode::DirectoryOpenFailed, what));
    }
    bound_the_log(&writer)?;
    // Deleted data is overwritten, because it is personal data.
    writer.pragma_update(None, "secure_delete", "ON")?;
    // A tie to a user that does not exist cannot be committed.
    writer.pragma_update(None, "foreign_keys", "ON")?;
    profile_functions::register(&writer, fold)?;
    search_text::register(&writer)?;
    search_words::register(&writer)?;
    writer.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    recording::register(&writer)?;
    migrations::run(&mut writer)?;
    recording::resume(&writer)?;
    writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(writer)
}

/// Opens a second connection that may write to an open directory. It is for work that the writer would hold completely
/// in memory because of its `temp_store`; changing `temp_store` would drop the writer's temporary triggers. This
/// connection has none of our SQL functions, and its changes are not recorded.
pub(in crate::directory) fn open_sorter(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let sorter = Connection::open_with_flags(path, flags)?;
    harden(&sorter, SORTER_CACHE_KIB)?;
    sorter.pragma_update(None, "cell_size_check", "ON")?;
    bound_the_log(&sorter)?;
    Ok(sorter)
}

/// How every connection that writes syncs the write-ahead log and keeps it small.
fn bound_the_log(conn: &Connection) -> Result<()> {
    // Cannot corrupt the file in WAL mode. A power cut may lose the last commits, and a run repeats them.
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    conn.pragma_update(None, "wal_autocheckpoint", WAL_AUTOCHECKPOINT_PAGES)?;
    conn.pragma_update(None, "journal_size_limit", JOURNAL_SIZE_LIMIT)?;
    Ok(())
}

/// How a reader opens the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::directory) enum ReaderKind {
    /// While a writer in this process or another one has the file open.
    Shared,
    /// As the only connection, with the log but without shared memory, because a full disk has no room for it. The
    /// caller must hold the owner lock.
    Alone,
    /// As the only connection, if there is no log; none is made. The caller must hold the owner lock.
    Still,
}

/// Opens a reader. It cannot write to the file, but may have temporary tables.
pub(in crate::directory) fn open_reader(path: &Path, kind: ReaderKind, fold: Fold) -> Result<Connection> {
    let access = match kind {
        ReaderKind::Shared => OpenFlags::SQLITE_OPEN_READ_ONLY,
        // An exclusive lock needs a descriptor that is open for writing.
        ReaderKind::Alone => OpenFlags::SQLITE_OPEN_READ_WRITE,
        ReaderKind::Still => OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
    };
    let name = match kind {
        ReaderKind::Shared | ReaderKind::Alone => path.to_path_buf(),
        ReaderKind::Still => files::immutable(path),
    };
    let reader = Connection::open_with_flags(name, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    harden(&reader, READER_CACHE_KIB)?;
    if kind == ReaderKind::Alone {
        reader.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        // Set before the log is first read. SQLite then keeps the index of the log in this connection's own memory.
        reader.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
        reader.pragma_update(None, "query_only", "ON")?;
    }
    profile_functions::register(&reader, fold)?;
    search_text::register(&reader)?;
    search_words::register(&reader)?;
    reader.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    Ok(reader)
}

/// Sets the pragmas that every connection needs.
fn harden(connection: &Connection, cache_kib: i64) -> Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // The schema of a manipulated file must not be able to run our functions …
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    // … nor may any statement write to the schema table or a shadow table.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // A name in double quotes is always a column and never a text.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // Plans never depend on bound values, so binding a value never compiles a statement again.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // With a memory map, a truncated file or a disk error raises SIGBUS, which ends the whole JVM.
    connection.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))?;
    // Personal data is never written to a file in /tmp.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Negative: KiB instead of pages.
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    Ok(())
}

/// Checks a file as thoroughly as the note of the last owner requires. A check reads the whole file and takes seconds
/// with 100 000 users, so a properly closed directory is opened without one.
fn check(connection: &Connection, departure: Departure) -> Result<()> {
    let pragma = match departure {
        Departure::Closed => return Ok(()),
        Departure::CutOff => "PRAGMA quick_check(1)",
        Departure::Damaged => "PRAGMA integrity_check(1)",
    };
    let verdict: String = connection.query_row(pragma, [], |row| row.get(0))?;
    match verdict.as_str() {
        "ok" => Ok(()),
        // If the disk cannot read a page, the check reports a finding that names SQLite's result code.
        unread if names_another_error(unread) => {
            Err(Error::about(ErrorCode::DirectoryIo, "a page was not read"))
        }
        _ => Err(Error::new(ErrorCode::DirectoryCorrupt)),
    }
}

/// Whether a finding of the check stands for an SQLite error other than damage.
fn names_another_error(finding: &str) -> bool {
    let code = finding.split("error code").nth(1);
    let code = code.map(|rest| rest.trim_start_matches(['=', ' ']));
    let code = code.and_then(|rest| rest.split(|letter: char| !letter.is_ascii_digit()).next());
    // The lowest byte is the primary code; the other bytes give details.
    code.and_then(|code| code.parse().ok())
        .is_some_and(|code: i32| code & 0xFF != ffi::SQLITE_CORRUPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_was_not_read_is_no_damage() {
        for (finding, unread) in [
            ("Tree 4 page 7: unable to get the page. error code=266", true),
            ("Tree 4 page 7: btreeInitPage() returns error code 10", true),
            ("Tree 4 page 7: btreeInitPage() returns error code 11", false),
            ("row 5 missing from index users_by_login", false),
        ] {
            assert_eq!(names_another_error(finding), unread, "{finding}");
        }
    }
}
