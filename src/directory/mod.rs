//! The directory: Okta users, Jira users, the ties between them, and the runs that brought them, in
//! one SQLite file.
//!
//! [`Directory`] opens the file and hands out transactions; everything else is functions over them,
//! `&Connection` to read and `&Transaction` to write, so that the caller decides what is committed
//! together. It knows nothing of HTTP, of Okta's wire format or of how texts are folded. Its
//! invariant: readers see the last published run as a whole, or the one before it, never a mixture.
//!
//! In reading order: [`Directory`], the schema (`schema/0001_directory.sql`), [`users`],
//! [`sync_runs`], [`changes`], [`jira_users`], [`pins`], [`mod@matches`], [`entries`], then what goes
//! beyond users: [`groups`], [`schemas`], [`managers`], [`attribute_index`], [`users_where`],
//! [`retention`].

pub mod attribute_index;
mod attribute_path;
pub mod backup;
mod carry_over;
pub mod changes;
mod connection;
mod content_hash;
pub mod credentials;
mod database;
mod database_files;
pub mod entries;
pub mod freshness;
pub mod groups;
pub mod hand_over;
pub mod integrity;
pub mod jira_users;
mod lock_holder;
pub mod look_ups;
pub mod managers;
pub mod matches;
mod migrations;
mod opening;
pub mod org;
mod owner_lock;
pub mod pins;
mod profile_values;
mod readers;
mod reading;
pub mod retention;
mod room;
pub mod schemas;
pub mod scratch;
pub mod settings;
mod sqlite_error;
pub mod statistics;
mod storage_kind;
pub mod sync_runs;
#[cfg(test)]
mod tests;
pub mod unfinished;
mod unsigned;
mod user_set;
pub mod users;
pub mod users_where;
mod values;

pub use connection::Fold;
pub use content_hash::{ContentHash, Digest, content_hash};
pub use database::Directory;
// Those who call the functions over transactions need the names, and nothing else of rusqlite.
pub use rusqlite::{Connection, Transaction};
pub use user_set::UserSet;
