//! `changes`: what changed in which user, field by field.
//!
//! People want to see the newest first. A program that follows the feed asks for what came after a position, and gets
//! the oldest first.

use std::collections::HashMap;
use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use okta_profiles::clock::UnixMillis;
use okta_profiles::contract::errors::Result;
use okta_profiles::engine::Engine;
use okta_profiles::model::{Change, ChangeFilter, Lookup, RunId};
use serde::Serialize;

use super::output::{PAGE, output_failed, say};
use super::{json, known};

/// Arguments of `changes`.
#[derive(Debug, Args)]
pub struct ChangesArguments {
    /// Only changes after this position, the oldest first; without it the newest come first.
    #[arg(long, value_name = "POSITION", conflicts_with_all = ["run", "since", "until"])]
    pub after: Option<i64>,
    /// Only changes of this user: Okta id, Jira key, Jira username, login or e-mail address.
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// Only changes that this run found; `status` shows the numbers of runs.
    #[arg(long, value_name = "NUMBER")]
    pub run: Option<i64>,
    /// Only changes at this time or later: 2026-01-31, or 2026-01-31T08:30:00Z.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub since: Option<UnixMillis>,
    /// Only changes before this time.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub until: Option<UnixMillis>,
    /// Show at most this many changes; without it all of them.
    #[arg(long)]
    pub limit: Option<usize>,
}

/// A change with the present name and login of the user; an erased user has none.
#[derive(Serialize)]
struct NamedChange<'a> {
    #[serde(flatten)]
    change: &'a Change,
    login: Option<&'a str>,
    display_name: Option<&'a str>,
}

/// Shows the change feed.
pub fn changes(
    engine: &Engine,
    arguments: &ChangesArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let okta_id = match &arguments.user {
        Some(user) => Some(okta_id(engine, user)?),
        None => None,
    };
    let filter = ChangeFilter {
        okta_id: okta_id.as_deref(),
        run: arguments.run.map(RunId),
        since: arguments.since,
        until: arguments.until,
    };
    let mut left = arguments.limit.unwrap_or(usize::MAX);
    let mut place = arguments.after;
    let mut names = Names::default();
    while left > 0 {
        let changes = match arguments.after {
            Some(first) => engine.changes(place.unwrap_or(first), filter.okta_id, left.min(PAGE))?,
            None => engine.changes_before(place, filter, left.min(PAGE))?,
        };
        let Some(last) = changes.last() else { break };
        place = Some(last.position);
        left -= changes.len();
        for change in &changes {
            let named = names.of(engine, change)?;
            let text = if as_json {
                json::line(&named)
            } else {
                describe(&named)
            };
            writeln!(out, "{text}").map_err(output_failed)?;
        }
    }
    if place == arguments.after && left > 0 {
        say("No changes are kept for this question.");
    }
    Ok(ExitCode::SUCCESS)
}

/// The feed from one position on, for commands that follow it.
pub struct Feed {
    position: i64,
    as_json: bool,
    names: Names,
}

impl Feed {
    /// From the changes that are there now.
    pub fn from_now(engine: &Engine, as_json: bool) -> Result<Feed> {
        Ok(Feed {
            position: engine.statistics()?.last_change,
            as_json,
            names: Names::default(),
        })
    }

    /// Prints what came since, oldest first.
    pub fn print(&mut self, engine: &Engine, out: &mut dyn Write) -> Result<()> {
        loop {
            let changes = engine.changes(self.position, None, PAGE)?;
            let Some(last) = changes.last() else { return Ok(()) };
            self.position = last.position;
            // A user may have got another name since the last time.
            self.names = Names::default();
            for change in &changes {
                let named = self.names.of(engine, change)?;
                let text = if self.as_json {
                    json::line(&named)
                } else {
                    describe(&named)
                };
                writeln!(out, "{text}").map_err(output_failed)?;
            }
        }
    }
}

/// The id of the user meant. Changes outlive their users, so the id of an erased one is taken as it is.
fn okta_id(engine: &Engine, user: &str) -> Result<String> {
    match engine.changes(0, Some(user), 1)?.is_empty() {
        true => known::okta_id(engine, user),
        false => Ok(user.to_owned()),
    }
}

/// Names of users who were looked up already.
#[derive(Default)]
struct Names(HashMap<String, Option<(String, String)>>);

/// The most names that are remembered, so that the feed of a large org does not fill the memory.
const MOST_NAMES: usize = 100_000;

impl Names {
    fn of<'a>(&'a mut self, engine: &Engine, change: &'a Change) -> Result<NamedChange<'a>> {
        if !self.0.contains_key(&change.okta_id) {
            if self.0.len() >= MOST_NAMES {
                self.0.clear();
            }
            let entry = engine.find(Lookup::OktaId(&change.okta_id))?;
            let names = entry.and_then(|entry| entry.okta).map(|user| {
                let login = user.profile.text("login").unwrap_or_default();
                (login, user.profile.display_name())
            });
            self.0.insert(change.okta_id.clone(), names);
        }
        let names = self.0.get(&change.okta_id).and_then(Option::as_ref);
        Ok(NamedChange {
            change,
            login: names.map(|(login, _)| login.as_str()),
            display_name: names.map(|(_, name)| name.as_str()),
        })
    }
}

fn describe(named: &NamedChange<'_>) -> String {
    let change = named.change;
    let fields: Vec<String> = change
        .fields
        .iter()
        .map(|field| format!("{}: {} -> {}", field.field, field.from, field.to))
        .collect();
    let name = match (named.display_name, named.login) {
        (Some(name), _) if !name.is_empty() => name,
        (_, Some(login)) => login,
        _ => "(erased)",
    };
    let head = format!(
        "{:>8}  {}  run {:<4} {}  {name:<24}  {:<8}",
        change.position,
        change.at.to_rfc3339(),
        change.run.0,
        change.okta_id,
        change.kind.name()
    );
    let text = format!("{head} {}", fields.join("; "));
    text.trim_end().replace('\n', " ")
}

/// A date stands for its first moment, in UTC.
fn time(text: &str) -> std::result::Result<UnixMillis, String> {
    UnixMillis::parse(text)
        .or_else(|| UnixMillis::parse(&format!("{text}T00:00:00Z")))
        .ok_or_else(|| "write it as 2026-01-31 or 2026-01-31T08:30:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_be_a_date() {
        assert_eq!(time("1970-01-02"), Ok(UnixMillis(86_400_000)));
        assert_eq!(time("1970-01-01T00:00:01Z"), Ok(UnixMillis(1_000)));
        assert!(time("yesterday").is_err());
    }
}
