//! Selects the users of a page. This part of the users list must be fast even with a million users.
//!
//! In the order of ids, which is the order of creation, the cost of a page depends only on its size. Any other
//! order sorts all matching users again for each page.

use crate::api::errors;
use crate::api::reply::Reply;
use crate::population::draw::{Draw, Topic, mix};
use crate::population::ids;
use crate::population::status::Status;
use crate::search::{CreatedRange, Expression, matches_user};
use crate::world::View;

/// What to select a page from.
pub(crate) struct Wanted {
    pub(crate) expression: Option<Expression>,
    /// The plain list leaves out deprovisioned users.
    pub(crate) with_deprovisioned: bool,
    pub(crate) order: Order,
    /// The last id of the page before, or a text of that form.
    pub(crate) after: Option<String>,
    pub(crate) limit: usize,
}

/// The order of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Ascending,
    Descending,
    By { attribute: String, descending: bool },
}

/// The name of an order without any meaning.
const SCATTERED: &str = "scattered";

impl Order {
    /// An order that is always the same but does not follow ids or dates.
    pub(crate) fn scattered() -> Order {
        Order::By {
            attribute: SCATTERED.to_owned(),
            descending: false,
        }
    }
}

/// The rows of a page, and the cursor of the next.
pub(crate) struct Selected {
    pub(crate) indexes: Vec<u32>,
    pub(crate) next: Option<String>,
}

impl Wanted {
    fn matches(&self, view: &View<'_>, index: u32) -> bool {
        match view.status(index) {
            None => false,
            Some(Status::Deprovisioned) if !self.with_deprovisioned => false,
            Some(_) => self
                .expression
                .as_ref()
                .is_none_or(|expression| matches_user(expression, view, index)),
        }
    }

    /// The page.
    pub(crate) fn select(&self, view: &View<'_>) -> Selected {
        let range = match &self.expression {
            Some(expression) => CreatedRange::of(expression).indexes(&view.world.created),
            None => 0..view.world.end(),
        };
        let spec = &view.world.spec;
        let position = |cursor: &String| ids::position_after(spec.seed, cursor, view.world.end());
        let matching = |index: &u32| self.matches(view, *index);
        let after = self.after.as_ref();
        let indexes: Vec<u32> = match &self.order {
            Order::Ascending => {
                let start = after.map_or(0, position).max(range.start);
                (start..range.end).filter(matching).take(self.limit + 1).collect()
            }
            Order::Descending => {
                let seen = |cursor: &String| {
                    let at = position(cursor);
                    let itself = at > 0 && view.world.spec.user_id(at - 1) == *cursor;
                    at - u32::from(itself)
                };
                let end = after.map_or(range.end, seen).min(range.end);
                (range.start..end)
                    .rev()
                    .filter(matching)
                    .take(self.limit + 1)
                    .collect()
            }
            Order::By {
                attribute,
                descending,
            } => self.sorted(view, attribute, *descending),
        };
        self.cut(view, indexes)
    }

    /// Keeps `limit` rows. One more row shows that there is a next page.
    fn cut(&self, view: &View<'_>, mut indexes: Vec<u32>) -> Selected {
        let more = indexes.len() > self.limit;
        indexes.truncate(self.limit);
        let next = match indexes.last() {
            Some(&last) if more => Some(view.world.spec.user_id(last)),
            // A page without rows gets another cursor for the same position.
            None if more => Some(format!("{}0", self.after.as_deref().unwrap_or("00u"))),
            _ => None,
        };
        Selected { indexes, next }
    }

    fn sorted(&self, view: &View<'_>, attribute: &str, descending: bool) -> Vec<u32> {
        let key = |index: u32| (sort_key(view, attribute, index), index);
        let last = self
            .after
            .as_ref()
            .and_then(|id| ids::user_index(view.world.spec.seed, id, view.world.end()))
            .map(key);
        let mut rows: Vec<_> = (0..view.world.end())
            .filter(|index| self.matches(view, *index))
            .map(key)
            .filter(|row| match &last {
                Some(last) if descending => row < last,
                Some(last) => row > last,
                None => true,
            })
            .collect();
        rows.sort_unstable();
        if descending {
            rows.reverse();
        }
        rows.truncate(self.limit + 1);
        rows.into_iter().map(|(_, index)| index).collect()
    }
}

fn sort_key(view: &View<'_>, attribute: &str, index: u32) -> (u32, String) {
    match attribute {
        SCATTERED => {
            let draw = mix(
                view.world.spec.seed,
                Topic::Page as u64,
                u64::from(index) | 1 << 41,
            );
            (draw as u32, String::new())
        }
        "lastUpdated" => (view.updated(index), String::new()),
        "status" => (0, view.status_text(index).unwrap_or_default().to_lowercase()),
        "profile.login" => (0, view.login(index).to_lowercase()),
        other => {
            let profile = view.profile(index);
            let value = profile.get(other.strip_prefix("profile.").unwrap_or(other));
            let text = value.map(ToString::to_string).unwrap_or_default();
            (0, text.to_lowercase())
        }
    }
}

/// How many rows a page has under the fault `short-pages`: fewer than requested, sometimes none.
pub(crate) fn shortened(seed: u64, after: Option<&str>, order: &Order, limit: usize) -> usize {
    let cursor = after.unwrap_or("");
    let place = cursor.bytes().fold(0u64, |acc, byte| {
        acc.wrapping_mul(257).wrapping_add(u64::from(byte))
    });
    let mut draw = Draw::new(seed, Topic::Page, place);
    // A longer cursor marks a page without rows. There are never two in a row, and only in id order.
    let may_be_empty = cursor.len() <= 21 && *order == Order::Ascending;
    if may_be_empty && draw.one_in(4) {
        return 0;
    }
    (1 + draw.below(limit as u64) as usize).min(limit)
}

/// The cursor of the plain list has a digit before the id; the cursor of a search is the bare id.
pub(crate) fn cursor_for(plain: bool, id: &str) -> String {
    if !plain {
        return id.to_owned();
    }
    // Both digits were seen in recorded traffic; what they mean is not known.
    let digit = if id.bytes().last().is_some_and(|byte| byte % 3 == 0) {
        '0'
    } else {
        '2'
    };
    format!("{digit}{id}")
}

/// The id in a cursor; an empty cursor is none.
pub(crate) fn id_in_cursor(cursor: Option<&str>) -> Result<Option<String>, Reply> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else {
        return Ok(None);
    };
    let bare = cursor
        .strip_prefix(['0', '2'])
        .filter(|rest| ids::looks_like_user_id(rest));
    let id = bare.unwrap_or(cursor);
    if ids::looks_like_user_id(id) {
        Ok(Some(id.to_owned()))
    } else {
        Err(errors::invalid_criteria("Invalid cursor."))
    }
}
