//! `sync`: hands the Jira users over, runs with a progress bar, shows the report.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use okta_profiles::engine::Engine;
use okta_profiles::error::{Error, ErrorCode, Result};
use okta_profiles::model::{JiraUser, Phase, Progress, SyncOptions, SyncReport};

use super::arguments::SyncArguments;
use super::{json, output_failed, planning, table};

/// Jira users handed over in one batch.
const BATCH: usize = 2_000;
/// How often the progress is looked at.
const POLL: Duration = Duration::from_millis(100);

/// Runs a sync.
pub fn run(
    engine: &Arc<Engine>,
    arguments: &SyncArguments,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    if let Some(file) = &arguments.jira_users {
        hand_over_jira_users(engine, file)?;
    }
    let options = SyncOptions {
        mode: arguments.mode,
        confirm_absent: arguments.confirm_absent,
        confirm_cleared: arguments.confirm_cleared,
        restart: arguments.restart,
    };
    if arguments.dry_run {
        let done = run_with_progress(engine, || engine.dry_run(options, arguments.samples));
        if arguments.jira_users.is_some() {
            // Whoever was handed over for the dry run only is forgotten.
            engine.begin_jira_users()?;
        }
        return planning::show_dry_run(&done?, as_json, out);
    }
    if arguments.jira_users.is_some() {
        engine.commit_jira_users(arguments.confirm_empty)?;
    }
    let report = run_with_progress(engine, || engine.sync(options))?;
    if as_json {
        writeln!(out, "{}", json::line(&report)).map_err(output_failed)?;
    } else {
        print(&report, out).map_err(output_failed)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn hand_over_jira_users(engine: &Engine, file: &Path) -> Result<()> {
    let mut reader = csv::Reader::from_path(file).map_err(|error| bad_csv(file, &error))?;
    engine.begin_jira_users()?;
    let mut batch = Vec::with_capacity(BATCH);
    for row in reader.deserialize::<JiraUser>() {
        batch.push(row.map_err(|error| bad_csv(file, &error))?);
        if batch.len() == BATCH {
            engine.add_jira_users(&batch)?;
            batch.clear();
        }
    }
    engine.add_jira_users(&batch)
}

/// Names the line and the kind of fault; the values of the line are people's data and stay out.
fn bad_csv(file: &Path, error: &csv::Error) -> Error {
    let line = error
        .position()
        .map_or(String::new(), |at| format!(" at line {}", at.line()));
    let what = format!(
        "{} cannot be read{line}; it must be a CSV file with the columns key,username,email,display_name,active (true or false)",
        file.display()
    );
    Error::with_message(ErrorCode::InvalidArgument, what)
}

fn run_with_progress<T: Send>(engine: &Arc<Engine>, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let running = scope.spawn(work);
        let mut display = Display::new();
        while !running.is_finished() {
            display.show(&engine.progress());
            std::thread::sleep(POLL);
        }
        display.end();
        running.join().map_err(|_| Error::internal("the sync panicked"))?
    })
}

/// A bar on a terminal, now and then a line elsewhere.
enum Display {
    Bar(ProgressBar),
    Lines { polls: u32 },
}

/// Without a terminal, a line is written once in so many polls (5 s).
const POLLS_A_LINE: u32 = 50;

impl Display {
    fn new() -> Display {
        if !std::io::stderr().is_terminal() {
            return Display::Lines { polls: 0 };
        }
        Display::Bar(ProgressBar::no_length())
    }

    fn show(&mut self, progress: &Progress) {
        match self {
            Display::Bar(bar) => show_bar(bar, progress),
            Display::Lines { polls } => {
                *polls += 1;
                if polls.is_multiple_of(POLLS_A_LINE) {
                    eprintln!("{}", line(progress));
                }
            }
        }
    }

    fn end(&self) {
        if let Display::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

/// How much is done of how much, and of what; 0 to do is unknown.
fn done(progress: &Progress) -> (u64, u64, &'static str) {
    match progress.phase {
        Phase::Groups => (progress.groups_read, progress.groups_to_read, "groups"),
        _ => (progress.users_seen, progress.users_expected, "users"),
    }
}

fn line(progress: &Progress) -> String {
    let (done, _, what) = done(progress);
    format!("{}: {done} {what}, {}", name(progress.phase), details(progress))
}

fn show_bar(bar: &ProgressBar, progress: &Progress) {
    let (done, all, what) = done(progress);
    let known = all > 0;
    if known && bar.length() != Some(all.max(done)) {
        bar.set_length(all.max(done));
    }
    let template = if known {
        format!("{{prefix:<11}} [{{bar:32}}] {{human_pos}}/{{human_len}} {what}  {{eta}} left  {{msg}}")
    } else {
        format!("{{prefix:<11}} {{spinner}} {{human_pos}} {what}  {{msg}}")
    };
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(name(progress.phase));
    bar.set_message(details(progress));
    bar.set_position(done);
}

fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Idle | Phase::Starting => "Starting",
        Phase::Reading => "Reading",
        Phase::Waiting => "Waiting",
        Phase::Publishing => "Publishing",
        Phase::Groups => "Groups",
    }
}

fn details(progress: &Progress) -> String {
    let mut text = format!("{} requests", progress.requests);
    if progress.phase == Phase::Groups {
        text.insert_str(0, &format!("{} memberships, ", progress.memberships_read));
    }
    if progress.retries > 0 {
        text.push_str(&format!(", {} retries", progress.retries));
    }
    if progress.wait_left_ms > 0 {
        let left = table::span(Duration::from_millis(progress.wait_left_ms));
        text.push_str(&format!(", Okta's rate limit: {left} to wait"));
    }
    text
}

pub(super) fn print(report: &SyncReport, out: &mut dyn Write) -> std::io::Result<()> {
    let elapsed = Duration::from_millis(report.elapsed_ms);
    writeln!(
        out,
        "Run {} {} in {}, {}: {}",
        report.run.0,
        report.state.name(),
        table::span(elapsed),
        report.mode.name(),
        report.reason.text()
    )?;
    writeln!(
        out,
        "  Okta users   {} seen = {} added + {} updated + {} touched + {} unchanged\n               {} absent, {} returned, {} purged",
        report.seen,
        report.added,
        report.updated,
        report.touched,
        report.unchanged,
        report.absent,
        report.returned,
        report.purged
    )?;
    print_beyond_users(report, out)?;
    print_matches(report, out)?;
    let waited = table::span(Duration::from_millis(report.waited_ms));
    writeln!(
        out,
        "  Cost         {} requests ({} retries), {} pages, {:.1} MB, {waited} waiting",
        report.requests,
        report.retries,
        report.pages,
        report.bytes as f64 / 1e6
    )?;
    writeln!(
        out,
        "  Completeness {} of {} listings ended, digest {}",
        report.slices_ended, report.slices, report.digest
    )
}

fn print_beyond_users(report: &SyncReport, out: &mut dyn Write) -> std::io::Result<()> {
    if report.passed_over > 0 {
        writeln!(
            out,
            "               {} passed over: nobody in Jira could be meant",
            report.passed_over
        )?;
    }
    if let Some(groups) = &report.groups {
        writeln!(
            out,
            "  Groups       {} listed, {} added, {} updated, {} removed, members of {} read, {} memberships",
            groups.listed,
            groups.added,
            groups.updated,
            groups.removed,
            groups.members_read,
            groups.memberships
        )?;
    }
    for warning in &report.warnings {
        writeln!(out, "  Warning      {warning}")?;
    }
    Ok(())
}

fn print_matches(report: &SyncReport, out: &mut dyn Write) -> std::io::Result<()> {
    let matches = &report.matches;
    writeln!(
        out,
        "  Matches      {} matched, {} pinned; Okta users: {} ambiguous, {} alone; Jira users: {} ambiguous, {} alone",
        matches.matched,
        matches.pinned,
        matches.okta_ambiguous,
        matches.okta_only,
        matches.jira_ambiguous,
        matches.jira_only
    )?;
    for (rule, count) in &matches.by_rule {
        writeln!(out, "    {rule:<28} {count}")?;
    }
    Ok(())
}
