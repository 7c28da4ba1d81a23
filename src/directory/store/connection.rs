//! How a connection is made: every pragma in one place, each with its reason.
//!
//! There are the one writer, readers opened read-only, and for a moment one that sorts. Writer and readers know the SQL
//! functions of `profile_functions`, which are used in statements only and never in the schema.

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

/// Folds a text for comparing. The caller supplies the function; the directory does not choose it.
pub type Fold = fn(&str) -> String;

/// How long to wait for another connection's lock. Only a checkpoint or a log reset can hold one, and both
/// are short.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Page cache of the writer in KiB: a run's random inserts into the key indexes should hit it.
const WRITER_CACHE_KIB: i64 = 16 * 1024;
/// Page cache of a reader in KiB: the inner pages and the narrow indexes of 100 000 users, so that a look-up
/// reads little more than the user's own row.
const READER_CACHE_KIB: i64 = 8 * 1024;
/// Page cache of a connection that sorts, in KiB, and as much again for what it sorts at a time.
const SORTER_CACHE_KIB: i64 = 4 * 1024;
/// Pages in the log before it is copied into the database: 16 MB, so that index pages which many
/// pages of a run touch are copied once and not every time.
const WAL_AUTOCHECKPOINT_PAGES: i64 = 4_000;
/// The log file is cut to this size after a large publish, in bytes.
const JOURNAL_SIZE_LIMIT: i64 = 64 * 1024 * 1024;
/// Enough for every statement of a run, so that none is parsed again for each page.
const STATEMENT_CACHE: usize = 64;

/// Opens the writer and brings the file to the present schema.
///
/// Fails with [`ErrorCode::DirectoryCorrupt`] if the file seems damaged, and then leaves every file
/// of it as it was found.
pub(in crate::directory) fn open_writer(path: &Path, departure: Departure, fold: Fold) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut writer = Connection::open_with_flags(path, flags)?;
    // Until the file is known to be sound, closing must not copy a log into it.
    writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    harden(&writer, WRITER_CACHE_KIB)?;
    // Damaged cells are found when their page is read, before a write spreads them. Readers, which only risk a
    // wrong answer or an error, do without: it is a fifth of a look-up, and SQLite bounds every read by itself.
    writer.pragma_update(None, "cell_size_check", "ON")?;
    migrations::refuse_newer(&writer)?;
    check(&writer, departure)?;
    let id: i32 = writer.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if id != APPLICATION_ID {
        // Either a new file, or one whose process was killed while making it, so that SQLite rolled its
        // header back.
        writer.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    // Readers go on while the writer writes, and a commit is one sequential append.
    let mode: String = writer.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        let what = format!("the write-ahead log cannot be used (journal mode {mode})");
        return Err(Error::about(ErrorCode::DirectoryOpenFailed, what));
    }
    // Safe against corruption in WAL; a power cut may lose the last commits, which a run repeats.
    writer.pragma_update(None, "synchronous", "NORMAL")?;
    writer.pragma_update(None, "wal_autocheckpoint", WAL_AUTOCHECKPOINT_PAGES)?;
    writer.pragma_update(None, "journal_size_limit", JOURNAL_SIZE_LIMIT)?;
    // Erased means erased: what is deleted is overwritten, because it is personal data.
    writer.pragma_update(None, "secure_delete", "ON")?;
    // A tie to a user that is not there cannot be committed.
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

/// Opens a second connection that may write to a directory which is open already, for work that the writer's
/// `temp_store` would hold in memory as a whole: changing that would drop the writer's temporary triggers. It knows no
/// functions of ours and nothing it changes is recorded.
pub(in crate::directory) fn open_sorter(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let sorter = Connection::open_with_flags(path, flags)?;
    harden(&sorter, SORTER_CACHE_KIB)?;
    sorter.pragma_update(None, "cell_size_check", "ON")?;
    sorter.pragma_update(None, "synchronous", "NORMAL")?;
    sorter.pragma_update(None, "wal_autocheckpoint", WAL_AUTOCHECKPOINT_PAGES)?;
    sorter.pragma_update(None, "journal_size_limit", JOURNAL_SIZE_LIMIT)?;
    Ok(sorter)
}

/// How a reader opens the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::directory) enum ReaderKind {
    /// Beside a writer in this process or another.
    Shared,
    /// Alone, with the log but without shared memory, for which a full disk has no room. The caller must hold
    /// the owner lock.
    Alone,
    /// Alone, when there is no log; not even an empty one is made. The caller must hold the owner lock.
    Still,
}

/// Opens a reader. It cannot write to the file; temporary tables it may have.
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
        // Set before the log is first read: SQLite then keeps the log's index in this connection's own
        // memory.
        reader.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
        reader.pragma_update(None, "query_only", "ON")?;
    }
    profile_functions::register(&reader, fold)?;
    search_text::register(&reader)?;
    search_words::register(&reader)?;
    reader.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    Ok(reader)
}

/// Sets what every connection needs.
fn harden(connection: &Connection, cache_kib: i64) -> Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A tampered file must not be able to make us run functions by its schema …
    connection.pragma_update(None, "trusted_schema", "OFF")?;
    // … nor may any statement write to the schema table or a shadow table.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // "x" is a column and never by mistake a text.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    // A plan never depends on what is bound, so binding a value never compiles a statement anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // With a memory map a truncated file or a disk error is a SIGBUS, which ends the whole JVM.
    connection.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))?;
    // Personal data never goes to a file in /tmp.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Negative: KiB instead of pages.
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    Ok(())
}

/// Checks a file as thoroughly as the last owner's note asks for. A check reads the whole file and takes
/// seconds with 100 000 users, so a directory that was closed properly is opened without one.
fn check(connection: &Connection, departure: Departure) -> Result<()> {
    let pragma = match departure {
        Departure::Closed => return Ok(()),
        Departure::CutOff => "PRAGMA quick_check(1)",
        Departure::Damaged => "PRAGMA integrity_check(1)",
    };
    let verdict: String = connection.query_row(pragma, [], |row| row.get(0))?;
    match verdict.as_str() {
        "ok" => Ok(()),
        // If the disk fails to deliver a page, the check reports it as a finding that names SQLite's result
        // code.
        unread if names_another_error(unread) => {
            Err(Error::about(ErrorCode::DirectoryIo, "a page was not read"))
        }
        _ => Err(Error::new(ErrorCode::DirectoryCorrupt)),
    }
}

/// Whether a finding of the check stands for an error of SQLite other than damage.
fn names_another_error(finding: &str) -> bool {
    let code = finding.split("error code").nth(1);
    let code = code.map(|rest| rest.trim_start_matches(['=', ' ']));
    let code = code.and_then(|rest| rest.split(|letter: char| !letter.is_ascii_digit()).next());
    // The lowest byte is the primary code; the others say more.
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
