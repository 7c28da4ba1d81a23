//! Decides which of the active faults affect a request. It counts and uses no random numbers.
//!
//! At most one periodic fault affects a request. The retry of that request (same method, path and query) is not
//! affected, so a client that retries always succeeds.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::api::{Endpoint, Incoming, OAuthEndpoint};
use crate::fault::{Fault, Place, Rhythm};

/// The active faults and their counters.
pub(crate) struct FaultPlan {
    active: BTreeSet<Fault>,
    every: u32,
    repeats: u32,
    /// For each periodic fault, how many more eligible requests pass before it is due.
    countdown: HashMap<Fault, i64>,
    /// Requests that were affected: by which fault, and how often it must affect their retry too.
    struck: HashMap<String, (Fault, u32)>,
    /// Listings whose cursor was refused. A client must begin them again, and then they must succeed.
    restarted: HashSet<String>,
}

/// The faults that affect one request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Strikes(Vec<Fault>);

impl Strikes {
    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.0.contains(&fault)
    }

    pub(crate) fn all(&self) -> &[Fault] {
        &self.0
    }
}

impl FaultPlan {
    pub(crate) fn new(faults: &[Fault], every: u32, repeats: u32) -> FaultPlan {
        let mut plan = FaultPlan {
            active: BTreeSet::new(),
            every: every.max(1),
            repeats: repeats.max(1),
            countdown: HashMap::new(),
            struck: HashMap::new(),
            restarted: HashSet::new(),
        };
        plan.set(faults);
        plan
    }

    /// Replaces the active faults; all counters start again.
    pub(crate) fn set(&mut self, faults: &[Fault]) {
        self.active = faults.iter().copied().collect();
        self.countdown.clear();
        self.struck.clear();
        self.restarted.clear();
    }

    pub(crate) fn set_every(&mut self, every: u32) {
        self.every = every.max(1);
        self.countdown.clear();
    }

    pub(crate) fn is_active(&self, fault: Fault) -> bool {
        self.active.contains(&fault)
    }

    /// Counts the request and returns the faults that affect it.
    pub(crate) fn strikes(&mut self, endpoint: &Endpoint, request: &Incoming) -> Strikes {
        if self.active.is_empty() {
            return Strikes::default();
        }
        let eligible: Vec<Fault> = self
            .active
            .iter()
            .copied()
            .filter(|fault| covers(fault.place(), endpoint, request))
            .collect();
        let (mut strikes, periodic): (Vec<_>, Vec<_>) = eligible
            .into_iter()
            .partition(|fault| fault.rhythm() == Rhythm::Always);
        strikes.extend(self.due(&periodic, request));
        Strikes(strikes)
    }

    fn due(&mut self, eligible: &[Fault], request: &Incoming) -> Option<Fault> {
        let key = format!("{} {}", request.method, request.path_and_query);
        if let Some((fault, left)) = self.struck.remove(&key) {
            if left == 0 {
                return None;
            }
            self.struck.insert(key, (fault, left - 1));
            return Some(fault);
        }
        let listing = listing_of(request);
        let mut due = None;
        for &fault in eligible {
            if fault == Fault::InvalidCursor && self.restarted.contains(&listing) {
                continue;
            }
            let first = 1 + (fault as i64 * 3) % i64::from(self.every);
            let countdown = self.countdown.entry(fault).or_insert(first);
            *countdown -= 1;
            // If two faults are due at once, the second one affects the next request.
            if *countdown <= 0 && due.is_none() {
                *countdown = i64::from(self.every);
                due = Some(fault);
            }
        }
        if let Some(fault) = due {
            self.struck.insert(key, (fault, self.repeats - 1));
            if fault == Fault::InvalidCursor {
                self.restarted.insert(listing);
            }
        }
        due
    }
}

/// The listing that a request belongs to, whichever page it requests.
fn listing_of(request: &Incoming) -> String {
    let parameters = request.parameters.iter();
    let others: Vec<_> = parameters.filter(|(name, _)| name != "after").collect();
    format!("{} {others:?}", request.path)
}

fn covers(place: Place, endpoint: &Endpoint, request: &Incoming) -> bool {
    let users_list = *endpoint == Endpoint::UsersList;
    match place {
        Place::Everywhere => true,
        Place::WellKnown => *endpoint == Endpoint::WellKnown,
        Place::Api => !matches!(endpoint, Endpoint::WellKnown | Endpoint::OAuth(_)),
        Place::Token => *endpoint == Endpoint::OAuth(OAuthEndpoint::Token),
        Place::Listings => endpoint.is_listing(),
        Place::UsersList => users_list,
        Place::LaterPages => users_list && request.parameter("after").is_some_and(|at| !at.is_empty()),
        Place::Searches => users_list && request.parameter("search").is_some(),
    }
}
