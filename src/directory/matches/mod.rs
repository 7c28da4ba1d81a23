//! Tying Okta users to Jira users: by hand, by rules, or not at all, and never by a guess.
//!
//! Every present Okta user and every Jira user is in exactly one state. Rules are applied in order
//! to users not yet settled; a value decides only if one user carries it on each side of the whole
//! directory, and otherwise settles its carriers as ambiguous. All of it is set-based SQL whose
//! work grows with the number of users, never with the number of possible pairs.

mod candidates;
mod counts;
mod proposal;
mod rematch;

pub use candidates::{candidates_of_jira, candidates_of_okta};
pub use counts::counts;
pub use rematch::{preview, rematch};

#[cfg(test)]
pub(super) fn statements() -> Vec<&'static str> {
    candidates::STATEMENTS.to_vec()
}
#[cfg(test)]
pub(super) use proposal::statements_of_rule;
