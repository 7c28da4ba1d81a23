//! The state of the simulated org: compact columns for all users, and full rows for changed ones.
//!
//! A user without changes takes nine bytes; everything else is computed when it is needed. Searches may lag behind:
//! then each change keeps the earlier row until the index has caught up.

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

/// The whole state of the org.
pub(crate) struct World {
    pub(crate) spec: OrgSpec,
    /// The address of the org, with which every link begins.
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
    /// Rows before their recent changes, oldest first, and how long searches still see each of them.
    history: HashMap<u32, Vec<(Instant, Past)>>,
    search_lag: Duration,
    /// How far the org's clock is ahead of this machine's, in seconds.
    pub(crate) clock_ahead: i64,
    /// Attributes that an administrator removed from the schema.
    pub(crate) cleared: BTreeSet<String>,
    pub(crate) schema_updated: u32,
    pub(crate) oddities: Oddities,
    /// Values that are sent in place of some profiles, although they are not profiles.
    pub(crate) garbled: HashMap<u32, Value>,
    pub(crate) log: SystemLog,
}

/// The differences from the drawn user.
#[derive(Clone, Default)]
struct Change {
    profile: Option<Arc<Profile>>,
    status_changed: Option<u32>,
}

/// A row as searches still see it; without a status if it did not exist yet.
#[derive(Clone)]
struct Past {
    status: Option<Status>,
    updated: u32,
    change: Change,
}

/// Unusual shapes that users have while a fault requires them.
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

    /// Writes an event into the System Log.
    pub(crate) fn record(&mut self, event: &'static str, targets: Vec<Target>) {
        self.record_outcome(event, true, targets);
    }

    pub(crate) fn record_outcome(&mut self, event: &'static str, succeeded: bool, targets: Vec<Target>) {
        let at = timestamps::now_millis() + self.clock_ahead * 1_000;
        self.log.record(at, event, succeeded, targets);
    }

    /// One more than the highest index that was ever used.
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

    /// The users as searches see them.
    pub(crate) fn search_view(&self) -> View<'_> {
        View::new(self, Some(Instant::now()))
    }

    fn past(&self, index: u32, at: Instant) -> Option<&Past> {
        let steps = self.history.get(&index)?;
        let step = steps.iter().find(|(until, _)| *until > at)?;
        Some(&step.1)
    }
}
