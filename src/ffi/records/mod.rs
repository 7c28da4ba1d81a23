//! The engine's answers as pages: which record has which columns.
//!
//! `credentials` are tokens and sign-ins, `entries` users and candidates, `groups` and `schemas` what their
//! names say, `people` users with all that belongs to them,
//! `opening` what opening a directory did, `planning` dry runs and budgets, `settings` what is set, `reports` changes, runs, progress, checks and log lines, `named` everything that is a list of
//! names with values. `cells` makes single values into cells, `mixed` pages with rows of several kinds.

mod cells;
mod credentials;
mod entries;
mod export;
mod groups;
mod mixed;
mod named;
mod opening;
mod people;
mod planning;
mod reports;
mod schemas;
mod settings;

pub use credentials::{authorization_request, token_status};
pub use entries::{candidates, entries};
pub use export::{attribute_names, export_page};
pub use groups::{group_members, groups, jira_keys};
pub use named::{integrity, jira_user_counts, match_counts, match_preview, named_text, statistics};
pub use opening::{OPEN_REPORT, open_report, open_report_cells};
pub use people::people;
pub use planning::{dry_run, sync_budget};
pub use reports::{changes, log, progress, runs, validation};
pub use schemas::{attributes, titled_profile, user_types};
pub use settings::settings;
