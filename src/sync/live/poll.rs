//! One poll: reads the new rows of the System Log into the inbox. A refresh then reads again what they name.
//!
//! One transaction stores the rows of a page and the place behind it. So a kill at any moment loses nothing, and a row
//! that is read twice is recognised by its id.

use std::time::Duration;

use crate::clock::UnixMillis;
use crate::contract::errors::{ErrorCode, Result};
use crate::contract::settings::Key;
use crate::directory::Transaction;
use crate::directory::inbox::{self, CAPACITY, Gap, InboxKind, LiveState};
use crate::events::{hook_event_types, log_filter, read_log_entry};
use crate::model::{Event, LiveSource, LogPoll};
use crate::okta::system_log::{self, LogPage};
use crate::okta::{Cursor, PageSize};
use crate::sync::context::SyncContext;
use crate::sync::live::pace::{self, Start};

/// How long a delivery may take. Within this time Okta also makes its second attempt.
const ON_ITS_WAY: Duration = Duration::from_secs(60);

/// Why the log is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LogPurpose {
    /// The log is the source of events.
    Source,
    /// The event hook is the source; the log shows what it should have delivered.
    Proof,
}

/// How many events of a page were new.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    new: u64,
    /// How many of these the event hook should have delivered.
    missed: u64,
}

/// Reads the log on from where it was read last.
pub fn poll_log(context: &SyncContext<'_>) -> Result<LogPoll> {
    let now = UnixMillis::now();
    let state = context.log_state(now)?;
    let most = pace::pages(
        interval(context.settings.seconds(Key::LiveInterval), &state),
        state.log_limit,
    );
    Ok(context.read_log(&state, LogPurpose::Source, most, now)?.0)
}

/// Compares the event hook with the log since the last comparison. Events that the hook should have delivered and did
/// not go into the inbox and count as missed. Returns none if the credential may not read the log.
pub fn compare_with_log(context: &SyncContext<'_>) -> Result<Option<u64>> {
    let now = UnixMillis::now();
    let state = context.directory.read(inbox::state)?;
    let read = context.read_log(&state, LogPurpose::Proof, pace::MOST_PAGES, now);
    match read {
        Err(error) if matches!(error.code(), ErrorCode::ScopeMissing | ErrorCode::RoleMissing) => Ok(None),
        read => Ok(Some(read?.1)),
    }
}

/// The time between two polls, by the rate limit that Okta announced last.
pub fn interval(wanted: Duration, state: &LiveState) -> Duration {
    pace::interval(wanted, state.log_limit)
}

impl SyncContext<'_> {
    /// The state of live. If events came from another source until now, it has no place in the log.
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

    /// Reads at most so many pages. Also returns how many events were missed.
    fn read_log(
        &self,
        state: &LiveState,
        purpose: LogPurpose,
        most: u64,
        now: UnixMillis,
    ) -> Result<(LogPoll, u64)> {
        let cursor: Option<Cursor> = state.cursor.parse().ok();
        let mut start = pace::start(cursor.is_some(), state.polled, now);
        let mut at = match start {
            Start::GoOn => cursor,
            start => Some(self.begin_reading(start, now)?),
        };
        let (mut poll, mut missed) = (LogPoll::default(), 0);
        let page_size = PageSize::new(system_log::MOST_ROWS);
        let (mut left, mut limit) = (most, state.log_limit);
        while let Some(cursor) = at.take().filter(|_| left > 0) {
            left -= 1;
            let read = system_log::page(&self.client, &cursor, &page_size);
            let page = match self.runtime.block_on(read) {
                Err(error) if error.code() == ErrorCode::CursorInvalid => {
                    start = pace::start(false, state.polled, now);
                    at = Some(self.begin_reading(start, now)?);
                    left = left.max(1);
                    continue;
                }
                page => page?,
            };
            let began = std::mem::replace(&mut start, Start::GoOn);
            let kept = self.keep(&page, began, purpose, now)?;
            poll.events += kept.new;
            missed += kept.missed;
            poll.more = page.is_full;
            limit = page.limit.map(u64::from).or(limit);
            at = page.next.filter(|_| page.is_full);
        }
        let interval = pace::interval(self.settings.seconds(Key::LiveInterval), limit);
        poll.next_in_ms = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
        poll.requests = self.meter.read().requests;
        Ok((poll, missed))
    }

    /// The cursor of a poll that begins as far back as `start` says, by Okta's clock.
    fn begin_reading(&self, start: Start, now: UnixMillis) -> Result<Cursor> {
        let clock = self.runtime.block_on(system_log::clock(&self.client))?;
        let since = clock.unwrap_or(now).minus(start.reach().unwrap_or(pace::OVERLAP));
        self.log.info(format!(
            "the System Log is read from {} on, by Okta's clock",
            since.to_rfc3339()
        ));
        Ok(system_log::first_cursor(since, &log_filter()))
    }

    /// Stores the events of a page together with the place behind it. If the poll began elsewhere than the last one
    /// ended, also stores what must be read besides (see [`make_up`]).
    fn keep(&self, page: &LogPage, start: Start, purpose: LogPurpose, now: UnixMillis) -> Result<Kept> {
        let read: Vec<Event> = page.rows.iter().filter_map(|row| read_log_entry(row)).collect();
        let unreadable = page.rows.len() - read.len();
        let told = read.into_iter().filter(|event| !event.subjects.is_empty());
        let (due, others): (Vec<Event>, Vec<Event>) =
            told.partition(|event| purpose == LogPurpose::Proof && was_due_by_hook(event, now));
        self.directory.write(|tx| {
            if purpose == LogPurpose::Source {
                make_up(tx, start, now)?;
            }
            if unreadable > 0 {
                inbox::ask_for_everything(tx, InboxKind::Many, now, now)?;
            }
            let missed = inbox::arrive(tx, &due, now, CAPACITY)?.new;
            inbox::note_missed(tx, missed, now)?;
            let new = missed + inbox::arrive(tx, &others, now, CAPACITY)?.new;
            let mut state = inbox::state(tx)?;
            state.cursor = page.next.as_ref().map(ToString::to_string).unwrap_or_default();
            state.polled = Some(now);
            state.log_limit = page.limit.map(u64::from).or(state.log_limit);
            inbox::set_state(tx, &state)?;
            Ok(Kept { new, missed })
        })
    }
}

/// Asks for the run that a poll needs besides, if it does not begin where the last one ended: the log does not show
/// what happened in between.
fn make_up(tx: &Transaction<'_>, start: Start, now: UnixMillis) -> Result<()> {
    match start {
        Start::GoOn | Start::Again(_) => Ok(()),
        Start::First(_) => inbox::ask_for_everything(tx, InboxKind::Many, now, now),
        Start::Lost(_) => {
            let why = "the System Log was not read for hours";
            inbox::note_gap(tx, Gap { at: now, why })?;
            inbox::ask_for_everything(tx, InboxKind::Everybody, now, now)
        }
    }
}

/// Whether the event hook should have delivered this by now.
fn was_due_by_hook(event: &Event, now: UnixMillis) -> bool {
    let is_old = event.at.is_some_and(|at| at.age(now) >= ON_ITS_WAY);
    is_old && hook_event_types().any(|known| known.eq_ignore_ascii_case(&event.event_type))
}
