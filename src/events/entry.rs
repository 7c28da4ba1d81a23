//! One entry of the System Log, the same in a delivery and in the log (Okta "LogEvent"). Pure.
//!
//! Targets are found by their type, never by their place, and each is named once. An entry about something that
//! failed names nobody.

use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::clock::UnixMillis;
use crate::events::event_types::{Says, says};
use crate::hex::hex;
use crate::model::{Event, Subject, is_object_id, json_text};

/// Ids of events are UUIDs; a text longer than this is not taken for an id.
const LONGEST_ID: usize = 100;
/// The most pairs of user and group that are taken from one event; real events name one pair.
const MOST_PAIRS: usize = 1_000;

/// The members that are read, undecoded.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(borrow)]
    uuid: Option<&'a RawValue>,
    published: Option<&'a RawValue>,
    event_type: Option<&'a RawValue>,
    outcome: Option<&'a RawValue>,
    target: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Outcome<'a> {
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Target<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    r#type: Option<&'a RawValue>,
}

/// Reads an entry; none if it is no object that can be read.
pub fn read_log_entry(json: &RawValue) -> Option<Event> {
    let entry: Entry<'_> = serde_json::from_str(json.get()).ok()?;
    let event_type = text(entry.event_type).unwrap_or_default();
    let told = says(&event_type).filter(|_| succeeded(entry.outcome));
    let subjects = told.map(|says| subjects(says, entry.target)).unwrap_or_default();
    Some(Event {
        id: identity(entry.uuid, json.get().as_bytes()),
        at: text(entry.published).and_then(|text| UnixMillis::parse(&text)),
        event_type,
        subjects,
    })
}

/// The id in the JSON, or a digest of the bytes if there is no id that can be kept.
pub(super) fn identity(id: Option<&RawValue>, bytes: &[u8]) -> String {
    let is_usable =
        |id: &String| (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    text(id)
        .filter(is_usable)
        .unwrap_or_else(|| hex(&Sha256::digest(bytes)))
}

fn text(json: Option<&RawValue>) -> Option<String> {
    json_text(json?.get()).map(std::borrow::Cow::into_owned)
}

/// Whether an outcome is a success. A missing outcome counts as one, because reading again costs little.
fn succeeded(outcome: Option<&RawValue>) -> bool {
    let outcome = outcome.and_then(|json| serde_json::from_str::<Outcome<'_>>(json.get()).ok());
    let result = outcome.and_then(|outcome| text(outcome.result));
    result.is_none_or(|result| result.eq_ignore_ascii_case("SUCCESS"))
}

fn subjects(says: Says, target: Option<&RawValue>) -> Vec<Subject> {
    let targets = Targets::of(target);
    let users = || targets.users.iter().cloned();
    let groups = || targets.groups.iter().cloned();
    match says {
        Says::Users => users().map(|okta_id| Subject::User { okta_id }).collect(),
        Says::DeletedUsers => users().map(|okta_id| Subject::DeletedUser { okta_id }).collect(),
        Says::Groups => groups().map(|group_id| Subject::Group { group_id }).collect(),
        Says::DeletedGroups => groups()
            .map(|group_id| Subject::DeletedGroup { group_id })
            .collect(),
        Says::Memberships if !targets.users.is_empty() => targets.memberships(),
        Says::Memberships | Says::Members => groups().map(|group_id| Subject::Members { group_id }).collect(),
        Says::Schema => vec![Subject::Schema],
        Says::Many => vec![Subject::Many],
    }
}

/// The users and groups that an entry names, each once.
#[derive(Default)]
struct Targets {
    users: Vec<String>,
    groups: Vec<String>,
}

impl Targets {
    fn of(target: Option<&RawValue>) -> Targets {
        let list = target.and_then(|json| serde_json::from_str::<Vec<&RawValue>>(json.get()).ok());
        let mut targets = Targets::default();
        for json in list.unwrap_or_default() {
            let Ok(target) = serde_json::from_str::<Target<'_>>(json.get()) else {
                continue;
            };
            let (Some(id), Some(kind)) = (text(target.id), text(target.r#type)) else {
                continue;
            };
            let known = match () {
                () if kind.eq_ignore_ascii_case("User") => &mut targets.users,
                () if kind.eq_ignore_ascii_case("UserGroup") => &mut targets.groups,
                () => continue,
            };
            if is_object_id(&id) {
                known.push(id);
            }
        }
        keep_first(&mut targets.users);
        keep_first(&mut targets.groups);
        targets
    }

    fn memberships(&self) -> Vec<Subject> {
        let pairs = self
            .groups
            .iter()
            .flat_map(|group| self.users.iter().map(move |user| (group, user)));
        if self.groups.len().saturating_mul(self.users.len()) > MOST_PAIRS {
            return vec![Subject::Many];
        }
        let membership = |(group, user): (&String, &String)| Subject::Membership {
            group_id: group.clone(),
            user_id: user.clone(),
        };
        pairs.map(membership).collect()
    }
}

/// Drops repeated ids and keeps the first of each.
fn keep_first(ids: &mut Vec<String>) {
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(id.clone()));
}
