//! The users who report to a user, page by page.

use rusqlite::{Connection, named_params};

use crate::contract::errors::Result;
use crate::directory::entries::row::{self, entry_from_okta};
use crate::directory::matches::jira_row::jira_user_columns;
use crate::directory::store::values::{Count, collected};
use crate::directory::users::row::okta_user_columns;
use crate::model::DirectoryEntry;

const REPORTS_OF: &str = concat!(
    entry_from_okta!(),
    "FROM managers AS r INDEXED BY managers_manager
     CROSS JOIN users AS u ON u.user_no = r.user_no
     LEFT JOIN okta_matches AS m ON m.user_no = u.user_no
     LEFT JOIN jira_users AS j ON j.jira_no = m.jira_no
     WHERE r.manager_no = (SELECT user_no FROM users WHERE okta_id = :okta_id) AND r.user_no > :after
       AND u.absent_since IS NULL
       AND u.inserted_run <= (SELECT published_run FROM directory)
     ORDER BY r.user_no
     LIMIT :limit"
);

/// The present users that report to an Okta user, after the cursor of an entry. The cursor 0 begins the list.
pub fn reports_of(conn: &Connection, okta_id: &str, after: i64, limit: u64) -> Result<Vec<DirectoryEntry>> {
    let mut statement = conn.prepare_cached(REPORTS_OF)?;
    let parameters = named_params! { ":okta_id": okta_id, ":after": after, ":limit": Count(limit) };
    let entries = statement.query_map(parameters, row::read)?;
    collected(entries)
}
