//! How many requests may be in flight at once. Pure: the caller reports every answer.
//!
//! It begins with a few and doubles while all goes well. It halves when Okta says that too many are in flight (the
//! concurrency 429, which no header announces), and then grows by one at a time. If more requests are in flight
//! than Okta can answer in about the usual time, they only queue there; so growth stops when answers become slow.

use std::time::Duration;

/// How many requests a run begins with. That is enough to be quick, and a small part of the 35 to 75 that an org
/// allows (Okta "Concurrent rate limits").
const FIRST: usize = 8;
/// After a halving, one more is tried only after this many good answers for each request in flight. The org is busy,
/// and every refused request is a lost one.
const CAUTION: usize = 8;
/// If answers take this much longer than the quickest one, requests queue at Okta. The constant part prevents that
/// a fast connection is judged by a few milliseconds.
const SLOW_FACTOR: u32 = 3;
const SLOW_ALLOWANCE: Duration = Duration::from_millis(150);

/// The present limit of requests in flight.
#[derive(Clone, Debug)]
pub struct InFlight {
    most: usize,
    allowed: usize,
    /// Up to this number the limit grows with every answer, above it slowly.
    threshold: usize,
    /// Good answers since the last step.
    good: usize,
    /// How many requests from before the last halving are still unanswered. Their refusals do not halve the limit
    /// again.
    old: usize,
    limited: u64,
    quickest: Option<Duration>,
}

impl InFlight {
    /// Allows at most `most` requests at once (`sync.max_in_flight`).
    pub fn new(most: usize) -> InFlight {
        let most = most.max(1);
        InFlight {
            most,
            allowed: FIRST.min(most),
            threshold: most,
            good: 0,
            old: 0,
            limited: 0,
            quickest: None,
        }
    }

    /// How many may be in flight now.
    pub fn allowed(&self) -> usize {
        self.allowed
    }

    /// The latency of the quickest answer.
    pub fn quickest(&self) -> Duration {
        self.quickest.unwrap_or_default()
    }

    /// Notes an answer that took `latency`.
    pub fn answered(&mut self, latency: Duration) {
        self.old = self.old.saturating_sub(1);
        let quickest = self.quickest.map_or(latency, |known| known.min(latency));
        self.quickest = Some(quickest);
        if latency > quickest * SLOW_FACTOR + SLOW_ALLOWANCE {
            self.good = 0;
            return;
        }
        self.good += 1;
        let patience = match self.allowed < self.threshold {
            true => 1,
            false => self.allowed * CAUTION,
        };
        if self.good >= patience && self.allowed < self.most {
            self.allowed += 1;
            self.good = 0;
        }
    }

    /// Notes that `total` answers so far were concurrency 429s. Returns the new limit if this halved it.
    pub fn limited(&mut self, total: u64) -> Option<usize> {
        let is_news = total > self.limited && self.old == 0;
        self.limited = total;
        if !is_news {
            return None;
        }
        self.old = self.allowed;
        self.allowed = (self.allowed / 2).max(1);
        self.threshold = self.allowed;
        self.good = 0;
        Some(self.allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const QUICK: Duration = Duration::from_millis(100);

    #[test]
    fn it_doubles_with_each_round_up_to_the_most() {
        let mut in_flight = InFlight::new(16);
        let mut rounds = vec![in_flight.allowed()];
        for _ in 0..3 {
            (0..in_flight.allowed()).for_each(|_| in_flight.answered(QUICK));
            rounds.push(in_flight.allowed());
        }
        assert_eq!(rounds, [8, 16, 16, 16]);
        assert_eq!(InFlight::new(1).allowed(), 1);
        assert_eq!(InFlight::new(0).allowed(), 1);
    }

    #[test]
    fn a_burst_of_refusals_halves_once_and_growth_is_slow_afterwards() {
        let mut in_flight = InFlight::new(16);
        (0..40).for_each(|_| in_flight.answered(QUICK));
        assert_eq!(in_flight.limited(3), Some(8));
        assert_eq!(in_flight.limited(9), None, "the same burst");
        (0..16).for_each(|_| in_flight.answered(QUICK));
        assert_eq!(in_flight.limited(9), None, "nothing new");
        assert_eq!(in_flight.allowed(), 8);
        assert_eq!(in_flight.limited(10), Some(4));
        let answers = (1..).find(|_| {
            in_flight.answered(QUICK);
            in_flight.allowed() == 5
        });
        assert_eq!(answers, Some(4 * CAUTION));
    }

    #[test]
    fn slow_answers_stop_the_growth() {
        let mut in_flight = InFlight::new(16);
        in_flight.answered(QUICK);
        (0..100).for_each(|_| in_flight.answered(Duration::from_millis(500)));
        assert_eq!(in_flight.allowed(), FIRST + 1);
    }

    proptest! {
        #[test]
        fn it_stays_between_one_and_the_most(
            most in 1_usize..50,
            events in prop::collection::vec((any::<bool>(), 0_u64..2_000), 0..400),
        ) {
            let mut in_flight = InFlight::new(most);
            let mut total = 0;
            for (refused, millis) in events {
                if refused {
                    total += 1;
                    in_flight.limited(total);
                } else {
                    in_flight.answered(Duration::from_millis(millis));
                }
                prop_assert!((1..=most).contains(&in_flight.allowed()));
            }
        }
    }
}
