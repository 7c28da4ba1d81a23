//! Who reports to whom.
//!
//! A profile names a manager by a value: an Okta id, a login, an employee number. The values are kept
//! with their users; who answers to them is worked out for all users at once when a run is published,
//! so the order in which users came does not matter. A value that nobody, or more than one present
//! user, answers to names no manager: nothing is guessed. Circles do no harm.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use crate::directory::attribute_path;
use crate::directory::entries::row::{self, entry_from_okta, jira_user_columns};
use crate::directory::users::row::okta_user_columns;
use crate::directory::values::Count;
use crate::error::Result;
use crate::model::{DirectoryEntry, ManagerRule, OktaKey, RunId};

const ATTRIBUTE: &str = "SELECT attribute FROM manager_sync";
const SET_ATTRIBUTE: &str = "UPDATE manager_sync SET attribute = ?1";
const FORGET_ALL: &str = "DELETE FROM managers";

const FORGET_STAGED: &str = "
    DELETE FROM managers
     WHERE user_no IN (SELECT user_no FROM staged_users WHERE run = ?1)";

macro_rules! take_values {
    ($table:literal, $user:literal, $where:literal) => {
        concat!(
            "INSERT INTO managers (user_no, value, value_key)
             SELECT v.user_no, v.value, fold(v.value)
               FROM (SELECT ",
            $user,
            ".user_no,
                            trim(CASE json_type(",
            $user,
            ".profile, ?2) WHEN 'text' THEN ",
            $user,
            ".profile ->> ?2
                                                               ELSE ",
            $user,
            ".profile -> ?2 END) AS value
                       FROM ",
            $table,
            "
                      WHERE ",
            $where,
            "
                        AND json_type(",
            $user,
            ".profile, ?2) IN ('text', 'integer', 'real')) AS v
              WHERE v.value <> ''"
        )
    };
}

const TAKE_STAGED: &str = take_values!("staged_users AS staged", "staged", "staged.run = ?1");
const TAKE_INSERTED: &str = take_values!("users AS u INDEXED BY users_presence", "u", "u.inserted_run = ?1");
// Users whom the run stages give what it staged.
const TAKE_OTHERS: &str = take_values!(
    "users AS u",
    "u",
    "u.inserted_run < ?1
     AND NOT EXISTS (SELECT 1 FROM staged_users AS s WHERE s.user_no = u.user_no AND s.run = ?1)"
);

// A value decides only if one present user answers to it, and somebody else.
macro_rules! close_by {
    ($table:literal, $condition:literal) => {
        concat!(
            "UPDATE managers
                SET manager_no = r.manager_no
               FROM (SELECT m.user_no,
                            (SELECT CASE WHEN count(*) = 1 AND min(o.user_no) <> m.user_no THEN min(o.user_no) END
                               FROM ",
            $table,
            " AS o
                              WHERE ",
            $condition,
            ") AS manager_no
                       FROM managers AS m) AS r
              WHERE managers.user_no = r.user_no AND managers.manager_no IS NOT r.manager_no"
        )
    };
}

const CLOSE_BY_ID: &str = close_by!("present_users", "o.okta_id = m.value");
const CLOSE_BY_LOGIN: &str = close_by!("present_users", "o.login_key = m.value_key AND m.value_key <> ''");
const CLOSE_BY_EMAIL: &str = close_by!("present_users", "o.email_key = m.value_key AND m.value_key <> ''");
const CLOSE_BY_LOCAL_PART: &str = close_by!(
    "present_users",
    "o.login_local_part_key = m.value_key AND m.value_key <> ''"
);
const CLOSE_BY_ATTRIBUTE: &str = "
    UPDATE managers
       SET manager_no = r.manager_no
      FROM (SELECT m.user_no,
                   (SELECT CASE WHEN count(*) = 1 AND min(o.user_no) <> m.user_no THEN min(o.user_no) END
                      FROM user_attributes AS o
                      CROSS JOIN present_users AS p ON p.user_no = o.user_no
                     WHERE o.attribute_no = ?1 AND o.value_key = m.value_key) AS manager_no
              FROM managers AS m) AS r
     WHERE managers.user_no = r.user_no AND managers.manager_no IS NOT r.manager_no";

const MANAGER_OF: &str = "
    SELECT o.okta_id
      FROM users AS u
      JOIN managers AS m ON m.user_no = u.user_no
      JOIN users AS o ON o.user_no = m.manager_no
     WHERE u.okta_id = ?1";

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

const COUNTS: &str = "SELECT count(*), count(manager_no) FROM managers";

/// Statements that must not read the rows of all users. Closing goes through all managers, and looks
/// each value up.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[FORGET_STAGED, TAKE_STAGED, TAKE_INSERTED, MANAGER_OF, REPORTS_OF];
#[cfg(test)]
pub(super) const CLOSING: &[&str] = &[
    CLOSE_BY_ID,
    CLOSE_BY_LOGIN,
    CLOSE_BY_EMAIL,
    CLOSE_BY_LOCAL_PART,
    CLOSE_BY_ATTRIBUTE,
];

/// Takes the values of users whom `run` is about to publish; of all users if another attribute names
/// the manager than before, of nobody if none does. Call it in the transaction that publishes, before
/// staged rows are applied.
pub fn refresh(tx: &Transaction<'_>, run: RunId, rule: Option<&ManagerRule>) -> Result<()> {
    let attribute = rule.map_or("", |rule| rule.attribute.as_str());
    let path = attribute_path::of(attribute);
    let known: String = tx.prepare_cached(ATTRIBUTE)?.query_row([], |row| row.get(0))?;
    if known != attribute {
        tx.prepare_cached(FORGET_ALL)?.execute([])?;
        tx.prepare_cached(SET_ATTRIBUTE)?.execute([attribute])?;
    }
    if attribute.is_empty() {
        return Ok(());
    }
    if known == attribute {
        tx.prepare_cached(FORGET_STAGED)?.execute([run])?;
    } else {
        tx.prepare_cached(TAKE_OTHERS)?.execute((run, &path))?;
    }
    tx.prepare_cached(TAKE_STAGED)?.execute((run, &path))?;
    tx.prepare_cached(TAKE_INSERTED)?.execute((run, &path))?;
    Ok(())
}

/// Works out who answers to each value, in one pass over all of them. Call it in the transaction that
/// publishes, after everything else.
pub fn close(tx: &Transaction<'_>, rule: &ManagerRule) -> Result<()> {
    let sql = match &rule.refers_to {
        None => CLOSE_BY_ID,
        Some(OktaKey::Login) => CLOSE_BY_LOGIN,
        Some(OktaKey::Email) => CLOSE_BY_EMAIL,
        Some(OktaKey::LoginLocalPart) => CLOSE_BY_LOCAL_PART,
        Some(OktaKey::Attribute(name)) => {
            let number = super::attribute_index::number(tx, name)?;
            tx.prepare_cached(CLOSE_BY_ATTRIBUTE)?.execute([number])?;
            return Ok(());
        }
    };
    tx.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Okta's id of the manager of an Okta user; none if it has none, or names nobody who is here.
pub fn manager_of(conn: &Connection, okta_id: &str) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached(MANAGER_OF)?;
    Ok(statement.query_row([okta_id], |row| row.get(0)).optional()?)
}

/// The present users who report to an Okta user, after the cursor of an entry; 0 begins.
pub fn reports_of(conn: &Connection, okta_id: &str, after: i64, limit: u64) -> Result<Vec<DirectoryEntry>> {
    let mut statement = conn.prepare_cached(REPORTS_OF)?;
    let parameters = named_params! { ":okta_id": okta_id, ":after": after, ":limit": Count(limit) };
    let entries = statement.query_map(parameters, row::read)?;
    Ok(entries.collect::<rusqlite::Result<_>>()?)
}

/// How many users name a manager, and for how many of them it is somebody here.
pub fn counts(conn: &Connection) -> Result<(u64, u64)> {
    let (Count(named), Count(found)) = conn
        .prepare_cached(COUNTS)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((named, found))
}
