//! Replaces the set of Jira users, matches again, and reports which matches end.
//!
//! The caller decides in the same transaction whether so many matches may end. A rehearsal does the same work and rolls
//! it back, so its forecast is exact.

use rusqlite::Transaction;

use crate::contract::errors::Result;
use crate::directory::matches;
use crate::directory::matches::jira_users::{self, JiraUserChanges};
use crate::directory::matches::rematch::rematch_and_compare;
use crate::model::MatchRule;

/// The result of a hand-over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandOver {
    /// What happened to the Jira users.
    pub users: JiraUserChanges,
    /// The number of Jira users before the hand-over.
    pub users_before: u64,
    /// The number of tied pairs before the hand-over.
    pub matches_before: u64,
    /// How many of these pairs are no longer tied.
    pub matches_ended: u64,
    /// Pairs that were not tied before the hand-over.
    pub matches_begun: u64,
}

/// Replaces the present set of Jira users with the staged one, and matches again.
pub fn take_over(tx: &Transaction<'_>, rules: &[MatchRule]) -> Result<HandOver> {
    // If the rules changed too, they are applied first, so that their effect is not counted as one of the hand-over.
    if !matches::were_last_applied(tx, rules)? {
        matches::rematch(tx, rules)?;
    }
    let users_before = jira_users::total(tx)?;
    let before = matches::counts(tx)?;
    let users = jira_users::commit(tx)?;
    let (_, ties) = rematch_and_compare(tx, rules)?;
    Ok(HandOver {
        users,
        users_before,
        matches_before: before.matched + before.pinned,
        matches_ended: ties.ended,
        matches_begun: ties.begun,
    })
}

/// The result that [`take_over`] would have. The staged set stays as it is.
pub fn rehearse(tx: &Transaction<'_>, rules: &[MatchRule]) -> Result<HandOver> {
    tx.execute_batch("SAVEPOINT rehearsal")?;
    let told = take_over(tx, rules);
    tx.execute_batch("ROLLBACK TO rehearsal; RELEASE rehearsal")?;
    told
}
