//! The open directory: one writer, a few readers, from opening to closing.
//!
//! It knows nothing about users or runs. It guarantees: each file has one owner, there is one writer at a time, a
//! reader sees one committed state from begin to end, and after closing no file is open.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::connection::{self, Fold, ReaderKind};
use crate::directory::store::files::{self, FileNumber};
use crate::directory::store::owner_lock::{Departure, OwnerLock};
use crate::directory::store::readers::{Reader, Readers, Snapshot};
use crate::directory::store::reading::{self, Place};
use crate::directory::store::recognition::{self, FileKind};
use crate::directory::store::sqlite_error::of_path;
use crate::directory::store::turn::{Waited, try_until};
use crate::directory::store::{leftovers, opening, room, sorting, storage_kind, unfinished};
use crate::model::OpenReport;

/// An open directory. All methods may be called from any thread.
pub struct Directory {
    path: PathBuf,
    /// The file that was opened. By now another file may be at the path.
    file: FileNumber,
    fold: Fold,
    access: Rights,
    writer: Mutex<Option<Owner>>,
    /// Held while a thread waits for the writer, so that a thread that writes again and again cannot overtake it.
    turn: Mutex<()>,
    waiting: AtomicUsize,
    readers: Readers,
    /// Whether damage was found since the opening. If so, closing tells the next owner to check the file.
    damaged: AtomicBool,
}

/// What this opening may do.
#[derive(Debug)]
enum Rights {
    /// As the owner, it may write.
    Write,
    /// It only reads, perhaps while another process is the owner. Dropping the place releases its lock.
    Read(Place),
}

struct Owner {
    connection: Connection,
    // Declared after the connection: fields are dropped in this order, so the lock is released after every file is
    // closed.
    lock: OwnerLock,
}

impl Directory {
    /// Opens the directory at `path`, or makes it. `fold` prepares texts for comparing.
    ///
    /// A damaged directory is renamed and a new one is made; the report says so. A file that is not a directory is
    /// refused and stays unchanged. A directory that already has an owner is refused too.
    pub fn open(path: &Path, fold: Fold) -> Result<(Directory, OpenReport)> {
        Directory::open_within(path, fold, Duration::ZERO)
    }

    /// Like [`Directory::open`], but waits at most `patience` for another owner to close the directory.
    pub fn open_within(path: &Path, fold: Fold, patience: Duration) -> Result<(Directory, OpenReport)> {
        let path = files::resolve(path)?;
        storage_kind::require_local(path.parent().unwrap_or(Path::new("/")))?;
        // Without a lock file the file may belong to another program, and then no lock file may be left beside it. With
        // a lock file, another opening in this process may have the file open; closing it here would end SQLite's locks
        // on it.
        if !OwnerLock::is_there(&path) {
            recognition::identify_or_refuse(&path)?;
        }
        let (lock, departure) = OwnerLock::take(&path, patience)?;
        leftovers::remove(&path)?;
        let missing = recognition::identify_or_refuse(&path)? == FileKind::Nothing;
        let (connection, report) = opening::open(&path, missing, departure, fold)?;
        let writer = Some(Owner { connection, lock });
        Ok((Directory::new(path, fold, Rights::Write, writer)?, report))
    }

    /// Opens the directory at `path` for reading, even while another process writes to it. Nothing is made, repaired or
    /// renamed. If the file is missing, the error names its path.
    ///
    /// Within one process the owner lock decides: a directory that is already open here is refused. A directory of an
    /// older schema is first brought to the present schema. For that it must have no owner within `patience`.
    pub fn open_to_read(path: &Path, fold: Fold, patience: Duration) -> Result<Directory> {
        let path = reading::find(path)?;
        // This fails in a read-only folder; then an owner will remove them later.
        drop(unfinished::remove_leftovers(&path));
        let place = match Place::take(&path, fold)? {
            Some(place) => place,
            None => {
                Directory::open_within(&path, fold, patience)?.0.close()?;
                let upgraded = Place::take(&path, fold)?;
                upgraded
                    .ok_or_else(|| Error::internal("an upgraded directory is still of an older schema"))?
            }
        };
        Directory::new(path, fold, Rights::Read(place), None)
    }

    fn new(path: PathBuf, fold: Fold, access: Rights, writer: Option<Owner>) -> Result<Directory> {
        let file = FileNumber::of(&path).map_err(|error| {
            of_path(
                ErrorCode::DirectoryOpenFailed,
                "the directory file",
                &path,
                &error,
            )
        })?;
        Ok(Directory {
            path,
            file,
            fold,
            access,
            writer: Mutex::new(writer),
            turn: Mutex::new(()),
            waiting: AtomicUsize::new(0),
            readers: Readers::default(),
            damaged: AtomicBool::new(false),
        })
    }

    /// Whether this opening may only read.
    pub fn is_read_only(&self) -> bool {
        matches!(self.access, Rights::Read(_))
    }

    /// Runs `work` in a read transaction. It sees one committed state, even if others write meanwhile.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let reader = self.lend_reader()?;
        let outcome = reader.connection().and_then(|connection| {
            let _snapshot = Snapshot::begin(connection)?;
            work(connection)
        });
        self.watch(outcome)
    }

    /// Like [`Directory::read`], for work that is a single statement. One statement sees one committed state anyway,
    /// and a look-up is 6 % faster without a transaction.
    pub fn read_statement<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let reader = self.lend_reader()?;
        let outcome = reader.connection().and_then(work);
        self.watch(outcome)
    }

    /// Runs `work` in the one write transaction. The transaction is committed if `work` succeeds.
    pub fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        Ok(self.write_then(work, |_| Ok(()))?.0)
    }

    /// Like [`Directory::write`], and then runs `then` before any other thread can write. A snapshot that `then` begins
    /// shows exactly the committed state.
    pub(in crate::directory) fn write_then<T, U>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
        then: impl FnOnce(&T) -> Result<U>,
    ) -> Result<(T, U)> {
        let mut writer = self.lock_writer();
        let connection = &mut writer.as_mut().ok_or_else(|| self.no_writer())?.connection;
        let outcome = self.watch_writing(commit(connection, work))?;
        self.require_file()?;
        let after = self.watch(then(&outcome))?;
        Ok((outcome, after))
    }

    /// Like [`Directory::write`], for rows that are copied unchanged from another directory. Foreign keys do nothing
    /// and are not checked, so the rows may come in any order.
    pub(in crate::directory) fn write_verbatim<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut writer = self.lock_writer();
        let connection = &mut writer.as_mut().ok_or_else(|| self.no_writer())?.connection;
        // Set before the transaction begins, because it has no effect inside one.
        connection.pragma_update(None, "foreign_keys", "OFF")?;
        let attempt = catch_unwind(AssertUnwindSafe(|| commit(connection, work)));
        connection.pragma_update(None, "foreign_keys", "ON")?;
        let outcome = self.watch_writing(attempt.unwrap_or_else(|panic| resume_unwind(panic)))?;
        self.require_file()?;
        Ok(outcome)
    }

    /// Like [`Directory::write`], for work that sorts more data than memory should hold. The work must not change rows
    /// of shared tables, because nothing is recorded.
    pub(in crate::directory) fn write_sorted<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let writer = self.lock_writer();
        let idle = &writer.as_ref().ok_or_else(|| self.no_writer())?.connection;
        let outcome = sorting::with(&self.path, idle, |connection| commit(connection, work));
        let outcome = self.watch_writing(outcome)?;
        self.require_file().map(|()| outcome)
    }

    /// Like [`Directory::write`], but the log is synced, so that the commit survives a power cut.
    pub fn write_durably<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.commit_durably(&mut self.lock_writer(), work)
    }

    fn commit_durably<T>(
        &self,
        writer: &mut Option<Owner>,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let connection = &mut writer.as_mut().ok_or_else(|| self.no_writer())?.connection;
        let attempt = || -> Result<T> {
            connection.pragma_update(None, "synchronous", "FULL")?;
            let outcome = commit(connection, work);
            // Back to the mode of `open_writer`, where a comment says why NORMAL is enough for a run.
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            outcome
        };
        let outcome = self.watch_writing(attempt())?;
        self.require_file()?;
        Ok(outcome)
    }

    /// Like [`Directory::write_durably`], but waits at most `patience` for the writer. After that it fails with
    /// [`ErrorCode::DirectoryBusy`], and nothing was done.
    pub fn write_within<T>(
        &self,
        patience: Duration,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let busy = || Error::about(ErrorCode::DirectoryBusy, "a long write goes on");
        let mut writer = self.lock_writer_within(patience).ok_or_else(busy)?;
        self.commit_durably(&mut writer, work)
    }

    /// Copies the log into the database and truncates the log, so that neither file contains erased values.
    pub fn cut_log(&self) -> Result<()> {
        let writer = self.lock_writer();
        let connection = &writer.as_ref().ok_or_else(|| self.no_writer())?.connection;
        let checkpoint = || -> Result<bool> {
            Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?)
        };
        match self.watch_writing(checkpoint())? {
            false => Ok(()),
            true => Err(Error::about(ErrorCode::DirectoryBusy, "the log cannot be cut")),
        }
    }

    /// Whether another call waits to write. A long write asks this, in order to commit earlier.
    pub fn somebody_waits_to_write(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Waits for running calls, then closes every file and gives up ownership. Every later call fails with
    /// [`ErrorCode::InvalidHandle`].
    ///
    /// Never call it from inside [`Directory::read`] or [`Directory::write`], because it would wait for itself.
    pub fn close(&self) -> Result<()> {
        let writer = self.lock_writer().take();
        if !self.readers.close() {
            return Err(closed());
        }
        match writer {
            Some(writer) => self.take_leave(writer),
            None => Ok(()),
        }
    }

    fn take_leave(&self, writer: Owner) -> Result<()> {
        let Owner { connection, lock } = writer;
        let there = self.require_file();
        let farewell = match &there {
            Ok(()) => leave_whole(&connection),
            // Our file was deleted or replaced, so the log at this path may belong to another file. It is not touched.
            Err(_) => connection
                .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
                .map(drop)
                .map_err(Error::from),
        };
        let closing = connection.close().map_err(|(_, error)| Error::from(error));
        let outcome = self.watch_writing(farewell.and(closing));
        let departure = match (self.damaged.load(Ordering::SeqCst), &outcome) {
            (true, _) => Departure::Damaged,
            (false, Ok(())) => Departure::Closed,
            (false, Err(_)) => Departure::CutOff,
        };
        there.and(outcome).and(lock.write_note(departure))
    }

    /// Fails if the file was deleted or replaced, because everything written would be lost without notice.
    fn require_file(&self) -> Result<()> {
        let found = FileNumber::of(&self.path);
        if found.as_ref().is_ok_and(|found| *found == self.file) {
            return Ok(());
        }
        let what = format!(
            "The directory file {} was deleted or exchanged while it was open, and what was written since is lost; \
             open it again and synchronize.",
            self.path.display()
        );
        Err(Error::with_message(ErrorCode::DirectoryIo, what))
    }

    /// The error that says why nothing can be written.
    fn no_writer(&self) -> Error {
        match self.access {
            Rights::Write => closed(),
            Rights::Read(_) => Error::new(ErrorCode::ReadOnly),
        }
    }

    /// The function that folds texts for comparing.
    pub(in crate::directory) fn fold(&self) -> Fold {
        self.fold
    }

    /// The path of the database file, without symbolic links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A reader outside of any transaction, for statements that cannot run inside one.
    pub(in crate::directory) fn lend_reader(&self) -> Result<Reader<'_>> {
        let kind = match &self.access {
            Rights::Write => ReaderKind::Shared,
            Rights::Read(place) => place.reader_kind(),
        };
        let open = || connection::open_reader(&self.path, kind, self.fold);
        self.readers.lend(open)?.ok_or_else(closed)
    }

    fn lock_writer(&self) -> MutexGuard<'_, Option<Owner>> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let _waited = Waited(&self.waiting);
        // A panic inside `work` has rolled back its transaction, and the connection is usable.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Like `lock_writer`, but none if it takes longer than `patience`.
    fn lock_writer_within(&self, patience: Duration) -> Option<MutexGuard<'_, Option<Owner>>> {
        let deadline = Instant::now() + patience;
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waited = Waited(&self.waiting);
        let _turn = try_until(deadline, || self.turn.try_lock())?;
        try_until(deadline, || self.writer.try_lock())
    }

    /// Passes on the outcome of a write, and finds out whether a full disk made it fail.
    fn watch_writing<T>(&self, outcome: Result<T>) -> Result<T> {
        self.watch(room::explain(&self.path, outcome))
    }

    /// Passes on an outcome, and remembers damage for the next owner.
    fn watch<T>(&self, outcome: Result<T>) -> Result<T> {
        if outcome
            .as_ref()
            .is_err_and(|error| error.code() == ErrorCode::DirectoryCorrupt)
        {
            self.damaged.store(true, Ordering::SeqCst);
        }
        outcome
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // An error means that the directory was already closed, or that it cannot be reported here. In the second case
        // the note says "cut off".
        drop(self.close());
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Directory")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

fn commit<T>(connection: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

/// Updates the statistics, copies the log into the database and truncates it, so that one file holds everything.
fn leave_whole(connection: &Connection) -> Result<()> {
    connection.execute_batch("PRAGMA optimize")?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

fn closed() -> Error {
    Error::about(ErrorCode::InvalidHandle, "the directory is closed")
}
