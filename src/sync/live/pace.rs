//! When the System Log is read again, how much of it at once, and where it goes on. Pure.

use std::time::Duration;

use crate::clock::UnixMillis;

/// The log is read no more often than this, whatever its limit.
const SHORTEST: Duration = Duration::from_secs(5);
/// And no more seldom.
const LONGEST: Duration = Duration::from_secs(600);
/// Milliseconds that each request of the announced minute costs: four minutes for a whole minute's worth leaves three
/// quarters of the log's rate limit, which is small, to others.
const SHARE: u64 = 240_000;
/// Pages of one reading at most, whatever the limit: twenty thousand events are better listed than read.
pub const MOST_PAGES: u64 = 20;
/// How much of the log is read twice where its place is lost: rows are written late, and not in order.
pub const OVERLAP: Duration = Duration::from_secs(300);
/// After a longer sleep one run that lists is cheaper than reading everything that happened.
const LONGEST_SLEEP: Duration = Duration::from_secs(6 * 3_600);

/// Where a reading begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Where the last one ended.
    GoOn,
    /// So far back, because the place is lost and the time is not.
    Again(Duration),
    /// So far back, for the first time: what moved before has to be listed once.
    First(Duration),
    /// So far back, after a sleep: what happened meanwhile is not read, deletions among it.
    Lost(Duration),
}

impl Start {
    /// How far back it reaches; none where it goes on.
    pub fn reach(self) -> Option<Duration> {
        match self {
            Start::GoOn => None,
            Start::Again(reach) | Start::First(reach) | Start::Lost(reach) => Some(reach),
        }
    }
}

/// Where to begin, if the log was `polled` last and its place is or is not known.
pub fn start(knows_place: bool, polled: Option<UnixMillis>, now: UnixMillis) -> Start {
    match polled.map(|polled| polled.age(now)) {
        None => Start::First(OVERLAP),
        Some(sleep) if sleep > LONGEST_SLEEP => Start::Lost(OVERLAP),
        Some(_) if knows_place => Start::GoOn,
        Some(sleep) => Start::Again(sleep + OVERLAP),
    }
}

/// How long after one reading the next one comes: as wanted, but with no more than a quarter of the requests a minute
/// that Okta announced.
pub fn interval(wanted: Duration, limit: Option<u64>) -> Duration {
    let share = limit
        .filter(|limit| *limit > 0)
        .map(|limit| SHARE.div_ceil(limit));
    wanted
        .max(Duration::from_millis(share.unwrap_or(0)))
        .clamp(SHORTEST, LONGEST)
}

/// How many pages one reading may take to stay within that quarter.
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
