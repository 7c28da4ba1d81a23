//! How far a run is: a bar on a terminal, now and then a line elsewhere.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use okta_profiles::engine::Engine;
use okta_profiles::error::{Error, ErrorCode, Result};
use okta_profiles::model::{Phase, Progress};

use super::output::say;
use super::table;

/// How often the progress is looked at.
const POLL: Duration = Duration::from_millis(100);

/// Runs the work and shows its progress on stderr.
pub fn run_with_progress<T: Send>(
    engine: &Arc<Engine>,
    work: impl FnOnce() -> Result<T> + Send,
) -> Result<T> {
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
                    say(line(progress));
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
        let why = match ErrorCode::from_number(progress.waits_for) {
            None | Some(ErrorCode::RateLimited | ErrorCode::ConcurrencyLimited) => {
                "Okta's rate limit".to_owned()
            }
            Some(code) => format!("trouble ({})", code.name()),
        };
        text.push_str(&format!(", {why}: {left} to wait"));
    }
    text
}
