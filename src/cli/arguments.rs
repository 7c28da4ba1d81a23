//! The arguments, as clap sees them.
//!
//! No secret stands in the arguments, where other users of the machine could read it: the API token
//! comes from the environment variable `OKTA_API_TOKEN` or from a file, everything else from files.

use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::budget::BudgetArguments;
use super::changes::ChangesArguments;
use super::connect::ConnectArguments;
use super::connection::ConnectionArguments;
use super::export::ExportArguments;
use super::groups::GroupsArguments;
use super::live::{LiveAction, LiveArguments};
use super::matching::{CandidatesArguments, MatchArguments};
use super::people::{FindArguments, ListArguments, ManagersArguments};
use super::receive::ReceiveArguments;
use super::schema::SchemaArguments;
use super::settings::SettingsArguments;
use super::status::StatusArguments;
use super::sync::SyncArguments;

/// Keeps a directory of Okta user profiles for Jira Data Center.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Arguments {
    /// The directory file (SQLite), on a local disk. If it is missing, `connect`, `validate`, `budget`, `sync`,
    /// `receive`,
    /// `set` and `live on` make it.
    #[arg(long, global = true, value_name = "FILE", default_value = "okta-profiles.db")]
    pub directory: PathBuf,
    /// Change a setting for this call; may be repeated, before and after the command. It wins over the setting that the
    /// directory keeps, see `set`. docs/reference/settings.md lists all settings.
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = key_and_value)]
    pub set: Vec<(String, String)>,
    /// Wait up to this many seconds while another process has the directory open.
    #[arg(long, global = true, value_name = "SECONDS")]
    pub wait: Option<u64>,
    /// File with the sealing key of the host: 32 bytes, or 64 hexadecimal digits.
    #[arg(long, global = true, value_name = "FILE")]
    pub sealing_key_file: Option<PathBuf>,
    /// Print reports and errors as JSON on stdout.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The argument that may stand before and after the command.
const SET: &str = "set";

impl Arguments {
    /// Reads the arguments of this process.
    ///
    /// If a repeatable global argument stands before and after the command, clap keeps only what stands after it. A
    /// setting that clap drops may be there to keep people's data out, so `--set` is read in both places.
    pub fn try_read() -> clap::error::Result<Arguments> {
        Arguments::try_read_from(std::env::args_os())
    }

    fn try_read_from(
        words: impl IntoIterator<Item = impl Into<std::ffi::OsString> + Clone>,
    ) -> clap::error::Result<Arguments> {
        let mut command = Arguments::command().mut_arg(SET, |set| set.global(false));
        let set = command
            .get_arguments()
            .find(|argument| argument.get_id() == SET)
            .cloned();
        command = command.mut_subcommands(|subcommand| subcommand.args(set.clone()));
        let matches = command.try_get_matches_from_mut(words)?;
        let mut arguments =
            Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
        if let Some((_, of_command)) = matches.subcommand() {
            let after = of_command.get_many::<(String, String)>(SET);
            arguments.set.extend(after.into_iter().flatten().cloned());
        }
        Ok(arguments)
    }
}

/// One command.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Connect with Okta: sign in with a browser, or as a service app, or with an API token.
    Connect(ConnectArguments),
    /// Show the credential and how long it is valid; sends no request.
    Token,
    /// Renew the access token now.
    Refresh,
    /// Revoke the tokens at Okta and erase the credential.
    Disconnect,
    /// Seal the credential under a new key in the key file beside the directory.
    Rekey,
    /// Check the org, the credential and every capability; changes nothing.
    Validate(ConnectionArguments),
    /// Bring the directory up to date, or resume an unfinished run. Ctrl-C stops cleanly.
    Sync(SyncArguments),
    /// Show what a sync would cost under Okta's present rate limits; sends at most three requests.
    Budget(BudgetArguments),
    /// Show or choose where Okta's events come from: System Log or event hook.
    Live(LiveArguments),
    /// Take deliveries of an event hook on a loopback port, for a trial; print changes as they come.
    Receive(ReceiveArguments),
    /// Show one user with the whole profile, or search users.
    Find(FindArguments),
    /// List a view of the directory.
    List(ListArguments),
    /// Write a view of the directory as CSV or JSON lines.
    Export(ExportArguments),
    /// List groups, the members of one, or the groups of a user.
    Groups(GroupsArguments),
    /// Show the user types of the org and the attributes of their profiles.
    Schema(SchemaArguments),
    /// Print the keys of matched Jira users by attribute, group, manager or status.
    Where {
        /// A profile attribute (case matters), or group, manager or status. Write profile.group for an attribute
        /// `group`.
        name: String,
        /// The value; case and blanks around it do not matter.
        value: String,
    },
    /// Show the managers of a user, the nearest first, or the users who report to the user.
    Managers(ManagersArguments),
    /// Show what changed, field by field.
    Changes(ChangesArguments),
    /// Show what is in the directory, how fresh it is, and the last runs.
    Status(StatusArguments),
    /// Match all users again, or preview other rules; sends no request to Okta.
    Match(MatchArguments),
    /// Show which users an ambiguous user could be.
    Candidates(CandidatesArguments),
    /// Tie an Okta user to a Jira user by hand.
    Pin {
        /// Okta's user id.
        okta_id: String,
        /// Jira's user key.
        jira_key: String,
    },
    /// Remove the pin of a Jira user.
    Unpin {
        /// Jira's user key.
        jira_key: String,
    },
    /// Show the settings that are not at their defaults, and where they come from.
    Settings(SettingsArguments),
    /// Keep settings in the directory; they hold for every later call.
    Set {
        /// The settings, such as retain=matched.
        #[arg(required = true, value_name = "KEY=VALUE", value_parser = key_and_value)]
        settings: Vec<(String, String)>,
    },
    /// Remove settings from the directory; their defaults hold again.
    Unset {
        /// The names of the settings.
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
    },
    /// Erase a person from the directory, for good.
    Erase(EraseArguments),
    /// Write a copy of the directory to a new file, without the credential.
    Backup {
        /// The file to make; it must not exist.
        file: PathBuf,
    },
    /// Print a completion script, such as for `source <(okta-profiles completions bash)`.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write the manual pages.
    Man {
        /// The folder for the pages; made if it is missing.
        folder: PathBuf,
    },
}

/// Whom to erase.
#[derive(Debug, clap::Args)]
pub struct EraseArguments {
    /// Okta's user id.
    pub okta_id: String,
    /// Erase without asking for the id again.
    #[arg(long)]
    pub yes: bool,
    /// Let a person who was erased in again with the next sync.
    #[arg(long, conflicts_with = "yes")]
    pub undo: bool,
}

/// What a command does with the directory file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileUse {
    /// It only reads, also while another process writes.
    Read,
    /// It changes a directory, which must exist.
    Change,
    /// It makes the directory if that is missing.
    Make,
}

impl Command {
    /// Whether it prints changes until it is stopped, so that its output must not wait for its end.
    pub fn follows(&self) -> bool {
        match self {
            Command::Receive(_) => true,
            Command::Sync(sync) => sync.follow,
            _ => false,
        }
    }

    /// What this command does with the directory file. Few commands make one, so that a mistyped path makes none.
    pub fn file_use(&self) -> FileUse {
        match self {
            Command::Token
            | Command::Find(_)
            | Command::List(_)
            | Command::Export(_)
            | Command::Groups(_)
            | Command::Schema(_)
            | Command::Where { .. }
            | Command::Managers(_)
            | Command::Changes(_)
            | Command::Status(_)
            | Command::Settings(_)
            | Command::Candidates(_)
            | Command::Backup { .. } => FileUse::Read,
            Command::Live(arguments) => match arguments.action {
                None | Some(LiveAction::Status) => FileUse::Read,
                Some(LiveAction::On { .. } | LiveAction::Off) => FileUse::Make,
                Some(_) => FileUse::Change,
            },
            Command::Match(arguments) if arguments.preview => FileUse::Read,
            Command::Refresh
            | Command::Disconnect
            | Command::Rekey
            | Command::Match(_)
            | Command::Pin { .. }
            | Command::Unpin { .. }
            | Command::Erase(_)
            | Command::Unset { .. } => FileUse::Change,
            Command::Connect(_)
            | Command::Validate(_)
            | Command::Sync(_)
            | Command::Receive(_)
            | Command::Budget(_)
            | Command::Set { .. } => FileUse::Make,
            // Answered before a directory is opened.
            Command::Completions { .. } | Command::Man { .. } => FileUse::Read,
        }
    }
}

fn key_and_value(text: &str) -> std::result::Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as KEY=VALUE")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(words: &[&str]) -> Vec<(String, String)> {
        let words = ["okta-profiles"].iter().chain(words);
        Arguments::try_read_from(words).expect("arguments").set
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn settings_before_and_after_the_command_count_both() {
        let both = [
            "--set",
            "retain=matched",
            "sync",
            "--set=groups.sync=on",
            "--set",
            "runs.keep=5",
        ];
        let expected = [("retain", "matched"), ("groups.sync", "on"), ("runs.keep", "5")];
        assert_eq!(set(&both), pairs(&expected));
        assert_eq!(
            set(&["--set", "a=1", "--set", "b=2", "status"]),
            pairs(&[("a", "1"), ("b", "2")])
        );
        assert_eq!(set(&["status", "--set", "a=1"]), pairs(&[("a", "1")]));
        assert_eq!(set(&["status"]), []);
        assert_eq!(set(&["--set", "a=1", "set", "retain=all"]), pairs(&[("a", "1")]));
    }

    #[test]
    fn the_arguments_are_sound() {
        Arguments::command().debug_assert();
    }
}
