//! What a sync would do and cost, before it runs.

use serde::Serialize;

use crate::contract::choices::{RunMode, RunReason};
use crate::model::{Change, JiraUserCounts, SyncReport};

/// What a run would have done. Nothing was changed.
#[derive(Clone, Debug, Serialize)]
pub struct DryRun {
    /// The report that the run would have left: complete, or refused with the guard's error.
    pub report: SyncReport,
    /// For each field, how many users would change in it, in the order of the names; empty if refused.
    pub fields: Vec<(String, u64)>,
    /// The first of the changes that the run would have written to the change feed; the caller chose how many. They
    /// contain personal data.
    pub samples: Vec<Change>,
    /// What the commit of the waiting Jira users would do; none if none wait. The dry run treats a loss that needs
    /// a confirmation as confirmed.
    pub jira_users: Option<JiraUserCounts>,
}

/// What a sync that begins now would cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SyncBudget {
    /// Whether it would read every user or only what changed.
    pub mode: RunMode,
    /// Why the run would have this mode.
    pub reason: RunReason,
    /// How many users it would read: as many as the directory holds, or Okta's own count before the first run. None
    /// if unknown, which it always is for a delta run.
    pub users: Option<u64>,
    /// How many requests it would send without retries; none if unknown.
    pub requests: Option<u64>,
    /// How long it would take, in milliseconds; none if unknown. The estimate is cautious.
    pub duration_ms: Option<u64>,
    /// The buckets of rate limits that it would use.
    pub buckets: Vec<BucketBudget>,
}

/// What a sync would use of one bucket (Okta "Rate limits overview").
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BucketBudget {
    /// The path that names the bucket, such as `/api/v1/users`.
    pub bucket: String,
    /// How many requests the sync would send to it; none if unknown.
    pub requests: Option<u64>,
    /// Requests a minute that Okta allows this credential; none if Okta did not say.
    pub limit: Option<u64>,
    /// Requests left in the present minute; none if Okta did not say.
    pub remaining: Option<u64>,
    /// How long the present minute still lasts, in milliseconds; none if Okta did not say.
    pub resets_in_ms: Option<u64>,
    /// Requests a minute that the sync leaves to others (`rate_limit.reserve_percent`); none if unknown.
    pub left_to_others: Option<u64>,
    /// How long the limit of this bucket alone would make the sync take, in milliseconds; none if unknown.
    pub duration_ms: Option<u64>,
}
