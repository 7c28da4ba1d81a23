//! Okta users: live rows, the staged content of a run, presence, counts and the digest.
//!
//! A run writes page by page, and readers see nothing of it before it is published. New users are inserted at once, and
//! their `inserted_run` hides them. New content of known users is stored in `staged_users`. Publishing applies the
//! staged rows and raises `directory.published_run` in one transaction.
//!
//! `row` converts a user to a row and back. `content` writes rows and applies staged ones. `content_hash` makes
//! fingerprints and the digest, `tally` counts. `presence` marks users absent, returned or erased. `retention` erases
//! users and fields that are no longer wanted. `namesakes` finds users with the same login. `user_set` is a set of
//! users in memory.

mod arrivals;
mod content;
mod created_sample;
mod namesakes;
mod presence;
pub(super) mod row;
mod statuses;
mod tally;

pub(super) mod content_hash;
pub mod retention;
pub(super) mod user_set;

pub use arrivals::{Arrival, content_hash_of, each_inserted};
pub use content::{
    KnownUser, KnownUsers, StagedUser, drop_unpublished, each_staged, insert, known, publish_staged, replace,
    stage, staged, unstage,
};
pub use created_sample::created_sample;
pub use namesakes::{Namesake, namesakes, namesakes_of_run};
pub use presence::{mark_absent, mark_returned, not_seen, purge_absent, seen_again};
pub use statuses::{StatusChange, count_statuses};
pub use tally::{UserCounts, count_inserted, count_present, count_with_attribute, counts, digest};
