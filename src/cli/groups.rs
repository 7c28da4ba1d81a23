//! `groups`: groups, the members of one, the groups of a user, without the network.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use okta_profiles::engine::Engine;
use okta_profiles::error::Result;
use okta_profiles::model::{Group, GroupFilter};

use super::output::{PAGE, output_failed, show_json};
use super::table;

/// Arguments of `groups`.
#[derive(Debug, Args)]
pub struct GroupsArguments {
    /// Only groups of this type, such as OKTA_GROUP.
    #[arg(long = "type", value_name = "TYPE", default_value = "")]
    pub kind: String,
    /// Only groups whose name begins like this.
    #[arg(long, default_value = "")]
    pub prefix: String,
    /// List the members of this group instead.
    #[arg(long, value_name = "GROUP_ID", conflicts_with_all = ["kind", "prefix", "of"])]
    pub members: Option<String>,
    /// List the groups of the user with this Jira key or Okta id instead.
    #[arg(long, value_name = "KEY_OR_ID", conflicts_with_all = ["kind", "prefix"])]
    pub of: Option<String>,
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
