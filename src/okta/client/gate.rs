//! The gate before each request: it opens when the rate limit leaves room beyond the reserve, and what answers say
//! about their limits is kept for it.

use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::rate_limit::RateHeaders;
use crate::http::rate_window::{Bucket, RateWindows};
use crate::http::{RateSeen, Response};
use crate::okta::client::{OktaClient, seconds};

/// How often a closed gate is checked again: answers to requests in flight may announce a new window.
const GATE_RECHECK: Duration = Duration::from_secs(1);

impl OktaClient {
    /// Waits until the bucket has room beyond the reserve.
    pub(super) async fn pass_gate(&self, bucket: Bucket, label: &str) -> Result<()> {
        let mut is_told = false;
        loop {
            let wait = self.windows().before_request(bucket, Instant::now());
            let Some(wait) = wait else {
                return self.cancel.check();
            };
            if wait > self.policy.longest_wait {
                return Err(Error::new(ErrorCode::RateLimited).retry_after(wait));
            }
            if !is_told {
                self.log.info(format!(
                    "{label}: the rate limit is down to its reserve, waiting {}",
                    seconds(wait)
                ));
                is_told = true;
            }
            let _waiting = self.meter.begin_wait(wait, ErrorCode::RateLimited);
            self.cancel.sleep(wait.min(GATE_RECHECK)).await?;
        }
    }

    /// Records what the answer says about its bucket.
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
        // The windows are replaced whole; a panic cannot leave one half-written.
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
