//! Okta's daily cap on deliveries: 400 000 events in 24 hours, counted from the first event (Okta "Event hooks best
//! practices"). Okta never delivers the events beyond the cap and does not report the loss, so events are counted here.

use std::time::Duration;

use rusqlite::{Connection, Transaction};

use super::arrive::ask_for_everything;
use super::due::InboxKind;
use super::state::{Gap, note_gap};
use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;

/// How many events Okta delivers in one 24-hour period of the cap.
pub const DAILY_CAP: u64 = 400_000;
/// From this number of events on, Okta warns its administrators.
pub const CAP_NEAR_FROM: u64 = 280_000;
const DAY: Duration = Duration::from_secs(24 * 3_600);
const WHY: &str = "Okta delivers no more than 400000 events a day by its hooks";

statement!(GET_DAY = "SELECT day_began, day_events FROM live");

statement!(SET_DAY = "UPDATE live SET day_began = ?1, day_events = ?2");

/// The message that the log must show after more events were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapReached {
    /// No message.
    No,
    /// The cap is near. Returned once a day.
    Near,
    /// The cap is reached: no more events arrive until the period ends. Returned once a day.
    Reached,
}

/// How many events arrived in the present period of the cap.
pub fn delivered_today(conn: &Connection, now: UnixMillis) -> Result<u64> {
    let (began, events) = day(conn)?;
    let is_over = began.is_none_or(|began| began.age(now) >= DAY);
    Ok(if is_over { 0 } else { events })
}

/// Counts events that the hook delivered at `now`. If the period before reached the cap, it asks for a run that reads
/// everybody, because lost events may have been deletions.
pub fn count_delivered(tx: &Transaction<'_>, events: u64, now: UnixMillis) -> Result<CapReached> {
    let (began, counted) = day(tx)?;
    let goes_on = began.filter(|began| began.age(now) < DAY);
    if goes_on.is_none() && counted >= DAILY_CAP {
        ask_for_everything(tx, InboxKind::Everybody, now, now)?;
    }
    let before = goes_on.map_or(0, |_| counted);
    let after = before.saturating_add(events);
    tx.prepare_cached(SET_DAY)?
        .execute((goes_on.unwrap_or(now), Count(after)))?;
    let crosses = |limit| before < limit && after >= limit;
    if crosses(DAILY_CAP) {
        note_gap(tx, Gap { at: now, why: WHY })?;
        return Ok(CapReached::Reached);
    }
    Ok(match crosses(CAP_NEAR_FROM) {
        true => CapReached::Near,
        false => CapReached::No,
    })
}

fn day(conn: &Connection) -> Result<(Option<UnixMillis>, u64)> {
    Ok(conn
        .prepare_cached(GET_DAY)?
        .query_row([], |row| Ok((row.get(0)?, row.get::<_, Count>(1)?.0)))?)
}
