//! `pin` and `unpin`: pairs tied by hand.

use std::io::Write;
use std::process::ExitCode;

use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use okta_profiles::engine::Engine;
use okta_profiles::model::{DirectoryEntry, Lookup, MatchState};
use serde_json::json;

use super::entries::explain;
use super::output::confirm;

/// Ties an Okta user to a Jira user.
pub fn pin(
    engine: &Engine,
    okta_id: &str,
    jira_key: &str,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    engine.pin(okta_id, jira_key)?;
    let record = json!({"pinned": {"okta_id": okta_id, "jira_key": jira_key}});
    let text =
        format!("Tied Okta user {okta_id} to Jira user {jira_key}. The pin stays until: unpin {jira_key}");
    confirm(as_json, out, &record, text)?;
    Ok(ExitCode::SUCCESS)
}

/// Ends the pin of a Jira user and shows how the rules match the user now.
pub fn unpin(engine: &Engine, jira_key: &str, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    let before = engine.find(Lookup::JiraKey(jira_key))?;
    engine.unpin(jira_key).map_err(|error| match error.code() {
        ErrorCode::NotFound => no_pin(before.as_ref()),
        _ => error,
    })?;
    let now = engine.find(Lookup::JiraKey(jira_key))?;
    let state = now.as_ref().map_or("not in the directory".to_owned(), explain);
    let okta_id = |entry: &Option<DirectoryEntry>| {
        let user = entry.as_ref().and_then(|entry| entry.okta.as_ref());
        user.map(|user| user.id.clone())
    };
    let record = json!({"unpinned": {
        "jira_key": jira_key,
        "was_tied_to": okta_id(&before),
        "okta_id": okta_id(&now),
        "match_state": now.as_ref().map(|entry| entry.state.name()),
    }});
    confirm(
        as_json,
        out,
        &record,
        format!("Jira user {jira_key} is no longer pinned. Now: {state}."),
    )?;
    Ok(ExitCode::SUCCESS)
}

fn no_pin(entry: Option<&DirectoryEntry>) -> Error {
    let why = match entry {
        None => "There is no Jira user with this key in the directory, and no pin of one.",
        Some(entry) if entry.state == MatchState::Matched => {
            "This Jira user is not pinned: a rule matches it."
        }
        Some(_) => "This Jira user is not pinned.",
    };
    Error::with_message(ErrorCode::NotFound, why)
}
