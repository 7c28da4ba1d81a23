//! How what events told is read again: one by one, or by a listing where that is cheaper. Pure.

use crate::directory::inbox::Pending;
use crate::http::rate_window::Room;
use crate::model::RunReason;

/// Users who are asked for by id in one run at most. One listing of what changed shows 200 of them, yet it lags a
/// little, takes from the bucket that everybody shares, and makes the next one reach back; so a few are quicker
/// by id.
pub const MOST_USERS: u64 = 50;
/// Deletions that are asked for in one run at most. Nothing but a full run shows them otherwise.
pub const MOST_DELETIONS: u64 = 200;
/// Groups and memberships that are asked for in one run at most; with more, a listing shows which groups moved.
pub const MOST_GROUPS: u64 = 100;
/// The same beside a listing of users; what is left waits for the next run.
pub const MOST_BESIDE: u64 = 200;
/// Users on one page of a listing.
pub const PAGE: u64 = 200;
/// What a refresh does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Nothing moved.
    Nothing,
    /// Asks for each thing that moved.
    OneByOne,
    /// Lists who changed.
    Delta(RunReason),
    /// Lists everybody.
    Full(RunReason),
}

/// Chooses for what is waiting, in a directory with so many users.
pub fn way(pending: &Pending, present: u64) -> Way {
    // Asking for one of them costs what a page of everybody costs.
    let pages = present.div_ceil(PAGE) + MOST_DELETIONS;
    match pending {
        _ if pending.everybody => Way::Full(RunReason::EventsLost),
        _ if pending.deletions > pages => Way::Full(RunReason::ManyEvents),
        _ if pending.many || pending.users > MOST_USERS => Way::Delta(RunReason::ManyEvents),
        _ if pending.groups > MOST_GROUPS => Way::Delta(RunReason::ManyEvents),
        _ if pending.is_due() => Way::OneByOne,
        _ => Way::Nothing,
    }
}

/// Whether groups and memberships are asked for one by one beside a listing of users, where listing the members of all
/// groups concerned takes so many requests. A busy org moves a large group with every event, and its members would be
/// listed again and again.
pub fn tells_groups(pending: &Pending, cost_of_listing: u64) -> bool {
    !pending.many && (pending.groups <= MOST_GROUPS || pending.groups < cost_of_listing)
}

/// Whether `left` more users may be asked for by id: at most half of what the bucket leaves now, so that the next
/// refresh, and whoever else looks up a user, finds room.
pub fn leaves_room(left: u64, room: Option<Room>) -> bool {
    room.is_none_or(|room| left <= room.now / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(change: impl FnOnce(&mut Pending)) -> Pending {
        let mut pending = Pending::default();
        change(&mut pending);
        pending
    }

    #[test]
    fn a_few_are_asked_for_and_many_are_listed() {
        let way = |change: fn(&mut Pending)| way(&pending(change), 10_000);
        assert_eq!(way(|_| {}), Way::Nothing);
        assert_eq!(
            way(|pending| pending.all = 7),
            Way::Nothing,
            "they wait for their time"
        );
        assert_eq!(way(|pending| pending.users = MOST_USERS), Way::OneByOne);
        let many = Way::Delta(RunReason::ManyEvents);
        assert_eq!(way(|pending| pending.users = MOST_USERS + 1), many);
        assert_eq!(way(|pending| pending.groups = MOST_GROUPS + 1), many);
        assert_eq!(way(|pending| pending.many = true), many);
        assert_eq!(way(|pending| pending.schemas = true), Way::OneByOne);
    }

    #[test]
    fn deletions_are_asked_for_until_everybody_is_cheaper() {
        let way = |deletions, present| way(&pending(|pending| pending.deletions = deletions), present);
        assert_eq!(way(250, 10_000), Way::OneByOne);
        assert_eq!(way(251, 10_000), Way::Full(RunReason::ManyEvents));
        assert_eq!(way(5_000, 1_000_000), Way::OneByOne);
    }

    #[test]
    fn groups_are_asked_for_as_told_until_listing_them_is_cheaper() {
        let tells = |groups, many, cost| {
            let pending = pending(|pending| (pending.groups, pending.many) = (groups, many));
            tells_groups(&pending, cost)
        };
        assert!(tells(MOST_GROUPS, false, 1) && tells(500, false, 800));
        assert!(!tells(500, false, 400) && !tells(1, true, 800));
    }

    #[test]
    fn what_may_be_lost_needs_everybody() {
        let lost = pending(|pending| {
            pending.everybody = true;
            pending.many = true;
        });
        assert_eq!(way(&lost, 10), Way::Full(RunReason::EventsLost));
    }

    #[test]
    fn half_of_the_room_is_left_to_others() {
        let room = |now| {
            Some(Room {
                now,
                each_window: 600,
            })
        };
        assert!(leaves_room(50, None) && leaves_room(50, room(100)) && !leaves_room(51, room(100)));
    }
}
