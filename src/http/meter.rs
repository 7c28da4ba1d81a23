//! Counts what a call costs while it runs, for progress and report. Clones share the counters.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The shared counters of one call.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Counters>>);

#[derive(Debug, Default)]
struct Counters {
    reading: MeterReading,
    waiting_until: Option<Instant>,
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeterReading {
    /// Requests sent, retries included.
    pub requests: u64,
    /// Of these, retries.
    pub retries: u64,
    /// Time spent in waits that are over, in milliseconds.
    pub waited_ms: u64,
    /// How long the present wait will still take, in milliseconds; 0 if there is none.
    pub wait_left_ms: u64,
    /// Bytes of answers after decompression.
    pub bytes: u64,
}

impl Meter {
    /// A request is sent.
    pub fn request(&self, is_retry: bool) {
        let mut counters = self.counters();
        counters.reading.requests += 1;
        counters.reading.retries += u64::from(is_retry);
    }

    /// An answer was read.
    pub fn received(&self, bytes: usize) {
        self.counters().reading.bytes += bytes as u64;
    }

    /// A wait of this length begins.
    pub fn wait_begins(&self, wait: Duration) {
        self.counters().waiting_until = Some(Instant::now() + wait);
    }

    /// The wait is over, after this time.
    pub fn wait_ended(&self, waited: Duration) {
        let mut counters = self.counters();
        counters.waiting_until = None;
        counters.reading.waited_ms += millis(waited);
    }

    /// The counters now.
    pub fn read(&self) -> MeterReading {
        let counters = self.counters();
        let left = counters
            .waiting_until
            .map(|until| until.saturating_duration_since(Instant::now()));
        MeterReading {
            wait_left_ms: left.map_or(0, millis),
            ..counters.reading
        }
    }

    fn counters(&self) -> MutexGuard<'_, Counters> {
        // Every change is a single assignment: a panic elsewhere leaves readable counters.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
