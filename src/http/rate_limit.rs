//! Reads Okta's rate-limit headers and distinguishes the two kinds of 429. Pure.
//!
//! Waits are computed from the answer alone (`X-Rate-Limit-Reset` less `Date`), never from the local clock: the two
//! clocks may be hours apart. Facts: Okta "Rate limits overview", "Rate limits monitoring" (rl2-monitor).

use std::time::Duration;

use crate::clock::UnixMillis;
use crate::http::Headers;

/// Added to every announced reset, because `Date` and `Reset` are whole seconds (all Okta SDKs do this).
const RESET_MARGIN: Duration = Duration::from_secs(1);
/// Windows last 60 s, those of a few buckets an hour. A reset more than a day away is an error of the server, such
/// as milliseconds instead of seconds.
const LONGEST_WINDOW_SECONDS: i64 = 86_400;

/// The rate limit that an answer announces. A part that is absent or unreadable is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateHeaders {
    /// How many requests one window allows.
    pub limit: Option<u32>,
    /// Requests left in the window.
    pub remaining: Option<u32>,
    /// When the window ends, in seconds since 1970 by Okta's clock.
    pub reset: Option<i64>,
    /// When the answer was made, in seconds since 1970 by Okta's clock.
    pub date: Option<i64>,
}

/// Which limit a 429 is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// The requests of this window are used up.
    Bucket,
    /// Too many requests are in flight for the whole org; the announced reset is only a suggestion.
    Concurrency,
}

impl RateHeaders {
    /// Reads the headers. Okta may repeat them (OKTA-112507); the most restrictive value counts.
    pub fn parse(headers: &Headers) -> RateHeaders {
        let numbers = |name| {
            let lines = headers.get_all(name).flat_map(|line| line.split(','));
            lines
                .filter_map(|text| text.trim().parse::<u64>().ok())
                .collect::<Vec<_>>()
        };
        let count = |name| {
            let least = numbers(name).into_iter().min()?;
            Some(u32::try_from(least).unwrap_or(u32::MAX))
        };
        let date = headers.get("date").and_then(UnixMillis::parse_http_date);
        RateHeaders {
            limit: count("x-rate-limit-limit"),
            remaining: count("x-rate-limit-remaining"),
            reset: numbers("x-rate-limit-reset")
                .into_iter()
                .max()
                .and_then(|reset| i64::try_from(reset).ok()),
            date: date.map(|date| date.0.div_euclid(1_000)),
        }
    }

    /// Which kind of 429 these headers belong to. A concurrency 429 always has limit 0 and remaining 0
    /// (rl2-monitor); that 0 is not the limit of any bucket.
    pub fn kind(&self) -> LimitKind {
        match (self.limit, self.remaining) {
            (Some(0), Some(0)) => LimitKind::Concurrency,
            _ => LimitKind::Bucket,
        }
    }

    /// How long until the window has certainly ended: `max(0, Reset - Date) + 1 s`, at most `longest`. None if one
    /// of the two headers is missing or the reset is absurd.
    pub fn until_reset(&self, longest: Duration) -> Option<Duration> {
        let ahead = self.reset?.checked_sub(self.date?)?;
        if ahead > LONGEST_WINDOW_SECONDS {
            return None;
        }
        // In recorded answers the reset lies between 2 s in the past and 60 s ahead; a reset in the past counts as
        // now.
        let ahead = Duration::from_secs(u64::try_from(ahead).unwrap_or(0));
        Some((ahead + RESET_MARGIN).min(longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LONGEST: Duration = Duration::from_secs(120);
    /// 2024-01-15T09:30:00Z.
    const DATE: i64 = 1_705_311_000;
    const DATE_TEXT: &str = "Mon, 15 Jan 2024 09:30:00 GMT";

    fn parse(fields: &[(&str, &str)]) -> RateHeaders {
        RateHeaders::parse(&fields.iter().copied().collect())
    }

    #[test]
    fn case_repeats_and_garbage() {
        let read = parse(&[
            ("X-Rate-Limit-Limit", "600"),
            ("x-rate-limit-limit", "50"),
            ("x-rate-limit-remaining", "17, 12"),
            ("x-rate-limit-remaining", "many"),
            ("X-RATE-LIMIT-RESET", "1705311048"),
            ("x-rate-limit-reset", "1705311008"),
            ("Date", DATE_TEXT),
        ]);
        let expected = RateHeaders {
            limit: Some(50),
            remaining: Some(12),
            reset: Some(DATE + 48),
            date: Some(DATE),
        };
        assert_eq!(read, expected);
        assert_eq!(read.until_reset(LONGEST), Some(Duration::from_secs(49)));
        let garbage = parse(&[
            ("x-rate-limit-limit", "-1"),
            ("x-rate-limit-reset", "soon"),
            ("date", "now"),
        ]);
        assert_eq!(garbage, RateHeaders::default());
    }

    #[test]
    fn the_two_kinds() {
        let kind = |limit, remaining| {
            RateHeaders {
                limit,
                remaining,
                ..RateHeaders::default()
            }
            .kind()
        };
        assert_eq!(kind(Some(0), Some(0)), LimitKind::Concurrency);
        assert_eq!(kind(Some(600), Some(0)), LimitKind::Bucket);
        assert_eq!(kind(Some(0), None), LimitKind::Bucket);
        assert_eq!(kind(None, None), LimitKind::Bucket);
    }

    #[test]
    fn the_wait_for_the_reset() {
        let wait = |ahead: i64| {
            let headers = RateHeaders {
                reset: Some(DATE + ahead),
                date: Some(DATE),
                ..RateHeaders::default()
            };
            headers.until_reset(LONGEST).map(|wait| wait.as_secs())
        };
        assert_eq!(wait(8), Some(9));
        assert_eq!(wait(0), Some(1));
        assert_eq!(wait(-2), Some(1));
        assert_eq!(wait(500), Some(120));
        assert_eq!(wait(1_700_000_000_000), None);
        let without_date = RateHeaders {
            reset: Some(DATE),
            ..RateHeaders::default()
        };
        assert_eq!(without_date.until_reset(LONGEST), None);
    }

    proptest! {
        #[test]
        fn the_wait_is_bounded_and_depends_on_the_difference_only(
            reset in any::<i64>(), date in any::<i64>(), skew in -1_000_000_000_i64..1_000_000_000,
        ) {
            let wait = |reset: i64, date: i64| {
                RateHeaders { reset: Some(reset), date: Some(date), ..RateHeaders::default() }.until_reset(LONGEST)
            };
            let first = wait(reset, date);
            prop_assert!(first.is_none_or(|wait| wait >= RESET_MARGIN && wait <= LONGEST));
            if let (Some(reset), Some(date)) = (reset.checked_add(skew), date.checked_add(skew)) {
                prop_assert_eq!(first, wait(reset, date));
            }
        }

        #[test]
        fn any_header_text_is_survived(limit in ".{0,30}", remaining in ".{0,30}", reset in ".{0,30}", date in ".{0,40}") {
            let read = parse(&[
                ("x-rate-limit-limit", &limit),
                ("x-rate-limit-remaining", &remaining),
                ("x-rate-limit-reset", &reset),
                ("date", &date),
            ]);
            prop_assert!(read.until_reset(LONGEST).is_none_or(|wait| wait <= LONGEST));
        }
    }
}
