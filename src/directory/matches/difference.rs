//! Writes verdicts into the lasting tables by difference: a user whose state stays gets no write.
//!
//! Verdicts come in the order of the compared values, while rows lie in the order of users. So verdicts wait
//! and are written in batches sorted by user: a page of a table is then touched once for many rows, not once
//! for each.
//!
//! Two pairs may swap partners, and both tables allow a partner only once. So writing a tie deletes any row
//! that already has the partner. The user of a deleted row still gets a verdict of its own: no user is tied
//! twice in one matching, so a tie that this matching wrote or kept is never deleted.

use rusqlite::{CachedStatement, Connection, Row};

use crate::contract::errors::Result;
use crate::directory::matches::decide::{Verdict, Verdicts};
use crate::directory::store::statement::statement;
use crate::directory::users::user_set::UserSet;
use crate::model::MatchState;

statement!(OKTA_ROW = "SELECT state, rule, value, jira_no FROM okta_matches WHERE user_no = ?1");

statement!(JIRA_ROW = "SELECT state, rule, value, user_no FROM jira_matches WHERE jira_no = ?1");

statement!(FREE_OKTA = "DELETE FROM okta_matches WHERE user_no = ?1");

statement!(FREE_JIRA = "DELETE FROM jira_matches WHERE jira_no = ?1");

statement!(
    INSERT_OKTA = "
    INSERT INTO okta_matches (user_no, state, rule, value, jira_no)
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"
);

statement!(
    INSERT_JIRA = "
    INSERT INTO jira_matches (jira_no, state, rule, value, user_no)
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"
);

statement!(
    UPDATE_OKTA = "
    UPDATE OR IGNORE okta_matches SET state = ?2, rule = ?3, value = ?4, jira_no = ?5 WHERE user_no = ?1"
);

statement!(
    UPDATE_JIRA = "
    UPDATE OR IGNORE jira_matches SET state = ?2, rule = ?3, value = ?4, user_no = ?5 WHERE jira_no = ?1"
);

// REPLACE costs twice as much as INSERT even when it replaces nothing, because SQLite prepares to undo it.
statement!(
    REPLACE_OKTA = "
    INSERT OR REPLACE INTO okta_matches (user_no, state, rule, value, jira_no)
    VALUES (?1, ?2, ?3, ?4, ?5)"
);

statement!(
    REPLACE_JIRA = "
    INSERT OR REPLACE INTO jira_matches (jira_no, state, rule, value, user_no)
    VALUES (?1, ?2, ?3, ?4, ?5)"
);

// Each of the four walks is answered by an index alone: no user's row is read.
statement!(PRESENT_OKTA = "SELECT user_no FROM present_users");

statement!(PRESENT_JIRA = "SELECT jira_no FROM jira_users");

statement!(OKTA_STATES = "SELECT user_no, state FROM okta_matches INDEXED BY okta_matches_state");

statement!(JIRA_STATES = "SELECT jira_no, state FROM jira_matches INDEXED BY jira_matches_state");

// Users who are alone with a reason. The reason is deleted if this matching did not give it again.
statement!(OKTA_GAVE_WAY = "
    SELECT user_no FROM okta_matches INDEXED BY okta_matches_gave_way WHERE state = 'okta_only' AND rule > ''");

statement!(JIRA_GAVE_WAY = "
    SELECT jira_no FROM jira_matches INDEXED BY jira_matches_gave_way WHERE state = 'jira_only' AND rule > ''");

// Of a tie only the Okta user's row was compared. The other one says the same, unless the disk has changed it.
statement!(
    HEAL_JIRA = "
    UPDATE jira_matches
       SET state = o.state, rule = o.rule, value = o.value, user_no = o.user_no
      FROM okta_matches AS o
     WHERE o.jira_no IS NOT NULL AND jira_matches.jira_no = o.jira_no
       AND (jira_matches.state, jira_matches.rule, jira_matches.value, jira_matches.user_no)
           IS NOT (o.state, o.rule, o.value, o.user_no)"
);

/// How many verdicts may wait: some megabytes.
const MOST_WAITING: usize = 16_384;

/// Writes verdicts that differ from the rows in the tables. [`write`](Difference::write) and
/// [`rest`](Difference::rest) write those that still wait.
pub(super) struct Difference<'conn> {
    okta: Side<'conn>,
    jira: Side<'conn>,
    /// The rule of all waiting verdicts.
    rule: String,
}

/// One side's table and the rows that wait for it.
struct Side<'conn> {
    row: CachedStatement<'conn>,
    free: CachedStatement<'conn>,
    insert: CachedStatement<'conn>,
    update: CachedStatement<'conn>,
    replace: CachedStatement<'conn>,
    waiting: Vec<Waiting>,
}

/// A row to be written, without its rule.
struct Waiting {
    number: i64,
    partner: Option<i64>,
    state: MatchState,
    value: Box<str>,
}

impl<'conn> Difference<'conn> {
    pub(super) fn new(conn: &'conn Connection) -> Result<Difference<'conn>> {
        Ok(Difference {
            okta: Side::new(
                conn,
                [OKTA_ROW, FREE_OKTA, INSERT_OKTA, UPDATE_OKTA, REPLACE_OKTA],
            )?,
            jira: Side::new(
                conn,
                [JIRA_ROW, FREE_JIRA, INSERT_JIRA, UPDATE_JIRA, REPLACE_JIRA],
            )?,
            rule: String::new(),
        })
    }

    /// Writes what waits.
    pub(super) fn write(&mut self) -> Result<()> {
        let jira = &mut self.jira.waiting;
        self.okta.write(&self.rule, |okta| {
            // The two rows of a tie are always written and removed together, so looking at one is enough.
            if let Some(jira_no) = okta.partner {
                jira.push(Waiting {
                    number: jira_no,
                    partner: Some(okta.number),
                    ..okta
                });
            }
        })?;
        self.jira.write(&self.rule, drop)
    }

    /// Gives every present user without a verdict a row that says so, and deletes the rows of users who are
    /// not present. Returns how many Okta users and Jira users are present.
    pub(super) fn rest(
        &mut self,
        conn: &Connection,
        decided_okta: &UserSet,
        decided_jira: &UserSet,
    ) -> Result<(u64, u64)> {
        self.write()?;
        let okta = Rest::of(
            conn,
            [PRESENT_OKTA, OKTA_STATES, OKTA_GAVE_WAY],
            MatchState::OktaOnly,
            decided_okta,
        )?;
        self.okta.apply(&okta, MatchState::OktaOnly)?;
        let jira = Rest::of(
            conn,
            [PRESENT_JIRA, JIRA_STATES, JIRA_GAVE_WAY],
            MatchState::JiraOnly,
            decided_jira,
        )?;
        self.jira.apply(&jira, MatchState::JiraOnly)?;
        conn.prepare_cached(HEAL_JIRA)?.execute([])?;
        Ok((okta.present, jira.present))
    }

    /// Deletes the row of an Okta user who is not present.
    pub(super) fn forget_okta(&mut self, user_no: i64) -> Result<()> {
        self.okta.free.execute([user_no])?;
        Ok(())
    }

    /// Deletes the row of a Jira user who is not present.
    pub(super) fn forget_jira(&mut self, jira_no: i64) -> Result<()> {
        self.jira.free.execute([jira_no])?;
        Ok(())
    }

    /// Makes room for one more verdict of this rule: writes the waiting ones if there are too many or their
    /// rule is another.
    fn make_room(&mut self, rule: &str) -> Result<()> {
        let is_full = self.okta.waiting.len().max(self.jira.waiting.len()) >= MOST_WAITING;
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
        self.okta
            .waiting
            .push(Waiting::of(user_no, Some(jira_no), verdict));
        Ok(())
    }

    fn okta(&mut self, user_no: i64, verdict: Verdict<'_>) -> Result<()> {
        self.make_room(verdict.rule)?;
        self.okta.waiting.push(Waiting::of(user_no, None, verdict));
        Ok(())
    }

    fn jira(&mut self, jira_no: i64, verdict: Verdict<'_>) -> Result<()> {
        self.make_room(verdict.rule)?;
        self.jira.waiting.push(Waiting::of(jira_no, None, verdict));
        Ok(())
    }
}

impl Waiting {
    fn of(number: i64, partner: Option<i64>, verdict: Verdict<'_>) -> Waiting {
        Waiting {
            number,
            partner,
            state: verdict.state,
            value: verdict.value.into(),
        }
    }
}

impl<'conn> Side<'conn> {
    fn new(conn: &'conn Connection, [row, free, insert, update, replace]: [&str; 5]) -> Result<Side<'conn>> {
        Ok(Side {
            row: conn.prepare_cached(row)?,
            free: conn.prepare_cached(free)?,
            insert: conn.prepare_cached(insert)?,
            update: conn.prepare_cached(update)?,
            replace: conn.prepare_cached(replace)?,
            waiting: Vec::new(),
        })
    }

    /// Writes the waiting rows that differ from the stored ones, in the order of rows, and hands each to
    /// `written`.
    fn write(&mut self, rule: &str, mut written: impl FnMut(Waiting)) -> Result<()> {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.sort_unstable_by_key(|waiting| waiting.number);
        for waiting in waiting.drain(..) {
            if self.put(rule, &waiting)? {
                written(waiting);
            }
        }
        self.waiting = waiting;
        Ok(())
    }

    /// Writes a user's row unless it says the same already. Returns whether it wrote.
    fn put(&mut self, rule: &str, to_be: &Waiting) -> Result<bool> {
        let quick = match stands(&mut self.row, rule, to_be)? {
            Some(true) => return Ok(false),
            Some(false) => &mut self.update,
            None => &mut self.insert,
        };
        let row = (
            to_be.number,
            to_be.state.name(),
            rule,
            &*to_be.value,
            to_be.partner,
        );
        if quick.execute(row)? == 0 {
            // Another user was tied to this partner.
            self.replace.execute(row)?;
        }
        Ok(true)
    }

    /// Corrects the rows of users without a verdict.
    fn apply(&mut self, rest: &Rest, undecided: MatchState) -> Result<()> {
        for number in rest.gone.iter() {
            self.free.execute([number])?;
        }
        for number in rest.alone.iter() {
            // Most have no row yet. That the existing ones differ was found for all of them in one walk.
            let row = (number, undecided.name(), "", "", None::<i64>);
            if self.insert.execute(row)? == 0 {
                self.replace.execute(row)?;
            }
        }
        Ok(())
    }
}

/// Whether a user's row says exactly this; none if there is no row.
fn stands(row: &mut CachedStatement<'_>, rule: &str, waiting: &Waiting) -> Result<Option<bool>> {
    let says = |row: &Row<'_>| -> rusqlite::Result<bool> {
        Ok(row.get_ref(0)?.as_bytes()? == waiting.state.name().as_bytes()
            && row.get_ref(1)?.as_bytes()? == rule.as_bytes()
            && row.get_ref(2)?.as_bytes()? == waiting.value.as_bytes()
            && row.get::<_, Option<i64>>(3)? == waiting.partner)
    };
    let mut rows = row.query([waiting.number])?;
    Ok(rows.next()?.map(says).transpose()?)
}

/// The users whose rows still have to be corrected after all verdicts.
struct Rest {
    /// How many users are present.
    present: u64,
    /// Users without a verdict who have no row, or a row that says otherwise.
    alone: UserSet,
    /// Users who have a row and are not present.
    gone: UserSet,
}

impl Rest {
    fn of(
        conn: &Connection,
        [present, states, gave_way]: [&str; 3],
        undecided: MatchState,
        decided: &UserSet,
    ) -> Result<Rest> {
        let (mut there, mut alone, mut gone) = (UserSet::new(), UserSet::new(), UserSet::new());
        let mut statement = conn.prepare_cached(present)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            there.insert(number);
            if !decided.contains(number) {
                alone.insert(number);
            }
        }
        let mut statement = conn.prepare_cached(states)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            if !there.contains(number) {
                gone.insert(number);
            } else if row.get_ref(1)?.as_bytes().map_err(rusqlite::Error::from)?
                == undecided.name().as_bytes()
            {
                alone.remove(number);
            }
        }
        let mut statement = conn.prepare_cached(gave_way)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number = row.get(0)?;
            if there.contains(number) && !decided.contains(number) {
                alone.insert(number);
            }
        }
        Ok(Rest {
            present: there.len(),
            alone,
            gone,
        })
    }
}
