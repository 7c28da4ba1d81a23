//! Replaces the set of Jira users, matches anew, and reports which matches that ends.
//!
//! The caller judges, in the same transaction, whether so many may end. A rehearsal does all of it and takes
//! it back, so that its forecast is exactly what happens.

use std::collections::HashSet;

use rusqlite::{Connection, Transaction};

use crate::contract::errors::Result;
use crate::directory::matches;
use crate::directory::matches::jira_users::{self, JiraUserChanges};
use crate::directory::store::statement::statement;
use crate::model::MatchRule;

statement!(TIES = "SELECT user_no, jira_no FROM okta_matches WHERE jira_no IS NOT NULL");

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
    let before = ties(tx)?;
    let users = jira_users::commit(tx)?;
    matches::rematch(tx, rules)?;
    let after = ties(tx)?;
    Ok(HandOver {
        users,
        users_before,
        matches_before: before.len() as u64,
        matches_ended: before.difference(&after).count() as u64,
        matches_begun: after.difference(&before).count() as u64,
    })
}

/// What [`take_over`] would do. The staged set stays as it is.
pub fn rehearse(tx: &Transaction<'_>, rules: &[MatchRule]) -> Result<HandOver> {
    tx.execute_batch("SAVEPOINT rehearsal")?;
    let told = take_over(tx, rules);
    tx.execute_batch("ROLLBACK TO rehearsal; RELEASE rehearsal")?;
    told
}

fn ties(conn: &Connection) -> Result<HashSet<(i64, i64)>> {
    let mut statement = conn.prepare_cached(TIES)?;
    let ties = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(ties.collect::<rusqlite::Result<_>>()?)
}
