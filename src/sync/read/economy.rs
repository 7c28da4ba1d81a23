//! How many additional requests a run may use in order to be quick. Pure.
//!
//! A single cursor requests each page once, one after the other. Several slices at once are quicker, but they need
//! more requests: those that find out where to cut, and for each slice a last page that is not full. That is worth
//! a small share of all requests. If the rate limit decides how long the run takes, it is worth none, because more
//! requests would only make the run longer.

use std::time::Duration;

use crate::http::rate_window::Room;

/// The share of the expected pages that may be spent, in percent.
const SHARE: u64 = 15;
/// The share of the pages read so far, in percent, if the number of pages is unknown. Those pages include the
/// additional requests.
const SHARE_OF_READ: u64 = 13;
/// A window of Okta's rate limits.
const WINDOW: Duration = Duration::from_secs(60);

/// How many requests beyond one for each page a run may use, and how many it has used.
#[derive(Clone, Copy, Debug, Default)]
pub struct Economy {
    pages: u64,
    spent: u64,
}

impl Economy {
    /// The budget for `users` users in pages of `rows`; `users` is 0 if their number is unknown.
    pub fn new(users: u64, rows: u32) -> Economy {
        Economy {
            pages: users.div_ceil(u64::from(rows.max(1))),
            spent: 0,
        }
    }

    /// The expected number of pages; 0 if unknown.
    pub fn pages(&self) -> u64 {
        self.pages
    }

    /// How many additional requests are left after `read` pages.
    pub fn left(&self, read: u64) -> u64 {
        let share = (self.pages * SHARE).max(read * SHARE_OF_READ) / 100;
        share.saturating_sub(self.spent)
    }

    /// Notes that additional requests were used.
    pub fn spend(&mut self, requests: u64) {
        self.spent += requests;
    }
}

/// How many of the `wanted` additional requests cost no time, beside those for `pages`, if an answer takes
/// `latency`.
pub fn beside(room: Option<Room>, pages: u64, wanted: u64, latency: Duration) -> u64 {
    let Some(room) = room else {
        return wanted;
    };
    if pages <= room.now {
        return wanted.min(room.now - pages);
    }
    let windows = u32::try_from(room.each_window).unwrap_or(u32::MAX);
    // If a single cursor uses up every window, further requests would only wait for the next window.
    match latency.saturating_mul(windows) <= WINDOW {
        true => 0,
        false => wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_share_of_the_pages_may_be_spent() {
        let left = |users| Economy::new(users, 200).left(0);
        assert_eq!(
            [1, 900, 1_200, 1_400, 2_000, 8_000, 20_000, 100_000].map(left),
            [0, 0, 0, 1, 1, 6, 15, 75]
        );
        let mut unknown = Economy::new(0, 200);
        assert_eq!([0, 7, 8, 100].map(|read| unknown.left(read)), [0, 0, 1, 13]);
        unknown.spend(5);
        assert_eq!((unknown.left(8), unknown.left(100)), (0, 8));
    }

    #[test]
    fn a_tight_bucket_is_left_to_the_pages() {
        let quick = Duration::from_millis(300);
        let beside = |now, each_window, pages| {
            let room = Room {
                now,
                each_window,
                spare: now,
            };
            crate::sync::read::economy::beside(Some(room), pages, 6, quick)
        };
        assert_eq!(beside(100, 600, 40), 6);
        assert_eq!((beside(44, 45, 40), beside(40, 45, 40)), (4, 0));
        assert_eq!(
            beside(30, 45, 40),
            0,
            "45 requests one after the other take less than a minute"
        );
        assert_eq!(beside(30, 600, 40), 6, "600 take three minutes");
        assert_eq!(crate::sync::read::economy::beside(None, 40, 6, quick), 6);
    }
}
