//! Parses the arguments, opens the engine, runs one command and turns its outcome into an exit code.
//!
//! - Commands: a file has the name of its command or of its subject. `people` has find, list and managers; `criterion`
//!   where; `connect` also token, refresh, disconnect and rekey; `matching` match and candidates; `pins` pin and unpin;
//!   `settings` set and unset; `shell` completions and man; `follow` is `sync --follow`.
//! - Input: `arguments` and `usage`, `jira_file`, `secret_file`, `known` (a user or group by what a person writes),
//!   `connection` (URL and token), `callback` (the port on which a sign-in waits), `interrupt` (Ctrl-C).
//! - Output: `output`, `table`, `json`, `report`, `progress`, `entries`; `advice` adds to an error what only the
//!   command line knows.

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
mod erase;
mod export;
mod follow;
mod groups;
mod interrupt;
mod jira_file;
mod json;
mod known;
mod live;
mod matching;
mod output;
mod people;
mod pins;
mod progress;
mod receive;
mod report;
mod schema;
mod secret_file;
mod settings;
mod shell;
mod status;
mod sync;
mod table;
mod usage;
mod validate;

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use okta_profiles::clock::UnixMillis;
use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::{Engine, SEALING_KEY_LENGTH, SealingKey};
use zeroize::Zeroizing;

pub use arguments::Arguments;
use arguments::{Command, FileUse};
use connection::connect_if_asked;
use interrupt::{EXIT_CANCELLED, cancel_on_signal, interrupted};
use output::{Form, Output, output_failed, say};

/// More bytes than a key in digits with a line end has, so that a longer file is noticed.
const LONGEST_KEY_FILE: usize = 2 * SEALING_KEY_LENGTH + 8;

/// Reads the arguments and runs the command.
pub fn run() -> ExitCode {
    let arguments = match usage::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let mut out = Output::new(form(&arguments));
    if arguments.command.file_use() == FileUse::Read {
        out = out.until(interrupted);
    }
    let done = execute(&arguments, &mut out);
    let flushed = out.flush().map_err(output_failed);
    if out.reader_left() {
        return ExitCode::SUCCESS;
    }
    if out.was_stopped() {
        return failed(&Error::new(ErrorCode::Cancelled), arguments.json);
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
    // A command that changes something prints one document: if closing fails, the error replaces the answer.
    let answers_once = arguments.command.file_use() != FileUse::Read && !arguments.command.follows();
    let is_held = arguments.json && answers_once;
    let mut held = Vec::new();
    let done = match is_held {
        true => perform(&engine, arguments, started, &mut held),
        false => perform(&engine, arguments, started, out),
    };
    let closed = engine.close();
    let code = done?;
    closed?;
    out.write_all(&held).map_err(output_failed)?;
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
        Command::Live(what) => live::run(engine, what, json, out),
        Command::Receive(how) => {
            connect_if_asked(engine, &how.connection)?;
            receive::run(engine, how, json, out)
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
        Command::Erase(person) => erase::run(engine, person, json, out),
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
    let key = arguments
        .sealing_key_file
        .as_deref()
        .map(sealing_key)
        .transpose()?;
    let path = arguments.directory.as_path();
    let access = arguments.command.file_use();
    if access == FileUse::Change {
        require_directory(path)?;
    }
    let engine = match (access, key) {
        (FileUse::Read, key) => Engine::open_to_read(path, settings, key)?,
        (FileUse::Change | FileUse::Make, Some(key)) => Engine::open_with_key(path, settings, key)?,
        (FileUse::Change | FileUse::Make, None) => Engine::open(path, settings)?,
    };
    let opened = engine.open_report();
    if let Some(moved_to) = &opened.damaged_moved_to {
        let saved = match opened.carried_over.as_slice() {
            [] => "nothing could be saved out of it".to_owned(),
            saved => format!("{} was saved out of it", saved.join(", ")),
        };
        say(format_args!(
            "warning: the directory was damaged and moved to {}; {saved}; the next sync reads all users anew",
            moved_to.display()
        ));
    }
    Ok(engine)
}

fn require_directory(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let what = format!("there is no directory at {}", path.display());
            Err(Error::about(ErrorCode::DirectoryMissing, what))
        }
        // Opening reports anything else that is wrong with it.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The key that the host keeps, from its file.
fn sealing_key(file: &Path) -> Result<SealingKey> {
    let unusable = |what: &str| Error::about(ErrorCode::SealingKeyUnavailable, what);
    // The file may be a pipe, such as a shell's `<(…)`; an endless one is not read to its end.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST_KEY_FILE));
    let read = File::open(file).and_then(|file| file.take(LONGEST_KEY_FILE as u64).read_to_end(&mut bytes));
    read.map_err(|error| unusable(&format!("{} ({})", file.display(), error.kind())))?;
    let digits = bytes.trim_ascii_end();
    if digits.len() != 2 * SEALING_KEY_LENGTH {
        return SealingKey::from_bytes(&bytes).map_err(|_| unusable(&wrong_length(file, bytes.len())));
    }
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let key: Option<Vec<u8>> = digits.chunks_exact(2).map(pair).collect();
    let key = Zeroizing::new(key.ok_or_else(|| unusable(&not_hexadecimal(file)))?);
    SealingKey::from_bytes(&key)
}

fn not_hexadecimal(file: &Path) -> String {
    format!("{} has other characters than hexadecimal digits", file.display())
}

fn wrong_length(file: &Path, length: usize) -> String {
    let found = match length {
        0 => "is empty",
        _ => "has another length",
    };
    format!(
        "{} {found}; it must hold 32 bytes, or 64 hexadecimal digits",
        file.display()
    )
}

fn exit_code(error: &Error) -> ExitCode {
    match error.code() {
        ErrorCode::Cancelled => ExitCode::from(EXIT_CANCELLED),
        code => ExitCode::from(u8::try_from(code.block()).unwrap_or(9)),
    }
}
