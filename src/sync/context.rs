//! The objects that all steps of a run share: the directory, the client, the settings, the log and the progress.
//! Every step of a run is a method of this type, in the file of that step.

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

/// The objects that the steps of a run share.
pub struct SyncContext<'a> {
    /// The directory that the run fills.
    pub directory: &'a Directory,
    /// The client that sends the requests to Okta.
    pub client: OktaClient,
    /// Runs the futures that wait for the network; the caller drops it after the run.
    pub runtime: &'a Runtime,
    /// The settings, as they were when the call began.
    pub settings: &'a Settings,
    /// The matching rules, parsed from the settings.
    pub rules: &'a [MatchRule],
    /// What the caller confirms for this run.
    pub options: SyncOptions,
    /// Stops the run between two steps.
    pub cancel: &'a CancelToken,
    /// Shows the progress of the run.
    pub progress: &'a ProgressBoard,
    /// Counts the requests of the run.
    pub meter: Meter,
    /// The engine's log.
    pub log: &'a Log,
    /// Warnings from before the run. They go into its report.
    pub notes: Vec<String>,
    /// Rows of the inbox about groups: after a delta run only these groups are read. None if groups are listed.
    pub group_events: Option<Vec<InboxRow>>,
}
