//! How what events told is read again: one by one, or by a listing where that is cheaper. Pure.

use std::time::Duration;

use crate::clock::UnixMillis;
use crate::directory::inbox::Pending;
use crate::model::RunReason;

/// Users who are asked for by id in one run at most. One listing of what changed shows 200 of them, yet it lags a
/// little, takes from the bucket that everybody shares, and makes the next one reach back; so a few are quicker
/// by id.
pub const MOST_USERS: u64 = 50;
/// Deletions that are asked for in one run at most. Nothing but a full run shows them otherwise.
pub const MOST_DELETIONS: u64 = 200;
/// So many groups and memberships are always asked for one by one; whether more are depends on what a listing costs.
const FEW_GROUPS: u64 = 100;
/// Groups and memberships that are asked for in one run at most; what is left waits for the next run.
pub const MOST_BESIDE: u64 = 200;
/// Where users cannot be asked for by id, so many are listed at once, or fewer after this time.
const WORTH_A_LISTING: u64 = 25;
const PATIENCE: Duration = Duration::from_secs(2);
/// A listing reaches back behind the first event by so much: `lastUpdated` is in whole seconds, and may be written a
/// little before the event.
const REACH: Duration = Duration::from_secs(5);
/// With more users whom such a listing did not show, its times do not agree with those of the events: everything since
/// the last listing is read instead.
pub const MOST_UNSEEN: u64 = 200;
/// Users on one page of a listing.
pub const PAGE: u64 = 200;

/// Requests that may go now, of each bucket that a refresh takes from. Half of each window is there for bursts and the
/// other half is spread over its time, so that a busy hour never makes a refresh wait for the next window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spare {
    /// Users by id.
    pub by_id: u64,
    /// Listings of users, which may take what is left: each shows many.
    pub listings: u64,
    /// The groups of single users, from the bucket of the listings.
    pub memberships: u64,
    /// Groups and their members.
    pub groups: u64,
}

/// What a refresh does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Nothing moved, or what moved waits until requests can be spared.
    Nothing,
    /// Asks for each thing that moved.
    OneByOne,
    /// Asks for groups and memberships that moved; users wait for more of their kind.
    GroupsAlone,
    /// Lists who changed.
    Delta(RunReason),
    /// Lists everybody.
    Full(RunReason),
}

/// Chooses for what is waiting, in a directory with so many users. `are_groups_told` is what [`tells_groups`] says.
pub fn way(pending: &Pending, present: u64, are_groups_told: bool, spare: Spare, now: UnixMillis) -> Way {
    // Asking for one of them costs what a page of everybody costs.
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
        _ if pending.groups > 0 && !are_groups_told => listing,
        _ if !pending.is_due() => Way::Nothing,
        _ if pending.schemas => Way::OneByOne,
        _ if by_id > 0 && spare.by_id > pending.users => Way::OneByOne,
        // The more are listed at once the better.
        _ if pending.users >= WORTH_A_LISTING || waits_long(pending, now) => listing,
        _ if pending.groups > 0 && spare.memberships.min(spare.groups) > 0 => Way::GroupsAlone,
        _ => Way::Nothing,
    }
}

/// Since when a listing shows users who were updated; none: since the last listing.
pub fn back_to(pending: &Pending) -> Option<UnixMillis> {
    let oldest = pending.oldest_user.map(|oldest| oldest.minus(REACH));
    oldest.filter(|_| !pending.many && pending.unseen <= MOST_UNSEEN)
}

fn waits_long(pending: &Pending, now: UnixMillis) -> bool {
    pending
        .oldest_user
        .is_some_and(|oldest| oldest.age(now) >= PATIENCE)
}

/// Whether groups and memberships are asked for one by one beside a listing of users, where listing the members of all
/// groups concerned takes so many requests. A busy org moves a large group with every event, and its members would be
/// listed again and again.
pub fn tells_groups(pending: &Pending, cost_of_listing: u64) -> bool {
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
    fn groups_are_asked_for_as_told_until_listing_them_is_cheaper() {
        let tells = |groups, many, cost| {
            let pending = pending(|pending| (pending.groups, pending.many) = (groups, many));
            tells_groups(&pending, cost)
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
