//! The running org as tests see it: the true users, changes, faults and the request log.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};

use crate::api::credentials::{Credentials, api_tokens};
use crate::api::rate_limit::RateLimiter;
use crate::api::{Bucket, Role};
use crate::bends::Bends;
use crate::effects;
use crate::event_hooks::EventHooks;
use crate::fault::Fault;
use crate::fault_plan::FaultPlan;
use crate::oauth::OAuthServer;
use crate::population::OrgSpec;
use crate::population::profile::Profile;
use crate::population::status::Status;
use crate::population::timestamps::now_millis;
use crate::request_log::RequestRecord;
use crate::world::user_object::{Form, user_object};
use crate::world::{Oddities, World};

/// Settings that do not change while the org runs.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) latency: Duration,
    pub(crate) jitter: Duration,
    pub(crate) stall: Duration,
    pub(crate) slow_body: Duration,
    pub(crate) concurrency_limit: Option<usize>,
    /// How far the org's clock is ahead of this machine's at the start, in seconds.
    pub(crate) clock_ahead: i64,
    pub(crate) honours_fields: bool,
    /// The custom domain in the well-known document; none if there is none.
    pub(crate) alternate_url: Option<String>,
    pub(crate) base_url: String,
    pub(crate) attacker_url: String,
}

type Hook = (u64, Box<dyn FnOnce(&Org) + Send>);

/// A handle of the running org; clones share the org. [`crate::OktaSim`] derefs to it.
#[derive(Clone)]
pub struct Org(pub(crate) Arc<Shared>);

/// The state that requests and tests share.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) spec: OrgSpec,
    pub(crate) started: Instant,
    tokens: HashMap<Role, String>,
    world: RwLock<World>,
    faults: Mutex<FaultPlan>,
    limits: Mutex<RateLimiter>,
    credentials: RwLock<Credentials>,
    oauth: Mutex<OAuthServer>,
    requests: Mutex<Vec<RequestRecord>>,
    attacker_requests: Mutex<Vec<RequestRecord>>,
    hooks: Mutex<Vec<Hook>>,
    bends: Mutex<Bends>,
    event_hooks: Mutex<EventHooks>,
    users_list_requests: AtomicU64,
    pub(crate) turns: AtomicU64,
    pub(crate) in_flight: AtomicUsize,
    pub(crate) peak_in_flight: AtomicUsize,
}

impl Org {
    pub(crate) fn new(
        settings: Settings,
        world: World,
        oauth: OAuthServer,
        faults: FaultPlan,
        limits: HashMap<Bucket, u32>,
        window: Duration,
    ) -> Org {
        let window_seconds = i64::try_from(window.as_secs()).unwrap_or(60);
        let spec = world.spec.clone();
        let org = Org(Arc::new(Shared {
            settings,
            started: Instant::now(),
            tokens: api_tokens(spec.seed),
            world: RwLock::new(world),
            faults: Mutex::new(faults),
            limits: Mutex::new(RateLimiter::new(limits, window_seconds)),
            credentials: RwLock::new(Credentials::new(spec.seed)),
            oauth: Mutex::new(oauth),
            requests: Mutex::default(),
            attacker_requests: Mutex::default(),
            hooks: Mutex::default(),
            bends: Mutex::default(),
            event_hooks: Mutex::default(),
            users_list_requests: AtomicU64::new(0),
            turns: AtomicU64::new(0),
            in_flight: AtomicUsize::new(0),
            peak_in_flight: AtomicUsize::new(0),
            spec,
        }));
        org.lay_oddities();
        org
    }

    /// The address of the org, without a trailing slash.
    pub fn url(&self) -> &str {
        &self.0.settings.base_url
    }

    /// The address of the attacker's host. No request may ever arrive there.
    pub fn attacker_url(&self) -> &str {
        &self.0.settings.attacker_url
    }

    /// The org's id.
    pub fn org_id(&self) -> String {
        self.0.spec.org_id()
    }

    /// The recipe of the org.
    pub fn spec(&self) -> &OrgSpec {
        &self.0.spec
    }

    // ---- credentials ----------------------------------------------------------------------

    /// The API token of a role.
    pub fn token(&self, role: Role) -> &str {
        self.0.tokens.get(&role).map_or("", String::as_str)
    }

    /// From now on the token of `holder` may do what `role` may. This is a change of role or, with
    /// [`Role::Expired`], the end of the token.
    pub fn assign_role(&self, holder: Role, role: Role) {
        self.credentials_mut().assign(self.token(holder), role);
    }

    /// A new OAuth access token with these scopes, of a super admin.
    pub fn issue_bearer(&self, scopes: &[&str]) -> String {
        self.issue_bearer_as(scopes, Role::SuperAdmin)
    }

    /// A new OAuth access token with these scopes and this role.
    pub fn issue_bearer_as(&self, scopes: &[&str], role: Role) -> String {
        self.credentials_mut().issue_bearer(scopes, role)
    }

    /// Makes an OAuth access token invalid.
    pub fn revoke_bearer(&self, token: &str) {
        self.credentials_mut().revoke_bearer(token);
    }

    // ---- faults and limits ----------------------------------------------------------------

    /// Replaces the active faults; their counters begin again.
    pub fn set_faults(&self, faults: &[Fault]) {
        self.faults().set(faults);
        self.lay_oddities();
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.set_faults(&[]);
    }

    /// Periodic faults affect every `every`-th request that they can affect.
    pub fn set_fault_period(&self, every: u32) {
        self.faults().set_every(every);
    }

    /// Sets the limit of a bucket, per window.
    pub fn set_rate_limit(&self, bucket: Bucket, limit: u32) {
        self.limits().set_limit(bucket, limit);
    }

    /// From now on, requests for exactly this path are refused with this status and Okta error code.
    pub fn refuse(&self, path: &str, status: u16, code: &str) {
        self.bends().refuse(path, status, code);
    }

    /// From now on, `edit` changes the JSON of every successful answer of exactly this path before it is sent. It
    /// may also change the org.
    pub fn edit(&self, path: &str, edit: impl Fn(&mut Value) + Send + Sync + 'static) {
        self.bends().edit(path, Arc::new(edit));
    }

    /// From now on, `rewrite` changes the text of every answer of exactly this path before it is sent.
    pub fn rewrite(&self, path: &str, rewrite: impl Fn(String) -> String + Send + Sync + 'static) {
        self.bends().rewrite(path, Arc::new(rewrite));
    }

    /// Answers requests for this path normally again.
    pub fn relent(&self, path: &str) {
        self.bends().relent(path);
    }

    fn lay_oddities(&self) {
        let faults = self.faults();
        let oddities = Oddities {
            odd_users: faults.is_active(Fault::OddUsers),
            deep_json: faults.is_active(Fault::DeepJson),
        };
        drop(faults);
        self.world_mut().oddities = oddities;
    }

    // ---- the truth ------------------------------------------------------------------------

    /// How many users exist now, deactivated ones included.
    pub fn user_count(&self) -> usize {
        self.world().user_count()
    }

    /// The user with this index as listings show it; `None` once deleted.
    pub fn user_json(&self, index: u32) -> Option<Value> {
        let world = self.world();
        let view = world.view();
        view.status(index)?;
        Some(user_object(&view, index, Form::Row))
    }

    /// All users as listings show them, ascending by id.
    pub fn all_users(&self) -> impl Iterator<Item = Value> + Send + use<> {
        let org = self.clone();
        let mut at = 0;
        std::iter::from_fn(move || {
            while at < org.world().end() {
                at += 1;
                let user = org.user_json(at - 1);
                if user.is_some() {
                    return user;
                }
            }
            None
        })
    }

    /// The index of the user with this id, login or short login.
    pub fn index_of(&self, id_or_login: &str) -> Option<u32> {
        self.world().view().find(id_or_login)
    }

    // ---- mutations ------------------------------------------------------------------------

    /// Adds an ACTIVE user with these attributes over a plain profile; gives its id.
    pub fn create_user(&self, profile: Map<String, Value>) -> String {
        let index = self.world_mut().create_user(profile);
        self.0.spec.user_id(index)
    }

    /// Changes a profile in place; an attribute set to null is cleared. False if no user has the id.
    pub fn update_profile(&self, id: &str, edit: impl FnOnce(&mut Profile)) -> bool {
        self.mutate(id, |world, index| world.update_profile(index, edit))
    }

    /// Sends this value as the profile of a user, whatever it is. False if no user has the id.
    pub fn garble(&self, id: &str, profile: Value) -> bool {
        self.mutate(id, |world, index| world.garble(index, profile))
    }

    /// Sets a status by its text. False if no user has the id, or the status is unknown here.
    pub fn set_status(&self, id: &str, status: &str) -> bool {
        let status = Status::parse(status);
        self.mutate(id, |world, index| {
            status.is_some_and(|status| world.set_status(index, status))
        })
    }

    /// Deletes a user without a trace in listings. False if no user has the id.
    pub fn delete_user(&self, id: &str) -> bool {
        self.mutate(id, World::delete_user)
    }

    /// Asks Okta to delete a user who is not deactivated: Okta announces the deletion and only deactivates the
    /// user. False if no user with this id can be deactivated.
    pub fn announce_deletion(&self, id: &str) -> bool {
        self.mutate(id, World::announce_deletion)
    }

    /// Deletes the users with these indexes; returns how many there were.
    pub fn delete_users(&self, indexes: Range<u32>) -> u32 {
        self.world_mut().delete_users(indexes)
    }

    /// Removes an attribute from the schema and all profiles, without changing any `lastUpdated`.
    pub fn clear_attribute_everywhere(&self, name: &str) {
        self.world_mut().clear_attribute_everywhere(name);
    }

    /// Runs `change` when the `n`-th users-list request from now on arrives, before it is answered.
    pub fn at_request(&self, n: u64, change: impl FnOnce(&Org) + Send + 'static) {
        let due = self.0.users_list_requests.load(Ordering::SeqCst) + n.max(1);
        lock(&self.0.hooks).push((due, Box::new(change)));
    }

    /// Moves the org's clock forward, or back if negative: this affects `Date` and the times of all later changes.
    pub fn step_clock(&self, seconds: i64) {
        self.world_mut().clock_ahead += seconds;
    }

    /// Lets searches show all changes so far, whatever the lag.
    pub fn let_index_catch_up(&self) {
        self.world_mut().let_index_catch_up();
    }

    /// Drops the changes that still wait for their request.
    pub fn forget_waiting_changes(&self) {
        lock(&self.0.hooks).clear();
    }

    fn mutate(&self, id: &str, change: impl FnOnce(&mut World, u32) -> bool) -> bool {
        let mut world = self.world_mut();
        let index = world.view().find(id);
        index.is_some_and(|index| change(&mut world, index))
    }

    // ---- the request log ------------------------------------------------------------------

    /// The requests so far.
    pub fn requests(&self) -> Vec<RequestRecord> {
        lock(&self.0.requests).clone()
    }

    /// Forgets the requests so far, the attacker's too.
    pub fn clear_requests(&self) {
        lock(&self.0.requests).clear();
        lock(&self.0.attacker_requests).clear();
    }

    /// The requests that arrived at the attacker's host, or at the org with the wrong scheme.
    pub fn attacker_requests(&self) -> Vec<RequestRecord> {
        lock(&self.0.attacker_requests).clone()
    }

    /// The most requests that were in flight at once.
    pub fn peak_in_flight(&self) -> usize {
        self.0.peak_in_flight.load(Ordering::SeqCst)
    }

    // ---- for the server -------------------------------------------------------------------

    pub(crate) fn record(&self, record: RequestRecord) {
        lock(&self.0.requests).push(record);
    }

    pub(crate) fn record_attack(&self, record: RequestRecord) {
        lock(&self.0.attacker_requests).push(record);
    }

    /// Counts a users-list request and runs the changes that wait for it.
    pub(crate) fn run_hooks(&self) {
        let now = self.0.users_list_requests.fetch_add(1, Ordering::SeqCst) + 1;
        let mut hooks = lock(&self.0.hooks);
        let (due, later): (Vec<Hook>, Vec<Hook>) = hooks.drain(..).partition(|(at, _)| *at <= now);
        *hooks = later;
        drop(hooks);
        for (_, change) in due {
            change(self);
        }
    }

    pub(crate) fn world(&self) -> RwLockReadGuard<'_, World> {
        self.0.world.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn world_mut(&self) -> RwLockWriteGuard<'_, World> {
        self.0.world.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn bends(&self) -> MutexGuard<'_, Bends> {
        lock(&self.0.bends)
    }

    /// Never hold this lock while waiting for the world's lock.
    pub(crate) fn event_hooks(&self) -> MutexGuard<'_, EventHooks> {
        lock(&self.0.event_hooks)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, FaultPlan> {
        lock(&self.0.faults)
    }

    pub(crate) fn limits(&self) -> MutexGuard<'_, RateLimiter> {
        lock(&self.0.limits)
    }

    /// Take this lock before that of the credentials, never after it.
    pub(crate) fn oauth(&self) -> MutexGuard<'_, OAuthServer> {
        lock(&self.0.oauth)
    }

    /// Milliseconds since 1970 by the org's clock.
    pub(crate) fn clock_millis(&self) -> i64 {
        let active = |fault| self.faults().is_active(fault);
        let skew = effects::skew(active(Fault::SkewedClock), active(Fault::LateClock));
        now_millis() + (self.clock_ahead() + skew) * 1_000
    }

    /// How far the org's clock is ahead of this machine's, in seconds.
    pub(crate) fn clock_ahead(&self) -> i64 {
        self.world().clock_ahead
    }

    pub(crate) fn credentials(&self) -> RwLockReadGuard<'_, Credentials> {
        self.0.credentials.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn credentials_mut(&self) -> RwLockWriteGuard<'_, Credentials> {
        self.0.credentials.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A panic in one test's closure must not cause further failures through a poisoned lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
