//! Decides whether what was read about groups may replace what is stored. Pure.
//!
//! Okta lists members and counts them, and either may lag or leave some out; whether the count includes
//! deactivated users is not documented. So a list is believed if it agrees with the count, or differs from it
//! by the known difference. Any other list is doubted until further readings say the same. And even lists
//! that agree with their counts may not remove many members from several groups at once.

use crate::contract::settings::{Key, Settings};
use crate::directory::groups::{Doubts, Due, Staged};
use crate::model::SyncOptions;
use crate::sync::publish::guard::Limits;

/// This many equal readings in a row are believed even if Okta counts otherwise.
const CONFIRMED_BY: u32 = 3;

/// Whether a reading is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It is believed. Okta counts this many more members than it lists.
    Believed(i64),
    /// It is not believed. Okta counts this many more members than it lists, or fewer if negative.
    Contradicted(i64),
}

/// Judges one reading of a group by Okta's present count.
pub fn reading(due: &Due, count: Option<u64>, staged: Staged, limits: &Limits) -> Judgement {
    let Some(count) = count else {
        return Judgement::Believed(0);
    };
    let difference = signed(count).saturating_sub(signed(staged.rows));
    // Once this group's count and list are known to differ, the difference may change along with the members,
    // as long as few of them are lost.
    let is_known = due.difference.signum() == difference.signum() && due.difference != 0;
    let stored = due.member_count.unwrap_or(0);
    match difference {
        0 => Judgement::Believed(0),
        _ if is_known && !limits.loses_too_many(staged.lost, stored) => Judgement::Believed(difference),
        _ => Judgement::Contradicted(difference),
    }
}

/// The doubts about a group after one more doubted reading; none if enough readings agree by now, so that it
/// is believed.
pub fn doubts(before: Doubts, rows: u64, difference: i64) -> Option<Doubts> {
    let agrees = before.count > 0 && (before.rows == rows || before.difference == difference);
    let count = if agrees { before.count + 1 } else { 1 };
    let doubts = Doubts {
        count,
        rows,
        difference,
    };
    (count < CONFIRMED_BY).then_some(doubts)
}

/// Whether `lost` memberships of `groups` groups may go, of `stored` in the directory. One group may lose all
/// of its members, because both its list and its count say so. Many groups at once look like a credential
/// that lost its view.
pub fn may_lose(lost: u64, groups: usize, stored: u64, limits: &Limits, options: SyncOptions) -> bool {
    options.confirm_absent || groups < 2 || !limits.loses_too_many(lost, stored)
}

/// Whether `gone` groups of `total` may be removed because a listing no longer shows them. The limits are
/// those for users, and all groups are never removed.
pub fn may_remove(gone: u64, total: u64, settings: &Settings, options: SyncOptions) -> bool {
    let percent = settings.integer(Key::SweepMaxAbsentPercent);
    let handful = settings.integer(Key::SweepAlwaysAllowed);
    let all = gone > 0 && gone == total;
    let many = gone > handful && gone * 100 > total * percent;
    options.confirm_absent || !(all || many)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(member_count: Option<u64>, difference: i64) -> Due {
        Due {
            group_no: 1,
            okta_id: "00g1".to_owned(),
            cursor: None,
            began: None,
            last_membership_updated: None,
            okta_count: None,
            member_count,
            difference,
            doubts: Doubts::default(),
            refusals: 0,
        }
    }

    fn judge(due: &Due, count: Option<u64>, rows: u64, lost: u64) -> Judgement {
        let limits = Limits::from_settings(&Settings::default());
        reading(due, count, Staged { rows, lost }, &limits)
    }

    #[test]
    fn a_list_is_believed_with_its_count_or_without_any() {
        let stored = due(Some(25), 0);
        assert_eq!(judge(&stored, Some(0), 0, 25), Judgement::Believed(0));
        assert_eq!(judge(&stored, None, 0, 25), Judgement::Believed(0));
        assert_eq!(judge(&stored, Some(25), 0, 25), Judgement::Contradicted(25));
        assert_eq!(judge(&stored, Some(25), 200, 0), Judgement::Contradicted(-175));
    }

    #[test]
    fn a_known_difference_may_move_but_not_hide_a_loss() {
        let known = due(Some(100), 5);
        assert_eq!(judge(&known, Some(105), 99, 1), Judgement::Believed(6));
        assert_eq!(judge(&known, Some(105), 105, 0), Judgement::Believed(0));
        assert_eq!(judge(&known, Some(105), 0, 100), Judgement::Contradicted(105));
        assert_eq!(judge(&known, Some(90), 100, 0), Judgement::Contradicted(-10));
    }

    #[test]
    fn several_readings_that_agree_are_believed() {
        let first = doubts(Doubts::default(), 0, 25).expect("doubted");
        let second = doubts(first, 0, 26).expect("doubted");
        assert_eq!((first.count, second.count), (1, 2));
        assert_eq!(doubts(second, 0, 26), None);
        let other = doubts(second, 7, 19).expect("another story");
        assert_eq!(other.count, 1);
    }

    #[test]
    fn many_groups_may_not_lose_much_at_once() {
        let limits = Limits::from_settings(&Settings::default());
        let may = |lost, groups, stored| may_lose(lost, groups, stored, &limits, SyncOptions::default());
        assert!(may(25, 1, 25) && may(10, 5, 10) && may(20, 4, 100));
        assert!(!may(21, 4, 100) && !may(10_001, 2, 1_000_000));
        let confirmed = SyncOptions {
            confirm_absent: true,
            ..SyncOptions::default()
        };
        assert!(may_lose(100, 9, 100, &limits, confirmed));
    }

    #[test]
    fn a_listing_that_shows_little_removes_nothing() {
        let may = |gone, total| may_remove(gone, total, &Settings::default(), SyncOptions::default());
        assert!(may(0, 0) && may(10, 11) && may(20, 100));
        assert!(!may(21, 100) && !may(3, 3), "all of them is never a handful");
    }
}
