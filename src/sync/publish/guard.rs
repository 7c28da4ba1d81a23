//! The guard for both sides: it decides whether this run's result may replace what readers have. Pure.
//!
//! A credential that lost its admin role gets `200 []` from Okta, and a mistake in a schema empties an attribute
//! for a whole org. Both look like correct answers. So the guard refuses if no user was seen, if too many users
//! vanished, or if one attribute became empty for too many users. On Jira's side, a user directory that is switched
//! off for an hour, or a truncated file, looks like a correct answer too.

use std::collections::BTreeMap;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::{Key, Settings};
use crate::model::SyncOptions;

/// The limits in force.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    always_allowed: u64,
    max_absent_percent: u64,
    max_absent_users: u64,
    max_cleared_percent: u64,
    max_cleared_users: u64,
    max_jira_loss_percent: u64,
    max_jira_loss_users: u64,
}

/// What a hand-over of Jira users would lose, and the totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JiraLoss {
    /// Jira users who would be removed.
    pub removed: u64,
    /// Jira users before the hand-over.
    pub users_before: u64,
    /// Jira users after the hand-over.
    pub users_after: u64,
    /// Matches that would end.
    pub matches_ended: u64,
    /// Matches before the hand-over.
    pub matches_before: u64,
}

impl Limits {
    /// Reads the `sweep.*` settings.
    pub fn from_settings(settings: &Settings) -> Limits {
        Limits {
            always_allowed: settings.integer(Key::SweepAlwaysAllowed),
            max_absent_percent: settings.integer(Key::SweepMaxAbsentPercent),
            max_absent_users: settings.integer(Key::SweepMaxAbsentUsers),
            max_cleared_percent: settings.integer(Key::SweepMaxClearedPercent),
            max_cleared_users: settings.integer(Key::SweepMaxClearedUsers),
            max_jira_loss_percent: settings.integer(Key::SweepMaxJiraLossPercent),
            max_jira_loss_users: settings.integer(Key::SweepMaxJiraLossUsers),
        }
    }

    /// Attributes that became empty for so many users that a limit may be exceeded.
    pub fn suspicious<'a>(&self, cleared: &'a BTreeMap<String, u64>) -> impl Iterator<Item = (&'a str, u64)> {
        let always_allowed = self.always_allowed;
        cleared
            .iter()
            .filter(move |(_, count)| **count > always_allowed)
            .map(|(name, count)| (name.as_str(), *count))
    }

    /// Judges the users: `seen` in this run, `vanished` of the `present` ones before it.
    pub fn judge_absent(&self, seen: u64, vanished: u64, present: u64, options: SyncOptions) -> Result<()> {
        if options.confirm_absent {
            return Ok(());
        }
        if seen == 0 {
            return Err(Error::new(ErrorCode::NobodySeen));
        }
        if self.too_many_absent(vanished, present) {
            let what = format!("{vanished} of {present} users were not seen");
            return Err(Error::about(ErrorCode::TooManyAbsent, what));
        }
        Ok(())
    }

    /// Whether the guard would refuse a run because this many users vanished.
    pub fn too_many_absent(&self, vanished: u64, present: u64) -> bool {
        self.exceeds(vanished, present, self.max_absent_percent, self.max_absent_users)
    }

    /// Judges one attribute: it became empty for `cleared` of the `had` users who had a value.
    pub fn judge_cleared(&self, attribute: &str, cleared: u64, had: u64, options: SyncOptions) -> Result<()> {
        if options.confirm_cleared
            || !self.exceeds(cleared, had, self.max_cleared_percent, self.max_cleared_users)
        {
            return Ok(());
        }
        let what = format!("the attribute {attribute} became empty for {cleared} of {had} users");
        Err(Error::about(ErrorCode::TooManyCleared, what))
    }

    /// Judges a hand-over of Jira users. To lose all of them is always too much.
    pub fn judge_jira_loss(&self, loss: JiraLoss) -> Result<()> {
        let exceeds =
            |count, of| self.exceeds(count, of, self.max_jira_loss_percent, self.max_jira_loss_users);
        let empties = loss.users_after == 0 && loss.users_before > 0;
        let code = match empties {
            true => ErrorCode::JiraUsersEmpty,
            false if exceeds(loss.removed, loss.users_before) => ErrorCode::TooManyJiraUsersLost,
            false if exceeds(loss.matches_ended, loss.matches_before) => ErrorCode::TooManyJiraUsersLost,
            false => return Ok(()),
        };
        let what = format!(
            "{} of {} Jira users would be gone and {} of {} matches would end",
            loss.removed, loss.users_before, loss.matches_ended, loss.matches_before
        );
        Err(Error::about(code, what))
    }

    /// Whether `lost` of `stored` memberships are too many to remove at once. The limits are those for users.
    pub fn loses_too_many(&self, lost: u64, stored: u64) -> bool {
        self.exceeds(lost, stored, self.max_absent_percent, self.max_absent_users)
    }

    fn exceeds(&self, count: u64, of: u64, max_percent: u64, max_count: u64) -> bool {
        count > self.always_allowed && (count > max_count || count * 100 > of * max_percent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits::from_settings(&Settings::default())
    }

    fn code(result: Result<()>) -> Option<ErrorCode> {
        result.err().map(|error| error.code())
    }

    #[test]
    fn nobody_seen_is_refused_even_for_an_empty_directory() {
        assert_eq!(
            code(limits().judge_absent(0, 0, 0, SyncOptions::default())),
            Some(ErrorCode::NobodySeen)
        );
    }

    #[test]
    fn shares_and_absolute_numbers_both_count() {
        let judge = |vanished, present| {
            code(limits().judge_absent(present - vanished, vanished, present, SyncOptions::default()))
        };
        assert_eq!(judge(20, 100), None);
        assert_eq!(judge(21, 100), Some(ErrorCode::TooManyAbsent));
        assert_eq!(judge(9, 12), None, "a handful is always allowed");
        assert_eq!(judge(10_001, 1_000_000), Some(ErrorCode::TooManyAbsent));
    }

    #[test]
    fn a_hand_over_that_loses_many_jira_users_or_matches_is_refused() {
        let judge = |removed, users_before, matches_ended, matches_before| {
            let loss = JiraLoss {
                removed,
                users_before,
                users_after: users_before - removed,
                matches_ended,
                matches_before,
            };
            code(limits().judge_jira_loss(loss))
        };
        let refused = Some(ErrorCode::TooManyJiraUsersLost);
        assert_eq!(judge(299, 300, 299, 300), refused);
        assert_eq!(judge(60, 300, 60, 300), None);
        assert_eq!(judge(61, 300, 0, 300), refused);
        assert_eq!(
            judge(0, 300, 61, 300),
            refused,
            "everybody is there, but with other addresses"
        );
        assert_eq!(judge(10_001, 1_000_000, 0, 0), refused);
        assert_eq!(judge(10, 11, 10, 11), None, "a handful is always allowed");
        assert_eq!(judge(3, 3, 0, 0), Some(ErrorCode::JiraUsersEmpty));
        assert_eq!(judge(0, 0, 0, 0), None);
    }

    #[test]
    fn a_confirmation_covers_its_own_side_only() {
        let absent = SyncOptions {
            confirm_absent: true,
            ..SyncOptions::default()
        };
        assert_eq!(code(limits().judge_absent(0, 500, 500, absent)), None);
        assert_eq!(
            code(limits().judge_cleared("department", 400, 500, absent)),
            Some(ErrorCode::TooManyCleared)
        );
        let cleared = SyncOptions {
            confirm_cleared: true,
            ..SyncOptions::default()
        };
        assert_eq!(
            code(limits().judge_cleared("department", 400, 500, cleared)),
            None
        );
    }

    #[test]
    fn only_attributes_above_the_handful_are_suspicious() {
        let cleared = BTreeMap::from([("a".to_owned(), 10), ("b".to_owned(), 11)]);
        assert_eq!(limits().suspicious(&cleared).collect::<Vec<_>>(), [("b", 11)]);
    }
}
