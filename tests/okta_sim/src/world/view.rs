//! Reads users as they are now, or as the search index still shows them.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use super::{Past, World};
use crate::population::ids;
use crate::population::profile::{self, ALWAYS_PRESENT, Profile};
use crate::population::status::Status;

/// A status that only users of the fault `odd-users` have.
const ODD_STATUS: &str = "QUARANTINED";

/// The users of a world at one moment.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) world: &'a World,
    /// Set for searches: changes after this time less the lag are not visible yet.
    lagging_at: Option<Instant>,
}

impl<'a> View<'a> {
    pub(super) fn new(world: &'a World, lagging_at: Option<Instant>) -> View<'a> {
        View { world, lagging_at }
    }

    fn past(&self, index: u32) -> Option<&'a Past> {
        if self.world.history.is_empty() {
            return None;
        }
        self.world.past(index, self.lagging_at?)
    }

    /// The status, `None` if there is no such user.
    pub(crate) fn status(&self, index: u32) -> Option<Status> {
        match self.past(index) {
            Some(past) => past.status,
            None => self.world.status.get(index as usize).copied().flatten(),
        }
    }

    /// The status as the API writes it.
    pub(crate) fn status_text(&self, index: u32) -> Option<&'static str> {
        let status = self.status(index)?;
        let odd = self.world.oddities.odd_users && index % 26 == 4;
        let hidden = odd && status != Status::Deprovisioned;
        Some(if hidden { ODD_STATUS } else { status.text() })
    }

    pub(crate) fn created(&self, index: u32) -> u32 {
        self.world.created[index as usize]
    }

    pub(crate) fn updated(&self, index: u32) -> u32 {
        match self.past(index) {
            Some(past) => past.updated,
            None => self.world.updated[index as usize],
        }
    }

    /// When a mutation last changed the status.
    pub(crate) fn status_changed(&self, index: u32) -> Option<u32> {
        match self.past(index) {
            Some(past) => past.change.status_changed,
            None => self.world.changed.get(&index)?.status_changed,
        }
    }

    fn changed_profile(&self, index: u32) -> Option<&'a Arc<Profile>> {
        match self.past(index) {
            Some(past) => past.change.profile.as_ref(),
            None => self.world.changed.get(&index)?.profile.as_ref(),
        }
    }

    /// The profile, complete.
    pub(crate) fn profile(&self, index: u32) -> Profile {
        if let Some(profile) = self.changed_profile(index) {
            return Profile::clone(profile);
        }
        let mut profile = profile::profile(&self.world.spec, index);
        for name in &self.world.cleared {
            clear(&mut profile, name);
        }
        profile
    }

    /// The login; it is found without making the whole profile.
    pub(crate) fn login(&self, index: u32) -> Cow<'a, str> {
        match self.changed_profile(index) {
            Some(profile) => text_of(profile, "login"),
            None => Cow::Owned(profile::login(index)),
        }
    }

    /// The e-mail address; it is found without making the whole profile.
    pub(crate) fn email(&self, index: u32) -> Cow<'a, str> {
        match self.changed_profile(index) {
            Some(profile) => text_of(profile, "email"),
            None => Cow::Owned(profile::email(index)),
        }
    }

    /// The user with this id, login or short login.
    pub(crate) fn find(&self, id_or_login: &str) -> Option<u32> {
        let end = self.world.end();
        let exists = |index: &u32| self.status(*index).is_some();
        if let Some(index) = ids::user_index(self.world.spec.seed, id_or_login, end) {
            return Some(index).filter(exists);
        }
        if let Some(index) = self.find_changed_login(id_or_login) {
            return Some(index);
        }
        profile::index_of_login(id_or_login, self.world.spec.users)
            .filter(exists)
            .filter(|index| self.changed_profile(*index).is_none())
    }

    fn find_changed_login(&self, wanted: &str) -> Option<u32> {
        let wanted = wanted.to_lowercase();
        self.world.changed.iter().find_map(|(&index, change)| {
            let login = text_of(change.profile.as_ref()?, "login").to_lowercase();
            let local = login.split('@').next();
            let hit = login == wanted || local == Some(wanted.as_str());
            (hit && self.status(index).is_some()).then_some(index)
        })
    }
}

fn text_of<'a>(profile: &'a Profile, name: &str) -> Cow<'a, str> {
    Cow::Borrowed(profile.get(name).and_then(|value| value.as_str()).unwrap_or(""))
}

/// Removes an attribute. The six that are always sent become null; login and e-mail stay.
pub(super) fn clear(profile: &mut Profile, name: &str) {
    if name == "login" || name == "email" {
        return;
    }
    if ALWAYS_PRESENT.contains(&name) {
        profile.insert(name.to_owned(), serde_json::Value::Null);
    } else {
        profile.remove(name);
    }
}
