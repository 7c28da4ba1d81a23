//! Changes of every kind, and what the org is after each.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use okta_profiles::engine::Engine;
use okta_profiles::model::Lookup;
use okta_sim::OktaSim;
use serde_json::{Map, Value, json};

/// What was changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changed {
    User(String),
    Membership { group: String, user: String },
    Group(String),
}

/// The org, and what this has made of it.
pub struct Load<'a> {
    sim: &'a OktaSim,
    random: Rng,
    step: u64,
    users: Vec<String>,
    deleted_users: BTreeSet<String>,
    groups: Vec<String>,
    deleted_groups: BTreeSet<String>,
    names: BTreeMap<String, String>,
    memberships: BTreeMap<(String, String), bool>,
}

impl<'a> Load<'a> {
    pub fn of(sim: &'a OktaSim, seed: u64) -> Load<'a> {
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let groups = sim.all_groups();
        let open = groups.iter().filter(|group| group["type"] == "OKTA_GROUP");
        Load {
            sim,
            random: Rng::with_seed(seed),
            step: 0,
            users: sim.all_users().map(|user| id(&user)).collect(),
            deleted_users: BTreeSet::new(),
            groups: open.map(id).collect(),
            deleted_groups: BTreeSet::new(),
            names: BTreeMap::new(),
            memberships: BTreeMap::new(),
        }
    }

    /// Changes one thing; none if chance chose something that is gone or cannot be. Of the requests that show the
    /// groups of one user Okta allows 600 a minute, so no more memberships move than that.
    pub fn change(&mut self) -> Option<Changed> {
        self.step += 1;
        match self.random.u32(..1_000) {
            0..560 => self.edit(),
            560..740 => self.move_status(),
            740..790 => Some(self.newcomer()),
            790..810 => self.delete(),
            810..970 => self.move_member(),
            _ => self.move_group(),
        }
    }

    /// Whether the directory shows it as it is in the org now.
    pub fn is_shown(&self, engine: &Engine, changed: &Changed) -> bool {
        match changed {
            Changed::User(id) => {
                let entry = engine.find(Lookup::OktaId(id)).unwrap();
                let present = entry.filter(|entry| entry.absent_since.is_none());
                let shown = present.and_then(|entry| entry.okta);
                let truth = self.sim.index_of(id).and_then(|index| self.sim.user_json(index));
                match (shown, truth) {
                    (None, None) => true,
                    (Some(shown), Some(truth)) => {
                        let profile: Value = serde_json::from_str(shown.profile.as_json()).unwrap();
                        truth["status"] == shown.status.as_str() && truth["profile"] == profile
                    }
                    _ => false,
                }
            }
            Changed::Membership { group, user } => {
                let wanted = self.memberships.get(&(group.clone(), user.clone())) == Some(&true)
                    && !self.deleted_groups.contains(group)
                    && !self.deleted_users.contains(user);
                let groups = engine.groups_of_okta_user(user, 1_000).unwrap();
                groups.iter().any(|shown| shown.id == *group) == wanted
            }
            Changed::Group(id) => {
                let shown = engine.group(id).unwrap();
                match self.deleted_groups.contains(id) {
                    true => shown.is_none(),
                    false => {
                        shown.is_some_and(|shown| self.names.get(id).is_none_or(|name| *name == shown.name))
                    }
                }
            }
        }
    }

    fn somebody(&mut self) -> Option<String> {
        let user = self.users[self.random.usize(..self.users.len())].clone();
        (!self.deleted_users.contains(&user)).then_some(user)
    }

    fn some_group(&mut self) -> Option<String> {
        let group = self.groups[self.random.usize(..self.groups.len())].clone();
        (!self.deleted_groups.contains(&group)).then_some(group)
    }

    fn status(&self, user: &str) -> String {
        let row = self
            .sim
            .index_of(user)
            .and_then(|index| self.sim.user_json(index));
        row.map_or(String::new(), |row| {
            row["status"].as_str().unwrap_or_default().to_owned()
        })
    }

    fn edit(&mut self) -> Option<Changed> {
        // Okta tells of no edit of a deactivated user.
        let user = self
            .somebody()
            .filter(|user| self.status(user) != "DEPROVISIONED")?;
        let value = json!(format!("Step {}", self.step));
        self.sim.update_profile(&user, |profile| {
            profile.insert("title".to_owned(), value);
        });
        Some(Changed::User(user))
    }

    fn move_status(&mut self) -> Option<Changed> {
        let user = self.somebody()?;
        let status = match self.status(&user).as_str() {
            "ACTIVE" => ["SUSPENDED", "DEPROVISIONED", "LOCKED_OUT"][self.random.usize(..3)],
            _ => "ACTIVE",
        };
        self.sim.set_status(&user, status);
        Some(Changed::User(user))
    }

    fn newcomer(&mut self) -> Changed {
        let mut profile = Map::new();
        profile.insert(
            "login".to_owned(),
            json!(format!("step{}@example.com", self.step)),
        );
        let user = self.sim.create_user(profile);
        self.users.push(user.clone());
        Changed::User(user)
    }

    fn delete(&mut self) -> Option<Changed> {
        let user = self.somebody()?;
        if self.random.bool() && self.sim.announce_deletion(&user) {
            return Some(Changed::User(user));
        }
        self.sim.delete_user(&user);
        self.deleted_users.insert(user.clone());
        Some(Changed::User(user))
    }

    fn move_member(&mut self) -> Option<Changed> {
        let (group, user) = (self.some_group()?, self.somebody()?);
        let known = self
            .memberships
            .entry((group.clone(), user.clone()))
            .or_insert(false);
        *known = !*known;
        match *known {
            true => self.sim.add_to_group(&group, &user),
            false => self.sim.remove_from_group(&group, &user),
        };
        Some(Changed::Membership { group, user })
    }

    fn move_group(&mut self) -> Option<Changed> {
        let name = format!("Group of step {}", self.step);
        let group = match self.random.u32(..8) {
            0 => {
                let group = self.sim.create_group(&name);
                self.groups.push(group.clone());
                group
            }
            1 if self.groups.len() - self.deleted_groups.len() > 3 => {
                let group = self.some_group()?;
                self.sim.delete_group(&group);
                self.deleted_groups.insert(group.clone());
                return Some(Changed::Group(group));
            }
            _ => {
                let group = self.some_group()?;
                self.sim.rename_group(&group, &name);
                group
            }
        };
        self.names.insert(group.clone(), name);
        Some(Changed::Group(group))
    }
}
