//! What the steps of a run share: the directory, the client, the settings, the log and the progress. Every step of a
//! run is a method of it, in the file of that step.

use tokio::runtime::Runtime;

use crate::cancel::CancelToken;
use crate::contract::settings::Settings;
use crate::directory::Directory;
use crate::directory::inbox::InboxRow;
use crate::http::Meter;
use crate::logging::Log;
use crate::model::{MatchRule, SyncOptions};
use crate::okta::OktaClient;
use crate::sync::progress::ProgressBoard;

/// What a run works with.
pub struct SyncContext<'a> {
    /// The directory it fills.
    pub directory: &'a Directory,
    /// The client that asks Okta.
    pub client: OktaClient,
    /// Runs the futures that wait for the network; the caller drops it after the run.
    pub runtime: &'a Runtime,
    /// The settings, as they were when the call began.
    pub settings: &'a Settings,
    /// The matching rules, parsed from the settings.
    pub rules: &'a [MatchRule],
    /// What the caller allows this run.
    pub options: SyncOptions,
    /// Stops the run between two steps.
    pub cancel: &'a CancelToken,
    /// Shows how far the run has come.
    pub progress: &'a ProgressBoard,
    /// Counts its requests.
    pub meter: Meter,
    /// The engine's log.
    pub log: &'a Log,
    /// Warnings from before the run, which go into its report.
    pub notes: Vec<String>,
    /// Rows of the inbox about groups: after a delta run only these groups are read. None if groups are listed.
    pub group_events: Option<Vec<InboxRow>>,
}
