//! Applies the rules in order, each to the users that no earlier rule has decided.
//!
//! An inactive account does not compete with an active account for the same value. Later rules can still decide about
//! it. If none does, its verdict names the value and the rule for which it did not compete. This file decides and
//! writes nothing: it passes on every verdict at once, so that memory needs two bits for each user and never a table of
//! all users. The receiver may write to the tables of matches, because nothing here reads them.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::contract::errors::Result;
use crate::directory::matches::carriers::{self, Carriers, Sql};
use crate::directory::matches::contenders::Contenders;
use crate::directory::users::user_set::UserSet;
use crate::model::{MatchRule, MatchState, OktaKey};

/// The name that the verdict of a pin has instead of a rule.
const PINNED: &str = "pinned";

/// The decision about a user, and its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict<'a> {
    pub state: MatchState,
    /// The rule's name, `pinned`, or empty.
    pub rule: &'a str,
    /// The folded value that the rule compared.
    pub value: &'a str,
}

/// Receives verdicts. At most one verdict is about each user.
pub(super) trait Verdicts {
    fn tied(&mut self, user_no: i64, jira_no: i64, verdict: Verdict<'_>) -> Result<()>;
    fn okta(&mut self, user_no: i64, verdict: Verdict<'_>) -> Result<()>;
    fn jira(&mut self, jira_no: i64, verdict: Verdict<'_>) -> Result<()>;
}

/// Applies rules and remembers which users are decided.
pub(super) struct Judge<'a, V> {
    conn: &'a Connection,
    /// Decided Okta users.
    pub okta: UserSet,
    /// Decided Jira users.
    pub jira: UserSet,
    /// The receiver of the verdicts.
    pub verdicts: V,
    contenders: Contenders<'a>,
    carriers_in_okta: Vec<i64>,
    okta_gave_way: GaveWay,
    jira_gave_way: GaveWay,
}

/// Inactive users that did not compete, by number, each with the first rule and value where this happened. There are
/// few in any org.
type GaveWay = BTreeMap<i64, (String, String)>;

/// A value and the users that have it.
#[derive(Default)]
struct SharedValue {
    value: String,
    jira: Vec<i64>,
}

impl<'a, V: Verdicts> Judge<'a, V> {
    pub(super) fn new(conn: &'a Connection, verdicts: V) -> Result<Judge<'a, V>> {
        Ok(Judge {
            conn,
            okta: UserSet::new(),
            jira: UserSet::new(),
            verdicts,
            contenders: Contenders::new(conn)?,
            carriers_in_okta: Vec::new(),
            okta_gave_way: GaveWay::new(),
            jira_gave_way: GaveWay::new(),
        })
    }

    /// Ties a pinned pair whose users both exist.
    pub(super) fn pin(&mut self, user_no: i64, jira_no: i64) -> Result<()> {
        let verdict = Verdict {
            state: MatchState::Pinned,
            rule: PINNED,
            value: "",
        };
        self.tie(user_no, jira_no, verdict)
    }

    /// Applies one rule to everybody. One pass along Jira's index returns each value once, and each is looked up among
    /// Okta users. Carriers of a value are counted and never combined to pairs.
    pub(super) fn apply(&mut self, rule: &MatchRule) -> Result<()> {
        if let OktaKey::Attribute(name) = &rule.okta {
            carriers::collect_attribute(self.conn, name, rule)?;
        }
        let (name, sql) = (rule.to_string(), Sql::of(rule));
        let mut carriers = Carriers::of(self.conn, &sql)?;
        let mut walk = self.conn.prepare_cached(&sql.walk_jira)?;
        let mut rows = walk.query([])?;
        let mut shared = SharedValue::default();
        while let Some(row) = rows.next()? {
            let value = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            if value != shared.value {
                self.decide(&name, &mut shared, &mut carriers)?;
                value.clone_into(&mut shared.value);
                shared.jira.clear();
            }
            shared.jira.push(row.get(1)?);
        }
        self.decide(&name, &mut shared, &mut carriers)?;
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
        let mut shared = SharedValue::default();
        for value in values {
            value.clone_into(&mut shared.value);
            carriers.in_jira(value, &mut shared.jira)?;
            self.decide(&name, &mut shared, &mut carriers)?;
        }
        Ok(())
    }

    /// Call it after the last rule. A user that did not compete for a value, and that no other rule decided, stays
    /// alone; its verdict has the reason.
    pub(super) fn leave_those_who_lost_to_an_active_account(&mut self) -> Result<()> {
        let okta = std::mem::take(&mut self.okta_gave_way);
        for (user_no, (rule, value)) in by_rule(okta) {
            if self.okta.insert(user_no) {
                let verdict = Verdict {
                    state: MatchState::OktaOnly,
                    rule: &rule,
                    value: &value,
                };
                self.verdicts.okta(user_no, verdict)?;
            }
        }
        let jira = std::mem::take(&mut self.jira_gave_way);
        for (jira_no, (rule, value)) in by_rule(jira) {
            if self.jira.insert(jira_no) {
                let verdict = Verdict {
                    state: MatchState::JiraOnly,
                    rule: &rule,
                    value: &value,
                };
                self.verdicts.jira(jira_no, verdict)?;
            }
        }
        Ok(())
    }

    /// Decides about one value. Users that an earlier rule decided are counted too. If exactly one user competes for
    /// the value on each side, and neither is decided, the two are tied. Otherwise the undecided contenders become
    /// ambiguous, if both sides have some.
    fn decide(&mut self, rule: &str, shared: &mut SharedValue, carriers: &mut Carriers<'_>) -> Result<()> {
        if is_all_in(&shared.jira, &self.jira) {
            return Ok(());
        }
        let mut okta = std::mem::take(&mut self.carriers_in_okta);
        carriers.in_okta(&shared.value, &mut okta)?;
        if !is_all_in(&okta, &self.okta) {
            self.let_inactive_give_way(rule, shared, &mut okta)?;
            self.decide_contenders(rule, shared, &okta)?;
        }
        self.carriers_in_okta = okta;
        Ok(())
    }

    fn let_inactive_give_way(
        &mut self,
        rule: &str,
        shared: &mut SharedValue,
        okta: &mut Vec<i64>,
    ) -> Result<()> {
        let why = || (rule.to_owned(), shared.value.clone());
        for user_no in self.contenders.in_okta(okta)? {
            self.okta_gave_way.entry(user_no).or_insert_with(why);
        }
        let mut jira = std::mem::take(&mut shared.jira);
        for jira_no in self.contenders.in_jira(&mut jira)? {
            self.jira_gave_way.entry(jira_no).or_insert_with(why);
        }
        shared.jira = jira;
        Ok(())
    }

    fn decide_contenders(&mut self, rule: &str, shared: &SharedValue, okta: &[i64]) -> Result<()> {
        let verdict = |state| Verdict {
            state,
            rule,
            value: &shared.value,
        };
        match (okta, shared.jira.as_slice()) {
            (okta, jira) if is_all_in(okta, &self.okta) || is_all_in(jira, &self.jira) => Ok(()),
            ([user_no], [jira_no]) => self.tie(*user_no, *jira_no, verdict(MatchState::Matched)),
            (okta, jira) => self.leave_open(okta, jira, verdict(MatchState::Ambiguous)),
        }
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

fn is_all_in(users: &[i64], decided: &UserSet) -> bool {
    users.iter().all(|number| decided.contains(*number))
}

/// In the order of rules, because the receiver writes all verdicts of one rule together.
fn by_rule(gave_way: GaveWay) -> Vec<(i64, (String, String))> {
    let mut users: Vec<_> = gave_way.into_iter().collect();
    users.sort_by(|one, other| one.1.0.cmp(&other.1.0));
    users
}
