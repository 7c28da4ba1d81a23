//! Finds the carriers of a value: the users that have it under a rule. The SQL consists of fixed words only, never of a
//! value or an attribute's name. Each statement uses one index.

use rusqlite::{CachedStatement, Connection, named_params};

use crate::contract::errors::Result;
use crate::directory::store::statement::statement;
use crate::model::{JiraKey, MatchRule, OktaKey, RunId};

statement!(PUBLISHED = "SELECT published_run FROM directory");

const FORGET_ATTRIBUTE: &str = "DROP TABLE IF EXISTS temp.attribute_values";

const CREATE_ATTRIBUTE: &str = "
    CREATE TEMP TABLE attribute_values (
        value   TEXT    NOT NULL,
        user_no INTEGER NOT NULL,
        PRIMARY KEY (value, user_no)
    ) STRICT, WITHOUT ROWID";

/// The columns of a rule's folded values: for Okta (none if the rule compares an attribute) and for Jira.
pub(super) fn columns(rule: &MatchRule) -> (Option<&'static str>, &'static str) {
    let okta = match rule.okta {
        OktaKey::Login => Some("login_key"),
        OktaKey::Email => Some("email_key"),
        OktaKey::LoginLocalPart => Some("login_local_part_key"),
        OktaKey::Attribute(_) => None,
    };
    (okta, jira_column(rule.jira))
}

fn jira_column(key: JiraKey) -> &'static str {
    match key {
        JiraKey::Username => "username_key",
        JiraKey::Email => "email_key",
        JiraKey::Key => "key_key",
    }
}

/// The Jira column of the rule with this name; none if no rule has it.
pub(super) fn jira_column_of(rule: &str) -> Option<&'static str> {
    let (_, jira) = rule.rsplit_once('=')?;
    JiraKey::ALL
        .into_iter()
        .find(|key| key.name() == jira)
        .map(jira_column)
}

/// The statements of one rule.
pub(super) struct Sql {
    /// Returns every Jira value with its carriers, in the order of values.
    pub walk_jira: String,
    /// Returns the Jira carriers of a value.
    jira: String,
    /// Returns the present Okta carriers of a value.
    okta: String,
    /// Whether `okta` also has a parameter for the published run.
    okta_is_indexed: bool,
}

impl Sql {
    pub(super) fn of(rule: &MatchRule) -> Sql {
        let (okta, jira) = columns(rule);
        Sql {
            walk_jira: format!("SELECT {jira}, jira_no FROM jira_users WHERE {jira} > '' ORDER BY {jira}, jira_no"),
            jira: format!("SELECT jira_no FROM jira_users WHERE {jira} = ?1 AND {jira} > ''"),
            okta: okta.map_or_else(
                || "SELECT user_no FROM temp.attribute_values WHERE value = ?1".to_owned(),
                |column| {
                    format!(
                        "SELECT user_no FROM users
                          WHERE {column} = ?1 AND {column} > '' AND absent_since IS NULL AND inserted_run <= ?2"
                    )
                },
            ),
            okta_is_indexed: okta.is_some(),
        }
    }

    #[cfg(test)]
    pub(super) fn all(&self) -> Vec<String> {
        vec![self.walk_jira.clone(), self.jira.clone(), self.okta.clone()]
    }
}

/// Finds the carriers of values under one rule.
pub(super) struct Carriers<'conn> {
    jira: CachedStatement<'conn>,
    okta: CachedStatement<'conn>,
    published: Option<RunId>,
}

impl<'conn> Carriers<'conn> {
    /// For a rule that compares an attribute, call `collect_attribute` before.
    pub(super) fn of(conn: &'conn Connection, sql: &Sql) -> Result<Carriers<'conn>> {
        let published: RunId = conn.prepare_cached(PUBLISHED)?.query_row([], |row| row.get(0))?;
        Ok(Carriers {
            jira: conn.prepare_cached(&sql.jira)?,
            okta: conn.prepare_cached(&sql.okta)?,
            published: sql.okta_is_indexed.then_some(published),
        })
    }

    /// The Jira users that have `value`.
    pub(super) fn in_jira(&mut self, value: &str, found: &mut Vec<i64>) -> Result<()> {
        self.jira.raw_bind_parameter(1, value)?;
        collect(&mut self.jira, found)
    }

    /// The present Okta users that have `value`.
    pub(super) fn in_okta(&mut self, value: &str, found: &mut Vec<i64>) -> Result<()> {
        if self.published == Some(RunId(0)) {
            // No user is present yet, and the index of these values may be missing.
            found.clear();
            return Ok(());
        }
        self.okta.raw_bind_parameter(1, value)?;
        if let Some(published) = self.published {
            self.okta.raw_bind_parameter(2, published)?;
        }
        collect(&mut self.okta, found)
    }
}

fn collect(statement: &mut CachedStatement<'_>, found: &mut Vec<i64>) -> Result<()> {
    found.clear();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        found.push(row.get(0)?);
    }
    Ok(())
}

/// Reads one attribute of every present user in one pass over the profiles. It stores only values that a Jira user has,
/// so the table grows with the users that can match and not with all users.
pub(super) fn collect_attribute(conn: &Connection, name: &str, rule: &MatchRule) -> Result<()> {
    conn.execute(FORGET_ATTRIBUTE, [])?;
    conn.execute(CREATE_ATTRIBUTE, [])?;
    conn.execute(&fill_attribute(rule), named_params! { ":name": name })?;
    Ok(())
}

/// Frees the memory of an attribute's values.
pub(super) fn forget_attribute(conn: &Connection) -> Result<()> {
    conn.execute(FORGET_ATTRIBUTE, [])?;
    Ok(())
}

fn fill_attribute(rule: &MatchRule) -> String {
    let (_, jira) = columns(rule);
    format!(
        "INSERT INTO temp.attribute_values (value, user_no)
         SELECT value, user_no
           FROM (SELECT user_no, fold(value_of(profile, :name)) AS value FROM present_users)
          WHERE value > '' AND EXISTS (SELECT 1 FROM jira_users WHERE {jira} = value)"
    )
}

/// The statements of a rule, after their tables were made.
#[cfg(test)]
pub(in crate::directory) fn statements_of_rule(conn: &Connection, rule: &MatchRule) -> Result<Vec<String>> {
    if let OktaKey::Attribute(name) = &rule.okta {
        collect_attribute(conn, name, rule)?;
    }
    Ok(Sql::of(rule).all())
}
