//! Finds out which rate limits Okta announces, with the cheapest possible requests.

use std::time::Duration;

use crate::contract::errors::Result;
use crate::contract::settings::{Key, Settings};
use crate::model::BucketBudget;
use crate::okta::Answer;
use crate::okta::client::OktaClient;
use crate::okta::groups::everyone_of;
use crate::okta::probe::estimate::SyncEstimate;

/// The bucket that lists users (Okta "Rate limits", management endpoints).
pub const USERS_BUCKET: &str = "/api/v1/users";
/// The bucket that lists groups and their members.
pub const GROUPS_BUCKET: &str = "/api/v1/groups";
/// The bucket of all calls that have no bucket of their own, such as user types and schemas.
pub const OTHERS_BUCKET: &str = "/api/v1";

/// The rate limit that one answer announced.
#[derive(Clone, Copy, Debug)]
pub struct Announced {
    limit: Option<u64>,
    remaining: Option<u64>,
    resets_in: Option<Duration>,
    latency: Duration,
}

impl Announced {
    fn of(answer: &Answer, settings: &Settings) -> Announced {
        let longest = settings.seconds(Key::RateLimitMaxWait);
        Announced {
            // Limit 0 with remaining 0 means too many requests in flight. It is not the limit of a bucket
            // (rl2-monitor).
            limit: answer.rate.limit.filter(|limit| *limit > 0).map(u64::from),
            remaining: answer.rate.remaining.map(u64::from),
            resets_in: answer.rate.until_reset(longest),
            latency: answer.latency,
        }
    }

    /// The budget of this bucket for `requests` requests, each for a full page.
    pub fn budget(&self, bucket: &str, requests: Option<u64>, settings: &Settings) -> BucketBudget {
        let reserve_percent = settings.integer(Key::RateLimitReserve);
        let estimate = |requests| SyncEstimate {
            users: requests,
            page_size: 1,
            in_flight: settings.integer(Key::SyncMaxInFlight),
            requests_a_minute: self.limit,
            window: self.remaining.zip(self.resets_in),
            reserve_percent,
            latency: self.latency,
        };
        BucketBudget {
            bucket: bucket.to_owned(),
            requests,
            limit: self.limit,
            remaining: self.limit.and(self.remaining),
            resets_in_ms: self.limit.and(self.resets_in).map(millis),
            left_to_others: self.limit.map(|limit| limit * reserve_percent.min(100) / 100),
            duration_ms: requests.map(|requests| millis(estimate(requests).duration())),
        }
    }
}

/// Asks for one user, to see the rate limit of the bucket that lists users.
pub async fn users_bucket(client: &OktaClient, settings: &Settings) -> Result<Announced> {
    let answer = client.get("/api/v1/users?limit=1").await?;
    Ok(Announced::of(&answer, settings))
}

/// Asks for the built-in groups, to see the rate limit of their bucket. Also returns Okta's own count of users, if
/// Okta shows it.
pub async fn groups_bucket(client: &OktaClient, settings: &Settings) -> Result<(Announced, Option<u64>)> {
    let answer = client
        .get("/api/v1/groups?search=type+eq+%22BUILT_IN%22&expand=stats")
        .await?;
    Ok((Announced::of(&answer, settings), everyone_of(&answer)))
}

/// The budget of a bucket whose limit nobody asked for.
pub fn unknown_bucket(bucket: &str, requests: Option<u64>) -> BucketBudget {
    BucketBudget {
        bucket: bucket.to_owned(),
        requests,
        limit: None,
        remaining: None,
        resets_in_ms: None,
        left_to_others: None,
        duration_ms: None,
    }
}

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
