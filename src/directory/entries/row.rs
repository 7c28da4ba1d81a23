//! How a directory entry is read from a row: both users, the tie between them, and the cursor.

use rusqlite::Row;

use crate::directory::matches::jira_row;
use crate::directory::store::values::lossy;
use crate::directory::users::row as okta_row;
use crate::model::{DirectoryEntry, MatchState};

/// The columns of an entry that begins with an Okta user: Okta user `u`, match `m`, Jira user `j`.
macro_rules! entry_from_okta {
    () => {
        concat!(
            "SELECT u.user_no, coalesce(m.state, 'okta_only'), coalesce(m.rule, ''), coalesce(m.value, ''), u.absent_since, ",
            okta_user_columns!("u"), ", ", jira_user_columns!("j"), " "
        )
    };
}
pub(in crate::directory) use entry_from_okta;

/// The columns of an entry that begins with a Jira user: Jira user `j`, and the columns that `jira_match` joins.
macro_rules! entry_from_jira {
    () => {
        concat!(
            "SELECT j.jira_no, coalesce(t.state, m.state, 'jira_only'), coalesce(t.rule, m.rule, ''),
                    coalesce(t.value, m.value, ''), u.absent_since, ",
            okta_user_columns!("u"),
            ", ",
            jira_user_columns!("j"),
            " "
        )
    };
}
pub(super) use entry_from_jira;

/// The match of a Jira user `j`: the tie `t` with its Okta user `u`, or the reason why there is none (`m`).
macro_rules! jira_match {
    () => {
        " LEFT JOIN okta_matches AS t ON t.jira_no = j.jira_no
          LEFT JOIN jira_matches AS m ON m.jira_no = j.jira_no
          LEFT JOIN users AS u ON u.user_no = t.user_no "
    };
}
pub(super) use jira_match;

const OKTA: usize = 5;
const JIRA: usize = OKTA + okta_row::WIDTH;
/// How many columns an entry has.
pub(super) const WIDTH: usize = JIRA + jira_row::WIDTH;

/// Reads an entry. If an outer join found no user, that user is none.
pub(in crate::directory) fn read(row: &Row<'_>) -> rusqlite::Result<DirectoryEntry> {
    let has = |first: usize| {
        row.get_ref(first)
            .map(|value| value != rusqlite::types::ValueRef::Null)
    };
    let state: MatchState = row.get(1)?;
    Ok(DirectoryEntry {
        cursor: row.get(0)?,
        okta: if has(OKTA)? {
            Some(okta_row::read(row, OKTA)?)
        } else {
            None
        },
        absent_since: row.get(4)?,
        jira: if has(JIRA)? {
            Some(jira_row::read(row, JIRA)?)
        } else {
            None
        },
        state,
        rule: lossy(row, 2)?.into_owned(),
        value: lossy(row, 3)?.into_owned(),
    })
}
