//! Remembers the state of each rate-limit bucket and decides when the next request may be sent. Pure: the caller
//! passes the current time.
//!
//! A share of each bucket is left to other users of the org. No request waits for ever: when the window has ended
//! by this machine's own clock, the next request is sent, and its answer brings new numbers.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::http::Method;
use crate::http::rate_limit::RateHeaders;

/// A bucket is a group of API calls that share one counter (terraform-provider-okta `apimutex`, made from Okta's
/// own data).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// `/api/v1/users`: list, search, create, a user's groups and life cycle.
    Users,
    /// Reading one user.
    User,
    /// Writing one user.
    UserWrite,
    /// `/api/v1/groups`: list, create, members, rules.
    Groups,
    /// One group.
    Group,
    /// `/api/v1/logs`.
    Logs,
    /// `/oauth2/v1/*`.
    OAuth,
    /// The rest of `/api/v1`: schemas, types, event hooks, org, tokens.
    Generic,
    /// Metadata, which has no limit.
    Unlimited,
}

impl Bucket {
    /// The bucket of a request by method and path (without query).
    pub fn of(method: Method, path: &str) -> Bucket {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match (segments.as_slice(), method) {
            ([".well-known", ..] | ["oauth2", "v1", "keys"], _) => Bucket::Unlimited,
            (["oauth2", ..], _) => Bucket::OAuth,
            (["api", "v1", "users", _], Method::Get) => Bucket::User,
            (["api", "v1", "users", _], Method::Post | Method::Put | Method::Delete) => Bucket::UserWrite,
            (["api", "v1", "users", ..], _) => Bucket::Users,
            (["api", "v1", "groups", "rules"], _) => Bucket::Groups,
            (["api", "v1", "groups", _], _) => Bucket::Group,
            (["api", "v1", "groups", ..], _) => Bucket::Groups,
            (["api", "v1", "logs", ..], _) => Bucket::Logs,
            _ => Bucket::Generic,
        }
    }
}

/// A request that is in flight: it was let through and is not yet answered or given up. Made after
/// [`RateWindows::before_request`] has allowed the request; dropping it ends the flight.
pub struct Flight<'a>(pub &'a Mutex<RateWindows>, pub Bucket);

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .landed(self.1);
    }
}

/// How many requests this client may still send in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Requests that may be sent before the present window ends.
    pub now: u64,
    /// Requests that may be sent in each later window.
    pub each_window: u64,
    /// Requests that work which can wait may send now. Half of the window's requests are kept for the time that is
    /// left in it, so that urgent requests do not have to wait for the next window.
    pub spare: u64,
}

/// The state of every bucket.
#[derive(Debug)]
pub struct RateWindows {
    windows: HashMap<Bucket, Window>,
    /// Requests that were let through and are not answered yet.
    in_flight: HashMap<Bucket, u32>,
    reserve_percent: u32,
    longest_wait: Duration,
}

/// The present window of one bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    limit: u32,
    remaining: u32,
    /// When the window ends, in seconds since 1970 by Okta's clock. It also identifies the window.
    reset: i64,
    /// When it has certainly ended, by this machine's monotonic clock.
    ended_at: Instant,
    /// The longest time that was seen between an answer and the end of a window of this bucket.
    length: Duration,
    /// Whether this window is only presumed: the earlier one has ended, and no answer has announced the new one
    /// yet. Its requests are counted all the same. Otherwise every request in flight would pass before the first
    /// answer comes.
    presumed: bool,
}

impl RateWindows {
    /// Starts without any knowledge. `reserve_percent` of each bucket is left to others; no wait is longer than
    /// `longest_wait`.
    pub fn new(reserve_percent: u32, longest_wait: Duration) -> RateWindows {
        RateWindows {
            windows: HashMap::new(),
            in_flight: HashMap::new(),
            reserve_percent,
            longest_wait,
        }
    }

    /// Asks whether one request may be sent now. None means yes, and the request is counted. Otherwise the caller
    /// waits this long and asks again.
    pub fn before_request(&mut self, bucket: Bucket, now: Instant) -> Option<Duration> {
        let reserve_percent = self.reserve_percent;
        if let Some(window) = self.windows.get_mut(&bucket) {
            if now >= window.ended_at {
                *window = window.following(now);
            }
            if window.remaining <= window.reserve(reserve_percent) {
                return Some(window.ended_at - now);
            }
            // Counted now and not when the answer comes, because other requests may be in flight.
            window.remaining -= 1;
        }
        *self.in_flight.entry(bucket).or_default() += 1;
        None
    }

    /// How many requests of a bucket may be sent, without the reserve; none until an answer has announced the
    /// bucket.
    pub fn room(&self, bucket: Bucket, now: Instant) -> Option<Room> {
        let window = self.windows.get(&bucket)?;
        let reserve = window.reserve(self.reserve_percent);
        let (remaining, left) = match now >= window.ended_at {
            true => (window.limit, window.length),
            false => (window.remaining, window.ended_at - now),
        };
        let free = u64::from(remaining.saturating_sub(reserve));
        let each_window = u64::from(window.limit.saturating_sub(reserve));
        Some(Room {
            now: free,
            each_window,
            spare: free.saturating_sub(requests_to_keep(each_window, left, window.length.max(MINUTE))),
        })
    }

    /// Notes that a request was answered or given up.
    fn landed(&mut self, bucket: Bucket) {
        if let Some(in_flight) = self.in_flight.get_mut(&bucket) {
            *in_flight = in_flight.saturating_sub(1);
        }
    }

    /// Reads the headers of an answer that arrived at `now`. Incomplete headers and the zeros of a
    /// concurrency 429 (elastic/beats#42094) change nothing.
    pub fn observe(&mut self, bucket: Bucket, headers: &RateHeaders, now: Instant) {
        let (Some(limit), Some(remaining), Some(reset)) = (headers.limit, headers.remaining, headers.reset)
        else {
            return;
        };
        let Some(left) = headers.until_reset(self.longest_wait) else {
            return;
        };
        if limit == 0 {
            return;
        }
        let seen = Window {
            limit,
            remaining: remaining.min(limit),
            reset,
            ended_at: now + left,
            length: left,
            presumed: false,
        };
        match self.windows.get_mut(&bucket).filter(|known| now < known.ended_at) {
            Some(known) => {
                let others = self.in_flight.get(&bucket).map_or(0, |all| all.saturating_sub(1));
                known.learn(seen, others);
            }
            None => {
                self.windows.insert(bucket, seen);
            }
        }
    }
}

impl Window {
    /// Updates this window from an answer that arrived while `others` were in flight.
    fn learn(&mut self, seen: Window, others: u32) {
        let length = self.length.max(seen.length);
        match seen.reset.cmp(&self.reset) {
            Ordering::Less => {} // A late answer of an older window.
            Ordering::Equal if self.presumed => {}
            Ordering::Equal => {
                self.limit = self.limit.min(seen.limit);
                self.remaining = self.remaining.min(seen.remaining);
                self.ended_at = self.ended_at.min(seen.ended_at);
            }
            Ordering::Greater if self.presumed => {
                let remaining = self.remaining.min(seen.remaining);
                *self = Window { remaining, ..seen };
            }
            // A new window began without our notice, so each of the others may count in it.
            Ordering::Greater => {
                let remaining = seen.remaining.saturating_sub(others);
                *self = Window { remaining, ..seen };
            }
        }
        self.length = length;
    }

    /// The expected state of the window that the next request opens.
    fn following(&self, now: Instant) -> Window {
        Window {
            remaining: self.limit,
            ended_at: now + self.length,
            presumed: true,
            ..*self
        }
    }

    /// How many requests of the window are left to others. At least one is left to us, or no request would ever be
    /// sent.
    fn reserve(&self, percent: u32) -> u32 {
        let share = u64::from(self.limit) * u64::from(percent.min(100)) / 100;
        u32::try_from(share)
            .unwrap_or(u32::MAX)
            .min(self.limit.saturating_sub(1))
    }
}

/// How long Okta's windows last (Okta "Rate limits"). `Window::length` may be shorter, because a new process has
/// seen only the end of one window.
const MINUTE: Duration = Duration::from_secs(60);

/// How many requests to keep for the time that is left in the window: half of the window's requests, spread evenly
/// over its length.
fn requests_to_keep(each_window: u64, left: Duration, length: Duration) -> u64 {
    let left = left.min(length).as_millis();
    let half = u128::from(each_window) * left / (2 * length.as_millis().max(1));
    u64::try_from(half).unwrap_or(each_window)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LONGEST: Duration = Duration::from_secs(120);

    fn headers(limit: u32, remaining: u32, reset: i64, date: i64) -> RateHeaders {
        RateHeaders {
            limit: Some(limit),
            remaining: Some(remaining),
            reset: Some(reset),
            date: Some(date),
        }
    }

    #[test]
    fn buckets_by_path() {
        for (path, bucket) in [
            ("/api/v1/users", Bucket::Users),
            ("/api/v1/users/", Bucket::Users),
            ("/api/v1/users/00u1", Bucket::User),
            ("/api/v1/users/me", Bucket::User),
            ("/api/v1/users/00u1/groups", Bucket::Users),
            ("/api/v1/users/00u1/lifecycle/suspend", Bucket::Users),
            ("/api/v1/groups", Bucket::Groups),
            ("/api/v1/groups/rules", Bucket::Groups),
            ("/api/v1/groups/00g1", Bucket::Group),
            ("/api/v1/groups/00g1/users", Bucket::Groups),
            ("/api/v1/logs", Bucket::Logs),
            ("/api/v1/meta/schemas/user/default", Bucket::Generic),
            ("/api/v1/eventHooks", Bucket::Generic),
            ("/oauth2/v1/token", Bucket::OAuth),
            ("/oauth2/v1/keys", Bucket::Unlimited),
            ("/.well-known/okta-organization", Bucket::Unlimited),
        ] {
            assert_eq!(Bucket::of(Method::Get, path), bucket, "{path}");
        }
        assert_eq!(Bucket::of(Method::Post, "/api/v1/users/00u1"), Bucket::UserWrite);
    }

    /// How many requests pass in one window of this limit, with answers that arrive at once.
    fn passed_in_one_window(limit: u32, reserve: u32) -> u32 {
        let mut windows = RateWindows::new(reserve, LONGEST);
        let now = Instant::now();
        let mut passed = 0;
        while windows.before_request(Bucket::Users, now).is_none() {
            passed += 1;
            assert!(passed <= limit, "more than the limit went out");
            windows.observe(Bucket::Users, &headers(limit, limit - passed, 1_060, 1_000), now);
        }
        passed
    }

    #[test]
    fn the_reserve_is_left_but_small_buckets_still_move() {
        for (limit, reserve, passed) in [
            (600, 10, 540),
            (10, 10, 9),
            (10, 0, 10),
            (10, 90, 1),
            (1, 90, 1),
            (5, 10, 5),
            (2, 50, 1),
        ] {
            assert_eq!(
                passed_in_one_window(limit, reserve),
                passed,
                "limit {limit}, reserve {reserve} %"
            );
        }
    }

    #[test]
    fn half_of_a_window_is_spread_over_its_time() {
        let mut windows = RateWindows::new(10, LONGEST);
        let begin = Instant::now();
        windows.observe(Bucket::Users, &headers(600, 600, 1_059, 1_000), begin);
        let room = |windows: &RateWindows, seconds| {
            let room = windows.room(Bucket::Users, begin + Duration::from_secs(seconds));
            room.map(|room| (room.now, room.spare))
        };
        assert_eq!(room(&windows, 0), Some((540, 270)));
        assert_eq!(room(&windows, 30), Some((540, 405)));
        let half_time = begin + Duration::from_secs(30);
        windows.observe(Bucket::Users, &headers(600, 195, 1_059, 1_030), half_time);
        assert_eq!(
            room(&windows, 30),
            Some((135, 0)),
            "half of them for half of the time"
        );
        assert_eq!(room(&windows, 45), Some((135, 68)));
        assert_eq!(room(&windows, 61), Some((540, 270)), "the next window");
        let mut small = RateWindows::new(10, LONGEST);
        small.observe(Bucket::Users, &headers(1, 1, 1_059, 1_000), begin);
        assert_eq!(room(&small, 0), Some((1, 1)), "or none would ever go");
    }

    #[test]
    fn the_wait_ends_with_the_window() {
        let mut windows = RateWindows::new(10, LONGEST);
        let now = Instant::now();
        windows.observe(Bucket::Users, &headers(10, 1, 1_030, 1_000), now);
        assert_eq!(
            windows.before_request(Bucket::Users, now),
            Some(Duration::from_secs(31))
        );
        assert_eq!(windows.before_request(Bucket::Groups, now), None);
        assert_eq!(
            windows.before_request(Bucket::Users, now + Duration::from_secs(31)),
            None
        );
    }

    #[test]
    fn newer_windows_replace_and_older_answers_are_ignored() {
        let mut windows = RateWindows::new(0, LONGEST);
        let now = Instant::now();
        windows.observe(Bucket::Users, &headers(100, 0, 1_060, 1_000), now);
        windows.observe(Bucket::Users, &headers(100, 90, 1_000, 999), now);
        assert!(
            windows.before_request(Bucket::Users, now).is_some(),
            "the older answer counted"
        );
        windows.observe(Bucket::Users, &headers(100, 99, 1_120, 1_060), now);
        assert_eq!(windows.before_request(Bucket::Users, now), None);
        windows.observe(Bucket::Users, &headers(100, 99, 1_120, 1_060), now);
        assert_eq!(
            windows.windows[&Bucket::Users].remaining,
            98,
            "a rise within a window counted"
        );
    }

    #[test]
    fn many_in_flight_do_not_overrun_a_window_that_okta_has_not_announced() {
        let mut windows = RateWindows::new(0, LONGEST);
        let start = Instant::now();
        windows.observe(Bucket::Users, &headers(5, 0, 1_060, 1_000), start);
        let next = start + Duration::from_secs(61);
        let passed = (0..16).filter(|_| windows.before_request(Bucket::Users, next).is_none());
        assert_eq!(passed.count(), 5, "sixteen ask at once when the window has ended");
        windows.observe(Bucket::Users, &headers(5, 2, 1_060, 1_000), next);
        assert!(
            windows.before_request(Bucket::Users, next).is_some(),
            "a late answer of the old window counted"
        );
        windows.observe(Bucket::Users, &headers(5, 4, 1_121, 1_061), next);
        let wait = windows
            .before_request(Bucket::Users, next)
            .expect("four are in flight");
        assert_eq!(wait, Duration::from_secs(61));
        assert_eq!(windows.before_request(Bucket::Users, next + wait), None);
    }

    #[test]
    fn a_window_that_changes_unnoticed_holds_what_is_in_flight() {
        let mut windows = RateWindows::new(0, LONGEST);
        let now = Instant::now();
        windows.observe(Bucket::Users, &headers(20, 20, 1_060, 1_000), now);
        let passed = (0..16).filter(|_| windows.before_request(Bucket::Users, now).is_none());
        assert_eq!(passed.count(), 16);
        windows.observe(Bucket::Users, &headers(20, 19, 1_120, 1_060), now);
        assert_eq!(
            windows.windows[&Bucket::Users].remaining,
            4,
            "fifteen are on their way"
        );
        (0..16).for_each(|_| windows.landed(Bucket::Users));
        windows.observe(Bucket::Users, &headers(20, 19, 1_180, 1_120), now);
        assert_eq!(windows.windows[&Bucket::Users].remaining, 19);
    }

    #[test]
    fn the_zero_of_a_concurrency_429_is_not_stored() {
        let mut windows = RateWindows::new(10, LONGEST);
        windows.observe(Bucket::Users, &headers(0, 0, 1_060, 1_000), Instant::now());
        assert!(windows.windows.is_empty());
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_allowed_and_none_outlives_its_window(
            seen in prop::collection::vec((any::<u32>(), any::<u32>(), any::<i64>(), any::<i64>(), 0_u64..200), 0..40),
            reserve in 0_u32..=100,
        ) {
            let start = Instant::now();
            let mut windows = RateWindows::new(reserve, LONGEST);
            let mut now = start;
            for (limit, remaining, reset, date, later) in seen {
                now += Duration::from_secs(later);
                windows.observe(Bucket::Users, &headers(limit, remaining, reset, date), now);
                if let Some(wait) = windows.before_request(Bucket::Users, now) {
                    prop_assert!(wait > Duration::ZERO && wait <= LONGEST);
                    prop_assert_eq!(windows.before_request(Bucket::Users, now + wait), None);
                }
            }
        }

        #[test]
        fn a_skewed_clock_changes_nothing(skew in -2_000_000_000_i64..2_000_000_000, remaining in 0_u32..100) {
            let now = Instant::now();
            let wait = |skew: i64| {
                let mut windows = RateWindows::new(10, LONGEST);
                windows.observe(Bucket::Users, &headers(100, remaining, 1_060 + skew, 1_000 + skew), now);
                windows.before_request(Bucket::Users, now)
            };
            prop_assert_eq!(wait(0), wait(skew));
        }
    }
}
