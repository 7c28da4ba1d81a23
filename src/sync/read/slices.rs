//! The slices of a run that have not ended: which one is fetched next, how far each has come, and which is
//! split when a fetcher would be idle. Pure: no request, no clock.
//!
//! A slice is a range of `created` or another listing, walked by a cursor of its own. A slice in the order of
//! `created` can be narrowed while it is read: it ends when it has passed its new end, and the rest becomes a
//! slice of its own. Every page is checked for that order. One that seems to end in an empty page is asked for
//! once more, anew and from where it has come to. A slice without order ends only with an answer that has no
//! next page. A large one is split once, after its first page, and both halves are asked anew.

use crate::clock::UnixMillis;
use crate::contract::errors::Error;
use crate::model::OktaUser;
use crate::okta::{Cursor, Page, UserQuery};
use crate::sync::read::cut::{Outlook, SECOND, halves, range, second_of};
use crate::sync::read::economy::Economy;
use crate::sync::read::open_slice::Open;
pub use crate::sync::read::open_slice::{Misfit, Slice};
use crate::sync::read::pace::Paces;

/// A slice hands its far part over to a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The slice that is narrowed.
    pub slice: i64,
    /// The query that it lists from now on.
    pub query: UserQuery,
    /// Whether it is asked anew. Otherwise it goes on after its cursor, whose listing is longer than the
    /// slice.
    pub restart: bool,
    /// The number of the new slice.
    pub added: i64,
    /// What the new slice lists.
    pub added_query: UserQuery,
}

/// A page to be asked for.
#[derive(Clone, Debug)]
pub struct Task {
    /// The slice.
    pub slice: i64,
    /// What it lists.
    pub query: UserQuery,
    /// The page; none for the first.
    pub cursor: Option<Cursor>,
    /// Whether it is asked for once more, because the first answer is doubted.
    pub again: bool,
}

/// What a page means for its slice.
#[derive(Debug)]
pub struct Advance {
    /// Where the slice goes on; none if it has ended.
    pub next: Option<Cursor>,
    /// Set if the slice is split instead of going on.
    pub split: Option<Split>,
}

/// The requests that a split of a slice without order costs: its first page is read twice, and there is one
/// more last page that is not full.
const COST_WITHOUT_ORDER: u64 = 2;
/// About how many pages a slice must have left to be worth a split, which costs about half a page.
const PAGES_WORTH_A_SPLIT: f64 = 1.2;
/// How often one slice may begin anew within one attempt before the run is interrupted.
const MAX_RESTARTS: u32 = 3;
/// For how many pages sent rows are remembered: Okta may repeat rows at the edge of a page.
const PAGES_REMEMBERED: usize = 3;

/// The slices that have not ended.
#[derive(Debug)]
pub struct SliceBook {
    open: Vec<Open>,
    next_number: i64,
    paces: Paces,
    page_rows: usize,
    /// A large slice without order is split after its first page while fewer slices than this are open.
    wanted: usize,
    economy: Economy,
    pages_read: u64,
}

impl SliceBook {
    /// A book of these slices. `next_number` is a number that no slice of the run has had. `economy` bounds
    /// how many more slices there will be.
    pub fn new(
        slices: &[Slice],
        next_number: i64,
        outlook: &Outlook,
        page_rows: u32,
        wanted: usize,
        mut economy: Economy,
    ) -> Result<SliceBook, Error> {
        economy.spend((slices.len() as u64).saturating_sub(1));
        let open: Result<Vec<Open>, Error> = slices.iter().map(Open::stored).collect();
        Ok(SliceBook {
            open: open?,
            next_number,
            paces: Paces::new(outlook, slices.len()),
            page_rows: page_rows.max(1) as usize,
            wanted,
            economy,
            pages_read: 0,
        })
    }

    /// About how many pages are left: the expected ones, or what the slices seem to hold.
    pub fn pages_left(&self) -> u64 {
        match self.economy.pages() {
            0 => {
                let users: f64 = self
                    .open
                    .iter()
                    .map(|open| self.left(open).min(f64::from(u32::MAX)))
                    .sum();
                (users / self.page_rows as f64).ceil() as u64
            }
            pages => pages.saturating_sub(self.pages_read),
        }
    }

    /// The next page to ask for, of the slice with most left. None if every slice has a request in flight.
    pub fn next(&mut self) -> Option<Task> {
        let waiting = self.open.iter().enumerate().filter(|(_, open)| !open.in_flight);
        let (at, _) = waiting.max_by(|(_, a), (_, b)| self.urgency(a).total_cmp(&self.urgency(b)))?;
        let open = &mut self.open[at];
        open.in_flight = true;
        Some(Task {
            slice: open.number,
            query: open.query,
            cursor: open.cursor.clone(),
            again: false,
        })
    }

    /// Splits the ordered slice with most left, for a fetcher that would be idle. None if no slice is large
    /// enough.
    pub fn split(&mut self) -> Option<Split> {
        if self.economy.left(self.pages_read) == 0 {
            return None;
        }
        let worth = PAGES_WORTH_A_SPLIT * self.page_rows as f64;
        let divisible = self.open.iter().enumerate().filter_map(|(at, open)| {
            let left = self.left(open);
            let point = match open.query {
                UserQuery::CreatedInOrder { .. } if left >= worth => self.middle(open)?,
                _ => return None,
            };
            Some((at, left, point))
        });
        let (at, _, point) = divisible.max_by(|(_, a, _), (_, b, _)| a.total_cmp(b))?;
        self.economy.spend(1);
        Some(self.split_at(at, point, false))
    }

    /// Whether a page that was asked for with `cursor` leads back to an earlier one. A second answer may show
    /// that this was a mistake.
    pub fn leads_back(&self, slice: i64, cursor: &Cursor, page: &Page<OktaUser>) -> bool {
        let open = self.open.iter().find(|open| open.number == slice);
        open.is_some_and(|open| open.walk.leads_back(cursor, page.next.as_ref()))
    }

    /// Handles a page that was asked for with `cursor`.
    pub fn take(&mut self, slice: i64, cursor: &Cursor, page: &Page<OktaUser>) -> Result<Advance, Misfit> {
        let at = self.place(slice)?;
        let memory = self.page_rows * PAGES_REMEMBERED;
        self.pages_read += 1;
        let open = &mut self.open[at];
        open.in_flight = false;
        let passed = open.advance(&page.items, memory, &mut self.paces)?;
        let next = match page.is_strange_end(cursor) {
            true => open.anew(self.page_rows, cursor),
            false => page.next.clone().filter(|_| !passed),
        };
        let ids = page.items.iter().map(|user| user.id.as_str());
        let ids = ids.chain(page.unreadable.iter().map(|row| row.id.as_str()));
        open.walk
            .take(cursor, ids, next.as_ref())
            .map_err(Misfit::Endless)?;
        open.cursor = next.clone();
        if next.is_none() {
            self.open.remove(at);
            return Ok(Advance { next, split: None });
        }
        Ok(Advance {
            next,
            split: self.split_without_order(at),
        })
    }

    /// Begins a slice anew. Returns false if that has not helped several times.
    pub fn restart(&mut self, slice: i64) -> bool {
        let Ok(at) = self.place(slice) else {
            return false;
        };
        let open = &mut self.open[at];
        if open.restarts >= MAX_RESTARTS {
            return false;
        }
        open.restarts += 1;
        open.begin_anew();
        true
    }

    fn place(&self, slice: i64) -> Result<usize, Misfit> {
        let place = self.open.iter().position(|open| open.number == slice);
        place.ok_or(Misfit::Unknown)
    }

    fn split_without_order(&mut self, at: usize) -> Option<Split> {
        let open = &self.open[at];
        let is_range = matches!(open.query, UserQuery::CreatedBetween { .. });
        let affordable = self.economy.left(self.pages_read) >= COST_WITHOUT_ORDER;
        if !is_range || open.walk.pages() > 1 || self.open.len() >= self.wanted || !affordable {
            return None;
        }
        let point = self.middle(open)?;
        self.economy.spend(COST_WITHOUT_ORDER);
        Some(self.split_at(at, point, true))
    }

    fn split_at(&mut self, at: usize, point: UnixMillis, restart: bool) -> Split {
        let open = &mut self.open[at];
        let (near, far) = halves(open.query, point);
        open.query = near;
        if restart {
            open.begin_anew();
        }
        let added = Open::fresh(self.next_number, far);
        let split = Split {
            slice: open.number,
            query: near,
            restart,
            added: added.number,
            added_query: far,
        };
        self.next_number += 1;
        self.open.push(added);
        split
    }

    /// How urgent a slice is. A slice in a storm comes first, because no other slice can share that second.
    fn urgency(&self, open: &Open) -> f64 {
        match self.range_left(open) {
            Some((from, _)) if self.paces.is_storm(from) => f64::MAX,
            _ => self.left(open),
        }
    }

    /// About how many users a slice has left.
    fn left(&self, open: &Open) -> f64 {
        let Some((from, until)) = self.range_left(open) else {
            return f64::MAX;
        };
        self.paces.users_between(from, until, &open.pace)
    }

    /// Where a slice is split: at the whole second in the middle of what it has left, or after the storm that
    /// it is in. None if about one second is left.
    fn middle(&self, open: &Open) -> Option<UnixMillis> {
        let (from, until) = self.range_left(open)?;
        let half = until.0.saturating_sub(from.0) / 2;
        let middle = match self.paces.is_storm(from) {
            true => second_of(from).0.saturating_add(SECOND),
            false => second_of(UnixMillis(from.0 + half)).0,
        };
        (half >= SECOND && middle > from.0 && middle < until.0).then_some(UnixMillis(middle))
    }

    /// The rest of a range, with open ends taken from the outlook; none for another listing.
    fn range_left(&self, open: &Open) -> Option<(UnixMillis, UnixMillis)> {
        let (from, until) = range(&open.query)?;
        let (first, last) = self.paces.ends();
        let from = open.position.or(from).unwrap_or(first);
        Some((from, until.unwrap_or(last)))
    }
}
