//! Cuts the range of `created` into the slices that a run begins with. Pure.
//!
//! The first slice has no beginning and the last one has no end. So every user is in a slice even if the outlook is
//! wrong: a user created before the first known one, and a user created during the run.

use crate::clock::UnixMillis;
use crate::okta::UserQuery;

/// What is known about the users before they are read. These are hints and never limits.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// Approximate time when the first user was created.
    pub first: UnixMillis,
    /// Approximate time when the last user was created.
    pub last: UnixMillis,
    /// How many users to expect; 0 if unknown.
    pub users: u64,
    /// When the users of an even sample of the directory were created, ascending; empty before the first run.
    pub sample: Vec<UnixMillis>,
    /// Seconds in which, it seems, a large part of all users was created.
    pub storms: Vec<UnixMillis>,
}

/// No user in Okta can be older than Okta, which began 2009-01-01.
const OKTA_BEGINS: UnixMillis = UnixMillis(1_230_768_000_000);

impl Outlook {
    /// Extends the range to the bounds of slices of an earlier attempt, and to `now`.
    pub fn widen(&mut self, queries: impl Iterator<Item = UserQuery>, now: UnixMillis) {
        let points: Vec<UnixMillis> = queries
            .flat_map(|query| match query {
                UserQuery::CreatedInOrder { from, until } | UserQuery::CreatedBetween { from, until } => {
                    [from, until]
                }
                _ => [None, None],
            })
            .flatten()
            .chain(self.sample.first().copied())
            .collect();
        self.first = points.into_iter().min().unwrap_or(OKTA_BEGINS);
        self.last = now;
    }
}

impl Outlook {
    /// Whether the users of the sample were created in more than one second.
    pub fn spans_seconds(&self) -> bool {
        let second = |at: Option<&UnixMillis>| at.copied().map(second_of);
        second(self.sample.first()) < second(self.sample.last())
    }
}

/// So many sampled users in one second are a storm and not chance.
const DRAWN_OF_A_STORM: usize = 3;

/// The seconds in which several of these users were created. Any kind of sample will do.
pub fn storms(mut drawn: Vec<UnixMillis>) -> Vec<UnixMillis> {
    drawn.sort_unstable();
    let seconds = drawn.chunk_by(|a, b| second_of(*a) == second_of(*b));
    let storms = seconds.filter(|drawn| drawn.len() >= DRAWN_OF_A_STORM);
    storms.map(|drawn| second_of(drawn[0])).collect()
}

/// The second that a time lies in.
pub(in crate::sync) fn second_of(at: UnixMillis) -> UnixMillis {
    UnixMillis(at.0.div_euclid(SECOND) * SECOND)
}

/// Okta's times are whole seconds, so a cut within a second would not separate users.
pub(in crate::sync) const SECOND: i64 = 1_000;
/// With fewer sampled users for each slice, slices of equal width are the better guess.
const SAMPLES_A_SLICE: usize = 8;

/// Cuts the range into about `parts` slices: with equal numbers of users if there is a sample, otherwise of equal
/// width. Another slice begins at each storm, so that reading the storm starts at once.
pub fn cut(outlook: &Outlook, parts: usize, in_order: bool) -> Vec<UserQuery> {
    let mut points = match outlook.sample.len() >= parts * SAMPLES_A_SLICE {
        true => quantiles(&outlook.sample, parts),
        false => even_widths(outlook.first, outlook.last, parts),
    };
    points.extend(&outlook.storms);
    points.sort_unstable();
    let mut ends: Vec<Option<UnixMillis>> = vec![None];
    for point in points {
        let point = second_of(point);
        let follows = ends.last().copied().flatten().is_none_or(|before| point > before);
        if follows && point > outlook.first {
            ends.push(Some(point));
        }
    }
    let untils = ends.iter().skip(1).copied().chain([None]);
    ends.iter()
        .copied()
        .zip(untils)
        .map(|(from, until)| match in_order {
            true => UserQuery::CreatedInOrder { from, until },
            false => UserQuery::CreatedBetween { from, until },
        })
        .collect()
}

fn quantiles(sample: &[UnixMillis], parts: usize) -> Vec<UnixMillis> {
    (1..parts)
        .map(|part| sample[part * sample.len() / parts])
        .collect()
}

fn even_widths(first: UnixMillis, last: UnixMillis, parts: usize) -> Vec<UnixMillis> {
    let width = i128::from(last.0.saturating_sub(first.0).max(0));
    (1..parts)
        .map(|part| {
            let offset = width * part as i128 / parts.max(1) as i128;
            // It cannot overflow: the offset lies within the width, which is an i64.
            UnixMillis(first.0.saturating_add(i64::try_from(offset).unwrap_or(i64::MAX)))
        })
        .collect()
}

/// The bounds of a range of `created`; none for another kind of listing.
pub(in crate::sync) fn range(query: &UserQuery) -> Option<(Option<UnixMillis>, Option<UnixMillis>)> {
    match query {
        UserQuery::CreatedInOrder { from, until } | UserQuery::CreatedBetween { from, until } => {
            Some((*from, *until))
        }
        UserQuery::All
        | UserQuery::NotDeprovisioned
        | UserQuery::Deprovisioned
        | UserQuery::UpdatedSince(_)
        | UserQuery::FilteredSince(_) => None,
    }
}

/// Splits a range into the part before `point` and the other part. Another kind of listing cannot be split, and no
/// caller tries it.
pub(in crate::sync) fn halves(query: UserQuery, point: UnixMillis) -> (UserQuery, UserQuery) {
    let point = Some(point);
    match query {
        UserQuery::CreatedInOrder { from, until } => (
            UserQuery::CreatedInOrder { from, until: point },
            UserQuery::CreatedInOrder { from: point, until },
        ),
        UserQuery::CreatedBetween { from, until } => (
            UserQuery::CreatedBetween { from, until: point },
            UserQuery::CreatedBetween { from: point, until },
        ),
        other => (other, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ends(queries: &[UserQuery]) -> Vec<(Option<UnixMillis>, Option<UnixMillis>)> {
        queries
            .iter()
            .map(|query| match query {
                UserQuery::CreatedInOrder { from, until } => (*from, *until),
                other => panic!("{other}"),
            })
            .collect()
    }

    #[test]
    fn a_sample_cuts_by_users_and_ties_are_not_cut() {
        let sample: Vec<_> = (0..40)
            .map(|n| UnixMillis(if n < 20 { 5_000 } else { n * 1_000 }))
            .collect();
        let outlook = Outlook {
            first: UnixMillis(1_000),
            last: UnixMillis(90_000),
            users: 1_000,
            sample,
            ..Outlook::default()
        };
        let at = |seconds: i64| Some(UnixMillis(seconds * 1_000));
        assert_eq!(
            ends(&cut(&outlook, 4, true)),
            [(None, at(5)), (at(5), at(20)), (at(20), at(30)), (at(30), None)]
        );
    }

    #[test]
    fn a_slice_begins_at_each_storm() {
        let moments = [9_500, 30_100, 9_000, 30_700, 30_000, 9_999, 30_999, 9_001, 50_000];
        let storms = storms(moments.map(UnixMillis).to_vec());
        assert_eq!(storms, [UnixMillis(9_000), UnixMillis(30_000)]);
        let outlook = Outlook {
            first: UnixMillis(9_000),
            last: UnixMillis(109_000),
            storms,
            ..Outlook::default()
        };
        let at = |seconds: i64| Some(UnixMillis(seconds * 1_000));
        assert_eq!(
            ends(&cut(&outlook, 2, true)),
            [(None, at(30)), (at(30), at(59)), (at(59), None)]
        );
    }

    #[test]
    fn one_second_is_one_slice() {
        let outlook = Outlook {
            first: UnixMillis(7_000),
            last: UnixMillis(7_000),
            ..Outlook::default()
        };
        assert_eq!(ends(&cut(&outlook, 16, true)), [(None, None)]);
    }

    proptest! {
        #[test]
        fn slices_touch_and_are_open_at_both_ends(
            first in any::<i64>(), last in any::<i64>(), parts in 1_usize..40,
            mut sample in prop::collection::vec(any::<i64>().prop_map(UnixMillis), 0..400),
            storms in prop::collection::vec(any::<i64>().prop_map(UnixMillis), 0..5),
        ) {
            let most = parts + storms.len();
            sample.sort_unstable();
            let outlook = Outlook { first: UnixMillis(first), last: UnixMillis(last), users: 0, sample, storms };
            let ends = ends(&cut(&outlook, parts, true));
            prop_assert!(!ends.is_empty() && ends.len() <= most);
            prop_assert_eq!(ends[0].0, None);
            prop_assert_eq!(ends[ends.len() - 1].1, None);
            for pair in ends.windows(2) {
                prop_assert_eq!(pair[0].1, pair[1].0);
                prop_assert!(pair[0].1.is_some() && pair[0].0 < pair[0].1);
            }
        }
    }
}
