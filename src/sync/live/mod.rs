//! Live: reading again what events told to have moved, within seconds.
//!
//! The inbox says what; `way` chooses between asking one by one and a listing; `ask` asks for users by id, and the
//! run that publishes them is a run like any other, with a record, changes, matching and a digest. Groups come
//! after it, as in every run. What listings find that events should have told, they count as missed.

mod ask;
mod deletions;
mod pace;
mod poll;
mod way;

use std::time::Instant;

use self::ask::{UsersAsked, ask_for_users};
pub use self::poll::{compare_with_log, interval, poll_log};
use self::way::{MOST_BESIDE, MOST_DELETIONS, MOST_GROUPS, MOST_USERS, PAGE, Way, tells_groups, way};
use super::begin::Decision;
use super::context::SyncContext;
use super::groups::GroupsTold;
use super::publish::told::ToldUsers;
use super::schemas as schema_reading;
use super::write::commit::Spending;
use crate::clock::UnixMillis;
use crate::contract::errors::{ErrorCode, Result};
use crate::contract::settings::Key;
use crate::directory::groups;
use crate::directory::inbox::{self, InboxKind, InboxRow, Pending};
use crate::directory::profiles::schemas;
use crate::directory::runs::{self, RunCost, freshness};
use crate::directory::users;
use crate::model::{RunId, RunMode, RunReason, RunState, SyncMode, SyncReport};
use crate::okta::Organization;

/// Brings the directory up to what events told; none if nothing of it is due, or if it must wait: before the first
/// full run, which shows everything, and while a run waits that a person cancelled.
///
/// An unfinished run goes on first: until it is published nothing else can be.
pub fn refresh(mut context: SyncContext<'_>) -> Result<Option<SyncReport>> {
    let now = UnixMillis::now();
    let (pending, present, last_full, unfinished) = context.directory.read(|conn| {
        Ok((
            inbox::pending(conn, now)?,
            users::counts(conn)?.present,
            freshness::get(conn)?.last_full,
            runs::unfinished(conn)?,
        ))
    })?;
    if !pending.is_due() || last_full.is_none() {
        return Ok(None);
    }
    if let Some(row) = unfinished.filter(|row| row.report.mode != RunMode::Live) {
        let cancelled = row.report.state == RunState::Interrupted
            && row.report.error_code == ErrorCode::Cancelled.number();
        return match cancelled {
            true => Ok(None),
            false => super::run(context).map(Some),
        };
    }
    match way(&pending, present) {
        Way::Nothing => Ok(None),
        Way::Delta(reason) => {
            context.groups_told = context.groups_beside(&pending, now)?;
            context.list(SyncMode::Delta, reason).map(Some)
        }
        Way::Full(reason) => context.list(SyncMode::Full, reason).map(Some),
        Way::OneByOne => match context.read_told(now)? {
            Some(report) => Ok(Some(report)),
            None => {
                context.groups_told = context.groups_beside(&pending, now)?;
                context.list(SyncMode::Delta, RunReason::ManyEvents).map(Some)
            }
        },
    }
}

impl SyncContext<'_> {
    /// The groups and memberships to ask for one by one beside a listing of users; none if they are listed as well.
    fn groups_beside(&self, pending: &Pending, now: UnixMillis) -> Result<Option<Vec<InboxRow>>> {
        self.directory.read(|conn| {
            let cost = groups::cost_of_listing(conn, PAGE)?;
            Ok(match tells_groups(pending, cost) {
                true => Some(inbox::due_groups(conn, now, MOST_BESIDE)?),
                false => None,
            })
        })
    }

    /// A run that lists, because of events.
    fn list(&mut self, mode: SyncMode, reason: RunReason) -> Result<SyncReport> {
        self.options.mode = mode;
        let mut decision = self.decide(UnixMillis::now())?;
        if decision.reason == RunReason::Asked {
            decision.reason = reason;
        }
        self.carry_out(decision)
    }

    /// Asks for what moved, one by one, and publishes it; none if a listing is cheaper after all.
    fn read_told(&mut self, now: UnixMillis) -> Result<Option<SyncReport>> {
        let most = MOST_USERS + MOST_DELETIONS + MOST_GROUPS;
        let due = self.directory.read(|conn| inbox::due(conn, now, most))?;
        let organization = self.check_org(true)?;
        let mut warnings = self.reread_schemas(&due)?;
        if self.directory.read(schemas::moved_since_full)? {
            return self.list(SyncMode::Full, RunReason::SchemaChanged).map(Some);
        }
        self.choose_fields(RunMode::Live)?;
        let spending = Spending {
            earlier: RunCost::default(),
            meter: self.meter.clone(),
            began: Instant::now(),
        };
        let rows: Vec<&InboxRow> = due.iter().filter(|row| row.kind == InboxKind::User).collect();
        let asked = self.runtime.block_on(ask_for_users(&self.client, &rows))?;
        let UsersAsked::All(mut told) = asked else {
            return Ok(None);
        };
        told.events = rows
            .iter()
            .map(|row| (row.user_id.clone(), row.event.clone()))
            .collect();
        told.oldest = due.iter().filter(|row| !row.answered).map(|row| row.oldest).min();
        warnings.extend(self.judge_deletions(&mut told)?);
        let run = self.begin(&organization.id, &Decision::told())?.run;
        let published = self.publish_told(run, &organization, told, &spending);
        let mut report =
            published.inspect_err(|error| self.record_failure(run, &Decision::told(), error, &spending))?;
        self.read_groups_told(&GroupsTold::of(&due), warnings, &mut report)?;
        Ok(Some(report))
    }

    /// Writes what was learnt as a listing of its own, and publishes it.
    fn publish_told(
        &self,
        run: RunId,
        organization: &Organization,
        mut told: ToldUsers,
        spending: &Spending,
    ) -> Result<SyncReport> {
        let (found, unreadable) = (
            std::mem::take(&mut told.found),
            std::mem::take(&mut told.unreadable),
        );
        self.writer(run, spending).commit_by_id(0, found, unreadable)?;
        let mut gone = self.ask_for_namesakes(run, RunMode::Live, spending)?;
        let deleted = self.directory.read(|conn| deletions::gone(conn, &told))?;
        gone.retain(|(user_no, _)| deleted.iter().all(|(deleted, _)| deleted != user_no));
        gone.extend(deleted);
        self.publish(run, organization, &gone, &told, spending)
    }

    /// Asks for schemas if they moved. What an error tells stands in the report; a full run asks again.
    fn reread_schemas(&self, due: &[InboxRow]) -> Result<Vec<String>> {
        let moved = due.iter().filter(|row| row.kind == InboxKind::Schema);
        let moved: Vec<i64> = moved.map(|row| row.arrival).collect();
        if moved.is_empty() {
            return Ok(Vec::new());
        }
        let mut warnings = Vec::new();
        if self.settings.is_on(Key::SchemasSync) {
            let reading = schema_reading::refresh(self.directory, &self.client, self.log);
            warnings = self.runtime.block_on(reading)?;
        }
        self.directory.write(|tx| inbox::settle(tx, &moved))?;
        Ok(warnings)
    }
}
