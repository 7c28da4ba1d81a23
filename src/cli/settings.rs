//! `settings`, `set` and `unset`: what the directory keeps for every later call.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use okta_profiles::contract::errors::Result;
use okta_profiles::contract::settings::{SettingInForce, SettingSource};
use okta_profiles::engine::Engine;

use super::output::output_failed;
use super::{json, table};

/// Arguments of `settings`.
#[derive(Debug, Args)]
pub struct SettingsArguments {
    /// Show only these settings, with their meaning.
    #[arg(value_name = "KEY")]
    pub keys: Vec<String>,
    /// Show also the settings that are at their defaults.
    #[arg(long, conflicts_with = "keys")]
    pub all: bool,
}

/// Shows settings with the values in force and where these come from.
pub fn show(
    engine: &Engine,
    arguments: &SettingsArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let is_asked_for = |setting: &SettingInForce| match arguments.keys.as_slice() {
        [] => arguments.all || as_json || setting.source != SettingSource::Default,
        keys => keys.iter().any(|key| key == setting.key),
    };
    // A misspelled name is refused, with the name that may have been meant.
    arguments
        .keys
        .iter()
        .try_for_each(|key| engine.setting(key).map(drop))?;
    let mut shown = engine.settings()?;
    shown.retain(is_asked_for);
    let written = match as_json {
        true => shown
            .iter()
            .try_for_each(|setting| writeln!(out, "{}", json::line(setting))),
        false => print(&shown, &arguments.keys, out),
    };
    written.map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}

fn print(shown: &[SettingInForce], keys: &[String], out: &mut dyn Write) -> std::io::Result<()> {
    if shown.is_empty() {
        return writeln!(
            out,
            "Every setting has its default. `settings --all` lists them, `set KEY=VALUE` keeps another value."
        );
    }
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|setting| {
            vec![
                setting.key.to_owned(),
                setting.value.clone(),
                origin(setting.source).to_owned(),
            ]
        })
        .collect();
    table::write(out, &["setting", "value", "from"], &rows)?;
    for setting in shown.iter().filter(|_| !keys.is_empty()) {
        writeln!(
            out,
            "{}: {} Default: {}",
            setting.key,
            setting.meaning,
            named(setting.default)
        )?;
    }
    Ok(())
}

fn origin(source: SettingSource) -> &'static str {
    match source {
        SettingSource::Call => "this call",
        SettingSource::Directory => "the directory",
        SettingSource::Default => "default",
    }
}

fn named(value: &str) -> &str {
    match value {
        "" => "empty",
        value => value,
    }
}

/// Keeps settings in the directory.
pub fn store(
    engine: &Engine,
    settings: &[(String, String)],
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    engine.store_settings(settings)?;
    show_in_force(engine, settings.iter().map(|(key, _)| key), as_json, out)
}

/// Removes settings from the directory.
pub fn unset(engine: &Engine, keys: &[String], as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    keys.iter().try_for_each(|key| engine.setting(key).map(drop))?;
    for key in keys {
        engine.unset_setting(key)?;
    }
    show_in_force(engine, keys.iter(), as_json, out)
}

/// Shows the values in force now.
fn show_in_force<'a>(
    engine: &Engine,
    keys: impl Iterator<Item = &'a String>,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let settings = engine.settings()?;
    for setting in keys.filter_map(|key| settings.iter().find(|setting| setting.key == key)) {
        let line = match as_json {
            true => json::line(setting),
            false => format!(
                "{} = {} (from {})",
                setting.key,
                named(&setting.value),
                origin(setting.source)
            ),
        };
        writeln!(out, "{line}").map_err(output_failed)?;
    }
    Ok(ExitCode::SUCCESS)
}
