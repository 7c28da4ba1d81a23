//! Okta's management API: which requests are sent, and how their answers are read.
//!
//! - [`OrgUrl`] cleans the pasted address; [`Organization`] is what a host says about itself.
//! - [`OktaClient`] sends one request with credential, rate-limit gate and retries; [`api_error`] turns every
//!   refusal into the engine's errors.
//! - [`Page`] and [`Cursor`] walk through a listing; [`users`] reads the users of a [`UserQuery`]; [`groups`] and
//!   [`schemas`] read what else a directory holds.
//! - [`system_log`] polls Okta's log; [`event_hooks`] manages our own hook.
//! - [`probe`] validates a connection, one check after the other.
//!
//! Nothing here stores anything. A fact names the section of Okta's documentation that it comes from.

pub mod budget;
mod client;
pub mod event_hooks;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzed;
pub mod groups;
mod organization;
pub mod probe;
mod reach;
pub mod schemas;
pub mod system_log;
pub mod users;

pub use client::OktaClient;
pub use client::api_error;
pub use client::ask::{Answer, Ask};
pub use client::credential::Credential;
pub use client::org_url::OrgUrl;
pub use client::page::{Cursor, Page, Rows, Unreadable};
pub use client::page_size::PageSize;
pub use client::user_fields::UserFields;
pub use client::walk::Walk;
pub use groups::count_of_everyone;
pub use organization::{OrgProof, Organization, organization};
pub use probe::credential::accepts;
pub use reach::{check_reach, is_internal};
pub use users::created_bounds::{CreatedEnd, created_at, created_of_updated};
pub use users::fields::is_honoured as fields_are_honoured;
pub use users::query::{UserQuery, refuses_query};
