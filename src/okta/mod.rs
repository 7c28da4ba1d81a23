//! Okta's management API: what is asked and how its answers are read.
//!
//! - [`OrgUrl`] cleans the pasted address; [`Organization`] is the host's own word on who it is.
//! - [`OktaClient`] asks one question with credential, rate-limit gate and retries; [`api_error`] turns
//!   every refusal into the engine's errors.
//! - [`Page`] and [`Cursor`] walk a listing; [`users`] reads the users of a [`UserQuery`], [`groups`] and
//!   [`schemas`] what goes beyond users.
//! - [`probe`] validates a connection, one check after the other.
//!
//! Nothing here stores anything. Facts carry the section of Okta's documentation they come from.

mod account;
pub mod api_error;
mod ask;
pub mod budget;
mod challenge;
mod client;
mod created_bounds;
mod credential;
mod event_hooks;
pub mod groups;
mod json;
mod object;
mod object_id;
mod org_url;
mod organization;
mod page;
mod page_size;
pub mod probe;
mod probe_advice;
mod probe_credential;
mod probe_estimate;
mod probe_scopes;
mod probe_users;
mod reach;
pub mod schemas;
mod user_fields;
mod user_query;
mod user_types;
pub mod users;
mod walk;

#[cfg(test)]
mod api_error_tests;
#[cfg(test)]
mod client_tests;
#[cfg(test)]
mod listing_tests;
#[cfg(test)]
mod probe_tests;

pub use ask::{Answer, Ask};
pub use client::OktaClient;
pub use created_bounds::{CreatedEnd, created_at, created_of_updated};
pub use credential::Credential;
pub use groups::count_of_everyone;
pub use org_url::OrgUrl;
pub use organization::{OrgProof, Organization, organization};
pub use page::{Cursor, Page, Rows, Unreadable};
pub use page_size::PageSize;
pub use probe_credential::accepts;
pub use reach::check_reach;
pub use user_fields::{UserFields, is_honoured as fields_are_honoured};
pub use user_query::{UserQuery, refuses_query};
pub use walk::Walk;
