//! The report of a run, and that of a dry run, for people.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use okta_profiles::contract::errors::Result;
use okta_profiles::model::{DryRun, JiraUserCounts, RunState, SyncReport};

use super::output::output_failed;
use super::{json, table};

pub fn print(report: &SyncReport, out: &mut dyn Write) -> std::io::Result<()> {
    let elapsed = Duration::from_millis(report.elapsed_ms);
    writeln!(
        out,
        "Run {} {} in {}, {}: {}",
        report.run.0,
        report.state.name(),
        table::span(elapsed),
        report.mode.name(),
        report.reason.text()
    )?;
    writeln!(
        out,
        "  Okta users   {} seen = {} added + {} updated + {} touched + {} unchanged\n               {} absent, {} returned, {} purged",
        report.seen,
        report.added,
        report.updated,
        report.touched,
        report.unchanged,
        report.absent,
        report.returned,
        report.purged
    )?;
    print_beyond_users(report, out)?;
    print_matches(report, out)?;
    let waited = table::span(Duration::from_millis(report.waited_ms));
    writeln!(
        out,
        "  Cost         {} requests ({} retries), {} pages, {:.1} MB, {waited} waiting",
        report.requests,
        report.retries,
        report.pages,
        report.bytes as f64 / 1e6
    )?;
    writeln!(
        out,
        "  Completeness {} of {} listings ended, digest {}",
        report.slices_ended, report.slices, report.digest
    )
}

/// What the hand-over of Jira users did, or would do.
pub fn print_hand_over(counts: &JiraUserCounts, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "Jira users     {} added, {} updated, {} removed, {} unchanged; {} matches end, {} begin",
        counts.added,
        counts.updated,
        counts.removed,
        counts.unchanged,
        counts.matches_ended,
        counts.matches_begun
    )
}

fn print_beyond_users(report: &SyncReport, out: &mut dyn Write) -> std::io::Result<()> {
    if report.passed_over > 0 {
        writeln!(
            out,
            "               {} passed over: no Jira user could match them",
            report.passed_over
        )?;
    }
    if let Some(groups) = &report.groups {
        writeln!(
            out,
            "  Groups       {} listed, {} added, {} updated, {} removed, members of {} read, {} memberships",
            groups.listed,
            groups.added,
            groups.updated,
            groups.removed,
            groups.members_read,
            groups.memberships
        )?;
    }
    for warning in &report.warnings {
        writeln!(out, "  Warning      {warning}")?;
    }
    Ok(())
}

fn print_matches(report: &SyncReport, out: &mut dyn Write) -> std::io::Result<()> {
    let matches = &report.matches;
    writeln!(
        out,
        "  Matches      {} matched, {} pinned; Okta users: {} ambiguous, {} alone; Jira users: {} ambiguous, {} alone",
        matches.matched,
        matches.pinned,
        matches.okta_ambiguous,
        matches.okta_only,
        matches.jira_ambiguous,
        matches.jira_only
    )?;
    for (rule, count) in &matches.by_rule {
        writeln!(out, "    {rule:<28} {count}")?;
    }
    Ok(())
}

/// Shows what a dry run found.
pub fn show_dry_run(done: &DryRun, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    let written = match as_json {
        true => writeln!(out, "{}", json::line(done)),
        false => print_dry_run(done, out),
    };
    written.map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}

fn print_dry_run(done: &DryRun, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "Dry run: nothing was changed. The run would have ended like this:"
    )?;
    if let Some(counts) = &done.jira_users {
        print_hand_over(counts, out)?;
        for warning in &counts.warnings {
            writeln!(out, "  Warning      {warning}")?;
        }
        if counts.needs_confirmation {
            writeln!(
                out,
                "  Warning      without --confirm-jira-loss this file is refused: it loses more than the limits allow"
            )?;
        }
    }
    if done.report.state == RunState::Refused {
        writeln!(out, "Refused by the guard: {}", done.report.error_message)?;
        return writeln!(
            out,
            "  {} rows read, {} requests",
            done.report.seen, done.report.requests
        );
    }
    print(&done.report, out)?;
    for (field, users) in &done.fields {
        writeln!(out, "    {field:<28} changes for {users}")?;
    }
    for change in &done.samples {
        let fields: Vec<String> = change
            .fields
            .iter()
            .map(|field| format!("{}: {} -> {}", field.field, field.from.get(), field.to.get()))
            .collect();
        writeln!(
            out,
            "  {} {} {}",
            change.okta_id,
            change.kind.name(),
            fields.join(", ")
        )?;
    }
    Ok(())
}
