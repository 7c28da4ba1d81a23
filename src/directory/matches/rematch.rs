//! Applying a proposal, or only comparing it: the lasting tables change by difference.

use rusqlite::{Connection, Transaction};

use crate::directory::matches::counts::{self, Tables};
use crate::directory::matches::proposal;
use crate::directory::values::Count;
use crate::error::{Error, Result};
use crate::model::{MatchCounts, MatchPreview, MatchRule};

// Rows that would change are deleted before any is written, so that two pairs can swap partners
// without the unique index on the tie objecting halfway.
const APPLY: [&str; 4] = [
    "DELETE FROM okta_matches
      WHERE NOT EXISTS (SELECT 1
                          FROM temp.okta_result AS r
                         WHERE r.user_no = okta_matches.user_no
                           AND r.state = okta_matches.state
                           AND r.rule = okta_matches.rule
                           AND r.value = okta_matches.value
                           AND r.jira_no IS okta_matches.jira_no)",
    "DELETE FROM jira_matches
      WHERE NOT EXISTS (SELECT 1
                          FROM temp.jira_result AS r
                         WHERE r.jira_no = jira_matches.jira_no
                           AND r.state = jira_matches.state
                           AND r.rule = jira_matches.rule
                           AND r.value = jira_matches.value
                           AND r.user_no IS jira_matches.user_no)",
    "INSERT INTO okta_matches (user_no, state, rule, value, jira_no)
     SELECT r.user_no, r.state, r.rule, r.value, r.jira_no
       FROM temp.okta_result AS r
      WHERE NOT EXISTS (SELECT 1 FROM okta_matches AS m WHERE m.user_no = r.user_no)",
    "INSERT INTO jira_matches (jira_no, state, rule, value, user_no)
     SELECT r.jira_no, r.state, r.rule, r.value, r.user_no
       FROM temp.jira_result AS r
      WHERE NOT EXISTS (SELECT 1 FROM jira_matches AS m WHERE m.jira_no = r.jira_no)",
];

const REMEMBER_RULES: &str = "UPDATE directory SET rules = ?1 WHERE rules <> ?1";

const GAINED: &str = "
    SELECT count(*)
      FROM temp.okta_result AS r
     WHERE r.jira_no IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM okta_matches AS m WHERE m.user_no = r.user_no AND m.jira_no = r.jira_no)";

const LOST: &str = "
    SELECT count(*)
      FROM okta_matches AS m
     WHERE m.jira_no IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM temp.okta_result AS r WHERE r.user_no = m.user_no AND r.jira_no = m.jira_no)";

/// Matches all users anew and gives the counts. Rows of users whose state stays are not written.
///
/// Call it in the transaction that changed users, pins or rules, after the change.
pub fn rematch(tx: &Transaction<'_>, rules: &[MatchRule]) -> Result<MatchCounts> {
    proposal::make(tx, rules)?;
    for statement in APPLY {
        tx.prepare_cached(statement)?.execute([])?;
    }
    proposal::discard(tx)?;
    let names: Vec<String> = rules.iter().map(ToString::to_string).collect();
    let json = serde_json::to_string(&names).map_err(|_| Error::internal("names of rules are not JSON"))?;
    tx.prepare_cached(REMEMBER_RULES)?.execute([json])?;
    counts::take(tx, Tables::Lasting, &names)
}

/// What other rules would make of the present directory. Nothing lasting is written.
pub fn preview(conn: &Connection, rules: &[MatchRule]) -> Result<MatchPreview> {
    proposal::make(conn, rules)?;
    let names: Vec<String> = rules.iter().map(ToString::to_string).collect();
    let pairs = |sql: &str| conn.query_row(sql, [], |row| row.get(0).map(|Count(pairs)| pairs));
    let preview = MatchPreview {
        present: counts::counts(conn)?,
        proposed: counts::take(conn, Tables::Proposed, &names)?,
        gained: pairs(GAINED)?,
        lost: pairs(LOST)?,
    };
    proposal::discard(conn)?;
    Ok(preview)
}
