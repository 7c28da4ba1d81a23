//! How often Okta is asked again for what it does not show as it was told. Pure.
//!
//! An event may come a moment before Okta shows what it tells of: a deletion takes its time, and a new group may not be
//! there yet. What Okta shows is the truth meanwhile and is published. It is asked a few times more, because nothing
//! but a full run shows a deletion otherwise; an announced deletion that only deactivates must not be asked for for
//! ever.

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
