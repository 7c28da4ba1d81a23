//! What the rules make of the present directory, worked out in temporary tables.
//!
//! It writes nothing lasting, so that a preview and the real thing are the same computation.
//! Tables: `okta_result` and `jira_result` (who is settled, and how), `carried` (the values of the
//! rule at hand that unsettled users of both sides carry), `attribute_values`.

use rusqlite::{Connection, named_params};

use crate::directory::attribute_path;
use crate::error::Result;
use crate::model::{JiraKey, MatchRule, OktaKey};

const CREATE: &str = "
    DROP TABLE IF EXISTS temp.okta_result;
    DROP TABLE IF EXISTS temp.jira_result;
    DROP TABLE IF EXISTS temp.carried;
    CREATE TEMP TABLE okta_result (
        user_no INTEGER PRIMARY KEY,
        state   TEXT NOT NULL,
        rule    TEXT NOT NULL,
        value   TEXT NOT NULL,
        jira_no INTEGER
    ) STRICT;
    CREATE TEMP TABLE jira_result (
        jira_no INTEGER PRIMARY KEY,
        state   TEXT NOT NULL,
        rule    TEXT NOT NULL,
        value   TEXT NOT NULL,
        user_no INTEGER
    ) STRICT;
    CREATE TEMP TABLE carried (
        value    TEXT NOT NULL PRIMARY KEY,
        decisive INTEGER NOT NULL, -- exactly one user carries it on each side
        user_no  INTEGER NOT NULL, -- these two, if so
        jira_no  INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;";

const DISCARD: &str = "
    DROP TABLE IF EXISTS temp.okta_result;
    DROP TABLE IF EXISTS temp.jira_result;
    DROP TABLE IF EXISTS temp.carried;
    DROP TABLE IF EXISTS temp.attribute_values;";

// A pin of which one side is not there ties nobody: both sides go on to the rules.
const PINNED: &str = "
    INSERT INTO temp.okta_result (user_no, state, rule, value, jira_no)
    SELECT o.user_no, 'pinned', 'pinned', '', j.jira_no
      FROM pins AS p
      JOIN present_users AS o ON o.okta_id = p.okta_id
      JOIN jira_users AS j ON j.key = p.jira_key";

// The other side of every tie, after pins as well as after a rule's matches.
const MIRROR_PINNED: &str = "
    INSERT INTO temp.jira_result (jira_no, state, rule, value, user_no)
    SELECT jira_no, state, rule, value, user_no
      FROM temp.okta_result";

const MATCHED_OKTA: &str = "
    INSERT INTO temp.okta_result (user_no, state, rule, value, jira_no)
    SELECT user_no, 'matched', :rule, value, jira_no
      FROM temp.carried
     WHERE decisive = 1";

const MATCHED_JIRA: &str = "
    INSERT INTO temp.jira_result (jira_no, state, rule, value, user_no)
    SELECT jira_no, 'matched', :rule, value, user_no
      FROM temp.carried
     WHERE decisive = 1";

const FORGET_CARRIED: &str = "DELETE FROM temp.carried";

const REST_OKTA: &str = "
    INSERT INTO temp.okta_result (user_no, state, rule, value)
    SELECT user_no, 'okta_only', '', ''
      FROM present_users
     WHERE true
        ON CONFLICT (user_no) DO NOTHING";

const REST_JIRA: &str = "
    INSERT INTO temp.jira_result (jira_no, state, rule, value)
    SELECT jira_no, 'jira_only', '', ''
      FROM jira_users
     WHERE true
        ON CONFLICT (jira_no) DO NOTHING";

const FORGET_ATTRIBUTE: &str = "DROP TABLE IF EXISTS temp.attribute_values";

const CREATE_ATTRIBUTE: &str = "
    CREATE TEMP TABLE attribute_values (
        user_no INTEGER PRIMARY KEY,
        value   TEXT NOT NULL
    ) STRICT";

// `->` gives a number as it stands in the profile; `->>` would round a long one.
const FILL_ATTRIBUTE: &str = "
    INSERT INTO temp.attribute_values (user_no, value)
    SELECT user_no, fold(CASE json_type(profile, :path) WHEN 'text' THEN profile ->> :path ELSE profile -> :path END)
      FROM present_users
     WHERE json_type(profile, :path) IN ('text', 'integer', 'real', 'true', 'false')";

const INDEX_ATTRIBUTE: &str = "CREATE INDEX temp.attribute_values_value ON attribute_values (value)";

/// Where a rule finds its values: fixed words only, nothing that a user or an attribute is called.
struct Sides {
    okta_table: &'static str,
    okta_column: &'static str,
    jira_column: &'static str,
}

impl Sides {
    fn of(rule: &MatchRule) -> Sides {
        let (okta_table, okta_column) = match rule.okta {
            OktaKey::Login => ("present_users", "login_key"),
            OktaKey::Email => ("present_users", "email_key"),
            OktaKey::LoginLocalPart => ("present_users", "login_local_part_key"),
            OktaKey::Attribute(_) => ("temp.attribute_values", "value"),
        };
        let jira_column = match rule.jira {
            JiraKey::Username => "username_key",
            JiraKey::Email => "email_key",
            JiraKey::Key => "key_key",
        };
        Sides {
            okta_table,
            okta_column,
            jira_column,
        }
    }

    /// The values that an unsettled user carries on each side. Jira's values come from one walk along
    /// their index, each once; each is then looked up on the Okta side. The carriers of a value are
    /// counted, never paired.
    fn carried(&self) -> String {
        let Sides {
            okta_table,
            okta_column,
            jira_column,
        } = self;
        format!(
            "INSERT INTO temp.carried (value, decisive, user_no, jira_no)
             SELECT j.value, count(*) = 1 AND j.users = 1, min(o.user_no), j.jira_no
               FROM (SELECT u.{jira_column} AS value, count(*) AS users, min(u.jira_no) AS jira_no
                       FROM jira_users AS u
                       LEFT JOIN temp.jira_result AS r ON r.jira_no = u.jira_no
                      WHERE u.{jira_column} > ''
                      GROUP BY u.{jira_column}
                     HAVING count(*) > count(r.jira_no)) AS j
              CROSS JOIN {okta_table} AS o ON o.{okta_column} = j.value
               LEFT JOIN temp.okta_result AS r ON r.user_no = o.user_no
              GROUP BY j.value
             HAVING count(*) > count(r.user_no)"
        )
    }

    fn ambiguous_okta(&self) -> String {
        let Sides {
            okta_table,
            okta_column,
            ..
        } = self;
        format!(
            "INSERT INTO temp.okta_result (user_no, state, rule, value)
             SELECT o.user_no, 'ambiguous', :rule, c.value
               FROM temp.carried AS c
              CROSS JOIN {okta_table} AS o ON o.{okta_column} = c.value
              WHERE c.decisive = 0
                 ON CONFLICT (user_no) DO NOTHING"
        )
    }

    fn ambiguous_jira(&self) -> String {
        let Sides { jira_column, .. } = self;
        format!(
            "INSERT INTO temp.jira_result (jira_no, state, rule, value)
             SELECT j.jira_no, 'ambiguous', :rule, c.value
               FROM temp.carried AS c
              CROSS JOIN jira_users AS j ON j.{jira_column} = c.value
              WHERE c.decisive = 0
                 ON CONFLICT (jira_no) DO NOTHING"
        )
    }
}

/// Works out the state of every present Okta user and every Jira user.
pub(super) fn make(conn: &Connection, rules: &[MatchRule]) -> Result<()> {
    conn.execute_batch(CREATE)?;
    conn.execute(PINNED, [])?;
    conn.execute(MIRROR_PINNED, [])?;
    for rule in rules {
        apply(conn, rule)?;
    }
    conn.execute(REST_OKTA, [])?;
    conn.execute(REST_JIRA, [])?;
    Ok(())
}

/// Gives the memory back.
pub(super) fn discard(conn: &Connection) -> Result<()> {
    Ok(conn.execute_batch(DISCARD)?)
}

fn apply(conn: &Connection, rule: &MatchRule) -> Result<()> {
    if let OktaKey::Attribute(name) = &rule.okta {
        collect_attribute(conn, name)?;
    }
    let sides = Sides::of(rule);
    let name = rule.to_string();
    conn.execute(&sides.carried(), [])?;
    for settle in [
        MATCHED_OKTA,
        MATCHED_JIRA,
        &sides.ambiguous_okta(),
        &sides.ambiguous_jira(),
    ] {
        conn.execute(settle, named_params! { ":rule": name })?;
    }
    conn.execute(FORGET_CARRIED, [])?;
    Ok(())
}

/// Reads one attribute of every present user, in one pass over the profiles.
fn collect_attribute(conn: &Connection, name: &str) -> Result<()> {
    conn.execute(FORGET_ATTRIBUTE, [])?;
    conn.execute(CREATE_ATTRIBUTE, [])?;
    conn.execute(
        FILL_ATTRIBUTE,
        named_params! { ":path": attribute_path::of(name) },
    )?;
    conn.execute(INDEX_ATTRIBUTE, [])?;
    Ok(())
}

/// The statements of one rule, after their tables were made.
#[cfg(test)]
pub(in crate::directory) fn statements_of_rule(conn: &Connection, rule: &MatchRule) -> Result<Vec<String>> {
    conn.execute_batch(CREATE)?;
    if let OktaKey::Attribute(name) = &rule.okta {
        collect_attribute(conn, name)?;
    }
    let sides = Sides::of(rule);
    Ok(vec![
        sides.carried(),
        sides.ambiguous_okta(),
        sides.ambiguous_jira(),
    ])
}
