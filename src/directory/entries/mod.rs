//! Answers the questions of readers: one entry by a key, a view page by page, a search in a view.
//!
//! Readers see only published users here. Every question uses an index. A page begins after a key and not at an offset,
//! so an entry that stays is returned exactly once, whatever is written between two pages.
//!
//! `find` looks up one entry and `list` lists a view. `search` finds users by the beginning or a part of a name, login
//! or address, `users_where` by attribute, group or manager. `reports` lists the users that report to a user, `pairs`
//! the pairs of a preview. `statistics` counts, `attribute_names` lists the attributes of all profiles. `row` reads an
//! entry from a row.

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
