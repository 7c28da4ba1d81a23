//! Notes when this side begins and stops accepting deliveries of the event hook. Deliveries in between are refused, and
//! Okta does not repeat them later.

use rusqlite::Transaction;

use super::arrive::ask_for_everything;
use super::due::InboxKind;
use super::state::{Gap, note_gap, note_source, state};
use crate::clock::UnixMillis;
use crate::contract::choices::LiveSource;
use crate::contract::errors::Result;

const WHY: &str = "the event hook delivered while live was set to something else";

/// Notes that the hook is the source of events. If it was the source before and live sync was off in between, refused
/// deliveries may have been about deletions, so everybody must be read.
pub fn listen_to_hook(tx: &Transaction<'_>, now: UnixMillis) -> Result<()> {
    let before = state(tx)?;
    let is_back = note_source(tx, LiveSource::Hook.name(), now)?;
    let has_listened = before.events > 0 || !before.hook_url.is_empty();
    if is_back && before.source == LiveSource::Off.name() && has_listened {
        note_gap(tx, Gap { at: now, why: WHY })?;
        ask_for_everything(tx, InboxKind::Everybody, now, now)?;
    }
    Ok(())
}

/// Notes that live sync is off. The hook may still deliver, but is no longer the source.
pub fn stop_listening(tx: &Transaction<'_>, now: UnixMillis) -> Result<()> {
    match state(tx)?.source == LiveSource::Hook.name() {
        true => note_source(tx, LiveSource::Off.name(), now).map(drop),
        false => Ok(()),
    }
}
