//! Changes users while the org is being read: create, update, change status, delete.
//!
//! A change of profile or status sets `lastUpdated` to now. Removing an attribute from the schema does not, and a
//! deletion leaves no trace, as in Okta.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};

use super::view::clear;
use super::{Past, Target, World};
use crate::population::profile::{ALWAYS_PRESENT, Profile};
use crate::population::status::Status;

impl World {
    /// Adds an ACTIVE user with the given attributes and a plain profile; returns its index.
    pub(crate) fn create_user(&mut self, overrides: Profile) -> u32 {
        let index = self.end();
        let mut profile = Profile::new();
        for name in ALWAYS_PRESENT {
            profile.insert(name.to_owned(), Value::Null);
        }
        profile.insert("login".into(), json!(format!("new{index:06}@example.com")));
        profile.insert("firstName".into(), json!("New"));
        profile.insert("lastName".into(), json!(format!("User {index}")));
        profile.extend(overrides);
        if profile.get("email").is_none_or(Value::is_null) {
            let login = profile.get("login").cloned().unwrap_or_default();
            profile.insert("email".into(), login);
        }
        // Ids ascend with creation dates, even if the clock was set back.
        let last = self.created.last().copied().unwrap_or_default();
        let now = self.now_seconds().max(last);
        self.created.push(now);
        self.updated.push(now);
        self.status.push(None);
        self.remember(index);
        self.status[index as usize] = Some(Status::Active);
        self.change_mut(index).profile = Some(Arc::new(profile));
        self.record("user.lifecycle.create", vec![Target::User(index)]);
        self.note_newcomer(index);
        index
    }

    /// Changes a profile in place; false if there is no such user.
    pub(crate) fn update_profile(&mut self, index: u32, edit: impl FnOnce(&mut Profile)) -> bool {
        if self.view().status(index).is_none() {
            return false;
        }
        let mut profile = self.view().profile(index);
        edit(&mut profile);
        for name in ALWAYS_PRESENT {
            profile.entry(name).or_insert(Value::Null);
        }
        // Null clears an attribute, and a profile does not contain unset attributes.
        profile.retain(|name, value| !value.is_null() || ALWAYS_PRESENT.contains(&name.as_str()));
        self.remember(index);
        self.change_mut(index).profile = Some(Arc::new(profile));
        self.touch(index);
        // Okta logs no update of a deactivated user.
        if self.status[index as usize] != Some(Status::Deprovisioned) {
            self.record("user.account.update_profile", vec![Target::User(index)]);
        }
        true
    }

    /// Replaces a profile by any value; false if there is no such user.
    pub(crate) fn garble(&mut self, index: u32, profile: Value) -> bool {
        self.garbled.insert(index, profile);
        self.update_profile(index, |_| ())
    }

    /// Changes a status; false if there is no such user.
    pub(crate) fn set_status(&mut self, index: u32, status: Status) -> bool {
        let Some(before) = self.view().status(index) else {
            return false;
        };
        self.remember(index);
        self.status[index as usize] = Some(status);
        let now = self.touch(index);
        self.change_mut(index).status_changed = Some(now);
        let event = match (before, status) {
            (_, Status::Suspended) => "user.lifecycle.suspend",
            (_, Status::Deprovisioned) => "user.lifecycle.deactivate",
            (_, Status::LockedOut) => "user.account.lock",
            (_, Status::Recovery) => "user.account.reset_password",
            (_, Status::PasswordExpired) => "user.account.expire_password",
            (Status::Suspended, _) => "user.lifecycle.unsuspend",
            (Status::LockedOut, _) => "user.account.unlock",
            (Status::Provisioned, Status::Provisioned) => "user.lifecycle.reactivate",
            _ => "user.lifecycle.activate",
        };
        self.record(event, vec![Target::User(index)]);
        true
    }

    /// Deletes a user without a trace in listings; false if there is no such user. Okta deletes only deactivated
    /// users, so the user is deactivated first.
    pub(crate) fn delete_user(&mut self, index: u32) -> bool {
        match self.view().status(index) {
            None => return false,
            Some(Status::Deprovisioned) => (),
            Some(_) => self.record("user.lifecycle.deactivate", vec![Target::User(index)]),
        }
        self.remember(index);
        self.status[index as usize] = None;
        self.changed.remove(&index);
        self.deleted.insert(index);
        for event in [
            "user.lifecycle.delete.initiated",
            "user.lifecycle.delete.completed",
        ] {
            self.record(event, vec![Target::User(index)]);
        }
        true
    }

    /// A deletion of a user who is not deactivated: Okta announces it and only deactivates the user. False if there
    /// is no such user, or if the user is already deactivated.
    pub(crate) fn announce_deletion(&mut self, index: u32) -> bool {
        let status = self.view().status(index);
        if status.is_none_or(|status| status == Status::Deprovisioned) {
            return false;
        }
        self.set_status(index, Status::Deprovisioned);
        self.record("user.lifecycle.delete.initiated", vec![Target::User(index)]);
        true
    }

    /// Deletes all users in the range; returns how many there were.
    pub(crate) fn delete_users(&mut self, range: Range<u32>) -> u32 {
        let range = range.start..range.end.min(self.end());
        range.map(|index| u32::from(self.delete_user(index))).sum()
    }

    /// Removes an attribute from the schema and from every profile, without changing `lastUpdated`.
    pub(crate) fn clear_attribute_everywhere(&mut self, name: &str) {
        self.cleared.insert(name.to_owned());
        self.schema_updated = self.now_seconds();
        let schema = Target::Other {
            id: self.spec.default_type_id(),
            kind: "UserProfileSchema",
        };
        self.record("directory.user_profile.update", vec![schema]);
        for change in self.changed.values_mut() {
            if let Some(profile) = &mut change.profile {
                clear(Arc::make_mut(profile), name);
            }
        }
    }

    fn change_mut(&mut self, index: u32) -> &mut super::Change {
        self.changed.entry(index).or_default()
    }

    /// Sets `lastUpdated` to now, but never to an earlier time.
    fn touch(&mut self, index: u32) -> u32 {
        let now = self.now_seconds();
        let updated = &mut self.updated[index as usize];
        *updated = now.max(*updated);
        *updated
    }

    pub(crate) fn let_index_catch_up(&mut self) {
        self.history.clear();
    }

    /// Keeps the present row for searches that lag behind.
    fn remember(&mut self, index: u32) {
        if self.search_lag.is_zero() {
            return;
        }
        let past = Past {
            status: self.status[index as usize],
            updated: self.updated[index as usize],
            change: self.changed.get(&index).cloned().unwrap_or_default(),
        };
        let until = Instant::now() + self.search_lag;
        let steps = self.history.entry(index).or_default();
        steps.retain(|(until, _)| *until > Instant::now());
        steps.push((until, past));
    }
}
