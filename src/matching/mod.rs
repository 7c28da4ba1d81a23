//! How users of both sides are compared: the rules, and when two texts are the same.
//!
//! Pure functions. The directory gets the rules as data and applies them to all users.

mod fold;
mod rules;

pub use fold::fold;
pub use rules::parse_rules;
