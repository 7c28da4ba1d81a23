//! One full run from beginning to end: begin or resume, fetch and commit side by side, publish.

use std::time::Instant;

use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use super::commit::{Spending, Writer};
use super::fetch::{Fetcher, Slice};
use super::progress::ProgressBoard;
use super::publish::Publication;
use crate::cancel::CancelToken;
use crate::clock::UnixMillis;
use crate::config::{Key, Settings};
use crate::directory::sync_runs::{self, RunCost};
use crate::directory::{Directory, org, users};
use crate::error::{Error, ErrorCode, Result};
use crate::http::Meter;
use crate::logging::Log;
use crate::model::{MatchRule, Phase, RunId, RunState, SyncOptions, SyncReport};
use crate::okta::{OktaClient, PageSize, UserQuery, count_of_everyone, organization};

/// Pages that wait for the writer at most: bounds memory, and lets a slow commit stop the reading.
const PAGES_IN_FLIGHT: usize = 4;

/// What a run works with.
pub struct SyncContext<'a> {
    /// The directory it fills.
    pub directory: &'a Directory,
    /// The way to Okta.
    pub client: OktaClient,
    /// Runs what waits for the network; dropped by the caller after the run.
    pub runtime: &'a Runtime,
    /// The settings, as they were when the call began.
    pub settings: &'a Settings,
    /// The matching rules, parsed from the settings.
    pub rules: &'a [MatchRule],
    /// What the caller allows this run.
    pub options: SyncOptions,
    /// Stops the run between two steps.
    pub cancel: &'a CancelToken,
    /// Told how far it is.
    pub progress: &'a ProgressBoard,
    /// Counts its requests.
    pub meter: Meter,
    /// The engine's log.
    pub log: &'a Log,
}

/// A run that was begun or is resumed.
struct Begun {
    run: RunId,
    started: UnixMillis,
    attempts: u64,
    earlier: RunCost,
    slices: Vec<Slice>,
    pages: u64,
    rows: u64,
}

/// Runs until the directory is complete and published.
///
/// On an error the directory is for readers as it was. A guard's refusal drops what was collected;
/// every other error and a cancel leave the run resumable.
pub fn run(mut context: SyncContext<'_>) -> Result<SyncReport> {
    let org_id = context.check_org()?;
    let begun = context.begin_or_resume(&org_id)?;
    let spending = Spending {
        earlier: begun.earlier,
        meter: context.meter.clone(),
        began: Instant::now(),
    };
    let (run, started, attempts) = (begun.run, begun.started, begun.attempts);
    let outcome = context
        .collect(begun, &spending)
        .and_then(|()| context.cancel.check())
        .and_then(|()| context.publish(run, started, attempts, &spending));
    match outcome {
        Ok(report) => Ok(report),
        Err(error) => {
            context.record_failure(run, &error, &spending);
            Err(error)
        }
    }
}

impl SyncContext<'_> {
    /// The org must be the one the directory belongs to; asked without the credential.
    fn check_org(&mut self) -> Result<String> {
        let found = self.runtime.block_on(organization(&self.client))?;
        self.client.learn(&found);
        let known = self.directory.read(org::get)?.org_id;
        if !known.is_empty() && known != found.id {
            return Err(Error::new(ErrorCode::OrgMismatch));
        }
        Ok(found.id)
    }

    fn begin_or_resume(&self, org_id: &str) -> Result<Begun> {
        let now = UnixMillis::now();
        let unfinished = self.directory.read(sync_runs::unfinished)?;
        let begun = match unfinished {
            Some(row) if !self.options.restart && self.may_resume(row.started, now) => {
                self.resume(row.run)?
            }
            Some(row) => {
                self.log
                    .info(format!("run {} is dropped and a new one begun", row.run.0));
                let mut report = row.report;
                report.state = RunState::Dropped;
                report.finished = Some(now);
                self.directory.write(|tx| {
                    users::drop_unpublished(tx, report.run)?;
                    sync_runs::finish(tx, &report)
                })?;
                self.begin(org_id, now)?
            }
            None => self.begin(org_id, now)?,
        };
        let expected = self.expected_users()?;
        self.progress.resume(begun.run, begun.rows, begun.pages, expected);
        Ok(begun)
    }

    fn may_resume(&self, started: UnixMillis, now: UnixMillis) -> bool {
        started.age(now) <= self.settings.hours(Key::SyncResumeMaxAge)
    }

    fn begin(&self, org_id: &str, now: UnixMillis) -> Result<Begun> {
        let queries = [UserQuery::All.to_string()];
        let run = self.directory.write(|tx| {
            let mut known = org::get(tx)?;
            known.org_id = org_id.to_owned();
            org::set(tx, &known)?;
            sync_runs::begin(tx, org_id, now, &queries)
        })?;
        self.log.info(format!("run {} begins", run.0));
        self.load(run)
    }

    fn resume(&self, run: RunId) -> Result<Begun> {
        self.directory.write(|tx| sync_runs::resume(tx, run))?;
        let begun = self.load(run)?;
        self.log
            .info(format!("run {} resumes after {} pages", run.0, begun.pages));
        Ok(begun)
    }

    fn load(&self, run: RunId) -> Result<Begun> {
        self.directory.read(|conn| {
            let row = sync_runs::get(conn, run)?.ok_or_else(|| Error::internal("the run has no record"))?;
            let mut slices = Vec::new();
            for slice in sync_runs::slices(conn, run)?
                .into_iter()
                .filter(|slice| !slice.ended)
            {
                slices.push(Slice {
                    number: slice.slice,
                    query: slice.query.parse()?,
                    cursor: slice.cursor,
                    cursors_used: sync_runs::cursors_used(conn, run, slice.slice)?,
                });
            }
            Ok(Begun {
                run,
                started: row.started,
                attempts: row.attempts,
                earlier: RunCost {
                    requests: row.requests,
                    retries: row.retries,
                    waited_ms: row.waited_ms,
                    bytes: row.bytes,
                    elapsed_ms: row.elapsed_ms,
                },
                slices,
                pages: row.pages,
                rows: row.seen,
            })
        })
    }

    /// How many users to expect: the directory's own count, or Okta's for a first run. Only for the
    /// progress shown, so a refusal or a missing answer means "unknown".
    fn expected_users(&self) -> Result<u64> {
        let present = self.directory.read(users::counts)?.present;
        if present > 0 {
            return Ok(present);
        }
        match self.runtime.block_on(count_of_everyone(&self.client)) {
            Ok(count) => Ok(count.unwrap_or(0)),
            Err(error) if error.code() == ErrorCode::Cancelled => Err(error),
            Err(_) => Ok(0),
        }
    }

    /// Reads every slice to its end, fetching the next page while the last one is committed.
    fn collect(&self, begun: Begun, spending: &Spending) -> Result<()> {
        self.progress.enter(Phase::Reading);
        let page_size =
            PageSize::new(u32::try_from(self.settings.integer(Key::SyncPageSize)).unwrap_or(u32::MAX));
        let (sender, receiver) = mpsc::channel(PAGES_IN_FLIGHT);
        let writer = Writer {
            directory: self.directory,
            run: begun.run,
            progress: self.progress,
            spending,
        };
        let fetcher = Fetcher {
            client: &self.client,
            page_size: &page_size,
            pages: sender,
            log: self.log,
        };
        std::thread::scope(|scope| {
            let writing = std::thread::Builder::new()
                .name("okp-writer".to_owned())
                .spawn_scoped(scope, || writer.commit_all(receiver))
                .map_err(|_| Error::internal("no thread for the writer"))?;
            let fetched = self.runtime.block_on(fetcher.read_all(begun.slices));
            // The writer ends when the last sender is gone.
            drop(fetcher);
            let written = writing
                .join()
                .map_err(|_| Error::internal("the writer panicked"))?;
            written.and(fetched)
        })
    }

    fn publish(
        &self,
        run: RunId,
        started: UnixMillis,
        attempts: u64,
        spending: &Spending,
    ) -> Result<SyncReport> {
        self.progress.enter(Phase::Publishing);
        let at = UnixMillis::now();
        let publication = Publication {
            run,
            settings: self.settings,
            rules: self.rules,
            options: self.options,
            at,
            spending,
        };
        let report = self.directory.write(|tx| {
            let mut report =
                sync_runs::get(tx, run)?.ok_or_else(|| Error::internal("the run has no record"))?;
            report.started = started;
            report.attempts = attempts;
            publication.publish(tx, &mut report)?;
            Ok(report)
        })?;
        self.log.info(format!(
            "run {} complete: {} seen, {} added, {} updated, {} absent, {} matched, {} requests",
            run.0,
            report.seen,
            report.added,
            report.updated,
            report.absent,
            report.matches.matched,
            report.requests
        ));
        Ok(report)
    }

    /// Writes down how the run ended. If even that fails (a full disk), the run still counts as
    /// running and is resumed, so the failure is only logged.
    fn record_failure(&self, run: RunId, error: &Error, spending: &Spending) {
        let refused = matches!(
            error.code(),
            ErrorCode::NobodySeen | ErrorCode::TooManyAbsent | ErrorCode::TooManyCleared
        );
        let state = if refused {
            RunState::Refused
        } else {
            RunState::Interrupted
        };
        self.log.warn(format!("run {} {}: {error}", run.0, state.name()));
        let recorded = self.directory.write(|tx| {
            sync_runs::save_cost(tx, run, &spending.read())?;
            if !refused {
                return sync_runs::interrupt(tx, run, error);
            }
            users::drop_unpublished(tx, run)?;
            let found = sync_runs::get(tx, run)?;
            let mut report = found.ok_or_else(|| Error::internal("the run has no record"))?;
            report.state = state;
            report.finished = Some(UnixMillis::now());
            report.error_code = error.code().number();
            report.error_message = error.message().to_owned();
            sync_runs::finish(tx, &report)
        });
        if let Err(second) = recorded {
            self.log.warn(format!(
                "the end of run {} could not be recorded: {second}",
                run.0
            ));
        }
    }
}
