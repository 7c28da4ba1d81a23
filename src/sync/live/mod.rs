//! Live: reads again, within seconds, what Okta's events name.
//!
//! `poll` reads the System Log into the inbox, at the times that `pace` allows. [`refresh`] reads again what waits in
//! the inbox: `way` chooses between requests for single users and a listing, `ask` asks for users by id, `deletions`
//! guards against too many deletions. The run that publishes the users has a record, changes, matching and a digest,
//! as every run has. Groups are read after it (`sync/groups/by_events.rs`). If a listing finds a change that an event
//! should have named, it counts the change as missed (`sync/publish/missed.rs`).

mod ask;
mod deletions;
mod pace;
mod poll;
mod way;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use self::ask::{UsersAsked, ask_for_users};
pub use self::poll::{compare_with_log, interval, poll_log};
use self::way::{
    MOST_BESIDE, MOST_DELETIONS, MOST_UNSEEN, MOST_USERS, PAGE, Spare, Way, are_groups_read_singly, back_to,
    way,
};
use super::begin::Decision;
use super::context::SyncContext;
use super::groups::GroupEvents;
use super::publish::fresh::is_short;
use super::publish::user_answers::UserAnswers;
use super::schemas as schema_reading;
use super::write::commit::Spending;
use crate::clock::UnixMillis;
use crate::contract::errors::{ErrorCode, Result};
use crate::contract::settings::Key;
use crate::directory::Connection;
use crate::directory::groups;
use crate::directory::inbox::{self, InboxKind, InboxRow};
use crate::directory::profiles::schemas;
use crate::directory::runs::{self, RunCost, freshness};
use crate::directory::users;
use crate::http::rate_window::Bucket;
use crate::model::{RunId, RunMode, RunReason, RunState, SyncMode, SyncReport};
use crate::okta::Organization;

/// If nobody is answered, those who were asked for rest so long, and others come first: one of them may be the cause.
const REST: Duration = Duration::from_secs(5);

/// Reads again what waits in the inbox, and publishes it. Returns none if nothing is due, or if it must wait: before
/// the first full run, which reads everybody, and while an unfinished run waits that a person cancelled.
///
/// Any other unfinished run is resumed first, because nothing else can be published before it.
pub fn refresh(mut context: SyncContext<'_>) -> Result<Option<SyncReport>> {
    let now = UnixMillis::now();
    let (pending, present, freshness, unfinished, cost) = context.directory.read(|conn| {
        Ok((
            inbox::pending(conn, now)?,
            users::counts(conn)?.present,
            freshness::get(conn)?,
            runs::unfinished(conn)?,
            groups::cost_of_listing(conn, PAGE)?,
        ))
    })?;
    if !pending.is_due() || freshness.last_full.is_none() {
        return Ok(None);
    }
    // An unfinished run that events caused is not resumed: this refresh does its work.
    let is_ours = |report: &SyncReport| report.mode == RunMode::Live || is_short(report, &freshness);
    if let Some(row) = unfinished.filter(|row| !is_ours(&row.report)) {
        let cancelled = row.report.state == RunState::Interrupted
            && row.report.error_code == ErrorCode::Cancelled.number();
        return match cancelled {
            true => Ok(None),
            false => super::run(context).map(Some),
        };
    }
    let groups_singly = are_groups_read_singly(&pending, cost);
    let (back_to, spare) = (back_to(&pending), context.spare());
    match way(&pending, present, groups_singly, spare, now) {
        Way::Nothing => Ok(None),
        Way::Delta(reason) => {
            if pending.deletions + pending.unseen > 0 && spare.by_id > 0 {
                let most = spare.by_id.min(MOST_DELETIONS + MOST_UNSEEN);
                let due = context.directory.read(|conn| inbox::due_by_id(conn, now, most))?;
                context.read_due(due)?;
            }
            context.list_beside_groups(groups_singly, reason, back_to, now)
        }
        Way::Full(reason) => context.list(SyncMode::Full, reason, None).map(Some),
        Way::GroupsAlone => {
            let due = context
                .directory
                .read(|conn| inbox::due_groups(conn, now, MOST_BESIDE))?;
            context.read_due(due)
        }
        Way::OneByOne => {
            let most = MOST_USERS + MOST_DELETIONS + MOST_BESIDE;
            let due = context.directory.read(|conn| inbox::due(conn, now, most))?;
            match context.read_due(due)? {
                Some(report) => Ok(Some(report)),
                None => context.list_beside_groups(groups_singly, RunReason::ManyEvents, back_to, now),
            }
        }
    }
}

impl SyncContext<'_> {
    fn spare(&self) -> Spare {
        Spare {
            by_id: self.client.room_in(Bucket::User).spare,
            listings: self.client.room_in(Bucket::Users).now,
            memberships: self.client.room_in(Bucket::Users).spare,
            groups: self.client.room_in(Bucket::Groups).spare,
        }
    }

    /// Lists the users who were updated since `back_to`. Groups and memberships are requested one by one, unless they
    /// are listed as well.
    fn list_beside_groups(
        &mut self,
        groups_singly: bool,
        reason: RunReason,
        back_to: Option<UnixMillis>,
        now: UnixMillis,
    ) -> Result<Option<SyncReport>> {
        self.group_events = match groups_singly {
            true => Some(
                self.directory
                    .read(|conn| inbox::due_groups(conn, now, MOST_BESIDE))?,
            ),
            false => None,
        };
        self.list(SyncMode::Delta, reason, back_to).map(Some)
    }

    /// A run that lists users because of events: those updated since `back_to`, or since the last listing.
    fn list(&mut self, mode: SyncMode, reason: RunReason, back_to: Option<UnixMillis>) -> Result<SyncReport> {
        self.options.mode = mode;
        let mut decision = self.decide(UnixMillis::now())?;
        if decision.reason == RunReason::Asked {
            decision.reason = reason;
        }
        if let Some(since) = back_to {
            decision = decision.no_further_back_than(since);
        }
        self.carry_out(decision)
    }

    /// Requests what moved, one by one, and publishes it. Returns none if a listing is cheaper after all.
    fn read_due(&mut self, due: Vec<InboxRow>) -> Result<Option<SyncReport>> {
        let organization = self.check_org(true)?;
        let mut warnings = self.reread_schemas(&due)?;
        if self.directory.read(schemas::moved_since_full)? {
            return self
                .list(SyncMode::Full, RunReason::SchemaChanged, None)
                .map(Some);
        }
        self.choose_fields(RunMode::Live)?;
        let spending = Spending {
            earlier: RunCost::default(),
            meter: self.meter.clone(),
            began: Instant::now(),
        };
        let rows: Vec<&InboxRow> = due.iter().filter(|row| row.kind == InboxKind::User).collect();
        let strangers = self.directory.read(|conn| strangers(conn, &rows))?;
        let asked = ask_for_users(&self.client, &rows, &strangers);
        let asked = self.runtime.block_on(asked)?;
        let mut answers = match asked {
            UsersAsked::All(answers) => answers,
            UsersAsked::TooMany => return Ok(None),
            UsersAsked::Failed(arrivals, error) => {
                if due.len() > arrivals.len() {
                    let until = UnixMillis::now().plus(REST);
                    self.directory.write(|tx| inbox::rest(tx, &arrivals, until))?;
                }
                return Err(error);
            }
        };
        answers.events = rows
            .iter()
            .map(|row| (row.user_id.clone(), row.event.clone()))
            .collect();
        answers.oldest = due.iter().filter(|row| !row.answered).map(|row| row.oldest).min();
        warnings.extend(answers.warning());
        warnings.extend(self.judge_deletions(&mut answers)?);
        let run = self.begin(&organization.id, &Decision::by_events())?.run;
        let published = self.publish_answers(run, &organization, answers, &spending);
        let mut report = published
            .inspect_err(|error| self.record_failure(run, &Decision::by_events(), error, &spending))?;
        self.read_group_events(&GroupEvents::of(&due), warnings, &mut report)?;
        Ok(Some(report))
    }

    /// Writes the answers as a slice of their own, and publishes the run.
    fn publish_answers(
        &self,
        run: RunId,
        organization: &Organization,
        mut answers: UserAnswers,
        spending: &Spending,
    ) -> Result<SyncReport> {
        let (found, unreadable) = (
            std::mem::take(&mut answers.found),
            std::mem::take(&mut answers.unreadable),
        );
        self.writer(run, spending).commit_by_id(0, found, unreadable)?;
        let mut gone = self.ask_for_namesakes(run, RunMode::Live, spending)?;
        let deleted = self.directory.read(|conn| deletions::gone(conn, &answers))?;
        gone.retain(|(user_no, _)| deleted.iter().all(|(deleted, _)| deleted != user_no));
        gone.extend(deleted);
        self.publish(run, organization, &gone, &answers, spending)
    }

    /// Requests the schemas if one changed. An error becomes a warning of the report; a full run asks again.
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

/// Users whom the directory does not know.
fn strangers<'a>(conn: &Connection, rows: &[&'a InboxRow]) -> Result<HashSet<&'a str>> {
    let mut strangers = HashSet::new();
    for row in rows {
        if users::known(conn, &row.user_id)?.is_none() {
            strangers.insert(row.user_id.as_str());
        }
    }
    Ok(strangers)
}
