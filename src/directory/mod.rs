//! The directory: Okta users, Jira users, the ties between them, and the runs that brought them, in
//! one SQLite file.
//!
//! [`Directory`] opens the file and gives out transactions. All else is functions that take a `&Connection` to read or
//! a `&Transaction` to write, so that the caller decides what is committed together. The directory knows nothing of
//! HTTP, of Okta's wire format or of how texts are folded. Its invariant: readers see the last published run as a
//! whole, or the one before it, never a mixture.
//!
//! In reading order: [`Directory`], the schema (`store/schema/0001_directory.sql`), [`users`], [`runs`],
//! [`mod@matches`], [`entries`], then [`groups`] and [`profiles`]. [`erasure`] removes a person from all of them.
//! [`inbox`] stores what Okta's events named and what must be read again. [`store`] is the file itself, and
//! [`increments`] brings its rows to other nodes.

pub mod credentials;
pub mod entries;
pub mod erasure;
#[cfg(feature = "fuzzing")]
pub(crate) mod fuzzed;
pub mod groups;
pub mod inbox;
pub mod increments;
pub mod integrity;
pub mod matches;
pub mod org;
pub mod profiles;
pub mod runs;
pub mod settings;
pub mod store;
#[cfg(test)]
mod tests;
pub mod users;

// Callers of functions over transactions need these two names of rusqlite, and no others.
pub use rusqlite::{Connection, Transaction};
pub use store::connection::Fold;
pub use store::database::Directory;
pub use users::content_hash::{ContentHash, Digest, content_hash};
pub use users::user_set::UserSet;
