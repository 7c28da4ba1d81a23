//! Groups and their members, after the users of a run are published.
//!
//! It never fails the run: what cannot be read is a warning in its report, and the next sync goes on
//! there. Only groups that moved are read again; now and then all are listed, which finds deleted ones.

use std::collections::HashSet;

use futures_util::stream::{FuturesUnordered, StreamExt};

use super::group_guard::{Wanted, too_many_gone};
use super::progress::ProgressBoard;
use crate::cancel::CancelToken;
use crate::clock::UnixMillis;
use crate::config::{Key, Settings};
use crate::directory::Directory;
use crate::directory::groups::{self, Due, Listing, Pass};
use crate::error::{Error, ErrorCode, Result};
use crate::logging::Log;
use crate::model::{Group, GroupCounts, Phase};
use crate::okta::groups::{
    GroupQuery, MOST_ROWS, first_cursor, first_members_cursor, groups_page, members_page,
};
use crate::okta::{Cursor, OktaClient, Page, PageSize};

/// Groups whose members are asked for side by side. Far below every org's limit of requests in flight,
/// and enough to use up the bucket of groups at usual latencies.
const IN_FLIGHT: usize = 6;
/// Groups that are due are taken from the directory in portions.
const PORTION: u64 = 200;
/// How often one listing is begun anew because Okta no longer knows its cursor.
const MOST_RESTARTS: u32 = 3;
/// Okta's listings may lag behind by so much, and its clock may differ by as much.
const OVERLAP: std::time::Duration = std::time::Duration::from_secs(300);

/// What reading groups works with.
pub struct GroupReader<'a> {
    /// Where groups go.
    pub directory: &'a Directory,
    /// The way to Okta.
    pub client: &'a OktaClient,
    /// The settings of the run.
    pub settings: &'a Settings,
    /// Stops it between two pages.
    pub cancel: &'a CancelToken,
    /// Told what is going on.
    pub progress: &'a ProgressBoard,
    /// The engine's log.
    pub log: &'a Log,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct GroupOutcome {
    /// What was read.
    pub counts: GroupCounts,
    /// What could not be read, in words.
    pub warnings: Vec<String>,
}

impl GroupReader<'_> {
    /// Reads what moved. An error is a cancel or a fault of the directory.
    pub async fn read(&self) -> Result<GroupOutcome> {
        self.progress.enter(Phase::Groups);
        let mut outcome = GroupOutcome::default();
        let read = match self.list(&mut outcome).await {
            Ok(()) => self.read_members(&mut outcome).await,
            failed => failed,
        };
        match read {
            Ok(()) => {}
            Err(error) if is_ours(&error) => return Err(error),
            Err(error) => outcome
                .warnings
                .push(format!("Groups could not be read: {error}")),
        }
        outcome.counts.memberships = self.directory.read(groups::memberships)?;
        let counts = outcome.counts;
        self.log.info(format!(
            "groups: {} listed, {} added, {} updated, {} removed, members of {} read, {} memberships",
            counts.listed,
            counts.added,
            counts.updated,
            counts.removed,
            counts.members_read,
            counts.memberships
        ));
        for warning in &outcome.warnings {
            self.log.warn(warning.clone());
        }
        Ok(outcome)
    }

    async fn list(&self, outcome: &mut GroupOutcome) -> Result<()> {
        let wanted = Wanted::from_settings(self.settings);
        let mut by_name = true;
        for _ in 0..=MOST_RESTARTS {
            let pass = self.begin_or_resume(&wanted)?;
            match self.list_pass(&pass, &wanted, by_name, outcome).await {
                Err(error) if error.code() == ErrorCode::CursorInvalid => {
                    self.log
                        .warn(format!("the listing of groups begins anew: {error}"));
                }
                // Names are compared here as well, so every group will do.
                Err(error) if by_name && is_refused_search(&error) => by_name = false,
                ended => return ended,
            }
            self.directory
                .write(|tx| groups::begin(tx, pass.listing, &wanted.to_string()))?;
        }
        Err(Error::new(ErrorCode::CursorInvalid))
    }

    fn begin_or_resume(&self, wanted: &Wanted) -> Result<Pass> {
        let pass = self.directory.read(groups::pass)?;
        let same = pass.wanted == wanted.to_string();
        if pass.listing != Listing::Ended && same {
            return Ok(pass);
        }
        let due = pass.whole_listed.is_none_or(|at| {
            let now = UnixMillis::now();
            at > now || at.age(now) >= self.settings.hours(Key::GroupsWholeAfter)
        });
        let listing = match due || !same || pass.watermark.is_none() {
            true => Listing::Whole,
            false => Listing::Moved,
        };
        self.directory
            .write(|tx| groups::begin(tx, listing, &wanted.to_string()))?;
        self.directory.read(groups::pass)
    }

    async fn list_pass(
        &self,
        pass: &Pass,
        wanted: &Wanted,
        by_name: bool,
        outcome: &mut GroupOutcome,
    ) -> Result<()> {
        let query = match (pass.listing, pass.watermark) {
            (Listing::Moved, Some(watermark)) => GroupQuery::MovedSince(watermark.minus(OVERLAP)),
            _ => wanted.query(by_name),
        };
        let mut cursor = match &pass.cursor {
            Some(stored) => stored.parse()?,
            None => first_cursor(&query),
        };
        let page_size = PageSize::new(MOST_ROWS);
        let mut used: HashSet<Cursor> = HashSet::new();
        loop {
            self.cancel.check()?;
            let page = groups_page(self.client, &cursor, &page_size).await?;
            used.insert(cursor);
            self.commit_page(pass, wanted, &page, outcome)?;
            match page.next {
                Some(next) if used.contains(&next) => return Err(Error::new(ErrorCode::CursorRepeated)),
                Some(next) => cursor = next,
                None => return self.end_listing(pass, wanted, outcome),
            }
        }
    }

    fn commit_page(
        &self,
        pass: &Pass,
        wanted: &Wanted,
        page: &Page<Group>,
        outcome: &mut GroupOutcome,
    ) -> Result<()> {
        let moved = |group: &Group| group.last_updated.max(group.last_membership_updated);
        let seen = page.items.iter().filter_map(moved).max();
        let (kept, other): (Vec<Group>, Vec<Group>) =
            page.items.iter().cloned().partition(|group| wanted.wants(group));
        let gone: Vec<String> = other.into_iter().map(|group| group.id).collect();
        let next = page.next.as_ref().map(Cursor::as_str);
        let (page, removed) = self.directory.write(|tx| {
            let removed = groups::remove_unwanted(tx, &gone)?;
            Ok((groups::commit_page(tx, pass.number, &kept, seen, next)?, removed))
        })?;
        outcome.counts.listed += kept.len() as u64;
        outcome.counts.added += page.added;
        outcome.counts.updated += page.updated;
        outcome.counts.removed += removed;
        Ok(())
    }

    /// After a listing of all groups, those that it did not show are gone, unless they are too many.
    fn end_listing(&self, pass: &Pass, wanted: &Wanted, outcome: &mut GroupOutcome) -> Result<()> {
        let now = UnixMillis::now();
        if pass.listing != Listing::Whole {
            return self.directory.write(|tx| groups::end(tx, now));
        }
        let (removed, warning) = self.directory.write(|tx| {
            let (unlisted, total) = groups::unlisted(tx, pass.number)?;
            // What the settings no longer want may go in any number.
            let (gone, unwanted): (Vec<_>, Vec<_>) =
                unlisted.into_iter().partition(|group| wanted.wants(group));
            let ids = |groups: Vec<Group>| groups.into_iter().map(|group| group.id).collect::<Vec<_>>();
            let (gone, unwanted) = (ids(gone), ids(unwanted));
            let total = total.saturating_sub(unwanted.len() as u64);
            let mut removed = groups::remove_unwanted(tx, &unwanted)?;
            let refused = too_many_gone(gone.len() as u64, total, self.settings);
            if refused.is_none() {
                removed += groups::remove_unwanted(tx, &gone)?;
            }
            groups::end(tx, now)?;
            Ok((removed, refused))
        })?;
        outcome.counts.removed += removed;
        outcome.warnings.extend(warning);
        Ok(())
    }

    async fn read_members(&self, outcome: &mut GroupOutcome) -> Result<()> {
        self.progress
            .groups_listed(self.directory.read(groups::count_due)?);
        let page_size = PageSize::new(MOST_ROWS);
        let mut waiting: Vec<Due> = Vec::new();
        let mut last = 0;
        let mut flying = FuturesUnordered::new();
        loop {
            self.cancel.check()?;
            while flying.len() < IN_FLIGHT {
                if waiting.is_empty() {
                    waiting = self.directory.read(|conn| groups::due(conn, last, PORTION))?;
                    waiting.reverse();
                }
                let Some(due) = waiting.pop() else { break };
                last = due.group_no;
                flying.push(self.members_of(Reading::begin(due)?, &page_size));
            }
            let Some((reading, page)) = flying.next().await else {
                return Ok(());
            };
            match self.settle(reading, page, outcome)? {
                Some(reading) => flying.push(self.members_of(reading, &page_size)),
                None => self.progress.group_done(),
            }
        }
    }

    async fn members_of(&self, reading: Reading, page_size: &PageSize) -> (Reading, Result<Page<String>>) {
        let page = members_page(self.client, &reading.cursor, page_size).await;
        (reading, page)
    }

    /// Writes a page of members; gives the group back if there are more.
    fn settle(
        &self,
        mut reading: Reading,
        page: Result<Page<String>>,
        outcome: &mut GroupOutcome,
    ) -> Result<Option<Reading>> {
        let group_no = reading.due.group_no;
        let page = match page {
            Ok(page) => page,
            Err(error) if error.code() == ErrorCode::OktaNotFound => {
                let gone = [reading.due.okta_id];
                outcome.counts.removed += self.directory.write(|tx| groups::remove_unwanted(tx, &gone))?;
                return Ok(None);
            }
            Err(error) if error.code() == ErrorCode::CursorInvalid && reading.may_restart() => {
                self.directory.write(|tx| groups::restart(tx, group_no))?;
                return Ok(Some(reading.restarted()));
            }
            Err(error) => return Err(error),
        };
        reading.used.insert(reading.cursor);
        self.progress.members_read(page.items.len() as u64);
        match page.next {
            Some(next) if reading.used.contains(&next) => Err(Error::new(ErrorCode::CursorRepeated)),
            Some(next) => {
                self.directory
                    .write(|tx| groups::stage(tx, group_no, &page.items, Some(next.as_str())))?;
                reading.cursor = next;
                Ok(Some(reading))
            }
            None => {
                // A change in the very moment of reading may be in the group's time stamp already and not
                // in the members: such a group is read once more by the next sync.
                let again = reading
                    .due
                    .last_membership_updated
                    .is_some_and(|at| at > reading.began.minus(OVERLAP));
                self.directory.write(|tx| {
                    groups::stage(tx, group_no, &page.items, None)?;
                    groups::finish(tx, group_no, again)
                })?;
                outcome.counts.members_read += 1;
                Ok(None)
            }
        }
    }
}

/// A group whose members are being read.
struct Reading {
    due: Due,
    cursor: Cursor,
    used: HashSet<Cursor>,
    restarts: u32,
    began: UnixMillis,
}

impl Reading {
    fn begin(due: Due) -> Result<Reading> {
        let cursor = match &due.cursor {
            Some(stored) => stored.parse()?,
            None => first_members_cursor(&due.okta_id),
        };
        Ok(Reading {
            due,
            cursor,
            used: HashSet::new(),
            restarts: 0,
            began: UnixMillis::now(),
        })
    }

    fn may_restart(&self) -> bool {
        self.restarts < MOST_RESTARTS
    }

    fn restarted(self) -> Reading {
        Reading {
            cursor: first_members_cursor(&self.due.okta_id),
            used: HashSet::new(),
            restarts: self.restarts + 1,
            ..self
        }
    }
}

/// Whether it is no fault of Okta's or the network's: a cancel, or the directory.
fn is_ours(error: &Error) -> bool {
    error.code() == ErrorCode::Cancelled || matches!(error.code().block(), 4 | 9)
}

fn is_refused_search(error: &Error) -> bool {
    matches!(
        error.code(),
        ErrorCode::SearchRefused | ErrorCode::SearchUnparsable | ErrorCode::ValidationFailed
    )
}
