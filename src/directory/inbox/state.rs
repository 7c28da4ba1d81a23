//! The one row about live sync: where events come from, how far they were read, and what was missed.

use rusqlite::{Connection, Transaction, named_params};

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;

/// The state of live sync.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveState {
    /// The source as of the last event or poll: `off`, `log` or `hook`.
    pub source: String,
    /// Since when this source should report every change; none while live sync is off.
    pub since: Option<UnixMillis>,
    /// How many different events arrived.
    pub events: u64,
    /// How many times an event arrived again.
    pub repeated: u64,
    /// How many changes a listing found that an event should have reported.
    pub missed: u64,
    /// When a listing last found such a change.
    pub missed_at: Option<UnixMillis>,
    /// When the newest event happened, by Okta's clock.
    pub last_event: Option<UnixMillis>,
    /// When an event last arrived.
    pub last_received: Option<UnixMillis>,
    /// The time from the oldest event of the last refresh until readers saw its change, in milliseconds.
    pub lag_ms: Option<u64>,
    /// When events may last have been lost.
    pub gap_at: Option<UnixMillis>,
    /// The reason for that.
    pub gap: String,
    /// Users marked absent by events since the last full run.
    pub deleted_since_full: u64,
    /// The cursor of the next poll of the System Log; empty before the first poll.
    pub cursor: String,
    /// When the log was last read to its end.
    pub polled: Option<UnixMillis>,
    /// How many requests a minute Okta allows for the log, as it announced.
    pub log_limit: Option<u64>,
    /// Okta's id of the event hook; empty if none is known.
    pub hook_id: String,
    /// The address that Okta delivers to.
    pub hook_url: String,
    /// When Okta was last asked for the hook.
    pub hook_checked: Option<UnixMillis>,
    /// Whether the hook was active and verified at that time.
    pub hook_verified: bool,
    /// When Okta's challenge was last answered.
    pub verified_at: Option<UnixMillis>,
}

/// Why events may have been lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap<'a> {
    /// When it was noticed.
    pub at: UnixMillis,
    /// The reason, for people.
    pub why: &'a str,
}

statement!(GET = "
    SELECT source, since, events, repeated, missed, missed_at, last_event, last_received, lag_ms, gap_at, gap,
           deleted_since_full, cursor, polled, log_limit, hook_id, hook_url, hook_checked, hook_verified, verified_at
      FROM live");

// Counters are not written here, because other threads may have counted events after this copy of the row was read.
statement!(SET = "
    UPDATE live
       SET cursor = :cursor, polled = :polled, log_limit = :log_limit, hook_id = :hook_id, hook_url = :hook_url,
           hook_checked = :hook_checked, hook_verified = :hook_verified, verified_at = :verified_at");

statement!(
    NOTE_SOURCE = "
    UPDATE live
       SET source = :source, cursor = '', polled = NULL,
           since = CASE :source WHEN 'off' THEN NULL ELSE :now END
     WHERE source <> :source"
);

statement!(NOTE_MISSED = "UPDATE live SET missed = missed + ?1, missed_at = ?2");

statement!(NOTE_GAP = "UPDATE live SET gap_at = ?1, gap = ?2");

statement!(
    NOTE_DELETED = "
    UPDATE live SET deleted_since_full = CASE ?1 WHEN -1 THEN 0 ELSE deleted_since_full + ?1 END"
);

statement!(NOTE_LAG = "UPDATE live SET lag_ms = ?1");

/// Reads the row.
pub fn state(conn: &Connection) -> Result<LiveState> {
    let count = |count: Option<Count>| count.map(|Count(count)| count);
    Ok(conn.prepare_cached(GET)?.query_row([], |row| {
        Ok(LiveState {
            source: row.get(0)?,
            since: row.get(1)?,
            events: row.get::<_, Count>(2)?.0,
            repeated: row.get::<_, Count>(3)?.0,
            missed: row.get::<_, Count>(4)?.0,
            missed_at: row.get(5)?,
            last_event: row.get(6)?,
            last_received: row.get(7)?,
            lag_ms: count(row.get(8)?),
            gap_at: row.get(9)?,
            gap: row.get(10)?,
            deleted_since_full: row.get::<_, Count>(11)?.0,
            cursor: row.get(12)?,
            polled: row.get(13)?,
            log_limit: count(row.get(14)?),
            hook_id: row.get(15)?,
            hook_url: row.get(16)?,
            hook_checked: row.get(17)?,
            hook_verified: row.get(18)?,
            verified_at: row.get(19)?,
        })
    })?)
}

/// Writes the position in the log and the data about the hook.
pub fn set_state(tx: &Transaction<'_>, state: &LiveState) -> Result<()> {
    tx.prepare_cached(SET)?.execute(named_params! {
        ":cursor": state.cursor,
        ":polled": state.polled,
        ":log_limit": state.log_limit.map(Count),
        ":hook_id": state.hook_id,
        ":hook_url": state.hook_url,
        ":hook_checked": state.hook_checked,
        ":hook_verified": state.hook_verified,
        ":verified_at": state.verified_at,
    })?;
    Ok(())
}

/// Notes the source of events. Returns true if the source is new. If so, the log is read from the beginning again, and
/// only later changes can count as missed.
pub fn note_source(tx: &Transaction<'_>, source: &str, now: UnixMillis) -> Result<bool> {
    let changed = tx
        .prepare_cached(NOTE_SOURCE)?
        .execute(named_params! { ":source": source, ":now": now })?;
    Ok(changed > 0)
}

/// Counts changes that a listing found although no event had reported them.
pub fn note_missed(tx: &Transaction<'_>, missed: u64, at: UnixMillis) -> Result<()> {
    if missed > 0 {
        tx.prepare_cached(NOTE_MISSED)?.execute((Count(missed), at))?;
    }
    Ok(())
}

/// Notes that events may have been lost.
pub fn note_gap(tx: &Transaction<'_>, gap: Gap<'_>) -> Result<()> {
    tx.prepare_cached(NOTE_GAP)?.execute((gap.at, gap.why))?;
    Ok(())
}

/// Counts users that were marked absent because of events. None sets the count to 0; call it so after a full run.
pub fn note_deleted(tx: &Transaction<'_>, deleted: Option<u64>) -> Result<()> {
    let deleted = deleted.map_or(-1, |deleted| i64::try_from(deleted).unwrap_or(i64::MAX));
    tx.prepare_cached(NOTE_DELETED)?.execute([deleted])?;
    Ok(())
}

/// Notes how long it took until readers saw a change.
pub fn note_lag(tx: &Transaction<'_>, lag: std::time::Duration) -> Result<()> {
    let lag = u64::try_from(lag.as_millis()).unwrap_or(u64::MAX);
    tx.prepare_cached(NOTE_LAG)?.execute([Count(lag)])?;
    Ok(())
}
