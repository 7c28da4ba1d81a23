//! Decides what follows a failed attempt: give up, or try again after a wait. Pure: the number of attempts and a
//! random number are passed in, so that a test can reach every decision.
//!
//! An error uses up one of the attempts. A 429 does not; it has a bound of its own, which is more generous. To wait
//! for an announced reset is correct behaviour and not a failure, but it must end some time.

use std::time::Duration;

use crate::contract::errors::{Error, ErrorClass, ErrorCode};
use crate::contract::settings::{Key, Settings};

/// How many waits for a rate limit one request may take, as a multiple of `retry.max_attempts`. With the default of
/// 8 attempts and windows of a minute, a request waits about half an hour for an org that is busy with other work.
const PATIENCE_FACTOR: u32 = 4;
/// The delay doubles at most this often; it reaches the longest wait long before.
const MOST_DOUBLINGS: u32 = 16;

/// The bounds for every request of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The most attempts. Attempts that met a rate limit are not counted.
    pub max_attempts: u32,
    /// The first wait after an error.
    pub base_delay: Duration,
    /// The longest wait after an error.
    pub max_delay: Duration,
    /// The longest wait for a window to end. If the reset is further away, the request waits this long and tries
    /// again.
    pub max_rate_wait: Duration,
    /// How often one request may meet a rate limit.
    pub max_rate_limited: u32,
    /// A wait longer than this is not begun: the caller gets the error with its `retry_after`.
    pub longest_wait: Duration,
}

impl RetryPolicy {
    /// The patient policy of a run.
    pub fn from_settings(settings: &Settings) -> RetryPolicy {
        let max_attempts = u32::try_from(settings.integer(Key::RetryMaxAttempts)).unwrap_or(u32::MAX);
        RetryPolicy {
            max_attempts,
            base_delay: settings.millis(Key::RetryBaseDelay),
            max_delay: settings.seconds(Key::RetryMaxDelay),
            max_rate_wait: settings.seconds(Key::RateLimitMaxWait),
            max_rate_limited: max_attempts.saturating_mul(PATIENCE_FACTOR),
            longest_wait: Duration::MAX,
        }
    }

    /// The same policy for a call whose user waits at the screen: few attempts, no long wait.
    pub fn brief(&self) -> RetryPolicy {
        let max_attempts = self.max_attempts.min(3);
        RetryPolicy {
            max_attempts,
            // One wait of at most ten seconds, not one for every attempt.
            max_rate_limited: 2,
            longest_wait: Duration::from_secs(10),
            ..self.clone()
        }
    }
}

/// The failures of one request so far, the latest included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Attempts that ended in an error.
    pub failed: u32,
    /// Attempts that met a rate limit.
    pub rate_limited: u32,
}

impl Tally {
    /// Counts this failure.
    pub fn count(&mut self, error: &Error) {
        match treatment(error.code()) {
            Treatment::WaitForLimit => self.rate_limited += 1,
            Treatment::BackOff | Treatment::Final => self.failed += 1,
        }
    }

    /// Attempts so far.
    pub fn attempts(&self) -> u32 {
        self.failed + self.rate_limited
    }
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// The error is final.
    GiveUp,
    /// The next attempt goes after this wait.
    RetryAfter(Duration),
}

/// Decides after an attempt that failed with `error`; the caller has already counted it in `tally`. `chance` is a
/// random number from 0 up to 1 that spreads the retries of several clients.
pub fn decide(policy: &RetryPolicy, tally: &Tally, error: &Error, chance: f64) -> AfterFailure {
    let wait = match treatment(error.code()) {
        Treatment::Final => return AfterFailure::GiveUp,
        Treatment::BackOff if tally.failed >= policy.max_attempts => return AfterFailure::GiveUp,
        Treatment::WaitForLimit if tally.rate_limited >= policy.max_rate_limited => {
            return AfterFailure::GiveUp;
        }
        Treatment::BackOff => {
            let asked = error
                .retry_after_hint()
                .unwrap_or_default()
                .min(policy.max_rate_wait);
            back_off(policy, tally.failed, chance).max(asked)
        }
        Treatment::WaitForLimit => match error.retry_after_hint() {
            // The random part prevents that all waiting requests are sent again in the same instant.
            Some(announced) => announced.min(policy.max_rate_wait) + policy.base_delay.mul_f64(clamp(chance)),
            None => back_off(policy, tally.rate_limited, chance),
        },
    };
    match wait > policy.longest_wait {
        true => AfterFailure::GiveUp,
        false => AfterFailure::RetryAfter(wait),
    }
}

/// Equal jitter: half of the doubled delay is fixed, so that a retry is never immediate; the other half is
/// random.
fn back_off(policy: &RetryPolicy, failures: u32, chance: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(MOST_DOUBLINGS);
    let delay = policy
        .base_delay
        .saturating_mul(1 << doublings)
        .min(policy.max_delay);
    delay / 2 + (delay / 2).mul_f64(clamp(chance))
}

fn clamp(chance: f64) -> f64 {
    // NaN would pass through `clamp` and panic in `mul_f64`.
    if chance.is_nan() {
        0.0
    } else {
        chance.clamp(0.0, 1.0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Treatment {
    /// Another attempt would fail the same way, or do harm.
    Final,
    /// A failure that passes by itself.
    BackOff,
    /// The server asks the client to wait.
    WaitForLimit,
}

/// How an error is treated, by its class.
fn treatment(code: ErrorCode) -> Treatment {
    match code.class() {
        ErrorClass::Wait => Treatment::WaitForLimit,
        ErrorClass::Retry => Treatment::BackOff,
        ErrorClass::Later
        | ErrorClass::Resume
        | ErrorClass::Correct
        | ErrorClass::Confirm
        | ErrorClass::Reconnect
        | ErrorClass::GrantRole
        | ErrorClass::GrantScope
        | ErrorClass::DoWithout
        | ErrorClass::AskAdministrator
        | ErrorClass::Report => Treatment::Final,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn policy() -> RetryPolicy {
        RetryPolicy::from_settings(&Settings::default())
    }

    fn after(error: &Error, failed: u32, rate_limited: u32, chance: f64) -> Option<u64> {
        match decide(&policy(), &Tally { failed, rate_limited }, error, chance) {
            AfterFailure::GiveUp => None,
            AfterFailure::RetryAfter(wait) => Some(u64::try_from(wait.as_millis()).expect("a short wait")),
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let error = Error::new(ErrorCode::OktaUnavailable);
        let waits: Vec<_> = (1..=8).map(|failed| after(&error, failed, 0, 1.0)).collect();
        let expected = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000].map(Some);
        assert_eq!(waits[..7], expected);
        assert_eq!(waits[7], None, "the eighth failure is the last");
        assert_eq!(after(&error, 3, 0, 0.0), Some(1_000));
        assert_eq!(after(&error, 3, 0, f64::NAN), Some(1_000));
    }

    #[test]
    fn a_rate_limit_waits_as_announced_and_uses_no_attempts() {
        let error = Error::new(ErrorCode::RateLimited).retry_after(Duration::from_secs(49));
        assert_eq!(after(&error, 0, 1, 0.0), Some(49_000));
        assert_eq!(after(&error, 0, 1, 1.0), Some(49_500));
        assert_eq!(after(&error, 7, 20, 0.0), Some(49_000));
        assert_eq!(after(&error, 0, 32, 0.0), None, "patience ends");
        let far = Error::new(ErrorCode::RateLimited).retry_after(Duration::from_secs(9_999));
        assert_eq!(after(&far, 0, 1, 0.0), Some(120_000));
        let unannounced = Error::new(ErrorCode::ConcurrencyLimited);
        assert_eq!(after(&unannounced, 0, 2, 1.0), Some(1_000));
    }

    #[test]
    fn which_errors_pass() {
        use ErrorCode::*;
        for code in [
            ConnectionLost,
            TimedOut,
            ConnectFailed,
            NameNotResolved,
            ProxyFailed,
            NotJson,
            OktaUnavailable,
            OktaInternal,
            SearchUnparsable,
            Conflict,
            RateLimited,
            ConcurrencyLimited,
        ] {
            assert!(after(&Error::new(code), 1, 1, 0.5).is_some(), "{code:?}");
        }
        for code in [
            TokenRejected,
            RoleMissing,
            ScopeMissing,
            FeatureOff,
            TlsFailed,
            BodyTooLarge,
            ForeignHost,
            Redirected,
            CursorInvalid,
            UnexpectedAnswer,
            Cancelled,
        ] {
            assert_eq!(after(&Error::new(code), 1, 1, 0.5), None, "{code:?}");
        }
    }

    #[test]
    fn a_server_may_ask_for_a_longer_wait() {
        let error = Error::new(ErrorCode::OktaUnavailable).retry_after(Duration::from_secs(7));
        assert_eq!(after(&error, 1, 0, 1.0), Some(7_000));
    }

    #[test]
    fn the_brief_policy_does_not_begin_a_long_wait() {
        let brief = policy().brief();
        let tally = Tally {
            failed: 0,
            rate_limited: 1,
        };
        let decide = |seconds| {
            let error = Error::new(ErrorCode::RateLimited).retry_after(Duration::from_secs(seconds));
            decide(&brief, &tally, &error, 0.0)
        };
        assert_eq!(decide(11), AfterFailure::GiveUp);
        assert_eq!(decide(9), AfterFailure::RetryAfter(Duration::from_secs(9)));
        assert_eq!(brief.max_attempts, 3);
    }

    proptest! {
        #[test]
        fn every_request_ends_and_no_wait_is_unbounded(
            codes in prop::collection::vec(0..ErrorCode::ALL.len(), 200),
            hint in any::<u64>(), chance in any::<f64>(),
        ) {
            let policy = policy();
            let mut tally = Tally::default();
            let mut ended = false;
            for index in codes {
                let error = Error::new(ErrorCode::ALL[index]).retry_after(Duration::from_millis(hint));
                tally.count(&error);
                match decide(&policy, &tally, &error, chance) {
                    AfterFailure::GiveUp => { ended = true; break; }
                    AfterFailure::RetryAfter(wait) => {
                        prop_assert!(wait <= policy.max_rate_wait.max(policy.max_delay) + policy.base_delay);
                    }
                }
            }
            prop_assert!(ended);
            prop_assert!(tally.attempts() <= policy.max_attempts + policy.max_rate_limited);
        }
    }
}
