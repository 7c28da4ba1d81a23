//! Writing: pages in the order of their arrival, each planned and written with its cursor.
//!
//! `page_queue` is where pages wait, `plan` says what a page changes, `commit` writes it, `seen` remembers who was in it.

pub(super) mod commit;
pub(super) mod page_queue;
mod plan;
pub(super) mod seen;
