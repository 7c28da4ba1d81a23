//! Counts the requests, retries, waits and bytes of one call, and says why the call waits. A host reads this when
//! it polls the progress.
//!
//! Any thread may read while the call writes. Several requests may wait at the same time; such time counts only
//! once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::UnixMillis;
use crate::contract::errors::ErrorCode;

/// The counters of one call. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Counters>>);

#[derive(Debug, Default)]
struct Counters {
    requests: u64,
    retries: u64,
    concurrency_limited: u64,
    bytes: u64,
    mended: u64,
    rate_limit: Option<RateSeen>,
    server_clock: Option<ServerClock>,
    waited: Duration,
    waiting: u32,
    waiting_since: Option<Instant>,
    wait_until: Option<Instant>,
    waits_for: Option<ErrorCode>,
}

/// The rate limit that the last answer announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateSeen {
    /// How many requests the bucket allows in one window (a minute).
    pub limit: u32,
    /// Requests left in the present window.
    pub remaining: u32,
}

/// The server's time during one call, taken from the `Date` fields of the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerClock {
    /// The time at the first answer, or slightly earlier.
    pub began: UnixMillis,
    /// The time at the last answer, or slightly later.
    pub ended: UnixMillis,
    /// The time of the last answer; less than `ended` if the server's clock was set back.
    pub last: UnixMillis,
}

/// The counters at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeterReading {
    /// Requests sent, retries included.
    pub requests: u64,
    /// How many of the requests were retries.
    pub retries: u64,
    /// How many answers said that too many requests are in flight.
    pub concurrency_limited: u64,
    /// Bytes of the answers, after decompression.
    pub bytes: u64,
    /// How many values were replaced, because they are not valid text or are numbers that no reader accepts.
    pub mended: u64,
    /// Time spent waiting so far.
    pub waited: Duration,
    /// How much longer the present wait will take; zero if nothing waits.
    pub wait_left: Duration,
    /// Why the call waits; none if nothing waits.
    pub waits_for: Option<ErrorCode>,
    /// The rate limit seen last.
    pub rate_limit: Option<RateSeen>,
    /// The server's clock; none before the first answer with a time.
    pub server_clock: Option<ServerClock>,
}

impl Meter {
    /// Counters at zero.
    pub fn new() -> Meter {
        Meter::default()
    }

    /// The counters now.
    pub fn read(&self) -> MeterReading {
        let now = Instant::now();
        let counters = self.counters();
        let running = counters
            .waiting_since
            .map_or(Duration::ZERO, |since| now - since.min(now));
        let until = counters.wait_until.filter(|_| counters.waiting > 0);
        MeterReading {
            requests: counters.requests,
            retries: counters.retries,
            concurrency_limited: counters.concurrency_limited,
            bytes: counters.bytes,
            mended: counters.mended,
            waited: counters.waited + running,
            waits_for: counters.waits_for.filter(|_| counters.waiting > 0),
            wait_left: until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now)),
            rate_limit: counters.rate_limit,
            server_clock: counters.server_clock,
        }
    }

    /// Counts a request that is about to be sent.
    pub fn count_request(&self, is_retry: bool) {
        let mut counters = self.counters();
        counters.requests += 1;
        counters.retries += u64::from(is_retry);
    }

    /// Counts an answer that said that too many requests are in flight.
    pub fn count_concurrency_limit(&self) {
        self.counters().concurrency_limited += 1;
    }

    /// Counts the bytes of an answer.
    pub fn count_bytes(&self, bytes: usize) {
        self.counters().bytes += bytes as u64;
    }

    /// Counts values of an answer that had to be replaced.
    pub fn count_mended(&self, values: u64) {
        if values > 0 {
            self.counters().mended += values;
        }
    }

    /// Notes the rate limit that an answer announced.
    pub fn note_rate_limit(&self, seen: RateSeen) {
        self.counters().rate_limit = Some(seen);
    }

    /// Notes the `date` of an answer, which is cut to whole seconds. The request took `latency`, and the server
    /// made the answer at some moment of that time.
    pub fn note_date(&self, date: UnixMillis, latency: Duration) {
        let began = date.minus(latency);
        let ended = UnixMillis(date.0.saturating_add(1_000));
        let clock = &mut self.counters().server_clock;
        *clock = Some(match *clock {
            // Answers may arrive out of order, so the range only grows.
            Some(known) => ServerClock {
                began: known.began.min(began),
                ended: known.ended.max(ended),
                last: ended,
            },
            None => ServerClock {
                began,
                ended,
                last: ended,
            },
        });
    }

    /// Begins a wait of `span` for this reason. It ends when the returned guard is dropped, even early.
    pub fn begin_wait(&self, span: Duration, reason: ErrorCode) -> WaitGuard {
        let now = Instant::now();
        let mut counters = self.counters();
        counters.waiting += 1;
        counters.waiting_since.get_or_insert(now);
        counters.waits_for = Some(reason);
        counters.wait_until = counters.wait_until.max(now.checked_add(span));
        WaitGuard(self.clone())
    }

    fn counters(&self) -> MutexGuard<'_, Counters> {
        // A panic cannot leave the counters half-changed, so a poisoned lock is safe to use.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A wait that is going on.
#[derive(Debug)]
pub struct WaitGuard(Meter);

impl Drop for WaitGuard {
    fn drop(&mut self) {
        let mut counters = self.0.counters();
        counters.waiting -= 1;
        if counters.waiting == 0 {
            let since = counters.waiting_since.take();
            counters.waited += since.map_or(Duration::ZERO, |since| since.elapsed());
            counters.wait_until = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_that_overlap_count_once_and_the_time_left_is_reported() {
        let meter = Meter::new();
        let long = meter.begin_wait(Duration::from_secs(60), ErrorCode::RateLimited);
        let short = meter.begin_wait(Duration::from_secs(1), ErrorCode::NameNotResolved);
        let left = meter.read().wait_left;
        assert!(left > Duration::from_secs(50) && left <= Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(20));
        drop(short);
        assert_eq!(meter.read().waits_for, Some(ErrorCode::NameNotResolved));
        drop(long);
        assert_eq!(meter.read().waits_for, None);
        let reading = meter.read();
        assert_eq!(reading.wait_left, Duration::ZERO);
        assert!(reading.waited >= Duration::from_millis(20) && reading.waited < Duration::from_secs(1));
    }

    #[test]
    fn counts_add_up() {
        let meter = Meter::new();
        meter.count_request(false);
        meter.clone().count_request(true);
        meter.count_bytes(7);
        let seen = RateSeen {
            limit: 600,
            remaining: 599,
        };
        meter.note_rate_limit(seen);
        let reading = meter.read();
        assert_eq!((reading.requests, reading.retries, reading.bytes), (2, 1, 7));
        assert_eq!(reading.rate_limit, Some(seen));
    }
}
