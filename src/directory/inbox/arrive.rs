//! Adds events to the inbox: each event once, one row for each object, and never more rows than the inbox may have.

use rusqlite::{OptionalExtension, Transaction, named_params};
use sha2::{Digest, Sha256};

use super::due::{InboxKind, parts};
use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::model::Event;

/// How long ids of events are remembered. If an event arrives again later, it counts as new; this costs one request and
/// does no harm. Okta repeats a delivery within seconds, and polls read the last minutes of the log again.
const REMEMBERED: std::time::Duration = std::time::Duration::from_secs(6 * 3_600);

/// How many objects may wait. If there are more, one row that asks for a run replaces them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity(pub u64);

/// The capacity of the inbox. An object has one row, however many events name it.
pub const CAPACITY: Capacity = Capacity(100_000);

/// How many events were new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// Events that came for the first time.
    pub new: u64,
    /// Events that had come before.
    pub repeated: u64,
}

statement!(HEAR = "INSERT OR IGNORE INTO heard (id, received) VALUES (?1, ?2)");

statement!(FORGET_HEARD = "DELETE FROM heard WHERE received < ?1 OR received > ?2");

statement!(
    KNOWN = "
    SELECT deleted, oldest, newest FROM inbox WHERE kind = ?1 AND user_id = ?2 AND group_id = ?3"
);

// The row gets a new number above all others, so that its place in the order is that of its newest event.
statement!(
    PUT = "
    INSERT OR REPLACE INTO inbox (kind, user_id, group_id, deleted, oldest, newest, received, event)
    VALUES (:kind, :user_id, :group_id, :deleted, :oldest, :newest, :received, :event)"
);

statement!(COUNT = "SELECT count(*) FROM inbox");

statement!(COLLAPSE, reads every row = "
    DELETE FROM inbox
     WHERE held = 0 AND kind NOT IN ('schema', 'many', 'everybody') AND (deleted = 0 OR :deletions)
    RETURNING oldest"
);

statement!(
    COUNT_EVENTS = "
    UPDATE live
       SET events = events + :new, repeated = repeated + :repeated,
           last_event = CASE WHEN :last_event > coalesce(last_event, 0) THEN :last_event ELSE last_event END,
           last_received = CASE WHEN :new > 0 THEN :received ELSE last_received END"
);

/// Adds events that arrived at `received`. An event that arrived before changes nothing, in whichever delivery it is. A
/// delivery is not recognised by its own id, because other events under the same id would be lost. If more objects
/// would wait than the inbox may have, one row that asks for a run replaces them.
pub fn arrive(
    tx: &Transaction<'_>,
    events: &[Event],
    received: UnixMillis,
    capacity: Capacity,
) -> Result<Arrived> {
    let mut arrived = Arrived::default();
    for event in events {
        if remember(tx, &event.id, received)? {
            arrived.new += 1;
            put(tx, event, received)?;
        } else {
            arrived.repeated += 1;
        }
    }
    let last = events.iter().filter_map(|event| event.at).max();
    count(tx, arrived, last, received)?;
    tx.prepare_cached(FORGET_HEARD)?
        .execute((received.minus(REMEMBERED), received.plus(REMEMBERED)))?;
    make_room(tx, received, capacity)?;
    Ok(arrived)
}

/// Asks for a run that lists users, because of something that happened at `at`. `kind` is [`InboxKind::Many`] or
/// [`InboxKind::Everybody`].
pub fn ask_for_everything(
    tx: &Transaction<'_>,
    kind: InboxKind,
    at: UnixMillis,
    received: UnixMillis,
) -> Result<()> {
    put_row(tx, (kind, "", "", false), "", at, received)
}

fn put(tx: &Transaction<'_>, event: &Event, received: UnixMillis) -> Result<()> {
    let at = event.at.unwrap_or(received);
    let mut subjects = event.subjects.iter();
    subjects.try_for_each(|subject| put_row(tx, parts(subject), &event.id, at, received))
}

fn put_row(
    tx: &Transaction<'_>,
    (kind, user_id, group_id, deleted): (InboxKind, &str, &str, bool),
    event: &str,
    at: UnixMillis,
    received: UnixMillis,
) -> Result<()> {
    let known: Option<(bool, UnixMillis, UnixMillis)> = tx
        .prepare_cached(KNOWN)?
        .query_row((kind.name(), user_id, group_id), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (was_deleted, oldest, newest) = known.unwrap_or((false, at, at));
    tx.prepare_cached(PUT)?.execute(named_params! {
        ":kind": kind.name(),
        ":user_id": user_id,
        ":group_id": group_id,
        // Events arrive in any order. If one of them says that the object was deleted, the object counts as deleted
        // until Okta was asked.
        ":deleted": deleted || was_deleted,
        ":oldest": oldest.min(at),
        ":newest": newest.max(at),
        ":received": received,
        ":event": event,
    })?;
    Ok(())
}

/// If the inbox is full, removes the rows of objects that a listing of changes shows, and asks for such a listing.
/// Deletions stay as long as there is room, because otherwise only a full run shows them.
fn make_room(tx: &Transaction<'_>, received: UnixMillis, Capacity(most): Capacity) -> Result<()> {
    for (deletions, mark) in [(false, InboxKind::Many), (true, InboxKind::Everybody)] {
        let Count(rows) = tx.prepare_cached(COUNT)?.query_row([], |row| row.get(0))?;
        if rows <= most {
            return Ok(());
        }
        let mut statement = tx.prepare_cached(COLLAPSE)?;
        let removed = statement.query_map(named_params! { ":deletions": deletions }, |row| row.get(0))?;
        let removed: Vec<UnixMillis> = removed.collect::<rusqlite::Result<_>>()?;
        if let Some(oldest) = removed.into_iter().min() {
            put_row(tx, (mark, "", "", false), "", oldest, received)?;
        }
    }
    Ok(())
}

fn count(
    tx: &Transaction<'_>,
    arrived: Arrived,
    last_event: Option<UnixMillis>,
    received: UnixMillis,
) -> Result<()> {
    tx.prepare_cached(COUNT_EVENTS)?.execute(named_params! {
        ":new": Count(arrived.new),
        ":repeated": Count(arrived.repeated),
        ":last_event": last_event.unwrap_or_default(),
        ":received": received,
    })?;
    Ok(())
}

/// Notes the id of an event. Returns false if the event arrived before.
fn remember(tx: &Transaction<'_>, id: &str, received: UnixMillis) -> Result<bool> {
    Ok(tx.prepare_cached(HEAR)?.execute((number_of(id), received))? > 0)
}

/// The first 64 bits of a digest. For a million ids, the chance that two of them have the same number is one in 37
/// million.
fn number_of(id: &str) -> i64 {
    let digest = Sha256::digest(id);
    digest
        .iter()
        .take(8)
        .fold(0, |number, byte| (number << 8) | i64::from(*byte))
}
