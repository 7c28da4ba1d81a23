//! `erase`: takes a person out of the directory for good, or lets one in again.

use std::io::Write;
use std::process::ExitCode;

use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use okta_profiles::engine::Engine;
use serde_json::json;

use super::arguments::EraseArguments;
use super::interrupt::read_line;
use super::output::{confirm, say};

/// Erases the person, after a question unless `--yes` is given; or lets the person in again.
pub fn run(
    engine: &Engine,
    arguments: &EraseArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let okta_id = &arguments.okta_id;
    if arguments.undo {
        engine.readmit_user(okta_id)?;
        let text = format!("{okta_id} is let in again. The next sync reads everybody.");
        confirm(as_json, out, &json!({"readmitted": {"okta_id": okta_id}}), text)?;
        return Ok(ExitCode::SUCCESS);
    }
    if !arguments.yes {
        ask(okta_id)?;
    }
    let erased = engine.erase_user(okta_id)?;
    let record = json!({"erased": {"okta_id": okta_id, "was_erased_before": !erased}});
    let text = match erased {
        true => format!(
            "Erased {okta_id}: profile, matches, pins, memberships, changes and notes. The person stays away although \
             Okta may list it; let it in with: erase {okta_id} --undo. Backups and exports made before still hold it."
        ),
        false => format!("{okta_id} had been erased before."),
    };
    confirm(as_json, out, &record, text)?;
    Ok(ExitCode::SUCCESS)
}

/// Asks for the id on the terminal. Any other answer means no, because nothing brings back what is erased.
fn ask(okta_id: &str) -> Result<()> {
    say(format_args!(
        "This erases everything that the directory knows of {okta_id}, and cannot be undone. Type the id to go on:"
    ));
    // Without a terminal there is no answer.
    match read_line()?.is_some_and(|answer| answer.expose().trim() == okta_id) {
        true => Ok(()),
        false => Err(Error::with_message(
            ErrorCode::InvalidArgument,
            "Nothing was erased: the id was not typed again. Give --yes to erase without a question.",
        )),
    }
}
