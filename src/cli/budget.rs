//! `budget`: what a sync would cost.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use okta_profiles::contract::errors::Result;
use okta_profiles::engine::Engine;
use okta_profiles::model::{SyncBudget, SyncMode, SyncOptions};

use super::connection::ConnectionArguments;
use super::output::output_failed;
use super::sync::mode;
use super::{json, table};

/// Arguments of `budget`.
#[derive(Debug, Args)]
pub struct BudgetArguments {
    /// How to reach the org.
    #[command(flatten)]
    pub connection: ConnectionArguments,
    /// The mode of the sync: auto, full or delta.
    #[arg(long, default_value = "full", value_parser = mode)]
    pub mode: SyncMode,
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
