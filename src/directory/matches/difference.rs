//! Verdicts into the lasting tables, by difference: the row of a user whose state stays is not written.
//!
//! Two pairs may swap partners, so writing a tie replaces whatever stands in its way (both tables allow a
//! partner once). A row removed that way belongs to a user whose own verdict is still to come: nobody is
//! tied twice in one matching, and a tie already written or kept is in nobody's way.

use rusqlite::{CachedStatement, Connection, Row};

use crate::directory::matches::decide::{Verdict, Verdicts};
use crate::directory::user_set::UserSet;
use crate::error::Result;
use crate::model::MatchState;

const OKTA_ROW: &str = "SELECT state, rule, value, jira_no FROM okta_matches WHERE user_no = ?1";

const JIRA_ROW: &str = "SELECT state, rule, value, user_no FROM jira_matches WHERE jira_no = ?1";

const FREE_OKTA: &str = "DELETE FROM okta_matches WHERE user_no = ?1";

const FREE_JIRA: &str = "DELETE FROM jira_matches WHERE jira_no = ?1";

const PUT_OKTA: &str = "
    INSERT OR REPLACE INTO okta_matches (user_no, state, rule, value, jira_no)
    VALUES (?1, ?2, ?3, ?4, ?5)";

const PUT_JIRA: &str = "
    INSERT OR REPLACE INTO jira_matches (jira_no, state, rule, value, user_no)
    VALUES (?1, ?2, ?3, ?4, ?5)";

// The four walks are answered by an index each: no user's row is read.
const PRESENT_OKTA: &str = "SELECT user_no FROM present_users";

const PRESENT_JIRA: &str = "SELECT jira_no FROM jira_users";

const OKTA_STATES: &str = "SELECT user_no, state FROM okta_matches INDEXED BY okta_matches_state";

const JIRA_STATES: &str = "SELECT jira_no, state FROM jira_matches INDEXED BY jira_matches_state";

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    OKTA_ROW,
    JIRA_ROW,
    FREE_OKTA,
    FREE_JIRA,
    PRESENT_OKTA,
    PRESENT_JIRA,
    OKTA_STATES,
    JIRA_STATES,
];

/// Writes verdicts that differ from what stands in the tables.
pub(super) struct Difference<'conn> {
    okta: Side<'conn>,
    jira: Side<'conn>,
}

/// The statements of one side's table.
struct Side<'conn> {
    row: CachedStatement<'conn>,
    free: CachedStatement<'conn>,
    put: CachedStatement<'conn>,
}

impl<'conn> Difference<'conn> {
    pub(super) fn new(conn: &'conn Connection) -> Result<Difference<'conn>> {
        Ok(Difference {
            okta: Side {
                row: conn.prepare_cached(OKTA_ROW)?,
                free: conn.prepare_cached(FREE_OKTA)?,
                put: conn.prepare_cached(PUT_OKTA)?,
            },
            jira: Side {
                row: conn.prepare_cached(JIRA_ROW)?,
                free: conn.prepare_cached(FREE_JIRA)?,
                put: conn.prepare_cached(PUT_JIRA)?,
            },
        })
    }

    /// Gives everybody who is there and has no verdict a row that says so, and takes away the rows of
    /// those who are not there. Returns how many are there: Okta users, Jira users.
    pub(super) fn rest(
        &mut self,
        conn: &Connection,
        settled_okta: &UserSet,
        settled_jira: &UserSet,
    ) -> Result<(u64, u64)> {
        let okta = Rest::of(
            conn,
            PRESENT_OKTA,
            OKTA_STATES,
            MatchState::OktaOnly,
            settled_okta,
        )?;
        for user_no in okta.gone.iter() {
            self.okta.free.execute([user_no])?;
        }
        for user_no in okta.alone.iter() {
            self.put_okta(user_no, None, Verdict::alone(MatchState::OktaOnly))?;
        }
        let jira = Rest::of(
            conn,
            PRESENT_JIRA,
            JIRA_STATES,
            MatchState::JiraOnly,
            settled_jira,
        )?;
        for jira_no in jira.gone.iter() {
            self.jira.free.execute([jira_no])?;
        }
        for jira_no in jira.alone.iter() {
            self.put_jira(jira_no, None, Verdict::alone(MatchState::JiraOnly))?;
        }
        Ok((okta.present, jira.present))
    }

    /// Takes away the row of an Okta user who is not there.
    pub(super) fn forget_okta(&mut self, user_no: i64) -> Result<()> {
        self.okta.free.execute([user_no])?;
        Ok(())
    }

    /// Takes away the row of a Jira user who is not there.
    pub(super) fn forget_jira(&mut self, jira_no: i64) -> Result<()> {
        self.jira.free.execute([jira_no])?;
        Ok(())
    }

    fn put_okta(&mut self, user_no: i64, jira_no: Option<i64>, verdict: Verdict<'_>) -> Result<()> {
        let row = (
            user_no,
            verdict.state.name(),
            verdict.rule,
            verdict.value,
            jira_no,
        );
        self.okta.put.execute(row)?;
        Ok(())
    }

    fn put_jira(&mut self, jira_no: i64, user_no: Option<i64>, verdict: Verdict<'_>) -> Result<()> {
        let row = (
            jira_no,
            verdict.state.name(),
            verdict.rule,
            verdict.value,
            user_no,
        );
        self.jira.put.execute(row)?;
        Ok(())
    }
}

impl Verdicts for Difference<'_> {
    fn tied(&mut self, user_no: i64, jira_no: i64, verdict: Verdict<'_>) -> Result<()> {
        // Both rows of a tie are written and removed together, so one tells of both.
        if stands(&mut self.okta.row, user_no, Some(jira_no), verdict)? {
            return Ok(());
        }
        self.put_okta(user_no, Some(jira_no), verdict)?;
        self.put_jira(jira_no, Some(user_no), verdict)
    }

    fn okta(&mut self, user_no: i64, verdict: Verdict<'_>) -> Result<()> {
        match stands(&mut self.okta.row, user_no, None, verdict)? {
            true => Ok(()),
            false => self.put_okta(user_no, None, verdict),
        }
    }

    fn jira(&mut self, jira_no: i64, verdict: Verdict<'_>) -> Result<()> {
        match stands(&mut self.jira.row, jira_no, None, verdict)? {
            true => Ok(()),
            false => self.put_jira(jira_no, None, verdict),
        }
    }
}

/// Whether the row of a user says exactly this.
fn stands(
    row: &mut CachedStatement<'_>,
    number: i64,
    partner: Option<i64>,
    verdict: Verdict<'_>,
) -> Result<bool> {
    let says = |row: &Row<'_>| -> rusqlite::Result<bool> {
        Ok(row.get_ref(0)?.as_str()? == verdict.state.name()
            && row.get_ref(1)?.as_str()? == verdict.rule
            && row.get_ref(2)?.as_str()? == verdict.value
            && row.get::<_, Option<i64>>(3)? == partner)
    };
    let mut rows = row.query([number])?;
    Ok(match rows.next()? {
        Some(row) => says(row)?,
        None => false,
    })
}

/// Whose rows are left to be put right when all verdicts have fallen.
struct Rest {
    /// Users who are there.
    present: u64,
    /// Users without a verdict whose row does not say so, or who have none.
    alone: UserSet,
    /// Rows of users who are not there.
    gone: UserSet,
}

impl Rest {
    fn of(
        conn: &Connection,
        present: &str,
        states: &str,
        unsettled: MatchState,
        settled: &UserSet,
    ) -> Result<Rest> {
        let (mut there, mut alone, mut gone) = (UserSet::new(), UserSet::new(), UserSet::new());
        let mut statement = conn.prepare_cached(present)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            there.insert(number);
            if !settled.contains(number) {
                alone.insert(number);
            }
        }
        let mut statement = conn.prepare_cached(states)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            if !there.contains(number) {
                gone.insert(number);
            } else if row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)? == unsettled.name() {
                alone.remove(number);
            }
        }
        Ok(Rest {
            present: there.len(),
            alone,
            gone,
        })
    }
}
