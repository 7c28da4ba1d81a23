//! Writes pages in the order of their arrival; each is planned and written with its cursor.
//!
//! Pages wait in `page_queue`, `plan` decides what a page changes, `commit` writes it, `seen` remembers its users.

pub(super) mod commit;
pub(super) mod page_queue;
mod plan;
pub(super) mod seen;
