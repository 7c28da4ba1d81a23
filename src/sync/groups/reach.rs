//! Up to what time a listing of groups has seen every change, and which groups changed so recently that a
//! further change could go unseen. Pure.
//!
//! Okta's times are compared with Okta's `Date` only, never with this machine's clock. `Date` and the times
//! of groups may come from two clocks, so a listing also reaches back by its own duration, which needs no
//! comparison.

use std::time::Duration;

use crate::clock::UnixMillis;
use crate::directory::groups::{Listing, Pass};

/// How far Okta's listings may lag, and how far its clocks may differ.
pub const OVERLAP: Duration = Duration::from_secs(300);

/// The watermark after a listing that ends `now`, which is `okta_now` by Okta's clock.
pub fn watermark(pass: &Pass, now: UnixMillis, okta_now: Option<UnixMillis>) -> Option<UnixMillis> {
    let Some(seen) = pass.seen else {
        return pass.watermark;
    };
    let by_okta = pass
        .okta_began
        .zip(okta_now)
        .map(|(began, ended)| began.age(ended));
    let by_us = pass.began.map_or(Duration::ZERO, |began| began.age(now));
    let reached = seen.minus(by_okta.unwrap_or(by_us));
    let reached = pass.okta_began.map_or(reached, |began| reached.min(began));
    match pass.listing {
        Listing::Whole => Some(reached),
        // It never moves back: what earlier listings saw stays seen.
        Listing::Moved | Listing::Ended => pass.watermark.max(Some(reached)),
    }
}

/// Whether a group that changed at `at` may have changed again within the same second, after it was read at
/// `looked_at` by Okta's clock. If Okta does not tell one of the two, it may have: times of other groups are
/// no clock, because Okta's clock may have been set back since.
pub fn is_recent(at: Option<UnixMillis>, looked_at: Option<UnixMillis>) -> bool {
    at.zip(looked_at)
        .is_none_or(|(at, looked_at)| at > looked_at.minus(OVERLAP))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> UnixMillis {
        UnixMillis(seconds * 1_000)
    }

    fn pass(listing: Listing, watermark: Option<i64>, seen: Option<i64>, okta_began: Option<i64>) -> Pass {
        Pass {
            number: 1,
            listing,
            cursor: None,
            wanted: String::new(),
            whole_listed: None,
            watermark: watermark.map(at),
            seen: seen.map(at),
            began: Some(at(50_000)),
            okta_began: okta_began.map(at),
        }
    }

    #[test]
    fn a_listing_that_took_hours_reaches_up_to_its_beginning() {
        let resumed = pass(Listing::Whole, None, Some(17_190), Some(10_000));
        // Three hours later a late page shows a change of just now.
        assert_eq!(
            watermark(&resumed, at(60_800), Some(at(17_200))),
            Some(at(17_190 - 7_200))
        );
        let early = pass(Listing::Whole, None, Some(20_000), Some(10_000));
        assert_eq!(
            watermark(&early, at(50_001), Some(at(10_001))),
            Some(at(10_000)),
            "Okta's clocks may differ"
        );
        let silent = pass(Listing::Whole, None, Some(17_190), None);
        assert_eq!(
            watermark(&silent, at(57_200), None),
            Some(at(17_190 - 7_200)),
            "this clock measures spans only"
        );
    }

    #[test]
    fn what_was_seen_once_stays_seen() {
        let quiet = pass(Listing::Moved, Some(9_000), None, Some(10_000));
        assert_eq!(watermark(&quiet, at(50_001), Some(at(10_001))), Some(at(9_000)));
        let same = pass(Listing::Moved, Some(9_000), Some(9_000), Some(10_000));
        assert_eq!(watermark(&same, at(50_005), Some(at(10_005))), Some(at(9_000)));
        let whole = pass(Listing::Whole, Some(99_000), Some(9_000), Some(10_000));
        assert_eq!(watermark(&whole, at(50_000), Some(at(10_000))), Some(at(9_000)));
    }

    #[test]
    fn only_clocks_of_okta_are_compared() {
        assert!(is_recent(Some(at(990)), Some(at(1_000))));
        assert!(!is_recent(Some(at(600)), Some(at(1_000))));
        assert!(
            is_recent(None, Some(at(1_000))) && is_recent(Some(at(1)), None),
            "nobody knows"
        );
    }
}
