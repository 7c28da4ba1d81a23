//! How often Okta is asked again while it does not show what an event says. Pure.
//!
//! An event may come before Okta shows its change: a deletion takes its time, and a new group may not be there yet.
//! Meanwhile what Okta shows is published. Okta is asked again, because otherwise only a full run would show a
//! deletion; but not for ever, because an announced deletion may only deactivate the user.

use std::time::Duration;

use crate::clock::UnixMillis;

/// The first wait; each one is twice as long as the one before.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// How often Okta is asked again, which takes about eight minutes.
const MOST_ASKED: u32 = 8;

/// When to ask again, after Okta was asked `asked` times; none leaves it to the next full or delta run.
pub fn asked_again(asked: u32, now: UnixMillis) -> Option<UnixMillis> {
    (asked < MOST_ASKED).then(|| now.plus(FIRST_WAIT * (1 << asked)))
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
}
