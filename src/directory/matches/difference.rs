//! Writes verdicts into the lasting tables by difference: a user whose state stays gets no write.
//!
//! Verdicts come in the order of the compared values, while rows lie in the order of users. So verdicts wait
//! and are written in batches sorted by user: a page of a table is then touched once for many rows, not once
//! for each.

use rusqlite::Connection;

use crate::contract::errors::Result;
use crate::directory::matches::decide::{Verdict, Verdicts};
use crate::directory::matches::side::{self, Side, TieChanges};

/// How many verdicts may wait: some megabytes.
const MOST_WAITING: usize = 65_536;

/// Writes verdicts that differ from the rows in the tables. [`write`](Difference::write) writes those that still wait.
pub(super) struct Difference<'conn> {
    pub(super) okta: Side<'conn>,
    pub(super) jira: Side<'conn>,
    /// The rule of all waiting verdicts.
    rule: String,
}

/// What matching everybody found beside verdicts.
pub(super) struct Rest {
    /// Present Okta users and Jira users who are alone, those who gave way included.
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

    /// Writes what waits.
    pub(super) fn write(&mut self) -> Result<()> {
        self.okta.write(&self.rule)?;
        self.jira.write(&self.rule)
    }

    /// Call it after the last verdict about everybody: whoever has none is alone, or not present and has no row.
    pub(super) fn settle_everybody(mut self) -> Result<Rest> {
        self.write()?;
        Ok(Rest {
            okta_alone: self.okta.settle_everybody()?,
            jira_alone: self.jira.settle_everybody()?,
            ties: self.okta.ties,
        })
    }

    /// Makes room for one more verdict of this rule: writes the waiting ones if there are too many or their
    /// rule is another.
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
