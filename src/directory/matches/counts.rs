//! Counting match states.

use rusqlite::Connection;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::store::statement::statement;
use crate::directory::store::values::Count;
use crate::model::{MatchCounts, MatchState};

statement!(RULES = "SELECT rules FROM directory");

statement!(OKTA_STATES = "SELECT state, count(*) FROM okta_matches GROUP BY state");

statement!(JIRA_STATES = "SELECT state, count(*) FROM jira_matches GROUP BY state");

statement!(PAIRS_BY_RULE, reads every row = "SELECT rule, count(*) FROM okta_matches WHERE state = 'matched' GROUP BY rule");

/// The match states as they are, pairs by rule in the order in which the rules were applied.
pub fn counts(conn: &Connection) -> Result<MatchCounts> {
    let rules: String = conn.prepare_cached(RULES)?.query_row([], |row| row.get(0))?;
    let rules: Vec<String> = serde_json::from_str(&rules).map_err(|_| {
        Error::about(
            ErrorCode::DirectoryCorrupt,
            "the names of the rules cannot be read",
        )
    })?;
    let okta = by_state(conn, OKTA_STATES)?;
    let jira = by_state(conn, JIRA_STATES)?;
    let of = |counts: &[(MatchState, u64)], state| {
        counts
            .iter()
            .find(|(other, _)| *other == state)
            .map_or(0, |(_, count)| *count)
    };
    let pairs = by_rule(conn)?;
    let pairs_of = |rule: &String| {
        pairs
            .iter()
            .find(|(name, _)| name == rule)
            .map_or(0, |(_, count)| *count)
    };
    Ok(MatchCounts {
        matched: of(&okta, MatchState::Matched),
        pinned: of(&okta, MatchState::Pinned),
        okta_ambiguous: of(&okta, MatchState::Ambiguous),
        jira_ambiguous: of(&jira, MatchState::Ambiguous),
        okta_only: of(&okta, MatchState::OktaOnly),
        jira_only: of(&jira, MatchState::JiraOnly),
        by_rule: rules.iter().map(|rule| (rule.clone(), pairs_of(rule))).collect(),
    })
}

fn by_state(conn: &Connection, sql: &str) -> Result<Vec<(MatchState, u64)>> {
    let mut statement = conn.prepare_cached(sql)?;
    let counts = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, Count>(1)?.0)))?;
    Ok(counts.collect::<rusqlite::Result<_>>()?)
}

fn by_rule(conn: &Connection) -> Result<Vec<(String, u64)>> {
    let mut statement = conn.prepare_cached(PAIRS_BY_RULE)?;
    let counts = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, Count>(1)?.0)))?;
    Ok(counts.collect::<rusqlite::Result<_>>()?)
}
