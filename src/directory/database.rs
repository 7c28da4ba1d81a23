//! The open directory: one writer, a few readers, and their life from open to close.
//!
//! It knows nothing of users or runs. Its invariants: one owner for each file, one writer at a
//! time, a reader sees one committed state from begin to end, and after close no file is open.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::directory::connection::{self, Fold};
use crate::directory::database_files::{self, Identity};
use crate::directory::owner_lock::{Departure, OwnerLock};
use crate::directory::{scratch, storage_kind};
use crate::error::{Error, ErrorCode, Result};
use crate::model::OpenReport;

/// Readers kept open between calls; a Jira node rarely asks more at the same instant.
const IDLE_READERS: usize = 4;

/// An open directory. All methods may be called from any thread.
pub struct Directory {
    path: PathBuf,
    fold: Fold,
    writer: Mutex<Option<Writer>>,
    /// Held while waiting for the writer: whoever writes again and again queues behind who waits.
    turn: Mutex<()>,
    waiting: AtomicUsize,
    readers: Mutex<Readers>,
    reader_returned: Condvar,
    /// Damage was met since the opening; the next owner shall look closely.
    damaged: AtomicBool,
}

struct Writer {
    connection: Connection,
    // After the connection: fields drop in this order, and the lock outlives every open file.
    lock: OwnerLock,
}

#[derive(Default)]
struct Readers {
    idle: Vec<Connection>,
    lent: usize,
    closed: bool,
}

impl Directory {
    /// Opens the directory at `path`, or makes it. `fold` is how texts are compared.
    ///
    /// A damaged directory is moved aside and a new one is made; the report says so. A file that is
    /// not a directory is left untouched and refused, and so is one that has an owner already.
    pub fn open(path: &Path, fold: Fold) -> Result<(Directory, OpenReport)> {
        Directory::open_within(path, fold, Duration::ZERO)
    }

    /// The same, but waits at most `patience` for another owner to close the directory.
    pub fn open_within(path: &Path, fold: Fold, patience: Duration) -> Result<(Directory, OpenReport)> {
        let path = database_files::resolve(path)?;
        storage_kind::require_local(path.parent().unwrap_or(Path::new("/")))?;
        // Asked first without the lock, so that no lock file is left beside a foreign file.
        identify_or_refuse(&path)?;
        let (lock, departure) = OwnerLock::take(&path, patience)?;
        let mut report = OpenReport {
            created: identify_or_refuse(&path)? == Identity::Nothing,
            damaged_moved_to: None,
        };
        scratch::remove_leftover(&path)?;
        database_files::create_private(&path)?;
        let connection = match connection::open_writer(&path, report.created, departure, fold) {
            Err(error) if error.code() == ErrorCode::DirectoryCorrupt && !report.created => {
                report.damaged_moved_to = Some(database_files::move_aside(&path)?);
                report.created = true;
                database_files::create_private(&path)?;
                connection::open_writer(&path, true, Departure::Closed, fold)?
            }
            outcome => outcome?,
        };
        let directory = Directory {
            path,
            fold,
            writer: Mutex::new(Some(Writer { connection, lock })),
            turn: Mutex::new(()),
            waiting: AtomicUsize::new(0),
            readers: Mutex::new(Readers::default()),
            reader_returned: Condvar::new(),
            damaged: AtomicBool::new(false),
        };
        Ok((directory, report))
    }

    /// Runs `work` in a read transaction: it sees one committed state, whatever is written meanwhile.
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let reader = self.lend_reader()?;
        let outcome = reader.connection().and_then(|connection| {
            let _snapshot = Snapshot::begin(connection)?;
            work(connection)
        });
        self.watch(outcome)
    }

    /// Like [`Directory::read`], for work that is one statement: it sees one committed state by itself, and
    /// a look-up is 6 % faster without a transaction around it.
    pub fn read_statement<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let reader = self.lend_reader()?;
        let outcome = reader.connection().and_then(work);
        self.watch(outcome)
    }

    /// Runs `work` in the one write transaction, which is committed if it succeeds.
    pub fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut writer = self.lock_writer();
        let connection = &mut writer.as_mut().ok_or_else(closed)?.connection;
        self.watch(commit(connection, work))
    }

    /// Like [`Directory::write`], but what was committed survives a power cut: the log is synced.
    pub fn write_durably<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut writer = self.lock_writer();
        let connection = &mut writer.as_mut().ok_or_else(closed)?.connection;
        let attempt = || -> Result<T> {
            connection.pragma_update(None, "synchronous", "FULL")?;
            let outcome = commit(connection, work);
            // As connections are opened; see there why that is enough for a run.
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            outcome
        };
        self.watch(attempt())
    }

    /// Copies the log into the database and cuts it to nothing, so that what was erased is nowhere.
    pub fn cut_log(&self) -> Result<()> {
        let writer = self.lock_writer();
        let connection = &writer.as_ref().ok_or_else(closed)?.connection;
        let checkpoint = || -> Result<bool> {
            Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?)
        };
        match self.watch(checkpoint())? {
            false => Ok(()),
            true => Err(Error::about(ErrorCode::DirectoryBusy, "the log cannot be cut")),
        }
    }

    /// Whether a call waits for its turn to write. A long write asks, to end before its time.
    pub fn somebody_waits_to_write(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Waits for calls that are under way, then closes every file and gives up ownership.
    /// Every later call fails with [`ErrorCode::InvalidHandle`].
    ///
    /// Never call it from inside [`Directory::read`] or [`Directory::write`]: it would wait for itself.
    pub fn close(&self) -> Result<()> {
        let mut writer = self.lock_writer().take().ok_or_else(closed)?;
        let mut readers = self.lock_readers();
        readers.closed = true;
        while readers.lent > 0 {
            readers = self
                .reader_returned
                .wait(readers)
                .unwrap_or_else(PoisonError::into_inner);
        }
        readers.idle.clear();
        drop(readers);
        let farewell = settle(&writer.connection);
        let closing = writer.connection.close().map_err(|(_, error)| Error::from(error));
        let outcome = self.watch(farewell.and(closing));
        let departure = match (self.damaged.load(Ordering::SeqCst), &outcome) {
            (true, _) => Departure::Damaged,
            (false, Ok(())) => Departure::Closed,
            (false, Err(_)) => Departure::CutOff,
        };
        outcome.and(writer.lock.write_note(departure))
    }

    /// How texts are compared.
    pub(super) fn fold(&self) -> Fold {
        self.fold
    }

    /// Where the database file is, without symbolic links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A reader outside of any transaction, for what cannot run inside one.
    pub(super) fn lend_reader(&self) -> Result<Reader<'_>> {
        let mut readers = self.lock_readers();
        if readers.closed {
            return Err(closed());
        }
        readers.lent += 1;
        // From here on the guard gives it back, whatever happens.
        let mut reader = Reader {
            directory: self,
            connection: readers.idle.pop(),
        };
        drop(readers);
        if reader.connection.is_none() {
            reader.connection = Some(connection::open_reader(&self.path, self.fold)?);
        }
        Ok(reader)
    }

    fn lock_writer(&self) -> MutexGuard<'_, Option<Writer>> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let _waited = Waited(&self.waiting);
        // A panic inside `work` has rolled its transaction back; the connection is fine.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_readers(&self) -> MutexGuard<'_, Readers> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers damage for the next owner.
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
        // Closed already, or nobody is left to tell; the note then says that the owner was cut off.
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

/// Counts a writer out of those who wait.
struct Waited<'a>(&'a AtomicUsize);

impl Drop for Waited<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A read transaction, begun and ended by statements that are compiled once for each reader.
struct Snapshot<'conn>(&'conn Connection);

impl Snapshot<'_> {
    fn begin(connection: &Connection) -> Result<Snapshot<'_>> {
        connection.prepare_cached("BEGIN")?.execute([])?;
        Ok(Snapshot(connection))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // Nothing was written, and temporary tables go with it. It fails if SQLite has rolled back by
        // itself after an error, and then nothing is open.
        let end = self.0.prepare_cached("ROLLBACK");
        drop(end.and_then(|mut end| end.execute([])));
    }
}

/// A lent reader; it goes back when it is dropped.
pub(super) struct Reader<'a> {
    directory: &'a Directory,
    connection: Option<Connection>,
}

impl Reader<'_> {
    /// The connection, which is there as soon as the reader was lent.
    pub(super) fn connection(&self) -> Result<&Connection> {
        self.connection
            .as_ref()
            .ok_or_else(|| Error::internal("a lent reader has no connection"))
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut readers = self.directory.lock_readers();
        readers.lent -= 1;
        let keep = !readers.closed && readers.idle.len() < IDLE_READERS;
        if let Some(connection) = self.connection.take().filter(|_| keep) {
            readers.idle.push(connection);
        }
        // Waking costs a call to the kernel, and only a close waits.
        if readers.closed {
            self.directory.reader_returned.notify_all();
        }
    }
}

fn identify_or_refuse(path: &Path) -> Result<Identity> {
    match database_files::identify(path)? {
        Identity::Foreign => Err(Error::new(ErrorCode::NotADirectory)),
        found @ (Identity::Nothing | Identity::Ours) => Ok(found),
    }
}

fn commit<T>(connection: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

/// Leaves a file that stands for itself: statistics fresh, the log copied into it and cut.
fn settle(connection: &Connection) -> Result<()> {
    connection.execute_batch("PRAGMA optimize")?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

fn closed() -> Error {
    Error::about(ErrorCode::InvalidHandle, "the directory is closed")
}
