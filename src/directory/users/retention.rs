//! Erases data that the settings no longer want, and notes when a full run must fetch data that is missing.
//!
//! Erased data cannot be recovered: rows are overwritten (`secure_delete`), and old values are removed from the change
//! feed.

use rusqlite::{Connection, Transaction};

use crate::contract::errors::{Error, Result};
use crate::directory::store::kept_counts::{self, Counts, OKTA_ONLY};
use crate::directory::store::statement::statement;
use crate::directory::store::values::lossy;
use crate::directory::users::content_hash::ContentHash;
use crate::model::{FieldChange, MatchRule, OktaKey, OktaUser, RunId};

statement!(
    UNTIED = "
    SELECT u.user_no, u.okta_id, u.inserted_run, u.content_hash
      FROM okta_alone AS alone
      CROSS JOIN users AS u ON u.user_no = alone.user_no"
);

statement!(FORGET_REASON = "DELETE FROM okta_matches WHERE user_no = ?1");
statement!(FORGET_STATE = "DELETE FROM okta_alone WHERE user_no = ?1");
statement!(ERASE = "DELETE FROM users WHERE user_no = ?1");
statement!(FORGET_ADDED = "DELETE FROM changes WHERE okta_id = ?1 AND run = ?2");
statement!(FORGET_VALUES = "UPDATE changes SET fields = '[]' WHERE okta_id = ?1 AND fields <> '[]'");

statement!(EACH_CHANGE, reads every row = "SELECT position, fields FROM changes WHERE fields <> '[]'");
statement!(SET_FIELDS = "UPDATE changes SET fields = ?2 WHERE position = ?1");

statement!(PINNED = "SELECT 1 FROM pins WHERE okta_id = ?1");
statement!(
    BY_USERNAME = "SELECT 1 FROM jira_users WHERE username_key = fold(?1) AND username_key <> '' LIMIT 1"
);
statement!(BY_EMAIL = "SELECT 1 FROM jira_users WHERE email_key = fold(?1) AND email_key <> '' LIMIT 1");
statement!(BY_KEY = "SELECT 1 FROM jira_users WHERE key_key = fold(?1) AND key_key <> '' LIMIT 1");

statement!(NOTE_JIRA_CHANGE = "UPDATE retention SET jira_changes = jira_changes + 1");
statement!(NOTE_FULL_RUN = "UPDATE retention SET at_full = jira_changes WHERE at_full <> jira_changes");
statement!(JIRA_CHANGED = "SELECT jira_changes <> at_full FROM retention");

statement!(GET_PROJECTION = "SELECT honoured FROM field_projection WHERE fields = ?1");
statement!(SET_PROJECTION = "UPDATE field_projection SET fields = ?1, honoured = ?2");

/// A user that was erased because no Jira user can match it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Okta's id.
    pub okta_id: String,
    /// Whether this run inserted the user. Then no reader ever saw it.
    pub just_came: bool,
    /// Fingerprint of the erased content.
    pub hash: ContentHash,
}

/// Erases present users that are neither tied nor ambiguous. Returns the erased users. Call it after matching, in the
/// transaction that publishes `run`. If a user was erased, count the statuses again.
pub fn erase_untied(tx: &Transaction<'_>, run: RunId) -> Result<Vec<Erased>> {
    let untied: Vec<(i64, Erased)> = {
        let mut statement = tx.prepare_cached(UNTIED)?;
        let rows = statement.query_map([], |row| {
            let erased = Erased {
                okta_id: row.get(1)?,
                just_came: row.get::<_, RunId>(2)? == run,
                hash: row.get(3)?,
            };
            Ok((row.get(0)?, erased))
        })?;
        rows.collect::<rusqlite::Result<_>>()?
    };
    for (user_no, user) in &untied {
        tx.prepare_cached(FORGET_REASON)?.execute([user_no])?;
        tx.prepare_cached(FORGET_STATE)?.execute([user_no])?;
        tx.prepare_cached(ERASE)?.execute([user_no])?;
        match user.just_came {
            true => tx.prepare_cached(FORGET_ADDED)?.execute((&user.okta_id, run))?,
            false => tx.prepare_cached(FORGET_VALUES)?.execute([&user.okta_id])?,
        };
    }
    if !untied.is_empty() {
        kept_counts::replace(tx, &[OKTA_ONLY], Counts::default())?;
    }
    Ok(untied.into_iter().map(|(_, erased)| erased).collect())
}

/// Deletes every old and new value of a user from the change feed.
pub fn forget_user(tx: &Transaction<'_>, okta_id: &str) -> Result<()> {
    tx.prepare_cached(FORGET_VALUES)?.execute([okta_id])?;
    Ok(())
}

/// Deletes the values of fields that `keeps` rejects from the change feed. It reads the whole feed.
pub fn forget_fields(tx: &Transaction<'_>, keeps: impl Fn(&str) -> bool) -> Result<()> {
    let mut statement = tx.prepare_cached(EACH_CHANGE)?;
    let mut rows = statement.query([])?;
    let mut shorter = Vec::new();
    while let Some(row) = rows.next()? {
        let position: i64 = row.get(0)?;
        // The content of a damaged entry is unknown, so the entry is deleted.
        let read = serde_json::from_str::<Vec<FieldChange>>(&lossy(row, 1)?).ok();
        let before = read.as_ref().map(Vec::len);
        let mut fields = read.unwrap_or_default();
        fields.retain(|change| keeps(&change.field));
        if Some(fields.len()) != before {
            let json = serde_json::to_string(&fields).map_err(|_| Error::internal("a change is not JSON"))?;
            shorter.push((position, json));
        }
    }
    for change in shorter {
        tx.prepare_cached(SET_FIELDS)?.execute(change)?;
    }
    Ok(())
}

/// Whether a Jira user can match this Okta user, by any rule or by hand. If not, erasing the user changes no other
/// match, because no Jira user has any of its values.
pub fn could_match(conn: &Connection, user: &OktaUser, rules: &[MatchRule]) -> Result<bool> {
    if conn.prepare_cached(PINNED)?.exists([&user.id])? {
        return Ok(true);
    }
    let attributes = user.profile.attributes();
    let value = |name: &str| {
        let json = attributes.get(name)?.get();
        match serde_json::from_str::<String>(json) {
            Ok(text) => Some(text),
            // Matching reads the value in the same way: a number or a boolean as its JSON text, and nothing else.
            Err(_) if json == "null" || json.starts_with(['[', '{']) => None,
            Err(_) => Some(json.to_owned()),
        }
    };
    for rule in rules {
        let value = match &rule.okta {
            OktaKey::Login => value("login"),
            OktaKey::Email => value("email"),
            OktaKey::LoginLocalPart => value("login").map(|login| match login.rsplit_once('@') {
                Some((local_part, _)) => local_part.to_owned(),
                None => login,
            }),
            OktaKey::Attribute(name) => value(name),
        };
        let sql = match rule.jira {
            crate::model::JiraKey::Username => BY_USERNAME,
            crate::model::JiraKey::Email => BY_EMAIL,
            crate::model::JiraKey::Key => BY_KEY,
        };
        if let Some(value) = value
            && conn.prepare_cached(sql)?.exists([value])?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Notes that Jira users were added or changed. The next full run must then look again at users that the last one left
/// out.
pub(in crate::directory) fn note_jira_change(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(NOTE_JIRA_CHANGE)?.execute([])?;
    Ok(())
}

/// Notes that a full run begins. It will read all users that are wanted now.
pub fn note_full_run(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(NOTE_FULL_RUN)?.execute([])?;
    Ok(())
}

/// Whether Jira users were added or changed since the last full run began.
pub fn jira_changed(conn: &Connection) -> Result<bool> {
    Ok(conn
        .prepare_cached(JIRA_CHANGED)?
        .query_row([], |row| row.get(0))?)
}

/// Whether the org obeys a request for only these fields. None if the last trial was about other fields.
pub fn projection(conn: &Connection, fields: &str) -> Result<Option<bool>> {
    let mut statement = conn.prepare_cached(GET_PROJECTION)?;
    let mut rows = statement.query([fields])?;
    Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
}

/// Stores the result of a trial.
pub fn set_projection(tx: &Transaction<'_>, fields: &str, honoured: bool) -> Result<()> {
    tx.prepare_cached(SET_PROJECTION)?.execute((fields, honoured))?;
    Ok(())
}
