//! Matches everybody and writes the differences into the stored tables.

use rusqlite::{Connection, Transaction};

use crate::contract::errors::{Error, Result};
use crate::directory::matches::counts;
use crate::directory::matches::decide::{Judge, Verdict, Verdicts};
use crate::directory::matches::difference::Difference;
use crate::directory::matches::side::TieChanges;
use crate::directory::store::statement::statement;
use crate::model::{MatchCounts, MatchRule, MatchState};

// A pin has no effect if one of its users is not present; the rules then decide about the other one. CROSS JOIN begins
// with the pins, whatever number of users the planner expects.
statement!(PINNED, reads every row = "
    SELECT o.user_no, j.jira_no
      FROM pins AS p
      CROSS JOIN present_users AS o ON o.okta_id = p.okta_id
      CROSS JOIN jira_users AS j ON j.key = p.jira_key");

statement!(LAST_RULES = "SELECT rules FROM directory");

statement!(REMEMBER_RULES = "UPDATE directory SET rules = ?1 WHERE rules <> ?1");

/// Matches all users again and returns the counts. Rows of users whose state stays the same are not written.
///
/// Call it after a change of users, pins or rules, in the same transaction.
pub fn rematch(tx: &Transaction<'_>, rules: &[MatchRule]) -> Result<MatchCounts> {
    rematch_and_compare(tx, rules).map(|(counts, _)| counts)
}

/// Like [`rematch`], and returns also how many ties began and ended.
pub(super) fn rematch_and_compare(
    tx: &Transaction<'_>,
    rules: &[MatchRule],
) -> Result<(MatchCounts, TieChanges)> {
    let mut judge = Judge::new(tx, Counted::new(Difference::new(tx)?, rules))?;
    judge_everybody(&mut judge, tx, rules)?;
    let Counted { inner, mut counts } = judge.verdicts;
    let rest = inner.settle_everybody()?;
    counts.okta_only = rest.okta_alone;
    counts.jira_only = rest.jira_alone;
    counts::keep(tx, &counts)?;
    let json =
        serde_json::to_string(&names(rules)).map_err(|_| Error::internal("names of rules are not JSON"))?;
    tx.prepare_cached(REMEMBER_RULES)?.execute([json])?;
    Ok((counts, rest.ties))
}

/// Whether the last matching used these rules. If not, the next matching must include everybody.
pub fn were_last_applied(conn: &Connection, rules: &[MatchRule]) -> Result<bool> {
    let last: String = conn.prepare_cached(LAST_RULES)?.query_row([], |row| row.get(0))?;
    Ok(serde_json::from_str::<Vec<String>>(&last).is_ok_and(|last| last == names(rules)))
}

/// The names of the rules in order, in the form that the directory stores.
fn names(rules: &[MatchRule]) -> Vec<String> {
    rules.iter().map(ToString::to_string).collect()
}

pub(super) fn judge_everybody<V: Verdicts>(
    judge: &mut Judge<'_, V>,
    conn: &Connection,
    rules: &[MatchRule],
) -> Result<()> {
    let mut pins = conn.prepare_cached(PINNED)?;
    let mut rows = pins.query([])?;
    while let Some(row) = rows.next()? {
        judge.pin(row.get(0)?, row.get(1)?)?;
    }
    rules.iter().try_for_each(|rule| judge.apply(rule))?;
    judge.leave_those_who_lost_to_an_active_account()
}

/// Counts verdicts and passes them on.
pub(super) struct Counted<V> {
    pub inner: V,
    pub counts: MatchCounts,
}

impl<V> Counted<V> {
    pub(super) fn new(inner: V, rules: &[MatchRule]) -> Counted<V> {
        let by_rule = names(rules).into_iter().map(|name| (name, 0)).collect();
        Counted {
            inner,
            counts: MatchCounts {
                by_rule,
                ..MatchCounts::default()
            },
        }
    }
}

impl<V: Verdicts> Verdicts for Counted<V> {
    fn tied(&mut self, user_no: i64, jira_no: i64, verdict: Verdict<'_>) -> Result<()> {
        match verdict.state {
            MatchState::Pinned => self.counts.pinned += 1,
            _ => {
                self.counts.matched += 1;
                let pairs = self.counts.by_rule.iter_mut();
                pairs
                    .filter(|(name, _)| name == verdict.rule)
                    .for_each(|(_, pairs)| *pairs += 1);
            }
        }
        self.inner.tied(user_no, jira_no, verdict)
    }

    fn okta(&mut self, user_no: i64, verdict: Verdict<'_>) -> Result<()> {
        match verdict.state {
            MatchState::Ambiguous => self.counts.okta_ambiguous += 1,
            _ => self.counts.okta_only += 1,
        }
        self.inner.okta(user_no, verdict)
    }

    fn jira(&mut self, jira_no: i64, verdict: Verdict<'_>) -> Result<()> {
        match verdict.state {
            MatchState::Ambiguous => self.counts.jira_ambiguous += 1,
            _ => self.counts.jira_only += 1,
        }
        self.inner.jira(jira_no, verdict)
    }
}
