//! What Okta's rate-limit headers say and how long to wait for it. Pure: time is passed in.
//!
//! Waits follow the answer's own `Date`, never the local clock (Okta: reference/rate-limits). A 429
//! with limit 0 and remaining 0 is about requests in flight, not about the bucket
//! (Okta: reference/rl2-monitor), and its 0 is never taken for the bucket's limit.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::transport::Headers;
use crate::clock::UnixMillis;

/// The headers of one answer; each is none where it is missing or unreadable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests allowed in a window.
    pub limit: Option<u64>,
    /// Requests left in this window.
    pub remaining: Option<u64>,
    /// When the window ends, in seconds since 1970 by Okta's clock.
    pub reset: Option<i64>,
    /// When the answer was made, by the same clock.
    pub date: Option<UnixMillis>,
}

/// Which limit a 429 is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMany {
    /// The bucket of the endpoint is empty until its window ends.
    Bucket,
    /// Too many requests are in flight for the org.
    Concurrency,
}

/// Added to every announced reset: both ends are in whole seconds (all Okta SDKs do the same).
const MARGIN: Duration = Duration::from_secs(1);

impl RateLimit {
    /// Reads the headers. Of several values of one header the most restrictive counts.
    pub fn read(headers: &Headers) -> RateLimit {
        let numbers = |name| {
            headers
                .all(name)
                .filter_map(|value| value.trim().parse::<i64>().ok())
        };
        let natural = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
        RateLimit {
            limit: natural(numbers("x-rate-limit-limit").min()),
            remaining: natural(numbers("x-rate-limit-remaining").min()),
            reset: numbers("x-rate-limit-reset").max(),
            date: headers.first("date").and_then(UnixMillis::parse_http_date),
        }
    }

    /// What a 429 with these headers is about.
    pub fn too_many(&self) -> TooMany {
        if self.limit == Some(0) {
            TooMany::Concurrency
        } else {
            TooMany::Bucket
        }
    }

    /// How long until the window ends, with a margin, at most `longest`; none if it cannot be known.
    pub fn until_reset(&self, longest: Duration) -> Option<Duration> {
        let left = self.reset?.checked_mul(1_000)?.saturating_sub(self.date?.0);
        let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
        Some(left.saturating_add(MARGIN).min(longest))
    }
}

/// What is known of the buckets of one org, kept for one call.
#[derive(Debug)]
pub struct Buckets {
    reserve_percent: u64,
    longest_wait: Duration,
    windows: HashMap<&'static str, Window>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    reset: i64,
    limit: u64,
    remaining: u64,
    ends: Instant,
}

impl Buckets {
    /// Leaves `reserve_percent` of each bucket to others and never waits longer than `longest_wait`.
    pub fn new(reserve_percent: u64, longest_wait: Duration) -> Buckets {
        Buckets {
            reserve_percent,
            longest_wait,
            windows: HashMap::new(),
        }
    }

    /// How long a request to this bucket should wait; none if it may go at once.
    pub fn wait_before(&self, bucket: &'static str, now: Instant) -> Option<Duration> {
        let window = self.windows.get(bucket)?;
        let exhausted = window.remaining <= self.reserve(window.limit);
        let left = window.ends.saturating_duration_since(now);
        (exhausted && !left.is_zero()).then_some(left)
    }

    /// Takes note of an answer. One of an older window, or about concurrency, says nothing new.
    pub fn observe(&mut self, bucket: &'static str, seen: &RateLimit, now: Instant) {
        let (Some(limit), Some(remaining), Some(reset)) = (seen.limit, seen.remaining, seen.reset) else {
            return;
        };
        let Some(left) = seen.until_reset(self.longest_wait) else {
            return;
        };
        if limit == 0 {
            return;
        }
        let fresh = Window {
            reset,
            limit,
            remaining,
            ends: now + left,
        };
        match self.windows.get_mut(bucket) {
            // A window that has passed here is over, whatever Okta's clock says of its end.
            Some(known) if known.ends > now && known.reset > reset => {}
            Some(known) if known.ends > now && known.reset == reset => {
                known.limit = limit;
                known.remaining = known.remaining.min(remaining);
            }
            _ => {
                self.windows.insert(bucket, fresh);
            }
        }
    }

    /// Requests left to others in a window. At least one request a window is always ours.
    fn reserve(&self, limit: u64) -> u64 {
        (limit * self.reserve_percent / 100).min(limit.saturating_sub(1))
    }
}

/// The bucket that a path counts against (Okta counts each separately and per org).
pub fn bucket_of(path: &str) -> &'static str {
    let mut parts = path.trim_start_matches('/').split('/');
    match (
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) {
        (Some("api"), Some("v1"), Some("users"), Some(_), None) => "/api/v1/users/{id}",
        (Some("api"), Some("v1"), Some("users"), ..) => "/api/v1/users",
        (Some("api"), Some("v1"), Some("groups"), Some(_), None) => "/api/v1/groups/{id}",
        (Some("api"), Some("v1"), Some("groups"), ..) => "/api/v1/groups",
        (Some("api"), Some("v1"), Some("logs"), ..) => "/api/v1/logs",
        (Some("oauth2"), ..) => "/oauth2",
        (Some(".well-known"), ..) => "/.well-known",
        _ => "/api/v1",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LONGEST: Duration = Duration::from_secs(120);

    fn headers(lines: &[(&str, &str)]) -> Headers {
        Headers::from_pairs(
            lines
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }

    fn seen(limit: u64, remaining: u64, reset: i64, date: i64) -> RateLimit {
        RateLimit {
            limit: Some(limit),
            remaining: Some(remaining),
            reset: Some(reset),
            date: Some(UnixMillis(date * 1_000)),
        }
    }

    #[test]
    fn names_are_case_insensitive_and_the_most_restrictive_of_several_counts() {
        let read = RateLimit::read(&headers(&[
            ("X-Rate-Limit-Limit", "600"),
            ("x-rate-limit-limit", "300"),
            ("X-RATE-LIMIT-REMAINING", "12"),
            ("x-rate-limit-remaining", "nonsense"),
            ("x-rate-limit-reset", "1705311010"),
            ("date", "Mon, 15 Jan 2024 09:30:00 GMT"),
        ]));
        assert_eq!((read.limit, read.remaining), (Some(300), Some(12)));
        assert_eq!(read.until_reset(LONGEST), Some(Duration::from_secs(11)));
    }

    #[test]
    fn the_local_clock_plays_no_part_and_a_past_reset_waits_the_margin_only() {
        assert_eq!(
            seen(600, 0, 100, 90).until_reset(LONGEST),
            Some(Duration::from_secs(11))
        );
        assert_eq!(seen(600, 0, 98, 100).until_reset(LONGEST), Some(MARGIN));
        assert_eq!(seen(600, 0, 100_000, 0).until_reset(LONGEST), Some(LONGEST));
        let without_date = RateLimit {
            date: None,
            ..seen(600, 0, 100, 90)
        };
        assert_eq!(without_date.until_reset(LONGEST), None);
    }

    #[test]
    fn a_concurrency_limit_is_not_the_buckets_limit() {
        let now = Instant::now();
        let mut buckets = Buckets::new(10, LONGEST);
        assert_eq!(seen(0, 0, 160, 100).too_many(), TooMany::Concurrency);
        buckets.observe("/api/v1/users", &seen(0, 0, 160, 100), now);
        assert_eq!(buckets.wait_before("/api/v1/users", now), None);
        assert_eq!(seen(600, 0, 160, 100).too_many(), TooMany::Bucket);
    }

    #[test]
    fn the_reserve_is_left_to_others_until_the_window_ends() {
        let now = Instant::now();
        let mut buckets = Buckets::new(10, LONGEST);
        buckets.observe("/api/v1/users", &seen(600, 61, 160, 100), now);
        assert_eq!(buckets.wait_before("/api/v1/users", now), None);
        buckets.observe("/api/v1/users", &seen(600, 60, 160, 100), now);
        assert_eq!(
            buckets.wait_before("/api/v1/users", now),
            Some(Duration::from_secs(61))
        );
        assert_eq!(buckets.wait_before("/api/v1/groups", now), None);
        assert_eq!(
            buckets.wait_before("/api/v1/users", now + Duration::from_secs(62)),
            None
        );
        buckets.observe("/api/v1/users", &seen(600, 599, 221, 161), now);
        assert_eq!(buckets.wait_before("/api/v1/users", now), None);
    }

    #[test]
    fn a_late_answer_of_the_same_or_an_older_window_does_not_give_requests_back() {
        let now = Instant::now();
        let mut buckets = Buckets::new(0, LONGEST);
        buckets.observe("/api/v1/users", &seen(600, 0, 160, 100), now);
        buckets.observe("/api/v1/users", &seen(600, 5, 160, 100), now);
        buckets.observe("/api/v1/users", &seen(600, 500, 90, 80), now);
        assert!(buckets.wait_before("/api/v1/users", now).is_some());
    }

    #[test]
    fn paths_have_the_buckets_okta_names() {
        for (path, bucket) in [
            ("/api/v1/users", "/api/v1/users"),
            ("/api/v1/users/00u1", "/api/v1/users/{id}"),
            ("/api/v1/users/00u1/groups", "/api/v1/users"),
            ("/api/v1/groups/00g1/users", "/api/v1/groups"),
            ("/api/v1/groups/00g1", "/api/v1/groups/{id}"),
            ("/api/v1/meta/schemas/user/default", "/api/v1"),
            ("/.well-known/okta-organization", "/.well-known"),
        ] {
            assert_eq!(bucket_of(path), bucket, "{path}");
        }
    }

    proptest! {
        #[test]
        fn waits_are_bounded_and_every_window_lets_somebody_through(
            limit in 0..2_000u64, remaining in 0..2_000u64, reset in any::<i32>(), date in any::<i32>(),
            reserve in 0..=90u64,
        ) {
            let now = Instant::now();
            let mut buckets = Buckets::new(reserve, LONGEST);
            buckets.observe("/api/v1", &seen(limit, remaining, i64::from(reset), i64::from(date)), now);
            let wait = buckets.wait_before("/api/v1", now).unwrap_or_default();
            prop_assert!(wait <= LONGEST);
            prop_assert!(limit == 0 || buckets.reserve(limit) < limit);
            prop_assert_eq!(buckets.wait_before("/api/v1", now + LONGEST), None);
        }
    }
}
