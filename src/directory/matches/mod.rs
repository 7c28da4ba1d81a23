//! Ties Okta users to Jira users: by hand, by rules, or not at all, and never by a guess.
//!
//! Every present Okta user and every Jira user is in exactly one state. Rules are applied in order to users
//! not yet decided. A value ties two users only if exactly one user competes for it on each side of the whole
//! directory; otherwise those who compete become ambiguous. Inactive accounts compete only if no active
//! account carries the value. The work grows with the number of users, never with the number of possible
//! pairs; after a change of few users only these are matched anew ([`Scope`]).
//!
//! `rematch` matches everybody, `scope` only the users concerned; both ask `decide`, which finds the `carriers` of a
//! value and those who compete for it (`contenders`), and both write by `difference`. `preview` shows what other rules
//! would do, `candidates` who an ambiguous user could be. `jira_users` and `hand_over` replace the Jira users.

mod candidates;
mod carriers;
mod contenders;
mod counts;
mod decide;
mod difference;
mod preview;
mod rematch;
mod scope;
mod side;

pub mod hand_over;
pub(super) mod jira_row;
pub mod jira_users;
pub mod pins;

pub use candidates::{candidates_of_jira, candidates_of_okta};
pub use counts::counts;
pub use preview::{changing_pairs, preview};
pub use rematch::{rematch, were_last_applied};
pub use scope::Scope;

#[cfg(test)]
pub(super) use carriers::statements_of_rule;
