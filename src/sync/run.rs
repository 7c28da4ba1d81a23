//! One run from beginning to end: begins or resumes, fetches and commits at the same time, publishes.

use std::time::Instant;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::runs::freshness;
use crate::directory::{runs, users};
use crate::model::{Phase, RunId, RunMode, RunState, SyncReport};
use crate::okta::{Organization, refuses_query};
use crate::sync::begin::Decision;
use crate::sync::context::SyncContext;
use crate::sync::publish::Publication;
use crate::sync::publish::user_answers::UserAnswers;
use crate::sync::retention::{kept, only_matched};
use crate::sync::write::commit::Spending;

/// Runs until the directory is up to date and published.
///
/// After an error readers see the directory as it was before. If a guard refuses, the collected rows are deleted.
/// After every other error and after a cancel the run can be resumed.
pub fn run(mut context: SyncContext<'_>) -> Result<SyncReport> {
    let decision = context.decide(UnixMillis::now())?;
    context.carry_out(decision)
}

impl SyncContext<'_> {
    /// Carries out the decision. If the org refuses the query, tries the next one.
    pub(super) fn carry_out(&mut self, mut decision: Decision) -> Result<SyncReport> {
        loop {
            match self.attempt(&decision) {
                Err(error) if decision.mode == RunMode::Delta && refuses_query(&error) => {
                    decision = decision.without_this_query();
                    self.log.warn(format!(
                        "the org refuses to list changed users this way ({error}); going on with {}",
                        decision.query
                    ));
                }
                outcome => return outcome,
            }
        }
    }

    fn attempt(&mut self, decision: &Decision) -> Result<SyncReport> {
        let organization = self.check_org(decision.mode == RunMode::Delta)?;
        let (mut warnings, expected) = self.look_ahead(decision.mode)?;
        warnings.splice(0..0, self.notes.clone());
        // `expected` is Okta's own count only before a first run. Later it is the directory's count and proves
        // nothing.
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
                self.check_org_again(&organization)?;
                self.publish(
                    run,
                    &organization,
                    &gathered.gone,
                    &UserAnswers::default(),
                    &spending,
                )
            });
        let mut report = outcome.inspect_err(|error| self.record_failure(run, decision, error, &spending))?;
        warnings.append(&mut report.warnings);
        self.read_beyond_users(warnings, &mut report)?;
        Ok(report)
    }

    pub(super) fn publish(
        &self,
        run: RunId,
        organization: &Organization,
        gone: &[(i64, String)],
        answers: &UserAnswers,
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
            answers,
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

    /// Records how the run ended. If that fails too (a full disk), the run still counts as running and is resumed
    /// later, so the failure is only logged.
    pub(super) fn record_failure(&self, run: RunId, decision: &Decision, error: &Error, spending: &Spending) {
        let state = match error.code() {
            ErrorCode::NobodySeen | ErrorCode::TooManyAbsent | ErrorCode::TooManyCleared => RunState::Refused,
            // It cannot be resumed; another run takes its place.
            ErrorCode::OrgMismatch => RunState::Dropped,
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
