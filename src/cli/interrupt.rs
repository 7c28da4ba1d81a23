//! Stops the running call at Ctrl-C, SIGTERM and SIGHUP. A second signal ends the process at once, which is safe: it may
//! be killed at any moment.
//!
//! A signal that is ignored when the process starts stays ignored: whoever starts it by `nohup`, or a script in the
//! background, wants that.

use std::fs;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use okta_profiles::contract::errors::{Error, ErrorCode, Result};
use okta_profiles::engine::Engine;
use okta_profiles::secret::Secret;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Exit code after Ctrl-C, as shells expect it (128 + SIGINT).
pub const EXIT_CANCELLED: u8 = 130;

/// How often waiting code checks for a signal.
const POLL: Duration = Duration::from_millis(50);
/// Signals within this time count as one: a terminal that is closed sends several.
const ONE_SIGNAL: Duration = Duration::from_secs(1);

/// Far longer than any answer; it ends the reading of an endless one.
const LONGEST_LINE: u64 = 64 * 1024;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether a signal came. Calls of the engine need not ask: the signal cancels them.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// The error after a signal, for work that is no call of the engine.
pub fn check() -> Result<()> {
    match interrupted() {
        true => Err(Error::new(ErrorCode::Cancelled)),
        false => Ok(()),
    }
}

/// From now on signals cancel the running call. What was committed stays, and the next sync resumes.
pub fn cancel_on_signal(engine: &Arc<Engine>) -> Result<()> {
    let ignored = ignored();
    let heeded = [SIGINT, SIGTERM, SIGHUP]
        .into_iter()
        .filter(|signal| ignored & (1 << (signal - 1)) == 0);
    let mut signals = Signals::new(heeded).map_err(|_| Error::internal("no signal handler"))?;
    let engine = Arc::clone(engine);
    std::thread::spawn(move || {
        if signals.wait().next().is_some() {
            INTERRUPTED.store(true, Ordering::SeqCst);
            cancel_until_the_end(&engine, &mut signals);
        }
    });
    Ok(())
}

/// Cancels again and again: a command makes several calls, and the signal may come between two of them.
fn cancel_until_the_end(engine: &Engine, signals: &mut Signals) {
    let first = Instant::now();
    loop {
        engine.cancel();
        std::thread::sleep(POLL);
        if signals.pending().next().is_some() && first.elapsed() > ONE_SIGNAL {
            std::process::exit(i32::from(EXIT_CANCELLED));
        }
    }
}

/// The signals that this process was started with as ignored, a bit each. None where the system does not tell.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok())
        .unwrap_or(0)
}

/// Reads a line of standard input; none at its end. A signal ends the waiting, which a read by itself would go on with.
pub fn read_line() -> Result<Option<Secret>> {
    let (send, receive) = mpsc::channel();
    // A read of the terminal cannot be cancelled. If a signal comes first, the thread ends with the process.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().lock().take(LONGEST_LINE).read_line(&mut line);
        send.send((read, Secret::text(line)))
    });
    loop {
        match receive.recv_timeout(POLL) {
            Ok((Ok(1..), line)) => return Ok(Some(line)),
            Ok((Ok(0) | Err(_), _)) | Err(RecvTimeoutError::Disconnected) => return Ok(None),
            Err(RecvTimeoutError::Timeout) if interrupted() => return Err(Error::new(ErrorCode::Cancelled)),
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}
