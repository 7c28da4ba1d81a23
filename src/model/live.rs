//! Live: how well changes arrive by Okta's events.

use serde::Serialize;

use crate::clock::UnixMillis;
use crate::contract::choices::LiveSource;

/// How live works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LiveStatus {
    /// Where events come from.
    pub source: LiveSource,
    /// Since when events come from there; none before the first event or poll, and while it is off.
    pub since: Option<UnixMillis>,
    /// When the newest event happened, by Okta's clock.
    pub last_event: Option<UnixMillis>,
    /// When an event last came.
    pub last_received: Option<UnixMillis>,
    /// How long it took from the oldest event of the last refresh until readers saw the change, in milliseconds.
    pub lag_ms: Option<u64>,
    /// Users, groups and memberships that events named and that wait to be read again.
    pub pending: u64,
    /// When the oldest of them moved, by Okta's clock.
    pub oldest_pending: Option<UnixMillis>,
    /// Deletions that the guard left to the next full run.
    pub held: u64,
    /// Events that came, each once.
    pub events: u64,
    /// Events that came again.
    pub repeated: u64,
    /// Changes that a full or delta run found and that an event should have reported.
    pub missed: u64,
    /// When a run last found one.
    pub missed_at: Option<UnixMillis>,
    /// When events may last have been lost.
    pub gap_at: Option<UnixMillis>,
    /// Why events may have been lost; empty if never.
    pub gap: String,
    /// When the System Log was last read to its end.
    pub polled: Option<UnixMillis>,
    /// How often it is read, in milliseconds; none unless it is the source.
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
    /// Events that Okta's hooks have delivered here in the present day of its cap; from 400 000 on it delivers none.
    pub delivered_today: u64,
    /// How many events Okta delivers in a day of its cap.
    pub daily_cap: u64,
    /// From this number on Okta warns that the cap is near.
    pub cap_near_from: u64,
}

/// The answer to a delivery, which the server that received it sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HookAnswer {
    /// The status: 200 with a body, 204 once everything is kept, 503 if Okta is to send it again, or a refusal.
    pub status: u16,
    /// JSON; empty if there is no body.
    pub body: String,
    /// Events that came for the first time.
    pub events: u64,
}

/// The result of one poll of the System Log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LogPoll {
    /// Events that came for the first time.
    pub events: u64,
    /// Requests that were sent.
    pub requests: u64,
    /// Whether there is more to read at once.
    pub more: bool,
    /// When to poll again, in milliseconds.
    pub next_in_ms: u64,
}
