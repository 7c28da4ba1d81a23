//! Estimates how long a full sync will take and how far two clocks are apart. Pure.

use std::time::Duration;

use crate::clock::UnixMillis;

/// How much longer a full page takes than a page with one user: Okta collects 200 profiles and sends about 150 kB.
/// This is a cautious assumption; it matters only if the rate limit does not.
const FULL_PAGE_EXTRA: Duration = Duration::from_millis(500);
/// The length of Okta's windows (Okta "Rate limits overview").
const WINDOW: Duration = Duration::from_secs(60);

/// The facts that the duration of a full sync depends on.
#[derive(Clone, Copy, Debug)]
pub(in crate::okta) struct SyncEstimate {
    pub(in crate::okta) users: u64,
    pub(in crate::okta) page_size: u64,
    /// The most requests that are in flight at once.
    pub(in crate::okta) in_flight: u64,
    /// Requests a minute by Okta's limit; none if Okta announced none.
    pub(in crate::okta) requests_a_minute: Option<u64>,
    /// The requests left in the present window and the time until its end; none for a whole window.
    pub(in crate::okta) window: Option<(u64, Duration)>,
    pub(in crate::okta) reserve_percent: u64,
    /// The latency of a request for one user.
    pub(in crate::okta) latency: Duration,
}

impl SyncEstimate {
    /// The duration. The first page is read alone, then as many pages at once as may be in flight. In no window are
    /// there more requests than the limit less the reserve.
    pub(in crate::okta) fn duration(&self) -> Duration {
        let pages = self.users.div_ceil(self.page_size.max(1)).max(1);
        let rounds = 1 + (pages - 1).div_ceil(self.in_flight.max(1));
        let by_latency = times(self.latency + FULL_PAGE_EXTRA, rounds);
        by_latency.max(self.by_limit(pages))
    }

    /// The total length of the windows that must end before the last page may be requested.
    fn by_limit(&self, pages: u64) -> Duration {
        let Some(limit) = self.requests_a_minute else {
            return Duration::ZERO;
        };
        let reserve = limit.saturating_mul(self.reserve_percent.min(100)) / 100;
        let usable = (limit - reserve).max(1);
        let (now, lasts) = self.window.map_or((usable, WINDOW), |(remaining, lasts)| {
            (remaining.saturating_sub(reserve), lasts)
        });
        match pages.checked_sub(now + 1) {
            None => Duration::ZERO,
            Some(later) => lasts.saturating_add(times(WINDOW, later / usable)),
        }
    }
}

fn times(span: Duration, count: u64) -> Duration {
    span.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX))
}

/// How many seconds Okta's clock is ahead of ours, rounded. `date` is cut to whole seconds; Okta wrote it at some
/// moment during `latency`, which ended at `received`.
pub(in crate::okta) fn clock_skew_seconds(date: UnixMillis, received: UnixMillis, latency: Duration) -> i64 {
    let middle = received.minus(latency / 2);
    let ahead = date.0.saturating_add(500).saturating_sub(middle.0);
    ahead.saturating_add(500).div_euclid(1_000)
}

/// A time span in words: seconds up to a minute and a half, minutes up to an hour and a half, then hours.
pub fn in_words(seconds: u64) -> String {
    match seconds {
        0..=90 => format!("{seconds} s"),
        91..=5_400 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3_600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slower_of_latency_and_limit_counts() {
        let estimate = |users, limit| SyncEstimate {
            users,
            page_size: 200,
            in_flight: 1,
            requests_a_minute: limit,
            window: None,
            reserve_percent: 10,
            latency: Duration::from_millis(300),
        };
        for (users, limit, seconds) in [
            (0, Some(600), 0.8),
            (200, Some(600), 0.8),
            (201, None, 1.6),
            (200_000, Some(600), 800.0),
            (200_000, Some(50), 60.0 * 22.0),
            (2_001, Some(10), 60.0),
            (1, Some(0), 0.8),
        ] {
            let duration = estimate(users, limit).duration();
            assert!(
                (duration.as_secs_f64() - seconds).abs() < 0.01,
                "{users} {limit:?}: {duration:?}"
            );
        }
        assert!(estimate(u64::MAX, Some(1)).duration() > Duration::from_secs(86_400));
    }

    #[test]
    fn pages_come_side_by_side_until_the_limit_slows_them() {
        let estimate = |users, in_flight, limit, window| SyncEstimate {
            users,
            page_size: 200,
            in_flight,
            requests_a_minute: limit,
            window,
            reserve_percent: 10,
            latency: Duration::from_millis(300),
        };
        let nearly_over = Some((40, Duration::from_secs(7)));
        for (users, in_flight, limit, window, seconds) in [
            (200, 16, None, None, 0.8),
            (3_400, 16, None, None, 1.6),
            (3_401, 16, None, None, 2.4),
            (200_000, 16, None, None, 51.2),
            (200_000, 16, Some(600), None, 60.0),
            (200_000, 0, None, None, 800.0),
            (2_000, 16, Some(100), nearly_over, 1.6),
            (6_000, 16, Some(100), nearly_over, 2.4),
            (6_001, 16, Some(100), nearly_over, 7.0),
            (24_000, 16, Some(100), nearly_over, 7.2),
            (24_001, 16, Some(100), nearly_over, 67.0),
            (200, 16, Some(100), Some((5, Duration::from_secs(30))), 30.0),
        ] {
            let duration = estimate(users, in_flight, limit, window).duration();
            assert!(
                (duration.as_secs_f64() - seconds).abs() < 0.01,
                "{users} {in_flight} {limit:?} {window:?}: {duration:?}"
            );
        }
    }

    #[test]
    fn clocks() {
        let date = UnixMillis(1_705_311_000_000);
        for (ours, skew) in [
            (500, 0),
            (900, 0),
            (0, 1),
            (1_400, -1),
            (-299_500, 300),
            (120_500, -120),
        ] {
            let received = UnixMillis(date.0 + ours + 100);
            assert_eq!(
                clock_skew_seconds(date, received, Duration::from_millis(200)),
                skew,
                "{ours}"
            );
        }
    }
}
