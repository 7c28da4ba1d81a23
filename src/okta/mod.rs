//! Okta's API: what is asked, and how answers are read. Knows nothing of SQL.
//!
//! [`OrgUrl`] is where, [`OktaClient`] how (credential, retries, rate limits), `api_error` what a refusal
//! means, `page` how listings go on; [`users_page`], [`organization`] and [`everyone_count`] are the
//! questions of a sync, [`validate`] those of a connection check.

mod api_error;
mod check;
mod client;
mod groups;
mod org_url;
mod organization;
mod page;
mod probe;
mod user_query;
mod users;
mod www_authenticate;

pub use client::{Credential, OktaClient};
pub use groups::everyone_count;
pub use org_url::OrgUrl;
pub use organization::{Organization, organization};
pub use page::{Cursor, Page};
pub use probe::validate;
pub use user_query::UserQuery;
pub use users::{PageSize, first_cursor, users_page};
