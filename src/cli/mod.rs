//! Parses the arguments, opens the engine, runs one command and turns its outcome into an exit code.

mod advice;
mod arguments;
mod backup;
mod budget;
mod callback;
mod changes;
mod connect;
mod connection;
mod criterion;
mod entries;
mod export;
mod groups;
mod interrupt;
mod jira_file;
mod json;
mod known;
mod matching;
mod output;
mod people;
mod pins;
mod progress;
mod report;
mod schema;
mod settings;
mod shell;
mod status;
mod sync;
mod table;
mod usage;
mod validate;

use std::io::Write;
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
use output::{Form, Output, output_failed, say};

/// Exit code after Ctrl-C, as shells expect it (128 + SIGINT).
const EXIT_CANCELLED: u8 = 130;

/// Reads the arguments and runs the command.
pub fn run() -> ExitCode {
    let arguments = match usage::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let mut out = Output::new(form(&arguments));
    let done = execute(&arguments, &mut out);
    let flushed = out.flush().map_err(output_failed);
    if out.reader_left() {
        return ExitCode::SUCCESS;
    }
    match done.and_then(|code| flushed.map(|()| code)) {
        Ok(code) => code,
        Err(error) => failed(&advice::complete(error, &arguments), arguments.json),
    }
}

fn form(arguments: &Arguments) -> Form {
    match arguments.command {
        Command::Completions { .. } => Form::Raw,
        Command::Export(ref export) if export.output.is_none() => Form::Raw,
        _ if arguments.json => Form::Json,
        _ => Form::Text,
    }
}

fn failed(error: &Error, as_json: bool) -> ExitCode {
    if as_json {
        let mut out = Output::new(Form::Json);
        // The error itself is what the caller gets; a closed stdout cannot be reported anyway.
        let _ = writeln!(out, "{}", json::error(error)).and_then(|()| out.flush());
    }
    say(format_args!("error: {error}"));
    exit_code(error)
}

fn execute(arguments: &Arguments, out: &mut dyn Write) -> Result<ExitCode> {
    match &arguments.command {
        Command::Completions { shell } => return shell::completions(*shell, out),
        Command::Man { folder } => return shell::man(folder),
        _ => {}
    }
    let started = UnixMillis::now();
    let engine = Arc::new(open(arguments)?);
    cancel_on_signal(&engine)?;
    let done = perform(&engine, arguments, started, out);
    let closed = engine.close();
    let code = done?;
    closed?;
    Ok(code)
}

fn perform(
    engine: &Arc<Engine>,
    arguments: &Arguments,
    started: UnixMillis,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let json = arguments.json;
    match &arguments.command {
        Command::Connect(how) => connect::run(engine, how, json, out),
        Command::Token => connect::token(engine, json, out),
        Command::Refresh => connect::refresh(engine, started, json, out),
        Command::Disconnect => connect::disconnect(engine, json, out),
        Command::Rekey => connect::rekey(engine, json, out),
        Command::Validate(connection) => validate::run(engine, connection, json, out),
        Command::Sync(sync) => {
            connect_if_asked(engine, &sync.connection)?;
            sync::run(engine, sync, json, out)
        }
        Command::Budget(budget) => {
            connect_if_asked(engine, &budget.connection)?;
            budget::budget(engine, budget, json, out)
        }
        Command::Find(find) => people::find(engine, find, json, out),
        Command::List(list) => people::list(engine, list, json, out),
        Command::Export(export) => export::export(engine, export, json, out),
        Command::Groups(groups) => groups::groups(engine, groups, json, out),
        Command::Schema(schema) => schema::schema(engine, schema, json, out),
        Command::Where { name, value } => criterion::users_where(engine, name, value, json, out),
        Command::Managers(of) => people::managers(engine, of, json, out),
        Command::Changes(changes) => changes::changes(engine, changes, json, out),
        Command::Status(status) => status::status(engine, status, json, out),
        Command::Settings(which) => settings::show(engine, which, json, out),
        Command::Set { settings } => settings::store(engine, settings, json, out),
        Command::Unset { keys } => settings::unset(engine, keys, json, out),
        Command::Backup { file } => backup::run(engine, file, json, out),
        Command::Match(rules) => matching::run(engine, rules, json, out),
        Command::Candidates(of) => matching::candidates(engine, of, json, out),
        Command::Pin { okta_id, jira_key } => pins::pin(engine, okta_id, jira_key, json, out),
        Command::Unpin { jira_key } => pins::unpin(engine, jira_key, json, out),
        // Answered before a directory was opened.
        Command::Completions { .. } | Command::Man { .. } => Ok(ExitCode::SUCCESS),
    }
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
        say(format_args!(
            "warning: the directory was damaged and moved to {}",
            moved_to.display()
        ));
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
