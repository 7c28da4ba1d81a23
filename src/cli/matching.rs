//! `match` and `candidates`: rules tried against the present directory.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use okta_profiles::contract::errors::Result;
use okta_profiles::engine::Engine;
use okta_profiles::model::{Candidate, Lookup, MatchCounts, MatchState};
use serde_json::json;

use super::entries::explain;
use super::output::{output_failed, say};
use super::{json, known, table};

/// The most candidates that are shown.
const MAX_CANDIDATES: usize = 1_000;

/// Arguments of `match`.
#[derive(Debug, Args)]
pub struct MatchArguments {
    /// The rules in order, such as "login=username, email=email"; without it the rules in force.
    #[arg(long)]
    pub rules: Option<String>,
    /// Only show what the rules would do.
    #[arg(long)]
    pub preview: bool,
}

/// Arguments of `candidates`.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct CandidatesArguments {
    /// Candidates for this Okta user.
    #[arg(long, value_name = "ID")]
    pub okta_id: Option<String>,
    /// Candidates for this Jira user.
    #[arg(long, value_name = "KEY")]
    pub jira_key: Option<String>,
}

/// Matches anew, or previews rules.
pub fn run(
    engine: &Engine,
    arguments: &MatchArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let in_force = engine.setting("matching.rules")?;
    let rules = arguments.rules.as_deref().unwrap_or(&in_force);
    if arguments.preview {
        let preview = engine.preview_matching(rules)?;
        if as_json {
            writeln!(out, "{}", json::line(&preview)).map_err(output_failed)?;
        } else {
            let rows = count_rows(&preview.present, &preview.proposed);
            table::write(out, &["", "now", "with these rules"], &rows).map_err(output_failed)?;
            writeln!(out, "{} pairs gained, {} lost", preview.gained, preview.lost).map_err(output_failed)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    engine.set("matching.rules", rules)?;
    if arguments.rules.is_some() && !as_json {
        say("These rules hold until the next run; `set \"matching.rules=…\"` keeps them.");
    }
    let counts = engine.rematch()?;
    if as_json {
        writeln!(out, "{}", json::line(&counts)).map_err(output_failed)?;
    } else {
        let rows: Vec<Vec<String>> = named(&counts)
            .into_iter()
            .map(|(name, count)| vec![name, count])
            .collect();
        table::write(out, &["state", "users"], &rows).map_err(output_failed)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows the users of the other side that an ambiguous user could be.
pub fn candidates(
    engine: &Engine,
    of: &CandidatesArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let found = match (&of.okta_id, &of.jira_key) {
        (Some(id), _) => engine.candidates_of_okta_user(id, MAX_CANDIDATES)?,
        (None, Some(key)) => engine.candidates_of_jira_user(key, MAX_CANDIDATES)?,
        (None, None) => Vec::new(),
    };
    if found.is_empty() {
        return no_candidates(engine, of);
    }
    if as_json {
        for candidate in &found {
            writeln!(out, "{}", candidate_json(candidate)).map_err(output_failed)?;
        }
    } else {
        let rows: Vec<Vec<String>> = found.iter().map(candidate_row).collect();
        table::write(
            out,
            &["id or key", "login or username", "rule", "value", "why"],
            &rows,
        )
        .map_err(output_failed)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether the user is unknown, or not ambiguous.
fn no_candidates(engine: &Engine, of: &CandidatesArguments) -> Result<ExitCode> {
    let entry = match (&of.okta_id, &of.jira_key) {
        (Some(id), _) => engine.find(Lookup::OktaId(id))?,
        (None, Some(key)) => engine.find(Lookup::JiraKey(key))?,
        (None, None) => None,
    };
    let entry = entry.ok_or_else(|| {
        known::unknown("No user of the directory has this id or key; look for one with: find --contains TEXT")
    })?;
    say(format_args!(
        "Only ambiguous users have candidates; this one is: {}.",
        explain(&entry)
    ));
    Ok(ExitCode::SUCCESS)
}

fn candidate_json(candidate: &Candidate) -> serde_json::Value {
    json!({
        "okta_id": candidate.okta.as_ref().map(|user| &user.id),
        "status": candidate.okta.as_ref().map(|user| &user.status),
        "profile": candidate.okta.as_ref().map(|user| &user.profile),
        "jira": candidate.jira,
        "state": candidate.state,
        "explanation": explanation(candidate),
        "match_rule": candidate.rule,
        "match_value": candidate.value,
    })
}

fn candidate_row(candidate: &Candidate) -> Vec<String> {
    let (id, name) = match (&candidate.okta, &candidate.jira) {
        (Some(user), _) => (user.id.clone(), user.profile.text("login").unwrap_or_default()),
        (None, Some(user)) => (user.key.clone(), user.username.clone()),
        (None, None) => (String::new(), String::new()),
    };
    vec![
        id,
        name,
        candidate.rule.clone(),
        candidate.value.clone(),
        explanation(candidate).to_owned(),
    ]
}

fn explanation(candidate: &Candidate) -> &'static str {
    match candidate.state {
        MatchState::Ambiguous => "several carry the value; none is chosen",
        MatchState::OktaOnly | MatchState::JiraOnly => "it is inactive; an active account carries the value",
        MatchState::Matched | MatchState::Pinned => {
            "the user asked for is inactive; an active account carries the value and is tied to this one"
        }
    }
}

fn count_rows(now: &MatchCounts, then: &MatchCounts) -> Vec<Vec<String>> {
    let (now, then) = (named(now), named(then));
    let count_of = |counts: &[(String, String)], name: &str| {
        counts
            .iter()
            .find(|row| row.0 == name)
            .map_or("0".to_owned(), |row| row.1.clone())
    };
    let new_rules = then
        .iter()
        .filter(|row| !now.iter().any(|known| known.0 == row.0));
    now.iter()
        .chain(new_rules)
        .map(|(name, _)| vec![name.clone(), count_of(&now, name), count_of(&then, name)])
        .collect()
}

fn named(counts: &MatchCounts) -> Vec<(String, String)> {
    let states = [
        ("matched", counts.matched),
        ("pinned", counts.pinned),
        ("ambiguous Okta users", counts.okta_ambiguous),
        ("ambiguous Jira users", counts.jira_ambiguous),
        ("Okta only", counts.okta_only),
        ("Jira only", counts.jira_only),
    ];
    let rules = counts
        .by_rule
        .iter()
        .map(|(rule, count)| (format!("by {rule}"), count.to_string()));
    states
        .iter()
        .map(|(name, count)| ((*name).to_owned(), count.to_string()))
        .chain(rules)
        .collect()
}
