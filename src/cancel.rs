//! Stops a running call from another thread.
//!
//! The call and everybody who may stop it share one [`CancelToken`]. The work calls [`CancelToken::check`] between
//! its steps and races every wait against [`CancelToken::cancelled`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::contract::errors::{Error, ErrorCode, Result};

/// A flag that changes once, from running to cancelled.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    cancelled: AtomicBool,
    wake: Notify,
}

impl CancelToken {
    /// A token that is not cancelled.
    pub fn new() -> CancelToken {
        CancelToken::default()
    }

    /// Cancels the work that uses this token. Safe from any thread, any number of times.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::SeqCst);
        self.0.wake.notify_waiters();
    }

    /// Whether the token was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    /// Fails with [`ErrorCode::Cancelled`] once the token is cancelled.
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() {
            return Err(Error::new(ErrorCode::Cancelled));
        }
        Ok(())
    }

    /// Completes when the token is cancelled.
    pub async fn cancelled(&self) {
        let mut wake = std::pin::pin!(self.0.wake.notified());
        // Registered before the flag is read: a cancel between the two is not missed.
        wake.as_mut().enable();
        if !self.is_cancelled() {
            wake.await;
        }
    }

    /// Waits for `span`, or fails as soon as the token is cancelled.
    pub async fn sleep(&self, span: Duration) -> Result<()> {
        self.race(tokio::time::sleep(span)).await
    }

    /// Runs `work` to its end, or drops it as soon as the token is cancelled.
    pub async fn race<T>(&self, work: impl Future<Output = T>) -> Result<T> {
        tokio::select! {
            biased;
            () = self.cancelled() => Err(Error::new(ErrorCode::Cancelled)),
            done = work => Ok(done),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_cancelled_wait_ends_at_once() {
        let token = CancelToken::new();
        let other = token.clone();
        let waiter = tokio::spawn(async move { other.sleep(Duration::from_secs(3600)).await });
        tokio::task::yield_now().await;
        token.cancel();
        let outcome = waiter.await.expect("the task ends");
        assert_eq!(outcome.expect_err("cancelled").code(), ErrorCode::Cancelled);
        assert!(token.check().is_err());
    }
}
