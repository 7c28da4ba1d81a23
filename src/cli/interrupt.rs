//! Ctrl-C and a polite kill.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use okta_profiles::contract::errors::{Error, Result};
use okta_profiles::engine::Engine;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether Ctrl-C was pressed; calls of the engine learn it by being cancelled.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// Ctrl-C and a polite kill stop the running call; what was committed stays and the next sync resumes.
pub fn cancel_on_signal(engine: &Arc<Engine>) -> Result<()> {
    let engine = Arc::clone(engine);
    ctrlc::set_handler(move || {
        INTERRUPTED.store(true, Ordering::SeqCst);
        engine.cancel();
    })
    .map_err(|_| Error::internal("no signal handler"))
}
