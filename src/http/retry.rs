//! Whether a failed request is tried again, and after how long. Pure: chance is passed in.

use std::time::Duration;

use crate::config::{Key, Settings};
use crate::error::ErrorCode;

/// The limits in force.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// Tries of one request in all, those that met a rate limit not counted.
    pub max_attempts: u32,
    /// First wait; doubles with each try.
    pub base_delay: Duration,
    /// Longest wait that Okta did not ask for.
    pub max_delay: Duration,
}

/// What one request has met so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Attempts {
    /// Tries that failed otherwise than by a rate limit.
    pub failed: u32,
    /// Tries that met a rate limit.
    pub limited: u32,
}

/// Rate limits may be met this many times as often as other failures: waiting for a window is
/// the normal life of a client, but a limit that never ends must be reported.
const LIMITED_SHARE: u32 = 3;

impl RetryPolicy {
    /// Reads the `retry.*` settings.
    pub fn from_settings(settings: &Settings) -> RetryPolicy {
        RetryPolicy {
            max_attempts: u32::try_from(settings.integer(Key::RetryMaxAttempts)).unwrap_or(u32::MAX),
            base_delay: settings.millis(Key::RetryBaseDelay),
            max_delay: settings.seconds(Key::RetryMaxDelay),
        }
    }

    /// How long to wait before the next try; none if this failure is to be reported.
    ///
    /// `attempts` includes the try that just failed with `code`; `announced` is the wait that Okta
    /// asked for; `chance` is a random number from 0 to 1.
    pub fn wait(
        &self,
        code: ErrorCode,
        attempts: Attempts,
        announced: Option<Duration>,
        chance: f64,
    ) -> Option<Duration> {
        match kind(code) {
            Kind::Final => None,
            Kind::Limited if attempts.limited >= self.max_attempts.saturating_mul(LIMITED_SHARE) => None,
            // Spread over up to a second, so that several clients do not come back at one moment.
            Kind::Limited => Some(match announced {
                Some(wait) => wait + Duration::from_millis(500).mul_f64(chance.clamp(0.0, 1.0)),
                None => self.back_off(attempts.limited, chance),
            }),
            Kind::Passing if attempts.failed >= self.max_attempts => None,
            Kind::Passing => Some(self.back_off(attempts.failed, chance)),
        }
    }

    /// Exponential, half of it by chance.
    fn back_off(&self, tries: u32, chance: f64) -> Duration {
        let doubled = 2u32.saturating_pow(tries.saturating_sub(1).min(16));
        let full = self.base_delay.saturating_mul(doubled).min(self.max_delay);
        full.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
    }
}

enum Kind {
    /// The next try would end the same way, or must not be made without the administrator.
    Final,
    /// A rate limit: passes with time.
    Limited,
    /// A fault that usually passes.
    Passing,
}

fn kind(code: ErrorCode) -> Kind {
    use ErrorCode as E;
    match code {
        E::RateLimited | E::ConcurrencyLimited => Kind::Limited,
        E::NameNotResolved
        | E::ConnectFailed
        | E::ProxyFailed
        | E::TimedOut
        | E::ConnectionLost
        | E::NotJson
        | E::OktaUnavailable
        | E::OktaInternal
        | E::SearchUnparsable
        | E::Conflict => Kind::Passing,
        E::InvalidArgument
        | E::InvalidHandle
        | E::InvalidUtf8
        | E::Busy
        | E::Cancelled
        | E::NotFound
        | E::NotConnected
        | E::UnknownSetting
        | E::InvalidSetting
        | E::AbiMismatch
        | E::NativeLibraryUnavailable => Kind::Final,
        E::OrgUrlInvalid
        | E::OrgUrlNotHttps
        | E::NotAnOktaOrg
        | E::CredentialMalformed
        | E::TokenRejected
        | E::AuthorizationRejected
        | E::AuthenticationFailed
        | E::RoleMissing
        | E::ScopeMissing
        | E::FeatureOff
        | E::OrgDeactivated
        | E::OrgMismatch
        | E::CaInvalid
        | E::ProxyInvalid
        | E::AccessTokenInvalid
        | E::DpopProofInvalid => Kind::Final,
        E::TlsFailed
        | E::BodyTooLarge
        | E::UnexpectedAnswer
        | E::Redirected
        | E::ForeignHost
        | E::CursorRepeated
        | E::CursorInvalid
        | E::SearchRefused
        | E::ValidationFailed
        | E::OktaNotFound
        | E::RequestRejected
        | E::NotAllowedInState
        | E::ExternallyOwned
        | E::UnexpectedStatus => Kind::Final,
        E::DirectoryOpenFailed
        | E::DirectoryLocked
        | E::DirectoryTooNew
        | E::DirectoryCorrupt
        | E::DiskFull
        | E::NetworkFileSystem
        | E::NotADirectory
        | E::DirectoryIo
        | E::BackupFailed
        | E::DirectoryBusy => Kind::Final,
        E::NobodySeen
        | E::TooManyAbsent
        | E::TooManyCleared
        | E::JiraUsersEmpty
        | E::MatchingRulesInvalid
        | E::Internal => Kind::Final,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy {
        max_attempts: 4,
        base_delay: Duration::from_millis(100),
        max_delay: Duration::from_secs(1),
    };

    fn after_failures(failed: u32, chance: f64) -> Option<Duration> {
        POLICY.wait(
            ErrorCode::OktaInternal,
            Attempts { failed, limited: 0 },
            None,
            chance,
        )
    }

    #[test]
    fn passing_faults_are_tried_again_with_growing_waits() {
        assert_eq!(after_failures(1, 1.0), Some(Duration::from_millis(100)));
        assert_eq!(after_failures(1, 0.0), Some(Duration::from_millis(50)));
        assert_eq!(after_failures(3, 1.0), Some(Duration::from_millis(400)));
        assert_eq!(after_failures(4, 1.0), None);
    }

    #[test]
    fn waits_are_bounded() {
        let patient = RetryPolicy {
            max_attempts: u32::MAX,
            ..POLICY
        };
        let attempts = Attempts {
            failed: 4_000_000,
            limited: 0,
        };
        assert_eq!(
            patient.wait(ErrorCode::TimedOut, attempts, None, 9.0),
            Some(Duration::from_secs(1))
        );
    }

    #[test]
    fn a_rate_limit_waits_for_what_okta_announced_and_ends_some_day() {
        let wait = |limited| {
            let attempts = Attempts { failed: 0, limited };
            POLICY.wait(
                ErrorCode::RateLimited,
                attempts,
                Some(Duration::from_secs(40)),
                0.0,
            )
        };
        assert_eq!(wait(1), Some(Duration::from_secs(40)));
        assert_eq!(wait(11), Some(Duration::from_secs(40)));
        assert_eq!(wait(12), None);
    }

    #[test]
    fn nothing_is_tried_twice_that_needs_the_administrator() {
        for code in ErrorCode::ALL {
            let tried = POLICY
                .wait(
                    *code,
                    Attempts {
                        failed: 1,
                        limited: 1,
                    },
                    None,
                    0.5,
                )
                .is_some();
            let about_credentials = code.block() == 2;
            assert!(!(tried && about_credentials), "{code:?}");
        }
        for code in [
            ErrorCode::TlsFailed,
            ErrorCode::BodyTooLarge,
            ErrorCode::ForeignHost,
            ErrorCode::Redirected,
        ] {
            assert_eq!(
                POLICY.wait(
                    code,
                    Attempts {
                        failed: 1,
                        limited: 0
                    },
                    None,
                    0.5
                ),
                None
            );
        }
    }
}
