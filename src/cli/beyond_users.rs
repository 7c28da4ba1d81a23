//! `groups`, `schema`, `where`, `managers`, `export` and titled profiles: what the directory answers beside
//! single users, without the network.

use std::io::Write;
use std::process::ExitCode;

use okta_profiles::engine::Engine;
use okta_profiles::error::{Error, ErrorCode, Result};
use okta_profiles::model::{Group, GroupFilter, UserCriterion};

use super::arguments::{ExportArguments, GroupsArguments, ManagersArguments, SchemaArguments};
use super::directory::{EVERY_KIND, PAGE, lookup, show_entries};
use super::{json, output_failed, table};

/// Writes a view as text.
pub fn export(engine: &Engine, arguments: &ExportArguments, out: &mut dyn Write) -> Result<ExitCode> {
    match &arguments.output {
        Some(file) => {
            let entries = engine.export_to_file(arguments.view, arguments.format, file)?;
            writeln!(out, "{entries} entries written").map_err(output_failed)?;
        }
        None => engine.export(arguments.view, arguments.format, out).map(drop)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists groups, the members of one, or the groups of a user.
pub fn groups(
    engine: &Engine,
    arguments: &GroupsArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    if let Some(group_id) = &arguments.members {
        return members(engine, group_id, as_json, out);
    }
    if let Some(user) = &arguments.of {
        let mut found = engine.groups_of_jira_user(user, PAGE)?;
        if found.is_empty() {
            found = engine.groups_of_okta_user(user, PAGE)?;
        }
        return show_groups(&found, as_json, out);
    }
    let filter = GroupFilter {
        kind: &arguments.kind,
        name_prefix: &arguments.prefix,
    };
    let mut after = String::new();
    loop {
        let page = engine.groups(filter, &after, PAGE)?;
        show_groups(&page.groups, as_json, out)?;
        match page.next {
            Some(next) => after = next,
            None => return Ok(ExitCode::SUCCESS),
        }
    }
}

fn show_groups(groups: &[Group], as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    if as_json {
        show_json(groups, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|group| {
            let members = group
                .member_count
                .map_or("not read".to_owned(), |count| count.to_string());
            let description = group.description.clone().unwrap_or_default();
            vec![
                group.id.clone(),
                group.kind.clone(),
                group.name.clone(),
                members,
                description,
            ]
        })
        .collect();
    let heading = ["ID", "TYPE", "NAME", "MEMBERS", "DESCRIPTION"];
    table::write(out, &heading, &rows).map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}

fn members(engine: &Engine, group_id: &str, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    let mut after = String::new();
    loop {
        let members = engine.group_members(group_id, &after, PAGE)?;
        let Some(last) = members.last() else {
            return Ok(ExitCode::SUCCESS);
        };
        after = last.okta_id.clone();
        if as_json {
            show_json(&members, out)?;
            continue;
        }
        let text = |text: Option<String>| text.unwrap_or_default();
        let rows: Vec<Vec<String>> = members
            .into_iter()
            .map(|member| {
                vec![
                    member.okta_id,
                    text(member.status),
                    text(member.login),
                    text(member.display_name),
                    text(member.jira_key),
                ]
            })
            .collect();
        let heading = ["OKTA ID", "STATUS", "LOGIN", "NAME", "JIRA KEY"];
        table::write(out, &heading, &rows).map_err(output_failed)?;
    }
}

/// Shows user types and the attributes of one.
pub fn schema(
    engine: &Engine,
    arguments: &SchemaArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let types = engine.user_types()?;
    let attributes = engine.attributes(arguments.type_id.as_deref())?;
    if as_json {
        show_json(&attributes, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    if types.is_empty() {
        writeln!(out, "No schemas yet: sync with a credential that may read them.").map_err(output_failed)?;
        return Ok(ExitCode::SUCCESS);
    }
    for user_type in types {
        let default = if user_type.is_default { " (default)" } else { "" };
        writeln!(out, "Type {}  {}{default}", user_type.id, user_type.display_name).map_err(output_failed)?;
    }
    let rows: Vec<Vec<String>> = attributes
        .into_iter()
        .map(|attribute| {
            let kind = match attribute.items_type {
                Some(items) => format!("{} of {items}", attribute.kind),
                None => attribute.kind,
            };
            let custom = if attribute.custom { "custom" } else { "base" };
            vec![attribute.name, attribute.title, kind, custom.to_owned()]
        })
        .collect();
    table::write(out, &["NAME", "TITLE", "TYPE", "FROM"], &rows).map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}

/// Shows a profile under titles.
pub(super) fn titles(engine: &Engine, okta_id: &str, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    let values = engine.titled_profile(okta_id)?;
    if as_json {
        show_json(&values, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = values
        .into_iter()
        .map(|value| {
            let text = serde_json::from_str(value.value.get());
            vec![value.title, text.unwrap_or_else(|_| value.value.get().to_owned())]
        })
        .collect();
    table::write(out, &["TITLE", "VALUE"], &rows).map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints keys of Jira users, one a line.
pub fn users_where(engine: &Engine, name: &str, value: &str, out: &mut dyn Write) -> Result<ExitCode> {
    let mut after = String::new();
    loop {
        let page = engine.users_where(UserCriterion::from_words(name, value), &after, PAGE)?;
        for key in &page.keys {
            writeln!(out, "{key}").map_err(output_failed)?;
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

fn show_json<T: serde::Serialize>(records: &[T], out: &mut dyn Write) -> Result<()> {
    for record in records {
        writeln!(out, "{}", json::line(record)).map_err(output_failed)?;
    }
    Ok(())
}
