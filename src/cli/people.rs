//! `find`, `list` and `managers`: people of the directory, without the network.

use std::collections::HashSet;
use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use okta_profiles::contract::errors::Result;
use okta_profiles::engine::Engine;
use okta_profiles::export::EntryLine;
use okta_profiles::model::{DirectoryEntry, Lookup, SearchField, View};

use super::entries::{EVERY_KIND, FindBy, lookup, show_entries, view};
use super::output::{PAGE, escaped, output_failed, say};
use super::{json, known, schema};

/// Arguments of `find`.
#[derive(Debug, Args)]
pub struct FindArguments {
    /// The key, or the text with --prefix or --contains.
    pub value: String,
    /// The kind of key; without it every kind is tried in the order of this list.
    #[arg(long, value_enum)]
    pub by: Option<FindBy>,
    /// List the users whose name, login or e-mail begins with the value.
    #[arg(long, conflicts_with = "by", group = "many")]
    pub prefix: bool,
    /// List the users whose name, login or e-mail contains the value, a last name for instance.
    #[arg(long, conflicts_with = "by", group = "many")]
    pub contains: bool,
    /// With --prefix or --contains, only users of this view: matched, okta_only, jira_only, ambiguous, jira_ambiguous,
    /// all, absent, deactivated or orphaned.
    #[arg(long, default_value = "all", value_parser = view, requires = "many")]
    pub view: View,
    /// Show the profile under titles instead of keys, in the order of the schema.
    #[arg(long, conflicts_with = "many")]
    pub titles: bool,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    /// The view: matched, okta_only, jira_only, ambiguous, jira_ambiguous, all, absent, deactivated or orphaned.
    #[arg(long, default_value = "matched", value_parser = view)]
    pub view: View,
    /// Show at most this many entries; without it all of them.
    #[arg(long)]
    pub limit: Option<usize>,
}

/// Arguments of `managers`.
#[derive(Debug, Args)]
pub struct ManagersArguments {
    /// The user: Jira key, Jira username, Okta id, login or e-mail.
    pub user: String,
    /// List the users who report to this user instead.
    #[arg(long)]
    pub reports: bool,
}

/// Shows one user, or those found by the beginning or a part of a name, login or address.
pub fn find(
    engine: &Engine,
    arguments: &FindArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let fields = match (arguments.prefix, arguments.contains) {
        (true, _) => [SearchField::Name, SearchField::Login, SearchField::Email],
        (_, true) => [
            SearchField::InsideName,
            SearchField::InsideLogin,
            SearchField::InsideEmail,
        ],
        (false, false) => return find_one(engine, arguments, as_json, out),
    };
    find_many(engine, fields, arguments, as_json, out)
}

fn find_one(
    engine: &Engine,
    arguments: &FindArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
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
    Err(known::unknown(
        "Nobody in the directory has this key, id, username, login or e-mail address; look for a part of a name with: find --contains TEXT",
    ))
}

fn find_many(
    engine: &Engine,
    fields: [SearchField; 3],
    arguments: &FindArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let mut found: Vec<DirectoryEntry> = Vec::new();
    let mut seen = HashSet::new();
    let mut is_cut = false;
    for field in fields {
        let mut after = String::new();
        loop {
            let page = engine.search(arguments.view, field, &arguments.value, &after, PAGE)?;
            found.extend(page.entries.into_iter().filter(|entry| seen.insert(entry.cursor)));
            match page.next {
                Some(next) if found.len() < PAGE => after = next,
                further => {
                    is_cut |= further.is_some();
                    break;
                }
            }
        }
    }
    if found.is_empty() {
        say(format_args!(
            "Nobody in the view {} matches this text.",
            arguments.view.name()
        ));
        return Ok(ExitCode::SUCCESS);
    }
    show_entries(found, as_json, out).map_err(output_failed)?;
    if is_cut {
        say("More users match this text; a longer text finds fewer.");
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
    if arguments.limit == Some(0) {
        say("--limit 0 asks for no entries; without --limit all are listed.");
    } else if first && !as_json {
        writeln!(out, "Nothing in the view {}.", arguments.view.name()).map_err(output_failed)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows managers or reports of a user.
pub fn managers(
    engine: &Engine,
    arguments: &ManagersArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let id = known::okta_id(engine, &arguments.user)?;
    let user = Lookup::OktaId(&id);
    if !arguments.reports {
        let managers = engine.managers_of(user)?;
        if managers.is_empty() {
            say(
                "No manager of this user is known; see the settings managers.attribute and managers.refers_to.",
            );
            return Ok(ExitCode::SUCCESS);
        }
        show_entries(managers, as_json, out).map_err(output_failed)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut after = 0;
    loop {
        let reports = engine.reports_of(user, after, PAGE)?;
        let Some(last) = reports.last() else { break };
        after = last.cursor;
        show_entries(reports, as_json, out).map_err(output_failed)?;
    }
    if after == 0 {
        say("Nobody reports to this user.");
    }
    Ok(ExitCode::SUCCESS)
}
