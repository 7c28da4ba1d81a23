//! Begins a run: decides what it reads and why, and whether it resumes an unfinished one.

use super::mode::{self, Known};
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::Key;
use crate::directory::profiles::schemas;
use crate::directory::runs::freshness;
use crate::directory::runs::{self, Purpose, RunCost, RunRow};
use crate::directory::store::key_indexes;
use crate::directory::users::{self, retention};
use crate::directory::{Connection, Transaction};
use crate::model::{RunId, RunMode, RunReason, RunState, SyncMode, SyncReport};
use crate::okta::{Cursor, UserQuery, count_of_everyone};
use crate::sync::context::SyncContext;
use crate::sync::read::slices::Slice;
use crate::sync::retention::{kept, only_matched};

/// What a run will read, and why.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decision {
    pub(super) mode: RunMode,
    pub(super) reason: RunReason,
    /// The query of its first listing.
    pub(super) query: UserQuery,
    /// The unfinished run that it resumes; none for a new run.
    pub(super) resumes: Option<RunId>,
}

impl Decision {
    /// The decision for users whom events name: they are requested by id.
    pub(super) fn by_events() -> Decision {
        Decision {
            mode: RunMode::Live,
            reason: RunReason::Events,
            query: UserQuery::All,
            resumes: None,
        }
    }

    /// The next decision to try if the org refuses the query: a delta by filter, then a full run.
    pub(super) fn without_this_query(self) -> Decision {
        let (mode, reason, query) = match self.query {
            UserQuery::UpdatedSince(since) => (self.mode, self.reason, UserQuery::FilteredSince(since)),
            _ => (RunMode::Full, RunReason::SearchRefused, UserQuery::All),
        };
        Decision {
            mode,
            reason,
            query,
            resumes: None,
        }
    }

    /// This decision, but only for users who were updated at `since` or later, if that is a shorter time. It covers
    /// the users whom events name; other changes are left to the next delta run.
    pub(super) fn no_further_back_than(self, since: UnixMillis) -> Decision {
        match self.query {
            UserQuery::UpdatedSince(all) if self.resumes.is_none() && since > all => Decision {
                query: UserQuery::UpdatedSince(since),
                ..self
            },
            _ => self,
        }
    }

    fn updated_since(&self) -> Option<UnixMillis> {
        match self.query {
            UserQuery::UpdatedSince(since) | UserQuery::FilteredSince(since) => Some(since),
            _ => None,
        }
    }
}

/// A run that was begun or is resumed.
pub(super) struct Begun {
    pub(super) run: RunId,
    pub(super) earlier: RunCost,
    pub(super) slices: Vec<Slice>,
    pages: u64,
    users_seen: u64,
}

impl SyncContext<'_> {
    /// Decides what a run that begins `now` reads. Sends no request and writes nothing.
    pub(super) fn decide(&self, now: UnixMillis) -> Result<Decision> {
        self.directory.read(|conn| {
            let freshness = freshness::get(conn)?;
            let known = Known {
                last_full: freshness.last_full,
                has_watermark: freshness.watermark.is_some(),
                last_run_refused: runs::last_judged(conn)? == Some(RunState::Refused),
                schema_changed: schemas::moved_since_full(conn)?,
                settings_changed: freshness.kept != kept(self.settings),
                jira_users_changed: only_matched(self.settings) && retention::jira_changed(conn)?,
                full_every: self.settings.hours(Key::SyncFullEvery),
            };
            let (mode, reason) = mode::choose(&self.options, &known, now);
            let query = match (mode, freshness.watermark) {
                (RunMode::Delta, Some(watermark)) => UserQuery::UpdatedSince(watermark.next_from),
                _ => UserQuery::All,
            };
            let decision = Decision {
                mode,
                reason,
                query,
                resumes: None,
            };
            match runs::unfinished(conn)? {
                Some(row) if self.may_resume(&row, &decision, now) => match resumed(conn, &row) {
                    // The disk has damaged what the unfinished run would go on with, so a new run begins.
                    Err(error) if error.code() == ErrorCode::DirectoryCorrupt => Ok(decision),
                    resumed => resumed,
                },
                _ => Ok(decision),
            }
        })
    }

    /// Decides again after the schemas were read: if one changed, a delta run becomes a full one.
    pub(super) fn reconsider(&self, decision: &Decision) -> Result<Decision> {
        if decision.mode == RunMode::Full || !self.directory.read(schemas::moved_since_full)? {
            return Ok(*decision);
        }
        let anew = self.decide(UnixMillis::now())?;
        Ok(if anew.mode == RunMode::Full {
            anew
        } else {
            *decision
        })
    }

    fn may_resume(&self, row: &RunRow, decision: &Decision, now: UnixMillis) -> bool {
        let same_mode = row.report.mode == decision.mode;
        // An unfinished full run reads everything that the delta run would read, and more.
        let more = row.report.mode == RunMode::Full && self.options.mode == SyncMode::Auto;
        !self.options.restart
            && (same_mode || more)
            && row.report.updated_since <= decision.updated_since()
            && row.kept == kept(self.settings)
            && row.started.age(now) <= self.settings.hours(Key::SyncResumeMaxAge)
    }

    /// Begins or resumes the run according to the decision.
    pub(super) fn begin_or_resume(&self, org_id: &str, decision: &Decision, expected: u64) -> Result<Begun> {
        let begun = match self.resumable(decision, org_id)? {
            Some(run) => self.resume(run)?,
            None => self.begin(org_id, decision)?,
        };
        let expected = match decision.mode {
            RunMode::Full => expected,
            RunMode::Delta | RunMode::Live => 0,
        };
        self.progress
            .resume(begun.run, begun.users_seen, begun.pages, expected);
        Ok(begun)
    }

    /// The unfinished run to resume; none if it has read another org.
    fn resumable(&self, decision: &Decision, org_id: &str) -> Result<Option<RunId>> {
        let Some(run) = decision.resumes else {
            return Ok(None);
        };
        let row = self.directory.read(runs::unfinished)?;
        Ok(row.filter(|row| row.org_id == org_id).map(|_| run))
    }

    pub(super) fn begin(&self, org_id: &str, decision: &Decision) -> Result<Begun> {
        let now = UnixMillis::now();
        let purpose = Purpose {
            mode: decision.mode,
            reason: decision.reason,
            updated_since: decision.updated_since(),
            kept: kept(self.settings),
        };
        let queries = match decision.mode {
            // If a full run is not resumed, the new one begins with all users and not with a slice of the
            // unfinished one.
            RunMode::Full => vec![UserQuery::All.to_string()],
            RunMode::Delta => vec![decision.query.to_string()],
            RunMode::Live => Vec::new(),
        };
        let run = self.directory.write(|tx| {
            self.drop_unfinished(tx, now)?;
            if decision.mode == RunMode::Full {
                schemas::note_full_run(tx)?;
                key_indexes::leave_out(tx)?;
            }
            if decision.mode == RunMode::Full && only_matched(self.settings) {
                retention::note_full_run(tx)?;
            }
            let run = runs::begin(tx, org_id, now, &queries)?;
            runs::declare(tx, run, &purpose)?;
            Ok(run)
        })?;
        let (mode, reason) = (decision.mode.name(), decision.reason.text());
        self.log.info(format!("run {} begins, {mode}: {reason}", run.0));
        self.load(run)
    }

    fn drop_unfinished(&self, tx: &Transaction<'_>, now: UnixMillis) -> Result<()> {
        let Some(row) = runs::unfinished(tx)? else {
            return Ok(());
        };
        self.log
            .info(format!("run {} is dropped, and a new one begins", row.run.0));
        users::drop_unpublished(tx, row.run)?;
        let report = SyncReport {
            state: RunState::Dropped,
            finished: Some(now),
            ..row.report
        };
        runs::finish(tx, &report)
    }

    fn resume(&self, run: RunId) -> Result<Begun> {
        self.directory.write(|tx| runs::resume(tx, run))?;
        let begun = self.load(run)?;
        self.log
            .info(format!("run {} resumes after {} pages", run.0, begun.pages));
        Ok(begun)
    }

    pub(super) fn load(&self, run: RunId) -> Result<Begun> {
        self.directory.read(|conn| {
            let row = runs::get(conn, run)?.ok_or_else(|| Error::internal("the run has no record"))?;
            let mut slices = Vec::new();
            for slice in runs::slices(conn, run)?.into_iter().filter(|slice| !slice.ended) {
                slices.push(Slice {
                    number: slice.slice,
                    query: slice.query.parse()?,
                    cursor: slice.cursor,
                    cursors_used: runs::cursors_used(conn, run, slice.slice)?,
                });
            }
            Ok(Begun {
                run,
                earlier: runs::cost(conn, run)?,
                slices,
                pages: row.pages,
                users_seen: row.seen,
            })
        })
    }

    /// How many users to expect: the directory's own count, or Okta's before a first run. It is only a hint,
    /// so a refusal or a missing answer means "unknown" (0).
    pub(super) async fn expected_users(&self, mode: RunMode) -> Result<u64> {
        let present = self.directory.read(users::counts)?.present;
        if present > 0 || mode != RunMode::Full {
            return Ok(present);
        }
        match count_of_everyone(&self.client).await {
            Ok(count) => Ok(count.unwrap_or(0)),
            Err(error) if error.code() == ErrorCode::Cancelled => Err(error),
            Err(_) => Ok(0),
        }
    }
}

/// The decision of an unfinished run, from its record. Everything that the run would go on with is read, so that damage
/// is an error here and not later.
fn resumed(conn: &Connection, row: &RunRow) -> Result<Decision> {
    let mut queries = Vec::new();
    for slice in runs::slices(conn, row.run)? {
        queries.push(slice.query.parse()?);
        slice.cursor.as_deref().map(str::parse::<Cursor>).transpose()?;
        runs::cursors_used(conn, row.run, slice.slice)?;
    }
    runs::seen(conn, row.run)?;
    Ok(Decision {
        mode: row.report.mode,
        reason: row.report.reason,
        query: queries.first().copied().unwrap_or(UserQuery::All),
        resumes: Some(row.run),
    })
}
