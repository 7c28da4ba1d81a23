//! The slices of a run that have not ended: which one is fetched next, the position of each, and which one is split
//! when a fetcher would have nothing to do. Pure: no request, no clock.
//!
//! A slice is a range of `created` or another listing, with a cursor of its own. A slice in the order of `created`
//! can become shorter while it is read: it ends when it has passed its new end, and the other part becomes a slice
//! of its own. Every page is checked for that order. If such a slice seems to end with an empty page, it is
//! requested once more, from its position and without the cursor. A slice without order ends only with an answer
//! that has no next page. If it is large, it is split once, after its first page, and both halves are requested
//! from their beginning.

use crate::clock::UnixMillis;
use crate::contract::errors::Error;
use crate::model::OktaUser;
use crate::okta::{Cursor, Page, UserQuery};
use crate::sync::read::cut::{Outlook, SECOND, halves, range, second_of};
use crate::sync::read::economy::Economy;
use crate::sync::read::open_slice::Open;
pub use crate::sync::read::open_slice::{Misfit, Slice};
use crate::sync::read::pace::Paces;

/// The far part of a slice becomes a new slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The slice that becomes shorter.
    pub slice: i64,
    /// The new query of that slice.
    pub query: UserQuery,
    /// Whether that slice is requested from its beginning. Otherwise it continues after its cursor, whose listing
    /// is longer than the slice.
    pub restart: bool,
    /// The number of the new slice.
    pub added: i64,
    /// The query of the new slice.
    pub added_query: UserQuery,
}

/// A page to request.
#[derive(Clone, Debug)]
pub struct Task {
    /// The slice.
    pub slice: i64,
    /// The query of the slice.
    pub query: UserQuery,
    /// The cursor of the page; none for the first page.
    pub cursor: Option<Cursor>,
    /// Whether it is requested a second time, because the first answer is doubtful.
    pub again: bool,
}

/// What a page means for its slice.
#[derive(Debug)]
pub struct Advance {
    /// Where the slice continues; none if it has ended.
    pub next: Option<Cursor>,
    /// The split, if the slice is split and does not simply continue.
    pub split: Option<Split>,
}

/// The additional requests that a split of a slice without order costs: its first page is read twice, and there is
/// one more last page that is not full.
const COST_WITHOUT_ORDER: u64 = 2;
/// About how many pages a slice must have left so that a split, which costs about half a page, is worth it.
const PAGES_WORTH_A_SPLIT: f64 = 1.2;
/// How often one slice may begin again within one attempt before the run is interrupted.
const MAX_RESTARTS: u32 = 3;
/// For how many pages sent rows are remembered, because Okta may repeat rows at the edge of a page.
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
    /// A book of these slices. `next_number` is a number that no slice of the run has had. `economy` limits how
    /// many slices are added.
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

    /// About how many pages are left: from the expected number of users, or from the pace of the slices.
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

    /// The next page to request: that of the slice with most users left. None if every slice has a request in
    /// flight.
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

    /// Splits the ordered slice with most users left, for a fetcher that has nothing to do. None if no slice is
    /// large enough.
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

    /// Whether the page at `cursor` leads back to an earlier one. A second answer may show that this was a mistake.
    pub fn leads_back(&self, slice: i64, cursor: &Cursor, page: &Page<OktaUser>) -> bool {
        let open = self.open.iter().find(|open| open.number == slice);
        open.is_some_and(|open| open.walk.leads_back(cursor, page.next.as_ref()))
    }

    /// Handles the page at `cursor`.
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

    /// Begins a slice again. Returns false if that has already been tried several times.
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

    /// How urgent a slice is. A slice in a storm comes first, because no other slice can take a part of that
    /// second.
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

    /// Where a slice is split: at the whole second in the middle of its remaining range, or after the storm that it
    /// is in. None if about one second is left.
    fn middle(&self, open: &Open) -> Option<UnixMillis> {
        let (from, until) = self.range_left(open)?;
        let half = until.0.saturating_sub(from.0) / 2;
        let middle = match self.paces.is_storm(from) {
            true => second_of(from).0.saturating_add(SECOND),
            false => second_of(UnixMillis(from.0 + half)).0,
        };
        (half >= SECOND && middle > from.0 && middle < until.0).then_some(UnixMillis(middle))
    }

    /// The remaining range of a slice. An open end is taken from the outlook. None for another kind of listing.
    fn range_left(&self, open: &Open) -> Option<(UnixMillis, UnixMillis)> {
        let (from, until) = range(&open.query)?;
        let (first, last) = self.paces.ends();
        let from = open.position.or(from).unwrap_or(first);
        Some((from, until.unwrap_or(last)))
    }
}
