//! Finds users and groups by what a person writes. An unknown name is an error, not an empty answer.

use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use okta_profiles::engine::Engine;
use okta_profiles::matching::fold;
use okta_profiles::model::{DirectoryEntry, Group, GroupFilter};
use okta_profiles::spelling::{did_you_mean, quoted};

use super::entries::{EVERY_KIND, lookup};
use super::output::PAGE;

/// The most groups whose names are compared for a suggestion.
const MOST_GROUPS: usize = 10_000;

/// An error that names what is unknown and what may have been meant.
pub fn unknown(what: impl Into<String>) -> Error {
    Error::with_message(ErrorCode::NotFound, what)
}

/// The user with this key, id, username, login or e-mail address. An Okta user is found first, because a Jira user
/// without one may have the login of another person.
pub fn user(engine: &Engine, text: &str) -> Result<DirectoryEntry> {
    let mut in_jira_only = None;
    for kind in EVERY_KIND {
        match engine.find(lookup(*kind, text))? {
            Some(entry) if entry.okta.is_some() => return Ok(entry),
            Some(entry) => in_jira_only = in_jira_only.or(Some(entry)),
            None => {}
        }
    }
    in_jira_only.ok_or_else(|| {
        unknown(
            "No user of the directory has this Jira key, username, Okta id, login or e-mail address; look for \
             one with: find --contains TEXT",
        )
    })
}

/// The id of the Okta user; an error if the user is tied to none.
pub fn okta_id(engine: &Engine, text: &str) -> Result<String> {
    let tied = user(engine, text)?.okta.map(|user| user.id);
    tied.ok_or_else(|| unknown("This Jira user is tied to no Okta user; see: candidates --jira-key KEY"))
}

/// The group with this id or name.
pub fn group(engine: &Engine, text: &str) -> Result<Group> {
    if let Some(group) = engine.group(text)? {
        return Ok(group);
    }
    let mut named = groups_named(engine, text)?;
    match named.len() {
        0 => Err(unknown_group(engine, text)?),
        1 => Ok(named.remove(0)),
        _ => {
            let ids: Vec<&str> = named.iter().map(|group| group.id.as_str()).collect();
            let what = format!(
                "{} groups have this name; give the id of one: {}",
                ids.len(),
                ids.join(", ")
            );
            Err(Error::with_message(ErrorCode::InvalidArgument, what))
        }
    }
}

/// Every group of this name; names are not unique in Okta.
pub fn groups_named(engine: &Engine, name: &str) -> Result<Vec<Group>> {
    let filter = GroupFilter {
        kind: "",
        name_prefix: name,
    };
    let wanted = fold(name);
    // Groups come in the order of their names, so exact matches come before longer names.
    let mut found = engine.groups(filter, "", PAGE)?.groups;
    found.retain(|group| fold(&group.name) == wanted);
    Ok(found)
}

/// Why there is no such group: no groups are read, or the name is wrong.
pub fn unknown_group(engine: &Engine, text: &str) -> Result<Error> {
    let filter = GroupFilter {
        kind: "",
        name_prefix: "",
    };
    let known = engine.groups(filter, "", MOST_GROUPS)?.groups;
    if known.is_empty() {
        return Ok(unknown(no_groups(engine)?));
    }
    let meant = did_you_mean(text, known.iter().map(|group| group.name.as_str()));
    Ok(unknown(format!(
        "There is no group with the id or name {}{}",
        quoted(text),
        if meant.is_empty() {
            "; `groups` lists them."
        } else {
            &meant
        }
    )))
}

/// What to do if the directory has no groups at all.
pub fn no_groups(engine: &Engine) -> Result<&'static str> {
    Ok(match engine.setting("groups.sync")?.as_str() {
        "on" => "No groups were read yet, or Okta shows none: sync, and see its warnings.",
        _ => {
            "Groups are not read. Switch them on with `set groups.sync=on`, then sync. The credential needs the scope \
             okta.groups.read or a role that may view groups."
        }
    })
}
