//! `find`, `list`, `changes` and `status`: what the directory answers, without the network.

use std::io::Write;
use std::process::ExitCode;

use okta_profiles::engine::Engine;
use okta_profiles::error::{Error, ErrorCode, Result};
use okta_profiles::export::EntryLine;
use okta_profiles::model::{
    Change, DirectoryEntry, DirectoryStatistics, Lookup, MatchState, SearchField, SyncReport,
};
use serde_json::json;

use super::arguments::{ChangesArguments, FindArguments, FindBy, ListArguments, StatusArguments};
use super::{beyond_users, json, output_failed, table};

/// Kinds of look-up in the order in which they are tried.
pub(super) const EVERY_KIND: &[FindBy] = &[
    FindBy::JiraKey,
    FindBy::Username,
    FindBy::OktaId,
    FindBy::Login,
    FindBy::Email,
];

/// Rows fetched in one call.
pub(super) const PAGE: usize = 1_000;

/// Shows one user, or those found by a prefix.
pub fn find(
    engine: &Engine,
    arguments: &FindArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    if arguments.prefix {
        return find_by_prefix(engine, arguments, as_json, out);
    }
    let kinds = arguments.by.as_ref().map_or(EVERY_KIND, std::slice::from_ref);
    for kind in kinds {
        if let Some(entry) = engine.find(lookup(*kind, &arguments.value))? {
            if let Some(user) = entry.okta.as_ref().filter(|_| arguments.titles) {
                return beyond_users::titles(engine, &user.id, as_json, out);
            }
            let line = EntryLine::from(entry);
            let text = if as_json { json::line(&line) } else { pretty(&line) };
            writeln!(out, "{text}").map_err(output_failed)?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    Err(Error::new(ErrorCode::NotFound))
}

pub(super) fn lookup(kind: FindBy, value: &str) -> Lookup<'_> {
    match kind {
        FindBy::JiraKey => Lookup::JiraKey(value),
        FindBy::Username => Lookup::JiraUsername(value),
        FindBy::OktaId => Lookup::OktaId(value),
        FindBy::Login => Lookup::Login(value),
        FindBy::Email => Lookup::Email(value),
    }
}

fn find_by_prefix(
    engine: &Engine,
    arguments: &FindArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let mut found: Vec<DirectoryEntry> = Vec::new();
    let mut is_cut = false;
    for field in [SearchField::Name, SearchField::Login, SearchField::Email] {
        let mut after = String::new();
        loop {
            let page = engine.search(arguments.view, field, &arguments.value, &after, PAGE)?;
            let known = |entry: &DirectoryEntry| found.iter().any(|seen| seen.cursor == entry.cursor);
            let new: Vec<DirectoryEntry> = page.entries.into_iter().filter(|entry| !known(entry)).collect();
            found.extend(new);
            match page.next {
                Some(next) if found.len() < PAGE => after = next,
                further => {
                    is_cut |= further.is_some();
                    break;
                }
            }
        }
    }
    show_entries(found, as_json, out).map_err(output_failed)?;
    if is_cut {
        eprintln!("More users begin like this; a longer text finds fewer.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists a view.
pub fn list(
    engine: &Engine,
    arguments: &ListArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let mut left = arguments.limit.unwrap_or(usize::MAX);
    let mut after = 0;
    let mut first = true;
    while left > 0 {
        let entries = engine.list(arguments.view, after, left.min(PAGE))?;
        let Some(last) = entries.last() else { break };
        after = last.cursor;
        left -= entries.len();
        first = false;
        show_entries(entries, as_json, out).map_err(output_failed)?;
    }
    if first && !as_json {
        writeln!(out, "Nothing in the view {}.", arguments.view.name()).map_err(output_failed)?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn show_entries(
    entries: Vec<DirectoryEntry>,
    as_json: bool,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if as_json {
        for entry in entries {
            writeln!(out, "{}", json::line(&EntryLine::from(entry)))?;
        }
        return Ok(());
    }
    let rows: Vec<Vec<String>> = entries.iter().map(entry_row).collect();
    table::write(
        out,
        &["okta id", "status", "login", "name", "jira user", "match"],
        &rows,
    )
}

fn entry_row(entry: &DirectoryEntry) -> Vec<String> {
    let user = entry.okta.as_ref();
    let text = |name: &str| user.and_then(|user| user.profile.text(name)).unwrap_or_default();
    let full_name = format!("{} {}", text("firstName"), text("lastName"));
    let shown = text("displayName");
    vec![
        user.map(|user| user.id.clone()).unwrap_or_default(),
        user.map(|user| user.status.clone()).unwrap_or_default(),
        text("login"),
        if shown.is_empty() {
            full_name.trim().to_owned()
        } else {
            shown
        },
        entry
            .jira
            .as_ref()
            .map(|jira| jira.username.clone())
            .unwrap_or_default(),
        explain(entry),
    ]
}

/// The rule of a match, else the state, with the rule that found an ambiguity.
fn explain(entry: &DirectoryEntry) -> String {
    match entry.state {
        MatchState::Matched => entry.rule.clone(),
        MatchState::Ambiguous => format!("ambiguous by {}", entry.rule),
        MatchState::Pinned | MatchState::OktaOnly | MatchState::JiraOnly => {
            entry.state.name().replace('_', " ")
        }
    }
}

fn pretty(line: &EntryLine) -> String {
    serde_json::to_string_pretty(line).unwrap_or_default()
}

/// Shows the change feed.
pub fn changes(
    engine: &Engine,
    arguments: &ChangesArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let mut left = arguments.limit.unwrap_or(usize::MAX);
    let mut after = arguments.after;
    while left > 0 {
        let changes = engine.changes(after, arguments.user.as_deref(), left.min(PAGE))?;
        let Some(last) = changes.last() else { break };
        after = last.position;
        left -= changes.len();
        for change in &changes {
            let text = if as_json {
                json::line(change)
            } else {
                describe(change)
            };
            writeln!(out, "{text}").map_err(output_failed)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn describe(change: &Change) -> String {
    let fields: Vec<String> = change
        .fields
        .iter()
        .map(|field| format!("{}: {} -> {}", field.field, field.from, field.to))
        .collect();
    let head = format!(
        "{:>8}  {}  run {:<4} {}  {:<8}",
        change.position,
        change.at.to_rfc3339(),
        change.run.0,
        change.okta_id,
        change.kind.name()
    );
    format!("{head} {}", fields.join("; ")).trim_end().to_owned()
}

/// Shows statistics and the last runs.
pub fn status(
    engine: &Engine,
    arguments: &StatusArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let statistics = engine.statistics()?;
    let runs = if arguments.runs > 0 {
        engine.runs(None, arguments.runs.min(PAGE))?
    } else {
        Vec::new()
    };
    let integrity = if arguments.check {
        Some(engine.check_integrity()?)
    } else {
        None
    };
    let damaged = integrity.as_ref().is_some_and(|report| !report.is_sound());
    if as_json {
        let report = json!({"directory": statistics, "runs": runs, "integrity": integrity});
        writeln!(out, "{report}").map_err(output_failed)?;
    } else {
        print_status(&statistics, &runs, out).map_err(output_failed)?;
        if let Some(report) = &integrity {
            for finding in report.sqlite.iter().chain(&report.directory) {
                writeln!(out, "damaged: {finding}").map_err(output_failed)?;
            }
            if report.is_sound() {
                writeln!(out, "The directory is sound.").map_err(output_failed)?;
            }
        }
    }
    Ok(if damaged {
        ExitCode::from(4)
    } else {
        ExitCode::SUCCESS
    })
}

fn print_status(
    statistics: &DirectoryStatistics,
    runs: &[SyncReport],
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let org = if statistics.org_id.is_empty() {
        "none yet"
    } else {
        &statistics.org_id
    };
    writeln!(out, "Org          {org}")?;
    let fresh = statistics
        .fresh_as_of
        .map_or("never completed".to_owned(), table::moment);
    writeln!(out, "Fresh as of  {fresh}")?;
    for (name, at) in [
        ("Last full   ", statistics.last_full),
        ("Last delta  ", statistics.last_delta),
    ] {
        if let Some(at) = at {
            writeln!(out, "{name} {}", table::moment(at))?;
        }
    }
    writeln!(
        out,
        "Okta users   {} present, {} absent; Jira users {}",
        statistics.okta_users, statistics.absent_users, statistics.jira_users
    )?;
    for (status, count) in &statistics.by_status {
        writeln!(out, "  {status:<18} {count}")?;
    }
    let matches = &statistics.matches;
    writeln!(
        out,
        "Matches      {} matched, {} pinned, {} ambiguous, {} Okta only, {} Jira only",
        matches.matched, matches.pinned, matches.okta_ambiguous, matches.okta_only, matches.jira_only
    )?;
    writeln!(
        out,
        "Changes      {} kept, newest {}",
        statistics.changes, statistics.last_change
    )?;
    writeln!(
        out,
        "File         {:.1} MB, schema {}",
        statistics.file_bytes as f64 / 1e6,
        statistics.schema_version
    )?;
    for run in runs {
        print_run(run, out)?;
    }
    Ok(())
}

fn print_run(run: &SyncReport, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "Run {:<8} {} {:<5} {:<11} {} seen, {} added, {} updated, {} absent, {} requests",
        run.run.0,
        run.started.to_rfc3339(),
        run.mode.name(),
        run.state.name(),
        run.seen,
        run.added,
        run.updated,
        run.absent,
        run.requests
    )?;
    if run.error_code != 0 {
        writeln!(out, "             {} ({})", run.error_message, run.error_code)?;
    }
    Ok(())
}
