//! Waiting for the writer. Waiting threads are counted, so that a long write can end earlier, and a wait may have a
//! deadline.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{MutexGuard, TryLockError, TryLockResult};
use std::time::{Duration, Instant};

/// How often a thread with a deadline tries to lock.
const LOOK_ROUND: Duration = Duration::from_millis(2);

/// Subtracts one from the number of waiting writers when dropped.
pub(in crate::directory) struct Waited<'a>(pub(in crate::directory) &'a AtomicUsize);

impl Drop for Waited<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Tries to lock until `deadline`. None if it did not succeed.
pub(in crate::directory) fn try_until<'a, T>(
    deadline: Instant,
    attempt: impl Fn() -> TryLockResult<MutexGuard<'a, T>>,
) -> Option<MutexGuard<'a, T>> {
    loop {
        match attempt() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return None,
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOOK_ROUND),
        }
    }
}
