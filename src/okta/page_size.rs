//! How many rows a listing asks for at a time. It shrinks when Okta cannot deliver that many and grows
//! again when a number of pages went well, so that a passing trouble does not make a long run small for
//! good.
//!
//! A 500 or a time-out on a listing usually means that the page was too much for Okta's own time-out
//! (Okta "Users API", listUsers); a smaller `limit` is the cure.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use url::Url;

use crate::error::{Error, ErrorCode};

/// Below this, smaller pages only cost requests.
const SMALLEST: u32 = 10;
/// One failure may be chance; from the second of one request on, the size is blamed.
const FAILURES_BEFORE_SHRINKING: u32 = 2;
/// Pages that must go well before a larger size is tried. Doubles with each shrinking, so that a size that
/// never works is tried ever more seldom.
const FIRST_PATIENCE: u32 = 8;

/// The page size of one run, shared by all of its requests.
#[derive(Debug)]
pub struct PageSize {
    largest: u32,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    rows: u32,
    good_pages: u32,
    patience: u32,
}

impl PageSize {
    /// Starts with this many rows (`sync.page_size`) and never asks for more.
    pub fn new(rows: u32) -> PageSize {
        let largest = rows.max(1);
        let state = State {
            rows: largest,
            good_pages: 0,
            patience: FIRST_PATIENCE,
        };
        PageSize {
            largest,
            state: Mutex::new(state),
        }
    }

    /// Rows to ask for now.
    pub fn rows(&self) -> u32 {
        self.state().rows
    }

    /// A page came back.
    pub(super) fn note_success(&self) {
        let mut state = self.state();
        if state.rows == self.largest {
            return;
        }
        state.good_pages += 1;
        if state.good_pages >= state.patience {
            state.good_pages = 0;
            state.rows = state.rows.saturating_mul(2).min(self.largest);
        }
    }

    /// A request that asked for `rows` failed, for the `failures`-th time. Tells the new size if that halved
    /// it. Of many requests in flight that fail together, only the first one halves.
    pub(super) fn note_failure(&self, error: &Error, rows: u32, failures: u32) -> Option<u32> {
        // Okta's edge gives up on a long listing with a bare 504; when Okta is read-only, it says so with a
        // code of its own.
        let edge_gave_up = error.code() == ErrorCode::OktaUnavailable && error.okta_error().is_none();
        let may_be_size =
            edge_gave_up || matches!(error.code(), ErrorCode::OktaInternal | ErrorCode::TimedOut);
        if !may_be_size {
            return None;
        }
        let mut state = self.state();
        if failures < FAILURES_BEFORE_SHRINKING || rows != state.rows || state.rows <= SMALLEST {
            return None;
        }
        state.rows = (state.rows / 2).max(SMALLEST);
        state.good_pages = 0;
        state.patience = state.patience.saturating_mul(2);
        Some(state.rows)
    }

    /// Gives the query of a listing this many rows; one without `limit` is left alone.
    pub(super) fn apply(rows: u32, url: &mut Url) {
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
        // Every change leaves a usable size: a panic elsewhere does no harm.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinks_from_the_second_failure_of_a_request_down_to_the_smallest() {
        let size = PageSize::new(200);
        let internal = Error::new(ErrorCode::OktaInternal);
        assert_eq!(size.note_failure(&internal, 200, 1), None);
        let steps: Vec<_> = (2..8)
            .map(|failures| size.note_failure(&internal, size.rows(), failures))
            .collect();
        assert_eq!(steps, [Some(100), Some(50), Some(25), Some(12), Some(10), None]);
        size.note_success();
        assert_eq!(size.rows(), 10, "one good page proves nothing");
    }

    #[test]
    fn requests_that_fail_together_halve_once() {
        let size = PageSize::new(200);
        let timed_out = Error::new(ErrorCode::TimedOut);
        for failures in [1, 2] {
            let halved = (0..16).filter_map(|_| size.note_failure(&timed_out, 200, failures));
            assert_eq!(halved.count(), failures as usize - 1);
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
                assert_eq!(size.note_failure(&internal, 200, 2), Some(100));
                good_pages_until_grown()
            })
            .collect();
        assert_eq!(waits, [Some(16), Some(32), Some(64), Some(128)]);
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
            assert_eq!(size.note_failure(&Error::new(code), 5, 2), None);
        }
        assert_eq!(size.rows(), 5);
        let size = PageSize::new(200);
        let read_only = Error::new(ErrorCode::OktaUnavailable).okta_error_code("E0000010");
        assert!((1..9).all(|failures| size.note_failure(&read_only, 200, failures).is_none()));
    }
}
