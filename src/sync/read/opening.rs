//! The beginning of a full run: chooses between one listing of everybody and slices that are read side by side.
//!
//! A few pages are asked for one after the other, because slices cost requests. Where nobody knows how many there
//! are, the one listing comes in the order of `created`, so that it can be split as soon as it turns out to be long.
//! Of many pages, two requests for one user each tell when the first and the last were created, and whether the
//! org sorts by it; in a first run a third one draws a sample, which shows the storms. Whatever they say is only a
//! hint: slices are open at both ends, and every page is checked.

use std::time::{Duration, Instant};

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::okta::users::{first_cursor, room_for_listings, users_page};
use crate::okta::{CreatedEnd, UserQuery, created_at, created_of_updated, refuses_query};
use crate::sync::read::cut::{cut, storms};
use crate::sync::read::economy::beside;
use crate::sync::read::fetch::{Fetcher, Stop};
use crate::sync::read::in_flight::InFlight;
use crate::sync::read::slices::Slice;

/// One listing of everybody that can be split while it is read.
const EVERYBODY_IN_ORDER: UserQuery = UserQuery::CreatedInOrder {
    from: None,
    until: None,
};

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
    /// What may still be spent on slices.
    extra: u64,
}

impl Slice {
    /// Whether this is the listing of all users, with its first page committed at most.
    pub(in crate::sync) fn has_just_begun(&self) -> bool {
        self.query == UserQuery::All && self.cursors_used.len() <= 1
    }
}

impl Fetcher<'_> {
    /// Reads everybody: in slices if they pay, else in one listing.
    pub(in crate::sync) async fn open(
        &mut self,
        everybody: &Slice,
        in_flight: &mut InFlight,
    ) -> Result<(), Stop> {
        let queries = match self.outlook.users {
            _ if self.most_in_flight < 2 => Vec::new(),
            0 if everybody.cursor.is_none() => vec![EVERYBODY_IN_ORDER],
            0 => Vec::new(),
            _ => self.slices().await?,
        };
        if queries.is_empty() {
            let everybody = std::slice::from_ref(everybody);
            return self.walk(everybody, everybody[0].number + 1, in_flight).await;
        }
        if queries.len() > 1 {
            self.log.info(format!(
                "reading {} slices with up to {} requests in flight",
                queries.len(),
                self.most_in_flight
            ));
        }
        Err(Stop::Replace(queries))
    }

    /// The slices that pay and that the org allows; none if one listing is better.
    async fn slices(&mut self) -> Result<Vec<UserQuery>, Stop> {
        let Some(told) = self.told().await? else {
            return Ok(Vec::new());
        };
        if told.first == Hint::Undated || told.last == Hint::Undated {
            self.log
                .warn("a user has no creation date; reading one listing of all users");
            return Ok(Vec::new());
        }
        self.outlook.storms = told.storms;
        match (told.first, told.last) {
            (Hint::At(first), Hint::At(last)) if first < last => {
                (self.outlook.first, self.outlook.last) = (first, last);
                // What is left is for splits of the slices that turn out to be the largest.
                let parts = 1 + told.extra.div_ceil(2);
                let parts = self.slices_worth(self.most_in_flight).min(parts as usize);
                let queries = cut(&self.outlook, parts, true);
                Ok(if queries.len() < 2 { Vec::new() } else { queries })
            }
            _ => {
                if !self.outlook.spans_seconds() && !self.look_at_first_page().await? {
                    return Ok(Vec::new());
                }
                Ok(self.cut_without_order(told.extra))
            }
        }
    }

    /// What is worth knowing before the users are cut into slices; none if slices do not pay.
    async fn told(&mut self) -> Result<Option<Told>> {
        let questions = 2 + u64::from(self.outlook.sample.is_empty());
        if self.economy().left(0) <= questions {
            return Ok(None);
        }
        // Alone, because its answer tells what the rate limit leaves.
        let began = Instant::now();
        let first = hint(created_at(self.client, CreatedEnd::Earliest).await)?;
        self.spent = questions;
        let extra = self.affordable(began.elapsed());
        if extra == 0 {
            return Ok(None);
        }
        let (last, sample) = tokio::join!(created_at(self.client, CreatedEnd::Latest), self.sample());
        Ok(Some(Told {
            first,
            last: hint(last)?,
            storms: storms(sample?),
            extra,
        }))
    }

    /// What may be spent on slices, as far as the rate limit allows it.
    fn affordable(&self, latency: Duration) -> u64 {
        let economy = self.economy();
        let room = room_for_listings(self.client);
        beside(room, economy.pages(), economy.left(0), latency)
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

    /// Takes the dates of the first page for the ends of the users, of an org that does not tell them. Tells whether
    /// that is of any use.
    async fn look_at_first_page(&mut self) -> Result<bool, Stop> {
        let cursor = first_cursor(&UserQuery::All, self.page_size.rows());
        self.spent += 1;
        let page = users_page(self.client, &cursor, self.page_size).await;
        let page = page.map_err(|error| self.stop(&UserQuery::All, error))?;
        let dates: Option<Vec<UnixMillis>> = page.items.iter().map(|user| user.created).collect();
        let Some(dates) = dates else {
            return Ok(false);
        };
        self.outlook.first = dates.iter().min().copied().unwrap_or_default();
        self.outlook.last = UnixMillis::now();
        Ok(dates.iter().max() > dates.iter().min())
    }

    /// Ranges that need no order; one listing if `extra` requests are not worth them. Each costs about two, since
    /// it may be split once and is asked anew then.
    pub(in crate::sync) fn cut_without_order(&self, extra: u64) -> Vec<UserQuery> {
        let parts = 1 + usize::try_from(extra / 2).unwrap_or(usize::MAX);
        match parts.min(self.most_in_flight) {
            1 => vec![UserQuery::All],
            parts => cut(&self.outlook, parts, false),
        }
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
    refuses_query(error) || matches!(error.code(), ErrorCode::OktaInternal | ErrorCode::TimedOut)
}
