//! The operator's command line: a thin skin over [`okta_profiles::engine::Engine`].
//!
//! Reports go to stdout (as JSON with `--json`), progress and errors to stderr. The exit code is the
//! block of the error: 1 caller, 2 configuration and credentials, 3 network and Okta, 4 directory,
//! 5 sync, 9 internal; 130 after Ctrl-C.

// A command line is the one place whose purpose is to print.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod cli;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    cli::run(cli::Arguments::parse())
}
