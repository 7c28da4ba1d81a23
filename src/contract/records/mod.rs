//! The engine's answers as pages. Only these files say which field of a record is in which column.
//!
//! `form` defines records, `names` named values, and `mixed` pages with rows of several kinds; `values` converts values
//! to cells. The other files list the fields of each record. The header and Java are written from [`RECORDS`],
//! [`NAMES`] and [`STRUCTS`]. This part of the contract is a layer beside the engine.

mod cluster;
mod credentials;
mod entries;
pub mod form;
mod groups;
mod live;
mod mixed;
mod named;
pub mod names;
mod opening;
mod people;
mod reports;
mod runs;
mod schemas;
mod values;

pub use cluster::{followed, publication};
pub use credentials::{authorization_request, settings, token_status};
pub use entries::{candidates, entries};
pub use groups::{group_members, groups, jira_keys};
pub use live::{hook_answer, hook_secret, hook_secret_digests, live_status, log_poll};
pub use named::{integrity, jira_user_counts, match_counts, match_preview, named_text, statistics};
pub use opening::{attribute_names, export_page, found_page, open_report, opened};
pub use people::people;
pub use reports::{dry_run, sync_budget, validation};
pub use runs::{PROGRESS, RUN, changes, log, progress, runs};
pub use schemas::{attributes, titled_profile, user_types};

use form::AnyShape;
use names::AnyNames;

/// Every record that becomes a Java record.
pub static RECORDS: &[&AnyShape] = &[
    &entries::OKTA_USER,
    &entries::JIRA_USER,
    &entries::ENTRY,
    &runs::CHANGE,
    &runs::GROUP_COUNTS,
    &runs::RUN,
    &runs::PROGRESS,
    &runs::LOG_LINE,
    &reports::CHECK,
    &reports::VALIDATION,
    &reports::BUCKET,
    &reports::BUDGET,
    &credentials::TOKEN_STATUS,
    &credentials::AUTHORIZATION_REQUEST,
    &credentials::SETTING,
    &groups::GROUP,
    &groups::GROUP_MEMBER,
    &schemas::USER_TYPE,
    &schemas::ATTRIBUTE,
    &schemas::TITLED_VALUE,
    &live::LIVE_STATUS,
    &live::HOOK_ANSWER,
    &live::LOG_POLL,
];

/// Every list of named values that becomes a Java record.
pub static NAMES: &[&AnyNames] = &[
    &named::MATCH_COUNTS,
    &named::MATCH_PREVIEW,
    &named::JIRA_USER_COUNTS,
    &named::STATISTICS,
    &cluster::PUBLICATION,
    &cluster::FOLLOWED,
];

/// The records that become C structs of counters.
pub static STRUCTS: &[(&str, &AnyShape)] =
    &[("okp_progress", &runs::PROGRESS), ("okp_sync_report", &runs::RUN)];
