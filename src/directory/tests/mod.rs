//! Tests of the directory as a whole, on real files, and the fixtures that they share.
//!
//! [`Fixture::sync`] is the smallest possible sync: it writes a run in the way that `sync` does, with one page and one
//! slice, and publishes it. No test here talks to Okta.

mod feed;
mod first_run;
mod inactive;
mod increments;
mod keeping;
mod matching;
mod matching_model;
mod opening;
mod publishing;
pub(super) mod query_plans;
mod reading;
mod rematching;
mod running;
mod scoped_matching;
mod searching;
mod surviving;
mod upgrading;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::value::RawValue;

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::matches::{self, jira_users, pins};
use crate::directory::runs::PageRow;
use crate::directory::runs::{self, changes};
use crate::directory::{Connection, Directory, UserSet, entries, org};
use crate::directory::{content_hash, users};
use crate::model::{
    ChangeKind, DirectoryEntry, JiraKey, JiraUser, Lookup, MatchCounts, MatchRule, OktaKey, OktaUser,
    Profile, RunId, RunState, View,
};

/// The folding function of the tests. The directory works with any such function.
pub(super) fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// An Okta user with these profile attributes, given as JSON texts.
pub(super) fn user_with(id: &str, attributes: &[(&str, &str)]) -> OktaUser {
    let attributes: BTreeMap<String, Box<RawValue>> = attributes
        .iter()
        .map(|(name, json)| {
            (
                (*name).to_owned(),
                RawValue::from_string((*json).to_owned()).expect("JSON"),
            )
        })
        .collect();
    OktaUser::active(id, Profile::from_attributes(&attributes))
}

/// An Okta user with only a login.
pub(super) fn user(id: &str, login: &str) -> OktaUser {
    user_with(id, &[("login", &json(login))])
}

/// An Okta user with login and e-mail.
fn user_with_email(id: &str, login: &str, email: &str) -> OktaUser {
    user_with(id, &[("login", &json(login)), ("email", &json(email))])
}

/// A text as JSON.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A Jira user with username and e-mail.
fn jira(key: &str, username: &str, email: &str) -> JiraUser {
    JiraUser {
        key: key.to_owned(),
        username: username.to_owned(),
        email: email.to_owned(),
        display_name: format!("{username} of Jira"),
        active: true,
    }
}

fn rule(okta: OktaKey, jira: JiraKey) -> MatchRule {
    MatchRule { okta, jira }
}

/// The rules that apply if no setting changes them.
fn default_rules() -> Vec<MatchRule> {
    vec![
        rule(OktaKey::Login, JiraKey::Username),
        rule(OktaKey::Email, JiraKey::Email),
        rule(OktaKey::LoginLocalPart, JiraKey::Username),
    ]
}

/// A directory in its own folder.
struct Fixture {
    directory: Directory,
    rules: Vec<MatchRule>,
    folder: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Fixture {
        Fixture::with_rules(default_rules())
    }

    fn with_rules(rules: Vec<MatchRule>) -> Fixture {
        let folder = tempfile::tempdir().expect("folder");
        let (directory, report) = Directory::open(&folder.path().join("okta.db"), fold).expect("open");
        assert!(report.created);
        Fixture {
            directory,
            rules,
            folder,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("okta.db")
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> T {
        self.directory.read(work).expect("read")
    }

    /// Begins a run and writes these users as one page of it; nothing is published.
    fn write_page(&self, users: &[OktaUser], at: i64) -> RunId {
        let write = |tx: &crate::directory::Transaction<'_>| {
            let run = match runs::unfinished(tx)? {
                Some(row) => row.run,
                None => runs::begin(tx, "00o1", UnixMillis(at), &["status pr".to_owned()])?,
            };
            let mut seen = Vec::new();
            for user in users {
                let hash = content_hash(user);
                match users::known(tx, &user.id)? {
                    None => {
                        users::insert(tx, run, &[(user.clone(), hash)])?;
                    }
                    Some(known) if known.inserted_run == run => {
                        users::replace(tx, known.user_no, user, &hash)?
                    }
                    Some(known) => {
                        seen.push(known.user_no);
                        match known.content_hash == hash {
                            true => users::unstage(tx, known.user_no)?,
                            false => users::stage(tx, run, known.user_no, user, &hash)?,
                        }
                    }
                }
            }
            let page = PageRow {
                users: users.len() as u64,
                seen: &seen,
                ..PageRow::default()
            };
            runs::commit_page(tx, run, 0, page)?;
            Ok(run)
        };
        self.directory.write(write).expect("write a page")
    }

    /// Publishes a run whose pages are written. It does everything that `sync` does in its last transaction.
    fn publish(&self, run: RunId, at: i64) -> MatchCounts {
        let at = UnixMillis(at);
        let publish = |tx: &crate::directory::Transaction<'_>| {
            let seen: UserSet = runs::seen(tx, run)?;
            users::each_staged(tx, run, |staged| {
                changes::append(tx, run, at, &staged.after.id, ChangeKind::Updated, &[]).map(drop)
            })?;
            users::not_seen(tx, &seen, |user_no, okta_id| {
                users::mark_absent(tx, user_no, at)?;
                changes::append(tx, run, at, okta_id, ChangeKind::Absent, &[]).map(drop)
            })?;
            users::seen_again(tx, &seen, |user_no, okta_id| {
                users::mark_returned(tx, user_no)?;
                changes::append(tx, run, at, okta_id, ChangeKind::Returned, &[]).map(drop)
            })?;
            users::publish_staged(tx, run)?;
            users::each_inserted(tx, run, |user| {
                changes::append(tx, run, at, user.okta_id, ChangeKind::Added, &[]).map(drop)
            })?;
            let mut about = org::get(tx)?;
            about.org_id = "00o1".to_owned();
            about.published_run = run;
            about.fresh_as_of = Some(at);
            org::set(tx, &about)?;
            about.digest = Some(users::digest(tx)?);
            org::set(tx, &about)?;
            let matches = matches::rematch(tx, &self.rules)?;
            users::count_statuses(tx)?;
            let mut report = runs::get(tx, run)?.expect("the run");
            report.state = RunState::Complete;
            report.finished = Some(at);
            report.matches = matches.clone();
            runs::finish(tx, &report)?;
            Ok(matches)
        };
        self.directory.write(publish).expect("publish")
    }

    /// A whole run that reads exactly these users.
    fn sync(&self, users: &[OktaUser], at: i64) -> MatchCounts {
        let run = self.write_page(users, at);
        self.publish(run, at)
    }

    /// Replaces the Jira users and matches again.
    fn set_jira_users(&self, users: &[JiraUser]) -> MatchCounts {
        let replace = |tx: &crate::directory::Transaction<'_>| {
            jira_users::begin(tx)?;
            jira_users::add(tx, users)?;
            jira_users::commit(tx)?;
            matches::rematch(tx, &self.rules)
        };
        self.directory.write(replace).expect("Jira users")
    }

    fn pin(&self, okta_id: &str, jira_key: &str) -> MatchCounts {
        let pin = |tx: &crate::directory::Transaction<'_>| {
            pins::pin(tx, okta_id, jira_key, UnixMillis(1))?;
            matches::rematch(tx, &self.rules)
        };
        self.directory.write(pin).expect("pin")
    }

    fn find(&self, lookup: Lookup<'_>) -> Option<DirectoryEntry> {
        self.read(|conn| entries::find(conn, lookup))
    }

    fn list(&self, view: View) -> Vec<DirectoryEntry> {
        self.read(|conn| entries::list(conn, view, 0, 1_000_000))
    }

    /// The Okta ids of a view.
    fn ids(&self, view: View) -> Vec<String> {
        self.list(view)
            .into_iter()
            .filter_map(|entry| Some(entry.okta?.id))
            .collect()
    }

    /// The integrity check finds nothing.
    fn assert_sound(&self) {
        let report = self.read(crate::directory::integrity::check);
        assert!(report.is_sound(), "{report:?}");
    }
}
