//! `validate`: the report as a list of checks with advice.

use std::io::Write;
use std::process::ExitCode;

use okta_profiles::contract::errors::{ErrorCode, Result};
use okta_profiles::engine::Engine;
use okta_profiles::model::{Check, Outcome, ValidationReport};

use super::connection::{ConnectionArguments, given};
use super::json;
use super::output::output_failed;

/// Validates the token that was given, without keeping it, or the credential of the directory. The exit code is that of
/// the first required check that failed.
pub fn run(
    engine: &Engine,
    connection: &ConnectionArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let report = match given(engine, connection)? {
        Some((org_url, token)) => engine.validate_token(org_url, &token)?,
        None => engine.validate()?,
    };
    if as_json {
        writeln!(out, "{}", json::line(&report)).map_err(output_failed)?;
    } else {
        print(&report, out).map_err(output_failed)?;
    }
    Ok(exit_code(&report))
}

fn exit_code(report: &ValidationReport) -> ExitCode {
    if report.usable {
        return ExitCode::SUCCESS;
    }
    let failed = report
        .checks
        .iter()
        .filter(|check| check.required)
        .find_map(|check| ErrorCode::from_number(check.error_code));
    let block = failed.map_or(2, ErrorCode::block);
    ExitCode::from(u8::try_from(block).unwrap_or(9))
}

fn print(report: &ValidationReport, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "Okta org {}", report.org_url)?;
    if !report.org_url_note.is_empty() {
        writeln!(out, "  note: {}", report.org_url_note)?;
    }
    for check in &report.checks {
        print_check(check, out)?;
    }
    for (title, scopes) in [
        ("granted scopes", &report.granted_scopes),
        ("missing scopes", &report.missing_scopes),
        ("unneeded scopes", &report.unneeded_scopes),
    ] {
        if !scopes.is_empty() {
            writeln!(out, "  {title}: {}", scopes.join(", "))?;
        }
    }
    let verdict = if report.usable {
        "Ready to sync."
    } else {
        "Not ready: a sync cannot work yet. Each failed check above says what to do."
    };
    writeln!(out, "{verdict}")
}

fn print_check(check: &Check, out: &mut dyn Write) -> std::io::Result<()> {
    let name = check.capability.name().replace('_', " ");
    writeln!(out, "  {} {:<17} {}", mark(check), name, check.advice)?;
    if !check.okta_request_id.is_empty() && check.error_code != 0 {
        writeln!(out, "    {:<17} Okta request id {}", "", check.okta_request_id)?;
    }
    Ok(())
}

fn mark(check: &Check) -> &'static str {
    match check.outcome {
        Outcome::Ok => "[ok]     ",
        Outcome::Warning => "[look]   ",
        Outcome::NotChecked => "[-]      ",
        Outcome::MissingRole => "[role]   ",
        Outcome::MissingScope => "[scope]  ",
        Outcome::FeatureOff => "[off]    ",
        Outcome::Refused => "[refused]",
        Outcome::Unreachable => unreachable_mark(ErrorCode::from_number(check.error_code)),
    }
}

/// Marks checks that failed because of the network: with any other error, Okta answered.
fn unreachable_mark(code: Option<ErrorCode>) -> &'static str {
    use ErrorCode::*;
    match code {
        Some(
            NameNotResolved | ConnectFailed | TlsFailed | ProxyFailed | ProxyInvalid | TimedOut
            | ConnectionLost,
        ) => "[no net] ",
        Some(RateLimited | ConcurrencyLimited) => "[limit]  ",
        Some(NotAnOktaOrg | OrgDeactivated | Redirected) => "[no org] ",
        _ => "[error]  ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_is_blamed_only_for_what_it_did() {
        use ErrorCode::*;
        for (code, label) in [
            (NameNotResolved, "[no net]"),
            (ConnectFailed, "[no net]"),
            (TimedOut, "[no net]"),
            (RateLimited, "[limit]"),
            (ConcurrencyLimited, "[limit]"),
            (NotAnOktaOrg, "[no org]"),
            (Redirected, "[no org]"),
            (OktaInternal, "[error]"),
            (OktaUnavailable, "[error]"),
            (UnexpectedStatus, "[error]"),
        ] {
            assert_eq!(unreachable_mark(Some(code)).trim_end(), label, "{code:?}");
        }
        assert_eq!(unreachable_mark(None).trim_end(), "[error]");
    }
}
