//! `sync --dry-run` and `budget`: what a sync would do and cost.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use okta_profiles::engine::Engine;
use okta_profiles::error::Result;
use okta_profiles::model::{DryRun, RunState, SyncBudget, SyncOptions};

use super::arguments::BudgetArguments;
use super::{json, output_failed, sync, table};

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
    if done.report.state == RunState::Refused {
        writeln!(out, "Refused by the guard: {}", done.report.error_message)?;
        return writeln!(
            out,
            "  {} rows read, {} requests",
            done.report.seen, done.report.requests
        );
    }
    sync::print(&done.report, out)?;
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

/// Shows what a sync would cost.
pub fn budget(
    engine: &Engine,
    arguments: &BudgetArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let budget = engine.sync_budget(SyncOptions::of(arguments.mode))?;
    let written = match as_json {
        true => writeln!(out, "{}", json::line(&budget)),
        false => print_budget(&budget, out),
    };
    written.map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}

fn print_budget(budget: &SyncBudget, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "A {} run: {}", budget.mode.name(), budget.reason.text())?;
    writeln!(
        out,
        "  Okta users   {}\n  Requests     {}\n  Duration     {}",
        number(budget.users),
        number(budget.requests),
        span(budget.duration_ms)
    )?;
    let heading = [
        "bucket",
        "requests",
        "limit/min",
        "left now",
        "resets in",
        "left to others/min",
        "takes",
    ];
    let rows: Vec<Vec<String>> = budget
        .buckets
        .iter()
        .map(|bucket| {
            vec![
                bucket.bucket.clone(),
                number(bucket.requests),
                number(bucket.limit),
                number(bucket.remaining),
                span(bucket.resets_in_ms),
                number(bucket.left_to_others),
                span(bucket.duration_ms),
            ]
        })
        .collect();
    table::write(out, &heading, &rows)
}

fn number(number: Option<u64>) -> String {
    number.map_or("unknown".to_owned(), |number| number.to_string())
}

fn span(millis: Option<u64>) -> String {
    millis.map_or("unknown".to_owned(), |millis| {
        table::span(Duration::from_millis(millis))
    })
}
