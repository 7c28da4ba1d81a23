//! Publishes the rows that changed since the directory's own published state, or every row.
//!
//! Only one node of a cluster may publish at a time; its host holds a lock for that.

use std::fs::{self, DirBuilder};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use rusqlite::{Connection, Transaction};

use super::file::{FORMAT, FileWriter, Header, Seal};
use super::head::{self, Base, Head, HeadReading};
use super::lineage::{Lineage, StateId, text_of};
use super::state_sum::StateSum;
use super::{base, trouble};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::directory::Directory;
use crate::directory::store::migrations::SCHEMA_VERSION;
use crate::directory::store::packed_row;
use crate::directory::store::readers::Snapshot;
use crate::directory::store::recording;
use crate::directory::store::shared_tables;
use crate::directory::store::statement::statement;
use crate::directory::store::unfinished::Unfinished;
use crate::model::{Published, SharedPublication};
use crate::plain_file;

// The first statement of a transaction decides which state of the database it sees.
statement!(FIRST = "SELECT one FROM directory WHERE one = 1");

/// The largest increment in bytes. An increment is made in memory; a larger one would cost all nodes more than a base.
const LARGEST_INCREMENT: u64 = 32 * 1024 * 1024;
/// The greatest number of increments after a base. A new node has to read all of them.
const MOST_INCREMENTS: u32 = 1_000;
/// A base smaller than this, in bytes, is not renewed because of a few increments.
const SMALL_BASE: u64 = 64 * 1024;
/// The longest note in bytes. It is part of the head, which every node reads often.
const LONGEST_NOTE: usize = 16 * 1024;

/// Publishes the directory on a folder that all nodes share. Followers get `note`. `anew` also removes everything that
/// was published before; this is needed after a person was erased.
///
/// Readers and writers can work meanwhile. Their changes belong to the next publication.
pub fn publish(directory: &Directory, folder: &Path, note: &str, anew: bool) -> Result<SharedPublication> {
    if note.len() > LONGEST_NOTE {
        return Err(Error::about(
            crate::contract::errors::ErrorCode::InvalidArgument,
            "the note is too long",
        ));
    }
    let failed = |error: io::Error| trouble(folder, error);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(failed)?;
    let unread = |error| trouble(&head::place(folder), error);
    let found = head::read(folder, SCHEMA_VERSION).map_err(unread)?;
    let before = match found {
        HeadReading::Newer => {
            return Ok(SharedPublication {
                published: Published::Newer,
                rows: 0,
                bytes: 0,
            });
        }
        HeadReading::Head(head) => Some(*head),
        HeadReading::Nothing | HeadReading::Older => None,
    };
    let base_wanted = anew || head::is_base_wanted(folder);
    let reader = directory.lend_reader()?;
    let conn = reader.connection()?;
    // The snapshot shows exactly the commit of the announcement, so every later change is recorded.
    let (plan, snapshot) = directory.write_then(
        |tx| Plan::make(tx, before.as_ref(), anew, base_wanted),
        |plan| plan.needs_base().then(|| snapshot(conn)).transpose(),
    )?;
    let written = Publisher {
        directory,
        folder,
        note,
        before: before.as_ref(),
    };
    let publication = written.files(plan, conn)?;
    drop(snapshot);
    if publication.published == Published::Base {
        clean(folder, before.filter(|_| !anew).as_ref())
            .or_else(|error| if anew { Err(failed(error)) } else { Ok(()) })?;
    }
    Ok(publication)
}

fn snapshot(conn: &Connection) -> Result<Snapshot<'_>> {
    let snapshot = Snapshot::begin(conn)?;
    conn.query_row(FIRST, [], |_| Ok(()))?;
    Ok(snapshot)
}

/// What is to be published.
enum Plan {
    /// Nothing changed since this state.
    Nothing(Lineage),
    Change {
        next: StateId,
        increment: Option<Increment>,
        base: bool,
    },
}

/// The rows that changed since a state.
struct Increment {
    bytes: Vec<u8>,
    seal: Seal,
    sum: StateSum,
    rows: u64,
}

impl Plan {
    fn make(tx: &Transaction<'_>, before: Option<&Head>, anew: bool, base_wanted: bool) -> Result<Plan> {
        recording::start(tx)?;
        let lineage = Lineage::read(tx)?;
        let next = StateId::new();
        // An increment is possible if the newest published state is this directory's own and every later change is
        // recorded.
        let known = lineage.as_ref().zip(before).filter(|(lineage, before)| {
            let here = lineage.state.as_ref().map(StateId::as_str);
            !anew && lineage.is_exact() && here == Some(&before.state)
        });
        let increment = match known {
            Some((lineage, before)) => Increment::of(tx, lineage, before, &next)?,
            None => None,
        };
        if let (Some(increment), Some((lineage, _)), false) = (&increment, known, base_wanted)
            && increment.rows == 0
        {
            recording::clear(tx)?;
            return Ok(Plan::Nothing(lineage.clone()));
        }
        let outweighed = increment.as_ref().zip(before).is_none_or(|(increment, before)| {
            before.base.increments >= MOST_INCREMENTS
                || before.base.bytes + increment.seal.bytes > before.base.file.bytes.max(SMALL_BASE)
        });
        Lineage::announce(lineage, &next, tx)?;
        recording::clear(tx)?;
        Ok(Plan::Change {
            next,
            increment,
            base: base_wanted || outweighed,
        })
    }

    fn needs_base(&self) -> bool {
        matches!(self, Plan::Change { base: true, .. })
    }
}

impl Increment {
    /// Makes the increment; none if it would be too large.
    fn of(
        tx: &Transaction<'_>,
        lineage: &Lineage,
        before: &Head,
        next: &StateId,
    ) -> Result<Option<Increment>> {
        let unexpected = |_: io::Error| Error::internal("memory cannot be written to");
        let header = Header {
            before: before.increment.as_ref().map(|seal| seal.sha256.clone()),
            ..header(next, Some(before.state.clone()))
        };
        let mut file = FileWriter::begin(Vec::new(), &header).map_err(unexpected)?;
        let tables = shared_tables::shared(tx)?;
        let (mut sum, mut rows, mut at) = (lineage.sum, 0, String::new());
        recording::each(tx, |changed| {
            let table = recording::table_of(&tables, &changed.table)?;
            let now = recording::packed(tx, table, &packed_row::values(&changed.key)?)?;
            if now == changed.before || file.written() > LARGEST_INCREMENT {
                return Ok(());
            }
            if at != changed.table {
                file.table(&changed.table).map_err(unexpected)?;
                at.clone_from(&changed.table);
            }
            if let Some(row) = &changed.before {
                sum.remove(&changed.table, row);
            }
            rows += 1;
            match &now {
                Some(row) => {
                    sum.add(&changed.table, row);
                    file.present(row).map_err(unexpected)
                }
                None => file.gone(&changed.key).map_err(unexpected),
            }
        })?;
        let (bytes, seal) = file.end(sum, &base::sequences(tx)?).map_err(unexpected)?;
        let small_enough = seal.bytes <= LARGEST_INCREMENT;
        Ok(small_enough.then_some(Increment {
            bytes,
            seal,
            sum,
            rows,
        }))
    }
}

fn header(state: &StateId, from: Option<String>) -> Header {
    Header {
        format: FORMAT,
        schema: SCHEMA_VERSION,
        state: state.as_str().to_owned(),
        from,
        before: None,
    }
}

/// Where a publication goes, and which publication it follows.
struct Publisher<'a> {
    directory: &'a Directory,
    folder: &'a Path,
    note: &'a str,
    before: Option<&'a Head>,
}

impl Publisher<'_> {
    /// Writes the files, and the head last. From then on the directory is at the new state.
    fn files(&self, plan: Plan, conn: &Connection) -> Result<SharedPublication> {
        match plan {
            Plan::Nothing(lineage) => self.freshness(&lineage),
            Plan::Change {
                next,
                increment,
                base,
            } => self.change(&next, increment, base, conn),
        }
    }

    fn freshness(&self, lineage: &Lineage) -> Result<SharedPublication> {
        let mut bytes = 0;
        if let Some(before) = self.before {
            let head = Head {
                at: UnixMillis::now().0,
                note: self.note.to_owned(),
                ..before.clone()
            };
            bytes = self.head(&head)?;
        }
        if let Some(state) = &lineage.state {
            self.directory
                .write(|tx| Lineage::reach(state, lineage.sum, self.note, tx))?;
        }
        Ok(SharedPublication {
            published: Published::Nothing,
            rows: 0,
            bytes,
        })
    }

    fn change(
        &self,
        next: &StateId,
        increment: Option<Increment>,
        base: bool,
        conn: &Connection,
    ) -> Result<SharedPublication> {
        let (mut bytes, mut rows) = (0, 0);
        let mut seal = None;
        let mut sum = None;
        if let Some(increment) = increment {
            self.increment(next, &increment.bytes)?;
            (bytes, rows, seal, sum) = (
                increment.seal.bytes,
                increment.rows,
                Some(increment.seal),
                Some(increment.sum),
            );
        }
        let newest = match self.before.filter(|_| !base) {
            Some(before) => Base {
                increments: before.base.increments + 1,
                bytes: before.base.bytes + bytes,
                ..before.base.clone()
            },
            None => {
                let (file, found) =
                    base::write(conn, self.directory.path(), self.folder, &header(next, None))?;
                // A different sum means that a change was not recorded. Then only the base is used, because it is
                // correct.
                seal = seal.filter(|_| sum == Some(found));
                sum = Some(found);
                bytes += file.bytes;
                Base {
                    state: next.as_str().to_owned(),
                    file,
                    increments: 0,
                    bytes: 0,
                }
            }
        };
        let sum = sum.ok_or_else(|| Error::internal("neither an increment nor a base was made"))?;
        let head = Head {
            format: FORMAT,
            schema: SCHEMA_VERSION,
            state: next.as_str().to_owned(),
            sum: text_of(&sum.to_bytes()),
            increment: seal,
            base: newest,
            at: UnixMillis::now().0,
            note: self.note.to_owned(),
        };
        bytes += self.head(&head)?;
        self.directory
            .write(|tx| Lineage::reach(next, sum, self.note, tx))?;
        let published = if base {
            Published::Base
        } else {
            Published::Increment
        };
        Ok(SharedPublication {
            published,
            rows,
            bytes,
        })
    }

    fn increment(&self, next: &StateId, bytes: &[u8]) -> Result<()> {
        let target = head::increment_of(self.folder, next.as_str());
        let write = || {
            let mut part = Unfinished::begin(self.directory.path(), &target)?;
            part.file().write_all(bytes)?;
            part.replace(&target)
        };
        write().map_err(|error| trouble(&target, error))
    }

    fn head(&self, head: &Head) -> Result<u64> {
        let written = head::write(self.directory.path(), self.folder, head);
        written.map_err(|error| trouble(&head::place(self.folder), error))
    }
}

/// Removes the files that no node needs after a new base: all files older than the previous base, and parts that killed
/// publishers left. Without a previous base only the new base stays. If a file cannot be removed, as on some network
/// file systems while a node reads it, the other files are removed all the same.
fn clean(folder: &Path, before: Option<&Head>) -> io::Result<()> {
    let HeadReading::Head(newest) = head::read(folder, SCHEMA_VERSION)? else {
        return Ok(());
    };
    let mut kept = vec![head::base_of(folder, &newest.base.state)];
    let mut since = None;
    if let Some(before) = before {
        let earlier = head::base_of(folder, &before.base.state);
        since = fs::metadata(&earlier).and_then(|found| found.modified()).ok();
        kept.push(earlier);
    }
    let mut outcome = head::want_no_base(folder);
    for path in head::files(folder)? {
        let needed = since.is_some_and(|since| {
            let written = fs::metadata(&path).and_then(|found| found.modified());
            path.extension().is_some_and(|ending| ending == "increment")
                && written.is_ok_and(|written| written >= since)
        });
        if !needed && !kept.contains(&path) {
            outcome = outcome.and(plain_file::remove(&path));
        }
    }
    outcome
}
