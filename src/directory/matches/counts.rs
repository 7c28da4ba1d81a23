//! The numbers of users by match state. They are stored beside the rows.

use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::kept_counts::{self, Counts, OKTA_ONLY};
use crate::directory::store::statement::statement;
use crate::directory::store::values::lossy;
use crate::model::{MatchCounts, MatchState};

statement!(RULES = "SELECT rules FROM directory");

statement!(
    STATE_OF_OKTA = "SELECT state, rule FROM okta_matches WHERE user_no = ?1 AND state <> 'okta_only'"
);
statement!(IS_ALONE_IN_OKTA = "SELECT 1 FROM okta_alone WHERE user_no = ?1");
statement!(IS_AMBIGUOUS_IN_JIRA = "SELECT 1 FROM jira_matches WHERE jira_no = ?1 AND state = 'ambiguous'");
statement!(IS_ALONE_IN_JIRA = "SELECT 1 FROM jira_alone WHERE jira_no = ?1");

const MATCHED: &str = "matched";
const PINNED: &str = "pinned";
const OKTA_AMBIGUOUS: &str = "okta_ambiguous";
const JIRA_AMBIGUOUS: &str = "jira_ambiguous";
const JIRA_ONLY: &str = "jira_only";

const KINDS: [&str; 6] = [
    MATCHED,
    PINNED,
    OKTA_AMBIGUOUS,
    JIRA_AMBIGUOUS,
    OKTA_ONLY,
    JIRA_ONLY,
];

/// The stored counts. Pairs are given by rule, in the order in which the rules were applied.
pub fn counts(conn: &Connection) -> Result<MatchCounts> {
    let rules: String = conn.prepare_cached(RULES)?.query_row([], |row| row.get(0))?;
    let rules: Vec<String> = serde_json::from_str(&rules).map_err(|_| {
        Error::about(
            ErrorCode::DirectoryCorrupt,
            "the names of the rules cannot be read",
        )
    })?;
    let kept = kept_counts::kept(conn)?;
    Ok(MatchCounts {
        matched: kept.of(MATCHED).map(|(_, pairs)| pairs).sum(),
        pinned: kept.get(PINNED, ""),
        okta_ambiguous: kept.get(OKTA_AMBIGUOUS, ""),
        jira_ambiguous: kept.get(JIRA_AMBIGUOUS, ""),
        okta_only: kept.get(OKTA_ONLY, ""),
        jira_only: kept.get(JIRA_ONLY, ""),
        by_rule: rules
            .into_iter()
            .map(|rule| {
                let pairs = kept.get(MATCHED, &rule);
                (rule, pairs)
            })
            .collect(),
    })
}

/// Stores the counts of a matching of everybody.
pub(super) fn keep(tx: &Transaction<'_>, counts: &MatchCounts) -> Result<()> {
    let mut kept = Counts::default();
    for (rule, pairs) in &counts.by_rule {
        kept.add(MATCHED, rule, signed(*pairs));
    }
    for (kind, users) in [
        (PINNED, counts.pinned),
        (OKTA_AMBIGUOUS, counts.okta_ambiguous),
        (JIRA_AMBIGUOUS, counts.jira_ambiguous),
        (OKTA_ONLY, counts.okta_only),
        (JIRA_ONLY, counts.jira_only),
    ] {
        kept.add(kind, "", signed(users));
    }
    kept_counts::replace(tx, &KINDS, kept)
}

fn signed(users: u64) -> i64 {
    i64::try_from(users).unwrap_or(i64::MAX)
}

/// Adds the stored state of an Okta user, `by` times.
pub(super) fn add_okta(conn: &Connection, user_no: i64, by: i64, to: &mut Counts) -> Result<()> {
    let mut statement = conn.prepare_cached(STATE_OF_OKTA)?;
    let state = statement.query_row([user_no], |row| {
        Ok((lossy(row, 0)?.into_owned(), lossy(row, 1)?.into_owned()))
    });
    match state.optional()? {
        Some((state, rule)) if state == MatchState::Matched.name() => to.add(MATCHED, &rule, by),
        Some((state, _)) if state == MatchState::Pinned.name() => to.add(PINNED, "", by),
        Some(_) => to.add(OKTA_AMBIGUOUS, "", by),
        None => {}
    }
    if conn.prepare_cached(IS_ALONE_IN_OKTA)?.exists([user_no])? {
        to.add(OKTA_ONLY, "", by);
    }
    Ok(())
}

/// Adds the stored state of a Jira user, `by` times. A pair is counted only with its Okta user.
pub(super) fn add_jira(conn: &Connection, jira_no: i64, by: i64, to: &mut Counts) -> Result<()> {
    for (sql, kind) in [
        (IS_AMBIGUOUS_IN_JIRA, JIRA_AMBIGUOUS),
        (IS_ALONE_IN_JIRA, JIRA_ONLY),
    ] {
        if conn.prepare_cached(sql)?.exists([jira_no])? {
            to.add(kind, "", by);
        }
    }
    Ok(())
}
