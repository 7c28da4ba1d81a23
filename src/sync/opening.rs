//! The beginning of a full run: reads the first page of all users and, if there are more, finds out how
//! they can be read in slices.
//!
//! Two requests for one user each tell when the first and the last were created, and whether the org sorts
//! by it; in a first run a third one draws a sample, which shows the storms. Whatever they say is only a hint:
//! slices are open at both ends, and every page is checked.

use super::cut::{cut, storms};
use super::fetch::{Fetcher, Stop};
use super::in_flight::InFlight;
use super::slices::Slice;
use crate::clock::UnixMillis;
use crate::error::{Error, ErrorCode, Result};
use crate::model::OktaUser;
use crate::okta::users::{first_cursor, users_page};
use crate::okta::{CreatedEnd, Cursor, Page, UserQuery, created_at, created_of_updated};

/// Up to this many pages one cursor is quick enough, and slices would cost more requests than they save.
const PAGES_OF_ONE_CURSOR: u64 = 4;

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

/// What the org says of when users were created.
struct Told {
    first: Hint,
    last: Hint,
    storms: Vec<UnixMillis>,
}

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
        let (page, told) = match everybody.cursor {
            Some(_) => (None, self.told().await?),
            None if self.is_large() => {
                let (page, told) = tokio::join!(self.first_page(), self.told());
                (Some(page?), told?)
            }
            None => (Some(self.first_page().await?), None),
        };
        let Some((cursor, page)) = page else {
            return self.go_on(&everybody, &[], told, in_flight).await;
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
        let told = match told {
            None if !self.is_small() => self.told().await?,
            told => told,
        };
        self.go_on(&everybody, &dates, told, in_flight).await
    }

    /// Replaces the one listing by slices, or walks on in it.
    async fn go_on(
        &mut self,
        everybody: &Slice,
        dates: &[Option<UnixMillis>],
        told: Option<Told>,
        in_flight: &mut InFlight,
    ) -> Result<(), Stop> {
        let queries = told.map_or_else(Vec::new, |told| self.slices(dates, told));
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

    /// What is worth knowing before the users are cut into slices; none if slices are not wanted.
    async fn told(&self) -> Result<Option<Told>> {
        if self.most_in_flight < 2 {
            return Ok(None);
        }
        let (first, last, sample) = tokio::join!(
            created_at(self.client, CreatedEnd::Earliest),
            created_at(self.client, CreatedEnd::Latest),
            self.sample(),
        );
        Ok(Some(Told {
            first: hint(first)?,
            last: hint(last)?,
            storms: storms(sample?),
        }))
    }

    /// When some users were created: the directory tells, and before the first run the org.
    async fn sample(&self) -> Result<Vec<UnixMillis>> {
        if !self.outlook.sample.is_empty() {
            return Ok(self.outlook.sample.clone());
        }
        match created_of_updated(self.client, self.page_size.rows()).await {
            Err(error) if cannot_sort(&error) => Ok(Vec::new()),
            drawn => drawn,
        }
    }

    /// The slices that these answers allow; none if only one cursor is sure to find everybody.
    fn slices(&mut self, dates: &[Option<UnixMillis>], told: Told) -> Vec<UserQuery> {
        let dates = dates.iter().copied().collect::<Option<Vec<UnixMillis>>>();
        let undated = told.first == Hint::Undated || told.last == Hint::Undated;
        let Some(dates) = dates.filter(|_| !undated) else {
            self.log
                .warn("a user has no creation date; reading one listing of all users");
            return Vec::new();
        };
        let (least, greatest) = (dates.iter().min(), dates.iter().max());
        let sorted = match (told.first, told.last) {
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
        self.outlook.storms = told.storms;
        let parts = self.slices_worth(self.most_in_flight);
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
    match end {
        Ok(Some(at)) => Ok(Hint::At(at)),
        Ok(None) => Ok(Hint::Undated),
        Err(error) if cannot_sort(&error) => Ok(Hint::Unsorted),
        Err(error) => Err(error),
    }
}

fn cannot_sort(error: &Error) -> bool {
    matches!(
        error.code(),
        ErrorCode::SearchRefused
            | ErrorCode::SearchUnparsable
            | ErrorCode::OktaInternal
            | ErrorCode::TimedOut
    )
}
