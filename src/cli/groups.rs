//! `groups`: groups, the members of one, the groups of a user, without the network.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use okta_profiles::contract::errors::Result;
use okta_profiles::engine::Engine;
use okta_profiles::model::{Group, GroupFilter};

use super::output::{PAGE, output_failed, say, show_json};
use super::{known, table};

/// Arguments of `groups`.
#[derive(Debug, Args)]
pub struct GroupsArguments {
    /// Only groups of this type, such as OKTA_GROUP.
    #[arg(long = "type", value_name = "TYPE", default_value = "")]
    pub kind: String,
    /// Only groups whose name begins with this text.
    #[arg(long, default_value = "")]
    pub prefix: String,
    /// List the members of this group instead.
    #[arg(long, value_name = "ID_OR_NAME", conflicts_with_all = ["kind", "prefix", "of"])]
    pub members: Option<String>,
    /// List the groups of this user instead: Jira key, Jira username, Okta id, login or e-mail address.
    #[arg(long, value_name = "USER", conflicts_with_all = ["kind", "prefix"])]
    pub of: Option<String>,
}

/// Lists groups, the members of one, or the groups of a user.
pub fn groups(
    engine: &Engine,
    arguments: &GroupsArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    if let Some(group) = &arguments.members {
        return members(engine, &known::group(engine, group)?, as_json, out);
    }
    if let Some(user) = &arguments.of {
        let found = engine.groups_of_okta_user(&known::okta_id(engine, user)?, PAGE)?;
        if found.is_empty() {
            say("This user is in no group that was read.");
            return Ok(ExitCode::SUCCESS);
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
        if after.is_empty() && page.groups.is_empty() {
            return nothing(engine, arguments);
        }
        show_groups(&page.groups, as_json, out)?;
        match page.next {
            Some(next) => after = next,
            None => return Ok(ExitCode::SUCCESS),
        }
    }
}

/// Why no group is listed.
fn nothing(engine: &Engine, arguments: &GroupsArguments) -> Result<ExitCode> {
    let is_filtered = !arguments.kind.is_empty() || !arguments.prefix.is_empty();
    let any = GroupFilter {
        kind: "",
        name_prefix: "",
    };
    match is_filtered && !engine.groups(any, "", 1)?.groups.is_empty() {
        true => say("No group is of this type and begins like this."),
        false => say(known::no_groups(engine)?),
    }
    Ok(ExitCode::SUCCESS)
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

fn members(engine: &Engine, group: &Group, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    let mut after = String::new();
    loop {
        let members = engine.group_members(&group.id, &after, PAGE)?;
        let Some(last) = members.last() else {
            match (after.is_empty(), group.member_count) {
                (true, None) => say("The members of this group were not read yet; the next sync reads them."),
                (true, Some(_)) => say("This group has no members."),
                (false, _) => {}
            }
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
