//! `schema` and titled profiles: what the attributes of users are called.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use okta_profiles::engine::Engine;
use okta_profiles::model::UserType;
use okta_profiles::spelling::quoted;

use super::output::{output_failed, show_json};
use super::table;

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// The id of a user type; without it the default type.
    #[arg(long = "type", value_name = "TYPE_ID")]
    pub type_id: Option<String>,
}

/// Shows user types and the attributes of one.
pub fn schema(
    engine: &Engine,
    arguments: &SchemaArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let types = engine.user_types()?;
    if let Some(type_id) = &arguments.type_id {
        check_type(type_id, &types)?;
    }
    let attributes = engine.attributes(arguments.type_id.as_deref())?;
    if as_json {
        show_json(&attributes, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    if types.is_empty() {
        writeln!(out, "No schemas yet: sync with a credential that may read them.").map_err(output_failed)?;
        return Ok(ExitCode::SUCCESS);
    }
    for user_type in types {
        let default = if user_type.is_default { " (default)" } else { "" };
        writeln!(out, "Type {}  {}{default}", user_type.id, user_type.display_name).map_err(output_failed)?;
    }
    let rows: Vec<Vec<String>> = attributes
        .into_iter()
        .map(|attribute| {
            let kind = match attribute.items_type {
                Some(items) => format!("{} of {items}", attribute.kind),
                None => attribute.kind,
            };
            let custom = if attribute.custom { "custom" } else { "base" };
            vec![attribute.name, attribute.title, kind, custom.to_owned()]
        })
        .collect();
    table::write(out, &["NAME", "TITLE", "TYPE", "FROM"], &rows).map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}

fn check_type(type_id: &str, types: &[UserType]) -> Result<()> {
    if types.iter().any(|known| known.id == type_id) {
        return Ok(());
    }
    let ids: Vec<&str> = types.iter().map(|known| known.id.as_str()).collect();
    let known = match ids.as_slice() {
        [] => "none were read yet".to_owned(),
        ids => format!("there are {}", ids.join(", ")),
    };
    let what = format!("There is no user type {}; {known}.", quoted(type_id));
    Err(Error::with_message(ErrorCode::NotFound, what))
}

/// Shows a profile under titles.
pub fn titles(engine: &Engine, okta_id: &str, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    let values = engine.titled_profile(okta_id)?;
    if as_json {
        show_json(&values, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = values
        .into_iter()
        .map(|value| {
            let text = serde_json::from_str(value.value.get());
            vec![value.title, text.unwrap_or_else(|_| value.value.get().to_owned())]
        })
        .collect();
    table::write(out, &["TITLE", "VALUE"], &rows).map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}
