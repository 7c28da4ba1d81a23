//! What a sync reads besides users: schemas before them, groups after them.
//!
//! Neither fails the run: what cannot be read becomes a warning in its report. A cancel while groups are read
//! leaves the
//! published users as they are, and the next sync goes on with the groups.

use super::groups::GroupReader;
use super::schemas;
use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::contract::settings::Key;
use crate::directory::runs;
use crate::model::{RunMode, SyncReport};
use crate::sync::context::SyncContext;

impl SyncContext<'_> {
    /// Asks two things at the same time before users are read: the schemas, if they are due, and how many
    /// users to expect. Returns
    /// warnings, and that number.
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

    /// Reads groups if the settings want them, and saves what the run did besides reading users.
    pub(super) fn read_beyond_users(&self, mut warnings: Vec<String>, report: &mut SyncReport) -> Result<()> {
        if self.settings.is_on(Key::GroupsSync) {
            let reader = GroupReader {
                directory: self.directory,
                client: &self.client,
                settings: self.settings,
                options: self.options,
                cancel: self.cancel,
                progress: self.progress,
                meter: &self.meter,
                log: self.log,
            };
            let outcome = self.runtime.block_on(reader.read())?;
            warnings.extend(outcome.warnings);
            report.groups = Some(outcome.counts);
        }
        let mended = self.meter.read().mended;
        if mended > 0 {
            warnings.push(format!(
                "Okta sent {mended} values that not every reader takes; half characters are kept as U+FFFD, and numbers \
                 beyond 1.8e308 as text."
            ));
        }
        report.warnings = warnings;
        if report.groups.is_some() || !report.warnings.is_empty() {
            self.directory.write(|tx| runs::annotate(tx, report))?;
        }
        Ok(())
    }
}
