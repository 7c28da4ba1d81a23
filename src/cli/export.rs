//! `export`: a view of the directory as text for other programs.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use okta_profiles::contract::errors::Result;
use okta_profiles::engine::Engine;
use okta_profiles::export::ExportFormat;
use okta_profiles::model::View;
use serde_json::json;

use super::entries::view;
use super::output::output_failed;

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// The format: csv or jsonl.
    #[arg(long, value_parser = export_format)]
    pub format: ExportFormat,
    /// The view: matched, okta_only, jira_only, ambiguous, jira_ambiguous, all, absent, deactivated or orphaned.
    #[arg(long, default_value = "all", value_parser = view)]
    pub view: View,
    /// A new file that only its owner may read; standard output without it.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Writes a view as text.
pub fn export(
    engine: &Engine,
    arguments: &ExportArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    match &arguments.output {
        Some(file) => {
            let exported = engine.export_to_file(arguments.view, arguments.format, file);
            let entries = exported.map_err(|error| error.context(file.display()))?;
            let record = json!({"exported": {"file": file.to_string_lossy(), "entries": entries}});
            let written = match as_json {
                true => writeln!(out, "{record}"),
                false => writeln!(out, "{entries} entries written to {}", file.display()),
            };
            written.map_err(output_failed)?;
        }
        None => engine.export(arguments.view, arguments.format, out).map(drop)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn export_format(name: &str) -> std::result::Result<ExportFormat, String> {
    ExportFormat::from_name(name).ok_or_else(|| "choose csv or jsonl".to_owned())
}
