//! Parses the arguments, opens the engine, runs one command and turns its outcome into an exit code.

mod arguments;
mod budget;
mod callback;
mod changes;
mod connect;
mod connection;
mod entries;
mod export;
mod groups;
mod interrupt;
mod jira_file;
mod json;
mod matching;
mod output;
mod people;
mod progress;
mod report;
mod schema;
mod status;
mod sync;
mod table;
mod validate;

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use okta_profiles::clock::UnixMillis;
use okta_profiles::config::Settings;
use okta_profiles::engine::{Engine, SEALING_KEY_LENGTH, SealingKey};
use okta_profiles::error::{Error, ErrorCode, Result};
use zeroize::Zeroizing;

pub use arguments::Arguments;
use arguments::Command;
use connection::connect_if_asked;
use interrupt::cancel_on_signal;
use output::output_failed;

/// Exit code after Ctrl-C, as shells expect it (128 + SIGINT).
const EXIT_CANCELLED: u8 = 130;

/// Runs the command.
pub fn run(arguments: Arguments) -> ExitCode {
    match execute(&arguments) {
        Ok(code) => code,
        Err(error) => {
            if arguments.json {
                // The error itself is what the caller gets; a closed stdout cannot be reported anyway.
                let _ = writeln!(io::stdout(), "{}", json::error(&error));
            }
            eprintln!("error: {error}");
            exit_code(&error)
        }
    }
}

fn execute(arguments: &Arguments) -> Result<ExitCode> {
    let started = UnixMillis::now();
    let engine = Arc::new(open(arguments)?);
    cancel_on_signal(&engine)?;
    let mut out = BufWriter::new(io::stdout());
    let done = match &arguments.command {
        Command::Connect(how) => connect::run(&engine, how, arguments.json, &mut out),
        Command::Token => connect::token(&engine, arguments.json, &mut out),
        Command::Refresh => connect::refresh(&engine, started, arguments.json, &mut out),
        Command::Disconnect => engine.disconnect().map(|()| ExitCode::SUCCESS),
        Command::Rekey => engine.rekey(None).map(|()| ExitCode::SUCCESS),
        Command::Validate(connection) => {
            connect_if_asked(&engine, connection)?;
            validate::run(&engine, arguments.json, &mut out)
        }
        Command::Sync(sync) => {
            connect_if_asked(&engine, &sync.connection)?;
            sync::run(&engine, sync, arguments.json, &mut out)
        }
        Command::Budget(budget) => {
            connect_if_asked(&engine, &budget.connection)?;
            budget::budget(&engine, budget, arguments.json, &mut out)
        }
        Command::Find(find) => people::find(&engine, find, arguments.json, &mut out),
        Command::List(list) => people::list(&engine, list, arguments.json, &mut out),
        Command::Export(export) => export::export(&engine, export, &mut out),
        Command::Groups(groups) => groups::groups(&engine, groups, arguments.json, &mut out),
        Command::Schema(schema) => schema::schema(&engine, schema, arguments.json, &mut out),
        Command::Where { name, value } => people::users_where(&engine, name, value, &mut out),
        Command::Managers(of) => people::managers(&engine, of, arguments.json, &mut out),
        Command::Changes(changes) => changes::changes(&engine, changes, arguments.json, &mut out),
        Command::Status(status) => status::status(&engine, status, arguments.json, &mut out),
        Command::Backup { file } => engine.backup(file).map(|()| ExitCode::SUCCESS),
        Command::Match(rules) => matching::run(&engine, rules, arguments.json, &mut out),
        Command::Candidates(of) => matching::candidates(&engine, of, arguments.json, &mut out),
        Command::Pin { okta_id, jira_key } => engine.pin(okta_id, jira_key).map(|()| ExitCode::SUCCESS),
        Command::Unpin { jira_key } => engine.unpin(jira_key).map(|()| ExitCode::SUCCESS),
    };
    let flushed = out.flush().map_err(output_failed);
    let closed = engine.close();
    let code = done?;
    flushed?;
    closed?;
    Ok(code)
}

fn open(arguments: &Arguments) -> Result<Engine> {
    let mut settings = Settings::default();
    for (key, value) in &arguments.set {
        settings
            .set(key, value)
            .map_err(|error| error.context(format!("--set {key}")))?;
    }
    if let Some(seconds) = arguments.wait {
        settings
            .set("directory.lock_wait_seconds", &seconds.to_string())
            .map_err(|error| error.context("--wait"))?;
    }
    let engine = match &arguments.sealing_key_file {
        Some(file) => Engine::open_with_key(&arguments.directory, settings, sealing_key(file)?)?,
        None => Engine::open(&arguments.directory, settings)?,
    };
    if let Some(moved_to) = &engine.open_report().damaged_moved_to {
        eprintln!(
            "warning: the directory was damaged and moved to {}",
            moved_to.display()
        );
    }
    Ok(engine)
}

/// The key that the host keeps, from its file.
fn sealing_key(file: &Path) -> Result<SealingKey> {
    let unusable = |what: &str| Error::about(ErrorCode::SealingKeyUnavailable, what);
    let bytes = std::fs::read(file).map(Zeroizing::new);
    let bytes = bytes.map_err(|error| unusable(&error.kind().to_string()))?;
    let digits = bytes.trim_ascii_end();
    if digits.len() != 2 * SEALING_KEY_LENGTH {
        return SealingKey::from_bytes(&bytes);
    }
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let key: Option<Vec<u8>> = digits.chunks_exact(2).map(pair).collect();
    let key = Zeroizing::new(key.ok_or_else(|| unusable("not hexadecimal"))?);
    SealingKey::from_bytes(&key)
}

fn exit_code(error: &Error) -> ExitCode {
    match error.code() {
        ErrorCode::Cancelled => ExitCode::from(EXIT_CANCELLED),
        code => ExitCode::from(u8::try_from(code.block()).unwrap_or(9)),
    }
}
