//! The System Log: what happened, in the order in which it was written down, with the unpleasant sides of the
//! real one. Rows come late and so behind younger ones, come twice, do not come at all, and vanish with age.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Rows that are kept if nothing else is said: a day of a busy org.
const USUAL_CAPACITY: usize = 200_000;

/// How untidy the log is. `every` counts rows: 0 is never, 5 is each fifth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHabits {
    /// Each so-manieth row is written `late`.
    pub late_every: u32,
    /// How much later, which puts it behind younger rows.
    pub late: Duration,
    /// Each so-manieth row is never written.
    pub lose_every: u32,
    /// Each so-manieth row is written twice.
    pub duplicate_every: u32,
    /// How many rows are kept; cursors before the oldest are refused.
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

/// Whom a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    User(u32),
    Group(u32),
    Other { id: String, kind: &'static str },
}

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct LogEntry {
    /// Counts what happened; the row's uuid is made of it.
    pub(crate) number: u64,
    pub(crate) at_millis: i64,
    pub(crate) event: &'static str,
    pub(crate) succeeded: bool,
    pub(crate) targets: Vec<Target>,
}

/// All rows, and what happened that has none yet.
#[derive(Default)]
pub(crate) struct SystemLog {
    pub(crate) habits: LogHabits,
    /// How many things have happened.
    happened: u64,
    rows: VecDeque<LogEntry>,
    /// The position of the first row that is kept.
    first: u64,
    /// Cursors before this position are refused.
    oldest_cursor: u64,
    held: Vec<(Instant, LogEntry)>,
    /// What event hooks have not looked at yet; kept only while somebody looks.
    for_hooks: Vec<LogEntry>,
    pub(crate) is_watched: bool,
}

impl SystemLog {
    /// Something happened.
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

    /// Writes what was held back and is due.
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

    /// The rows from a position on, with theirs; none if the cursor is too old.
    pub(crate) fn rows_from(&self, position: u64) -> Option<impl Iterator<Item = (u64, &LogEntry)>> {
        let is_known = (self.oldest_cursor..=self.end()).contains(&position);
        let skipped = usize::try_from(position.saturating_sub(self.first)).unwrap_or(usize::MAX);
        is_known.then(|| (position..).zip(self.rows.iter().skip(skipped)))
    }

    /// The position of the oldest row.
    pub(crate) fn start(&self) -> u64 {
        self.first.max(self.oldest_cursor)
    }

    /// The position behind the youngest row.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.rows.len() as u64
    }

    /// No cursor that was given out so far is known any more; the rows stay.
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

/// Whether the `number`-th of something is one of each `every`.
pub(crate) fn is_due(number: u64, every: u32) -> bool {
    every > 0 && number.is_multiple_of(u64::from(every))
}
