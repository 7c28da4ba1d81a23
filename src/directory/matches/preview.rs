//! The effect of other rules: how many pairs would begin and end, and which ones. It changes no stored table.

use rusqlite::{CachedStatement, Connection};

use crate::contract::choices::PreviewOf;
use crate::contract::errors::Result;
use crate::directory::matches::counts;
use crate::directory::matches::decide::{Judge, Verdict, Verdicts};
use crate::directory::matches::rematch::{Counted, judge_everybody};
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::directory::users::user_set::UserSet;
use crate::model::{MatchPreview, MatchRule, MatchState};

statement!(TIED = "SELECT 1 FROM okta_matches WHERE user_no = ?1 AND jira_no = ?2");

statement!(TIES = "SELECT count(*) FROM okta_matches WHERE jira_no IS NOT NULL");

statement!(TIED_USERS, reads every row = "
    SELECT user_no, jira_no FROM okta_matches NOT INDEXED WHERE jira_no IS NOT NULL ORDER BY user_no");

statement!(COUNT_OKTA = "SELECT count(*) FROM present_users");

statement!(COUNT_JIRA = "SELECT count(*) FROM jira_users");

/// The counts that these rules would lead to.
pub fn preview(conn: &Connection, rules: &[MatchRule]) -> Result<MatchPreview> {
    let mut judge = Judge::new(conn, Counted::new(Comparison::new(conn, 0)?, rules))?;
    judge_everybody(&mut judge, conn, rules)?;
    let Counted { inner, mut counts } = judge.verdicts;
    counts.okta_only += number(conn, COUNT_OKTA)? - judge.okta.len();
    counts.jira_only += number(conn, COUNT_JIRA)? - judge.jira.len();
    Ok(MatchPreview {
        present: counts::counts(conn)?,
        proposed: counts,
        gained: inner.gained,
        lost: number(conn, TIES)? - inner.kept.len(),
    })
}

/// A pair that would begin or end.
pub struct Pair {
    /// The number of the Okta user.
    pub user_no: i64,
    /// The number of the Jira user.
    pub jira_no: i64,
    /// What the other rules would tie the pair by; none if the pair would end.
    pub tie: Option<Tie>,
}

/// The reason why a pair is tied.
pub struct Tie {
    /// Matched or pinned.
    pub state: MatchState,
    /// The rule's name.
    pub rule: String,
    /// The value that both have.
    pub value: String,
}

/// Up to `limit` of the pairs that would begin or end.
pub fn changing_pairs(
    conn: &Connection,
    rules: &[MatchRule],
    which: PreviewOf,
    limit: u64,
) -> Result<Vec<Pair>> {
    let samples = match which {
        PreviewOf::Gained => limit,
        PreviewOf::Lost => 0,
    };
    let mut judge = Judge::new(conn, Comparison::new(conn, samples)?)?;
    judge_everybody(&mut judge, conn, rules)?;
    let Comparison { begun, kept, .. } = judge.verdicts;
    match which {
        PreviewOf::Gained => Ok(begun),
        PreviewOf::Lost => lost(conn, &kept, limit),
    }
}

/// Present pairs that the other rules do not tie, in order, at most `limit`.
fn lost(conn: &Connection, kept: &UserSet, limit: u64) -> Result<Vec<Pair>> {
    let mut found = Vec::new();
    let mut ties = conn.prepare_cached(TIED_USERS)?;
    let mut rows = ties.query([])?;
    while let Some(row) = rows.next()? {
        if found.len() as u64 == limit {
            break;
        }
        let (user_no, jira_no) = (row.get(0)?, row.get(1)?);
        if !kept.contains(user_no) {
            found.push(Pair {
                user_no,
                jira_no,
                tie: None,
            });
        }
    }
    Ok(found)
}

fn number(conn: &Connection, sql: &str) -> Result<u64> {
    let mut statement = conn.prepare_cached(sql)?;
    Ok(statement.query_row([], |row| row.get(0).map(|Count(number)| number))?)
}

/// Compares new ties with the stored ones.
struct Comparison<'conn> {
    tied: CachedStatement<'conn>,
    /// Okta users whose tie stays the same.
    kept: UserSet,
    gained: u64,
    begun: Vec<Pair>,
    /// How many of the new pairs are remembered.
    samples: u64,
}

impl Comparison<'_> {
    fn new(conn: &Connection, samples: u64) -> Result<Comparison<'_>> {
        Ok(Comparison {
            tied: conn.prepare_cached(TIED)?,
            kept: UserSet::new(),
            gained: 0,
            begun: Vec::new(),
            samples,
        })
    }
}

impl Verdicts for Comparison<'_> {
    fn tied(&mut self, user_no: i64, jira_no: i64, verdict: Verdict<'_>) -> Result<()> {
        if self.tied.exists([user_no, jira_no])? {
            self.kept.insert(user_no);
            return Ok(());
        }
        if self.gained < self.samples {
            let tie = Tie {
                state: verdict.state,
                rule: verdict.rule.to_owned(),
                value: verdict.value.to_owned(),
            };
            self.begun.push(Pair {
                user_no,
                jira_no,
                tie: Some(tie),
            });
        }
        self.gained += 1;
        Ok(())
    }

    fn okta(&mut self, _: i64, _: Verdict<'_>) -> Result<()> {
        Ok(())
    }

    fn jira(&mut self, _: i64, _: Verdict<'_>) -> Result<()> {
        Ok(())
    }
}
