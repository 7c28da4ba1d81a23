//! Finds one entry by a key.
//!
//! The inner query finds the number in an index with short rows, so that the wide row is read only once.

use rusqlite::{Connection, OptionalExtension};

use crate::contract::errors::Result;
use crate::directory::entries::row::{self, entry_from_jira, entry_from_okta, jira_match};
use crate::directory::matches::jira_row::jira_user_columns;
use crate::directory::store::statement::statement;
use crate::directory::users::row::okta_user_columns;
use crate::model::{DirectoryEntry, Lookup};

macro_rules! okta_entry_where {
    ($condition:literal) => {
        concat!(
            entry_from_okta!(),
            "FROM visible_users AS u
             LEFT JOIN okta_matches AS m ON m.user_no = u.user_no
             LEFT JOIN jira_users AS j ON j.jira_no = m.jira_no
             WHERE ",
            $condition
        )
    };
}

macro_rules! jira_entry_where {
    ($condition:literal) => {
        concat!(
            entry_from_jira!(),
            "FROM jira_users AS j",
            jira_match!(),
            "WHERE ",
            $condition
        )
    };
}

statement!(BY_OKTA_ID = okta_entry_where!("u.okta_id = ?1"));

// A login or address may be used again by a new Okta id, so the present user comes first.
statement!(
    BY_LOGIN = okta_entry_where!(
        "u.user_no = (SELECT user_no
                    FROM visible_users
                   WHERE login_key = fold(?1) AND login_key <> ''
                   ORDER BY absent_since IS NOT NULL, okta_id
                   LIMIT 1)"
    )
);

statement!(
    BY_EMAIL = okta_entry_where!(
        "u.user_no = (SELECT user_no
                    FROM visible_users
                   WHERE email_key = fold(?1) AND email_key <> ''
                   ORDER BY absent_since IS NOT NULL, okta_id
                   LIMIT 1)"
    )
);

statement!(BY_JIRA_KEY = jira_entry_where!("j.key = ?1"));

// Two usernames of Jira may become equal when folded. Then the user with exactly this username comes first.
statement!(
    BY_JIRA_USERNAME = jira_entry_where!(
        "j.jira_no = (SELECT jira_no
                    FROM jira_users
                   WHERE username_key = fold(?1) AND username_key <> ''
                   ORDER BY username <> ?1, jira_no
                   LIMIT 1)"
    )
);

/// The entry with this key. An absent Okta user is also found, in the state `OktaOnly` and with the time since when it
/// is absent.
pub fn find(conn: &Connection, lookup: Lookup<'_>) -> Result<Option<DirectoryEntry>> {
    let (sql, key) = match lookup {
        Lookup::JiraKey(key) => (BY_JIRA_KEY, key),
        Lookup::JiraUsername(username) => (BY_JIRA_USERNAME, username),
        Lookup::OktaId(id) => (BY_OKTA_ID, id),
        Lookup::Login(login) => (BY_LOGIN, login),
        Lookup::Email(email) => (BY_EMAIL, email),
    };
    Ok(conn.prepare_cached(sql)?.query_row([key], row::read).optional()?)
}
