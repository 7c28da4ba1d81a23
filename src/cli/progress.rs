//! Shows how far a run is: by a bar on a terminal, otherwise by a line from time to time.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use okta_profiles::engine::Engine;
use okta_profiles::model::{Phase, Progress};

use super::output::say;
use super::table;

/// How often the progress is polled.
const POLL: Duration = Duration::from_millis(100);

/// Runs the work and shows its progress on stderr.
pub fn run_with_progress<T: Send>(
    engine: &Arc<Engine>,
    work: impl FnOnce() -> Result<T> + Send,
) -> Result<T> {
    std::thread::scope(|scope| {
        // Nothing is sent through this channel. It closes when the work ends, which wakes this thread at once.
        let (at_work, ended) = mpsc::channel::<()>();
        let running = scope.spawn(move || {
            let _at_work = at_work;
            work()
        });
        let mut display = Display::new();
        while ended.recv_timeout(POLL) == Err(RecvTimeoutError::Timeout) {
            display.show(&engine.progress());
        }
        display.end();
        running.join().map_err(|_| Error::internal("the sync panicked"))?
    })
}

/// A bar on a terminal, or lines.
enum Display {
    Bar(ProgressBar, Speed),
    Lines { polls: u32 },
}

/// Without a terminal, one line is written after this many polls (5 s).
const POLLS_A_LINE: u32 = 50;

impl Display {
    fn new() -> Display {
        if !std::io::stderr().is_terminal() {
            return Display::Lines { polls: 0 };
        }
        Display::Bar(ProgressBar::no_length(), Speed::default())
    }

    fn show(&mut self, progress: &Progress) {
        match self {
            Display::Bar(bar, pace) => show_bar(bar, pace, progress),
            Display::Lines { polls } => {
                *polls += 1;
                if polls.is_multiple_of(POLLS_A_LINE) {
                    say(line(progress));
                }
            }
        }
    }

    fn end(&self) {
        if let Display::Bar(bar, _) = self {
            bar.finish_and_clear();
        }
    }
}

/// How much is done, of how much (0 if unknown), and of what.
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

fn show_bar(bar: &ProgressBar, pace: &mut Speed, progress: &Progress) {
    let (done, all, what) = done(progress);
    let known = all > 0;
    if known && bar.length() != Some(all.max(done)) {
        bar.set_length(all.max(done));
    }
    let template = if known {
        format!("{{prefix:<11}} [{{bar:32}}] {{human_pos}}/{{human_len}} {what}  {{msg}}")
    } else {
        format!("{{prefix:<11}} {{spinner}} {{human_pos}} {what}  {{msg}}")
    };
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(name(progress.phase));
    let left = pace
        .left(progress)
        .map(|left| format!("{} left  ", table::span(left)));
    bar.set_message(left.unwrap_or_default() + &details(progress));
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
        text.push_str(&format!(", {}", wait(progress)));
    }
    text
}

/// What the run waits for, and how much longer.
fn wait(progress: &Progress) -> String {
    let left = table::span(Duration::from_millis(progress.wait_left_ms));
    match ErrorCode::from_number(progress.waits_for) {
        Some(ErrorCode::RateLimited) => format!("Okta's rate limit: {left} to wait"),
        Some(cause) => {
            // The first half of the sentence says what happened; the second half, what to do about it, is left out.
            let text = cause.text();
            let what = text.split(';').next().unwrap_or(text);
            format!("{}: next attempt in {left}", what.trim_end_matches('.'))
        }
        None => format!("{left} to wait"),
    }
}

/// The speed of this call, without what earlier attempts of the run did.
#[derive(Default)]
struct Speed {
    phase: Phase,
    began: Option<(u64, u64)>,
}

/// The shortest time from which the speed is calculated.
const SHORTEST_LOOK_MS: u64 = 2_000;

impl Speed {
    /// How long the rest of this phase takes at this speed; none while too little is known.
    fn left(&mut self, progress: &Progress) -> Option<Duration> {
        let (done, all, _) = done(progress);
        // Waits happen while users are read.
        let phase = match progress.phase {
            Phase::Waiting => Phase::Reading,
            phase => phase,
        };
        if phase != self.phase {
            *self = Speed { phase, began: None };
        }
        let now = progress.elapsed_ms;
        let (done_before, since) = *self.began.get_or_insert((done, now));
        let (gained, span) = (done.saturating_sub(done_before), now.saturating_sub(since));
        if gained == 0 || span < SHORTEST_LOOK_MS || all <= done {
            return None;
        }
        let millis = u128::from(all - done) * u128::from(span) / u128::from(gained);
        Some(Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(done: u64, elapsed_ms: u64) -> Progress {
        Progress {
            phase: Phase::Reading,
            users_seen: done,
            users_expected: 10_000,
            elapsed_ms,
            ..Progress::default()
        }
    }

    #[test]
    fn an_estimate_counts_with_what_this_call_has_done() {
        let mut pace = Speed::default();
        // Resumed: 4 000 users were there before.
        assert_eq!(pace.left(&reading(4_000, 100)), None);
        assert_eq!(pace.left(&reading(4_200, 300)), None, "too early");
        assert_eq!(pace.left(&reading(6_000, 4_100)), Some(Duration::from_secs(8)));
        let waiting = Progress {
            phase: Phase::Waiting,
            ..reading(6_000, 8_100)
        };
        assert_eq!(pace.left(&waiting), Some(Duration::from_secs(16)));
        assert_eq!(pace.left(&reading(10_000, 9_000)), None, "nothing is left");
        let groups = Progress {
            phase: Phase::Groups,
            groups_to_read: 10,
            groups_read: 3,
            ..reading(10_000, 9_100)
        };
        assert_eq!(pace.left(&groups), None, "another phase, another pace");
    }

    #[test]
    fn a_wait_names_its_cause() {
        let text = |code: ErrorCode| {
            wait(&Progress {
                wait_left_ms: 15_200,
                waits_for: code.number(),
                ..Progress::default()
            })
        };
        assert_eq!(text(ErrorCode::RateLimited), "Okta's rate limit: 15.2 s to wait");
        assert_eq!(
            text(ErrorCode::NameNotResolved),
            "The host name cannot be resolved: next attempt in 15.2 s"
        );
    }
}
