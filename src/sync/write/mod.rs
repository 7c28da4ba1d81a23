//! Writing: pages in the order of their arrival, each planned and written with its cursor.
//!
//! `inbox` is where pages wait, `plan` says what a page changes, `commit` writes it, `seen` remembers who was in it.

pub(super) mod commit;
pub(super) mod inbox;
mod plan;
pub(super) mod seen;
