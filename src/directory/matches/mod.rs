//! Ties Okta users to Jira users: by hand or by rules, and never by a guess.
//!
//! Every present Okta user and every Jira user is in exactly one state. Rules are applied in order to users that are
//! not decided yet. A value ties two users only if, in the whole directory, exactly one user on each side competes for
//! it; otherwise the competing users become ambiguous. Inactive accounts compete only if no active account has the
//! value. The work grows with the number of users, never with the number of possible pairs. After a change of few
//! users, only users that the change can affect are matched again ([`Scope`]).
//!
//! `rematch` matches everybody, `scope` only the affected users. Both call `decide`, which finds the `carriers` of a
//! value and those of them that compete for it (`contenders`), and both write through `difference`. `preview` shows the
//! effect of other rules, `candidates` the users that an ambiguous user could be tied to. `jira_users` and `hand_over`
//! replace the Jira users.

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
