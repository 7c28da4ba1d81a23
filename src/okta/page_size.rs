//! How many rows a listing asks for at a time. It shrinks when Okta cannot deliver that many and stays so
//! for the rest of the run.
//!
//! A 500 or a time-out on a listing usually means that the page was too much for Okta's own time-out
//! (Okta "Users API", listUsers); a smaller `limit` is the cure.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::error::{Error, ErrorCode};

/// Below this, smaller pages only cost requests.
const SMALLEST: u32 = 10;
/// One failure may be chance; from the second in a row on, the size is blamed.
const FAILURES_BEFORE_SHRINKING: u32 = 2;

/// The page size of one run, shared by all of its requests.
#[derive(Debug)]
pub struct PageSize {
    rows: AtomicU32,
    failures_in_a_row: AtomicU32,
}

impl PageSize {
    /// Starts with this many rows (`sync.page_size`).
    pub fn new(rows: u32) -> PageSize {
        PageSize {
            rows: AtomicU32::new(rows.max(1)),
            failures_in_a_row: AtomicU32::new(0),
        }
    }

    /// Rows to ask for now.
    pub fn rows(&self) -> u32 {
        self.rows.load(Ordering::Relaxed)
    }

    /// A page came back.
    pub(super) fn note_success(&self) {
        self.failures_in_a_row.store(0, Ordering::Relaxed);
    }

    /// A page failed. Tells the new size if that halved it.
    pub(super) fn note_failure(&self, error: &Error) -> Option<u32> {
        // Okta's edge gives up on a long listing with a bare 504; when Okta is read-only, it says so with a
        // code of its own.
        let edge_gave_up = error.code() == ErrorCode::OktaUnavailable && error.okta_error().is_none();
        let may_be_size =
            edge_gave_up || matches!(error.code(), ErrorCode::OktaInternal | ErrorCode::TimedOut);
        if !may_be_size {
            return None;
        }
        let failures = self.failures_in_a_row.fetch_add(1, Ordering::Relaxed) + 1;
        let rows = self.rows();
        if failures < FAILURES_BEFORE_SHRINKING || rows <= SMALLEST {
            return None;
        }
        let smaller = (rows / 2).max(SMALLEST);
        self.rows.store(smaller, Ordering::Relaxed);
        Some(smaller)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinks_from_the_second_failure_in_a_row_down_to_the_smallest() {
        let size = PageSize::new(200);
        let internal = Error::new(ErrorCode::OktaInternal);
        assert_eq!(size.note_failure(&internal), None);
        size.note_success();
        assert_eq!(size.note_failure(&internal), None);
        let steps: Vec<_> = (0..6).map(|_| size.note_failure(&internal)).collect();
        assert_eq!(steps, [Some(100), Some(50), Some(25), Some(12), Some(10), None]);
        size.note_success();
        assert_eq!(size.rows(), 10, "it stays small");
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
            assert_eq!(size.note_failure(&Error::new(code)), None);
        }
        assert_eq!(size.rows(), 5);
        let size = PageSize::new(200);
        let read_only = Error::new(ErrorCode::OktaUnavailable).okta_error_code("E0000010");
        assert!((0..9).all(|_| size.note_failure(&read_only).is_none()));
    }
}
