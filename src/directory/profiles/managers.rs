//! Which user reports to which manager.
//!
//! A profile names a manager by a value: an Okta id, a login or an employee number. The value is stored with the user.
//! When a run is published, one pass finds the manager for each value, so the order in which users arrived does not
//! matter. A value names no manager if no present user has it or several have it. Circles do no harm.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Transaction, named_params};

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::model::{ManagerRule, OktaKey, RunId};

/// For how many users one statement finds the managers.
const PORTION: i64 = 20_000;

statement!(ATTRIBUTE = "SELECT attribute FROM manager_sync");
statement!(SET_ATTRIBUTE = "UPDATE manager_sync SET attribute = ?1");
statement!(FORGET_ALL, reads every row = "DELETE FROM managers");

statement!(
    FORGET_STAGED = "
    DELETE FROM managers
     WHERE user_no IN (SELECT user_no FROM staged_users WHERE run = ?1)"
);

statement!(PUT = "INSERT INTO managers (user_no, value, value_key) VALUES (?1, ?2, fold(?2))");

// Managers are found in portions, because SQLite holds the pairs of one statement in memory.
statement!(
    END_OF_PORTION = "
    SELECT max(user_no)
      FROM (SELECT user_no FROM managers WHERE user_no > ?1 ORDER BY user_no LIMIT ?2)"
);

// A value names a manager only if exactly one present user has it and this is not the same user.
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
                       FROM managers AS m
                      WHERE m.user_no > :after AND m.user_no <= :end) AS r
              WHERE managers.user_no = r.user_no AND managers.manager_no IS NOT r.manager_no"
        )
    };
}

statement!(CLOSE_BY_ID = close_by!("present_users", "o.okta_id = m.value"));
statement!(CLOSE_BY_LOGIN = close_by!("present_users", "o.login_key = m.value_key AND m.value_key <> ''"));
statement!(CLOSE_BY_EMAIL = close_by!("present_users", "o.email_key = m.value_key AND m.value_key <> ''"));
statement!(
    CLOSE_BY_LOCAL_PART = close_by!(
        "present_users",
        "o.login_local_part_key = m.value_key AND m.value_key <> ''"
    )
);
statement!(
    CLOSE_BY_ATTRIBUTE = "
    UPDATE managers
       SET manager_no = r.manager_no
      FROM (SELECT m.user_no,
                   (SELECT CASE WHEN count(*) = 1 AND min(o.user_no) <> m.user_no THEN min(o.user_no) END
                      FROM user_attributes AS o
                      CROSS JOIN present_users AS p ON p.user_no = o.user_no
                     WHERE o.attribute_no = :attribute AND o.value_key = m.value_key) AS manager_no
              FROM managers AS m
             WHERE m.user_no > :after AND m.user_no <= :end) AS r
     WHERE managers.user_no = r.user_no AND managers.manager_no IS NOT r.manager_no"
);

statement!(
    MANAGER_OF = "
    SELECT o.okta_id
      FROM users AS u
      JOIN managers AS m ON m.user_no = u.user_no
      JOIN users AS o ON o.user_no = m.manager_no
     WHERE u.okta_id = ?1"
);

statement!(COUNTS, reads every row = "SELECT count(*), count(manager_no) FROM managers");

/// The attribute that names managers; empty for none.
pub(in crate::directory) fn attribute(conn: &Connection) -> Result<String> {
    Ok(conn.prepare_cached(ATTRIBUTE)?.query_row([], |row| row.get(0))?)
}

/// Deletes the manager values of users that `run` has staged. If the attribute that names managers has changed, deletes
/// the values of all users and returns true.
pub(in crate::directory) fn prepare(
    tx: &Transaction<'_>,
    run: RunId,
    rule: Option<&ManagerRule>,
) -> Result<bool> {
    let attribute = rule.map_or("", |rule| rule.attribute.as_str());
    if self::attribute(tx)? == attribute {
        tx.prepare_cached(FORGET_STAGED)?.execute([run])?;
        return Ok(false);
    }
    tx.prepare_cached(FORGET_ALL)?.execute([])?;
    tx.prepare_cached(SET_ATTRIBUTE)?.execute([attribute])?;
    Ok(true)
}

/// Stores the values that name managers.
pub(in crate::directory) struct ManagerRows<'tx>(CachedStatement<'tx>);

impl<'tx> ManagerRows<'tx> {
    pub(in crate::directory) fn new(tx: &'tx Transaction<'_>) -> Result<ManagerRows<'tx>> {
        Ok(ManagerRows(tx.prepare_cached(PUT)?))
    }

    /// Stores the value of a user. A blank value names no manager.
    pub(in crate::directory) fn put(&mut self, user_no: i64, value: &str) -> Result<()> {
        let value = value.trim();
        if !value.is_empty() {
            self.0.execute((user_no, value))?;
        }
        Ok(())
    }
}

/// Finds the manager for each stored value. Call it last in the publishing transaction.
pub fn close(tx: &Transaction<'_>, rule: &ManagerRule) -> Result<()> {
    let (sql, attribute) = match &rule.refers_to {
        None => (CLOSE_BY_ID, None),
        Some(OktaKey::Login) => (CLOSE_BY_LOGIN, None),
        Some(OktaKey::Email) => (CLOSE_BY_EMAIL, None),
        Some(OktaKey::LoginLocalPart) => (CLOSE_BY_LOCAL_PART, None),
        Some(OktaKey::Attribute(name)) => (CLOSE_BY_ATTRIBUTE, Some(name)),
    };
    let attribute = attribute.map(|name| crate::directory::profiles::attribute_index::number(tx, name));
    let attribute: Option<i64> = attribute.transpose()?.flatten();
    let mut after = 0;
    loop {
        let end: Option<i64> = tx
            .prepare_cached(END_OF_PORTION)?
            .query_row((after, PORTION), |row| row.get(0))?;
        let Some(end) = end else { return Ok(()) };
        let mut statement = tx.prepare_cached(sql)?;
        match sql == CLOSE_BY_ATTRIBUTE {
            true => {
                statement.execute(named_params! { ":after": after, ":end": end, ":attribute": attribute })?
            }
            false => statement.execute(named_params! { ":after": after, ":end": end })?,
        };
        after = end;
    }
}

/// The Okta id of a user's manager. None if the user names no manager, or if the manager is not in the directory.
pub fn manager_of(conn: &Connection, okta_id: &str) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached(MANAGER_OF)?;
    Ok(statement.query_row([okta_id], |row| row.get(0)).optional()?)
}

/// How many users name a manager, and how many of those managers are in the directory.
pub fn counts(conn: &Connection) -> Result<(u64, u64)> {
    let (Count(named), Count(found)) = conn
        .prepare_cached(COUNTS)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((named, found))
}
