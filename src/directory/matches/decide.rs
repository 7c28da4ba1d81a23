//! Rules applied in order, each to the users whom no earlier one has settled.
//!
//! It decides and writes nothing: every verdict is handed on as it falls, so that memory holds two bits
//! for each user and never a table of all of them. Who takes the verdicts may write to the tables of
//! matches, which nothing here reads.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::directory::matches::carriers::{self, Carriers, Sql};
use crate::directory::user_set::UserSet;
use crate::error::Result;
use crate::model::{MatchRule, MatchState, OktaKey};

/// The rule's name in the verdict of a pin.
const PINNED: &str = "pinned";

/// What a user is settled by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict<'a> {
    pub state: MatchState,
    /// The rule's name, `pinned`, or empty.
    pub rule: &'a str,
    /// The folded value that the rule compared.
    pub value: &'a str,
}

impl Verdict<'_> {
    /// A user whom no rule settles.
    pub(super) fn alone(state: MatchState) -> Verdict<'static> {
        Verdict {
            state,
            rule: "",
            value: "",
        }
    }
}

/// Takes verdicts. Each user is named in one of them at most.
pub(super) trait Verdicts {
    fn tied(&mut self, user_no: i64, jira_no: i64, verdict: Verdict<'_>) -> Result<()>;
    fn okta(&mut self, user_no: i64, verdict: Verdict<'_>) -> Result<()>;
    fn jira(&mut self, jira_no: i64, verdict: Verdict<'_>) -> Result<()>;
}

/// Applies rules and remembers who is settled.
pub(super) struct Judge<'a, V> {
    conn: &'a Connection,
    /// Settled Okta users.
    pub okta: UserSet,
    /// Settled Jira users.
    pub jira: UserSet,
    /// Where verdicts go.
    pub verdicts: V,
    carriers_in_okta: Vec<i64>,
}

/// A value and the Jira users who carry it.
#[derive(Default)]
struct Group {
    value: String,
    jira: Vec<i64>,
}

impl<'a, V: Verdicts> Judge<'a, V> {
    pub(super) fn new(conn: &'a Connection, verdicts: V) -> Judge<'a, V> {
        Judge {
            conn,
            okta: UserSet::new(),
            jira: UserSet::new(),
            verdicts,
            carriers_in_okta: Vec::new(),
        }
    }

    /// Ties a pinned pair of which both sides are there.
    pub(super) fn pin(&mut self, user_no: i64, jira_no: i64) -> Result<()> {
        let verdict = Verdict {
            state: MatchState::Pinned,
            rule: PINNED,
            value: "",
        };
        self.tie(user_no, jira_no, verdict)
    }

    /// Applies one rule to everybody: Jira's values come from one walk along their index, each once, and
    /// each is looked up on the Okta side. Carriers of a value are counted, never paired.
    pub(super) fn apply(&mut self, rule: &MatchRule) -> Result<()> {
        if let OktaKey::Attribute(name) = &rule.okta {
            carriers::collect_attribute(self.conn, name, rule)?;
        }
        let (name, sql) = (rule.to_string(), Sql::of(rule));
        let mut carriers = Carriers::of(self.conn, &sql)?;
        let mut walk = self.conn.prepare_cached(&sql.walk_jira)?;
        let mut rows = walk.query([])?;
        let mut group = Group::default();
        while let Some(row) = rows.next()? {
            let value = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            if value != group.value {
                self.settle(&name, &group, &mut carriers)?;
                value.clone_into(&mut group.value);
                group.jira.clear();
            }
            group.jira.push(row.get(1)?);
        }
        self.settle(&name, &group, &mut carriers)?;
        drop(carriers);
        if matches!(rule.okta, OktaKey::Attribute(_)) {
            carriers::forget_attribute(self.conn)?;
        }
        Ok(())
    }

    /// Applies one rule to these values only, which must not be empty texts.
    pub(super) fn apply_to(&mut self, rule: &MatchRule, values: &BTreeSet<String>) -> Result<()> {
        let name = rule.to_string();
        let mut carriers = Carriers::of(self.conn, &Sql::of(rule))?;
        let mut group = Group::default();
        for value in values {
            value.clone_into(&mut group.value);
            carriers.in_jira(value, &mut group.jira)?;
            self.settle(&name, &group, &mut carriers)?;
        }
        Ok(())
    }

    /// A value decides if one user carries it on each side, settled ones counted in; otherwise it settles
    /// its open carriers as ambiguous, if there are any on both sides.
    fn settle(&mut self, rule: &str, group: &Group, carriers: &mut Carriers<'_>) -> Result<()> {
        if group.jira.iter().all(|jira_no| self.jira.contains(*jira_no)) {
            return Ok(());
        }
        let mut okta = std::mem::take(&mut self.carriers_in_okta);
        carriers.in_okta(&group.value, &mut okta)?;
        let verdict = |state| Verdict {
            state,
            rule,
            value: &group.value,
        };
        match (okta.as_slice(), group.jira.as_slice()) {
            (okta, _) if okta.iter().all(|user_no| self.okta.contains(*user_no)) => {}
            ([user_no], [jira_no]) => self.tie(*user_no, *jira_no, verdict(MatchState::Matched))?,
            (okta, jira) => self.leave_open(okta, jira, verdict(MatchState::Ambiguous))?,
        }
        self.carriers_in_okta = okta;
        Ok(())
    }

    fn tie(&mut self, user_no: i64, jira_no: i64, verdict: Verdict<'_>) -> Result<()> {
        self.okta.insert(user_no);
        self.jira.insert(jira_no);
        self.verdicts.tied(user_no, jira_no, verdict)
    }

    fn leave_open(&mut self, okta: &[i64], jira: &[i64], verdict: Verdict<'_>) -> Result<()> {
        for user_no in okta {
            if self.okta.insert(*user_no) {
                self.verdicts.okta(*user_no, verdict)?;
            }
        }
        for jira_no in jira {
            if self.jira.insert(*jira_no) {
                self.verdicts.jira(*jira_no, verdict)?;
            }
        }
        Ok(())
    }
}
