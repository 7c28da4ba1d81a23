//! `changes`: what happened to whom, field by field.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use okta_profiles::engine::Engine;
use okta_profiles::error::Result;
use okta_profiles::model::Change;

use super::json;
use super::output::{PAGE, output_failed};

/// Arguments of `changes`.
#[derive(Debug, Args)]
pub struct ChangesArguments {
    /// Only what came after this position.
    #[arg(long, default_value_t = 0)]
    pub after: i64,
    /// Only of this Okta user.
    #[arg(long, value_name = "OKTA_ID")]
    pub user: Option<String>,
    /// At most this many entries; all without it.
    #[arg(long)]
    pub limit: Option<usize>,
}

/// Shows the change feed.
pub fn changes(
    engine: &Engine,
    arguments: &ChangesArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let mut left = arguments.limit.unwrap_or(usize::MAX);
    let mut after = arguments.after;
    while left > 0 {
        let changes = engine.changes(after, arguments.user.as_deref(), left.min(PAGE))?;
        let Some(last) = changes.last() else { break };
        after = last.position;
        left -= changes.len();
        for change in &changes {
            let text = if as_json {
                json::line(change)
            } else {
                describe(change)
            };
            writeln!(out, "{text}").map_err(output_failed)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn describe(change: &Change) -> String {
    let fields: Vec<String> = change
        .fields
        .iter()
        .map(|field| format!("{}: {} -> {}", field.field, field.from, field.to))
        .collect();
    let head = format!(
        "{:>8}  {}  run {:<4} {}  {:<8}",
        change.position,
        change.at.to_rfc3339(),
        change.run.0,
        change.okta_id,
        change.kind.name()
    );
    format!("{head} {}", fields.join("; ")).trim_end().to_owned()
}
