//! `backup`: a copy of the directory.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use okta_profiles::contract::errors::Result;
use okta_profiles::engine::Engine;
use serde_json::json;

use super::output::confirm;

/// Writes the copy and confirms its size.
pub fn run(engine: &Engine, file: &Path, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    engine.backup(file)?;
    let bytes = std::fs::metadata(file).map_or(0, |copy| copy.len());
    let record = json!({"backup": {"file": file.to_string_lossy(), "bytes": bytes}});
    let text = format!(
        "A copy of the directory is in {} ({:.1} MB).",
        file.display(),
        bytes as f64 / 1e6
    );
    confirm(as_json, out, &record, text)?;
    Ok(ExitCode::SUCCESS)
}
