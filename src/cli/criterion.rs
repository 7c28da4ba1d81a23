//! `where`: keys of matched Jira users by what the Okta user is.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;

use okta_profiles::contract::errors::Result;
use okta_profiles::engine::Engine;
use okta_profiles::export::ExportFormat;
use okta_profiles::model::UserCriterion;
use okta_profiles::spelling::{closest, did_you_mean, quoted};
use serde_json::json;

use super::known;
use super::output::{PAGE, output_failed, say};

/// Okta's statuses of users.
const STATUSES: [&str; 8] = [
    "ACTIVE",
    "DEPROVISIONED",
    "LOCKED_OUT",
    "PASSWORD_EXPIRED",
    "PROVISIONED",
    "RECOVERY",
    "STAGED",
    "SUSPENDED",
];

/// Prints keys of Jira users, one a line. If nobody is found, that is an error only if the criterion names something
/// unknown.
pub fn users_where(
    engine: &Engine,
    name: &str,
    value: &str,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let criterion = UserCriterion::from_words(name, value);
    let mut after = String::new();
    let mut nobody = true;
    loop {
        let page = engine.users_where(criterion, &after, PAGE)?;
        nobody &= page.keys.is_empty();
        for key in &page.keys {
            let written = match as_json {
                true => writeln!(out, "{}", json!({"jira_key": key})),
                false => writeln!(out, "{key}"),
            };
            written.map_err(output_failed)?;
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    if nobody {
        check(engine, criterion)?;
        say("No matched user has this value.");
    }
    Ok(ExitCode::SUCCESS)
}

/// An error if the criterion names what the directory does not know.
fn check(engine: &Engine, criterion: UserCriterion<'_>) -> Result<()> {
    match criterion {
        UserCriterion::Attribute { name, .. } => check_attribute(engine, name),
        UserCriterion::Status(status) => check_status(engine, status),
        UserCriterion::Group(group) => match engine.group(group)? {
            None if known::groups_named(engine, group)?.is_empty() => {
                Err(known::unknown_group(engine, group)?)
            }
            _ => Ok(()),
        },
        UserCriterion::Manager(manager) => known::user(engine, manager).map(drop),
    }
}

fn check_attribute(engine: &Engine, name: &str) -> Result<()> {
    let held = engine.export_attributes(ExportFormat::Csv)?;
    if held.iter().any(|known| known == name) {
        return Ok(());
    }
    let mut of_schemas = BTreeSet::new();
    for user_type in engine.user_types()? {
        let attributes = engine.attributes(Some(&user_type.id))?;
        of_schemas.extend(attributes.into_iter().map(|attribute| attribute.name));
    }
    if of_schemas.contains(name) {
        let what = format!(
            "No profile in the directory holds the attribute {}: nobody has a value, or attributes.keep and \
             attributes.drop leave it out.",
            quoted(name)
        );
        say(what);
        return Ok(());
    }
    let words = ["group", "manager", "status"];
    let names = held.iter().chain(&of_schemas).map(String::as_str).chain(words);
    let meant = did_you_mean(name, names);
    let end = if meant.is_empty() {
        "; `schema` lists them."
    } else {
        &meant
    };
    Err(known::unknown(format!(
        "There is no attribute {}{end}",
        quoted(name)
    )))
}

fn check_status(engine: &Engine, status: &str) -> Result<()> {
    let by_status = engine.statistics()?.by_status;
    let all: BTreeSet<&str> = STATUSES
        .into_iter()
        .chain(by_status.iter().map(|(name, _)| name.as_str()))
        .collect();
    let wanted = status.trim().to_uppercase();
    if all.contains(wanted.as_str()) {
        return Ok(());
    }
    let end = match closest(status, all.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("Okta has {}.", all.into_iter().collect::<Vec<_>>().join(", ")),
    };
    Err(known::unknown(format!(
        "There is no status {}; {end}",
        quoted(status)
    )))
}
