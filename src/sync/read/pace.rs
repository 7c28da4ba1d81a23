//! Estimates how many users were created in which time. The estimate decides which slice is split, and never which
//! users are read. Pure.
//!
//! It counts different times and not users: an import that created thousands of users in one second says nothing
//! about the time after it.

use std::collections::HashSet;

use crate::clock::UnixMillis;
use crate::sync::read::cut::{Outlook, SECOND, second_of};

/// How many different times a slice must have read before its own pace counts more than that of the whole run.
const MOMENTS_OF_TRUST: f64 = 20.0;
/// The number of users to expect if it is unknown. It is large enough that splitting is tried.
const USERS_IF_UNKNOWN: u64 = 20_000;

/// What one slice has read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    moments: f64,
    width: f64,
    /// Different times per millisecond on the last page.
    recent: f64,
}

/// What all slices have read.
#[derive(Debug)]
pub struct Paces {
    first: UnixMillis,
    last: UnixMillis,
    /// Different times per millisecond, as expected before anything was read.
    expected: f64,
    users: f64,
    moments: f64,
    width: f64,
    /// Seconds in which more users were created than a page holds, or seem to have been.
    storms: HashSet<UnixMillis>,
}

impl Paces {
    /// The estimate from the outlook alone.
    pub fn new(outlook: &Outlook, slices: usize) -> Paces {
        let width = (outlook.last.0.saturating_sub(outlook.first.0)).max(SECOND) as f64;
        let users = match outlook.users {
            0 => USERS_IF_UNKNOWN,
            users => users,
        };
        Paces {
            first: outlook.first,
            // The last second belongs to the range.
            last: UnixMillis(outlook.last.0.saturating_add(SECOND)),
            expected: users.max(slices as u64) as f64 / width,
            users: 0.0,
            moments: 0.0,
            width: 0.0,
            storms: outlook.storms.iter().copied().collect(),
        }
    }

    /// Whether this time lies in a second in which many users were created.
    pub fn is_storm(&self, at: UnixMillis) -> bool {
        self.storms.contains(&second_of(at))
    }

    /// Approximate times when the first and the last user were created.
    pub fn ends(&self) -> (UnixMillis, UnixMillis) {
        (self.first, self.last)
    }

    /// About how many users are left in a range of a slice with this pace. A single second counts as none, because
    /// it cannot be split.
    pub fn users_between(&self, from: UnixMillis, until: UnixMillis, pace: &Pace) -> f64 {
        let width = until.0.saturating_sub(from.0);
        if width <= SECOND {
            return 0.0;
        }
        let run = blend(self.moments, self.width, self.expected);
        let own = blend(pace.moments, pace.width, run).max(pace.recent);
        let users_a_moment = (self.users / self.moments.max(1.0)).max(1.0);
        width as f64 * own * users_a_moment
    }
}

impl Pace {
    /// Notes that a page moved the slice from `begin` to `end`. `dates` are the creation times of its users,
    /// ascending.
    pub fn read(&mut self, begin: UnixMillis, end: UnixMillis, dates: &[UnixMillis], all: &mut Paces) {
        let moments = moments(dates);
        if moments == 1.0 && dates.len() > 1 {
            all.storms.insert(second_of(end));
        }
        let width = end.0.saturating_sub(begin.0).max(0) as f64;
        self.moments += moments;
        self.width += width;
        self.recent = match width > 0.0 {
            true => (moments - 1.0).max(0.0) / width,
            false => 0.0,
        };
        all.users += dates.len() as f64;
        all.moments += moments;
        all.width += width;
    }
}

fn moments(dates: &[UnixMillis]) -> f64 {
    let steps = dates.windows(2).filter(|pair| pair[0] != pair[1]).count();
    if dates.is_empty() { 0.0 } else { (steps + 1) as f64 }
}

/// Combines the pace that was read with the expected one.
fn blend(moments: f64, width: f64, expected: f64) -> f64 {
    let trust = MOMENTS_OF_TRUST;
    (moments + trust) / (width + trust / expected.max(f64::MIN_POSITIVE))
}
