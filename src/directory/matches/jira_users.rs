//! Jira users as the host hands them over: a whole set in batches, or single users that changed.
//!
//! A set is first staged. It then replaces the old set in one transaction, which writes only differences. A caller that
//! changes Jira users must match again in the same transaction (see `matches::rematch`).

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Row, Statement, Transaction};

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::directory::users::retention;
use crate::model::JiraUser;

/// The result of replacing the set of Jira users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JiraUserChanges {
    /// Users that are new in the directory.
    pub added: u64,
    /// Users with a changed field.
    pub updated: u64,
    /// Users that are no longer in the set.
    pub removed: u64,
    /// Users without a change.
    pub unchanged: u64,
}

statement!(CLEAR = "DELETE FROM jira_users_staged");

statement!(
    ADD = "
    INSERT INTO jira_users_staged (key, username, email, display_name, active)
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"
);

statement!(
    ADD_AGAIN = "
    UPDATE jira_users_staged SET username = ?2, email = ?3, display_name = ?4, active = ?5 WHERE key = ?1"
);

statement!(STAGED_COUNT = "SELECT count(*) FROM jira_users_staged");

statement!(COUNT = "SELECT count(*) FROM jira_users");

statement!(REMOVE_MISSING, reads every row = "
    DELETE FROM jira_users
     WHERE NOT EXISTS (SELECT 1 FROM jira_users_staged AS s WHERE s.key = jira_users.key)");

// In the order of keys, so that rows and index entries are written one after the other.
statement!(TAKE_ALL, reads every row = "
    INSERT INTO jira_users (key, username, email, display_name, active, key_key, username_key, email_key, search_text)
    SELECT key, username, email, display_name, active, fold(key), fold(username), fold(email),
           search_text(display_name, '', username, email)
      FROM jira_users_staged
     ORDER BY key");

// If there are users already, the rows are read one by one. SQLite holds all rows of an INSERT … SELECT in memory if it
// writes to a table that it also reads.
statement!(STAGED, reads every row = "
    SELECT key, username, email, display_name, active FROM jira_users_staged ORDER BY key");

statement!(
    IS_AS_STAGED = "
    SELECT (username, email, display_name, active) = (?2, ?3, ?4, ?5) FROM jira_users WHERE key = ?1"
);

statement!(
    UPSERT = "
    INSERT INTO jira_users (key, username, email, display_name, active, key_key, username_key, email_key, search_text)
    VALUES (?1, ?2, ?3, ?4, ?5, fold(?1), fold(?2), fold(?3), search_text(?4, '', ?2, ?3))
        ON CONFLICT (key) DO UPDATE
       SET username = excluded.username, email = excluded.email, display_name = excluded.display_name,
           active = excluded.active, username_key = excluded.username_key, email_key = excluded.email_key,
           search_text = excluded.search_text
     WHERE (username, email, display_name, active)
           <> (excluded.username, excluded.email, excluded.display_name, excluded.active)"
);

statement!(REMOVE = "DELETE FROM jira_users WHERE key = ?1");

/// Begins a new set and deletes everything that was staged before.
pub fn begin(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(CLEAR)?.execute([])?;
    Ok(())
}

/// Adds users to the set. If several have the same key, the last one counts. Returns the positions of the users whose
/// key was already in the set.
pub fn add<'a>(tx: &Transaction<'_>, users: impl IntoIterator<Item = &'a JiraUser>) -> Result<Vec<usize>> {
    let (mut add, mut add_again) = (tx.prepare_cached(ADD)?, tx.prepare_cached(ADD_AGAIN)?);
    let mut repeated = Vec::new();
    for (place, user) in users.into_iter().enumerate() {
        if write(&mut add, user)? == 0 {
            write(&mut add_again, user)?;
            repeated.push(place);
        }
    }
    Ok(repeated)
}

/// How many different users the set has so far.
pub fn staged_count(conn: &Connection) -> Result<u64> {
    count(conn, STAGED_COUNT)
}

/// Replaces the present set with the staged one, and empties the staging table.
pub fn commit(tx: &Transaction<'_>) -> Result<JiraUserChanges> {
    let staged = staged_count(tx)?;
    let removed = tx.prepare_cached(REMOVE_MISSING)?.execute([])? as u64;
    let (added, updated) = match total(tx)? {
        0 => (tx.prepare_cached(TAKE_ALL)?.execute([])? as u64, 0),
        _ => take_staged(tx)?,
    };
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

/// Writes the staged users that are new or changed. Returns the number of new ones and of changed ones.
fn take_staged(tx: &Transaction<'_>) -> Result<(u64, u64)> {
    let (mut added, mut updated) = (0, 0);
    let mut is_as_staged = tx.prepare_cached(IS_AS_STAGED)?;
    let mut upsert = tx.prepare_cached(UPSERT)?;
    let mut staged = tx.prepare_cached(STAGED)?;
    let mut rows = staged.query([])?;
    while let Some(row) = rows.next()? {
        bind(&mut is_as_staged, row)?;
        let mut found = is_as_staged.raw_query();
        let count = match found.next()?.map(|row| row.get(0)).transpose()? {
            Some(true) => continue,
            Some(false) => &mut updated,
            None => &mut added,
        };
        drop(found);
        bind(&mut upsert, row)?;
        *count += upsert.raw_execute()? as u64;
    }
    Ok((added, updated))
}

/// Binds the columns of a row without changing them.
fn bind(statement: &mut Statement<'_>, row: &Row<'_>) -> Result<()> {
    for column in 0..statement.parameter_count() {
        statement.raw_bind_parameter(column + 1, ToSqlOutput::Borrowed(row.get_ref(column)?))?;
    }
    Ok(())
}

/// Adds or changes single users, without replacing the set. Returns the number of rows that changed.
pub fn upsert(tx: &Transaction<'_>, users: &[JiraUser]) -> Result<u64> {
    let mut upsert = tx.prepare_cached(UPSERT)?;
    let mut changed = 0;
    for user in users {
        changed += write(&mut upsert, user)?;
    }
    if changed > 0 {
        retention::note_jira_change(tx)?;
    }
    Ok(changed)
}

/// Removes users by their keys. Returns how many of them existed.
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

/// Runs a statement whose parameters are the fields of a user. Returns how many rows it wrote.
fn write(statement: &mut Statement<'_>, user: &JiraUser) -> Result<u64> {
    let JiraUser {
        key,
        username,
        email,
        display_name,
        active,
    } = user;
    Ok(statement.execute((key, username, email, display_name, active))? as u64)
}

fn count(conn: &Connection, sql: &str) -> Result<u64> {
    let Count(count) = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(count)
}
