//! Returns the pairs that other rules would begin or end, as entries.

use rusqlite::Connection;

use crate::contract::choices::PreviewOf;
use crate::contract::errors::Result;
use crate::directory::entries::row::{self, entry_from_okta};
use crate::directory::matches;
use crate::directory::matches::jira_row::jira_user_columns;
use crate::directory::store::statement::statement;
use crate::directory::users::row::okta_user_columns;
use crate::model::{DirectoryEntry, MatchRule};

statement!(
    PAIR = concat!(
        entry_from_okta!(),
        "FROM users AS u
         CROSS JOIN jira_users AS j
         LEFT JOIN okta_matches AS m ON m.user_no = u.user_no
         WHERE u.user_no = ?1 AND j.jira_no = ?2"
    )
);

/// Up to `limit` pairs. A pair that would begin is shown with its new tie, and a pair that would end with its present
/// one.
pub fn changing_pairs(
    conn: &Connection,
    rules: &[MatchRule],
    which: PreviewOf,
    limit: u64,
) -> Result<Vec<DirectoryEntry>> {
    let mut statement = conn.prepare_cached(PAIR)?;
    let pairs = matches::changing_pairs(conn, rules, which, limit)?;
    let entries = pairs.into_iter().map(|pair| {
        let today = statement.query_row([pair.user_no, pair.jira_no], row::read)?;
        Ok(match pair.tie {
            Some(tie) => DirectoryEntry {
                state: tie.state,
                rule: tie.rule,
                value: tie.value,
                ..today
            },
            None => today,
        })
    });
    entries.collect()
}
