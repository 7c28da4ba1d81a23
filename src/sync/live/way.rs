//! Chooses how a refresh reads again what events name: one by one, or by a listing if that is cheaper. Pure.

use std::time::Duration;

use crate::clock::UnixMillis;
use crate::directory::inbox::Pending;
use crate::model::RunReason;

/// The most users that one run requests by id. One page of a listing shows 200 users. But a listing lags a little,
/// takes from the bucket that all clients share, and makes the next listing reach back. So a few users are quicker by
/// id.
pub const MOST_USERS: u64 = 50;
/// The most deletions that one run requests. Otherwise only a full run shows them.
pub const MOST_DELETIONS: u64 = 200;
/// Up to so many groups and memberships are always requested one by one. For more it depends on what a listing costs.
const FEW_GROUPS: u64 = 100;
/// The most groups and memberships that one run requests; the others wait for the next run.
pub const MOST_BESIDE: u64 = 200;
/// If users cannot be requested by id, a listing is worth it for so many users, or for fewer after [`PATIENCE`].
const WORTH_A_LISTING: u64 = 25;
const PATIENCE: Duration = Duration::from_secs(2);
/// How far before the first event a listing begins: `lastUpdated` is in whole seconds, and Okta may write it a little
/// before the event.
const REACH: Duration = Duration::from_secs(5);
/// If such a listing did not show more users than this, its times do not agree with those of the events. Then
/// everything since the last listing is read.
pub const MOST_UNSEEN: u64 = 200;
/// Users on one page of a listing.
pub const PAGE: u64 = 200;

/// How many requests may be sent now, for each bucket that a refresh uses. Half of each window is kept for bursts, and
/// the other half is spread over the window's time, so that a refresh never waits for the next window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spare {
    /// For users by id.
    pub by_id: u64,
    /// For listings of users. They may take all that is left, because each shows many users.
    pub listings: u64,
    /// For the groups of single users, from the bucket of the listings.
    pub memberships: u64,
    /// For groups and their members.
    pub groups: u64,
}

/// What a refresh does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Nothing: nothing moved, or what moved waits until there are requests to spare.
    Nothing,
    /// Requests each object that moved.
    OneByOne,
    /// Requests groups and memberships that moved. Users wait until a listing is worth it.
    GroupsAlone,
    /// Lists the users who changed.
    Delta(RunReason),
    /// Lists all users.
    Full(RunReason),
}

/// Chooses what to do about `pending`, in a directory with `present` users. `groups_singly` comes from
/// [`are_groups_read_singly`].
pub fn way(pending: &Pending, present: u64, groups_singly: bool, spare: Spare, now: UnixMillis) -> Way {
    // One deletion costs a request, as a page of a full run does.
    let pages = present.div_ceil(PAGE) + MOST_DELETIONS;
    let by_id = pending.users + pending.deletions;
    let listing = match spare.listings {
        0 => Way::Nothing,
        _ => Way::Delta(RunReason::ManyEvents),
    };
    match pending {
        _ if pending.everybody => Way::Full(RunReason::EventsLost),
        _ if pending.deletions > pages => Way::Full(RunReason::ManyEvents),
        _ if pending.many || pending.users > MOST_USERS => listing,
        _ if pending.groups > 0 && !groups_singly => listing,
        _ if !pending.is_due() => Way::Nothing,
        _ if pending.schemas => Way::OneByOne,
        _ if by_id > 0 && spare.by_id > pending.users => Way::OneByOne,
        // A listing is cheaper the more users it shows, so a few users wait for others.
        _ if pending.users >= WORTH_A_LISTING || waits_long(pending, now) => listing,
        _ if pending.groups > 0 && spare.memberships.min(spare.groups) > 0 => Way::GroupsAlone,
        _ => Way::Nothing,
    }
}

/// The time from which a listing shows updated users; none if it must begin at the last listing.
pub fn back_to(pending: &Pending) -> Option<UnixMillis> {
    let oldest = pending.oldest_user.map(|oldest| oldest.minus(REACH));
    oldest.filter(|_| !pending.many && pending.unseen <= MOST_UNSEEN)
}

fn waits_long(pending: &Pending, now: UnixMillis) -> bool {
    pending
        .oldest_user
        .is_some_and(|oldest| oldest.age(now) >= PATIENCE)
}

/// Whether groups and memberships are requested one by one beside a listing of users. `cost_of_listing` is how many
/// requests a listing of the members of these groups takes. In a busy org nearly every event moves a large group, whose
/// members would otherwise be listed again and again.
pub fn are_groups_read_singly(pending: &Pending, cost_of_listing: u64) -> bool {
    !pending.many && (pending.groups <= FEW_GROUPS || pending.groups < cost_of_listing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(change: impl FnOnce(&mut Pending)) -> Pending {
        let mut pending = Pending::default();
        change(&mut pending);
        pending
    }

    const NOW: UnixMillis = UnixMillis(1_705_311_000_000);
    const PLENTY: Spare = Spare {
        by_id: 900,
        listings: 540,
        memberships: 250,
        groups: 200,
    };

    #[test]
    fn a_few_are_asked_for_and_many_are_listed() {
        let way = |change: fn(&mut Pending)| way(&pending(change), 10_000, true, PLENTY, NOW);
        assert_eq!(way(|_| {}), Way::Nothing);
        assert_eq!(
            way(|pending| pending.all = 7),
            Way::Nothing,
            "they wait for their time"
        );
        assert_eq!(way(|pending| pending.users = MOST_USERS), Way::OneByOne);
        let many = Way::Delta(RunReason::ManyEvents);
        assert_eq!(way(|pending| pending.users = MOST_USERS + 1), many);
        assert_eq!(way(|pending| pending.many = true), many);
        assert_eq!(way(|pending| pending.schemas = true), Way::OneByOne);
    }

    #[test]
    fn groups_that_are_cheaper_to_list_are_listed() {
        let told = pending(|pending| pending.groups = 500);
        assert_eq!(way(&told, 10_000, true, PLENTY, NOW), Way::GroupsAlone);
        assert_eq!(
            way(&told, 10_000, false, PLENTY, NOW),
            Way::Delta(RunReason::ManyEvents)
        );
    }

    #[test]
    fn deletions_are_asked_for_until_everybody_is_cheaper() {
        let way = |deletions, present| {
            let pending = pending(|pending| pending.deletions = deletions);
            way(&pending, present, true, PLENTY, NOW)
        };
        assert_eq!(way(250, 10_000), Way::OneByOne);
        assert_eq!(way(251, 10_000), Way::Full(RunReason::ManyEvents));
        assert_eq!(way(5_000, 1_000_000), Way::OneByOne);
    }

    #[test]
    fn what_can_wait_goes_where_requests_are_left_or_waits() {
        let spare = |by_id, listings, groups| Spare {
            by_id,
            listings,
            memberships: listings,
            groups,
        };
        let users = pending(|pending| pending.users = 20);
        let long = pending(|pending| {
            pending.users = 20;
            pending.oldest_user = Some(NOW.minus(PATIENCE));
        });
        let many = Way::Delta(RunReason::ManyEvents);
        assert_eq!(way(&users, 10_000, true, spare(21, 0, 0), NOW), Way::OneByOne);
        assert_eq!(way(&users, 10_000, true, spare(20, 1, 9), NOW), Way::Nothing);
        assert_eq!(way(&long, 10_000, true, spare(20, 1, 9), NOW), many);
        assert_eq!(way(&users, 10_000, true, spare(20, 0, 9), NOW), Way::Nothing);
        let deletions = pending(|pending| pending.deletions = 20);
        assert_eq!(way(&deletions, 10_000, true, spare(1, 0, 0), NOW), Way::OneByOne);
        assert_eq!(way(&deletions, 10_000, true, spare(0, 9, 9), NOW), Way::Nothing);
        let groups = pending(|pending| pending.groups = 20);
        assert_eq!(way(&groups, 10_000, true, spare(0, 1, 1), NOW), Way::GroupsAlone);
        assert_eq!(way(&groups, 10_000, true, spare(9, 0, 9), NOW), Way::Nothing);
        assert_eq!(way(&groups, 10_000, true, spare(9, 9, 0), NOW), Way::Nothing);
    }

    #[test]
    fn a_listing_reaches_back_to_the_first_event_unless_events_do_not_say_enough() {
        let back_to = |unseen, many| {
            back_to(&pending(|pending| {
                pending.oldest_user = Some(NOW);
                (pending.unseen, pending.many) = (unseen, many);
            }))
        };
        assert_eq!(back_to(MOST_UNSEEN, false), Some(NOW.minus(REACH)));
        assert_eq!(back_to(MOST_UNSEEN + 1, false), None);
        assert_eq!(back_to(0, true), None);
    }

    #[test]
    fn groups_that_events_name_are_asked_for_until_listing_them_is_cheaper() {
        let tells = |groups, many, cost| {
            let pending = pending(|pending| (pending.groups, pending.many) = (groups, many));
            are_groups_read_singly(&pending, cost)
        };
        assert!(tells(FEW_GROUPS, false, 1) && tells(500, false, 800));
        assert!(!tells(500, false, 400) && !tells(1, true, 800));
    }

    #[test]
    fn what_may_be_lost_needs_everybody() {
        let lost = pending(|pending| {
            pending.everybody = true;
            pending.many = true;
        });
        assert_eq!(
            way(&lost, 10, false, PLENTY, NOW),
            Way::Full(RunReason::EventsLost)
        );
    }
}
