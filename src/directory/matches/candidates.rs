//! Whom an ambiguous value could mean: the users of the other side that are ambiguous under the
//! same rule and value. Nobody is ranked, because nobody is chosen.

use rusqlite::{Connection, named_params};

use crate::directory::entries::jira_user;
use crate::directory::entries::jira_user_columns;
use crate::directory::users::row::{self, okta_user_columns};
use crate::directory::values::Count;
use crate::error::Result;
use crate::model::Candidate;

const OF_OKTA: &str = concat!(
    "SELECT m.rule, m.value, ",
    jira_user_columns!("j"),
    " FROM visible_users AS o
     CROSS JOIN okta_matches AS m ON m.user_no = o.user_no
     CROSS JOIN jira_matches AS c ON c.rule = m.rule AND c.value = m.value AND c.state = 'ambiguous'
     CROSS JOIN jira_users AS j ON j.jira_no = c.jira_no
     WHERE o.okta_id = :id AND m.state = 'ambiguous'
     ORDER BY c.jira_no
     LIMIT :limit"
);

const OF_JIRA: &str = concat!(
    "SELECT m.rule, m.value, ",
    okta_user_columns!("o"),
    " FROM jira_users AS j
     CROSS JOIN jira_matches AS m ON m.jira_no = j.jira_no
     CROSS JOIN okta_matches AS c ON c.rule = m.rule AND c.value = m.value AND c.state = 'ambiguous'
     CROSS JOIN users AS o ON o.user_no = c.user_no
     WHERE j.key = :id AND m.state = 'ambiguous'
     ORDER BY c.user_no
     LIMIT :limit"
);

#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[OF_OKTA, OF_JIRA];

/// The Jira users that an ambiguous Okta user could be; none if it is not ambiguous or not known.
pub fn candidates_of_okta(conn: &Connection, okta_id: &str, limit: u64) -> Result<Vec<Candidate>> {
    let mut statement = conn.prepare_cached(OF_OKTA)?;
    let parameters = named_params! { ":id": okta_id, ":limit": Count(limit) };
    let candidates = statement.query_map(parameters, |row| {
        Ok(Candidate {
            okta: None,
            jira: Some(jira_user(row, 2)?),
            rule: row.get(0)?,
            value: row.get(1)?,
        })
    })?;
    Ok(candidates.collect::<rusqlite::Result<_>>()?)
}

/// The Okta users that an ambiguous Jira user could be; none if it is not ambiguous or not known.
pub fn candidates_of_jira(conn: &Connection, key: &str, limit: u64) -> Result<Vec<Candidate>> {
    let mut statement = conn.prepare_cached(OF_JIRA)?;
    let parameters = named_params! { ":id": key, ":limit": Count(limit) };
    let candidates = statement.query_map(parameters, |row| {
        Ok(Candidate {
            okta: Some(row::read(row, 2)?),
            jira: None,
            rule: row.get(0)?,
            value: row.get(1)?,
        })
    })?;
    Ok(candidates.collect::<rusqlite::Result<_>>()?)
}
