//! The thorough check of everything in the directory, for administrators and for tests.
//!
//! SQLite's own checks come first, then the rules that no constraint can express. Findings contain row numbers and
//! counts, never a value.

use rusqlite::Connection;

use crate::contract::errors::Result;
use crate::directory::profiles::look_up_damage;
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::directory::users::content_hash::{ContentHash, Digest, content_hash};
use crate::directory::users::row::{self, okta_user_columns};
use crate::directory::{org, users};
use crate::model::IntegrityReport;

/// How many findings of SQLite's own check are reported. A longer list would not help.
const MAX_FINDINGS: usize = 100;

statement!(EVERY_USER, reads every row = concat!(
    "SELECT user_no, content_hash, ",
    okta_user_columns!("users"),
    " FROM users ORDER BY user_no"
));

/// The rules, each as a statement that counts the rows that break it.
const RULES: &[(&str, &str)] = &[
    (
        "present Okta users without a match state",
        "SELECT count(*) FROM present_users AS u
          WHERE NOT EXISTS (SELECT 1 FROM okta_matches AS m WHERE m.user_no = u.user_no)
            AND NOT EXISTS (SELECT 1 FROM okta_alone AS a WHERE a.user_no = u.user_no)",
    ),
    (
        "match states of Okta users who are not present",
        "SELECT count(*) FROM (SELECT user_no FROM okta_matches UNION SELECT user_no FROM okta_alone) AS m
          WHERE NOT EXISTS (SELECT 1 FROM present_users AS u WHERE u.user_no = m.user_no)",
    ),
    (
        "Okta users who are both alone and not",
        "SELECT count(*) FROM okta_matches AS m
          WHERE (m.state = 'okta_only') <> EXISTS (SELECT 1 FROM okta_alone AS a WHERE a.user_no = m.user_no)",
    ),
    (
        "Jira users without a match state",
        "SELECT count(*) FROM jira_users AS u
          WHERE NOT EXISTS (SELECT 1 FROM okta_matches AS t WHERE t.jira_no = u.jira_no)
            AND NOT EXISTS (SELECT 1 FROM jira_matches AS m WHERE m.jira_no = u.jira_no)
            AND NOT EXISTS (SELECT 1 FROM jira_alone AS a WHERE a.jira_no = u.jira_no)",
    ),
    (
        "match states of Jira users who are not there",
        "SELECT count(*)
           FROM (SELECT jira_no FROM okta_matches WHERE jira_no IS NOT NULL
                  UNION SELECT jira_no FROM jira_matches UNION SELECT jira_no FROM jira_alone) AS m
          WHERE NOT EXISTS (SELECT 1 FROM jira_users AS u WHERE u.jira_no = m.jira_no)",
    ),
    (
        "Jira users who are both alone and not",
        "SELECT count(*) FROM jira_matches AS m
          WHERE (m.state = 'jira_only') <> EXISTS (SELECT 1 FROM jira_alone AS a WHERE a.jira_no = m.jira_no)",
    ),
    (
        "Jira users who are both tied and not",
        "SELECT count(*) FROM okta_matches AS t
          WHERE EXISTS (SELECT 1 FROM jira_matches AS m WHERE m.jira_no = t.jira_no)
             OR EXISTS (SELECT 1 FROM jira_alone AS a WHERE a.jira_no = t.jira_no)",
    ),
    (
        "kept counts that are not those of the rows",
        "SELECT count(*)
           FROM (SELECT kind, name FROM (SELECT * FROM kept_counts EXCEPT SELECT * FROM counted)
                  UNION
                 SELECT kind, name FROM (SELECT * FROM counted EXCEPT SELECT * FROM kept_counts))",
    ),
    (
        "matches by a value that the Jira user does not carry",
        "SELECT count(*)
           FROM (SELECT jira_no, rule, value FROM okta_matches WHERE state = 'matched'
                  UNION ALL SELECT jira_no, rule, value FROM jira_matches) AS m
           JOIN jira_users AS j ON j.jira_no = m.jira_no
          WHERE m.value IS NOT CASE WHEN m.rule LIKE '%=username' THEN j.username_key
                                    WHEN m.rule LIKE '%=email' THEN j.email_key
                                    WHEN m.rule LIKE '%=key' THEN j.key_key END",
    ),
    (
        "ambiguous Okta users without a candidate",
        "SELECT count(*) FROM okta_matches AS o
          WHERE o.state = 'ambiguous'
            AND NOT EXISTS (SELECT 1 FROM jira_matches AS j
                             WHERE j.state = 'ambiguous' AND j.rule = o.rule AND j.value = o.value)",
    ),
    (
        "ambiguous Jira users without a candidate",
        "SELECT count(*) FROM jira_matches AS j
          WHERE j.state = 'ambiguous'
            AND NOT EXISTS (SELECT 1 FROM okta_matches AS o
                             WHERE o.state = 'ambiguous' AND o.rule = j.rule AND o.value = j.value)",
    ),
    (
        "managers without the value by which they are named",
        "SELECT count(*) FROM managers AS m JOIN users AS o ON o.user_no = m.manager_no
          WHERE m.value <> o.okta_id
            AND m.value_key NOT IN (o.login_key, o.email_key, o.login_local_part_key)
            AND NOT EXISTS (SELECT 1 FROM user_attributes AS a
                             WHERE a.user_no = o.user_no AND a.value_key = m.value_key)",
    ),
    (
        "pinned pairs without a pin",
        "SELECT count(*) FROM okta_matches AS m
           JOIN users AS u ON u.user_no = m.user_no
           JOIN jira_users AS j ON j.jira_no = m.jira_no
          WHERE m.state = 'pinned'
            AND NOT EXISTS (SELECT 1 FROM pins AS p WHERE p.okta_id = u.okta_id AND p.jira_key = j.key)",
    ),
    (
        "Okta users whose folded keys are not those of their login, e-mail and name",
        "SELECT count(*) FROM users
          WHERE login_key <> fold(login) OR email_key <> fold(email) OR name_key <> fold(display_name)",
    ),
    (
        "Okta users who are searched for by other texts than theirs",
        "SELECT count(*) FROM users WHERE search_text <> search_text(display_name, profile, login, email)",
    ),
    (
        "Jira users whose folded keys are not those of their key, username and e-mail",
        "SELECT count(*) FROM jira_users
          WHERE key_key <> fold(key) OR username_key <> fold(username) OR email_key <> fold(email)",
    ),
    (
        "Jira users who are searched for by other texts than theirs",
        "SELECT count(*) FROM jira_users WHERE search_text <> search_text(display_name, '', username, email)",
    ),
    (
        "Okta users of a run that is neither published nor unfinished",
        "SELECT count(*) FROM users
          WHERE inserted_run > (SELECT published_run FROM directory)
            AND inserted_run NOT IN (SELECT run FROM sync_runs WHERE finished IS NULL)",
    ),
    (
        "staged users of a run that is not unfinished",
        "SELECT count(*) FROM staged_users
          WHERE run NOT IN (SELECT run FROM sync_runs WHERE finished IS NULL)",
    ),
    (
        "slices of a run that is not unfinished",
        "SELECT count(*) FROM sync_slices
          WHERE run NOT IN (SELECT run FROM sync_runs WHERE finished IS NULL)",
    ),
];

/// Checks everything. It takes seconds with 100 000 users. Readers and the writer can work meanwhile.
pub fn check(conn: &Connection) -> Result<IntegrityReport> {
    let mut report = IntegrityReport {
        sqlite: check_sqlite(conn)?,
        directory: Vec::new(),
    };
    for (rule, sql) in RULES {
        let Count(broken) = conn.query_row(sql, [], |row| row.get(0))?;
        if broken > 0 {
            report.directory.push(format!("{broken} {rule}"));
        }
    }
    check_hashes(conn, &mut report.directory)?;
    check_look_ups(conn, &mut report.directory)?;
    check_digest(conn, &mut report.directory)?;
    Ok(report)
}

fn check_sqlite(conn: &Connection) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let mut statement = conn.prepare(&format!("PRAGMA integrity_check({MAX_FINDINGS})"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let finding: String = row.get(0)?;
        if finding != "ok" {
            findings.push(finding);
        }
    }
    let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()?.filter(|_| findings.len() < MAX_FINDINGS) {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        findings.push(format!(
            "a row of {table} refers to a row of {parent} that is not there"
        ));
    }
    Ok(findings)
}

fn check_hashes(conn: &Connection, findings: &mut Vec<String>) -> Result<()> {
    let mut statement = conn.prepare(EVERY_USER)?;
    let mut rows = statement.query([])?;
    let (mut differing, mut first) = (0_u64, 0_i64);
    while let Some(row) = rows.next()? {
        let stored: ContentHash = row.get(1)?;
        if content_hash(&row::read(row, 2)?) != stored {
            if differing == 0 {
                first = row.get(0)?;
            }
            differing += 1;
        }
    }
    if differing > 0 {
        findings.push(format!(
            "{differing} Okta users are not as they were written, the first has number {first}"
        ));
    }
    Ok(())
}

fn check_look_ups(conn: &Connection, findings: &mut Vec<String>) -> Result<()> {
    let damaged = look_up_damage::find(conn)?;
    if let Some(first) = damaged.first() {
        let many = damaged.len();
        findings.push(format!(
            "{many} Okta users whose rows in the look-up tables differ from their profiles, the first has number {first}"
        ));
    }
    Ok(())
}

fn check_digest(conn: &Connection, findings: &mut Vec<String>) -> Result<()> {
    let now: Digest = users::digest(conn)?;
    if org::get(conn)?.digest.is_some_and(|published| published != now) {
        findings.push("the present users are not those of the last complete run".to_owned());
    }
    Ok(())
}
