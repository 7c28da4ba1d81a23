//! Stops the running call at Ctrl-C and SIGTERM.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use okta_profiles::contract::errors::{Error, Result};
use okta_profiles::engine::Engine;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether a signal came. Calls of the engine need not ask: the signal cancels them.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// From now on Ctrl-C and SIGTERM cancel the running call. What was committed stays, and the next sync resumes.
pub fn cancel_on_signal(engine: &Arc<Engine>) -> Result<()> {
    let engine = Arc::clone(engine);
    ctrlc::set_handler(move || {
        INTERRUPTED.store(true, Ordering::SeqCst);
        engine.cancel();
    })
    .map_err(|_| Error::internal("no signal handler"))
}
