//! The state of the simulated org: compact columns for all users, and full rows for changed ones.
//!
//! A user that nobody changed costs nine bytes; the rest is derived when asked for. Searches may
//! lag behind: each change then keeps the row as it was until the index "catches up".

mod group_changes;
pub(crate) mod groups;
mod mutation;
pub(crate) mod system_log;
pub(crate) mod user_object;
mod view;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::population::OrgSpec;
use crate::population::profile::Profile;
use crate::population::status::Status;
use crate::population::{timeline, timestamps};

pub(crate) use system_log::{LogEntry, SystemLog, Target};
pub(crate) use view::View;

/// Everything the org knows.
pub(crate) struct World {
    pub(crate) spec: OrgSpec,
    /// Where the org is served: the beginning of every link.
    pub(crate) base_url: String,
    /// Seconds since 1970, ascending with the index.
    pub(crate) created: Vec<u32>,
    updated: Vec<u32>,
    /// `None` once deleted.
    status: Vec<Option<Status>>,
    pub(crate) deleted: BTreeSet<u32>,
    changed: HashMap<u32, Change>,
    group_changes: HashMap<u32, group_changes::GroupChange>,
    groups_created: u32,
    /// How rows looked before their recent changes, oldest first, and until when searches see them.
    history: HashMap<u32, Vec<(Instant, Past)>>,
    search_lag: Duration,
    /// How far the org's clock is ahead of this machine's, in seconds.
    pub(crate) clock_ahead: i64,
    /// Attributes that an administrator removed from the schema.
    pub(crate) cleared: BTreeSet<String>,
    pub(crate) schema_updated: u32,
    pub(crate) oddities: Oddities,
    /// What stands in place of some profiles, though it is none.
    pub(crate) garbled: HashMap<u32, Value>,
    pub(crate) log: SystemLog,
}

/// What differs from the drawn user.
#[derive(Clone, Default)]
struct Change {
    profile: Option<Arc<Profile>>,
    status_changed: Option<u32>,
}

/// A row as searches still see it; no status if it did not exist.
#[derive(Clone)]
struct Past {
    status: Option<Status>,
    updated: u32,
    change: Change,
}

/// Shapes that are laid over the users while a fault asks for them.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Oddities {
    pub(crate) odd_users: bool,
    pub(crate) deep_json: bool,
}

impl World {
    pub(crate) fn new(spec: OrgSpec, base_url: String, search_lag: Duration) -> World {
        let created = timeline::creation_dates(spec.seed, spec.users);
        let indexes = 0..spec.users;
        World {
            updated: indexes
                .clone()
                .zip(&created)
                .map(|(index, &at)| timeline::last_updated(spec.seed, index, at))
                .collect(),
            status: indexes
                .map(|index| Some(Status::drawn(spec.seed, index, spec.unknown_status)))
                .collect(),
            created,
            base_url,
            deleted: BTreeSet::new(),
            changed: HashMap::new(),
            group_changes: HashMap::new(),
            groups_created: 0,
            history: HashMap::new(),
            search_lag,
            clock_ahead: 0,
            cleared: BTreeSet::new(),
            schema_updated: timeline::ORG_BEGINS,
            oddities: Oddities::default(),
            garbled: HashMap::new(),
            log: SystemLog::default(),
            spec,
        }
    }

    /// Whole seconds since 1970 by the org's clock.
    pub(crate) fn now_seconds(&self) -> u32 {
        timestamps::now_seconds().saturating_add_signed(self.clock_ahead as i32)
    }

    /// Writes into the System Log that something happened.
    pub(crate) fn record(&mut self, event: &'static str, targets: Vec<Target>) {
        self.record_outcome(event, true, targets);
    }

    pub(crate) fn record_outcome(&mut self, event: &'static str, succeeded: bool, targets: Vec<Target>) {
        let at = timestamps::now_millis() + self.clock_ahead * 1_000;
        self.log.record(at, event, succeeded, targets);
    }

    /// One more than the highest index that was ever given out.
    pub(crate) fn end(&self) -> u32 {
        self.created.len() as u32
    }

    /// How many users exist now.
    pub(crate) fn user_count(&self) -> usize {
        self.created.len() - self.deleted.len()
    }

    /// The users as they are now.
    pub(crate) fn view(&self) -> View<'_> {
        View::new(self, None)
    }

    /// The users as a search sees them.
    pub(crate) fn search_view(&self) -> View<'_> {
        View::new(self, Some(Instant::now()))
    }

    fn past(&self, index: u32, at: Instant) -> Option<&Past> {
        let steps = self.history.get(&index)?;
        let step = steps.iter().find(|(until, _)| *until > at)?;
        Some(&step.1)
    }
}
