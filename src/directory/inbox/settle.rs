//! Removes rows from the inbox in the transaction that publishes the objects' new content.

use rusqlite::{Connection, Rows, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;

/// Okta's search index may show a change a little later than its event arrives (Okta "Users API": typically less than a
/// second). If the event of a user arrived so shortly before a listing, the user is also requested by id, unless the
/// listing shows it.
const INDEX_LAG: std::time::Duration = std::time::Duration::from_secs(5);

statement!(REMOVE = "DELETE FROM inbox WHERE arrival = ?1");

statement!(POSTPONE = "UPDATE inbox SET asked = asked + 1, due = ?2 WHERE arrival = ?1");

statement!(REST = "UPDATE inbox SET due = ?2 WHERE arrival = ?1");

statement!(ASK_AGAIN = "UPDATE inbox SET asked = asked + 1, due = ?2, answered = 1 WHERE arrival = ?1");

statement!(HOLD = "UPDATE inbox SET held = 1 WHERE arrival = ?1");

// A full run has seen everybody, so it settles every event about users that arrived before the run began.
statement!(
    SETTLE_FULL = "
    DELETE FROM inbox
     WHERE arrival <= :upto
       AND (kind IN ('many', 'everybody') OR kind = 'user' AND (received <= :settled OR held = 1))
    RETURNING iif(answered, NULL, oldest)"
);

// A delta run does not show deleted users, so it settles no deletions.
statement!(
    SETTLE_DELTA = "
    DELETE FROM inbox
     WHERE arrival <= :upto
       AND (kind = 'many' OR kind = 'user' AND deleted = 0 AND received <= :settled)
    RETURNING iif(answered, NULL, oldest)"
);

// The listing showed the user as it was after its newest event. Both times are Okta's; the user's time has whole
// seconds.
statement!(
    SETTLE_SHOWN = "
    DELETE FROM inbox
     WHERE arrival <= :upto AND kind = 'user' AND deleted = 0
       AND EXISTS (SELECT 1 FROM present_users AS u
                    WHERE u.okta_id = inbox.user_id AND u.last_updated / 1000 >= inbox.newest / 1000)
    RETURNING iif(answered, NULL, oldest)"
);

// The listing should have shown the remaining users, but it did not.
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

/// Which events a run that listed users settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settling {
    /// The number of the newest event when the run began.
    pub upto: i64,
    /// When the run began, by this machine's clock.
    pub began: UnixMillis,
    /// Whether it was a full run.
    pub everybody: bool,
}

/// Removes the rows whose newest event has one of these numbers. A row that got a newer event stays.
pub fn settle(tx: &Transaction<'_>, arrivals: &[i64]) -> Result<()> {
    let mut statement = tx.prepare_cached(REMOVE)?;
    for arrival in arrivals {
        statement.execute([arrival])?;
    }
    Ok(())
}

/// Sets when Okta is asked again about an object whose answer is published, because Okta may show more later.
pub fn ask_again(tx: &Transaction<'_>, arrival: i64, until: UnixMillis) -> Result<()> {
    tx.prepare_cached(ASK_AGAIN)?.execute((arrival, until))?;
    Ok(())
}

/// Sets when an object that could not be read is tried again.
pub fn postpone(tx: &Transaction<'_>, arrival: i64, until: UnixMillis) -> Result<()> {
    tx.prepare_cached(POSTPONE)?.execute((arrival, until))?;
    Ok(())
}

/// Delays rows until `until`, without counting that as an attempt.
pub fn rest(tx: &Transaction<'_>, arrivals: &[i64], until: UnixMillis) -> Result<()> {
    let mut statement = tx.prepare_cached(REST)?;
    for arrival in arrivals {
        statement.execute((arrival, until))?;
    }
    Ok(())
}

/// Leaves these deletions to the next full run.
pub fn hold(tx: &Transaction<'_>, arrivals: &[i64]) -> Result<()> {
    let mut statement = tx.prepare_cached(HOLD)?;
    for arrival in arrivals {
        statement.execute([arrival])?;
    }
    Ok(())
}

/// Removes the rows that a full or delta run has read. Returns when the oldest removed event without an earlier answer
/// happened. Call it in the transaction that publishes the run.
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

/// Like [`settle_listed`], after a listing that reached back only to the first event. Users that it did not show are
/// requested by id, because their times may differ from those of the events.
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

/// Removes the groups and memberships that a listing of groups has read.
pub fn settle_groups(tx: &Transaction<'_>, settling: Settling) -> Result<()> {
    let settled = settling.began.minus(INDEX_LAG);
    tx.prepare_cached(SETTLE_GROUPS)?
        .execute(named_params! { ":upto": settling.upto, ":settled": settled })?;
    Ok(())
}

fn is_empty(conn: &Connection) -> Result<bool> {
    Ok(!conn.prepare_cached(HOLDS)?.exists([])?)
}
