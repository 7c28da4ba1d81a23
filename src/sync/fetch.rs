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

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;
    use crate::cancel::CancelToken;
    use crate::config::Settings;
    use crate::http::loopback::{Reply, Responder};
    use crate::http::{Meter, TlsCache, Transport};
    use crate::okta::{Credential, OrgUrl};
    use crate::secret::Secret;

    fn client(server: &Responder) -> OktaClient {
        let settings = Settings::default();
        let (org, _) = OrgUrl::parse(&server.base()).expect("a loopback URL");
        let credential = Credential::ApiToken(Secret::credential("00token").expect("a token"));
        let transport = Transport::new(&settings, &TlsCache::new()).expect("the defaults");
        let (log, cancel) = (Log::default(), CancelToken::new());
        OktaClient::new(
            org,
            credential,
            transport,
            &settings,
            log,
            cancel,
            Meter::default(),
        )
    }

    /// Reads one slice from a server that answers with these `after` values; counts the pages sent on.
    async fn read(after: impl Fn(usize) -> Option<&'static str> + Send + 'static) -> (Result<()>, usize) {
        let server = Responder::start(move |number, _| match after(number) {
            Some(after) => {
                let link = format!("Link: </api/v1/users?after={after}&limit=5>; rel=\"next\"");
                Reply::json(&[&link], r#"[{"id":"00u1"}]"#)
            }
            None => Reply::json(&[], "[]"),
        });
        let (client, page_size) = (client(&server), PageSize::new(5));
        let (pages, mut received) = mpsc::channel(100);
        let log = Log::default();
        let fetcher = Fetcher {
            client: &client,
            page_size: &page_size,
            pages,
            log: &log,
        };
        let slice = Slice {
            number: 0,
            query: UserQuery::All,
            cursor: None,
            cursors_used: Vec::new(),
        };
        let outcome = fetcher.read_all(vec![slice]).await;
        drop(fetcher);
        let mut count = 0;
        while received.recv().await.is_some() {
            count += 1;
        }
        (outcome, count)
    }

    #[tokio::test]
    async fn a_circle_of_cursors_is_an_error_and_not_an_end() {
        let (outcome, pages) = read(|number| Some(["a", "b", "c"][number % 3])).await;
        assert_eq!(outcome.expect_err("a circle").code(), ErrorCode::CursorRepeated);
        assert_eq!(pages, 3, "the page that closes the circle is not taken");
    }

    #[tokio::test]
    async fn empty_and_repeated_pages_go_on_until_there_is_no_next() {
        let (outcome, pages) = read(|number| ["a", "b", "c"].get(number).copied()).await;
        outcome.expect("an explicit end");
        assert_eq!(pages, 4);
    }
}
