//! Reads the slices of a run, with several requests in flight, and sends their pages to the writer.
//!
//! Everything runs on the caller's own thread; the requests in flight are futures. The writer handles messages in
//! order, so a split is in the directory before any page that depends on it. If the org refuses slices, they are
//! replaced by simpler ones, in the end by listings that need no search.

use std::cell::RefCell;
use std::collections::BTreeMap;

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::mpsc::Sender;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::Meter;
use crate::logging::Log;
use crate::model::OktaUser;
use crate::okta::users::{first_cursor, room_for_listings, users_page};
use crate::okta::{Cursor, OktaClient, Page, PageSize, Unreadable, UserQuery, refuses_query};
use crate::sync::read::cut::Outlook;
use crate::sync::read::economy::{Economy, beside};
use crate::sync::read::in_flight::InFlight;
use crate::sync::read::slices::{Misfit, Slice, SliceBook, Split, Task};

/// A message to the writer. Messages are sent in the order of the events.
#[derive(Debug)]
pub enum Fetched {
    /// A page of a slice.
    Page(FetchedPage),
    /// The slice begins again; its users still count as seen.
    RestartSlice(i64),
    /// The far part of a slice becomes a new slice.
    SplitSlice(Split),
    /// The slices of the run are replaced, because there is a better way to read, or because the org refuses the
    /// present one.
    ReplaceSlices(Vec<UserQuery>),
}

/// One page, the cursor that fetched it, and the next cursor.
#[derive(Debug)]
pub struct FetchedPage {
    /// The slice that the page belongs to.
    pub slice: i64,
    /// The cursor that fetched the page.
    pub cursor: String,
    /// The users of the page.
    pub users: Vec<OktaUser>,
    /// The ids of users whose rows cannot be read. Their stored content stays as it is.
    pub unreadable: Vec<String>,
    /// The next cursor; none if the slice ends here.
    pub next: Option<String>,
}

/// Reads slices and sends their pages to the writer.
pub struct Fetcher<'a> {
    /// The client that asks Okta.
    pub client: &'a OktaClient,
    /// How many users a page has at most.
    pub page_size: &'a PageSize,
    /// The channel to the writer; closed if the writer failed.
    pub pages: Sender<Fetched>,
    /// The engine's log.
    pub log: &'a Log,
    /// Counts the requests and answers of the client.
    pub meter: &'a Meter,
    /// The most requests in flight.
    pub most_in_flight: usize,
    /// What is known about the users before they are read.
    pub outlook: Outlook,
    /// Requests used for finding out where to cut.
    pub spent: u64,
    /// Users whose rows cannot be read, by id, with the place of the row and what is wrong with it.
    pub unreadable: RefCell<BTreeMap<String, String>>,
}

/// A slice should have at least about this many pages, because its last page is half empty on average.
const PAGES_A_SLICE: u64 = 4;
/// Slices without order are split while fewer than this are open for each request in flight.
const SLICES_WITHOUT_ORDER: usize = 2;

/// The answer to a task.
struct TaskResult {
    task: Task,
    cursor: Cursor,
    page: Result<Page<OktaUser>>,
}

impl Fetcher<'_> {
    /// Reads every slice to its end. `next_number` is a number that no slice of the run has had. `may_cut` says
    /// whether one listing of all users may be replaced by slices. If the writer fails, the channel is closed and
    /// this returns without an error, because the caller reports the writer's own error.
    pub async fn read_all(
        &mut self,
        mut slices: Vec<Slice>,
        mut next_number: i64,
        mut may_cut: bool,
    ) -> Result<()> {
        let mut in_flight = InFlight::new(self.most_in_flight);
        self.outlook
            .widen(slices.iter().map(|slice| slice.query), UnixMillis::now());
        loop {
            let stop = match self.read(&slices, next_number, may_cut, &mut in_flight).await {
                Ok(()) | Err(Stop::WriterGone) => return Ok(()),
                Err(Stop::Failed(error)) => return Err(error),
                Err(Stop::Replace(queries)) => queries,
            };
            // A listing that is not a range was chosen because ranges do not work for this org.
            may_cut = false;
            slices = numbered(&stop);
            next_number = slices.len() as i64;
            if self.pages.send(Fetched::ReplaceSlices(stop)).await.is_err() {
                return Ok(());
            }
        }
    }

    async fn read(
        &mut self,
        slices: &[Slice],
        next_number: i64,
        may_cut: bool,
        in_flight: &mut InFlight,
    ) -> Result<(), Stop> {
        match slices {
            [everybody] if may_cut && everybody.has_just_begun() => self.open(everybody, in_flight).await,
            slices => self.walk(slices, next_number, in_flight).await,
        }
    }

    /// Reads slices side by side until all have ended.
    pub(in crate::sync) async fn walk(
        &self,
        slices: &[Slice],
        next_number: i64,
        in_flight: &mut InFlight,
    ) -> Result<(), Stop> {
        let rows = self.page_size.rows();
        let wanted = self.slices_worth(SLICES_WITHOUT_ORDER * self.most_in_flight);
        let economy = self.economy();
        let mut book = SliceBook::new(slices, next_number, &self.outlook, rows, wanted, economy)?;
        let mut flying = FuturesUnordered::new();
        loop {
            if let Some(allowed) = in_flight.limited(self.meter.read().concurrency_limited) {
                self.log.info(format!(
                    "Okta says that too many requests are in flight; at most {allowed} from now on"
                ));
            }
            while flying.len() < in_flight.allowed() {
                let Some(task) = self.next_task(&mut book, in_flight).await? else {
                    break;
                };
                flying.push(self.fetch(task));
            }
            let Some(answer) = flying.next().await else {
                return Ok(());
            };
            if let Some(again) = self.handle(&mut book, answer, in_flight).await? {
                flying.push(self.fetch(again));
            }
        }
    }

    /// The budget of additional requests for the expected number of users.
    pub(in crate::sync) fn economy(&self) -> Economy {
        let mut economy = Economy::new(self.outlook.users, self.page_size.rows());
        economy.spend(self.spent);
        economy
    }

    /// `most` slices, or fewer if the expected users would not fill a few pages of each slice.
    pub(in crate::sync) fn slices_worth(&self, most: usize) -> usize {
        let users = match self.outlook.users {
            0 => return most,
            users => users,
        };
        let worth = users / (u64::from(self.page_size.rows()) * PAGES_A_SLICE);
        usize::try_from(worth).map_or(most, |worth| worth.clamp(1, most))
    }

    async fn next_task(&self, book: &mut SliceBook, in_flight: &InFlight) -> Result<Option<Task>, Stop> {
        if let Some(task) = book.next() {
            return Ok(Some(task));
        }
        let room = room_for_listings(self.client);
        if beside(room, book.pages_left(), 1, in_flight.quickest()) == 0 {
            return Ok(None);
        }
        match book.split() {
            Some(split) => {
                self.send(Fetched::SplitSlice(split)).await?;
                Ok(book.next())
            }
            None => Ok(None),
        }
    }

    async fn fetch(&self, task: Task) -> TaskResult {
        let first = || first_cursor(&task.query, self.page_size.rows());
        let cursor = task.cursor.clone().unwrap_or_else(first);
        let page = users_page(self.client, &cursor, self.page_size).await;
        TaskResult { task, cursor, page }
    }

    async fn handle(
        &self,
        book: &mut SliceBook,
        answer: TaskResult,
        in_flight: &mut InFlight,
    ) -> Result<Option<Task>, Stop> {
        let TaskResult { task, cursor, page } = answer;
        let slice = task.slice;
        let page = match page {
            Ok(page) => page,
            Err(error) if error.code() == ErrorCode::CursorInvalid && book.restart(slice) => {
                self.log.warn(format!("slice {slice} begins again: {error}"));
                return self.send(Fetched::RestartSlice(slice)).await.map(|()| None);
            }
            Err(error) => return Err(self.stop(&task.query, error)),
        };
        in_flight.answered(page.latency);
        if !task.again && book.leads_back(slice, &cursor, &page) {
            self.log.warn(format!(
                "slice {slice} leads back to an earlier page; requesting the present page once more"
            ));
            return Ok(Some(Task { again: true, ..task }));
        }
        let taken = match book.take(slice, &cursor, &page) {
            Ok(taken) => taken,
            Err(misfit) => {
                // The pages that led nowhere are not part of the listing, so the next attempt must not continue
                // from them.
                if matches!(misfit, Misfit::Endless(_)) {
                    self.send(Fetched::RestartSlice(slice)).await?;
                }
                return Err(self.misfit(misfit));
            }
        };
        self.note_unreadable(&page.unreadable);
        self.send(Fetched::Page(FetchedPage {
            slice,
            cursor: cursor.as_str().to_owned(),
            users: page.items,
            unreadable: page.unreadable.into_iter().map(|row| row.id).collect(),
            next: taken.next.map(|next| next.as_str().to_owned()),
        }))
        .await?;
        if let Some(split) = taken.split {
            self.send(Fetched::SplitSlice(split)).await?;
        }
        Ok(None)
    }

    /// Remembers users whose rows cannot be read, for the report of the run.
    fn note_unreadable(&self, rows: &[Unreadable]) {
        for row in rows {
            let what = format!("row {} of a page: {}", row.row, row.why);
            self.log
                .warn(format!("user {} cannot be read, {what}; passed over", row.id));
            self.unreadable.borrow_mut().insert(row.id.clone(), what);
        }
    }

    async fn send(&self, fetched: Fetched) -> Result<(), Stop> {
        self.pages.send(fetched).await.map_err(|_| Stop::WriterGone)
    }

    /// How the run continues after an error of a listing: it stops, or it reads in another way.
    pub(in crate::sync) fn stop(&self, query: &UserQuery, error: Error) -> Stop {
        let is_range = matches!(
            query,
            UserQuery::CreatedInOrder { .. } | UserQuery::CreatedBetween { .. }
        );
        match error.code() {
            ErrorCode::SearchRefused | ErrorCode::ValidationFailed if is_range => {
                self.log.warn(format!(
                    "the org refuses the search by creation date ({error}); reading one listing of all users"
                ));
                Stop::Replace(vec![UserQuery::All])
            }
            _ if refuses_query(&error) && (is_range || *query == UserQuery::All) => {
                self.log.warn(format!(
                    "the org refuses the search for all users ({error}); listing by status"
                ));
                Stop::Replace(vec![UserQuery::NotDeprovisioned, UserQuery::Deprovisioned])
            }
            _ => Stop::Failed(error),
        }
    }

    fn misfit(&self, misfit: Misfit) -> Stop {
        match misfit {
            Misfit::OutOfOrder => {
                self.log
                    .warn("the org does not sort by creation date; reading ranges without an order");
                Stop::Replace(self.cut_without_order(self.economy().left(0)))
            }
            Misfit::WithoutCreated => {
                self.log
                    .warn("a user has no creation date; reading one listing of all users");
                Stop::Replace(vec![UserQuery::All])
            }
            Misfit::Endless(_) | Misfit::Unknown => Stop::Failed(misfit.into()),
        }
    }
}

fn numbered(queries: &[UserQuery]) -> Vec<Slice> {
    let slices = (0_i64..).zip(queries).map(|(number, query)| Slice {
        number,
        query: *query,
        cursor: None,
        cursors_used: Vec::new(),
    });
    slices.collect()
}

/// Why reading stopped before its end.
#[derive(Debug)]
pub(in crate::sync) enum Stop {
    Failed(Error),
    /// The run must read these slices instead.
    Replace(Vec<UserQuery>),
    WriterGone,
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
    use crate::contract::settings::Settings;
    use crate::http::loopback::{Reply, Responder};
    use crate::http::{TlsCache, Transport};
    use crate::okta::{Credential, OrgUrl};
    use crate::secret::Secret;

    fn client(server: &Responder) -> OktaClient {
        let settings = Settings::default();
        let (org, _) = OrgUrl::parse(&server.base()).expect("a loopback URL");
        let credential = Credential::ApiToken(Secret::credential("00token").expect("a token"));
        let transport = Transport::new(&settings, &TlsCache::new()).expect("the defaults");
        let (log, cancel) = (Log::default(), CancelToken::new());
        let mut client = OktaClient::new(
            org,
            credential,
            transport,
            &settings,
            log,
            cancel,
            Meter::default(),
        );
        client.learn(&[]);
        client
    }

    /// Reads one slice from a server that answers with these `after` values. Returns how many pages were sent on.
    async fn read(after: impl Fn(usize) -> Option<&'static str> + Send + 'static) -> (Result<()>, usize) {
        let server = Responder::start(move |number, _| match after(number) {
            Some(after) => {
                let link = format!("Link: </api/v1/users?after={after}&limit=5>; rel=\"next\"");
                Reply::json(&[&link], r#"[{"id":"00u1","profile":{}}]"#)
            }
            None => Reply::json(&[], "[]"),
        });
        let (client, page_size) = (client(&server), PageSize::new(5));
        let (pages, mut received) = mpsc::channel(100);
        let (log, meter) = (Log::default(), Meter::default());
        let mut fetcher = Fetcher {
            client: &client,
            page_size: &page_size,
            pages,
            log: &log,
            meter: &meter,
            most_in_flight: 1,
            outlook: Outlook::default(),
            spent: 0,
            unreadable: RefCell::default(),
        };
        let outcome = fetcher.read_all(numbered(&[UserQuery::All]), 1, true).await;
        drop(fetcher);
        let mut count = 0;
        while let Some(fetched) = received.recv().await {
            count += usize::from(matches!(fetched, Fetched::Page(_)));
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
