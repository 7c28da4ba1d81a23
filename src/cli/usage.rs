//! Reads the command line, or says why it cannot be understood.
//!
//! A usage error has an exit code of its own, so that a script does not take it for a refused credential.

use std::io::Write;
use std::process::ExitCode;

use clap::error::ErrorKind;
use okta_profiles::contract::errors::{Error, ErrorCode};

use super::output::{Form, Output};
use super::{Arguments, json};

/// `EX_USAGE` of sysexits.h.
const EXIT_USAGE: u8 = 64;

/// The arguments; or the exit code, after help or the error was shown.
pub fn parse() -> std::result::Result<Arguments, ExitCode> {
    Arguments::try_read().map_err(|unusable| {
        let asked_for = matches!(
            unusable.kind(),
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
        );
        if !asked_for && wants_json() {
            show_json(&unusable);
        }
        // If standard error is closed, the exit code is all that is left.
        let _ = unusable.print();
        match asked_for {
            true => ExitCode::SUCCESS,
            false => ExitCode::from(EXIT_USAGE),
        }
    })
}

/// Whether `--json` is among the arguments, which could not be read as a whole.
fn wants_json() -> bool {
    let mut options = std::env::args_os()
        .skip(1)
        .take_while(|argument| argument != "--");
    options.any(|argument| argument == "--json")
}

fn show_json(unusable: &clap::Error) {
    let text = unusable.render().to_string();
    let text = text.trim();
    let message = text.strip_prefix("error: ").unwrap_or(text);
    let error = Error::with_message(ErrorCode::InvalidArgument, message);
    let mut out = Output::new(Form::Json);
    let _ = writeln!(out, "{}", json::error(&error)).and_then(|()| out.flush());
}
