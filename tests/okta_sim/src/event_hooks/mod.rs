//! Event hooks: which are registered, and how unreliable their deliveries are.
//!
//! `api::event_hooks` answers requests about them. `deliver` delivers events to their addresses, over real HTTP
//! that `call` makes.

mod call;
pub(crate) mod deliver;

use std::time::{Duration, Instant};

use serde_json::Value;

pub(crate) use call::{Call, call};

/// How long Okta waits for the answer of a hook.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(3);
/// How many hooks can be active and verified.
pub(crate) const MOST_HOOKS: usize = 25;
/// How many types of events one hook can have.
pub(crate) const MOST_TYPES: usize = 300;
const DAY: Duration = Duration::from_secs(86_400);

/// How unreliable deliveries are. Each `every` counts deliveries: 0 means never, 5 means every fifth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HookHabits {
    /// Every n-th delivery is never made.
    pub lose_every: u32,
    /// Every n-th delivery is made twice.
    pub duplicate_every: u32,
    /// Every n-th delivery is made `late`, after younger ones.
    pub late_every: u32,
    /// How much later a late delivery is made.
    pub late: Duration,
    /// How long events are gathered for one delivery.
    pub gathering: Duration,
    /// How long after a failure the only retry is made.
    pub retry_after: Duration,
    /// How many events are delivered in 24 hours. Events above that number are never delivered.
    pub daily_cap: u64,
}

impl Default for HookHabits {
    fn default() -> HookHabits {
        HookHabits {
            lose_every: 0,
            duplicate_every: 0,
            late_every: 0,
            late: Duration::from_secs(2),
            gathering: Duration::from_millis(20),
            retry_after: Duration::from_millis(200),
            daily_cap: 400_000,
        }
    }
}

/// Counts what happened to the deliveries so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HookCounts {
    /// Deliveries that got a successful answer.
    pub delivered: u64,
    /// Events in them.
    pub events: u64,
    /// Deliveries that were never made.
    pub lost: u64,
    /// Deliveries that were made a second time although the first was answered.
    pub duplicated: u64,
    /// Deliveries that were tried again.
    pub retried: u64,
    /// Deliveries that ended without a success.
    pub failed: u64,
    /// Events beyond the daily cap.
    pub over_cap: u64,
}

/// One hook.
#[derive(Clone, Debug)]
pub(crate) struct Hook {
    pub(crate) id: String,
    pub(crate) created: u32,
    pub(crate) updated: u32,
    pub(crate) is_active: bool,
    pub(crate) is_verified: bool,
    pub(crate) name: String,
    pub(crate) description: Value,
    pub(crate) types: Vec<String>,
    pub(crate) channel: Channel,
}

/// The address and the headers of a hook's deliveries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Channel {
    pub(crate) uri: String,
    pub(crate) headers: Vec<(String, String)>,
    /// The header with the secret. The value is never shown again.
    pub(crate) secret: Option<(String, String)>,
}

impl Hook {
    pub(crate) fn delivers(&self) -> bool {
        self.is_active && self.is_verified
    }
}

impl Channel {
    /// The header fields that every request to the address carries.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        self.headers.iter().chain(&self.secret).cloned().collect()
    }
}

/// All hooks of the org.
#[derive(Default)]
pub(crate) struct EventHooks {
    pub(crate) hooks: Vec<Hook>,
    pub(crate) registered: u32,
    pub(crate) habits: HookHabits,
    pub(crate) counts: HookCounts,
    /// Types of events that this org does not offer to hooks.
    pub(crate) withheld: Vec<String>,
    /// Whether no hook can be made or replaced.
    pub(crate) is_closed: bool,
    /// Whether the thread that delivers was started.
    pub(crate) is_running: bool,
    deliveries: u64,
    /// When the day of the cap began, and how many events went out in it.
    day: Option<(Instant, u64)>,
}

impl EventHooks {
    pub(crate) fn find(&mut self, id: &str) -> Option<&mut Hook> {
        self.hooks.iter_mut().find(|hook| hook.id == id)
    }

    pub(crate) fn delivering(&self) -> usize {
        self.hooks.iter().filter(|hook| hook.delivers()).count()
    }

    /// Acts as if this many events were delivered today already.
    pub(crate) fn use_up(&mut self, events: u64) {
        self.day = Some((Instant::now(), events));
    }

    /// The number of the next delivery.
    fn next_delivery(&mut self) -> u64 {
        self.deliveries += 1;
        self.deliveries
    }

    /// How many of the wanted events may still be delivered today; these are counted.
    fn take_from_cap(&mut self, wanted: u64) -> u64 {
        let now = Instant::now();
        let (began, used) = self
            .day
            .filter(|(began, _)| now - *began < DAY)
            .unwrap_or((now, 0));
        let taken = wanted.min(self.habits.daily_cap.saturating_sub(used));
        self.day = Some((began, used + taken));
        self.counts.over_cap += wanted - taken;
        taken
    }
}
