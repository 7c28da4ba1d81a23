//! The file: how it is made, opened, owned, upgraded, copied and closed.
//!
//! [`Directory`](super::Directory) (`database`) is opened by `opening`, which runs `migrations` and believes damage
//! only at the second look; `connection` has every pragma with its reason; `owner_lock` decides who writes.

pub mod backup;
pub(super) mod carry_over;
pub(super) mod connection;
pub(super) mod database;
pub(super) mod files;
pub(super) mod kept_counts;
pub mod kept_out;
pub(super) mod leftovers;
pub(super) mod lock_holder;
pub(super) mod migrations;
pub(super) mod opening;
pub(super) mod other_names;
pub(super) mod owner_lock;
pub(super) mod packed_row;
pub(super) mod paging;
pub(super) mod profile_functions;
pub(super) mod profile_values;
pub(super) mod readers;
pub(super) mod reading;
pub(super) mod recognition;
pub(super) mod recording;
pub(super) mod room;
pub mod scratch;
pub(super) mod shared_tables;
pub(super) mod sqlite_error;
pub(super) mod statement;
pub(super) mod storage_kind;
pub(super) mod turn;
pub mod unfinished;
pub(super) mod values;
