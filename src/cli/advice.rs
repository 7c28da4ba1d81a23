//! What only the command line can add to an error: its flags, the path, what a cancelled command leaves.

use okta_profiles::contract::errors::{Error, ErrorCode};

use super::Arguments;
use super::arguments::Command;

/// The error as the user of this command line can act on it.
pub fn complete(error: Error, arguments: &Arguments) -> Error {
    let directory = arguments.directory.display();
    match error.code() {
        ErrorCode::Cancelled => Error::with_message(ErrorCode::Cancelled, cancelled(&arguments.command)),
        ErrorCode::DirectoryLocked => error
            .hint("Or wait until it is closed: --wait SECONDS.")
            .context(directory),
        ErrorCode::DirectoryOpenFailed
        | ErrorCode::DirectoryTooNew
        | ErrorCode::DirectoryCorrupt
        | ErrorCode::NetworkFileSystem
        | ErrorCode::NotADirectory
        | ErrorCode::DirectoryBusy => error.context(directory),
        ErrorCode::ValidationFailed if matches!(arguments.command, Command::Live(_)) => error.hint(
            "Unless another process or node answers Okta's challenge, use `receive --register URL`, which does both.",
        ),
        // The address named two orgs in one run, so nobody knows which one a confirmation would accept.
        ErrorCode::OrgMismatch if error.message() != ErrorCode::OrgMismatch.text() => error,
        code => match confirming_flag(code) {
            Some(flag) => error.hint(format!("To accept it for one run, add {flag}.")),
            None => error,
        },
    }
}

/// The flag that confirms what a guard has refused.
pub fn confirming_flag(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::TooManyAbsent => Some("--confirm-absent"),
        ErrorCode::TooManyCleared => Some("--confirm-cleared"),
        ErrorCode::OrgMismatch => Some("--confirm-org"),
        ErrorCode::JiraUsersEmpty => Some("--confirm-empty"),
        ErrorCode::TooManyJiraUsersLost => Some("--confirm-jira-loss"),
        _ => None,
    }
}

fn cancelled(command: &Command) -> &'static str {
    match command {
        Command::Sync(sync) if !sync.dry_run => ErrorCode::Cancelled.text(),
        Command::Connect(_) => {
            "The sign-in was given up; nothing was stored, and what was connected before stays. Run connect again to sign in."
        }
        Command::Refresh | Command::Disconnect | Command::Rekey => {
            "The command was stopped; `token` shows the present credential."
        }
        _ => "The command was stopped; the directory is as it was.",
    }
}
