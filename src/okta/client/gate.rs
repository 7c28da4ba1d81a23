//! The gate before each request. It opens when the rate limit has room beyond the reserve, and it remembers the
//! limits that answers announce.

use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::rate_limit::RateHeaders;
use crate::http::rate_window::{Bucket, RateWindows};
use crate::http::{RateSeen, Response};
use crate::okta::client::{OktaClient, seconds};

/// How often a closed gate checks again: answers to requests in flight may announce a new window.
const GATE_RECHECK: Duration = Duration::from_secs(1);

impl OktaClient {
    /// Waits until the bucket has room beyond the reserve.
    pub(super) async fn pass_gate(&self, bucket: Bucket, label: &str) -> Result<()> {
        let mut is_logged = false;
        loop {
            let wait = self.windows().before_request(bucket, Instant::now());
            let Some(wait) = wait else {
                return self.cancel.check();
            };
            if wait > self.policy.longest_wait {
                return Err(Error::new(ErrorCode::RateLimited).retry_after(wait));
            }
            if !is_logged {
                self.log.info(format!(
                    "{label}: only the reserve of the rate limit is left, waiting {}",
                    seconds(wait)
                ));
                is_logged = true;
            }
            let _waiting = self.meter.begin_wait(wait, ErrorCode::RateLimited);
            self.cancel.sleep(wait.min(GATE_RECHECK)).await?;
        }
    }

    /// Records the rate limit that the answer announces for its bucket.
    pub(super) fn observe(&self, bucket: Bucket, response: &Response) -> RateHeaders {
        self.meter.count_bytes(response.body.len());
        let rate = RateHeaders::parse(&response.headers);
        self.windows().observe(bucket, &rate, Instant::now());
        if let (Some(limit @ 1..), Some(remaining)) = (rate.limit, rate.remaining) {
            self.meter.note_rate_limit(RateSeen { limit, remaining });
        }
        rate
    }

    pub(super) fn windows(&self) -> MutexGuard<'_, RateWindows> {
        // Each window is replaced as a whole, so a poisoned lock is safe to use.
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
