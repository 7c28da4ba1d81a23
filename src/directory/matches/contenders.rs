//! Who competes for a value: an inactive account gives way where an active one carries the same value.
//!
//! Inactive is an Okta account that was deactivated (DEPROVISIONED) and a Jira user who may not sign in. Every
//! other status, SUSPENDED and LOCKED_OUT included, is of an account that its owner is about to use again.
//! Carriers of a value who are all inactive compete as anybody does: nobody is there to whom they could give way.

use rusqlite::{CachedStatement, Connection};

use crate::contract::errors::Result;

// By the index of the few: a user's row is wide.
const OKTA_IS_INACTIVE: &str = "
    SELECT 1 FROM users INDEXED BY users_deactivated
     WHERE user_no = ?1 AND status = 'DEPROVISIONED' AND absent_since IS NULL";

const JIRA_IS_INACTIVE: &str = "SELECT 1 FROM jira_users WHERE jira_no = ?1 AND active = 0";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[OKTA_IS_INACTIVE, JIRA_IS_INACTIVE];

/// Tells contenders from carriers who give way.
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

    /// Leaves the contenders among the Okta carriers of one value, and returns those who give way.
    pub(super) fn in_okta(&mut self, carriers: &mut Vec<i64>) -> Result<Vec<i64>> {
        part(&mut self.okta, carriers)
    }

    /// The same among the Jira carriers.
    pub(super) fn in_jira(&mut self, carriers: &mut Vec<i64>) -> Result<Vec<i64>> {
        part(&mut self.jira, carriers)
    }
}

fn part(is_inactive: &mut CachedStatement<'_>, carriers: &mut Vec<i64>) -> Result<Vec<i64>> {
    let (mut active, mut inactive) = (Vec::new(), Vec::new());
    // Almost every value has one carrier, of whom nothing needs to be asked.
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
