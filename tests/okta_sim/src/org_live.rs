//! What the running org reports by itself, as tests see it: the System Log, event hooks, and random changes.

use std::sync::atomic::Ordering;

use serde_json::{Map, Value, json};

use crate::api::credentials::secret;
use crate::event_hooks::{HookCounts, HookHabits};
use crate::org::Org;
use crate::population::draw::{Draw, Topic};
use crate::population::status::Status;
use crate::world::system_log::LogHabits;
use crate::world::{Target, World};

impl Org {
    /// Sets how unreliable the System Log is.
    pub fn set_log_habits(&self, habits: LogHabits) {
        self.world_mut().log.habits = habits;
    }

    /// Makes all cursors of the System Log that were given out so far invalid.
    pub fn expire_log_cursors(&self) {
        self.world_mut().log.expire_cursors();
    }

    /// Writes an event of any type into the System Log, and delivers it to hooks, although nothing has changed.
    pub fn log_event(&self, event: &'static str, user_ids: &[&str]) {
        let mut world = self.world_mut();
        let users = user_ids.iter().filter_map(|id| world.view().find(id));
        let targets = users.map(Target::User).collect();
        world.record(event, targets);
    }

    /// Sets how unreliable the deliveries of event hooks are.
    pub fn set_hook_habits(&self, habits: HookHabits) {
        self.event_hooks().habits = habits;
    }

    /// What happened to the deliveries so far.
    pub fn hook_counts(&self) -> HookCounts {
        self.event_hooks().counts
    }

    /// Acts as if this many events were delivered in the last hours.
    pub fn use_up_hook_cap(&self, events: u64) {
        self.event_hooks().use_up(events);
    }

    /// Removes a hook, like an administrator. False if there is no hook with this id.
    pub fn remove_event_hook(&self, id: &str) -> bool {
        let hooks = &mut self.event_hooks().hooks;
        let before = hooks.len();
        hooks.retain(|hook| hook.id != id);
        hooks.len() < before
    }

    /// Changes the types of events of a hook and the header of its secret, like an administrator.
    pub fn edit_event_hook(&self, id: &str, edit: impl FnOnce(&mut Vec<String>, &mut String)) {
        let mut all = self.event_hooks();
        let Some(hook) = all.find(id) else { return };
        let (mut header, value) = hook.channel.secret.take().unwrap_or_default();
        edit(&mut hook.types, &mut header);
        hook.channel.secret = Some((header, value));
    }

    /// The types of events of a hook; empty if there is no hook with this id.
    pub fn event_hook_types(&self, id: &str) -> Vec<String> {
        let mut all = self.event_hooks();
        all.find(id).map(|hook| hook.types.clone()).unwrap_or_default()
    }

    /// Offers this type of events to no hook, like an org that does not have its feature.
    pub fn withhold_event_type(&self, event_type: &str) {
        self.event_hooks().withheld.push(event_type.to_owned());
    }

    /// Sets whether to refuse every request to make or replace a hook.
    pub fn refuse_event_hooks(&self, refuses: bool) {
        self.event_hooks().is_closed = refuses;
    }

    /// The ids of the hooks, and whether each is active and verified.
    pub fn event_hook_states(&self) -> Vec<(String, bool, bool)> {
        let all = self.event_hooks();
        let state = |hook: &crate::event_hooks::Hook| (hook.id.clone(), hook.is_active, hook.is_verified);
        all.hooks.iter().map(state).collect()
    }

    /// Makes one change of any kind that Okta logs and delivers to hooks; seed and `step` decide which. Users are
    /// created, edited, suspended, deactivated, deleted; groups are made, renamed, deleted; members are added and
    /// removed.
    pub fn change_at_random(&self, step: u64) {
        let mut world = self.world_mut();
        let mut draw = Draw::new(world.spec.seed, Topic::Churn, step);
        match draw.below(100) {
            0..40 => edit(&mut world, &mut draw, step),
            40..58 => move_status(&mut world, &mut draw),
            58..63 => {
                let mut profile = Map::new();
                profile.insert("login".into(), json!(format!("churn{step}@example.com")));
                world.create_user(profile);
            }
            63..66 => {
                if let Some(user) = somebody(&world, &mut draw) {
                    let only_announced = draw.one_in(3) && world.announce_deletion(user);
                    if !only_announced {
                        world.delete_user(user);
                    }
                }
            }
            66..95 => move_member(&mut world, &mut draw),
            _ => move_group(&mut world, &mut draw, step),
        }
    }

    /// A text that nobody can guess, another one each time.
    pub(crate) fn secret_text(&self, length: usize) -> String {
        let number = self.0.turns.fetch_add(1, Ordering::SeqCst);
        secret(self.0.spec.seed, (1 << 40) + number, length)
    }
}

fn somebody(world: &World, draw: &mut Draw) -> Option<u32> {
    let user = draw.below(u64::from(world.end())) as u32;
    world.view().status(user).map(|_| user)
}

fn edit(world: &mut World, draw: &mut Draw, step: u64) {
    let user = somebody(world, draw);
    // Okta does not report edits of a deactivated user.
    let Some(user) = user.filter(|&user| world.view().status(user) != Some(Status::Deprovisioned)) else {
        return;
    };
    let name = *draw.pick(&["title", "department", "displayName"]);
    let value = match draw.one_in(8) {
        true => Value::Null,
        false => json!(format!("Changed in step {step}")),
    };
    world.update_profile(user, |profile| {
        profile.insert(name.to_owned(), value);
    });
}

fn move_status(world: &mut World, draw: &mut Draw) {
    let Some(user) = somebody(world, draw) else {
        return;
    };
    let choices: &[Status] = match world.view().status(user) {
        Some(Status::Active) => &[
            Status::Suspended,
            Status::Suspended,
            Status::Deprovisioned,
            Status::LockedOut,
        ],
        Some(_) => &[Status::Active],
        None => return,
    };
    let status = *draw.pick(choices);
    world.set_status(user, status);
}

/// A group that tests may change: not one that Okta or an application owns.
fn some_group(world: &World, draw: &mut Draw) -> Option<u32> {
    let group = draw.below(u64::from(world.group_end())) as u32;
    (world.group_exists(group) && world.is_open_group(group)).then_some(group)
}

fn move_member(world: &mut World, draw: &mut Draw) {
    let Some((group, user)) = some_group(world, draw).zip(somebody(world, draw)) else {
        return;
    };
    let is_member = world.is_member(group, user);
    world.set_member(group, user, !is_member);
}

fn move_group(world: &mut World, draw: &mut Draw, step: u64) {
    let name = format!("Group of step {step}");
    match (draw.below(4), some_group(world, draw)) {
        (0, _) => {
            world.create_group(&name);
        }
        (1, Some(group)) => world.delete_group(group),
        (_, Some(group)) => world.rename_group(group, &name),
        (_, None) => (),
    }
}
