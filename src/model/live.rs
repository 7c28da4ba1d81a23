//! Live: how well changes arrive through Okta's events.

use serde::Serialize;

use crate::clock::UnixMillis;
use crate::contract::choices::LiveSource;

/// How well live works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LiveStatus {
    /// The source of events.
    pub source: LiveSource,
    /// Since when this is the source; none before the first event or poll, and while live is off.
    pub since: Option<UnixMillis>,
    /// When the newest event happened, by Okta's clock.
    pub last_event: Option<UnixMillis>,
    /// When an event last arrived.
    pub last_received: Option<UnixMillis>,
    /// The time from the oldest event of the last refresh until readers saw the change, in milliseconds.
    pub lag_ms: Option<u64>,
    /// Users, groups and memberships that wait to be read again because of events.
    pub pending: u64,
    /// When the oldest waiting change happened, by Okta's clock.
    pub oldest_pending: Option<UnixMillis>,
    /// Deletions that the guard left for the next full run.
    pub held: u64,
    /// Events that arrived; each counts once.
    pub events: u64,
    /// Events that arrived a second time.
    pub repeated: u64,
    /// Changes that a full or delta run found although an event should have reported them.
    pub missed: u64,
    /// When a run last found such a change.
    pub missed_at: Option<UnixMillis>,
    /// When events may last have been lost.
    pub gap_at: Option<UnixMillis>,
    /// Why events may have been lost; empty if never.
    pub gap: String,
    /// When the System Log was last read to its end.
    pub polled: Option<UnixMillis>,
    /// How often the log is polled, in milliseconds; none if the log is not the source.
    pub interval_ms: Option<u64>,
    /// Okta's id of the event hook; empty if none is registered.
    pub hook_id: String,
    /// The address that Okta delivers to; empty if none is registered.
    pub hook_url: String,
    /// Whether the hook was active and verified when Okta was last asked.
    pub hook_verified: bool,
    /// When Okta's challenge was last answered.
    pub verified_at: Option<UnixMillis>,
    /// The header in which a delivery carries the secret.
    pub secret_header: String,
    /// Whether a secret was made.
    pub has_secret: bool,
    /// Events that Okta's hooks have delivered here in the present day of its cap. From 400 000 on Okta delivers no
    /// more.
    pub delivered_today: u64,
    /// How many events Okta delivers at most in a day of its cap.
    pub daily_cap: u64,
    /// From this number on Okta warns that the cap is near.
    pub cap_near_from: u64,
}

/// The answer to a request of Okta's hook, which the host's server sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HookAnswer {
    /// The status: 200 with a body, 204 once the delivery is stored, 503 if Okta shall send it again, or a refusal.
    pub status: u16,
    /// JSON; empty if there is no body.
    pub body: String,
    /// Events that arrived for the first time.
    pub events: u64,
}

/// The result of one poll of the System Log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LogPoll {
    /// Events that arrived for the first time.
    pub events: u64,
    /// Requests that were sent.
    pub requests: u64,
    /// Whether more can be read at once.
    pub more: bool,
    /// When to poll again, in milliseconds.
    pub next_in_ms: u64,
}
