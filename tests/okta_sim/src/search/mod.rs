//! The expressions of `search` and `filter`: parsed, then evaluated for one user or group at a time.

mod evaluate;
mod parse;

pub(crate) use evaluate::{CreatedRange, matches_group, matches_user};
pub(crate) use parse::{Comparison, Expression, Operator, parse};
