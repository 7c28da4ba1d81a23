//! `sync`: hands the Jira users over, runs with a progress bar, shows the report.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use okta_profiles::contract::errors::{ErrorCode, Result};
use okta_profiles::engine::Engine;
use okta_profiles::model::{JiraUserCounts, LiveSource, SyncMode, SyncOptions, SyncReport};

use super::connection::ConnectionArguments;
use super::follow::{follow, is_passing};
use super::output::{output_failed, say};
use super::progress::run_with_progress;
use super::{interrupt, jira_file, json, report};

/// Arguments of `sync`.
#[derive(Debug, Args)]
pub struct SyncArguments {
    /// How to reach the org.
    #[command(flatten)]
    pub connection: ConnectionArguments,
    /// The mode: auto, full or delta. A delta run reads only users who changed since the last complete run; only a full
    /// run notices deleted users. auto runs delta unless a full run is needed.
    #[arg(long, default_value = "auto", value_parser = mode)]
    pub mode: SyncMode,
    /// Go on until Ctrl-C: keep the directory fresh by events, or by frequent runs without them, and print changes as
    /// they come, with --json as JSON lines.
    #[arg(long, conflicts_with = "dry_run")]
    pub follow: bool,
    /// Only show what the run would do; nothing is changed or recorded.
    #[arg(long)]
    pub dry_run: bool,
    /// With --dry-run, show up to this many of the changes; they contain personal data.
    #[arg(long, requires = "dry_run", default_value_t = 0, value_name = "NUMBER")]
    pub samples: usize,
    /// CSV file with all Jira users: key,username,email,display_name,active.
    #[arg(long, value_name = "FILE.csv")]
    pub jira_users: Option<PathBuf>,
    /// Accept a file without users although the directory has some; every match ends.
    #[arg(long, requires = "jira_users")]
    pub confirm_empty: bool,
    /// For this file, accept that more Jira users or matches are lost than the limits allow.
    #[arg(long, requires = "jira_users")]
    pub confirm_jira_loss: bool,
    /// Begin a new run even if an unfinished one could be resumed.
    #[arg(long)]
    pub restart: bool,
    /// For this run, mark users absent even if more vanished than the limits allow.
    #[arg(long)]
    pub confirm_absent: bool,
    /// For this run, accept that an attribute became empty for more users than the limits allow.
    #[arg(long)]
    pub confirm_cleared: bool,
    /// For this run, accept that another org answers than the one of this directory; the directory then belongs to it.
    /// Users whom this org does not have become absent; if they are many, add --confirm-absent.
    #[arg(long)]
    pub confirm_org: bool,
}

/// How many Jira users are handed over in one batch.
const BATCH: usize = 2_000;

/// Runs a sync.
pub fn run(
    engine: &Arc<Engine>,
    arguments: &SyncArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    if let Some(file) = &arguments.jira_users {
        hand_over_jira_users(engine, file)?;
    }
    let options = SyncOptions {
        mode: arguments.mode,
        confirm_absent: arguments.confirm_absent,
        confirm_cleared: arguments.confirm_cleared,
        confirm_org: arguments.confirm_org,
        restart: arguments.restart,
    };
    if arguments.dry_run {
        let done = run_with_progress(engine, || engine.dry_run(options, arguments.samples));
        if arguments.jira_users.is_some() {
            // Forgets the Jira users that were handed over for the dry run only.
            engine.begin_jira_users()?;
        }
        return report::show_dry_run(&done?, as_json, out);
    }
    let handed_over = match arguments.jira_users {
        Some(_) => Some(commit_jira_users(engine, arguments)?),
        None => None,
    };
    let synced = run_with_progress(engine, || engine.sync(options));
    if arguments.follow {
        return follow_from(engine, synced, options, as_json, out);
    }
    let report = synced?;
    let written = match (as_json, &handed_over) {
        (true, _) => writeln!(out, "{}", json::sync(&report, handed_over.as_ref())),
        (false, None) => report::print(&report, out),
        (false, Some(counts)) => {
            report::print_hand_over(counts, out).and_then(|()| report::print(&report, out))
        }
    };
    written.map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}

/// Shows the report to people, and goes on. An outage at the beginning ends as little as a later one: the run is owed.
/// Before the first complete run it does, because the connection may be wrong.
fn follow_from(
    engine: &Arc<Engine>,
    synced: Result<SyncReport>,
    options: SyncOptions,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let owed = match synced {
        Ok(_) if as_json => None,
        Ok(report) => {
            report::print(&report, out).map_err(output_failed)?;
            out.flush().map_err(output_failed)?;
            None
        }
        Err(error) if is_passing(&error) && engine.statistics()?.last_full.is_some() => {
            say(format_args!("warning: {error}; going on"));
            Some(options)
        }
        Err(error) => return Err(error),
    };
    if engine.live_status()?.source == LiveSource::Off {
        engine.set("live", "log")?;
    }
    follow(engine, owed, as_json, out)
}

/// Replaces the Jira users by those of the file, unless too many users or matches would be lost.
fn commit_jira_users(engine: &Engine, arguments: &SyncArguments) -> Result<JiraUserCounts> {
    match engine.commit_jira_users(arguments.confirm_jira_loss) {
        Err(error) if error.code() == ErrorCode::JiraUsersEmpty && arguments.confirm_empty => {
            engine.commit_jira_users(true)
        }
        outcome => outcome,
    }
}

/// Hands the users of the file over to the engine.
fn hand_over_jira_users(engine: &Engine, file: &Path) -> Result<()> {
    let read = jira_file::read(file)?;
    for warning in &read.warnings {
        say(format_args!("warning: {warning}"));
    }
    if read.users.is_empty() {
        say(format_args!("warning: {} has no Jira users", file.display()));
    }
    interrupt::check()?;
    engine.begin_jira_users()?;
    read.users
        .chunks(BATCH)
        .try_for_each(|batch| engine.add_jira_users(batch))
}

/// The mode of this name.
pub fn mode(name: &str) -> std::result::Result<SyncMode, String> {
    SyncMode::from_name(name).ok_or_else(|| "choose auto, full or delta".to_owned())
}
