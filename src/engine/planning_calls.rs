//! Shows what a sync would do and cost: dry runs and budgets.

use std::collections::BTreeMap;

use super::Engine;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::Directory;
use crate::directory::runs::{self, changes};
use crate::directory::store::scratch::Scratch;
use crate::model::{DryRun, RunState, SyncBudget, SyncOptions, SyncReport};

/// The most samples. They are examples; for a list read the changes.
pub const MAX_SAMPLES: usize = 1_000;

/// How many changes are read at a time.
const PAGE: u64 = 1_000;

impl Engine {
    /// Does what [`Engine::sync`] would do with these options, without any effect, and shows the result with up to
    /// `samples` of the changes. If a guard would refuse the run, the report says so; that is no error here.
    ///
    /// The run works on a copy of the directory, made beside it and removed at the end. So it is a real run, but
    /// the directory itself is not written: no run is recorded, an unfinished run stays as it is, and the change
    /// feed does not grow. Only the log shows that there was a dry run. It needs as much free disk space as the
    /// directory takes, and it counts as the one sync that may run.
    ///
    /// If Jira users were handed over to this engine and wait for [`Engine::commit_jira_users`], they replace the
    /// present ones in the copy, so the report shows who would match. They still wait afterwards; to drop them,
    /// begin a new hand-over.
    pub fn dry_run(&self, options: SyncOptions, samples: usize) -> Result<DryRun> {
        let _open = self.enter()?;
        if samples > MAX_SAMPLES {
            let what = format!("at most {MAX_SAMPLES} samples");
            return Err(Error::about(ErrorCode::InvalidArgument, what));
        }
        let _lease = self.lease()?;
        self.log
            .info("a dry run begins; the runs logged until its end work on a copy");
        let copy = Scratch::copy_of(&self.directory)?;
        let jira_users = self.take_over_in_copy(copy.directory())?;
        let before = copy.directory().read(newest)?;
        let report = match self.run_on(copy.directory(), options, Vec::new()) {
            Ok(report) => report,
            Err(error) => refused(copy.directory(), error)?,
        };
        let done = DryRun {
            jira_users,
            ..dry_run_report(copy.directory(), before, report, samples)?
        };
        self.log.info("the dry run is over; nothing was changed");
        Ok(done)
    }

    /// What a sync with these options would cost under the present limits, for each bucket of Okta's rate limits,
    /// and what is left to others. It sends one request; two before the first run or if groups are read; and one
    /// more, without the credential, for the org's id if no full run has read it. An unknown value is none.
    pub fn sync_budget(&self, options: SyncOptions) -> Result<SyncBudget> {
        let _open = self.enter()?;
        self.with_context(&self.directory, options, crate::sync::budget)
    }
}

/// The report of a run that its guard refused. Any other error is returned as an error.
fn refused(copy: &Directory, error: Error) -> Result<SyncReport> {
    let last = copy.read(|conn| runs::list(conn, None, 1))?;
    let is_refused =
        |run: &SyncReport| run.state == RunState::Refused && run.error_code == error.code().number();
    last.into_iter().next().filter(is_refused).ok_or(error)
}

fn newest(conn: &crate::directory::Connection) -> Result<i64> {
    Ok(crate::directory::entries::statistics::read(conn)?.last_change)
}

/// The report, with the number of changes of each field since a position, and the first changes.
fn dry_run_report(copy: &Directory, before: i64, report: SyncReport, samples: usize) -> Result<DryRun> {
    let mut fields: BTreeMap<String, u64> = BTreeMap::new();
    let mut first = Vec::new();
    let mut position = before;
    loop {
        let page = copy.read(|conn| changes::after(conn, position, None, PAGE))?;
        let Some(last) = page.last() else { break };
        position = last.position;
        for change in page {
            for field in &change.fields {
                *fields.entry(field.field.clone()).or_default() += 1;
            }
            if first.len() < samples {
                first.push(change);
            }
        }
    }
    Ok(DryRun {
        report,
        fields: fields.into_iter().collect(),
        samples: first,
        jira_users: None,
    })
}
