//! `completions` and `man`: shell completions and manual pages, generated from the arguments.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;
use okta_profiles::contract::errors::{Error, ErrorCode, Result};

use super::Arguments;
use super::output::{output_failed, say};

/// Writes the completion script of a shell.
pub fn completions(shell: Shell, out: &mut dyn Write) -> Result<ExitCode> {
    // The generator panics if it cannot write, so it writes into memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "okta-profiles", &mut script);
    out.write_all(&script).map_err(output_failed)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes one manual page for the program and one for each command.
pub fn man(folder: &Path) -> Result<ExitCode> {
    let written =
        std::fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(Arguments::command(), folder));
    written.map_err(|error| {
        let what = format!(
            "the manual pages cannot be written to {} ({})",
            folder.display(),
            error.kind()
        );
        Error::with_message(ErrorCode::ExportFailed, what)
    })?;
    say(format_args!(
        "Manual pages are in {0}; read one with: man {0}/okta-profiles.1",
        folder.display()
    ));
    Ok(ExitCode::SUCCESS)
}
