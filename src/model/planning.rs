//! What a sync would do and cost, before it is run.

use serde::Serialize;

use crate::contract::choices::{RunMode, RunReason};
use crate::model::{Change, JiraUserCounts, SyncReport};

/// What a run would have done. Nothing of it was done.
#[derive(Clone, Debug, Serialize)]
pub struct DryRun {
    /// The report that the run would have left: complete, or refused with the guard's error.
    pub report: SyncReport,
    /// Of how many users which field would change, in the order of the names; empty if refused.
    pub fields: Vec<(String, u64)>,
    /// The first of the changes that the run would have written to the change feed, as many as were asked
    /// for. They hold personal data.
    pub samples: Vec<Change>,
    /// What committing the Jira users who wait would do; none if nobody waits. A loss that would need a
    /// confirmation counts in the dry run as if it were confirmed.
    pub jira_users: Option<JiraUserCounts>,
}

/// What a sync that begins now would cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SyncBudget {
    /// Whether it would read every user or what changed.
    pub mode: RunMode,
    /// Why it would be of this mode.
    pub reason: RunReason,
    /// How many users it would read: what the directory holds, or Okta's own count before the first run.
    /// None if unknown, as it is for a delta run.
    pub users: Option<u64>,
    /// How many requests it would send without retries; none if unknown.
    pub requests: Option<u64>,
    /// How long it would take, in milliseconds; none if unknown. An estimate on the careful side.
    pub duration_ms: Option<u64>,
    /// The buckets of rate limits that it would draw on.
    pub buckets: Vec<BucketBudget>,
}

/// What a sync would take from one bucket (Okta "Rate limits overview").
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
    /// How long the bucket alone would keep the sync, in milliseconds; none if unknown.
    pub duration_ms: Option<u64>,
}
