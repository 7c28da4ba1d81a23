//! Walks the slices of a run and hands their pages to the writer, in order.
//!
//! A slice ends only with an answer that has no next page. A cursor Okta no longer knows restarts
//! its slice; a search the org refuses is replaced by slices that need no search.

use std::collections::HashSet;

use tokio::sync::mpsc::Sender;

use crate::error::{Error, ErrorCode, Result};
use crate::logging::Log;
use crate::model::OktaUser;
use crate::okta::users::{first_cursor, users_page};
use crate::okta::{OktaClient, PageSize, UserQuery};

/// What the writer is told, in the order in which it happened.
#[derive(Debug)]
pub enum Fetched {
    /// A page of a slice.
    Page(FetchedPage),
    /// The slice begins anew; what it has seen stays seen.
    RestartSlice(i64),
    /// The slices of the run are replaced, because the org refuses the query of the old ones.
    ReplaceSlices(Vec<UserQuery>),
}

/// One page with the cursor that fetched it and the one that follows.
#[derive(Debug)]
pub struct FetchedPage {
    /// The slice it belongs to.
    pub slice: i64,
    /// The cursor that fetched it.
    pub cursor: String,
    /// Its users.
    pub users: Vec<OktaUser>,
    /// The next cursor; none if Okta ended the listing here.
    pub next: Option<String>,
}

/// A slice as the directory remembers it.
#[derive(Clone, Debug)]
pub struct Slice {
    /// Its number within the run.
    pub number: i64,
    /// What it lists.
    pub query: UserQuery,
    /// Where it goes on; none at its beginning.
    pub cursor: Option<String>,
    /// Cursors that its committed pages used.
    pub cursors_used: Vec<String>,
}

/// How often one slice is begun anew within one attempt before the run is interrupted.
const MAX_RESTARTS: u32 = 3;

/// Reads slices and sends what it finds to the writer.
pub struct Fetcher<'a> {
    /// The way to Okta.
    pub client: &'a OktaClient,
    /// How many users a page has.
    pub page_size: &'a PageSize,
    /// Where pages go; closed when the writer failed.
    pub pages: Sender<Fetched>,
    /// The engine's log.
    pub log: &'a Log,
}

impl Fetcher<'_> {
    /// Reads every slice to its end. An error of the writer shows as a closed channel and ends this
    /// quietly: the writer's own error is the one to report.
    pub async fn read_all(&self, slices: Vec<Slice>) -> Result<()> {
        match self.read_each(slices).await {
            Err(Stop::Refused(error)) => {
                let replacement = vec![UserQuery::NotDeprovisioned, UserQuery::Deprovisioned];
                self.log.warn(format!(
                    "the org refuses the search for all users ({error}); listing by status"
                ));
                self.read_replacement(replacement).await
            }
            outcome => outcome,
        }
        .or_else(Stop::into_result)
    }

    async fn read_replacement(&self, queries: Vec<UserQuery>) -> Result<(), Stop> {
        let slices = queries.iter().zip(0_i64..).map(|(query, number)| Slice {
            number,
            query: *query,
            cursor: None,
            cursors_used: Vec::new(),
        });
        let slices = slices.collect();
        self.send(Fetched::ReplaceSlices(queries)).await?;
        self.read_each(slices).await
    }

    async fn read_each(&self, slices: Vec<Slice>) -> Result<(), Stop> {
        for slice in slices {
            self.read_slice(slice).await?;
        }
        Ok(())
    }

    async fn read_slice(&self, mut slice: Slice) -> Result<(), Stop> {
        let mut restarts = 0;
        loop {
            match self.walk(&slice).await {
                Err(Stop::Failed(error))
                    if error.code() == ErrorCode::CursorInvalid && restarts < MAX_RESTARTS =>
                {
                    restarts += 1;
                    self.log
                        .warn(format!("slice {} begins anew: {error}", slice.number));
                    self.send(Fetched::RestartSlice(slice.number)).await?;
                    slice.cursor = None;
                    slice.cursors_used.clear();
                }
                outcome => return outcome,
            }
        }
    }

    async fn walk(&self, slice: &Slice) -> Result<(), Stop> {
        let mut used: HashSet<String> = slice.cursors_used.iter().cloned().collect();
        let mut cursor = match &slice.cursor {
            Some(stored) => stored.parse()?,
            None => first_cursor(&slice.query, self.page_size.rows()),
        };
        loop {
            let page = users_page(self.client, &cursor, self.page_size)
                .await
                .map_err(|error| Stop::of(&slice.query, error))?;
            used.insert(cursor.as_str().to_owned());
            let next = page.next;
            if next.as_ref().is_some_and(|next| used.contains(next.as_str())) {
                return Err(Stop::Failed(Error::new(ErrorCode::CursorRepeated)));
            }
            self.send(Fetched::Page(FetchedPage {
                slice: slice.number,
                cursor: cursor.as_str().to_owned(),
                users: page.items,
                next: next.as_ref().map(|next| next.as_str().to_owned()),
            }))
            .await?;
            match next {
                Some(next) => cursor = next,
                None => return Ok(()),
            }
        }
    }

    async fn send(&self, fetched: Fetched) -> Result<(), Stop> {
        self.pages.send(fetched).await.map_err(|_| Stop::WriterGone)
    }
}

/// Why reading stopped before its end.
#[derive(Debug)]
enum Stop {
    Failed(Error),
    /// The org does not take the query of the slice; there is another way to ask.
    Refused(Error),
    WriterGone,
}

impl Stop {
    fn of(query: &UserQuery, error: Error) -> Stop {
        let refused = matches!(
            error.code(),
            ErrorCode::SearchRefused | ErrorCode::SearchUnparsable
        );
        if refused && *query == UserQuery::All {
            Stop::Refused(error)
        } else {
            Stop::Failed(error)
        }
    }

    fn into_result(self) -> Result<()> {
        match self {
            Stop::Failed(error) | Stop::Refused(error) => Err(error),
            Stop::WriterGone => Ok(()),
        }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Failed(error)
    }
}
