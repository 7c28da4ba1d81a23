//! Begins the reading of a full run: chooses between one listing of all users and several slices at once.
//!
//! A few pages are read one after the other, because slices cost requests. If the number of users is unknown, the
//! one listing is in the order of `created`, so that it can be split if it turns out to be long. If there are many
//! pages, two requests for one user each find out when the first and the last user were created, and whether the
//! org can sort. In a first run a third request reads a sample, which shows storms. These answers are only hints:
//! slices are open at both ends, and every page is checked.

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

/// One listing of all users that can be split while it is read.
const EVERYBODY_IN_ORDER: UserQuery = UserQuery::CreatedInOrder {
    from: None,
    until: None,
};

/// What the org answers about the first or last user in the order of `created`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    /// The user was created at this time.
    At(UnixMillis),
    /// There is no such user, or it has no date.
    Undated,
    /// The org cannot sort.
    Unsorted,
}

/// What the org answers about the creation of its users.
struct CreatedFacts {
    first: Hint,
    last: Hint,
    storms: Vec<UnixMillis>,
    /// How many additional requests slices may still cost.
    extra: u64,
}

impl Slice {
    /// Whether this is the listing of all users, and at most its first page is committed.
    pub(in crate::sync) fn has_just_begun(&self) -> bool {
        self.query == UserQuery::All && self.cursors_used.len() <= 1
    }
}

impl Fetcher<'_> {
    /// Chooses how all users are read: in slices if they are worth their requests, otherwise in one listing.
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

    /// The slices, if they are worth their requests and the org allows them; none if one listing is better.
    async fn slices(&mut self) -> Result<Vec<UserQuery>, Stop> {
        let Some(facts) = self.created_facts().await? else {
            return Ok(Vec::new());
        };
        if facts.first == Hint::Undated || facts.last == Hint::Undated {
            self.log
                .warn("a user has no creation date; reading one listing of all users");
            return Ok(Vec::new());
        }
        self.outlook.storms = facts.storms;
        match (facts.first, facts.last) {
            (Hint::At(first), Hint::At(last)) if first < last => {
                (self.outlook.first, self.outlook.last) = (first, last);
                // The other requests are kept for splitting the slices that turn out to be the largest.
                let parts = 1 + facts.extra.div_ceil(2);
                let parts = self.slices_worth(self.most_in_flight).min(parts as usize);
                let queries = cut(&self.outlook, parts, true);
                Ok(if queries.len() < 2 { Vec::new() } else { queries })
            }
            _ => {
                if !self.outlook.spans_seconds() && !self.look_at_first_page().await? {
                    return Ok(Vec::new());
                }
                Ok(self.cut_without_order(facts.extra))
            }
        }
    }

    /// Requests what is needed to cut the users into slices; none if slices are not worth their requests.
    async fn created_facts(&mut self) -> Result<Option<CreatedFacts>> {
        let questions = 2 + u64::from(self.outlook.sample.is_empty());
        if self.economy().left(0) <= questions {
            return Ok(None);
        }
        // Sent alone, because its answer shows how much of the rate limit is left.
        let began = Instant::now();
        let first = hint(created_at(self.client, CreatedEnd::Earliest).await)?;
        self.spent = questions;
        let extra = self.affordable(began.elapsed());
        if extra == 0 {
            return Ok(None);
        }
        let (last, sample) = tokio::join!(created_at(self.client, CreatedEnd::Latest), self.sample());
        Ok(Some(CreatedFacts {
            first,
            last: hint(last)?,
            storms: storms(sample?),
            extra,
        }))
    }

    /// How many additional requests slices may cost within the rate limit.
    fn affordable(&self, latency: Duration) -> u64 {
        let economy = self.economy();
        let room = room_for_listings(self.client);
        beside(room, economy.pages(), economy.left(0), latency)
    }

    /// When the users of a sample were created: from the directory, or from the org before the first run.
    async fn sample(&self) -> Result<Vec<UnixMillis>> {
        if !self.outlook.sample.is_empty() {
            return Ok(self.outlook.sample.clone());
        }
        match created_of_updated(self.client, self.page_size.rows()).await {
            Err(error) if cannot_sort(&error) => Ok(Vec::new()),
            drawn => drawn,
        }
    }

    /// If the org cannot sort, takes the range from the first page. Returns whether that helps.
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

    /// Ranges that need no order, or one listing if they are not worth the `extra` requests. Each range costs about
    /// two of them, because it may be split once and is then requested again.
    pub(in crate::sync) fn cut_without_order(&self, extra: u64) -> Vec<UserQuery> {
        let parts = 1 + usize::try_from(extra / 2).unwrap_or(usize::MAX);
        match parts.min(self.most_in_flight) {
            1 => vec![UserQuery::All],
            parts => cut(&self.outlook, parts, false),
        }
    }
}

/// An org that cannot sort can still be read, so that is only a hint. An error that would stop the run anyway stops
/// it here.
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
