//! The rate limits: one fixed window for each bucket, which begins with its first request.

use std::collections::HashMap;

/// Requests that share one counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bucket {
    /// `/api/v1/users` and `/api/v1/users/{id}/groups`.
    Users,
    /// `GET /api/v1/users/{id}`.
    User,
    /// `/api/v1/groups` and `/api/v1/groups/{id}/users`.
    Groups,
    /// `/api/v1/groups/{id}`.
    Group,
    /// `/api/v1/logs`.
    Logs,
    /// Everything under `/oauth2/v1` but keys and metadata.
    OAuth,
    /// Everything else under `/api/v1`.
    Generic,
}

impl Bucket {
    /// Every bucket.
    pub const ALL: &'static [Bucket] = &[
        Bucket::Users,
        Bucket::User,
        Bucket::Groups,
        Bucket::Group,
        Bucket::Logs,
        Bucket::OAuth,
        Bucket::Generic,
    ];

    /// The name the command line takes.
    pub fn name(self) -> &'static str {
        match self {
            Bucket::Users => "users",
            Bucket::User => "user",
            Bucket::Groups => "groups",
            Bucket::Group => "group",
            Bucket::Logs => "logs",
            Bucket::OAuth => "oauth",
            Bucket::Generic => "generic",
        }
    }

    /// The bucket of that name.
    pub fn parse(name: &str) -> Option<Bucket> {
        Bucket::ALL.iter().copied().find(|bucket| bucket.name() == name)
    }

    /// Okta's last published default for a Workforce org, in requests a minute. The limit of the OAuth endpoints
    /// was not published; it is assumed to equal the generic one.
    pub fn workforce_limit(self) -> u32 {
        match self {
            Bucket::Users => 600,
            Bucket::User => 2_000,
            Bucket::Groups => 500,
            Bucket::Group => 1_000,
            Bucket::Logs => 120,
            Bucket::OAuth | Bucket::Generic => 1_200,
        }
    }
}

/// Far more than a test sends, so that only limits that a test sets matter.
const UNSET_LIMIT: u32 = 1_000_000;

/// The counters of all buckets.
pub(crate) struct RateLimiter {
    limits: HashMap<Bucket, u32>,
    window_seconds: i64,
    open: HashMap<Bucket, Window>,
}

struct Window {
    reset: i64,
    used: u32,
}

/// The numbers for the headers of one response, and whether the request passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    /// Seconds since 1970.
    pub(crate) reset: i64,
    pub(crate) passes: bool,
}

impl RateLimiter {
    pub(crate) fn new(limits: HashMap<Bucket, u32>, window_seconds: i64) -> RateLimiter {
        RateLimiter {
            limits,
            window_seconds: window_seconds.max(1),
            open: HashMap::new(),
        }
    }

    pub(crate) fn set_limit(&mut self, bucket: Bucket, limit: u32) {
        self.limits.insert(bucket, limit);
    }

    /// Counts one request at `now` (seconds since 1970).
    pub(crate) fn take(&mut self, bucket: Bucket, now: i64) -> Rate {
        let limit = self.limits.get(&bucket).copied().unwrap_or(UNSET_LIMIT);
        let fresh = Window {
            reset: now + self.window_seconds,
            used: 0,
        };
        let window = self.open.entry(bucket).or_insert(fresh);
        if now >= window.reset {
            *window = Window {
                reset: now + self.window_seconds,
                used: 0,
            };
        }
        let passes = window.used < limit;
        window.used += u32::from(passes);
        Rate {
            limit,
            remaining: limit - window.used.min(limit),
            reset: window.reset,
            passes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_opens_with_its_first_request() {
        let mut limiter = RateLimiter::new(HashMap::from([(Bucket::Users, 2)]), 60);
        let rate = limiter.take(Bucket::Users, 1_007);
        assert_eq!((rate.remaining, rate.reset, rate.passes), (1, 1_067, true));
        assert!(limiter.take(Bucket::Users, 1_008).passes);
        let refused = limiter.take(Bucket::Users, 1_066);
        assert_eq!(
            (refused.remaining, refused.reset, refused.passes),
            (0, 1_067, false)
        );
        assert_eq!(limiter.take(Bucket::Users, 1_067).reset, 1_127);
        assert!(limiter.take(Bucket::Groups, 1_067).passes);
    }
}
