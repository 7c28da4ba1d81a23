//! What readers ask: one entry by a key, a view page by page, a search in a view by prefix.
//!
//! Only published users are ever seen here. Every question is answered along an index, and a page
//! goes on after a key and not at an offset: an entry that stays is given exactly once, whatever is
//! written between two pages.

mod attribute_names;
mod find;
mod list;
mod pairs;
mod reports;
mod row;
mod search;

pub mod statistics;
pub mod users_where;

pub use attribute_names::attribute_names;
pub use find::find;
pub use list::list;
pub use pairs::changing_pairs;
pub use reports::reports_of;
pub use search::{SearchPage, search};
