//! Reads groups and their members after the users of a run are published.
//!
//! It never fails the run: what cannot be read becomes a warning in the report, and the next sync goes on there.
//!
//! `listing` reads only groups that changed, and now and then all of them, which finds deleted ones; `reach` says up to
//! which time a listing saw every change. `members` reads the members of the groups that are due; `judge` decides
//! whether a list of members is believed; `refusal` decides what a refused group means for the others. `by_events`
//! reads single groups and memberships that events name. `notes` writes the sentences of the report.

mod by_events;
mod judge;
mod listing;
mod members;
mod notes;
mod reach;
mod reading;
mod refusal;
mod wanted;

pub use by_events::GroupEvents;
use notes::Notes;

use super::progress::ProgressBoard;
use crate::cancel::CancelToken;
use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::contract::settings::Settings;
use crate::directory::Directory;
use crate::directory::groups;
use crate::http::Meter;
use crate::logging::Log;
use crate::model::{GroupCounts, Phase, SyncOptions};
use crate::okta::OktaClient;

/// How often one listing may begin anew because Okta no longer knows its cursor.
const MOST_RESTARTS: u32 = 3;
/// A listing or a group that was half read this long ago is read anew: too much may have changed since.
const OLDEST_PART: std::time::Duration = std::time::Duration::from_secs(3_600);

/// What the reading of groups needs.
pub struct GroupReader<'a> {
    /// The directory they are written to.
    pub directory: &'a Directory,
    /// The client that asks Okta.
    pub client: &'a OktaClient,
    /// The settings of the run.
    pub settings: &'a Settings,
    /// What the caller confirmed.
    pub options: SyncOptions,
    /// Stops it between two pages.
    pub cancel: &'a CancelToken,
    /// Shows how far the reading has come.
    pub progress: &'a ProgressBoard,
    /// Knows Okta's clock.
    pub meter: &'a Meter,
    /// The engine's log.
    pub log: &'a Log,
}

/// The result.
#[derive(Debug, Default)]
pub struct GroupOutcome {
    /// How much was read.
    pub counts: GroupCounts,
    /// Sentences about what could not be read.
    pub warnings: Vec<String>,
    notes: Notes,
}

impl GroupReader<'_> {
    /// Reads the groups that changed. An error is a cancel or a failure of the directory.
    pub async fn read(&self) -> Result<GroupOutcome> {
        self.progress.enter(Phase::Groups);
        let mut outcome = GroupOutcome::default();
        let read = match self.list(&mut outcome).await {
            Ok(()) => self.read_members(&mut outcome).await,
            failed => failed,
        };
        self.close(read, &mut outcome)?;
        let counts = outcome.counts;
        self.log.info(format!(
            "groups: {} listed, {} added, {} updated, {} removed, members of {} read, {} memberships",
            counts.listed,
            counts.added,
            counts.updated,
            counts.removed,
            counts.members_read,
            counts.memberships
        ));
        for warning in &outcome.warnings {
            self.log.warn(warning.clone());
        }
        Ok(outcome)
    }

    /// Adds what ended a reading to its outcome, and how many memberships there are now. An error is a cancel or a
    /// failure of the directory.
    fn close(&self, read: Result<()>, outcome: &mut GroupOutcome) -> Result<()> {
        let notes = std::mem::take(&mut outcome.notes);
        outcome.warnings.extend(notes.into_warnings());
        match read {
            Ok(()) => {}
            Err(error) if is_ours(&error) => return Err(error),
            Err(error) => outcome
                .warnings
                .push(format!("Groups could not be read: {error}")),
        }
        outcome.counts.memberships = self.directory.read(groups::memberships)?;
        Ok(())
    }

    /// Okta's clock by its last answer; none if no answer had a time.
    fn okta_now(&self) -> Option<UnixMillis> {
        self.meter.read().server_clock.map(|clock| clock.last)
    }
}

/// Whether the error is a cancel or a failure of the directory, and not one of Okta or the network.
fn is_ours(error: &Error) -> bool {
    error.code() == ErrorCode::Cancelled || matches!(error.code().block(), 4 | 9)
}
