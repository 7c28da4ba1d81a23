//! Delivers events to the addresses of hooks, with Okta's guarantees: several events in one delivery, at least
//! once, at most one repetition, in no order.

use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Call, Channel, Hook, TIME_LIMIT, call};
use crate::api::logs;
use crate::org::{Org, Shared};
use crate::population::timestamps::{iso_millis, now_millis};
use crate::world::system_log::is_due;
use crate::world::{LogEntry, Target};

/// Okta's catalogue: each type, and whether hooks may deliver it.
const CATALOGUE: &str = include_str!("../../../fixtures/okta_event_types.csv");
/// Most events in one delivery.
const MOST_EVENTS: usize = 100;

/// Whether hooks may deliver this type.
pub(crate) fn is_eligible(event_type: &str) -> bool {
    let mut rows = CATALOGUE.lines().filter_map(|line| line.split_once(','));
    rows.any(|(known, eligible)| known == event_type && eligible == "yes")
}

/// Starts the delivering thread, if it is not running. It ends with the org.
pub(crate) fn start(org: &Org) {
    let is_running = std::mem::replace(&mut org.event_hooks().is_running, true);
    if is_running {
        return;
    }
    org.world_mut().log.is_watched = true;
    let shared = Arc::downgrade(&org.0);
    // Without the thread nothing is delivered, and tests would notice that.
    let _ = thread::Builder::new()
        .name("okta-sim-hooks".to_owned())
        .spawn(move || run(&shared));
}

fn run(shared: &Weak<Shared>) {
    loop {
        let Some(shared) = shared.upgrade() else {
            return;
        };
        let org = Org(shared);
        for delivery in due(&org) {
            let shared = Arc::downgrade(&org.0);
            thread::spawn(move || delivery.make(&shared));
        }
        let gathering = org.event_hooks().habits.gathering;
        drop(org);
        thread::sleep(gathering.max(Duration::from_millis(1)));
    }
}

/// One delivery that is being made.
struct Delivery {
    hook_id: String,
    channel: Channel,
    body: String,
    events: u64,
    wait: Duration,
    copies: u32,
}

/// The deliveries that are due now.
fn due(org: &Org) -> Vec<Delivery> {
    if !org.world().log.has_news_for_hooks() {
        return Vec::new();
    }
    let news = org.world_mut().log.take_for_hooks();
    let hooks: Vec<Hook> = org.event_hooks().hooks.clone();
    let mut deliveries = Vec::new();
    for hook in hooks.iter().filter(|hook| hook.delivers()) {
        let wanted = |entry: &&LogEntry| {
            is_eligible(entry.event) && hook.types.iter().any(|known| known == entry.event)
        };
        let entries: Vec<&LogEntry> = news.iter().filter(wanted).collect();
        for batch in entries.chunks(MOST_EVENTS) {
            deliveries.extend(plan(org, hook, batch));
        }
    }
    deliveries
}

/// The delivery of a batch; none if the daily cap or the hook's habits prevent it.
fn plan(org: &Org, hook: &Hook, batch: &[&LogEntry]) -> Option<Delivery> {
    let mut all = org.event_hooks();
    let allowed = usize::try_from(all.take_from_cap(batch.len() as u64)).unwrap_or(0);
    if allowed == 0 {
        return None;
    }
    let (number, habits) = (all.next_delivery(), all.habits);
    if is_due(number, habits.lose_every) {
        all.counts.lost += 1;
        return None;
    }
    let again = is_due(number, habits.duplicate_every);
    all.counts.duplicated += u64::from(again);
    drop(all);
    let world = org.world();
    let events = batch[..allowed]
        .iter()
        .map(|entry| logs::event(&world, entry))
        .collect();
    Some(Delivery {
        hook_id: hook.id.clone(),
        channel: hook.channel.clone(),
        body: body(org.url(), &hook.id, number, events),
        events: allowed as u64,
        wait: match is_due(number, habits.late_every) {
            true => habits.late,
            false => Duration::ZERO,
        },
        copies: 1 + u32::from(again),
    })
}

fn body(org_url: &str, hook_id: &str, number: u64, events: Vec<Value>) -> String {
    json!({
        "eventType": "com.okta.event_hook", "eventTypeVersion": "1.0", "cloudEventsVersion": "0.1",
        "source": format!("{org_url}/api/v1/eventHooks/{hook_id}"),
        "eventId": format!("85b60edb-0000-4000-8000-{number:012}"),
        "eventTime": iso_millis(now_millis()), "contentType": "application/json",
        "data": {"events": events},
    })
    .to_string()
}

impl Delivery {
    fn make(&self, org: &Weak<Shared>) {
        thread::sleep(self.wait);
        for _ in 0..self.copies {
            self.send(org);
        }
    }

    /// There is at most one retry, after no answer or a failure of the receiver. A delivery that the receiver
    /// refuses is not sent again.
    fn send(&self, org: &Weak<Shared>) {
        let answered = self.post();
        let is_fault = answered.is_none_or(|status| status >= 500);
        let Some(org) = org.upgrade().map(Org) else {
            return;
        };
        let retry_after = org.event_hooks().habits.retry_after;
        let answered = match is_fault {
            false => answered,
            true => {
                org.event_hooks().counts.retried += 1;
                thread::sleep(retry_after);
                self.post()
            }
        };
        if answered.is_some_and(|status| (200..300).contains(&status)) {
            let counts = &mut org.event_hooks().counts;
            counts.delivered += 1;
            counts.events += self.events;
        } else {
            org.event_hooks().counts.failed += 1;
            let hook = Target::Other {
                id: self.hook_id.clone(),
                kind: "EventHook",
            };
            org.world_mut()
                .record_outcome("event_hook.delivery", false, vec![hook]);
        }
    }

    /// The status of the answer; none if there was none in time.
    fn post(&self) -> Option<u16> {
        let mut fields = vec![("Accept".to_owned(), "application/json".to_owned())];
        fields.extend(self.channel.fields());
        let request = Call {
            method: "POST",
            uri: &self.channel.uri,
            fields: &fields,
            body: self.body.as_bytes(),
        };
        call(&request, TIME_LIMIT).ok().map(|answer| answer.status)
    }
}
