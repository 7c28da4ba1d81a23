//! How users of both sides are compared: which rules there are, and when two texts are the same.
//!
//! Pure functions. Applying the rules to all users is the directory's work, which gets them as data.

mod fold;
mod rules;

pub use fold::fold;
pub use rules::parse_rules;
