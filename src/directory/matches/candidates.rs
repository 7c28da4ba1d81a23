//! The users of the other side that have the same value as a user under a rule, and what happened to each.
//!
//! If the user is ambiguous, these are the users that it could be tied to. They are not ranked, because none is chosen.
//! Inactive users that were not considered because of an active one come last. For a user that was itself not
//! considered, the list shows the active users with its value.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, named_params};

use crate::contract::errors::Result;
use crate::directory::matches::carriers;
use crate::directory::matches::jira_row::{self, jira_user_columns};
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::directory::users::row::{self, okta_user_columns};
use crate::model::{Candidate, JiraUser, MatchState, OktaUser};

statement!(
    OF_OKTA = "
    SELECT m.rule, m.value, coalesce(m.jira_no, 0)
      FROM visible_users AS o
     CROSS JOIN okta_matches AS m ON m.user_no = o.user_no
     WHERE o.okta_id = ?1 AND m.value > ''"
);

statement!(
    OF_JIRA = "
    SELECT coalesce(t.rule, m.rule), coalesce(t.value, m.value), coalesce(t.user_no, 0)
      FROM jira_users AS j
      LEFT JOIN okta_matches AS t ON t.jira_no = j.jira_no
      LEFT JOIN jira_matches AS m ON m.jira_no = j.jira_no
     WHERE j.key = ?1 AND coalesce(t.value, m.value) > ''"
);

statement!(
    AMBIGUOUS_JIRA = "
    SELECT jira_no FROM jira_matches
     WHERE rule = :rule AND value = :value AND state = 'ambiguous'
     ORDER BY jira_no LIMIT :limit"
);

statement!(
    AMBIGUOUS_OKTA = "
    SELECT user_no FROM okta_matches
     WHERE rule = :rule AND value = :value AND state = 'ambiguous'
     ORDER BY user_no LIMIT :limit"
);

statement!(
    JIRA_THAT_GAVE_WAY = "
    SELECT jira_no FROM jira_matches
     WHERE rule = :rule AND value = :value AND state = 'jira_only'
     ORDER BY jira_no LIMIT :limit"
);

statement!(
    OKTA_THAT_GAVE_WAY = "
    SELECT user_no FROM okta_matches
     WHERE rule = :rule AND value = :value AND state = 'okta_only'
     ORDER BY user_no LIMIT :limit"
);

statement!(
    JIRA_USER = concat!(
        "SELECT coalesce(t.state, m.state, 'jira_only'), ",
        jira_user_columns!("j"),
        " FROM jira_users AS j
          LEFT JOIN okta_matches AS t ON t.jira_no = j.jira_no
          LEFT JOIN jira_matches AS m ON m.jira_no = j.jira_no
         WHERE j.jira_no = ?1"
    )
);

statement!(
    OKTA_USER = concat!(
        "SELECT m.state, ",
        okta_user_columns!("o"),
        " FROM users AS o CROSS JOIN okta_matches AS m ON m.user_no = o.user_no WHERE o.user_no = ?1"
    )
);

/// The rule and value that decided about a user, and the user that it was tied to (0 for none).
struct DecidedBy {
    rule: String,
    value: String,
    partner: i64,
}

/// The Jira users that have an Okta user's value but are not tied to it; none if no rule found one.
pub fn candidates_of_okta(conn: &Connection, okta_id: &str, limit: u64) -> Result<Vec<Candidate>> {
    let Some(found) = found(conn, OF_OKTA, okta_id)? else {
        return Ok(Vec::new());
    };
    let tied = tied_pair(conn, &found)?.map(|(jira_no, _)| jira_no);
    let numbers = numbers(conn, [AMBIGUOUS_JIRA, JIRA_THAT_GAVE_WAY], &found, tied, limit)?;
    let mut user = conn.prepare_cached(JIRA_USER)?;
    read(&mut user, &numbers, |row| {
        Ok(found.candidate(row.get(0)?, None, Some(jira_row::read(row, 1)?)))
    })
}

/// The Okta users that have a Jira user's value but are not tied to it; none if no rule found one.
pub fn candidates_of_jira(conn: &Connection, key: &str, limit: u64) -> Result<Vec<Candidate>> {
    let Some(found) = found(conn, OF_JIRA, key)? else {
        return Ok(Vec::new());
    };
    let tied = tied_pair(conn, &found)?.map(|(_, user_no)| user_no);
    let numbers = numbers(conn, [AMBIGUOUS_OKTA, OKTA_THAT_GAVE_WAY], &found, tied, limit)?;
    let mut user = conn.prepare_cached(OKTA_USER)?;
    read(&mut user, &numbers, |row| {
        Ok(found.candidate(row.get(0)?, Some(row::read(row, 1)?), None))
    })
}

impl DecidedBy {
    fn candidate(&self, state: MatchState, okta: Option<OktaUser>, jira: Option<JiraUser>) -> Candidate {
        Candidate {
            okta,
            jira,
            state,
            rule: self.rule.clone(),
            value: self.value.clone(),
        }
    }
}

fn found(conn: &Connection, sql: &str, id: &str) -> Result<Option<DecidedBy>> {
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_row([id], |row| {
        Ok(DecidedBy {
            rule: row.get(0)?,
            value: row.get(1)?,
            partner: row.get(2)?,
        })
    });
    Ok(found.optional()?)
}

/// The pair that a rule tied by a value: its Jira user and its Okta user. Every rule has an index on Jira's values but
/// not on Okta's, so the search begins with Jira.
fn tied_pair(conn: &Connection, found: &DecidedBy) -> Result<Option<(i64, i64)>> {
    let Some(column) = carriers::jira_column_of(&found.rule) else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT j.jira_no, m.user_no
           FROM jira_users AS j
          CROSS JOIN okta_matches AS m ON m.jira_no = j.jira_no
          WHERE j.{column} = ?2 AND m.state = 'matched' AND m.rule = ?1 AND m.value = ?2"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let pair = statement.query_row([&found.rule, &found.value], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(pair.optional()?)
}

fn numbers(
    conn: &Connection,
    [ambiguous, gave_way]: [&str; 2],
    found: &DecidedBy,
    tied: Option<i64>,
    limit: u64,
) -> Result<Vec<i64>> {
    let listed = |sql: &str| -> Result<Vec<i64>> {
        let mut statement = conn.prepare_cached(sql)?;
        let parameters = named_params! { ":rule": found.rule, ":value": found.value, ":limit": Count(limit) };
        let numbers = statement.query_map(parameters, |row| row.get(0))?;
        Ok(numbers.collect::<rusqlite::Result<_>>()?)
    };
    let mut numbers = listed(ambiguous)?;
    numbers.extend(tied.filter(|number| *number != found.partner));
    numbers.extend(listed(gave_way)?);
    numbers.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(numbers)
}

fn read(
    user: &mut CachedStatement<'_>,
    numbers: &[i64],
    candidate: impl Fn(&Row<'_>) -> rusqlite::Result<Candidate>,
) -> Result<Vec<Candidate>> {
    let candidates = numbers.iter().map(|number| user.query_row([number], &candidate));
    Ok(candidates.collect::<rusqlite::Result<_>>()?)
}
