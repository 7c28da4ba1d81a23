//! `status`: what is in the directory, how fresh it is, and the last runs.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use okta_profiles::contract::errors::Result;
use okta_profiles::engine::Engine;
use okta_profiles::model::{DirectoryStatistics, SyncReport};
use serde_json::json;

use super::output::{PAGE, output_failed};
use super::table;

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct StatusArguments {
    /// How many of the last runs to show.
    #[arg(long, default_value_t = 5)]
    pub runs: usize,
    /// Also check the file and the rules between its rows; reads everything.
    #[arg(long)]
    pub check: bool,
}

/// Shows statistics and the last runs.
pub fn status(
    engine: &Engine,
    arguments: &StatusArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let statistics = engine.statistics()?;
    let runs = if arguments.runs > 0 {
        engine.runs(None, arguments.runs.min(PAGE))?
    } else {
        Vec::new()
    };
    let integrity = if arguments.check {
        Some(engine.check_integrity()?)
    } else {
        None
    };
    let damaged = integrity.as_ref().is_some_and(|report| !report.is_sound());
    if as_json {
        let report = json!({"directory": statistics, "runs": runs, "integrity": integrity});
        writeln!(out, "{report}").map_err(output_failed)?;
    } else {
        print_status(&statistics, &runs, out).map_err(output_failed)?;
        if let Some(report) = &integrity {
            for finding in report.sqlite.iter().chain(&report.directory) {
                writeln!(out, "damaged: {finding}").map_err(output_failed)?;
            }
            if report.is_sound() {
                writeln!(out, "The directory is sound.").map_err(output_failed)?;
            }
        }
    }
    Ok(if damaged {
        ExitCode::from(4)
    } else {
        ExitCode::SUCCESS
    })
}

fn print_status(
    statistics: &DirectoryStatistics,
    runs: &[SyncReport],
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let org = if statistics.org_id.is_empty() {
        "none yet"
    } else {
        &statistics.org_id
    };
    writeln!(out, "Org          {org}")?;
    let fresh = statistics
        .fresh_as_of
        .map_or("never completed".to_owned(), table::moment);
    writeln!(out, "Fresh as of  {fresh}")?;
    for (name, at) in [
        ("Last full   ", statistics.last_full),
        ("Last delta  ", statistics.last_delta),
    ] {
        if let Some(at) = at {
            writeln!(out, "{name} {}", table::moment(at))?;
        }
    }
    writeln!(
        out,
        "Okta users   {} present, {} absent; Jira users {}",
        statistics.okta_users, statistics.absent_users, statistics.jira_users
    )?;
    for (status, count) in &statistics.by_status {
        writeln!(out, "  {status:<18} {count}")?;
    }
    let matches = &statistics.matches;
    writeln!(
        out,
        "Matches      {} matched, {} pinned, {} ambiguous, {} Okta only, {} Jira only",
        matches.matched, matches.pinned, matches.okta_ambiguous, matches.okta_only, matches.jira_only
    )?;
    writeln!(
        out,
        "Changes      {} kept, newest {}",
        statistics.changes, statistics.last_change
    )?;
    writeln!(
        out,
        "File         {:.1} MB, schema {}",
        statistics.file_bytes as f64 / 1e6,
        statistics.schema_version
    )?;
    for run in runs {
        print_run(run, out)?;
    }
    Ok(())
}

fn print_run(run: &SyncReport, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "Run {:<8} {} {:<5} {:<11} {} seen, {} added, {} updated, {} absent, {} requests",
        run.run.0,
        run.started.to_rfc3339(),
        run.mode.name(),
        run.state.name(),
        run.seen,
        run.added,
        run.updated,
        run.absent,
        run.requests
    )?;
    if run.error_code != 0 {
        writeln!(out, "             {} ({})", run.error_message, run.error_code)?;
    }
    Ok(())
}
