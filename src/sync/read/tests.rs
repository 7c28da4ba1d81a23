//! Tests the slices against an org in memory: no user is lost in any order of rows, and all requests in flight
//! share the work.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use proptest::prelude::*;

use crate::clock::UnixMillis;
use crate::model::OktaUser;
use crate::okta::users::first_cursor;
use crate::okta::{Cursor, Page, UserQuery};
use crate::sync::publish::diff::tests::user;
use crate::sync::read::cut::{Outlook, cut, storms};
use crate::sync::read::economy::Economy;
use crate::sync::read::slices::{Misfit, Slice, SliceBook, Split, Task};

/// Users by number, with their dates. Pages contain them in the order of this list.
struct Org {
    dates: Vec<(usize, i64)>,
    rows: usize,
}

impl Org {
    fn in_order(mut seconds: Vec<i64>, rows: usize) -> Org {
        seconds.sort_unstable();
        Org {
            dates: seconds.into_iter().enumerate().collect(),
            rows,
        }
    }

    fn outlook(&self) -> Outlook {
        let ends = self.dates.iter().map(|(_, at)| UnixMillis(at * 1_000));
        Outlook {
            first: ends.clone().min().unwrap_or_default(),
            last: ends.max().unwrap_or_default(),
            users: self.dates.len() as u64,
            ..Outlook::default()
        }
    }

    /// When some random users were created.
    fn drawn(&self, seed: u64, users: usize) -> Vec<UnixMillis> {
        let mut random = fastrand::Rng::with_seed(seed);
        let drawn = random.choose_multiple(&self.dates, users);
        drawn.iter().map(|(_, at)| UnixMillis(at * 1_000)).collect()
    }

    /// Answers like Okta: the cursor carries the search of the first page, not that of the slice.
    fn answer(&self, task: &Task) -> (Cursor, Page<OktaUser>) {
        let cursor = task.cursor.clone();
        let cursor = cursor.unwrap_or_else(|| first_cursor(&task.query, 200));
        let (query, after) = match cursor.as_str().strip_prefix("/next?") {
            Some(rest) => {
                let (query, after) = rest.split_once('&').expect("a cursor");
                (query.parse().expect("a query"), after.parse().expect("a place"))
            }
            None => (task.query, 0),
        };
        let mut matching = (after..self.dates.len()).filter(|at| matches(&query, self.dates[*at].1));
        let places: Vec<usize> = matching.by_ref().take(self.rows).collect();
        let items = places.iter().map(|at| row(self.dates[*at])).collect();
        let next = matching.next().map(|at| {
            let next = format!("/next?{query}&{at}");
            next.parse().expect("a cursor")
        });
        let latency = Duration::ZERO;
        let unreadable = Vec::new();
        (
            cursor,
            Page {
                items,
                unreadable,
                next,
                latency,
            },
        )
    }
}

fn row((number, second): (usize, i64)) -> OktaUser {
    OktaUser {
        created: Some(UnixMillis(second * 1_000)),
        ..user(&number.to_string(), "{}")
    }
}

fn matches(query: &UserQuery, second: i64) -> bool {
    let at = UnixMillis(second * 1_000);
    match query {
        UserQuery::CreatedInOrder { from, until } | UserQuery::CreatedBetween { from, until } => {
            from.is_none_or(|from| at >= from) && until.is_none_or(|until| at < until)
        }
        _ => true,
    }
}

/// The result of a run over the org.
#[derive(Debug, Default)]
struct Outcome {
    seen: BTreeSet<usize>,
    requests: usize,
    rounds: usize,
    splits: Vec<Split>,
    misfit: Option<Misfit>,
}

/// Reads with `most` requests in flight; each request takes one round.
fn read(org: &Org, queries: &[UserQuery], most: usize) -> Outcome {
    read_with(org, queries, most, &org.outlook())
}

fn read_with(org: &Org, queries: &[UserQuery], most: usize, outlook: &Outlook) -> Outcome {
    let slices: Vec<Slice> = (0..)
        .zip(queries)
        .map(|(number, query)| Slice {
            number,
            query: *query,
            cursor: None,
            cursors_used: Vec::new(),
        })
        .collect();
    let next_number = slices.len() as i64;
    let rows = u32::try_from(org.rows).expect("few rows");
    let economy = Economy::new(outlook.users, rows);
    let mut book = SliceBook::new(&slices, next_number, outlook, rows, 4 * most, economy).expect("a book");
    let mut outcome = Outcome::default();
    let mut flying: VecDeque<(usize, Task)> = VecDeque::new();
    loop {
        while flying.len() < most {
            match book.next() {
                Some(task) => flying.push_back((outcome.rounds, task)),
                None => match book.split() {
                    Some(split) => outcome.splits.push(split),
                    None => break,
                },
            }
        }
        let Some((since, task)) = flying.pop_front() else {
            return outcome;
        };
        outcome.rounds = since + 1;
        outcome.requests += 1;
        let (cursor, page) = org.answer(&task);
        let ids = page
            .items
            .iter()
            .map(|user| user.id.parse::<usize>().expect("a number"));
        outcome.seen.extend(ids);
        match book.take(task.slice, &cursor, &page) {
            Ok(taken) => outcome.splits.extend(taken.split),
            Err(misfit) => {
                outcome.misfit = Some(misfit);
                return outcome;
            }
        }
    }
}

/// Hires over six years, some in the same second; a first import of a fifth of the users; and storms of one second.
fn hires(seed: u64, users: usize, storms: usize) -> Vec<i64> {
    let mut random = fastrand::Rng::with_seed(seed);
    let years = 6 * 365 * 86_400;
    let mut seconds: Vec<i64> = (0..users / 2).map(|_| random.i64(0..years)).collect();
    let begin = random.i64(0..years);
    seconds.extend((0..users / 5).map(|_| begin + random.i64(0..7_200)));
    let left = users - seconds.len();
    for storm in 0..storms {
        let at = random.i64(0..years);
        let size = left / storms + usize::from(storm < left % storms);
        seconds.extend(std::iter::repeat_n(at, size));
    }
    seconds
}

/// The number of pages of the org below, for each request in flight.
const PAGES: usize = 500;
const ROWS: usize = 20;

#[test]
fn the_work_is_spread_over_all_requests_in_flight() {
    for (most, mean, worst) in [(4, 1.05, 1.1), (10, 1.2, 1.3), (16, 1.3, 1.6)] {
        let mut ratios = Vec::new();
        for seed in 1..=10 {
            let org = Org::in_order(hires(seed, PAGES * ROWS, 12), ROWS);
            let outcome = read(&org, &cut(&org.outlook(), most, true), most);
            assert_eq!(outcome.seen.len(), PAGES * ROWS, "seed {seed}");
            assert!(
                outcome.requests <= PAGES * 109 / 100,
                "{} requests",
                outcome.requests
            );
            ratios.push((outcome.rounds * most) as f64 / PAGES as f64);
        }
        // The difference to 1 comes from half-empty last pages, and from storms of a dozen pages that are reached
        // late.
        let average = ratios.iter().sum::<f64>() / ratios.len() as f64;
        assert!(average <= mean, "{most} in flight: {average} of {ratios:?}");
        assert!(
            ratios.iter().all(|ratio| *ratio <= worst),
            "{most} in flight: {ratios:?}"
        );
    }
}

/// Half of the users are hires. The other half are imports of up to a twentieth of all users in one second each.
fn imports(seed: u64, users: usize) -> Vec<i64> {
    let mut random = fastrand::Rng::with_seed(seed);
    let gap = 6 * 365 * 86_400 / users as i64;
    let (mut at, mut left) = (0, 0);
    let seconds = (0..users).map(|_| {
        if left > 0 {
            left -= 1;
        } else {
            at += random.i64(0..=2 * gap);
            if random.usize(0..users / 25) == 0 {
                left = random.usize(users / 40..=users / 20);
            }
        }
        at
    });
    seconds.collect()
}

#[test]
fn storms_that_a_sample_shows_are_walked_beside_the_rest() {
    let most = 16;
    // The sampled users, and the limits on rounds divided by pages for each request in flight.
    for (drawn, mean, worst) in [(200, 1.2, 1.7), (400, 1.1, 1.3)] {
        let mut ratios = Vec::new();
        for seed in 1..=20 {
            let org = Org::in_order(imports(seed, PAGES * ROWS), ROWS);
            let outlook = Outlook {
                storms: storms(org.drawn(seed, drawn)),
                ..org.outlook()
            };
            let outcome = read_with(&org, &cut(&outlook, most, true), most, &outlook);
            assert_eq!(outcome.seen.len(), PAGES * ROWS, "seed {seed}");
            assert!(outcome.requests <= PAGES * 109 / 100, "{}", outcome.requests);
            ratios.push((outcome.rounds * most) as f64 / PAGES as f64);
        }
        let average = ratios.iter().sum::<f64>() / ratios.len() as f64;
        assert!(average <= mean, "{drawn} drawn: {average} of {ratios:?}");
        assert!(
            ratios.iter().all(|ratio| *ratio <= worst),
            "{drawn} drawn: {ratios:?}"
        );
    }
}

#[test]
fn a_giant_storm_takes_its_own_pages_and_hardly_a_round_more() {
    let giant = PAGES / 5;
    let mut random = fastrand::Rng::with_seed(3);
    let others: Vec<i64> = (giant..PAGES)
        .flat_map(|_| [(); ROWS])
        .map(|()| random.i64(0..200_000_000))
        .collect();
    for at in [0, others[77]] {
        let mut seconds = others.clone();
        seconds.extend(std::iter::repeat_n(at, giant * ROWS));
        let org = Org::in_order(seconds, ROWS);
        let outlook = Outlook {
            storms: storms(org.drawn(3, 200)),
            ..org.outlook()
        };
        let outcome = read_with(&org, &cut(&outlook, 16, true), 16, &outlook);
        assert_eq!(outcome.seen.len(), PAGES * ROWS);
        assert!(outcome.rounds <= giant + 3, "{} rounds", outcome.rounds);
    }
}

#[test]
fn an_org_without_an_order_is_read_side_by_side_as_well() {
    let mut org = Org::in_order(hires(9, PAGES * ROWS, 12), ROWS);
    fastrand::Rng::with_seed(9).shuffle(&mut org.dates);
    let outcome = read(&org, &cut(&org.outlook(), 10, false), 10);
    assert_eq!(outcome.seen.len(), PAGES * ROWS);
    assert!(outcome.rounds < PAGES / 2, "{} rounds", outcome.rounds);
}

#[test]
fn one_second_is_walked_and_not_split() {
    let org = Org::in_order(vec![1_700_000_000; 900], ROWS);
    let outcome = read(&org, &cut(&org.outlook(), 16, true), 16);
    assert_eq!(outcome.seen.len(), 900);
    assert_eq!((outcome.requests, outcome.splits.len()), (45, 0));
}

#[test]
fn rows_out_of_order_are_noticed_and_repeated_rows_are_not_taken_for_it() {
    let query = UserQuery::CreatedInOrder {
        from: None,
        until: None,
    };
    let take = |pages: &[&[(usize, i64)]]| {
        let slice = Slice {
            number: 0,
            query,
            cursor: None,
            cursors_used: Vec::new(),
        };
        let mut book =
            SliceBook::new(&[slice], 1, &Outlook::default(), 5, 4, Economy::default()).expect("a book");
        pages.iter().enumerate().try_for_each(|(at, rows)| {
            let cursor: Cursor = format!("/page?{at}").parse().expect("a cursor");
            let page = Page {
                items: rows.iter().copied().map(row).collect(),
                unreadable: Vec::new(),
                next: format!("/page?{}", at + 1).parse().ok(),
                latency: Duration::ZERO,
            };
            book.take(0, &cursor, &page).map(drop)
        })
    };
    assert!(take(&[&[(1, 5), (2, 5)], &[], &[(3, 6)]]).is_ok());
    assert!(take(&[&[(1, 5), (2, 6), (3, 7)], &[(2, 6), (3, 7), (4, 8)]]).is_ok());
    for pages in [
        &[&[(1, 5), (2, 4)][..]][..],
        &[&[(1, 5), (2, 6)], &[(3, 5)]],
        &[&[(1, 5), (2, 6)], &[(2, 6), (3, 5)]],
    ] {
        assert!(matches!(take(pages), Err(Misfit::OutOfOrder)), "{pages:?}");
    }
}

/// Seconds of creation: single hires, ties, bursts and storms.
fn org_dates() -> impl Strategy<Value = Vec<i64>> {
    let group = (0_i64..2_000, 1_usize..40).prop_map(|(second, users)| vec![second; users]);
    prop::collection::vec(group, 1..60).prop_map(|groups| groups.concat())
}

proptest! {
    #[test]
    fn nobody_is_lost_in_whatever_order_rows_come(
        dates in org_dates(), rows in 1_usize..30, most in 1_usize..20, shuffled in any::<bool>(), seed in any::<u64>(),
    ) {
        let mut org = Org::in_order(dates, rows);
        if shuffled {
            fastrand::Rng::with_seed(seed).shuffle(&mut org.dates);
        }
        let mut outcome = read(&org, &cut(&org.outlook(), most, true), most);
        if shuffled && outcome.misfit.is_some() {
            outcome = read(&org, &cut(&org.outlook(), most, false), most);
        }
        prop_assert!(outcome.misfit.is_none());
        // Without a misfit the slices must have found every user, unless shuffled rows only seemed to be in order.
        let seemed = shuffled && !outcome.splits.is_empty();
        prop_assert!(seemed || outcome.seen.len() == org.dates.len());
        let numbers: BTreeSet<i64> = outcome.splits.iter().map(|split| split.added).collect();
        prop_assert_eq!(numbers.len(), outcome.splits.len(), "a number was given twice");
    }

    #[test]
    fn hints_may_be_wrong(dates in org_dates(), first in any::<i32>(), last in any::<i32>(), most in 1_usize..20) {
        let org = Org::in_order(dates, 10);
        let outlook = Outlook {
            first: UnixMillis(i64::from(first) * 1_000),
            last: UnixMillis(i64::from(last) * 1_000),
            ..Outlook::default()
        };
        for in_order in [true, false] {
            let outcome = read_with(&org, &cut(&outlook, most, in_order), most, &outlook);
            prop_assert_eq!(outcome.seen.len(), org.dates.len());
        }
    }
}
