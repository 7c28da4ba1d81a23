//! Requests the groups and memberships that events name, one by one, and changes only these.
//!
//! For a membership, Okta is asked for the groups of the user. That is one small answer, however large the groups are,
//! and it is up to date when a group's list of members still lags (recorded traffic: 12 of 169 lists of members were
//! behind, none of 127 lists of groups). If requests are scarce and more memberships of a group moved than the group
//! has pages of members, the pages are read instead.
//!
//! Nothing here waits for the rate limit. What it does not allow now stays in the inbox for the next refresh, so that
//! users who moved meanwhile do not wait for groups.

use std::collections::{BTreeMap, BTreeSet};
use std::future::ready;

use futures_util::stream::{self, StreamExt};

use super::wanted::Wanted;
use super::{GroupOutcome, GroupReader};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::directory::inbox::{self, InboxKind, InboxRow};
use crate::directory::{groups, users};
use crate::http::rate_window::Bucket;
use crate::model::{Group, Phase};
use crate::okta::groups::{MOST_ROWS, group_now, groups_of_user};
use crate::sync::publish::again::{asked_again, tried_again};

/// A deletion that could not be read is tried for ever, in the end so seldom: only the listing of all groups shows it.
const SELDOM: std::time::Duration = std::time::Duration::from_secs(1_800);

/// Requests for the groups of users that are in flight at once.
const IN_FLIGHT: usize = 6;

/// The rows of the inbox about groups and memberships.
#[derive(Clone, Debug, Default)]
pub struct GroupEvents {
    rows: Vec<InboxRow>,
}

impl GroupEvents {
    /// Selects the rows about groups.
    pub fn of(rows: &[InboxRow]) -> GroupEvents {
        let about_groups = |row: &&InboxRow| {
            matches!(
                row.kind,
                InboxKind::Group | InboxKind::Membership | InboxKind::Members
            )
        };
        GroupEvents {
            rows: rows.iter().filter(about_groups).cloned().collect(),
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The numbers of the newest events.
    pub fn arrivals(&self) -> Vec<i64> {
        self.rows.iter().map(|row| row.arrival).collect()
    }
}

impl GroupReader<'_> {
    /// Reads what moved. As in [`read`](GroupReader::read), an error is a cancel or a failure of the directory.
    pub async fn read_events(&self, events: &GroupEvents) -> Result<GroupOutcome> {
        self.progress.enter(Phase::Groups);
        let mut outcome = GroupOutcome::default();
        let read = match self.read_one_by_one(events, &mut outcome).await {
            Ok(()) => self.read_members(&mut outcome).await,
            failed => failed,
        };
        self.close(read, &mut outcome)?;
        Ok(outcome)
    }

    async fn read_one_by_one(&self, events: &GroupEvents, outcome: &mut GroupOutcome) -> Result<()> {
        let mut by_group: BTreeMap<&str, Vec<&InboxRow>> = BTreeMap::new();
        for row in &events.rows {
            by_group.entry(&row.group_id).or_default().push(row);
        }
        let mut by_user: BTreeMap<&str, Vec<&InboxRow>> = BTreeMap::new();
        let scarce = self.client.room_in(Bucket::Users).spare < events.rows.len() as u64;
        // How many requests the members of the groups read so far will take.
        let mut promised = 0;
        for (group_id, rows) in longest_waiting_first(by_group) {
            self.cancel.check()?;
            let pages = self
                .directory
                .read(|conn| groups::pages_of_members(conn, group_id, MOST_ROWS))?;
            let (at_users, at_group) = parted(rows, pages, scarce);
            for row in at_users {
                by_user.entry(&row.user_id).or_default().push(row);
            }
            if at_group.is_empty() {
                continue;
            }
            let members = match at_group.iter().any(|row| row.kind != InboxKind::Group) {
                true => pages.unwrap_or(1),
                false => 0,
            };
            let spare = self.client.room_in(Bucket::Groups).spare;
            // A group may need more requests than there ever are to spare; it is read if it comes first.
            if spare > promised + members || spare > 0 && promised == 0 {
                self.read_group(group_id, &at_group, outcome).await?;
                promised += members;
            }
        }
        let asked = longest_waiting_first(by_user)
            .into_iter()
            .map(
                |(user_id, rows)| async move { (user_id, rows, groups_of_user(self.client, user_id).await) },
            );
        let mut answers = stream::iter(asked)
            .take_while(|_| ready(self.client.room_in(Bucket::Users).spare > 0))
            .buffer_unordered(IN_FLIGHT);
        while let Some((user_id, rows, answer)) = answers.next().await {
            self.cancel.check()?;
            self.take_memberships(user_id, &rows, answer, outcome)?;
        }
        Ok(())
    }

    async fn read_group(&self, group_id: &str, rows: &[&InboxRow], outcome: &mut GroupOutcome) -> Result<()> {
        let mut now = group_now(self.client, group_id).await;
        let said_deleted = rows.iter().any(|row| row.deleted);
        if said_deleted && matches!(now, Ok(None)) {
            now = group_now(self.client, group_id).await;
        }
        match now {
            Ok(Some(group)) => self.write_group(&group, rows, outcome),
            Ok(None) if said_deleted => {
                let gone = [group_id.to_owned()];
                outcome.counts.removed += self.directory.write(|tx| {
                    inbox::settle(tx, &arrivals(rows))?;
                    groups::remove_unwanted(tx, &gone)
                })?;
                Ok(())
            }
            // The group may be gone, about to be created, or hidden. In the end the next listing of groups decides.
            Ok(None) => self.ask_again(rows),
            Err(error) => self.fail_for(rows, &error, outcome),
        }
    }

    fn write_group(&self, group: &Group, rows: &[&InboxRow], outcome: &mut GroupOutcome) -> Result<()> {
        if !Wanted::from_settings(self.settings).wants(group) {
            let unwanted = [group.id.clone()];
            outcome.counts.removed += self.directory.write(|tx| {
                inbox::settle(tx, &arrivals(rows))?;
                groups::remove_unwanted(tx, &unwanted)
            })?;
            return Ok(());
        }
        let members_moved = rows.iter().any(|row| row.kind != InboxKind::Group);
        // Okta still shows a group that an event calls deleted. It is asked again, because otherwise only a listing of
        // all groups would show the deletion.
        let (deletions, others): (Vec<&InboxRow>, Vec<&InboxRow>) = rows.iter().partition(|row| row.deleted);
        self.ask_again(&deletions)?;
        let counts = self.directory.write(|tx| {
            inbox::settle(tx, &arrivals(&others))?;
            groups::write_single(tx, group, members_moved)
        })?;
        outcome.counts.listed += counts.listed;
        outcome.counts.added += counts.added;
        outcome.counts.updated += counts.updated;
        Ok(())
    }

    fn take_memberships(
        &self,
        user_id: &str,
        rows: &[&InboxRow],
        answer: Result<Option<Vec<String>>>,
        outcome: &mut GroupOutcome,
    ) -> Result<()> {
        let of_user: BTreeSet<String> = match answer {
            Ok(Some(ids)) => ids.into_iter().collect(),
            // An absent user is in no group. A user whom the directory does not know may be about to be created.
            Ok(None) => {
                let known = self.directory.read(|conn| users::known(conn, user_id))?;
                return match known.is_some_and(|user| user.absent) {
                    true => self.directory.write(|tx| inbox::settle(tx, &arrivals(rows))),
                    false => self.ask_again(rows),
                };
            }
            Err(error) => return self.fail_for(rows, &error, outcome),
        };
        self.directory.write(|tx| {
            for row in rows {
                groups::set_member(tx, &row.group_id, user_id, of_user.contains(&row.group_id))?;
            }
            inbox::settle(tx, &arrivals(rows))
        })?;
        self.progress.members_read(rows.len() as u64);
        Ok(())
    }

    fn ask_again(&self, rows: &[&InboxRow]) -> Result<()> {
        let now = UnixMillis::now();
        self.directory.write(|tx| {
            rows.iter().try_for_each(|row| match asked_again(row.asked, now) {
                Some(until) => inbox::ask_again(tx, row.arrival, until),
                None => inbox::settle(tx, &[row.arrival]),
            })
        })
    }

    /// If the error concerns these rows only, they are tried again later; any other error ends the reading.
    fn fail_for(&self, rows: &[&InboxRow], error: &Error, outcome: &mut GroupOutcome) -> Result<()> {
        if !crate::okta::api_error::concerns_one(error.code()) {
            return Err(error.clone());
        }
        if let Some(row) = rows.first() {
            outcome.notes.refused(&row.group_id, error);
        }
        self.try_later(rows)
    }

    fn try_later(&self, rows: &[&InboxRow]) -> Result<()> {
        let now = UnixMillis::now();
        self.directory.write(|tx| {
            for row in rows {
                let seldom = row.deleted.then(|| now.plus(SELDOM));
                match tried_again(row.asked, now).or(seldom) {
                    Some(until) => inbox::postpone(tx, row.arrival, until)?,
                    None => inbox::settle(tx, &[row.arrival])?,
                }
            }
            Ok(())
        })
    }
}

fn longest_waiting_first<'a>(
    rows: BTreeMap<&'a str, Vec<&'a InboxRow>>,
) -> Vec<(&'a str, Vec<&'a InboxRow>)> {
    let mut sorted: Vec<_> = rows.into_iter().collect();
    sorted.sort_by_key(|(_, rows)| rows.iter().map(|row| row.arrival).min());
    sorted
}

/// Divides the rows of one group: memberships that are requested through their users, and the others, which are
/// requested through the group. `pages` is how many pages its members take, if they were read before; `scarce` says
/// that there are too few requests for users.
fn parted(rows: Vec<&InboxRow>, pages: Option<u64>, scarce: bool) -> (Vec<&InboxRow>, Vec<&InboxRow>) {
    let (memberships, others): (Vec<&InboxRow>, Vec<&InboxRow>) = rows
        .into_iter()
        .partition(|row| row.kind == InboxKind::Membership);
    let are_members_read = others.iter().any(|row| row.kind == InboxKind::Members);
    match pages {
        Some(pages) if !are_members_read && (!scarce || memberships.len() as u64 <= pages) => {
            (memberships, others)
        }
        _ => (Vec::new(), [memberships, others].concat()),
    }
}

fn arrivals(rows: &[&InboxRow]) -> Vec<i64> {
    rows.iter().map(|row| row.arrival).collect()
}
