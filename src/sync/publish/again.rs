//! How often Okta is asked again when it does not show yet what an event says. Pure.
//!
//! An event may arrive before Okta shows its change: a deletion takes time, and a new group may not be visible yet.
//! Until then the state that Okta shows is published. Okta is asked again, because otherwise only a full run would
//! notice a deletion. It is not asked for ever, because an announced deletion may only deactivate the user.
//!
//! What could not be read because of an error is tried again too, for a few minutes.

use std::time::Duration;

use crate::clock::UnixMillis;

/// The first wait; each one is twice as long as the one before.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// How often Okta is asked again, which takes about eight minutes.
const MOST_ASKED: u32 = 8;

/// The wait after the first failure to read something; each further failure doubles it, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// How often something is tried again, which takes about five minutes.
const MOST_TRIED: u32 = 8;

/// When to ask again, after Okta was asked `asked` times. None leaves it to the next full or delta run.
pub fn asked_again(asked: u32, now: UnixMillis) -> Option<UnixMillis> {
    (asked < MOST_ASKED).then(|| now.plus(FIRST_WAIT * (1 << asked)))
}

/// When to try again to read something, after this many failures. None gives up.
pub fn tried_again(failures: u32, now: UnixMillis) -> Option<UnixMillis> {
    let pause = || (FIRST_PAUSE * (1 << failures)).min(LONGEST_PAUSE);
    (failures < MOST_TRIED).then(|| now.plus(pause()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_come_is_waited_for_some_minutes() {
        let start = UnixMillis(1_700_000_000_000);
        let (mut now, mut asked) = (start, 0);
        while let Some(next) = asked_again(asked, now) {
            assert!(next > now);
            (now, asked) = (next, asked + 1);
        }
        assert_eq!((start.age(now).as_secs(), asked), (510, MOST_ASKED));
        assert!(asked_again(u32::MAX, now).is_none());
    }

    #[test]
    fn what_cannot_be_read_is_tried_for_some_minutes_and_soon_at_first() {
        let start = UnixMillis(1_700_000_000_000);
        let (mut now, mut failures) = (start, 0);
        while let Some(next) = tried_again(failures, now) {
            assert!(next > now && now.age(next) <= LONGEST_PAUSE);
            (now, failures) = (next, failures + 1);
        }
        assert_eq!((start.age(now).as_secs(), failures), (315, MOST_TRIED));
        assert!(tried_again(u32::MAX, start).is_none());
    }
}
