//! How a Jira user is stored in a row: the columns, and how a row is read.

use rusqlite::Row;

use crate::directory::store::values::lossy;
use crate::model::JiraUser;

/// The columns of a [`JiraUser`] in the given table or alias.
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

/// How many columns [`read`] reads.
pub(in crate::directory) const WIDTH: usize = 5;

/// Reads the Jira user whose columns begin at `first`.
pub(in crate::directory) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<JiraUser> {
    Ok(JiraUser {
        key: lossy(row, first)?.into_owned(),
        username: lossy(row, first + 1)?.into_owned(),
        email: lossy(row, first + 2)?.into_owned(),
        display_name: lossy(row, first + 3)?.into_owned(),
        active: row.get(first + 4)?,
    })
}
