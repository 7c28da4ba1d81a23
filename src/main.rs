//! The command line for operators: a thin layer over [`okta_profiles::engine::Engine`].
//!
//! Reports go to stdout (as JSON with `--json`), progress and errors to stderr. The exit code is the block of the
//! error: 1 caller, 2 configuration and credentials, 3 network and Okta, 4 directory, 5 sync, 9 internal. It is 64
//! if the arguments are wrong, and 130 after Ctrl-C. A reader that closes the output early (`| head`) has read
//! enough; that is success, without a message.

// A command line is the one place whose purpose is to print.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
