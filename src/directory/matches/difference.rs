//! Writes verdicts into the stored tables. A user whose state stays the same is not written.
//!
//! Verdicts arrive in the order of the compared values, but rows are in the order of users. So verdicts are collected
//! and written in batches sorted by user. A page of a table is then changed once for many rows, and not once for each
//! row.

use rusqlite::Connection;

use crate::contract::errors::Result;
use crate::directory::matches::decide::{Verdict, Verdicts};
use crate::directory::matches::side::{self, Side, TieChanges};

/// How many verdicts may wait. They need some megabytes.
const MOST_WAITING: usize = 65_536;

/// Writes the verdicts that differ from the stored rows. Call [`write`](Difference::write) at the end for the verdicts
/// that still wait.
pub(super) struct Difference<'conn> {
    pub(super) okta: Side<'conn>,
    pub(super) jira: Side<'conn>,
    /// The rule of all waiting verdicts.
    rule: String,
}

/// What a matching of everybody counted, except verdicts.
pub(super) struct Rest {
    /// Present Okta users and Jira users that are alone, including those that did not compete.
    pub(super) okta_alone: u64,
    pub(super) jira_alone: u64,
    pub(super) ties: TieChanges,
}

impl<'conn> Difference<'conn> {
    pub(super) fn new(conn: &'conn Connection) -> Result<Difference<'conn>> {
        Ok(Difference {
            okta: Side::new(conn, side::OKTA)?,
            jira: Side::new(conn, side::JIRA)?,
            rule: String::new(),
        })
    }

    /// Writes the waiting verdicts.
    pub(super) fn write(&mut self) -> Result<()> {
        self.okta.write(&self.rule)?;
        self.jira.write(&self.rule)
    }

    /// Call it after the last verdict about everybody. A user without a verdict is alone, or is not present and gets no
    /// row.
    pub(super) fn settle_everybody(mut self) -> Result<Rest> {
        self.write()?;
        Ok(Rest {
            okta_alone: self.okta.settle_everybody()?,
            jira_alone: self.jira.settle_everybody()?,
            ties: self.okta.ties,
        })
    }

    /// Makes room for one more verdict of this rule. Writes the waiting verdicts if there are too many or if they
    /// belong to another rule.
    fn make_room(&mut self, rule: &str) -> Result<()> {
        let is_full = self.okta.waiting().max(self.jira.waiting()) >= MOST_WAITING;
        if is_full || self.rule != rule {
            self.write()?;
            rule.clone_into(&mut self.rule);
        }
        Ok(())
    }
}

impl Verdicts for Difference<'_> {
    fn tied(&mut self, user_no: i64, jira_no: i64, verdict: Verdict<'_>) -> Result<()> {
        self.make_room(verdict.rule)?;
        self.okta.take(user_no, Some(jira_no), verdict);
        self.jira.is_tied(jira_no);
        Ok(())
    }

    fn okta(&mut self, user_no: i64, verdict: Verdict<'_>) -> Result<()> {
        self.make_room(verdict.rule)?;
        self.okta.take(user_no, None, verdict);
        Ok(())
    }

    fn jira(&mut self, jira_no: i64, verdict: Verdict<'_>) -> Result<()> {
        self.make_room(verdict.rule)?;
        self.jira.take(jira_no, None, verdict);
        Ok(())
    }
}
