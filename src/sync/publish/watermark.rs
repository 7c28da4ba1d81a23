//! Decides at what time the next delta run must begin, so that no change is missed. Pure.
//!
//! A complete run read everything that Okta's search index showed while it ran. It may have missed users who were
//! updated while it read, and users who were updated shortly before and were not in the index yet. So the next run
//! begins earlier, by the duration of the reading and by the overlap, which is longer than the index ever lags
//! (Okta "Users API": typically less than a second).
//!
//! All times are Okta's, but `Date` and `lastUpdated` may come from two clocks. So the rules use only differences
//! within one clock. The two clocks are compared only where that makes the next run read more.

use std::time::Duration;

use crate::clock::UnixMillis;
use crate::directory::runs::freshness::Watermark;
use crate::model::RunMode;

/// `Date` and `lastUpdated` are both cut to whole seconds.
const CUT: Duration = Duration::from_secs(2);
/// A time before every update. It means "nothing seen", so that a first run needs no rule of its own.
const NEVER: UnixMillis = UnixMillis(i64::MIN);

/// What a complete run read, and when by Okta's clock.
#[derive(Clone, Copy, Debug)]
pub struct ReadSpan {
    /// Whether it read everybody, or only changes since the earlier watermark.
    pub mode: RunMode,
    /// Okta's time at the first answer, or slightly earlier; none if no answer had a time.
    pub began: Option<UnixMillis>,
    /// Okta's time at the last answer, or slightly later.
    pub ended: Option<UnixMillis>,
    /// The greatest `lastUpdated` seen.
    pub greatest: Option<UnixMillis>,
}

/// The watermark after a complete run; none if it is unknown up to which time changes were read.
pub fn after(before: Option<Watermark>, reading: ReadSpan, overlap: Duration) -> Option<Watermark> {
    let (Some(began), Some(ended)) = (reading.began, reading.ended) else {
        // A delta run read everything since its watermark, so that watermark still holds.
        return before.filter(|_| reading.mode != RunMode::Full);
    };
    let known = before.unwrap_or(Watermark {
        greatest: NEVER,
        first_seen: ended,
        next_from: NEVER,
    });
    let seen = reading.greatest.unwrap_or(NEVER);
    let greatest = match reading.mode {
        RunMode::Full => seen,
        RunMode::Delta | RunMode::Live => seen.max(known.greatest),
    };
    if greatest == NEVER {
        return None;
    }
    let first_seen = match known.greatest == greatest {
        true => known.first_seen,
        false => ended,
    };
    // Every update up to `greatest` happened before `first_seen`. A run that began an overlap later saw all of
    // them, so none has to be read again, even if a whole second was full of updates.
    let saw_all = began >= plus(first_seen, overlap + CUT);
    let next_from = if saw_all {
        began.minus(overlap).min(UnixMillis(greatest.0.saturating_add(1)))
    } else {
        let duration = began.age(ended);
        began.min(greatest.minus(duration)).minus(overlap)
    };
    Some(Watermark {
        greatest,
        first_seen,
        next_from,
    })
}

fn plus(at: UnixMillis, span: Duration) -> UnixMillis {
    let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    UnixMillis(at.0.saturating_add(millis))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OVERLAP: Duration = Duration::from_secs(300);

    fn at(seconds: i64) -> UnixMillis {
        UnixMillis(seconds * 1_000)
    }

    fn reading(mode: RunMode, began: i64, ended: i64, greatest: Option<i64>) -> ReadSpan {
        ReadSpan {
            mode,
            began: Some(at(began)),
            ended: Some(at(ended)),
            greatest: greatest.map(at),
        }
    }

    #[test]
    fn a_quiet_org_settles_and_is_then_asked_for_nothing_old() {
        let first = after(None, reading(RunMode::Full, 10_000, 10_010, Some(9_990)), OVERLAP);
        let first = first.expect("known");
        assert_eq!(first.next_from, at(9_990 - 10 - 300));
        let soon = after(
            Some(first),
            reading(RunMode::Delta, 10_100, 10_101, Some(9_990)),
            OVERLAP,
        );
        let soon = soon.expect("known");
        assert_eq!(
            (soon.first_seen, soon.next_from),
            (at(10_010), at(9_990 - 1 - 300))
        );
        let later = after(
            Some(soon),
            reading(RunMode::Delta, 10_400, 10_401, Some(9_990)),
            OVERLAP,
        );
        let later = later.expect("known");
        assert_eq!(later.next_from, UnixMillis(at(9_990).0 + 1));
        let empty = after(
            Some(later),
            reading(RunMode::Delta, 20_000, 20_001, None),
            OVERLAP,
        );
        assert_eq!(empty, Some(later), "nothing new, nothing asked for again");
    }

    #[test]
    fn changes_during_a_long_run_are_asked_for_again_whatever_the_clocks_say() {
        for skew in [-18_000, 0, 18_000] {
            // The run takes an hour. A user updated at its very end is seen; one updated at its beginning is not.
            let reading = reading(RunMode::Full, 10_000 + skew, 13_600 + skew, Some(13_600));
            let next = after(None, reading, OVERLAP).expect("known").next_from;
            assert!(next <= at(10_000), "{skew}: {next:?}");
        }
    }

    #[test]
    fn a_user_updated_in_the_future_hides_nobody() {
        let mut mark = after(
            None,
            reading(RunMode::Full, 10_000, 10_001, Some(900_000)),
            OVERLAP,
        );
        for began in (10_300..20_000).step_by(300) {
            mark = after(
                mark,
                reading(RunMode::Delta, began, began + 1, Some(900_000)),
                OVERLAP,
            );
            assert!(mark.expect("known").next_from <= at(began - 300));
        }
    }

    #[test]
    fn without_okta_s_clock_a_full_run_knows_nothing_and_a_delta_moves_nothing() {
        let mark = after(None, reading(RunMode::Full, 10_000, 10_001, Some(9_000)), OVERLAP);
        let timeless = |mode| ReadSpan {
            mode,
            began: None,
            ended: None,
            greatest: Some(at(12_000)),
        };
        assert_eq!(after(mark, timeless(RunMode::Delta), OVERLAP), mark);
        assert_eq!(after(mark, timeless(RunMode::Full), OVERLAP), None);
        assert_eq!(after(None, reading(RunMode::Full, 1, 2, None), OVERLAP), None);
    }

    /// Updates at random moments, an index that lags by less than the overlap, readings of random
    /// length at random times, and a `Date` that is hours off.
    #[derive(Debug, Clone)]
    struct Story {
        updates: Vec<(i64, i64)>,
        runs: Vec<(i64, i64)>,
        skew: i64,
    }

    fn story() -> impl Strategy<Value = Story> {
        let updates = prop::collection::vec((1_000_i64..6_000, 0_i64..290), 1..40);
        let runs = prop::collection::vec((1_i64..700, 1_i64..400), 2..15);
        (updates, runs, prop_oneof![Just(0_i64), -20_000_i64..20_000])
            .prop_map(|(updates, runs, skew)| Story { updates, runs, skew })
    }

    proptest! {
        #[test]
        fn every_update_is_read_by_the_first_run_that_can_see_it(story in story()) {
            let mut mark = None;
            let mut read: Vec<bool> = vec![false; story.updates.len()];
            let mut now = 1_500;
            for (number, (pause, length)) in story.runs.iter().enumerate() {
                let (began, ended) = (now + pause, now + pause + length);
                now = ended;
                let mode = if number == 0 { RunMode::Full } else { RunMode::Delta };
                let from = mark.map_or(UnixMillis(0), |mark: Watermark| mark.next_from);
                let mut greatest = None;
                for (index, (updated, lag)) in story.updates.iter().enumerate() {
                    // The worst order of pages: a user who is not seen at the beginning is seen at the end if its
                    // number is even, and is never seen if it is odd.
                    let sure = updated + lag <= began;
                    let lucky = index % 2 == 0 && updated + lag <= ended;
                    if at(*updated) >= from && (sure || lucky) {
                        read[index] = true;
                        greatest = greatest.max(Some(*updated));
                    }
                    prop_assert!(!sure || read[index], "update {} was missed by run {}", index, number);
                }
                mark = after(mark, reading(mode, began + story.skew, ended + story.skew, greatest), OVERLAP);
            }
        }
    }
}
