//! `find`, `list`, `where` and `managers`: people of the directory, without the network.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use okta_profiles::engine::Engine;
use okta_profiles::error::{Error, ErrorCode, Result};
use okta_profiles::export::EntryLine;
use okta_profiles::model::{DirectoryEntry, SearchField, UserCriterion, View};
use serde_json::json;

use super::entries::{EVERY_KIND, FindBy, lookup, show_entries, view};
use super::output::{PAGE, escaped, output_failed, say};
use super::{json, schema};

/// Arguments of `find`.
#[derive(Debug, Args)]
pub struct FindArguments {
    /// What to look for.
    pub value: String,
    /// By what to look; without it every kind is tried in the order of this list.
    #[arg(long, value_enum)]
    pub by: Option<FindBy>,
    /// List the users whose name, login or e-mail begins with the value.
    #[arg(long, conflicts_with = "by")]
    pub prefix: bool,
    /// Only those of this view, with --prefix: matched, okta-only, jira-only, ambiguous, jira-ambiguous, all,
    /// absent or deactivated.
    #[arg(long, default_value = "all", value_parser = view, requires = "prefix")]
    pub view: View,
    /// Show the profile under titles instead of keys, in the order of the schema.
    #[arg(long, conflicts_with = "prefix")]
    pub titles: bool,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// matched, okta-only, jira-only, ambiguous, jira-ambiguous, all, absent or deactivated.
    #[arg(long, default_value = "matched", value_parser = view)]
    pub view: View,
    /// At most this many entries; all without it.
    #[arg(long)]
    pub limit: Option<usize>,
}

/// Arguments of `managers`.
#[derive(Debug, Args)]
pub struct ManagersArguments {
    /// The user: Jira key, Jira username, Okta id, login or e-mail.
    pub user: String,
    /// List those who report to the user instead.
    #[arg(long)]
    pub reports: bool,
}

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
                return schema::titles(engine, &user.id, as_json, out);
            }
            let line = EntryLine::from(entry);
            let text = if as_json { json::line(&line) } else { pretty(&line) };
            writeln!(out, "{text}").map_err(output_failed)?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    Err(Error::new(ErrorCode::NotFound))
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
        say("More users begin like this; a longer text finds fewer.");
    }
    Ok(ExitCode::SUCCESS)
}

fn pretty(line: &EntryLine) -> String {
    escaped(&serde_json::to_string_pretty(line).unwrap_or_default())
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

/// Prints keys of Jira users, one a line.
pub fn users_where(
    engine: &Engine,
    name: &str,
    value: &str,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let mut after = String::new();
    loop {
        let page = engine.users_where(UserCriterion::from_words(name, value), &after, PAGE)?;
        for key in &page.keys {
            let written = match as_json {
                true => writeln!(out, "{}", json!({"jira_key": key})),
                false => writeln!(out, "{key}"),
            };
            written.map_err(output_failed)?;
        }
        match page.next {
            Some(next) => after = next,
            None => return Ok(ExitCode::SUCCESS),
        }
    }
}

/// Shows managers or reports of a user.
pub fn managers(
    engine: &Engine,
    arguments: &ManagersArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    for kind in EVERY_KIND {
        let user = lookup(*kind, &arguments.user);
        // A Jira user without an Okta user may have the login of one.
        if engine.find(user)?.is_none_or(|entry| entry.okta.is_none()) {
            continue;
        }
        if !arguments.reports {
            show_entries(engine.managers_of(user)?, as_json, out).map_err(output_failed)?;
            return Ok(ExitCode::SUCCESS);
        }
        let mut after = 0;
        loop {
            let reports = engine.reports_of(user, after, PAGE)?;
            let Some(last) = reports.last() else {
                return Ok(ExitCode::SUCCESS);
            };
            after = last.cursor;
            show_entries(reports, as_json, out).map_err(output_failed)?;
        }
    }
    Err(Error::new(ErrorCode::NotFound))
}
