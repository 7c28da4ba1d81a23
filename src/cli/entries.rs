//! Directory entries as a table or as JSON lines, and the kinds of look-up that find one.

use std::io::Write;

use clap::ValueEnum;
use okta_profiles::export::EntryLine;
use okta_profiles::model::{DirectoryEntry, Lookup, MatchState, View};

use super::{json, table};

/// The kinds of keys that `find` looks up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FindBy {
    /// Jira's user key.
    JiraKey,
    /// Jira's username.
    Username,
    /// Okta's user id.
    OktaId,
    /// Okta's login.
    Login,
    /// The e-mail address in Okta.
    Email,
}

/// Kinds of look-up in the order in which they are tried.
pub const EVERY_KIND: &[FindBy] = &[
    FindBy::JiraKey,
    FindBy::Username,
    FindBy::OktaId,
    FindBy::Login,
    FindBy::Email,
];

pub fn lookup(kind: FindBy, value: &str) -> Lookup<'_> {
    match kind {
        FindBy::JiraKey => Lookup::JiraKey(value),
        FindBy::Username => Lookup::JiraUsername(value),
        FindBy::OktaId => Lookup::OktaId(value),
        FindBy::Login => Lookup::Login(value),
        FindBy::Email => Lookup::Email(value),
    }
}

pub fn show_entries(entries: Vec<DirectoryEntry>, as_json: bool, out: &mut dyn Write) -> std::io::Result<()> {
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
    let login = user.and_then(|user| user.profile.text("login"));
    let name = user.map(|user| user.profile.display_name());
    vec![
        user.map(|user| user.id.clone()).unwrap_or_default(),
        user.map(|user| user.status.clone()).unwrap_or_default(),
        login.unwrap_or_default(),
        name.unwrap_or_default(),
        entry
            .jira
            .as_ref()
            .map(|jira| jira.username.clone())
            .unwrap_or_default(),
        explain(entry),
    ]
}

/// The rule of a match, else the state, with the rule that found an ambiguity.
pub fn explain(entry: &DirectoryEntry) -> String {
    match entry.state {
        MatchState::Matched => entry.rule.clone(),
        MatchState::Ambiguous => format!("ambiguous by {}", entry.rule),
        MatchState::OktaOnly | MatchState::JiraOnly if !entry.rule.is_empty() => {
            format!("inactive; an active account comes first by {}", entry.rule)
        }
        MatchState::Pinned | MatchState::OktaOnly | MatchState::JiraOnly => {
            entry.state.name().replace('_', " ")
        }
    }
}

/// The view of this name. Hyphens, which earlier versions used, mean the same as underscores.
pub fn view(name: &str) -> std::result::Result<View, String> {
    View::from_name(&name.replace('-', "_")).ok_or_else(|| format!("choose one of {}", View::CHOICE.words()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_found_by_its_word_and_by_the_older_spelling() {
        for choice in View::ALL {
            assert_eq!(view(choice.name()), Ok(choice));
            assert_eq!(view(&choice.name().replace('_', "-")), Ok(choice));
        }
        let words = format!("choose one of {}", View::CHOICE.words());
        assert_eq!(view("Matched"), Err(words));
    }
}
