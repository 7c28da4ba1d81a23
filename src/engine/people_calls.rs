//! Users by attribute, group or manager, and who reports to whom. No network.

use std::collections::HashSet;
use std::iter;

use super::Engine;
use super::directory_calls::check_limit;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::directory::entries::{self, users_where};
use crate::directory::profiles::managers;
use crate::directory::profiles::schemas::Titles;
use crate::directory::{Connection, groups};
use crate::model::{DirectoryEntry, JiraKeyPage, Lookup, OktaUser, Person, TitledValue, UserCriterion};

/// The longest chain of managers that is followed; no company has so many levels.
const MOST_LEVELS: usize = 1_000;
/// The most people of one call; a page shows only a few.
const MOST_PEOPLE: usize = 1_000;
/// The most groups that are shown for one person.
const MOST_GROUPS: u64 = 10_000;

impl Engine {
    /// The keys of the Jira users that match a present Okta user with this criterion. `after` is empty at the
    /// start, then the page's `next`.
    pub fn users_where(
        &self,
        criterion: UserCriterion<'_>,
        after: &str,
        limit: usize,
    ) -> Result<JiraKeyPage> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory
            .read(|conn| users_where::jira_keys(conn, criterion, after, limit))
    }

    /// The people of these Jira users (at most 1 000), in the order of the given keys, all read at the same moment:
    /// the profile with its titles, manager and groups. Jira users without an Okta user are left out.
    pub fn people(&self, jira_keys: &[String]) -> Result<Vec<Person>> {
        self.people_of(jira_keys, |conn, titles, user| {
            titles.of(conn, user.type_id.as_deref(), &user.profile)
        })
    }

    /// The same with chosen attributes (at most 1 000), in the order in which they were chosen. The profiles of the
    /// entries hold nothing but what names a user ([`OktaUser::NAMING`]), so what is not shown is not handed out.
    pub fn people_showing(&self, jira_keys: &[String], attributes: &[String]) -> Result<Vec<Person>> {
        if attributes.len() > MOST_PEOPLE {
            return Err(Error::about(
                ErrorCode::InvalidArgument,
                "at most 1000 attributes may be requested at once",
            ));
        }
        let mut people = self.people_of(jira_keys, |conn, titles, user| {
            titles.of_chosen(conn, user.type_id.as_deref(), &user.profile, attributes)
        })?;
        let entries = people
            .iter_mut()
            .flat_map(|person| iter::once(&mut person.entry).chain(person.manager.as_mut()));
        entries
            .filter_map(|entry| entry.okta.as_mut())
            .for_each(OktaUser::keep_names_only);
        Ok(people)
    }

    fn people_of(
        &self,
        jira_keys: &[String],
        attributes: impl Fn(&Connection, &mut Titles, &OktaUser) -> Result<Vec<TitledValue>>,
    ) -> Result<Vec<Person>> {
        let _open = self.enter()?;
        if jira_keys.len() > MOST_PEOPLE {
            return Err(Error::about(
                ErrorCode::InvalidArgument,
                "at most 1000 people may be requested at once",
            ));
        }
        self.directory.read(|conn| {
            let mut titles = Titles::default();
            let people = jira_keys
                .iter()
                .map(|key| person(conn, key, |user| attributes(conn, &mut titles, user)));
            people.filter_map(Result::transpose).collect()
        })
    }

    /// The manager of a user; none if the profile names no manager, or if the manager is not in the directory.
    /// [`ErrorCode::NotFound`] if no user has this key.
    pub fn manager_of(&self, user: Lookup<'_>) -> Result<Option<DirectoryEntry>> {
        let _open = self.enter()?;
        self.directory
            .read(|conn| Ok(chain(conn, &okta_id(conn, user)?, 1)?.pop()))
    }

    /// The managers of a user, the nearest first. If they form a circle, the list ends before a user would repeat.
    /// [`ErrorCode::NotFound`] if no user has this key.
    pub fn managers_of(&self, user: Lookup<'_>) -> Result<Vec<DirectoryEntry>> {
        let _open = self.enter()?;
        self.directory
            .read(|conn| chain(conn, &okta_id(conn, user)?, MOST_LEVELS))
    }

    /// Up to `limit` users who report to a user. Start with `after` 0 and go on with the `cursor` of the last
    /// entry; an empty answer is the end. [`ErrorCode::NotFound`] if no user has this key.
    pub fn reports_of(&self, user: Lookup<'_>, after: i64, limit: usize) -> Result<Vec<DirectoryEntry>> {
        let _open = self.enter()?;
        let limit = check_limit(limit)?;
        self.directory
            .read(|conn| entries::reports_of(conn, &okta_id(conn, user)?, after, limit))
    }
}

fn person(
    conn: &Connection,
    jira_key: &str,
    attributes: impl FnOnce(&OktaUser) -> Result<Vec<TitledValue>>,
) -> Result<Option<Person>> {
    let Some(entry) = entries::find(conn, Lookup::JiraKey(jira_key))? else {
        return Ok(None);
    };
    let Some(user) = &entry.okta else {
        return Ok(None);
    };
    Ok(Some(Person {
        attributes: attributes(user)?,
        manager: chain(conn, &user.id, 1)?.pop(),
        groups: groups::groups_of(conn, &user.id, MOST_GROUPS)?,
        entry,
    }))
}

fn okta_id(conn: &Connection, user: Lookup<'_>) -> Result<String> {
    entries::find(conn, user)?
        .and_then(|entry| entry.okta)
        .map(|user| user.id)
        .ok_or_else(|| Error::new(ErrorCode::NotFound))
}

fn chain(conn: &Connection, okta_id: &str, most: usize) -> Result<Vec<DirectoryEntry>> {
    let mut seen = HashSet::from([okta_id.to_owned()]);
    let mut chain: Vec<DirectoryEntry> = Vec::new();
    let mut next = managers::manager_of(conn, okta_id)?;
    while let Some(manager) = next.take().filter(|_| chain.len() < most) {
        if !seen.insert(manager.clone()) {
            break;
        }
        let Some(entry) = entries::find(conn, Lookup::OktaId(&manager))? else {
            break;
        };
        chain.push(entry);
        next = managers::manager_of(conn, &manager)?;
    }
    Ok(chain)
}
