//! One slice while it is read: its position, and whether a page fits it. Pure.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::clock::UnixMillis;
use crate::contract::errors::Error;
use crate::model::OktaUser;
use crate::okta::users::first_cursor;
use crate::okta::{Cursor, UserQuery, Walk};
use crate::sync::read::cut::range;
use crate::sync::read::pace::{Pace, Paces};

/// A slice as the directory stores it.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Its number within the run.
    pub number: i64,
    /// The listing that it reads.
    pub query: UserQuery,
    /// The cursor where it continues; none at its beginning.
    pub cursor: Option<String>,
    /// Cursors that its committed pages used.
    pub cursors_used: Vec<String>,
}

/// Why a page cannot be used.
#[derive(Debug)]
pub enum Misfit {
    /// The rows are not in the order of `created`, so the position of the slice is unknown.
    OutOfOrder,
    /// A user has no `created`, so no range would contain the user.
    WithoutCreated,
    /// The listing leads back to an earlier page, or to ever more pages without new users.
    Endless(Error),
    /// A bug of ours.
    Unknown,
}

impl From<Misfit> for Error {
    fn from(misfit: Misfit) -> Error {
        match misfit {
            Misfit::Endless(error) => error,
            Misfit::OutOfOrder | Misfit::WithoutCreated | Misfit::Unknown => {
                Error::internal("a page does not fit its slice")
            }
        }
    }
}

/// A slice that has not ended.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) number: i64,
    pub(super) query: UserQuery,
    pub(super) cursor: Option<Cursor>,
    /// Its pages so far.
    pub(super) walk: Walk,
    pub(super) in_flight: bool,
    pub(super) restarts: u32,
    /// Its position along `created`, if it is in that order.
    pub(super) position: Option<UnixMillis>,
    /// Hashes of the ids that were seen last, the newest last.
    pub(super) recent: Vec<u64>,
    /// The position from which it was last requested again because the listing seemed to end there.
    pub(super) asked_anew: Option<UnixMillis>,
    pub(super) pace: Pace,
}

impl Open {
    pub(super) fn fresh(number: i64, query: UserQuery) -> Open {
        Open {
            number,
            query,
            cursor: None,
            walk: Walk::default(),
            in_flight: false,
            restarts: 0,
            position: None,
            recent: Vec::new(),
            asked_anew: None,
            pace: Pace::default(),
        }
    }

    pub(super) fn stored(slice: &Slice) -> Result<Open, Error> {
        let cursor = slice.cursor.as_deref().map(str::parse).transpose()?;
        Ok(Open {
            cursor,
            walk: Walk::resumed(slice.cursors_used.iter().map(String::as_str)),
            ..Open::fresh(slice.number, slice.query)
        })
    }

    pub(super) fn begin_anew(&mut self) {
        *self = Open {
            restarts: self.restarts,
            pace: self.pace,
            ..Open::fresh(self.number, self.query)
        };
    }

    /// The first page of the remaining part of a slice in order whose listing seems to have ended; none if that was
    /// already tried. A new listing, without the possibly broken cursor, shows whether there is more.
    pub(super) fn anew(&mut self, rows: usize, cursor: &Cursor) -> Option<Cursor> {
        let UserQuery::CreatedInOrder { from: begin, until } = self.query else {
            return None;
        };
        let from = Some(
            self.position
                .filter(|at| Some(*at) > begin.max(self.asked_anew))?,
        );
        self.asked_anew = from;
        let left = UserQuery::CreatedInOrder { from, until };
        let first = first_cursor(&left, u32::try_from(rows).unwrap_or(u32::MAX));
        // An earlier attempt of the run may have requested the same page.
        (!self.walk.leads_back(cursor, Some(&first))).then_some(first)
    }

    /// Moves the position over these rows. Returns whether the slice has passed its end although the listing
    /// continues.
    pub(super) fn advance(
        &mut self,
        rows: &[OktaUser],
        memory: usize,
        paces: &mut Paces,
    ) -> Result<bool, Misfit> {
        let Some((from, until)) = range(&self.query) else {
            return Ok(false);
        };
        let dates: Option<Vec<UnixMillis>> = rows.iter().map(|user| user.created).collect();
        let dates = dates.ok_or(Misfit::WithoutCreated)?;
        if !matches!(self.query, UserQuery::CreatedInOrder { .. }) {
            return Ok(false);
        }
        let before = self.position.or(from);
        let mut position = before;
        for (user, created) in rows.iter().zip(&dates) {
            let id = hash(&user.id);
            if position.is_some_and(|position| *created < position) && !self.recent.contains(&id) {
                return Err(Misfit::OutOfOrder);
            }
            position = position.max(Some(*created));
            self.recent.push(id);
        }
        self.recent.drain(..self.recent.len().saturating_sub(memory));
        let begin = before.or(dates.first().copied());
        if let (Some(begin), Some(end)) = (begin, position) {
            self.pace.read(begin, end, &dates, paces);
        }
        self.position = position;
        Ok(position.is_some_and(|position| until.is_some_and(|until| position >= until)))
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
