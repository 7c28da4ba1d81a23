//! One run from beginning to end: begin or resume, fetch and commit side by side, publish.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Instant;

use tokio::runtime::Runtime;
use tokio::sync::mpsc;

use crate::cancel::CancelToken;
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::{Key, Settings};
use crate::directory::runs::freshness::{self, Freshness};
use crate::directory::{Directory, org, runs, users};
use crate::http::Meter;
use crate::logging::Log;
use crate::model::{MatchRule, Phase, RunId, RunMode, RunState, SyncOptions, SyncReport};
use crate::okta::{OktaClient, Organization, PageSize, organization, refuses_query};
use crate::sync::begin::{Begun, Decision, kept};
use crate::sync::progress::ProgressBoard;
use crate::sync::publish::Publication;
use crate::sync::publish::confirm::next_number;
use crate::sync::read::cut::Outlook;
use crate::sync::read::fetch::Fetcher;
use crate::sync::retention::only_matched;
use crate::sync::write::commit::Spending;

/// Pages that wait for the writer at most: bounds memory, and lets a slow commit stop the reading.
const PAGES_IN_FLIGHT: usize = 16;

/// Users drawn from the directory to see when users were created.
const USERS_IN_SAMPLE: u32 = 512;

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
    /// Warnings from before the run that its report shall carry.
    pub notes: Vec<String>,
}

/// Runs until the directory is up to date and published.
///
/// On an error the directory is for readers as it was. A guard's refusal drops what was collected;
/// every other error and a cancel leave the run resumable.
pub fn run(mut context: SyncContext<'_>) -> Result<SyncReport> {
    let mut decision = context.decide(UnixMillis::now())?;
    loop {
        match context.attempt(&decision) {
            Err(error) if decision.mode == RunMode::Delta && refuses_query(&error) => {
                decision = decision.without_this_query();
                context.log.warn(format!(
                    "the org refuses to list changed users this way ({error}); going on with {}",
                    decision.query
                ));
            }
            outcome => return outcome,
        }
    }
}

impl SyncContext<'_> {
    fn attempt(&mut self, decision: &Decision) -> Result<SyncReport> {
        let organization = self.check_org(decision.mode == RunMode::Delta)?;
        let (mut warnings, expected) = self.look_ahead(decision.mode)?;
        warnings.splice(0..0, self.notes.clone());
        // Before a first run it is Okta's own count; later it is the directory's.
        let counted = match self.directory.read(users::counts)?.present {
            0 => expected,
            _ => 0,
        };
        let decision = &self.reconsider(decision)?;
        self.choose_fields(decision.mode)?;
        let begun = self.begin_or_resume(&organization.id, decision, expected)?;
        let spending = Spending {
            earlier: begun.earlier,
            meter: self.meter.clone(),
            began: Instant::now(),
        };
        let run = begun.run;
        let outcome = self
            .gather(begun, decision.mode, counted, &spending)
            .and_then(|gathered| {
                warnings.extend(gathered.warnings);
                self.publish(run, &organization, &gathered.gone, &spending)
            });
        let mut report = outcome.inspect_err(|error| self.record_failure(run, decision, error, &spending))?;
        self.read_beyond_users(warnings, &mut report)?;
        Ok(report)
    }

    /// The org must be the one the directory belongs to; asked without the credential. Who trusts, as a delta run
    /// does, believes what the last full run was told at the same address, and so costs one request less.
    pub(super) fn check_org(&mut self, trusting: bool) -> Result<Organization> {
        let (known, freshness) = self
            .directory
            .read(|conn| Ok((org::get(conn)?, freshness::get(conn)?)))?;
        let told = freshness.org_url == self.client.org().base();
        let found = match trusting && told && !known.org_id.is_empty() {
            true => Organization {
                id: known.org_id.clone(),
                alternates: alternates(&freshness),
            },
            false => self.runtime.block_on(organization(&self.client))?,
        };
        if !known.org_id.is_empty() && known.org_id != found.id {
            // Delta runs may have trusted this address for a while: only a full run shows what is true.
            self.directory.write(freshness::doubt)?;
            return Err(Error::new(ErrorCode::OrgMismatch));
        }
        self.client.learn(&found);
        Ok(found)
    }

    /// Reads every slice to its end, fetching the next pages while the last one is committed. Gives who could not
    /// be read.
    pub(super) fn collect(
        &self,
        begun: Begun,
        may_cut: bool,
        spending: &Spending,
    ) -> Result<BTreeMap<String, String>> {
        self.progress.enter(Phase::Reading);
        let page_size =
            PageSize::new(u32::try_from(self.settings.integer(Key::SyncPageSize)).unwrap_or(u32::MAX));
        let (sender, receiver) = mpsc::channel(PAGES_IN_FLIGHT);
        let writer = self.writer(begun.run, spending);
        let (outlook, next_number) = self.look_out(begun.run)?;
        let mut fetcher = Fetcher {
            client: &self.client,
            page_size: &page_size,
            pages: sender,
            log: self.log,
            meter: &self.meter,
            most_in_flight: usize::try_from(self.settings.integer(Key::SyncMaxInFlight)).unwrap_or(1),
            outlook,
            spent: 0,
            unreadable: RefCell::default(),
        };
        std::thread::scope(|scope| {
            let writing = std::thread::Builder::new()
                .name("okp-writer".to_owned())
                .spawn_scoped(scope, || writer.commit_all(receiver))
                .map_err(|_| Error::internal("no thread for the writer"))?;
            let reading = fetcher.read_all(begun.slices, next_number, may_cut);
            let fetched = self.runtime.block_on(reading);
            let unreadable = fetcher.unreadable.take();
            // The writer ends when the last sender is gone.
            drop(fetcher);
            let written = writing
                .join()
                .map_err(|_| Error::internal("the writer panicked"))?;
            written.and(fetched).map(|()| unreadable)
        })
    }

    /// What is known of the users before they are read, and the number of the run's next slice.
    fn look_out(&self, run: RunId) -> Result<(Outlook, i64)> {
        let outlook = Outlook {
            users: self.progress.read().users_expected,
            sample: self
                .directory
                .read(|conn| users::created_sample(conn, USERS_IN_SAMPLE))?,
            ..Outlook::default()
        };
        Ok((outlook, self.directory.read(|conn| next_number(conn, run))?))
    }

    fn publish(
        &self,
        run: RunId,
        organization: &Organization,
        gone: &[(i64, String)],
        spending: &Spending,
    ) -> Result<SyncReport> {
        self.progress.enter(Phase::Publishing);
        let before = self.directory.read(freshness::get)?;
        let erases = before.kept != kept(self.settings) || only_matched(self.settings);
        let publication = Publication {
            run,
            settings: self.settings,
            rules: self.rules,
            options: self.options,
            at: UnixMillis::now(),
            spending,
            org_url: self.client.org().base(),
            organization,
            gone,
        };
        let report = self.directory.write(|tx| {
            let mut report = runs::get(tx, run)?.ok_or_else(|| Error::internal("the run has no record"))?;
            publication.publish(tx, &mut report)?;
            Ok(report)
        })?;
        self.erase_traces(erases);
        self.log.info(format!(
            "run {} complete ({}): {} seen, {} added, {} updated, {} absent, {} matched, {} requests",
            run.0,
            report.mode.name(),
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
    fn record_failure(&self, run: RunId, decision: &Decision, error: &Error, spending: &Spending) {
        let state = match error.code() {
            ErrorCode::NobodySeen | ErrorCode::TooManyAbsent | ErrorCode::TooManyCleared => RunState::Refused,
            // Nothing to resume: another run takes its place.
            _ if decision.mode == RunMode::Delta && refuses_query(error) => RunState::Dropped,
            _ => RunState::Interrupted,
        };
        self.log.warn(format!("run {} {}: {error}", run.0, state.name()));
        let recorded = self.directory.write(|tx| {
            runs::save_cost(tx, run, &spending.read())?;
            if state == RunState::Interrupted {
                return runs::interrupt(tx, run, error);
            }
            users::drop_unpublished(tx, run)?;
            let found = runs::get(tx, run)?;
            let mut report = found.ok_or_else(|| Error::internal("the run has no record"))?;
            report.state = state;
            report.finished = Some(UnixMillis::now());
            report.error_code = error.code().number();
            report.error_message = error.message().to_owned();
            runs::finish(tx, &report)
        });
        if let Err(second) = recorded {
            self.log.warn(format!(
                "the end of run {} could not be recorded: {second}",
                run.0
            ));
        }
    }
}

/// The addresses of the org, as the last full run was told; they were checked then.
fn alternates(freshness: &Freshness) -> Vec<url::Url> {
    let addresses = freshness.alternates.iter();
    addresses.filter_map(|address| address.parse().ok()).collect()
}
