//! How many rows a listing requests at a time. The size shrinks when Okta cannot deliver that many rows, or when
//! they exceed the largest number of bytes. It grows again after a number of good pages, so that one failure does
//! not slow down the whole run.
//!
//! A 500 or a time-out on a listing usually means that the page was too much for Okta's own time-out (Okta
//! "Users API", listUsers); a smaller `limit` is the cure.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use url::Url;

use crate::contract::errors::{Error, ErrorCode};

/// Below this size, smaller pages only cost more requests. The size still goes lower if the rows are so large that
/// only a few fit into one answer.
const SMALLEST: u32 = 10;
/// The first failure of a request may be chance. From the second one on, the size counts as the cause.
const FAILURES_BEFORE_SHRINKING: u32 = 2;
/// How many good pages are needed before a larger size is tried. The number doubles each time that size fails, so a
/// size that never works is tried ever more rarely.
const FIRST_PATIENCE: u32 = 8;

/// The page size of one run, shared by all of its requests.
#[derive(Debug)]
pub struct PageSize {
    largest: u32,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// How often the largest size is halved at present.
    halvings: usize,
    /// The number of good pages since the size changed.
    good_pages: u32,
    /// For the largest size, its half and so on: how many good pages are needed before that size is tried again.
    patience: Vec<u32>,
}

/// The failures of one request that may be caused by its page size.
#[derive(Debug, Default)]
pub(in crate::okta) struct Suspicion {
    /// The page size that failed.
    rows: u32,
    failures: u32,
}

impl Suspicion {
    /// Counts a failure. If another request has changed the size meanwhile, counting starts again, because earlier
    /// failures say nothing about the new size.
    fn count(&mut self, rows: u32) -> u32 {
        if rows != self.rows {
            *self = Suspicion { rows, failures: 0 };
        }
        self.failures += 1;
        self.failures
    }
}

impl PageSize {
    /// Starts with this many rows (`sync.page_size`) and never asks for more.
    pub fn new(rows: u32) -> PageSize {
        PageSize {
            largest: rows.max(1),
            state: Mutex::default(),
        }
    }

    /// How many rows to request now.
    pub fn rows(&self) -> u32 {
        self.halved(self.state().halvings)
    }

    /// Notes that a page arrived.
    pub(in crate::okta) fn note_success(&self) {
        let mut state = self.state();
        let Some(larger) = state.halvings.checked_sub(1) else {
            return;
        };
        state.good_pages += 1;
        if state.good_pages >= state.patience[larger] {
            state.good_pages = 0;
            state.halvings = larger;
        }
    }

    /// Notes that a request for `rows` failed. Returns the new size if the failure halved it. If several requests
    /// in flight fail together, only the first failure halves the size.
    pub(in crate::okta) fn note_failure(
        &self,
        error: &Error,
        rows: u32,
        suspicion: &mut Suspicion,
    ) -> Option<u32> {
        // Okta's edge answers a listing that takes too long with a bare 504. A read-only Okta says so with an error
        // code.
        let edge_gave_up = error.code() == ErrorCode::OktaUnavailable && error.okta_error().is_none();
        let may_be_size =
            edge_gave_up || matches!(error.code(), ErrorCode::OktaInternal | ErrorCode::TimedOut);
        let is_size = error.code() == ErrorCode::BodyTooLarge;
        if !may_be_size && !is_size {
            return None;
        }
        let failures = suspicion.count(rows);
        let (patience, smallest) = match is_size {
            true => (1, 1),
            false => (FAILURES_BEFORE_SHRINKING, SMALLEST),
        };
        let mut state = self.state();
        let is_old = rows != self.halved(state.halvings);
        if failures < patience || is_old || rows <= smallest {
            return None;
        }
        let failed = state.halvings;
        if failed == state.patience.len() {
            state.patience.push(FIRST_PATIENCE);
        }
        state.patience[failed] = state.patience[failed].saturating_mul(2);
        state.good_pages = 0;
        state.halvings = failed + 1;
        suspicion.rows = self.halved(state.halvings);
        Some(suspicion.rows)
    }

    /// The largest size, halved `times` times. It stops at the smallest size for one step, and ends at one row.
    fn halved(&self, times: usize) -> u32 {
        (0..times).fold(self.largest, |rows, _| match rows > SMALLEST {
            true => (rows / 2).max(SMALLEST),
            false => (rows / 2).max(1),
        })
    }

    /// Sets the page size in the query of a listing. A query without `limit` stays as it is.
    pub(in crate::okta) fn apply(rows: u32, url: &mut Url) {
        let is_other = |(name, value): (_, Cow<'_, str>)| {
            name == "limit" && value.parse::<u32>().is_ok_and(|limit| limit != rows)
        };
        if !url.query_pairs().any(is_other) {
            return;
        }
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let mut query = url.query_pairs_mut();
        query.clear();
        for (name, value) in pairs {
            let value = if name == "limit" { rows.to_string() } else { value };
            query.append_pair(&name, &value);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change leaves a usable state, so a poisoned lock is safe to use.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A request that has already failed once, with this many rows.
    fn once_at(rows: u32) -> Suspicion {
        Suspicion { rows, failures: 1 }
    }

    #[test]
    fn a_failure_at_a_size_that_others_have_changed_does_not_count() {
        let (size, internal) = (PageSize::new(200), Error::new(ErrorCode::OktaInternal));
        let mut suspicion = once_at(200);
        assert_eq!(size.note_failure(&internal, 200, &mut once_at(200)), Some(100));
        assert_eq!(size.note_failure(&internal, 100, &mut suspicion), None);
        assert_eq!(size.note_failure(&internal, 100, &mut suspicion), Some(50));
    }

    #[test]
    fn shrinks_from_the_second_failure_of_a_request_down_to_the_smallest() {
        let size = PageSize::new(200);
        let internal = Error::new(ErrorCode::OktaInternal);
        let mut suspicion = Suspicion::default();
        assert_eq!(size.note_failure(&internal, 200, &mut suspicion), None);
        let steps: Vec<_> = (2..8)
            .map(|_| size.note_failure(&internal, size.rows(), &mut suspicion))
            .collect();
        assert_eq!(steps, [Some(100), Some(50), Some(25), Some(12), Some(10), None]);
        size.note_success();
        assert_eq!(size.rows(), 10, "one good page proves nothing");
    }

    #[test]
    fn a_page_that_is_too_large_shrinks_at_once_and_down_to_one_row() {
        let size = PageSize::new(200);
        let too_large = Error::new(ErrorCode::BodyTooLarge);
        let mut suspicion = Suspicion::default();
        let steps: Vec<_> = (0..9)
            .map_while(|_| size.note_failure(&too_large, size.rows(), &mut suspicion))
            .collect();
        assert_eq!(steps, [100, 50, 25, 12, 10, 5, 2, 1]);
        assert_eq!(size.rows(), 1);
    }

    #[test]
    fn requests_that_fail_together_halve_once() {
        let size = PageSize::new(200);
        let timed_out = Error::new(ErrorCode::TimedOut);
        let mut suspicions: [Suspicion; 16] = Default::default();
        for halvings in [0, 1] {
            let halved = suspicions
                .iter_mut()
                .filter_map(|suspicion| size.note_failure(&timed_out, 200, suspicion));
            assert_eq!(halved.count(), halvings);
        }
        assert_eq!(size.rows(), 100);
    }

    #[test]
    fn grows_again_after_good_pages_but_ever_more_seldom() {
        let size = PageSize::new(200);
        let internal = Error::new(ErrorCode::OktaInternal);
        let good_pages_until_grown = || {
            (1..).find(|_| {
                size.note_success();
                size.rows() == 200
            })
        };
        let waits: Vec<_> = (0..4)
            .map(|_| {
                assert_eq!(size.note_failure(&internal, 200, &mut once_at(200)), Some(100));
                good_pages_until_grown()
            })
            .collect();
        assert_eq!(waits, [Some(16), Some(32), Some(64), Some(128)]);
    }

    #[test]
    fn one_bad_moment_at_many_sizes_does_not_last() {
        let size = PageSize::new(200);
        let internal = Error::new(ErrorCode::OktaInternal);
        let mut suspicion = once_at(200);
        while size
            .note_failure(&internal, size.rows(), &mut suspicion)
            .is_some()
        {}
        assert_eq!(size.rows(), 10);
        let grown: Vec<_> = (0..5 * 16)
            .map(|_| {
                size.note_success();
                size.rows()
            })
            .collect();
        assert_eq!(
            grown.into_iter().step_by(16).collect::<Vec<_>>(),
            [10, 12, 25, 50, 100]
        );
        assert_eq!(size.rows(), 200);
    }

    #[test]
    fn a_position_takes_the_size_that_is_in_force() {
        let after = |rows: u32, url: &str| {
            let mut url = Url::parse(url).expect("a URL");
            PageSize::apply(rows, &mut url);
            url.to_string()
        };
        let shrunk = "https://example.okta.com/api/v1/users?after=a%2Fb&limit=50";
        assert_eq!(after(50, shrunk), shrunk);
        assert_eq!(after(200, shrunk), shrunk.replace("50", "200"), "it grows again");
        let whole = "https://example.okta.com/api/v1/users";
        assert_eq!(after(50, whole), whole);
    }

    #[test]
    fn other_errors_and_small_pages_change_nothing() {
        let size = PageSize::new(5);
        for code in [
            ErrorCode::OktaInternal,
            ErrorCode::TimedOut,
            ErrorCode::ConnectionLost,
            ErrorCode::RateLimited,
        ] {
            assert_eq!(size.note_failure(&Error::new(code), 5, &mut once_at(5)), None);
        }
        assert_eq!(size.rows(), 5);
        let size = PageSize::new(200);
        let read_only = Error::new(ErrorCode::OktaUnavailable).okta_error_code("E0000010");
        let mut suspicion = once_at(200);
        assert!((1..9).all(|_| size.note_failure(&read_only, 200, &mut suspicion).is_none()));
        assert_eq!(suspicion.failures, 1);
    }
}
