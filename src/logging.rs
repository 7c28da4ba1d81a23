//! The engine's log: a bounded ring of redacted lines that the host polls.
//!
//! Nothing is printed, and nothing calls into the host. Every line passes [`redact`], so a registered secret, an
//! e-mail address or a word like a token cannot get in even by mistake. Callers write about counts, codes and Okta
//! ids, not about people.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::clock::UnixMillis;
pub use crate::contract::choices::Level;

/// One line of the log.
#[derive(Clone, Debug, Serialize)]
pub struct LogLine {
    /// Ascending, never reused while the engine is open; the first line is 1.
    pub position: u64,
    /// When it was written.
    pub at: UnixMillis,
    /// How important it is.
    pub level: Level,
    /// The text, redacted.
    pub message: String,
}

/// The ring. Clones share it; it may be used from any thread.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Ring>>);

#[derive(Default)]
struct Ring {
    lines: VecDeque<LogLine>,
    last_position: u64,
}

/// Lines kept; older ones are dropped first. About 200 kB of text.
const CAPACITY: usize = 2_000;
/// A longer message is cut, so that the ring stays bounded.
const MAX_MESSAGE: usize = 400;

impl Log {
    /// Writes a line of this level.
    pub fn write(&self, level: Level, message: &str) {
        let message = redact(message);
        let mut ring = self.ring();
        ring.last_position += 1;
        let position = ring.last_position;
        if ring.lines.len() == CAPACITY {
            ring.lines.pop_front();
        }
        ring.lines.push_back(LogLine {
            position,
            at: UnixMillis::now(),
            level,
            message,
        });
    }

    /// Logs a bug of ours.
    pub fn error(&self, message: impl AsRef<str>) {
        self.write(Level::Error, message.as_ref());
    }

    /// Logs something that an administrator should look at.
    pub fn warn(&self, message: impl AsRef<str>) {
        self.write(Level::Warn, message.as_ref());
    }

    /// Logs a decision.
    pub fn info(&self, message: impl AsRef<str>) {
        self.write(Level::Info, message.as_ref());
    }

    /// Logs one line for a request.
    pub fn debug(&self, message: impl AsRef<str>) {
        self.write(Level::Debug, message.as_ref());
    }

    /// The lines after `position` (0 for all that are kept), oldest first, at most `limit`.
    pub fn after(&self, position: u64, limit: usize) -> Vec<LogLine> {
        let ring = self.ring();
        ring.lines
            .iter()
            .filter(|line| line.position > position)
            .take(limit)
            .cloned()
            .collect()
    }

    /// Deletes every kept line that contains `text`.
    pub fn forget(&self, text: &str) {
        self.ring().lines.retain(|line| !line.message.contains(text));
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        // A panic under the lock cannot leave the ring half-changed, so a poisoned lock is safe to use.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Replaces every word that may be an e-mail address, an API token (`00` and about 40 letters) or a JWT by a mark,
/// and cuts the text to a largest length.
pub fn redact(text: &str) -> String {
    let words = text
        .split(' ')
        .map(|word| if is_sensitive(word) { "(redacted)" } else { word });
    let mut line = words.collect::<Vec<_>>().join(" ");
    line.retain(|letter| !letter.is_control());
    if line.len() > MAX_MESSAGE {
        let cut = (0..=MAX_MESSAGE)
            .rev()
            .find(|at| line.is_char_boundary(*at))
            .unwrap_or(0);
        line.truncate(cut);
        line.push('…');
    }
    line
}

fn is_sensitive(word: &str) -> bool {
    let longest_run = word
        .split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '-'))
        .map(str::len)
        .max()
        .unwrap_or(0);
    // Okta's API tokens have about 42 characters, its ids and request ids at most 27.
    word.contains('@') || word.contains("%40") || longest_run >= 36
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_is_bounded_and_positions_go_on() {
        let log = Log::default();
        for number in 0..CAPACITY + 5 {
            log.info(format!("line {number}"));
        }
        let lines = log.after(0, usize::MAX);
        assert_eq!(lines.len(), CAPACITY);
        assert_eq!(lines[0].position, 6);
        assert_eq!(log.after(lines[0].position, 2).len(), 2);
    }

    #[test]
    fn people_and_tokens_do_not_get_in() {
        let line = redact(
            "user0001@example.com used 00abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN at 00u1aaaaaaaaaaaaa001",
        );
        assert_eq!(line, "(redacted) used (redacted) at 00u1aaaaaaaaaaaaa001");
        assert!(redact(&"x ".repeat(900)).len() < 410);
    }
}
