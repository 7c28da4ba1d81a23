//! Reads the System Log on, once, into the inbox. What its rows tell is read again by a refresh.
//!
//! The place in the log is kept with what was read up to there, in one transaction: killed anywhere, nothing is lost,
//! and what is read twice is known by its id.

use std::time::Duration;

use crate::clock::UnixMillis;
use crate::contract::errors::{ErrorCode, Result};
use crate::contract::settings::Key;
use crate::directory::inbox::{self, CAPACITY, Gap, InboxKind, LiveState};
use crate::events::{log_filter, read_log_entry};
use crate::model::{Event, LiveSource, LogPoll};
use crate::okta::system_log::{self, LogPage};
use crate::okta::{Cursor, PageSize};
use crate::sync::context::SyncContext;
use crate::sync::live::pace::{self, Start};

/// Reads the log on from where it was read last.
pub fn poll_log(context: &SyncContext<'_>) -> Result<LogPoll> {
    let now = UnixMillis::now();
    let state = context.log_state(now)?;
    let interval = interval(context.settings.seconds(Key::LiveInterval), &state);
    let cursor: Option<Cursor> = state.cursor.parse().ok();
    let mut start = pace::start(cursor.is_some(), state.polled, now);
    let mut at = match start {
        Start::GoOn => cursor,
        start => Some(context.begin_reading(start, now)?),
    };
    let mut poll = LogPoll::default();
    let page_size = PageSize::new(system_log::MOST_ROWS);
    let mut left = pace::pages(interval, state.log_limit);
    let mut limit = state.log_limit;
    while let Some(cursor) = at.take().filter(|_| left > 0) {
        left -= 1;
        let read = system_log::page(&context.client, &cursor, &page_size);
        let page = match context.runtime.block_on(read) {
            Err(error) if error.code() == ErrorCode::CursorInvalid => {
                start = pace::start(false, state.polled, now);
                at = Some(context.begin_reading(start, now)?);
                left = left.max(1);
                continue;
            }
            page => page?,
        };
        let owed = std::mem::replace(&mut start, Start::GoOn);
        poll.events += context.keep(&page, owed, now)?;
        poll.more = page.is_full;
        limit = page.limit.map(u64::from).or(limit);
        at = page.next.filter(|_| page.is_full);
    }
    let interval = pace::interval(context.settings.seconds(Key::LiveInterval), limit);
    poll.next_in_ms = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
    poll.requests = context.meter.read().requests;
    Ok(poll)
}

/// How often the log is read, as far as is known.
pub fn interval(wanted: Duration, state: &LiveState) -> Duration {
    pace::interval(wanted, state.log_limit)
}

impl SyncContext<'_> {
    /// Where the log was read last; nowhere if events came from elsewhere until now.
    fn log_state(&self, now: UnixMillis) -> Result<LiveState> {
        let state = self.directory.read(inbox::state)?;
        if state.source == LiveSource::Log.name() {
            return Ok(state);
        }
        self.directory.write(|tx| {
            inbox::note_source(tx, LiveSource::Log.name(), now)?;
            inbox::state(tx)
        })
    }

    /// Where the log begins that reaches so far back by Okta's clock.
    fn begin_reading(&self, start: Start, now: UnixMillis) -> Result<Cursor> {
        let clock = self.runtime.block_on(system_log::clock(&self.client))?;
        let since = clock.unwrap_or(now).minus(start.reach().unwrap_or(pace::OVERLAP));
        self.log.info(format!(
            "the System Log is read from {} on, by Okta's clock",
            since.to_rfc3339()
        ));
        Ok(system_log::first_cursor(since, &log_filter()))
    }

    /// Keeps what a page tells together with the place behind it, and with what the start of the reading owes; gives
    /// how many events are new.
    fn keep(&self, page: &LogPage, owed: Start, now: UnixMillis) -> Result<u64> {
        let read: Vec<Event> = page.rows.iter().filter_map(|row| read_log_entry(row)).collect();
        let unreadable = page.rows.len() - read.len();
        let mut events = read;
        events.retain(|event| !event.subjects.is_empty());
        self.directory.write(|tx| {
            match owed {
                Start::GoOn | Start::Again(_) => (),
                Start::First(_) => inbox::ask_for_everything(tx, InboxKind::Many, now, now)?,
                Start::Lost(_) => {
                    let why = "the System Log was not read for hours";
                    inbox::note_gap(tx, Gap { at: now, why })?;
                    inbox::ask_for_everything(tx, InboxKind::Everybody, now, now)?;
                }
            }
            if unreadable > 0 {
                inbox::ask_for_everything(tx, InboxKind::Many, now, now)?;
            }
            let arrived = inbox::arrive(tx, None, &events, now, CAPACITY)?;
            let mut state = inbox::state(tx)?;
            state.cursor = page.next.as_ref().map(ToString::to_string).unwrap_or_default();
            state.polled = Some(now);
            state.log_limit = page.limit.map(u64::from).or(state.log_limit);
            inbox::set_state(tx, &state)?;
            Ok(arrived.new)
        })
    }
}
