//! Decides which carriers of a value compete for it. An inactive account does not compete if an active account has the
//! same value.
//!
//! Inactive means: an Okta account that was deactivated (DEPROVISIONED), or a Jira user that may not sign in. An Okta
//! account with any other status, including SUSPENDED and LOCKED_OUT, may soon be used again. If all carriers of a
//! value are inactive, all of them compete.

use rusqlite::{CachedStatement, Connection};

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;

// Uses the index of inactive users, because they are few and a user's row is wide.
statement!(
    OKTA_IS_INACTIVE = "
    SELECT 1 FROM users INDEXED BY users_deactivated
     WHERE user_no = ?1 AND status = 'DEPROVISIONED' AND absent_since IS NULL"
);

statement!(JIRA_IS_INACTIVE = "SELECT 1 FROM jira_users WHERE jira_no = ?1 AND active = 0");

/// Separates the competing users from those that do not compete.
pub(super) struct Contenders<'conn> {
    okta: CachedStatement<'conn>,
    jira: CachedStatement<'conn>,
}

impl<'conn> Contenders<'conn> {
    pub(super) fn new(conn: &'conn Connection) -> Result<Contenders<'conn>> {
        Ok(Contenders {
            okta: conn.prepare_cached(OKTA_IS_INACTIVE)?,
            jira: conn.prepare_cached(JIRA_IS_INACTIVE)?,
        })
    }

    /// Keeps the competing users among the Okta carriers of one value, and returns the others.
    pub(super) fn in_okta(&mut self, carriers: &mut Vec<i64>) -> Result<Vec<i64>> {
        part(&mut self.okta, carriers)
    }

    /// Like [`Contenders::in_okta`], for the Jira carriers.
    pub(super) fn in_jira(&mut self, carriers: &mut Vec<i64>) -> Result<Vec<i64>> {
        part(&mut self.jira, carriers)
    }
}

fn part(is_inactive: &mut CachedStatement<'_>, carriers: &mut Vec<i64>) -> Result<Vec<i64>> {
    let (mut active, mut inactive) = (Vec::new(), Vec::new());
    // Almost every value has only one carrier, which always competes.
    if carriers.len() < 2 {
        return Ok(inactive);
    }
    for number in carriers.iter() {
        match is_inactive.exists([number])? {
            true => inactive.push(*number),
            false => active.push(*number),
        }
    }
    if active.is_empty() {
        inactive.clear();
    } else {
        *carriers = active;
    }
    Ok(inactive)
}
