//! Replaces the set of Jira users, matches anew, and reports which matches that ends.
//!
//! The caller judges, in the same transaction, whether so many may end. A rehearsal does all of it and takes
//! it back, so that its forecast is exactly what happens.

use rusqlite::Transaction;

use crate::contract::errors::Result;
use crate::directory::matches;
use crate::directory::matches::jira_users::{self, JiraUserChanges};
use crate::directory::matches::rematch::rematch_and_compare;
use crate::model::MatchRule;

/// What a hand-over did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandOver {
    /// What happened to the Jira users.
    pub users: JiraUserChanges,
    /// Jira users before it.
    pub users_before: u64,
    /// Pairs tied before it.
    pub matches_before: u64,
    /// Of these, pairs that are no longer tied.
    pub matches_ended: u64,
    /// Pairs that were not tied before it.
    pub matches_begun: u64,
}

/// Puts the staged set in the place of the present one and matches anew.
pub fn take_over(tx: &Transaction<'_>, rules: &[MatchRule]) -> Result<HandOver> {
    // If the rules changed too, their effect comes first and is not counted as the hand-over's.
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

/// What [`take_over`] would do. The staged set stays as it is.
pub fn rehearse(tx: &Transaction<'_>, rules: &[MatchRule]) -> Result<HandOver> {
    tx.execute_batch("SAVEPOINT rehearsal")?;
    let told = take_over(tx, rules);
    tx.execute_batch("ROLLBACK TO rehearsal; RELEASE rehearsal")?;
    told
}
