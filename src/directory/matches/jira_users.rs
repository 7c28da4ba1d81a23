//! Jira users as the host hands them over: a whole set in batches, or single users as they change.
//!
//! A set is staged and then replaces the old one in one transaction that writes only differences. A caller
//! that changes Jira users must match anew in the same transaction (see `matches::rematch`).

use rusqlite::{Connection, Transaction, named_params};

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::directory::users::retention;
use crate::model::JiraUser;

/// What replacing the set of Jira users did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JiraUserChanges {
    /// Users new in the directory.
    pub added: u64,
    /// Users with a changed field.
    pub updated: u64,
    /// Users who are no longer in the set.
    pub removed: u64,
    /// Users without a change.
    pub unchanged: u64,
}

statement!(CLEAR = "DELETE FROM jira_users_staged");

statement!(
    ADD = "
    INSERT OR REPLACE INTO jira_users_staged (key, username, email, display_name, active)
    VALUES (:key, :username, :email, :display_name, :active)"
);

statement!(IS_STAGED = "SELECT 1 FROM jira_users_staged WHERE key = ?1");

statement!(STAGED_COUNT = "SELECT count(*) FROM jira_users_staged");

statement!(COUNT = "SELECT count(*) FROM jira_users");

statement!(REMOVE_MISSING, reads every row = "
    DELETE FROM jira_users
     WHERE NOT EXISTS (SELECT 1 FROM jira_users_staged AS s WHERE s.key = jira_users.key)");

statement!(UPDATE_CHANGED, reads every row = "
    UPDATE jira_users
       SET username = s.username, email = s.email, display_name = s.display_name, active = s.active,
           username_key = fold(s.username), email_key = fold(s.email)
      FROM jira_users_staged AS s
     WHERE s.key = jira_users.key
       AND (jira_users.username, jira_users.email, jira_users.display_name, jira_users.active)
           <> (s.username, s.email, s.display_name, s.active)");

statement!(ADD_NEW, reads every row = "
    INSERT INTO jira_users (key, username, email, display_name, active, key_key, username_key, email_key)
    SELECT s.key, s.username, s.email, s.display_name, s.active, fold(s.key), fold(s.username), fold(s.email)
      FROM jira_users_staged AS s
     WHERE NOT EXISTS (SELECT 1 FROM jira_users AS j WHERE j.key = s.key)
     ORDER BY s.key");

statement!(
    UPSERT = "
    INSERT INTO jira_users (key, username, email, display_name, active, key_key, username_key, email_key)
    VALUES (:key, :username, :email, :display_name, :active, fold(:key), fold(:username), fold(:email))
        ON CONFLICT (key) DO UPDATE
       SET username = excluded.username, email = excluded.email, display_name = excluded.display_name,
           active = excluded.active, username_key = excluded.username_key, email_key = excluded.email_key
     WHERE (username, email, display_name, active)
           <> (excluded.username, excluded.email, excluded.display_name, excluded.active)"
);

statement!(REMOVE = "DELETE FROM jira_users WHERE key = ?1");

/// Begins a new set: whatever was staged before is forgotten.
pub fn begin(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(CLEAR)?.execute([])?;
    Ok(())
}

/// Adds users to the set. Of several with one key, the last counts. Returns the positions of those whose key
/// was in the set before.
pub fn add(tx: &Transaction<'_>, users: &[JiraUser]) -> Result<Vec<usize>> {
    let mut is_staged = tx.prepare_cached(IS_STAGED)?;
    let mut repeated = Vec::new();
    for (place, user) in users.iter().enumerate() {
        if is_staged.exists([&user.key])? {
            repeated.push(place);
        }
        write_each(tx, ADD, std::slice::from_ref(user))?;
    }
    Ok(repeated)
}

/// How many different users the set has so far.
pub fn staged_count(conn: &Connection) -> Result<u64> {
    count(conn, STAGED_COUNT)
}

/// Puts the set in the place of the present one and empties the staging.
pub fn commit(tx: &Transaction<'_>) -> Result<JiraUserChanges> {
    let staged = staged_count(tx)?;
    let removed = tx.prepare_cached(REMOVE_MISSING)?.execute([])? as u64;
    let updated = tx.prepare_cached(UPDATE_CHANGED)?.execute([])? as u64;
    let added = tx.prepare_cached(ADD_NEW)?.execute([])? as u64;
    begin(tx)?;
    if updated + added > 0 {
        retention::note_jira_change(tx)?;
    }
    Ok(JiraUserChanges {
        added,
        updated,
        removed,
        unchanged: staged - updated - added,
    })
}

/// Adds or changes single users, outside of any set. Gives the number of rows that changed.
pub fn upsert(tx: &Transaction<'_>, users: &[JiraUser]) -> Result<u64> {
    let changed = write_each(tx, UPSERT, users)?;
    if changed > 0 {
        retention::note_jira_change(tx)?;
    }
    Ok(changed)
}

/// Removes users by their keys. Gives how many were there.
pub fn remove(tx: &Transaction<'_>, keys: &[String]) -> Result<u64> {
    let mut statement = tx.prepare_cached(REMOVE)?;
    let mut removed = 0;
    for key in keys {
        removed += statement.execute([key])? as u64;
    }
    Ok(removed)
}

/// How many Jira users there are.
pub fn total(conn: &Connection) -> Result<u64> {
    count(conn, COUNT)
}

fn write_each(tx: &Transaction<'_>, sql: &str, users: &[JiraUser]) -> Result<u64> {
    let mut statement = tx.prepare_cached(sql)?;
    let mut written = 0;
    for JiraUser {
        key,
        username,
        email,
        display_name,
        active,
    } in users
    {
        written += statement.execute(named_params! {
            ":key": key,
            ":username": username,
            ":email": email,
            ":display_name": display_name,
            ":active": active,
        })? as u64;
    }
    Ok(written)
}

fn count(conn: &Connection, sql: &str) -> Result<u64> {
    let Count(count) = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(count)
}
