//! Parses the arguments, opens the engine, runs one command and turns its outcome into an exit code.

mod arguments;
mod directory;
mod json;
mod matching;
mod sync;
mod table;
mod validate;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::sync::Arc;

use okta_profiles::config::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::error::{Error, ErrorCode, Result};

pub use arguments::Arguments;
use arguments::{Command, ConnectionArguments};

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
    let engine = Arc::new(open(arguments)?);
    cancel_on_signal(&engine)?;
    let mut out = BufWriter::new(io::stdout());
    let done = match &arguments.command {
        Command::Validate(connection) => {
            connect(&engine, connection)?;
            validate::run(&engine, arguments.json, &mut out)
        }
        Command::Sync(sync) => {
            connect(&engine, &sync.connection)?;
            sync::run(&engine, sync, arguments.json, &mut out)
        }
        Command::Find(find) => directory::find(&engine, find, arguments.json, &mut out),
        Command::List(list) => directory::list(&engine, list, arguments.json, &mut out),
        Command::Changes(changes) => directory::changes(&engine, changes, arguments.json, &mut out),
        Command::Status(status) => directory::status(&engine, status, arguments.json, &mut out),
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
    let engine = Engine::open(&arguments.directory, settings)?;
    if let Some(moved_to) = &engine.open_report().damaged_moved_to {
        eprintln!(
            "warning: the directory was damaged and moved to {}",
            moved_to.display()
        );
    }
    Ok(engine)
}

fn connect(engine: &Engine, connection: &ConnectionArguments) -> Result<()> {
    engine.connect(&connection.org_url, &connection.api_token()?)
}

/// Ctrl-C and a polite kill stop the running call; what was committed stays and the next sync resumes.
fn cancel_on_signal(engine: &Arc<Engine>) -> Result<()> {
    let engine = Arc::clone(engine);
    ctrlc::set_handler(move || engine.cancel()).map_err(|_| Error::internal("no signal handler"))
}

fn exit_code(error: &Error) -> ExitCode {
    match error.code() {
        ErrorCode::Cancelled => ExitCode::from(EXIT_CANCELLED),
        code => ExitCode::from(u8::try_from(code.block()).unwrap_or(9)),
    }
}

/// Writing to stdout failed, most often because the reader has closed the pipe.
fn output_failed(_: io::Error) -> Error {
    Error::with_message(ErrorCode::Cancelled, "the output was closed")
}
