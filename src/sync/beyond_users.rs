//! What a sync reads besides users: schemas before them, groups after them.
//!
//! Neither can fail the run: what cannot be read becomes a warning in its report. If the run is cancelled while
//! groups are read, the published users stay as they are, and the next sync continues with the groups.

use super::groups::{GroupEvents, GroupReader};
use super::schemas;
use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::contract::settings::Key;
use crate::directory::inbox::{self, Settling};
use crate::directory::runs;
use crate::model::{RunId, RunMode, SyncReport};
use crate::sync::context::SyncContext;

impl SyncContext<'_> {
    /// Sends two requests at the same time before users are read: one for the schemas, if they are due, and one for
    /// the number of users. Returns warnings, and that number.
    pub(super) fn look_ahead(&self, mode: RunMode) -> Result<(Vec<String>, u64)> {
        self.runtime
            .block_on(async { tokio::try_join!(self.refresh_schemas(), self.expected_users(mode)) })
    }

    async fn refresh_schemas(&self) -> Result<Vec<String>> {
        if !schemas::is_due(self.directory, self.settings, UnixMillis::now())? {
            return Ok(Vec::new());
        }
        schemas::refresh(self.directory, &self.client, self.log).await
    }

    /// Reads groups if the settings require it, and saves the results that do not belong to users.
    pub(super) fn read_beyond_users(&self, mut warnings: Vec<String>, report: &mut SyncReport) -> Result<()> {
        let events = self.group_events.as_ref();
        if let Some(rows) = events.filter(|_| report.mode == RunMode::Delta) {
            return self.read_group_events(&GroupEvents::of(rows), warnings, report);
        }
        if self.settings.is_on(Key::GroupsSync) {
            let outcome = self.runtime.block_on(self.group_reader().read())?;
            if outcome.warnings.is_empty() {
                self.settle_groups(report.run)?;
            }
            warnings.extend(outcome.warnings);
            report.groups = Some(outcome.counts);
        }
        self.note_beyond_users(warnings, report)
    }

    /// Reads only the groups that events name, after a refresh.
    pub(super) fn read_group_events(
        &self,
        events: &GroupEvents,
        mut warnings: Vec<String>,
        report: &mut SyncReport,
    ) -> Result<()> {
        if self.settings.is_on(Key::GroupsSync) && !events.is_empty() {
            let outcome = self.runtime.block_on(self.group_reader().read_events(events))?;
            warnings.extend(outcome.warnings);
            report.groups = Some(outcome.counts);
        } else if !events.is_empty() {
            self.directory.write(|tx| inbox::settle(tx, &events.arrivals()))?;
        }
        self.note_beyond_users(warnings, report)
    }

    fn group_reader(&self) -> GroupReader<'_> {
        GroupReader {
            directory: self.directory,
            client: &self.client,
            settings: self.settings,
            options: self.options,
            cancel: self.cancel,
            progress: self.progress,
            meter: &self.meter,
            log: self.log,
        }
    }

    /// Removes the events about groups that came before the run, because the run's listing of groups covers them.
    fn settle_groups(&self, run: RunId) -> Result<()> {
        self.directory.write(|tx| {
            let (upto, began) = runs::answers(tx, run)?;
            let everybody = false;
            inbox::settle_groups(
                tx,
                Settling {
                    upto,
                    began,
                    everybody,
                },
            )
        })
    }

    fn note_beyond_users(&self, mut warnings: Vec<String>, report: &mut SyncReport) -> Result<()> {
        let mended = self.meter.read().mended;
        if mended > 0 {
            warnings.push(format!(
                "Okta sent {mended} values that some readers of JSON refuse; half characters are kept as U+FFFD, and \
                 numbers beyond 1.8e308 as text."
            ));
        }
        report.warnings = warnings;
        if report.groups.is_some() || !report.warnings.is_empty() {
            self.directory.write(|tx| runs::annotate(tx, report))?;
        }
        Ok(())
    }
}
