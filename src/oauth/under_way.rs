//! Counts the renewals that are running in one call. The call's runtime waits for them before it shuts down,
//! because the answer may be the only copy of a rotated token.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

use crate::cancel::CancelToken;

/// The renewals of one call. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct UnderWay(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    count: AtomicUsize,
    ended: Notify,
    wind_down: CancelToken,
}

impl UnderWay {
    /// Ends the renewals that can end without loss and waits for the others. Each of them takes one attempt, or two
    /// if the answer to the first was lost; each attempt has its time-out.
    pub async fn finish(&self) {
        self.0.wind_down.cancel();
        loop {
            let mut ended = std::pin::pin!(self.0.ended.notified());
            // Registered before the count is read: an end between the two is not missed.
            ended.as_mut().enable();
            if self.0.count.load(Ordering::SeqCst) == 0 {
                return;
            }
            ended.await;
        }
    }

    /// Cancelled when nobody waits for the renewals any more.
    pub(super) fn wind_down(&self) -> &CancelToken {
        &self.0.wind_down
    }

    /// Counts a renewal until the guard is dropped.
    pub(super) fn begin(&self) -> OneUnderWay {
        self.0.count.fetch_add(1, Ordering::SeqCst);
        OneUnderWay(Arc::clone(&self.0))
    }
}

/// One renewal.
pub(super) struct OneUnderWay(Arc<Shared>);

impl Drop for OneUnderWay {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::SeqCst);
        self.0.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn finishing_waits_for_all_and_for_nobody_if_there_is_none() {
        let under_way = UnderWay::default();
        under_way.finish().await;
        let (one, two) = (under_way.begin(), under_way.begin());
        let waiting = tokio::spawn({
            let under_way = under_way.clone();
            async move { under_way.finish().await }
        });
        drop(one);
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!waiting.is_finished());
        assert!(under_way.wind_down().is_cancelled());
        drop(two);
        waiting.await.expect("it ends");
    }
}
