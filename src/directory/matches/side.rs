//! The tables of one side: the rows of users that a rule or a pin says something about, and the numbers of users that
//! are alone.
//!
//! A tie is the row of the Okta user, which names the Jira user. A partner may occur only once, but two pairs may swap
//! their partners in one matching. So writing a tie first deletes the row that already has this partner. The user of
//! the deleted row still gets a verdict or becomes alone. No user is tied twice in one matching, so a tie that this
//! matching wrote or kept is never deleted.

use rusqlite::{CachedStatement, Connection, Row};

use crate::contract::errors::Result;
use crate::directory::matches::decide::Verdict;
use crate::directory::store::statement::statement;
use crate::directory::users::user_set::UserSet;
use crate::model::MatchState;

statement!(OKTA_ROW = "SELECT state, rule, value, jira_no FROM okta_matches WHERE user_no = ?1");
statement!(JIRA_ROW = "SELECT state, rule, value, NULL FROM jira_matches WHERE jira_no = ?1");

statement!(
    INSERT_OKTA = "
    INSERT INTO okta_matches (user_no, state, rule, value, jira_no)
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"
);
statement!(
    INSERT_JIRA = "
    INSERT INTO jira_matches (jira_no, state, rule, value)
    VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
);

statement!(
    UPDATE_OKTA = "
    UPDATE OR IGNORE okta_matches SET state = ?2, rule = ?3, value = ?4, jira_no = ?5 WHERE user_no = ?1"
);
statement!(UPDATE_JIRA = "UPDATE jira_matches SET state = ?2, rule = ?3, value = ?4 WHERE jira_no = ?1");

statement!(DELETE_OKTA = "DELETE FROM okta_matches WHERE user_no = ?1");
statement!(DELETE_JIRA = "DELETE FROM jira_matches WHERE jira_no = ?1");

statement!(UNTIE = "DELETE FROM okta_matches WHERE jira_no = ?1");

statement!(OKTA_ALONE = "INSERT INTO okta_alone (user_no) VALUES (?1) ON CONFLICT DO NOTHING");
statement!(JIRA_ALONE = "INSERT INTO jira_alone (jira_no) VALUES (?1) ON CONFLICT DO NOTHING");

statement!(OKTA_NOT_ALONE = "DELETE FROM okta_alone WHERE user_no = ?1");
statement!(JIRA_NOT_ALONE = "DELETE FROM jira_alone WHERE jira_no = ?1");

statement!(NO_MORE_ALONE_IN_OKTA = "DELETE FROM okta_alone WHERE user_no BETWEEN ?1 AND ?2");
statement!(NO_MORE_ALONE_IN_JIRA = "DELETE FROM jira_alone WHERE jira_no BETWEEN ?1 AND ?2");

// SQLite answers each of these four statements from an index alone and reads no user's row.
statement!(PRESENT_OKTA = "SELECT user_no FROM present_users");
statement!(PRESENT_JIRA = "SELECT jira_no FROM jira_users");
statement!(OKTA_ROWS = "SELECT user_no, jira_no FROM okta_matches INDEXED BY okta_matches_jira");
statement!(JIRA_ROWS = "SELECT jira_no, NULL FROM jira_matches INDEXED BY jira_matches_candidates");
statement!(WHO_IS_ALONE_IN_OKTA, reads every row = "SELECT user_no FROM okta_alone");
statement!(WHO_IS_ALONE_IN_JIRA, reads every row = "SELECT jira_no FROM jira_alone");

/// The statements of one side.
pub(super) struct SideSql {
    row: &'static str,
    insert: &'static str,
    update: &'static str,
    delete: &'static str,
    alone: &'static str,
    not_alone: &'static str,
    no_more_alone: &'static str,
    present: &'static str,
    rows: &'static str,
    who_is_alone: &'static str,
}

pub(super) const OKTA: SideSql = SideSql {
    row: OKTA_ROW,
    insert: INSERT_OKTA,
    update: UPDATE_OKTA,
    delete: DELETE_OKTA,
    alone: OKTA_ALONE,
    not_alone: OKTA_NOT_ALONE,
    no_more_alone: NO_MORE_ALONE_IN_OKTA,
    present: PRESENT_OKTA,
    rows: OKTA_ROWS,
    who_is_alone: WHO_IS_ALONE_IN_OKTA,
};

pub(super) const JIRA: SideSql = SideSql {
    row: JIRA_ROW,
    insert: INSERT_JIRA,
    update: UPDATE_JIRA,
    delete: DELETE_JIRA,
    alone: JIRA_ALONE,
    not_alone: JIRA_NOT_ALONE,
    no_more_alone: NO_MORE_ALONE_IN_JIRA,
    present: PRESENT_JIRA,
    rows: JIRA_ROWS,
    who_is_alone: WHO_IS_ALONE_IN_JIRA,
};

/// How many pairs a matching tied newly, and how many earlier pairs it did not keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TieChanges {
    pub(super) begun: u64,
    pub(super) ended: u64,
}

/// A row that waits to be written. All waiting rows have the same rule.
struct Waiting {
    number: i64,
    partner: Option<i64>,
    state: MatchState,
    value: Box<str>,
}

/// The row that a user has at this moment.
enum Earlier {
    None,
    Same,
    /// A row with another content, and the partner that it names.
    Other(Option<i64>),
}

/// The tables of one side, and the rows that wait to be written.
pub(super) struct Side<'conn> {
    conn: &'conn Connection,
    sql: SideSql,
    row: CachedStatement<'conn>,
    insert: CachedStatement<'conn>,
    update: CachedStatement<'conn>,
    untie: CachedStatement<'conn>,
    waiting: Vec<Waiting>,
    /// Users that get a row by this matching.
    with_row: UserSet,
    /// Users that this matching ties or makes ambiguous.
    not_alone: UserSet,
    pub(super) ties: TieChanges,
}

impl<'conn> Side<'conn> {
    pub(super) fn new(conn: &'conn Connection, sql: SideSql) -> Result<Side<'conn>> {
        Ok(Side {
            conn,
            row: conn.prepare_cached(sql.row)?,
            insert: conn.prepare_cached(sql.insert)?,
            update: conn.prepare_cached(sql.update)?,
            untie: conn.prepare_cached(UNTIE)?,
            sql,
            waiting: Vec::new(),
            with_row: UserSet::new(),
            not_alone: UserSet::new(),
            ties: TieChanges::default(),
        })
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Adds a row to the waiting ones.
    pub(super) fn take(&mut self, number: i64, partner: Option<i64>, verdict: Verdict<'_>) {
        self.with_row.insert(number);
        if !is_alone(verdict.state) {
            self.not_alone.insert(number);
        }
        self.waiting.push(Waiting {
            number,
            partner,
            state: verdict.state,
            value: verdict.value.into(),
        });
    }

    /// Notes a user whose tie is stored in the row of the other side's user.
    pub(super) fn is_tied(&mut self, number: i64) {
        self.not_alone.insert(number);
    }

    /// Writes the waiting rows that differ from the stored ones, in the order of rows.
    pub(super) fn write(&mut self, rule: &str) -> Result<()> {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.sort_unstable_by_key(|waiting| waiting.number);
        for waiting in waiting.drain(..) {
            self.put(rule, &waiting)?;
        }
        self.waiting = waiting;
        Ok(())
    }

    fn put(&mut self, rule: &str, to_be: &Waiting) -> Result<()> {
        let (statement, partner) = match earlier(&mut self.row, rule, to_be)? {
            Earlier::Same => return Ok(()),
            Earlier::Other(partner) => (&mut self.update, partner),
            Earlier::None => (&mut self.insert, None),
        };
        statement.raw_bind_parameter(1, to_be.number)?;
        statement.raw_bind_parameter(2, to_be.state.name())?;
        statement.raw_bind_parameter(3, rule)?;
        statement.raw_bind_parameter(4, &*to_be.value)?;
        if statement.parameter_count() > 4 {
            statement.raw_bind_parameter(5, to_be.partner)?;
        }
        if statement.raw_execute()? == 0 {
            // Another user was tied to this partner before.
            self.ties.ended += self.untie.execute([to_be.partner])? as u64;
            statement.raw_execute()?;
        }
        if partner != to_be.partner {
            self.ties.ended += u64::from(partner.is_some());
            self.ties.begun += u64::from(to_be.partner.is_some());
        }
        Ok(())
    }

    /// Whether this matching has a verdict about the user.
    pub(super) fn has_verdict(&self, number: i64) -> bool {
        self.with_row.contains(number) || self.not_alone.contains(number)
    }

    /// Corrects the stored rows of one user. Call it after all verdicts about connected users were written.
    pub(super) fn settle(&mut self, number: i64, is_present: bool) -> Result<()> {
        if !self.with_row.contains(number) {
            self.conn.prepare_cached(self.sql.delete)?.execute([number])?;
        }
        let sql = match is_present && !self.not_alone.contains(number) {
            true => self.sql.alone,
            false => self.sql.not_alone,
        };
        self.conn.prepare_cached(sql)?.execute([number])?;
        Ok(())
    }

    /// Corrects the stored rows of everybody. Call it after all verdicts were written. Returns how many users are
    /// alone.
    pub(super) fn settle_everybody(&mut self) -> Result<u64> {
        let (mut gone, mut alone, mut stored) = (UserSet::new(), UserSet::new(), UserSet::new());
        self.each(self.sql.present, |row| {
            let number = row.get(0)?;
            if !self.not_alone.contains(number) {
                alone.insert(number);
            }
            Ok(())
        })?;
        let mut ended = 0;
        self.each(self.sql.rows, |row| {
            let number = row.get(0)?;
            if !self.with_row.contains(number) {
                gone.insert(number);
                ended += u64::from(row.get::<_, Option<i64>>(1)?.is_some());
            }
            Ok(())
        })?;
        self.ties.ended += ended;
        self.execute_for(self.sql.delete, gone.iter())?;
        self.each(self.sql.who_is_alone, |row| {
            stored.insert(row.get(0)?);
            Ok(())
        })?;
        // After the first hand-over most users that were alone are tied. One statement deletes a whole range of
        // neighbours.
        let mut no_more_alone = self.conn.prepare_cached(self.sql.no_more_alone)?;
        for range in ranges(&stored, &alone) {
            no_more_alone.execute(range)?;
        }
        self.execute_for(
            self.sql.alone,
            alone.iter().filter(|number| !stored.contains(*number)),
        )?;
        Ok(alone.len())
    }

    fn each(&self, sql: &str, mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<()>) -> Result<()> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(row)?;
        }
        Ok(())
    }

    fn execute_for(&self, sql: &str, numbers: impl Iterator<Item = i64>) -> Result<()> {
        let mut statement = self.conn.prepare_cached(sql)?;
        for number in numbers {
            statement.execute([number])?;
        }
        Ok(())
    }
}

/// Ranges of neighbouring users in `stored` that are not in `staying`, each as its first and last user.
fn ranges(stored: &UserSet, staying: &UserSet) -> Vec<(i64, i64)> {
    let mut ranges: Vec<(i64, i64)> = Vec::new();
    let mut is_open = false;
    for number in stored.iter() {
        match (staying.contains(number), ranges.last_mut()) {
            (true, _) => is_open = false,
            (false, Some((_, last))) if is_open => *last = number,
            (false, _) => {
                ranges.push((number, number));
                is_open = true;
            }
        }
    }
    ranges
}

fn is_alone(state: MatchState) -> bool {
    matches!(state, MatchState::OktaOnly | MatchState::JiraOnly)
}

fn earlier(row: &mut CachedStatement<'_>, rule: &str, to_be: &Waiting) -> Result<Earlier> {
    let says = |row: &Row<'_>| -> rusqlite::Result<Earlier> {
        let partner: Option<i64> = row.get(3)?;
        let is_same = partner == to_be.partner
            && row.get_ref(0)?.as_bytes()? == to_be.state.name().as_bytes()
            && row.get_ref(1)?.as_bytes()? == rule.as_bytes()
            && row.get_ref(2)?.as_bytes()? == to_be.value.as_bytes();
        Ok(if is_same {
            Earlier::Same
        } else {
            Earlier::Other(partner)
        })
    };
    let mut rows = row.query([to_be.number])?;
    Ok(rows.next()?.map(says).transpose()?.unwrap_or(Earlier::None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_next_to_each_other_make_one_range() {
        let set = |users: &[i64]| UserSet::from_iter(users.iter().copied());
        let stored = set(&[1, 2, 5, 8_191, 8_192, 9_000, 9_001]);
        for (staying, expected) in [
            (set(&[]), vec![(1, 9_001)]),
            (set(&[5, 7]), vec![(1, 2), (8_191, 9_001)]),
            (set(&[1, 8_192, 9_001]), vec![(2, 8_191), (9_000, 9_000)]),
            (stored.clone(), vec![]),
        ] {
            assert_eq!(ranges(&stored, &staying), expected);
        }
        assert!(ranges(&set(&[]), &stored).is_empty());
    }
}
