//! `live`: the source of events, how well it works, and the event hook.

use std::io::Write;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use okta_profiles::contract::errors::Result;
use okta_profiles::engine::Engine;
use okta_profiles::model::{LiveSource, LiveStatus};
use serde_json::json;

use super::output::output_failed;
use super::{json, table};

/// Arguments of `live`.
#[derive(Debug, Args)]
pub struct LiveArguments {
    /// What to do; without it, the status is shown.
    #[command(subcommand)]
    pub action: Option<LiveAction>,
}

/// The commands of `live`.
#[derive(Debug, Subcommand)]
pub enum LiveAction {
    /// Show the source of events, how far behind it is, what waits and what was missed; sends no request.
    Status,
    /// Choose the source of events, for every later call.
    On {
        /// log: the System Log is polled, which needs okta.logs.read. hook: Okta posts events to an address.
        #[arg(value_parser = ["log", "hook"])]
        source: String,
    },
    /// Switch live off, for every later call.
    Off,
    /// Make the event hook in Okta, or repair it, and have Okta verify it.
    Register {
        /// The public address of the receiver, with https.
        url: String,
    },
    /// Ask Okta whether the event hook delivers, and repair it if not; compare with the System Log if that may be read.
    Check,
    /// Have Okta send its challenge to the event hook once more, which tests the way from Okta to here.
    Verify,
    /// Remove the event hook from Okta and forget its secret.
    Remove,
    /// Show the secret that deliveries must carry, for making the hook in Okta by hand.
    Secret {
        /// Make a new secret; the old one is accepted for one more day.
        #[arg(long)]
        renew: bool,
    },
}

/// Does what was asked, then shows the status of live.
pub fn run(
    engine: &Engine,
    arguments: &LiveArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let status = match arguments.action.as_ref().unwrap_or(&LiveAction::Status) {
        LiveAction::Status => engine.live_status()?,
        LiveAction::On { source } => {
            engine.store_setting("live", source)?;
            engine.live_status()?
        }
        LiveAction::Off => {
            engine.store_setting("live", "off")?;
            engine.live_status()?
        }
        LiveAction::Register { url } => engine.register_hook(url)?,
        LiveAction::Check => engine.check_hook()?,
        LiveAction::Verify => engine.verify_hook()?,
        LiveAction::Remove => engine.remove_hook()?,
        LiveAction::Secret { renew } => return secret(engine, *renew, as_json, out),
    };
    let written = match as_json {
        true => writeln!(out, "{}", json::line(&status)),
        false => print(&status, out),
    };
    written.map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}

fn secret(engine: &Engine, renew: bool, as_json: bool, out: &mut dyn Write) -> Result<ExitCode> {
    let status = engine.live_status()?;
    match (renew, status.hook_id.is_empty()) {
        (true, false) => drop(engine.rotate_hook_secret()?),
        (true, true) => drop(engine.renew_hook_secret()?),
        (false, _) => {}
    }
    let (secret, header) = (engine.hook_secret()?, status.secret_header);
    let written = match as_json {
        true => writeln!(out, "{}", json!({"header": header, "secret": secret.expose()})),
        false => writeln!(out, "{header}: {}", secret.expose()),
    };
    written.map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}

fn print(status: &LiveStatus, out: &mut dyn Write) -> std::io::Result<()> {
    let when = |at: Option<okta_profiles::clock::UnixMillis>| at.map_or("never".to_owned(), table::moment);
    writeln!(out, "Source       {}", status.source.name())?;
    if status.source == LiveSource::Off {
        writeln!(
            out,
            "Only full and delta runs find changes. `live on log` or `live on hook` also reads Okta's events."
        )?;
    }
    match status.last_received {
        Some(came) => writeln!(
            out,
            "Last event   {}, came {}",
            when(status.last_event),
            table::moment(came)
        )?,
        None => writeln!(out, "Last event   none yet")?,
    }
    let lag = status
        .lag_ms
        .map_or("unknown".to_owned(), |lag| format!("{:.1} s", lag as f64 / 1e3));
    writeln!(out, "Lag          {lag}")?;
    writeln!(
        out,
        "Pending      {}, {} left to the next full run",
        status.pending, status.held
    )?;
    writeln!(
        out,
        "Events       {}, {} came again",
        status.events, status.repeated
    )?;
    match status.missed_at {
        Some(at) => writeln!(out, "Missed       {}, last {}", status.missed, table::moment(at))?,
        None => writeln!(out, "Missed       {}", status.missed)?,
    }
    if let Some(at) = status.gap_at {
        writeln!(out, "Gap          {}: {}", table::moment(at), status.gap)?;
    }
    match status.source {
        LiveSource::Log => writeln!(out, "Log read     {}", when(status.polled)),
        LiveSource::Hook => print_hook(status, out),
        LiveSource::Off => Ok(()),
    }
}

fn print_hook(status: &LiveStatus, out: &mut dyn Write) -> std::io::Result<()> {
    match status.hook_id.as_str() {
        "" => writeln!(out, "Hook         none registered from here")?,
        id => {
            let state = if status.hook_verified {
                "delivers"
            } else {
                "does not deliver"
            };
            writeln!(out, "Hook         {id} {state} to {}", status.hook_url)?;
        }
    }
    writeln!(
        out,
        "Delivered    {} of {} events today",
        status.delivered_today, status.daily_cap
    )?;
    let has = if status.has_secret { "" } else { ", none made yet" };
    writeln!(out, "Secret in    {}{has}", status.secret_header)
}
