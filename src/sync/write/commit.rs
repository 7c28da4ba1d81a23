//! The writer: takes pages in order, plans each one, and writes it with its cursor. A few pages share one
//! transaction.
//!
//! It runs on a thread of its own inside the call, so that the next pages are fetched meanwhile. If the process
//! dies at any moment, either the rows of a page and the cursor after it are written, or neither.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::Receiver;

use crate::contract::errors::Result;
use crate::directory::runs::{self, PageRow, RunCost};
use crate::directory::store::kept_out;
use crate::directory::users::{self, KnownUser, KnownUsers, retention};
use crate::directory::{Directory, Transaction, content_hash};
use crate::http::Meter;
use crate::model::{MatchRule, OktaUser, RunId, SyncReport};
use crate::okta::UserQuery;
use crate::resources;
use crate::sync::progress::ProgressBoard;
use crate::sync::read::fetch::{Fetched, FetchedPage};
use crate::sync::write::page_queue::{PageQueue, Received};
use crate::sync::write::plan::{Fingerprinted, PagePlan, newest_of_each, plan};
use crate::sync::write::seen::Seen;

/// The stored cursor of users who were requested one by one.
const BY_ID: &str = "/api/v1/users/{id}";
/// The most rows in one transaction, so that the index pages it touches fit in the writer's cache.
const MOST_ROWS: u64 = 10_000;
/// The longest time that one transaction waits for further pages.
const LONGEST_BATCH: Duration = Duration::from_millis(250);
/// A transaction stays open for at most one part in this many of the attempt so far; a kill loses no more
/// than that.
const LOSS: u32 = 8;
/// How often it checks whether another call wants to write.
const LOOK_ROUND: Duration = Duration::from_millis(10);

/// Writes the pages of one run.
pub struct Writer<'a> {
    /// The directory they are written to.
    pub directory: &'a Directory,
    /// The run they belong to.
    pub run: RunId,
    /// Updated after each commit.
    pub progress: &'a ProgressBoard,
    /// What the run costs; stored with each page.
    pub spending: &'a Spending,
    /// The matching rules, if only users who may match are kept.
    pub only_matched: Option<&'a [MatchRule]>,
}

/// What a run costs: the earlier attempts, as stored in the directory, and this one.
pub struct Spending {
    /// Costs of earlier attempts.
    pub earlier: RunCost,
    /// Counts this attempt.
    pub meter: Meter,
    /// When this attempt began.
    pub began: Instant,
}

impl Spending {
    /// The cost so far.
    pub fn read(&self) -> RunCost {
        let now = self.meter.read();
        let elapsed = millis(self.began.elapsed());
        RunCost {
            requests: self.earlier.requests + now.requests,
            retries: self.earlier.retries + now.retries,
            waited_ms: self.earlier.waited_ms + millis(now.waited),
            bytes: self.earlier.bytes + now.bytes,
            elapsed_ms: self.earlier.elapsed_ms.saturating_add(elapsed),
            okta_began: self
                .earlier
                .okta_began
                .or(now.server_clock.map(|clock| clock.began)),
            okta_ended: now
                .server_clock
                .map(|clock| clock.ended)
                .max(self.earlier.okta_ended),
        }
    }

    /// Copies the cost so far into a report.
    pub fn report(&self, report: &mut SyncReport) {
        let spent = self.read();
        report.requests = spent.requests;
        report.retries = spent.retries;
        report.waited_ms = spent.waited_ms;
        report.bytes = spent.bytes;
        report.elapsed_ms = spent.elapsed_ms;
    }
}

/// A span in whole milliseconds.
fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

impl Writer<'_> {
    /// Commits until the fetcher has ended. After an error the channel is closed, which stops the fetcher.
    pub fn commit_all(&self, pages: Receiver<Fetched>) -> Result<()> {
        let mut queue = PageQueue::new(pages);
        let mut seen = self.directory.read(|conn| Seen::load(conn, self.run))?;
        while let Some(first) = queue.next_page() {
            let pages = self
                .directory
                .write(|tx| self.commit_batch(tx, first, &mut queue, &mut seen))?;
            self.progress.committed(pages, seen.users());
        }
        Ok(())
    }

    /// Writes users who were requested by id, as a slice of their own with this number.
    pub fn commit_by_id(&self, slice: i64, users: Vec<OktaUser>, unreadable: Vec<String>) -> Result<()> {
        let page = FetchedPage {
            slice,
            cursor: BY_ID.to_owned(),
            users,
            unreadable,
            next: None,
        };
        self.directory.write(|tx| {
            let mut seen = Seen::load(tx, self.run)?;
            runs::add_slice(tx, self.run, slice, &UserQuery::All.to_string())?;
            self.write_page(tx, page, &mut seen)?;
            runs::save_cost(tx, self.run, &self.spending.read())
        })
    }

    /// Writes `first` and the pages that follow soon in one transaction, so that an index page that several of them
    /// change is logged only once. Returns the number of pages.
    fn commit_batch(
        &self,
        tx: &Transaction<'_>,
        first: Fetched,
        queue: &mut PageQueue<Fetched>,
        seen: &mut Seen,
    ) -> Result<u64> {
        let lasted = self.spending.began.elapsed();
        let deadline = Instant::now() + (lasted / LOSS).min(LONGEST_BATCH);
        let (mut pages, mut rows) = (0, 0);
        let mut next = Some(first);
        while let Some(fetched) = next {
            if let Some(of_page) = self.write(tx, fetched, seen)? {
                pages += 1;
                rows += of_page;
            }
            next = if rows >= MOST_ROWS {
                None
            } else {
                self.follower(queue, deadline)
            };
        }
        runs::save_cost(tx, self.run, &self.spending.read())?;
        Ok(pages)
    }

    /// The next page, if one comes before `deadline` and no other call wants to write.
    fn follower(&self, queue: &mut PageQueue<Fetched>, deadline: Instant) -> Option<Fetched> {
        while !self.directory.somebody_waits_to_write() {
            match queue.next_page_until(deadline.min(Instant::now() + LOOK_ROUND)) {
                Received::Next(fetched) => return Some(fetched),
                Received::Closed => return None,
                Received::Late if Instant::now() >= deadline => return None,
                Received::Late => {}
            }
        }
        None
    }

    /// Writes one message of the fetcher. Returns the number of rows if it is a page.
    fn write(&self, tx: &Transaction<'_>, fetched: Fetched, seen: &mut Seen) -> Result<Option<u64>> {
        match fetched {
            Fetched::Page(page) => self.write_page(tx, page, seen).map(Some),
            Fetched::RestartSlice(slice) => runs::restart_slice(tx, self.run, slice).map(|()| None),
            Fetched::SplitSlice(split) => {
                let (near, far) = (split.query.to_string(), split.added_query.to_string());
                if split.restart {
                    runs::restart_slice(tx, self.run, split.slice)?;
                }
                runs::narrow_slice(tx, self.run, split.slice, &near)?;
                runs::add_slice(tx, self.run, split.added, &far).map(|()| None)
            }
            Fetched::ReplaceSlices(queries) => {
                let queries: Vec<String> = queries.iter().map(ToString::to_string).collect();
                runs::replace_slices(tx, self.run, &queries).map(|()| None)
            }
        }
    }

    fn write_page(&self, tx: &Transaction<'_>, page: FetchedPage, seen: &mut Seen) -> Result<u64> {
        resources::check()?;
        let unreadable = published(tx, self.run, &page.unreadable)?;
        let rows = (page.users.len() + unreadable.len()) as u64;
        let watermark = page.users.iter().filter_map(|user| user.last_updated).max();
        let sent: Vec<String> = page.users.iter().map(|user| user.id.clone()).collect();
        let users = fingerprinted(kept_out::leave_out(tx, newest_of_each(page.users))?);
        let known = known_users(tx, &users)?;
        let users = self.wanted_users(tx, users, &known)?;
        let passed_over = passed_over(&sent, &users);
        let mut plan = plan(self.run, users, &known);
        plan.seen.extend(unreadable);
        apply(tx, self.run, &plan)?;
        seen.take(&plan);
        let row = PageRow {
            cursor_used: &page.cursor,
            next: page.next.as_deref(),
            users: rows,
            seen: &plan.seen,
            seen_so_far: seen.users(),
            passed_over,
            watermark,
        };
        runs::commit_page(tx, self.run, page.slice, row)?;
        Ok(rows)
    }
}

impl Writer<'_> {
    /// Leaves out new users who match no Jira user, so that they never reach the disk. Known users stay, because
    /// otherwise they would seem to be gone.
    fn wanted_users(
        &self,
        tx: &Transaction<'_>,
        users: Vec<Fingerprinted>,
        known: &HashMap<String, KnownUser>,
    ) -> Result<Vec<Fingerprinted>> {
        let Some(rules) = self.only_matched else {
            return Ok(users);
        };
        let mut wanted = Vec::with_capacity(users.len());
        for (user, hash) in users {
            if known.contains_key(&user.id) || retention::could_match(tx, &user, rules)? {
                wanted.push((user, hash));
            }
        }
        Ok(wanted)
    }
}

/// The numbers of the users among these who are published.
fn published(tx: &Transaction<'_>, run: RunId, ids: &[String]) -> Result<Vec<i64>> {
    let mut published = Vec::new();
    for id in ids {
        let known = users::known(tx, id)?.filter(|row| row.inserted_run != run);
        published.extend(known.map(|row| row.user_no));
    }
    Ok(published)
}

fn fingerprinted(users: Vec<OktaUser>) -> Vec<Fingerprinted> {
    let with_hash = |user: OktaUser| {
        let hash = content_hash(&user);
        (user, hash)
    };
    users.into_iter().map(with_hash).collect()
}

/// How many rows of a page belong to users who are not kept.
fn passed_over(sent: &[String], kept: &[Fingerprinted]) -> u64 {
    if sent.len() == kept.len() {
        return 0;
    }
    let kept: HashSet<&str> = kept.iter().map(|(user, _)| user.id.as_str()).collect();
    sent.iter().filter(|id| !kept.contains(id.as_str())).count() as u64
}

fn known_users(tx: &Transaction<'_>, page: &[Fingerprinted]) -> Result<HashMap<String, KnownUser>> {
    let mut known = HashMap::with_capacity(page.len());
    let mut stored = KnownUsers::new(tx)?;
    for (user, hash) in page {
        if let Some(mut row) = stored.get(&user.id)? {
            // A changed user is written anyway.
            row.damaged = row.content_hash == *hash && !stored.holds(row.user_no, user, hash)?;
            known.insert(user.id.clone(), row);
        }
    }
    Ok(known)
}

fn apply(tx: &Transaction<'_>, run: RunId, plan: &PagePlan) -> Result<()> {
    users::insert(tx, run, &plan.insert)?;
    for (user_no, user, hash) in &plan.replace {
        users::replace(tx, *user_no, user, hash)?;
    }
    for (user_no, user, hash) in &plan.stage {
        users::stage(tx, run, *user_no, user, hash)?;
    }
    for user_no in &plan.unstage {
        users::unstage(tx, *user_no)?;
    }
    Ok(())
}
