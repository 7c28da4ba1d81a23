//! When the System Log is polled, how many pages at once, and from where. Pure.

use std::time::Duration;

use crate::clock::UnixMillis;

/// The shortest time between two polls, whatever the log's rate limit.
const SHORTEST: Duration = Duration::from_secs(5);
/// The longest time between two polls.
const LONGEST: Duration = Duration::from_secs(600);
/// In how many milliseconds polls may send the requests that the rate limit allows in one minute: four minutes leave
/// three quarters of the log's rate limit, which is small, to others.
const SHARE: u64 = 240_000;
/// The most pages of one poll, whatever the limit. Beyond some 20 000 events, listing the users is cheaper.
pub const MOST_PAGES: u64 = 20;
/// How much of the log is read twice if the place in it is lost: Okta writes rows late, and not in order.
pub const OVERLAP: Duration = Duration::from_secs(300);
/// After a longer pause, one full run is cheaper than reading the whole log since.
const LONGEST_SLEEP: Duration = Duration::from_secs(6 * 3_600);

/// From where a poll reads the log. A time is how far back it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// From where the last poll ended.
    GoOn,
    /// The place is lost, but the time of the last poll is known.
    Again(Duration),
    /// This is the first poll. A delta run must list what moved before.
    First(Duration),
    /// Nobody polled for too long. What happened meanwhile is not read, so deletions may be missed.
    Lost(Duration),
}

impl Start {
    /// How far back the poll reaches; none if it goes on where the last one ended.
    pub fn reach(self) -> Option<Duration> {
        match self {
            Start::GoOn => None,
            Start::Again(reach) | Start::First(reach) | Start::Lost(reach) => Some(reach),
        }
    }
}

/// From where to read, if the last poll was at `polled` and the place in the log is known or not.
pub fn start(knows_place: bool, polled: Option<UnixMillis>, now: UnixMillis) -> Start {
    match polled.map(|polled| polled.age(now)) {
        None => Start::First(OVERLAP),
        Some(sleep) if sleep > LONGEST_SLEEP => Start::Lost(OVERLAP),
        Some(_) if knows_place => Start::GoOn,
        Some(sleep) => Start::Again(sleep + OVERLAP),
    }
}

/// How long after one poll the next one comes: as wanted, but so that polls take at most a quarter of the requests a
/// minute that Okta announces.
pub fn interval(wanted: Duration, limit: Option<u64>) -> Duration {
    let share = limit
        .filter(|limit| *limit > 0)
        .map(|limit| SHARE.div_ceil(limit));
    wanted
        .max(Duration::from_millis(share.unwrap_or(0)))
        .clamp(SHORTEST, LONGEST)
}

/// How many pages one poll may read to stay within that quarter.
pub fn pages(interval: Duration, limit: Option<u64>) -> u64 {
    let millis = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
    let share = limit.map(|limit| millis.saturating_mul(limit) / SHARE);
    share.unwrap_or(1).clamp(1, MOST_PAGES)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_log_is_read_as_often_as_wanted_and_never_with_more_than_a_quarter_of_its_limit() {
        for (wanted, limit, expected) in [
            (15, None, 15),
            (15, Some(60), 15),
            (15, Some(25), 15),
            (15, Some(10), 24),
            (5, Some(120), 5),
            (5, Some(60), 5),
            (5, Some(20), 12),
            (600, Some(10), 600),
            (15, Some(1), 240),
            (1, None, 5),
            (3_600, None, 600),
            (15, Some(0), 15),
        ] {
            assert_eq!(
                interval(seconds(wanted), limit),
                seconds(expected),
                "{wanted} {limit:?}"
            );
        }
        for limit in 1..=200 {
            let interval = interval(seconds(5), Some(limit));
            let a_minute = 60_000 * pages(interval, Some(limit));
            assert!(
                a_minute * 4 <= limit * interval.as_millis() as u64,
                "{limit} {interval:?}"
            );
        }
        assert_eq!(pages(seconds(15), None), 1, "nothing is known yet");
        assert_eq!(pages(seconds(600), Some(120)), MOST_PAGES);
    }

    #[test]
    fn where_a_reading_begins() {
        let now = UnixMillis(1_705_311_000_000);
        let ago = |minutes: u64| Some(now.minus(seconds(minutes * 60)));
        assert_eq!(start(true, ago(1), now), Start::GoOn);
        assert_eq!(start(true, ago(359), now), Start::GoOn);
        assert_eq!(start(false, ago(10), now), Start::Again(seconds(900)));
        assert_eq!(start(true, ago(361), now), Start::Lost(OVERLAP));
        assert_eq!(start(true, ago(60 * 24 * 100), now), Start::Lost(OVERLAP));
        assert_eq!(start(false, None, now), Start::First(OVERLAP));
        assert_eq!(
            start(true, Some(now.plus(seconds(60))), now),
            Start::GoOn,
            "a clock was set back"
        );
    }
}
