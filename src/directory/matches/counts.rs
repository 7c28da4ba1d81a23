//! Counting match states, in the lasting tables or in a proposal.

use rusqlite::Connection;

use crate::directory::values::Count;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{MatchCounts, MatchState};

/// Which tables are counted.
#[derive(Clone, Copy)]
pub(super) enum Tables {
    /// The states that readers see.
    Lasting,
    /// What a proposal has worked out.
    Proposed,
}

impl Tables {
    fn okta(self) -> &'static str {
        match self {
            Tables::Lasting => "okta_matches",
            Tables::Proposed => "temp.okta_result",
        }
    }

    fn jira(self) -> &'static str {
        match self {
            Tables::Lasting => "jira_matches",
            Tables::Proposed => "temp.jira_result",
        }
    }
}

const RULES: &str = "SELECT rules FROM directory";

/// The match states as they are, pairs by rule in the order in which the rules were applied.
pub fn counts(conn: &Connection) -> Result<MatchCounts> {
    let rules: String = conn.prepare_cached(RULES)?.query_row([], |row| row.get(0))?;
    let rules: Vec<String> = serde_json::from_str(&rules).map_err(|_| {
        Error::about(
            ErrorCode::DirectoryCorrupt,
            "the names of the rules cannot be read",
        )
    })?;
    take(conn, Tables::Lasting, &rules)
}

/// Counts the states in these tables; `rules` gives the order of the pairs by rule.
pub(super) fn take(conn: &Connection, tables: Tables, rules: &[String]) -> Result<MatchCounts> {
    let okta = by_state(conn, tables.okta())?;
    let jira = by_state(conn, tables.jira())?;
    let of = |counts: &[(MatchState, u64)], state| {
        counts
            .iter()
            .find(|(other, _)| *other == state)
            .map_or(0, |(_, count)| *count)
    };
    let pairs = by_rule(conn, tables.okta())?;
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

fn by_state(conn: &Connection, table: &str) -> Result<Vec<(MatchState, u64)>> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT state, count(*) FROM {table} GROUP BY state"))?;
    let counts = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, Count>(1)?.0)))?;
    Ok(counts.collect::<rusqlite::Result<_>>()?)
}

fn by_rule(conn: &Connection, table: &str) -> Result<Vec<(String, u64)>> {
    let sql = format!("SELECT rule, count(*) FROM {table} WHERE state = 'matched' GROUP BY rule");
    let mut statement = conn.prepare_cached(&sql)?;
    let counts = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, Count>(1)?.0)))?;
    Ok(counts.collect::<rusqlite::Result<_>>()?)
}
