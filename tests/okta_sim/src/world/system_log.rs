//! The System Log: what happened, in the order in which it was written, with the bad sides of the real log. Rows
//! are written late and so after younger ones, are written twice, are never written, and disappear with age.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How many rows are kept by default: those of one day of a busy org.
const USUAL_CAPACITY: usize = 200_000;

/// How unreliable the log is. Each `every` counts rows: 0 means never, 5 means every fifth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHabits {
    /// Every n-th row is written `late`.
    pub late_every: u32,
    /// How much later a late row is written, which puts it after younger rows.
    pub late: Duration,
    /// Every n-th row is never written.
    pub lose_every: u32,
    /// Every n-th row is written twice.
    pub duplicate_every: u32,
    /// How many rows are kept; a cursor before the oldest one is refused.
    pub capacity: usize,
}

impl Default for LogHabits {
    fn default() -> LogHabits {
        LogHabits {
            late_every: 0,
            late: Duration::from_secs(2),
            lose_every: 0,
            duplicate_every: 0,
            capacity: USUAL_CAPACITY,
        }
    }
}

/// The user or group that a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    User(u32),
    Group(u32),
    Other { id: String, kind: &'static str },
}

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct LogEntry {
    /// The number of the event; the row's uuid is made from it.
    pub(crate) number: u64,
    pub(crate) at_millis: i64,
    pub(crate) event: &'static str,
    pub(crate) succeeded: bool,
    pub(crate) targets: Vec<Target>,
}

/// All rows, and the events that have no row yet.
#[derive(Default)]
pub(crate) struct SystemLog {
    pub(crate) habits: LogHabits,
    /// How many events have happened.
    happened: u64,
    rows: VecDeque<LogEntry>,
    /// The position of the first kept row.
    first: u64,
    /// A cursor before this position is refused.
    oldest_cursor: u64,
    held: Vec<(Instant, LogEntry)>,
    /// Events that the hooks have not handled yet; kept only while there are hooks.
    for_hooks: Vec<LogEntry>,
    pub(crate) is_watched: bool,
}

impl SystemLog {
    /// Records an event.
    pub(crate) fn record(
        &mut self,
        at_millis: i64,
        event: &'static str,
        succeeded: bool,
        targets: Vec<Target>,
    ) {
        self.happened += 1;
        let number = self.happened;
        let entry = LogEntry {
            number,
            at_millis,
            event,
            succeeded,
            targets,
        };
        if self.is_watched {
            self.for_hooks.push(entry.clone());
        }
        self.settle(Instant::now());
        if is_due(number, self.habits.lose_every) {
            return;
        }
        if is_due(number, self.habits.duplicate_every) {
            self.write(entry.clone());
        }
        match is_due(number, self.habits.late_every) {
            true => self.held.push((Instant::now() + self.habits.late, entry)),
            false => self.write(entry),
        }
    }

    /// Writes the late rows that are due.
    pub(crate) fn settle(&mut self, now: Instant) {
        let (due, later): (Vec<_>, Vec<_>) = self.held.drain(..).partition(|(at, _)| *at <= now);
        self.held = later;
        for (_, entry) in due {
            self.write(entry);
        }
    }

    fn write(&mut self, entry: LogEntry) {
        self.rows.push_back(entry);
        while self.rows.len() > self.habits.capacity.max(1) {
            self.rows.pop_front();
            self.first += 1;
        }
        self.oldest_cursor = self.oldest_cursor.max(self.first);
    }

    /// The rows from a position on, each with its position; none if the cursor is too old.
    pub(crate) fn rows_from(&self, position: u64) -> Option<impl Iterator<Item = (u64, &LogEntry)>> {
        let is_known = (self.oldest_cursor..=self.end()).contains(&position);
        let skipped = usize::try_from(position.saturating_sub(self.first)).unwrap_or(usize::MAX);
        is_known.then(|| (position..).zip(self.rows.iter().skip(skipped)))
    }

    /// The position of the oldest row.
    pub(crate) fn start(&self) -> u64 {
        self.first.max(self.oldest_cursor)
    }

    /// The position after the youngest row.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.rows.len() as u64
    }

    /// Makes all cursors that were given out so far invalid; the rows stay.
    pub(crate) fn expire_cursors(&mut self) {
        self.first = self.end() + 1;
        self.oldest_cursor = self.first;
    }

    pub(crate) fn has_news_for_hooks(&self) -> bool {
        !self.for_hooks.is_empty()
    }

    pub(crate) fn take_for_hooks(&mut self) -> Vec<LogEntry> {
        std::mem::take(&mut self.for_hooks)
    }
}

/// Whether this number is one of every n-th.
pub(crate) fn is_due(number: u64, every: u32) -> bool {
    every > 0 && number.is_multiple_of(u64::from(every))
}
