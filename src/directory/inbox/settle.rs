//! Removes from the inbox what was read again, in the transaction that publishes the reading.

use rusqlite::{Connection, Rows, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;

/// Okta's search index shows a change a little later than its event comes (Okta "Users API": typically less than
/// a second). What came so shortly before a listing is asked for by id as well, unless the listing shows it.
const INDEX_LAG: std::time::Duration = std::time::Duration::from_secs(5);

statement!(REMOVE = "DELETE FROM inbox WHERE arrival = ?1");

statement!(POSTPONE = "UPDATE inbox SET asked = asked + 1, due = ?2 WHERE arrival = ?1");

statement!(ASK_AGAIN = "UPDATE inbox SET asked = asked + 1, due = ?2, answered = 1 WHERE arrival = ?1");

statement!(HOLD = "UPDATE inbox SET held = 1 WHERE arrival = ?1");

// A full run has seen everybody, so it answers every event about users that came before it began.
statement!(
    SETTLE_FULL = "
    DELETE FROM inbox
     WHERE arrival <= :upto
       AND (kind IN ('many', 'everybody') OR kind = 'user' AND (received <= :settled OR held = 1))
    RETURNING iif(answered, NULL, oldest)"
);

// A delta run shows nobody who was deleted.
statement!(
    SETTLE_DELTA = "
    DELETE FROM inbox
     WHERE arrival <= :upto
       AND (kind = 'many' OR kind = 'user' AND deleted = 0 AND received <= :settled)
    RETURNING iif(answered, NULL, oldest)"
);

// Shown as it was after its newest event: both times are Okta's, that of the user in whole seconds.
statement!(
    SETTLE_SHOWN = "
    DELETE FROM inbox
     WHERE arrival <= :upto AND kind = 'user' AND deleted = 0
       AND EXISTS (SELECT 1 FROM present_users AS u
                    WHERE u.okta_id = inbox.user_id AND u.last_updated / 1000 >= inbox.newest / 1000)
    RETURNING iif(answered, NULL, oldest)"
);

// Whoever is left was to be seen and was not.
statement!(
    NOTE_UNSEEN = "
    UPDATE inbox SET asked = asked + 1 WHERE arrival <= ?1 AND kind = 'user' AND deleted = 0"
);

statement!(
    SETTLE_GROUPS = "
    DELETE FROM inbox
     WHERE arrival <= :upto AND received <= :settled AND deleted = 0
       AND kind IN ('group', 'membership', 'members')"
);

statement!(HOLDS = "SELECT 1 FROM inbox LIMIT 1");

/// What a listing run answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settling {
    /// The newest arrival when it began.
    pub upto: i64,
    /// When it began, by this machine's clock.
    pub began: UnixMillis,
    /// Whether it saw everybody.
    pub everybody: bool,
}

/// Removes the things whose newest event has one of these numbers; one that was told again meanwhile stays.
pub fn settle(tx: &Transaction<'_>, arrivals: &[i64]) -> Result<()> {
    let mut statement = tx.prepare_cached(REMOVE)?;
    for arrival in arrivals {
        statement.execute([arrival])?;
    }
    Ok(())
}

/// Asks once more for what is answered, in case that more is to come of it.
pub fn ask_again(tx: &Transaction<'_>, arrival: i64, until: UnixMillis) -> Result<()> {
    tx.prepare_cached(ASK_AGAIN)?.execute((arrival, until))?;
    Ok(())
}

/// Leaves a thing that could not be read for later.
pub fn postpone(tx: &Transaction<'_>, arrival: i64, until: UnixMillis) -> Result<()> {
    tx.prepare_cached(POSTPONE)?.execute((arrival, until))?;
    Ok(())
}

/// Leaves deletions to the next full run.
pub fn hold(tx: &Transaction<'_>, arrivals: &[i64]) -> Result<()> {
    let mut statement = tx.prepare_cached(HOLD)?;
    for arrival in arrivals {
        statement.execute([arrival])?;
    }
    Ok(())
}

/// Removes what a full or delta run has answered, and tells when the first of it happened that nobody had answered
/// before. Call it where the run is published.
pub fn settle_listed(tx: &Transaction<'_>, settling: Settling) -> Result<Option<UnixMillis>> {
    if is_empty(tx)? {
        return Ok(None);
    }
    let sql = match settling.everybody {
        true => SETTLE_FULL,
        false => SETTLE_DELTA,
    };
    let settled = settling.began.minus(INDEX_LAG);
    let mut oldest = None;
    let mut listed = tx.prepare_cached(sql)?;
    let listed = listed.query(named_params! { ":upto": settling.upto, ":settled": settled })?;
    take_oldest(listed, &mut oldest)?;
    let mut shown = tx.prepare_cached(SETTLE_SHOWN)?;
    take_oldest(
        shown.query(named_params! { ":upto": settling.upto })?,
        &mut oldest,
    )?;
    Ok(oldest)
}

/// The same after a listing of those who were updated since events told of them. Whom it did not show is asked for by
/// id: nobody is sure that their times agree with those of the events.
pub fn settle_seen(tx: &Transaction<'_>, upto: i64) -> Result<Option<UnixMillis>> {
    let mut oldest = None;
    let mut shown = tx.prepare_cached(SETTLE_SHOWN)?;
    take_oldest(shown.query(named_params! { ":upto": upto })?, &mut oldest)?;
    tx.prepare_cached(NOTE_UNSEEN)?.execute([upto])?;
    Ok(oldest)
}

fn take_oldest(mut removed: Rows<'_>, oldest: &mut Option<UnixMillis>) -> Result<()> {
    while let Some(row) = removed.next()? {
        let at: Option<UnixMillis> = row.get(0)?;
        *oldest = at.into_iter().chain(*oldest).min();
    }
    Ok(())
}

/// Removes what a listing of groups that moved has answered.
pub fn settle_groups(tx: &Transaction<'_>, settling: Settling) -> Result<()> {
    let settled = settling.began.minus(INDEX_LAG);
    tx.prepare_cached(SETTLE_GROUPS)?
        .execute(named_params! { ":upto": settling.upto, ":settled": settled })?;
    Ok(())
}

fn is_empty(conn: &Connection) -> Result<bool> {
    Ok(!conn.prepare_cached(HOLDS)?.exists([])?)
}
