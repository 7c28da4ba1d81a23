//! The file: how it is made, opened, owned, upgraded, copied and closed.
//!
//! - Opening: [`Directory`](super::Directory) (`database`) is opened by `opening`, which runs `migrations` and believes
//!   damage only at the second look; `carry_over` saves data from a damaged file, `recognition` knows a directory of
//!   ours. `connection` has every pragma with its reason, `storage_kind` refuses network file systems. `owner_lock`
//!   decides who writes, `turn` who comes next, `readers` lends connections, `reading` opens beside an owner in another
//!   process. `key_indexes` leaves out the indexes that a first run does not need and builds them, and
//!   `sorting` bounds the memory of that.
//! - Files: `files` has their names, `backup` and `scratch` make copies, `unfinished` and `leftovers` remove what a
//!   kill left. `sqlite_error` turns errors of SQLite into ours, `room` recognises a full disk.
//! - SQL: `statement` declares a statement with its test, `values` and `packed_row` convert values and rows, `paging`
//!   makes cursors. `profile_functions`, `profile_values` and `search_text` read stored profiles. `kept_out` leaves out
//!   erased people.
//! - Clusters: `shared_tables` says which tables other nodes get, `recording` records which rows changed.

pub mod backup;
pub(super) mod carry_over;
pub(super) mod connection;
pub(super) mod database;
pub(super) mod files;
pub(super) mod kept_counts;
pub mod kept_out;
pub mod key_indexes;
pub(super) mod leftovers;
pub(super) mod lock_holder;
pub(super) mod migrations;
pub(super) mod opening;
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
pub(super) mod search_text;
pub(super) mod search_words;
pub(super) mod shared_tables;
pub(super) mod sorting;
pub(super) mod sqlite_error;
pub(super) mod statement;
pub(super) mod storage_kind;
pub(super) mod turn;
pub mod unfinished;
pub(super) mod values;
