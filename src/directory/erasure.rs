//! Erases a person on request, and keeps the person out.
//!
//! Everything that names the person by Okta's id is deleted: the row and everything that depends on it, pins,
//! memberships, the values in the change feed, notes of runs. Okta may still list the person, so a fingerprint of the
//! id is kept, and Okta's data about this id is ignored. One entry of the feed remains, without a value, because
//! readers of the feed must learn of the erasure.

use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::matches::Scope;
use crate::directory::runs::{self, changes, freshness};
use crate::directory::store::kept_out;
use crate::directory::store::statement::statement;
use crate::directory::users::StatusChange;
use crate::directory::users::content_hash::ContentHash;
use crate::directory::users::user_set::UserSet;
use crate::directory::{groups, org, users};
use crate::model::{ChangeKind, MatchRule, RunState, SyncReport};

statement!(
    USER = "
    SELECT user_no, content_hash, absent_since IS NULL FROM users WHERE okta_id = ?1"
);

statement!(
    TRACES = "
    SELECT EXISTS (SELECT 1 FROM changes WHERE okta_id = ?1)
        OR EXISTS (SELECT 1 FROM group_members WHERE okta_id = ?1)
        OR EXISTS (SELECT 1 FROM pins WHERE okta_id = ?1)"
);

// What a run or an event has left that no reader sees yet.
statement!(WAITS, reads every row = "
    SELECT EXISTS (SELECT 1 FROM users WHERE okta_id = ?1)
        OR EXISTS (SELECT 1 FROM group_members_staged WHERE okta_id = ?1)
        OR EXISTS (SELECT 1 FROM inbox WHERE user_id = ?1)"
);

statement!(UNPIN = "DELETE FROM pins WHERE okta_id = ?1");
statement!(ERASE = "DELETE FROM users WHERE user_no = ?1");
statement!(FORGET_CHANGES = "DELETE FROM changes WHERE okta_id = ?1");
statement!(FORGET_EVENTS, reads every row = "DELETE FROM inbox WHERE user_id = ?1");
statement!(FORGET_HALF_READ = "DELETE FROM group_members_staged WHERE okta_id = ?1");

// There are few runs. Their notes may name users that could not be read.
statement!(
    FORGET_NOTES = "
    UPDATE sync_runs
       SET warnings = (SELECT json_group_array(note.value) FROM json_each(warnings) AS note
                        WHERE instr(note.value, ?1) = 0)
     WHERE instr(warnings, ?1) > 0"
);
statement!(FORGET_MESSAGES = "UPDATE sync_runs SET error_message = '' WHERE instr(error_message, ?1) > 0");

/// Erases the person with this Okta id and keeps the person out from now on. An unfinished run is dropped, because it
/// has seen the person. False if the person was erased before. Fails with [`ErrorCode::NotFound`] if nothing has this
/// id.
pub fn erase(tx: &Transaction<'_>, okta_id: &str, rules: &[MatchRule], at: UnixMillis) -> Result<bool> {
    // A host may ask again until all its nodes know of the erasure. Such a call drops no unfinished run.
    if kept_out::contains(tx, okta_id)? && user(tx, okta_id)?.is_none() {
        return Ok(false);
    }
    let is_named =
        |sql| -> Result<bool> { Ok(tx.prepare_cached(sql)?.query_row([okta_id], |row| row.get(0))?) };
    let waits = is_named(WAITS)?;
    drop_unfinished(tx, at)?;
    let user = user(tx, okta_id)?;
    if user.is_none() && !is_named(TRACES)? {
        // Readers never saw the person, so the feed gets no entry and no match ends.
        return match waits {
            true => {
                forget(tx, okta_id)?;
                kept_out::add(tx, okta_id, at)?;
                Ok(true)
            }
            false => Err(Error::about(ErrorCode::NotFound, "Okta user to erase")),
        };
    }
    let mut scope = Scope::new(rules);
    scope.add_okta_id(tx, okta_id)?;
    tx.prepare_cached(UNPIN)?.execute([okta_id])?;
    groups::leave_all(tx, okta_id)?;
    if let Some(user) = &user {
        leave_totals(tx, okta_id, user)?;
        let statuses = StatusChange::before(tx, UserSet::from_iter([user.number]))?;
        tx.prepare_cached(ERASE)?.execute([user.number])?;
        statuses.after(tx, &UserSet::new())?;
    }
    forget(tx, okta_id)?;
    kept_out::add(tx, okta_id, at)?;
    let run = org::get(tx)?.published_run;
    changes::append(tx, run, at, okta_id, ChangeKind::Purged, &[])?;
    scope.rematch(tx)?;
    Ok(true)
}

/// Deletes what names the person beside the user's row.
fn forget(tx: &Transaction<'_>, okta_id: &str) -> Result<()> {
    for sql in [
        FORGET_HALF_READ,
        FORGET_EVENTS,
        FORGET_CHANGES,
        FORGET_NOTES,
        FORGET_MESSAGES,
    ] {
        tx.prepare_cached(sql)?.execute([okta_id])?;
    }
    Ok(())
}

/// Allows a person who was erased again. The next run reads everybody. Fails with [`ErrorCode::NotFound`] if nobody
/// with this id was erased.
pub fn readmit(tx: &Transaction<'_>, okta_id: &str) -> Result<()> {
    match kept_out::remove(tx, okta_id)? {
        false => Err(Error::about(ErrorCode::NotFound, "erased Okta user")),
        true => freshness::doubt(tx),
    }
}

struct KnownPerson {
    number: i64,
    hash: ContentHash,
    present: bool,
}

fn user(conn: &Connection, okta_id: &str) -> Result<Option<KnownPerson>> {
    let found = conn.prepare_cached(USER)?.query_row([okta_id], |row| {
        Ok(KnownPerson {
            number: row.get(0)?,
            hash: row.get(1)?,
            present: row.get(2)?,
        })
    });
    Ok(found.optional()?)
}

/// Subtracts a present user from the digest and the counts of all users.
fn leave_totals(tx: &Transaction<'_>, okta_id: &str, user: &KnownPerson) -> Result<()> {
    if !user.present {
        return Ok(());
    }
    let mut known = org::get(tx)?;
    if let Some(digest) = &mut known.digest {
        digest.remove(okta_id, &user.hash);
    }
    org::set(tx, &known)?;
    let mut freshness = freshness::get(tx)?;
    freshness.present = freshness.present.saturating_sub(1);
    freshness::set(tx, &freshness)
}

fn drop_unfinished(tx: &Transaction<'_>, at: UnixMillis) -> Result<()> {
    let Some(row) = runs::unfinished(tx)? else {
        return Ok(());
    };
    users::drop_unpublished(tx, row.run)?;
    let report = SyncReport {
        state: RunState::Dropped,
        finished: Some(at),
        ..row.report
    };
    runs::finish(tx, &report)
}
