//! Decides who competes for a value: an inactive account gives way if an active one carries the same value.
//!
//! Inactive means: an Okta account that was deactivated (DEPROVISIONED), a Jira user who may not sign in. The
//! owner of an account in any other status, SUSPENDED and LOCKED_OUT included, is about to use it again. If
//! all carriers of a value are inactive, all of them compete, because there is nobody to give way to.

use rusqlite::{CachedStatement, Connection};

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;

// Goes along the index of inactive users, who are few, because a user's row is wide.
statement!(
    OKTA_IS_INACTIVE = "
    SELECT 1 FROM users INDEXED BY users_deactivated
     WHERE user_no = ?1 AND status = 'DEPROVISIONED' AND absent_since IS NULL"
);

statement!(JIRA_IS_INACTIVE = "SELECT 1 FROM jira_users WHERE jira_no = ?1 AND active = 0");

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

    /// The same for the Jira carriers.
    pub(super) fn in_jira(&mut self, carriers: &mut Vec<i64>) -> Result<Vec<i64>> {
        part(&mut self.jira, carriers)
    }
}

fn part(is_inactive: &mut CachedStatement<'_>, carriers: &mut Vec<i64>) -> Result<Vec<i64>> {
    let (mut active, mut inactive) = (Vec::new(), Vec::new());
    // Almost every value has one carrier, who has nobody to give way to.
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
