//! The beginning of a full run: reads the first page of all users and, if there are more, finds out how
//! they can be read in slices.
//!
//! Two requests for one user each tell when the first and the last were created, and whether the org sorts
//! by it. Whatever they say is only a hint: slices are open at both ends, and every page is checked.

use super::cut::cut;
use super::fetch::{Fetcher, Stop};
use super::in_flight::InFlight;
use super::slices::Slice;
use crate::clock::UnixMillis;
use crate::error::{Error, ErrorCode, Result};
use crate::model::OktaUser;
use crate::okta::users::{first_cursor, users_page};
use crate::okta::{CreatedEnd, Cursor, Page, UserQuery, created_at};

/// Up to this many pages one cursor is quick enough, and slices would cost more requests than they save.
const PAGES_OF_ONE_CURSOR: u64 = 4;
/// Slices to begin with, for each request in flight: the more, the earlier it shows where the users are.
const SLICES_A_REQUEST: usize = 2;

/// What the org says of one end of the users in the order of `created`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    /// Who stands there was created then.
    At(UnixMillis),
    /// Who stands there has no date, or nobody does.
    Undated,
    /// The org cannot sort.
    Unsorted,
}

/// Who was created first, and who last.
type Ends = (Hint, Hint);

impl Slice {
    /// Whether this is the listing of all users, with its first page committed at most.
    pub(super) fn has_just_begun(&self) -> bool {
        self.query == UserQuery::All && self.cursors_used.len() <= 1
    }
}

impl Fetcher<'_> {
    /// Reads the first page of everybody, and the rest in slices if it can be.
    pub(super) async fn open(&mut self, everybody: &Slice, in_flight: &mut InFlight) -> Result<(), Stop> {
        let mut everybody = everybody.clone();
        let (page, ends) = match everybody.cursor {
            Some(_) => (None, self.ends().await?),
            None if self.is_large() => {
                let (page, ends) = tokio::join!(self.first_page(), self.ends());
                (Some(page?), ends?)
            }
            None => (Some(self.first_page().await?), None),
        };
        let Some((cursor, page)) = page else {
            return self.go_on(&everybody, &[], ends, in_flight).await;
        };
        in_flight.answered(page.latency);
        let dates: Vec<Option<UnixMillis>> = page.items.iter().map(|user| user.created).collect();
        self.send_page(everybody.number, &cursor, page.items, page.next.as_ref())
            .await?;
        let Some(next) = page.next else {
            return Ok(());
        };
        everybody.cursor = Some(next.as_str().to_owned());
        everybody.cursors_used = vec![cursor.as_str().to_owned()];
        let ends = match ends {
            None if !self.is_small() => self.ends().await?,
            ends => ends,
        };
        self.go_on(&everybody, &dates, ends, in_flight).await
    }

    /// Replaces the one listing by slices, or walks on in it.
    async fn go_on(
        &mut self,
        everybody: &Slice,
        dates: &[Option<UnixMillis>],
        ends: Option<Ends>,
        in_flight: &mut InFlight,
    ) -> Result<(), Stop> {
        let queries = ends.map_or_else(Vec::new, |ends| self.slices(dates, ends));
        if queries.len() < 2 {
            return self
                .walk(std::slice::from_ref(everybody), everybody.number + 1, in_flight)
                .await;
        }
        self.log.info(format!(
            "reading {} slices with up to {} requests in flight",
            queries.len(),
            self.most_in_flight
        ));
        Err(Stop::Replace(queries))
    }

    async fn first_page(&self) -> Result<(Cursor, Page<OktaUser>), Stop> {
        let cursor = first_cursor(&UserQuery::All, self.page_size.rows());
        match users_page(self.client, &cursor, self.page_size).await {
            Ok(page) => Ok((cursor, page)),
            Err(error) => Err(self.stop(&UserQuery::All, error)),
        }
    }

    /// When the first and the last user were created; none if slices are not wanted.
    async fn ends(&self) -> Result<Option<Ends>> {
        if self.most_in_flight < 2 {
            return Ok(None);
        }
        let ends = [CreatedEnd::Earliest, CreatedEnd::Latest].map(|end| created_at(self.client, end));
        let [first, last] = ends;
        let (first, last) = tokio::join!(first, last);
        Ok(Some((hint(first)?, hint(last)?)))
    }

    /// The slices that these answers allow; none if only one cursor is sure to find everybody.
    fn slices(&mut self, dates: &[Option<UnixMillis>], ends: Ends) -> Vec<UserQuery> {
        let dates = dates.iter().copied().collect::<Option<Vec<UnixMillis>>>();
        let undated = ends.0 == Hint::Undated || ends.1 == Hint::Undated;
        let Some(dates) = dates.filter(|_| !undated) else {
            self.log
                .warn("a user has no creation date; reading one listing of all users");
            return Vec::new();
        };
        let (least, greatest) = (dates.iter().min(), dates.iter().max());
        let sorted = match ends {
            (Hint::At(first), Hint::At(last)) => {
                let holds = |least: &UnixMillis| *least >= first && *least <= last;
                (first < last && least.is_none_or(holds) && greatest.is_none_or(holds))
                    .then_some((first, last))
            }
            _ => None,
        };
        (self.outlook.first, self.outlook.last) = match (sorted, least) {
            (Some(ends), _) => ends,
            (None, Some(least)) if Some(least) < greatest => (*least, UnixMillis::now()),
            // All in one second, as far as can be seen: a range would part nothing.
            _ => return Vec::new(),
        };
        let parts = self.slices_worth(SLICES_A_REQUEST * self.most_in_flight);
        cut(&self.outlook, parts, sorted.is_some())
    }

    /// Whether there are certainly many pages.
    fn is_large(&self) -> bool {
        self.outlook.users > self.pages_of_one_cursor()
    }

    /// Whether there are certainly only a few pages.
    fn is_small(&self) -> bool {
        (1..=self.pages_of_one_cursor()).contains(&self.outlook.users)
    }

    fn pages_of_one_cursor(&self) -> u64 {
        u64::from(self.page_size.rows()) * PAGES_OF_ONE_CURSOR
    }
}

/// An org that cannot sort can still be read; an error that would stop the run as well stops it here.
fn hint(end: Result<Option<UnixMillis>>) -> Result<Hint> {
    let cannot_sort = |error: &Error| {
        matches!(
            error.code(),
            ErrorCode::SearchRefused
                | ErrorCode::SearchUnparsable
                | ErrorCode::OktaInternal
                | ErrorCode::TimedOut
        )
    };
    match end {
        Ok(Some(at)) => Ok(Hint::At(at)),
        Ok(None) => Ok(Hint::Undated),
        Err(error) if cannot_sort(&error) => Ok(Hint::Unsorted),
        Err(error) => Err(error),
    }
}
