//! `sync --follow`: keeps a directory fresh and prints changes as they come, until Ctrl-C.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use okta_profiles::contract::errors::{Error, ErrorClass, ErrorCode, Result};
use okta_profiles::engine::Engine;
use okta_profiles::model::{LiveSource, SyncOptions};

use super::changes::Feed;
use super::interrupt::interrupted;
use super::output::{output_failed, say};

/// How often the loop looks for work and for Ctrl-C.
const LOOK_ROUND: Duration = Duration::from_millis(200);
/// How often a run starts that finds changes without an event. It is a full run when one is due.
const RUN_EVERY: Duration = Duration::from_secs(15 * 60);
/// How often a run starts if there are no events.
const RUN_EVERY_ALONE: Duration = Duration::from_secs(60);
/// When a log that the credential may not read is tried again: an administrator may have allowed it.
const POLL_AGAIN: Duration = Duration::from_secs(5 * 60);
/// The pause after a failure. Each further failure in a row doubles it, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Follows until Ctrl-C; prints changes that come from now on. `owed` is a run that is still to be made.
pub fn follow(
    engine: &Arc<Engine>,
    owed: Option<SyncOptions>,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<ExitCode> {
    let mut follower = Follower {
        engine,
        source: engine.live_status()?.source,
        feed: Feed::from_now(engine, as_json)?,
        next_poll: Instant::now(),
        is_log_shut: false,
        last_run: Instant::now(),
        owed,
    };
    let mut trouble = Trouble::default();
    while !interrupted() {
        if trouble.is_over() {
            match follower.step(out) {
                Err(error) if error.code() == ErrorCode::Cancelled => break,
                Err(error) if is_passing(&error) => trouble.met(&error),
                step => {
                    step?;
                    trouble = Trouble::default();
                }
            }
        }
        std::thread::sleep(LOOK_ROUND);
    }
    Ok(ExitCode::SUCCESS)
}

/// Failures in a row. An error is printed only if it differs from the one before, and a pause follows.
#[derive(Default)]
struct Trouble {
    printed: String,
    pause: Duration,
    until: Option<Instant>,
}

impl Trouble {
    fn is_over(&self) -> bool {
        self.until.is_none_or(|until| Instant::now() >= until)
    }

    fn met(&mut self, error: &Error) {
        let text = error.to_string();
        if text != self.printed {
            say(format_args!("warning: {text}; going on"));
            self.printed = text;
        }
        self.pause = (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        self.until = Some(Instant::now() + self.pause);
    }
}

struct Follower<'a> {
    engine: &'a Arc<Engine>,
    source: LiveSource,
    feed: Feed,
    next_poll: Instant,
    /// Whether the last poll failed: then only runs find changes.
    is_log_shut: bool,
    last_run: Instant,
    /// A run that is to be made as soon as Okta answers.
    owed: Option<SyncOptions>,
}

impl Follower<'_> {
    fn step(&mut self, out: &mut dyn Write) -> Result<()> {
        let mut met = None;
        // Each is the safety net of the others, so trouble with one of them does not keep the others from their turn.
        for work in [Self::poll_if_due, Self::refresh, Self::run_if_due] {
            match work(self) {
                Err(error) if error.code() != ErrorCode::Cancelled && is_passing(&error) => {
                    met = met.or(Some(error));
                }
                done => done?,
            }
        }
        // Another process may have published, or a run of ours that failed afterwards.
        self.feed.print(self.engine, out)?;
        out.flush().map_err(output_failed)?;
        met.map_or(Ok(()), Err)
    }

    fn refresh(&mut self) -> Result<()> {
        self.engine.refresh_pending().map(drop)
    }

    fn run_if_due(&mut self) -> Result<()> {
        let every = match self.source {
            LiveSource::Log if self.is_log_shut => RUN_EVERY_ALONE,
            LiveSource::Off => RUN_EVERY_ALONE,
            LiveSource::Log | LiveSource::Hook => RUN_EVERY,
        };
        if self.owed.is_some() || self.last_run.elapsed() >= every {
            self.engine.sync(self.owed.unwrap_or_default())?;
            self.owed = None;
            self.last_run = Instant::now();
        }
        Ok(())
    }

    fn poll_if_due(&mut self) -> Result<()> {
        if self.source != LiveSource::Log || Instant::now() < self.next_poll {
            return Ok(());
        }
        let polled = self.engine.poll_log();
        let was_shut = std::mem::replace(&mut self.is_log_shut, polled.is_err());
        match polled {
            Ok(poll) => {
                self.next_poll = Instant::now() + Duration::from_millis(poll.next_in_ms);
                Ok(())
            }
            Err(error) if matches!(error.code(), ErrorCode::ScopeMissing | ErrorCode::RoleMissing) => {
                if !was_shut {
                    say(format_args!(
                        "warning: {error} Until then a run a minute looks for changes."
                    ));
                }
                self.next_poll = Instant::now() + POLL_AGAIN;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether the error comes from the network, Okta or another process, so that it may be over the next time.
pub fn is_passing(error: &Error) -> bool {
    let passes = matches!(
        error.code().class(),
        ErrorClass::Wait | ErrorClass::Retry | ErrorClass::Resume
    );
    error.code().block() == 3 || passes
}
