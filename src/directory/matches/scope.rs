//! Matches only the users that a change can affect. The result is the same as after matching everybody.
//!
//! Two users are connected if they have the same value under a rule, on the same or on different sides, or if they are
//! tied or pinned together. The state of a user depends only on the users connected with it. So it is enough to match
//! again everybody connected with a changed user, before or after the change.

use std::collections::{BTreeSet, HashSet};

use rusqlite::{CachedStatement, Connection, Transaction};

use crate::contract::errors::Result;
use crate::directory::matches::carriers::{self, Carriers, Sql};
use crate::directory::matches::counts;
use crate::directory::matches::decide::Judge;
use crate::directory::matches::difference::Difference;
use crate::directory::matches::rematch::{rematch, were_last_applied};
use crate::directory::store::kept_counts::{self, Counts};
use crate::directory::store::statement::statement;
use crate::model::{MatchRule, OktaKey};

/// The greatest number of users in a scope. With more users, matching everybody is as fast.
const MOST_USERS: usize = 5_000;
/// How many users may wait to be followed, because one value may have very many carriers.
const MOST_OPEN: usize = 4 * MOST_USERS;

statement!(OKTA_NO = "SELECT user_no FROM users WHERE okta_id = ?1");

statement!(JIRA_NO = "SELECT jira_no FROM jira_users WHERE key = ?1");

statement!(
    OKTA_VALUES = "
    SELECT login_key, email_key, login_local_part_key
      FROM present_users
     WHERE user_no = ?1"
);

statement!(JIRA_VALUES = "SELECT username_key, email_key, key_key FROM jira_users WHERE jira_no = ?1");

statement!(
    PARTNERS_OF_OKTA = "
    SELECT jira_no FROM okta_matches WHERE user_no = ?1 AND jira_no IS NOT NULL
     UNION ALL
    SELECT j.jira_no
      FROM users AS o
     CROSS JOIN pins AS p ON p.okta_id = o.okta_id
     CROSS JOIN jira_users AS j ON j.key = p.jira_key
     WHERE o.user_no = ?1"
);

statement!(
    PARTNERS_OF_JIRA = "
    SELECT user_no FROM okta_matches WHERE jira_no = ?1
     UNION ALL
    SELECT o.user_no
      FROM jira_users AS j
     CROSS JOIN pins AS p ON p.jira_key = j.key
     CROSS JOIN users AS o ON o.okta_id = p.okta_id
     WHERE j.jira_no = ?1"
);

statement!(
    PINNED = "
    SELECT j.jira_no
      FROM present_users AS o
     CROSS JOIN pins AS p ON p.okta_id = o.okta_id
     CROSS JOIN jira_users AS j ON j.key = p.jira_key
     WHERE o.user_no = ?1"
);

statement!(OKTA_IS_PRESENT = "SELECT 1 FROM present_users WHERE user_no = ?1");

statement!(JIRA_IS_PRESENT = "SELECT 1 FROM jira_users WHERE jira_no = ?1");

/// Users on one of the two sides, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Member {
    Okta(i64),
    Jira(i64),
}

/// The users that a change can affect.
///
/// Add every user that a transaction adds, changes or removes: before the change if the user exists then, and again
/// after the change if it exists then. Call [`Scope::rematch`] at the end of the transaction.
#[derive(Debug)]
pub struct Scope<'a> {
    rules: &'a [MatchRule],
    members: BTreeSet<Member>,
    /// Whether to match everybody, because following the connections is impossible or takes too long.
    everybody: bool,
}

impl<'a> Scope<'a> {
    /// A scope without users, for the present rules. No index finds users by an attribute, so everybody is matched if a
    /// rule compares an attribute.
    pub fn new(rules: &'a [MatchRule]) -> Scope<'a> {
        Scope {
            rules,
            members: BTreeSet::new(),
            everybody: rules
                .iter()
                .any(|rule| matches!(rule.okta, OktaKey::Attribute(_))),
        }
    }

    /// Adds an Okta user by number, and everybody connected with it.
    pub fn add_okta(&mut self, conn: &Connection, user_no: i64) -> Result<()> {
        self.expand(conn, vec![Member::Okta(user_no)])
    }

    /// Like [`Scope::add_okta`], by Okta id. An id that is not in the directory adds nobody.
    pub fn add_okta_id(&mut self, conn: &Connection, okta_id: &str) -> Result<()> {
        let found = numbers(&mut conn.prepare_cached(OKTA_NO)?, okta_id)?;
        self.expand(conn, found.into_iter().map(Member::Okta).collect())
    }

    /// Adds a Jira user by key, and everybody connected with it. A key that is not in the directory adds nobody.
    pub fn add_jira_key(&mut self, conn: &Connection, key: &str) -> Result<()> {
        let found = numbers(&mut conn.prepare_cached(JIRA_NO)?, key)?;
        self.expand(conn, found.into_iter().map(Member::Jira).collect())
    }

    /// Matches the users of the scope again. Call it after the change, in the same transaction.
    pub fn rematch(mut self, tx: &Transaction<'_>) -> Result<()> {
        let members = std::mem::take(&mut self.members);
        self.expand(tx, members.into_iter().collect())?;
        if self.everybody || !were_last_applied(tx, self.rules)? {
            return rematch(tx, self.rules).map(drop);
        }
        let mut moved = Counts::default();
        self.count(tx, -1, &mut moved)?;
        let mut judge = Judge::new(tx, Difference::new(tx)?)?;
        self.judge_pins(tx, &mut judge)?;
        for rule in self.rules {
            judge.apply_to(rule, &self.values(tx, rule)?)?;
        }
        judge.leave_those_who_lost_to_an_active_account()?;
        self.settle(tx, judge.verdicts)?;
        self.count(tx, 1, &mut moved)?;
        kept_counts::change(tx, &moved)
    }

    /// Adds the stored states of the members, `by` times.
    fn count(&self, conn: &Connection, by: i64, to: &mut Counts) -> Result<()> {
        self.members.iter().try_for_each(|member| match *member {
            Member::Okta(user_no) => counts::add_okta(conn, user_no, by, to),
            Member::Jira(jira_no) => counts::add_jira(conn, jira_no, by, to),
        })
    }

    fn judge_pins(&self, conn: &Connection, judge: &mut Judge<'_, Difference<'_>>) -> Result<()> {
        let mut pinned = conn.prepare_cached(PINNED)?;
        for member in &self.members {
            if let Member::Okta(user_no) = member {
                for jira_no in numbers(&mut pinned, user_no)? {
                    judge.pin(*user_no, jira_no)?;
                }
            }
        }
        Ok(())
    }

    /// The values that Jira users of the scope have under a rule.
    fn values(&self, conn: &Connection, rule: &MatchRule) -> Result<BTreeSet<String>> {
        let (_, column) = carriers::columns(rule);
        let mut statement = conn.prepare_cached(JIRA_VALUES)?;
        let mut values = BTreeSet::new();
        for member in &self.members {
            if let Member::Jira(jira_no) = member {
                let mut rows = statement.query([jira_no])?;
                if let Some(row) = rows.next()? {
                    values.insert(row.get::<_, String>(column)?);
                }
            }
        }
        values.remove("");
        Ok(values)
    }

    /// A user without a verdict is alone, or is not present and gets no row.
    fn settle(&self, conn: &Connection, mut verdicts: Difference<'_>) -> Result<()> {
        verdicts.write()?;
        let mut okta_is_present = conn.prepare_cached(OKTA_IS_PRESENT)?;
        let mut jira_is_present = conn.prepare_cached(JIRA_IS_PRESENT)?;
        for member in &self.members {
            let (side, number, is_present) = match *member {
                Member::Okta(user_no) => (&mut verdicts.okta, user_no, &mut okta_is_present),
                Member::Jira(jira_no) => (&mut verdicts.jira, jira_no, &mut jira_is_present),
            };
            let is_present = side.has_verdict(number) || is_present.exists([number])?;
            side.settle(number, is_present)?;
        }
        Ok(())
    }

    /// Adds these users and everybody connected with them.
    fn expand(&mut self, conn: &Connection, mut open: Vec<Member>) -> Result<()> {
        if self.everybody {
            return Ok(());
        }
        let mut connections = Connections::new(conn, self.rules)?;
        while let Some(member) = open.pop() {
            if self.members.insert(member) {
                connections.of(member, &mut open)?;
            }
            if self.members.len() > MOST_USERS || open.len() > MOST_OPEN {
                self.everybody = true;
                return Ok(());
            }
        }
        Ok(())
    }
}

fn numbers(statement: &mut CachedStatement<'_>, of: impl rusqlite::ToSql) -> Result<Vec<i64>> {
    let numbers = statement.query_map([of], |row| row.get(0))?;
    Ok(numbers.collect::<rusqlite::Result<_>>()?)
}

/// Finds the users connected with a user.
struct Connections<'conn> {
    okta_values: CachedStatement<'conn>,
    jira_values: CachedStatement<'conn>,
    partners_of_okta: CachedStatement<'conn>,
    partners_of_jira: CachedStatement<'conn>,
    rules: Vec<RuleSide<'conn>>,
    /// Values that were already followed, each with the position of its rule.
    followed: HashSet<(usize, String)>,
}

struct RuleSide<'conn> {
    okta_column: &'static str,
    jira_column: &'static str,
    carriers: Carriers<'conn>,
}

impl<'conn> Connections<'conn> {
    fn new(conn: &'conn Connection, rules: &[MatchRule]) -> Result<Connections<'conn>> {
        let mut sides = Vec::new();
        for rule in rules {
            if let (Some(okta_column), jira_column) = carriers::columns(rule) {
                sides.push(RuleSide {
                    okta_column,
                    jira_column,
                    carriers: Carriers::of(conn, &Sql::of(rule))?,
                });
            }
        }
        Ok(Connections {
            okta_values: conn.prepare_cached(OKTA_VALUES)?,
            jira_values: conn.prepare_cached(JIRA_VALUES)?,
            partners_of_okta: conn.prepare_cached(PARTNERS_OF_OKTA)?,
            partners_of_jira: conn.prepare_cached(PARTNERS_OF_JIRA)?,
            rules: sides,
            followed: HashSet::new(),
        })
    }

    fn of(&mut self, member: Member, open: &mut Vec<Member>) -> Result<()> {
        let values = match member {
            Member::Okta(user_no) => {
                let partners = numbers(&mut self.partners_of_okta, user_no)?;
                open.extend(partners.into_iter().map(Member::Jira));
                values(&mut self.okta_values, user_no, &self.rules, |side| {
                    side.okta_column
                })?
            }
            Member::Jira(jira_no) => {
                let partners = numbers(&mut self.partners_of_jira, jira_no)?;
                open.extend(partners.into_iter().map(Member::Okta));
                values(&mut self.jira_values, jira_no, &self.rules, |side| {
                    side.jira_column
                })?
            }
        };
        for (place, value) in values.into_iter().enumerate() {
            if !value.is_empty() && self.followed.insert((place, value.clone())) {
                self.follow(place, &value, open)?;
            }
        }
        Ok(())
    }

    /// Follows a value. It connects its carriers if both sides have carriers.
    fn follow(&mut self, place: usize, value: &str, open: &mut Vec<Member>) -> Result<()> {
        let (mut okta, mut jira) = (Vec::new(), Vec::new());
        let carriers = &mut self.rules[place].carriers;
        carriers.in_jira(value, &mut jira)?;
        if jira.is_empty() {
            return Ok(());
        }
        carriers.in_okta(value, &mut okta)?;
        if !okta.is_empty() {
            open.extend(okta.into_iter().map(Member::Okta));
            open.extend(jira.into_iter().map(Member::Jira));
        }
        Ok(())
    }
}

/// The values that a user has under each rule; none if the user is not present.
fn values(
    statement: &mut CachedStatement<'_>,
    number: i64,
    rules: &[RuleSide<'_>],
    column: impl Fn(&RuleSide<'_>) -> &'static str,
) -> Result<Vec<String>> {
    let mut rows = statement.query([number])?;
    let Some(row) = rows.next()? else {
        return Ok(Vec::new());
    };
    let values = rules.iter().map(|side| row.get(column(side)));
    Ok(values.collect::<rusqlite::Result<_>>()?)
}
