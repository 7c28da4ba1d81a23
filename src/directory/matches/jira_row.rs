//! How a Jira user is stored in a row: the columns, and the way back.

use rusqlite::Row;

use crate::model::JiraUser;

/// The columns that make a [`JiraUser`], of the table or alias named.
macro_rules! jira_user_columns {
    ($table:literal) => {
        concat!(
            $table,
            ".key, ",
            $table,
            ".username, ",
            $table,
            ".email, ",
            $table,
            ".display_name, ",
            $table,
            ".active"
        )
    };
}
pub(in crate::directory) use jira_user_columns;

/// How many columns [`read`] takes.
pub(in crate::directory) const WIDTH: usize = 5;

/// Reads the Jira user whose columns begin at `first`.
pub(in crate::directory) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<JiraUser> {
    Ok(JiraUser {
        key: row.get(first)?,
        username: row.get(first + 1)?,
        email: row.get(first + 2)?,
        display_name: row.get(first + 3)?,
        active: row.get(first + 4)?,
    })
}
