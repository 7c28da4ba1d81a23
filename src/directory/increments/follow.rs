//! Brings a directory to the newest state on the shared folder, while it is open and readers use it.
//!
//! Changes that this directory made by itself since its published state are undone first, so that it becomes equal to
//! the publisher's directory. The host keeps such changes elsewhere and makes them again. All this is one transaction.

use std::io;
use std::path::Path;

use rusqlite::Transaction;

use super::file::{FileReader, FileRecord, Sequences};
use super::head::{self, Head, HeadReading};
use super::lineage::{Lineage, StateId, bytes_of};
use super::route::{self, Route, Step};
use super::state_sum::StateSum;
use super::{base, is_trouble, of_row, state_sum, trouble};
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::Directory;
use crate::directory::store::key_indexes;
use crate::directory::store::migrations::SCHEMA_VERSION;
use crate::directory::store::packed_row;
use crate::directory::store::recording;
use crate::directory::store::shared_tables::{self, SharedTable};
use crate::model::{Followed, Following};
use crate::plain_file::{self, Links};

/// Larger than any increment that is published, in bytes.
const LARGEST_INCREMENT: u64 = 64 * 1024 * 1024;

/// Brings the directory to the newest state on the shared folder.
pub fn follow(directory: &Directory, folder: &Path) -> Result<Followed> {
    let mut tried: Option<Box<Head>> = None;
    loop {
        let unread = |error| trouble(&head::place(folder), error);
        let found = head::read(folder, SCHEMA_VERSION).map_err(unread)?;
        let head = match found {
            HeadReading::Head(head) => head,
            HeadReading::Nothing | HeadReading::Older => return told(directory, Following::Nothing),
            HeadReading::Newer => return told(directory, Following::Newer),
        };
        let failure = match to_head(directory, folder, &head) {
            Ok(following) => return told(directory, following),
            Err(error) if is_trouble(&error) => error,
            Err(error) => return Err(error),
        };
        // A new base may have replaced files while this call was reading them.
        if tried.is_some_and(|tried| tried.state == head.state) {
            head::want_base(folder);
            return Err(failure);
        }
        tried = Some(head);
    }
}

fn told(directory: &Directory, following: Following) -> Result<Followed> {
    let lineage = directory.read(Lineage::read)?;
    let state = lineage.as_ref().and_then(|lineage| lineage.state.as_ref());
    Ok(Followed {
        following,
        state: state.map_or(String::new(), |state| state.as_str().to_owned()),
        note: lineage.map_or(String::new(), |lineage| lineage.note),
    })
}

fn to_head(directory: &Directory, folder: &Path, head: &Head) -> Result<Following> {
    let lineage = directory.read(Lineage::read)?;
    let at_head = |state: &Option<StateId>| state.as_ref().is_some_and(|state| state.as_str() == head.state);
    if let Some(lineage) = &lineage {
        if at_head(&lineage.pending) {
            // This directory's own publication is complete, but its process was killed before it noted that.
            directory.write(|tx| reach(tx, head, StateSum::from_bytes(&bytes_of(&head.sum)?)))?;
            return Ok(Following::Current);
        }
        // This directory is ahead, because its own publication was not completed. The next publication corrects that.
        if at_head(&lineage.state) {
            return Ok(Following::Current);
        }
    }
    let here = lineage.as_ref().filter(|lineage| lineage.is_exact());
    let route = route::find(folder, head, here.and_then(|lineage| lineage.state.as_ref()));
    if let Some((lineage, steps)) = here.zip(route.from_here.as_ref()) {
        match directory.write_verbatim(|tx| by_increments(tx, lineage, steps, head)) {
            Ok(()) => return Ok(Following::Increments),
            // The record of this directory's own changes may be damaged too, but a base does not need it.
            Err(error) if is_trouble(&error) || error.code() == ErrorCode::DirectoryCorrupt => {}
            Err(error) => return Err(error),
        }
    }
    directory.write_verbatim(|tx| by_base(tx, folder, &route, head))?;
    Ok(Following::Base)
}

fn reach(tx: &Transaction<'_>, head: &Head, sum: StateSum) -> Result<()> {
    let state =
        StateId::of(&head.state).ok_or_else(|| Error::internal("a head was read that names no state"))?;
    Lineage::reach(&state, sum, &head.note, tx)
}

fn by_increments(tx: &Transaction<'_>, here: &Lineage, steps: &[Step], head: &Head) -> Result<()> {
    let tables = shared_tables::shared(tx)?;
    key_indexes::require(tx)?;
    recording::undo(tx, &tables)?;
    let sum = take_over(tx, &tables, steps, here.sum)?;
    arrive(tx, head, sum)
}

fn by_base(tx: &Transaction<'_>, folder: &Path, route: &Route, head: &Head) -> Result<()> {
    let path = head::base_of(folder, &head.base.state);
    let steps = route
        .from_base
        .as_ref()
        .ok_or_else(|| trouble(&path, "increments that follow it are missing"))?;
    let tables = shared_tables::shared(tx)?;
    key_indexes::require(tx)?;
    recording::stop(tx)?;
    recording::clear(tx)?;
    let sum = base::take_over(tx, &path, &head.base.file.sha256, &tables)?;
    recording::start(tx)?;
    let sum = take_over(tx, &tables, steps, sum)?;
    arrive(tx, head, sum)
}

/// Notes that the directory is at the head, if its rows have the same sum as the publisher's.
fn arrive(tx: &Transaction<'_>, head: &Head, sum: StateSum) -> Result<()> {
    if sum != StateSum::from_bytes(&bytes_of(&head.sum)?) {
        return Err(trouble(
            Path::new(&head.state),
            "the rows differ from those of the publisher",
        ));
    }
    recording::clear(tx)?;
    reach(tx, head, sum)
}

/// Applies increments one after the other, and returns the sum after them. The sum is calculated from the recorded
/// changes.
fn take_over(
    tx: &Transaction<'_>,
    tables: &[SharedTable],
    steps: &[Step],
    before: StateSum,
) -> Result<StateSum> {
    let mut last = None;
    for step in steps {
        let whole = plain_file::read(&step.path, LARGEST_INCREMENT, Links::Refused);
        let bytes = whole.map_err(|error| trouble(&step.path, error))?;
        // All deletions come first: a row may need a unique value that another row still has.
        each(step, &bytes, tables, |table, change| match change {
            RowChange::Present(row) => recording::delete(tx, table, &base::key_of(table, &row)),
            RowChange::Gone(key) => recording::delete(tx, table, &key),
        })?;
        last = Some(each(step, &bytes, tables, |table, change| match change {
            RowChange::Present(row) => {
                recording::insert(tx, table, &row).map_err(|error| of_row(&step.path, error))
            }
            RowChange::Gone(_) => Ok(()),
        })?);
    }
    if let Some(sequences) = last {
        base::set_sequences(tx, tables, &sequences)?;
    }
    state_sum::after_recorded(tx, tables, before)
}

enum RowChange {
    Present(Vec<rusqlite::types::Value>),
    Gone(Vec<rusqlite::types::Value>),
}

fn each(
    step: &Step,
    bytes: &[u8],
    tables: &[SharedTable],
    mut work: impl FnMut(&SharedTable, RowChange) -> Result<()>,
) -> Result<Sequences> {
    let failed = |error: io::Error| trouble(&step.path, error);
    let mut file = FileReader::begin(bytes, &step.sha256).map_err(failed)?;
    let mut table = None;
    loop {
        let record = file.next().map_err(failed)?;
        match (record, table) {
            (FileRecord::Table(name), _) => table = shared_tables::named(tables, &name),
            (FileRecord::Present(row), Some(table)) => {
                work(table, RowChange::Present(base::values(&row, table, &step.path)?))?;
            }
            (FileRecord::Gone(key), Some(table)) => {
                let key = packed_row::values(&key)
                    .ok()
                    .filter(|key| key.len() == table.key.len());
                let key = key.ok_or_else(|| trouble(&step.path, "a key has other columns"))?;
                work(table, RowChange::Gone(key))?;
            }
            (FileRecord::Present(_) | FileRecord::Gone(_), None) => {
                return Err(trouble(&step.path, "it has other tables"));
            }
            (FileRecord::End(_, sequences), _) => return Ok(sequences),
        }
    }
}
