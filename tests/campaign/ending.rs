//! The end of a trial: the directory must hold what the org holds, whatever happened on the way.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use okta_profiles::engine::Engine;
use okta_profiles::model::{ChangeKind, DirectoryEntry, GroupFilter, SyncMode, SyncOptions, View};
use serde_json::Value;

use crate::jira::{hand_over, jira_users};
use crate::trial::Trial;

/// So many runs may pass until groups agree: readings that were doubted or refused are tried again.
const MOST_RUNS: u32 = 8;

/// Users, attributes, memberships, matches and the replayed change feed are those of the org.
pub fn assert_equals_org(trial: &Trial) {
    let engine = trial.engine("directory.db");
    engine.set("groups.whole_listing_after_hours", "0").unwrap();
    // Runs that ended early leave changes waiting for requests that never came; the last run would miss them.
    trial.sim.forget_waiting_changes();
    for _ in 0..MOST_RUNS {
        trial.sim.relent("/api/v1/groups");
        // An org that told another id from the beginning of a first run to its end has tied the directory to that.
        let confirmed = SyncOptions {
            confirm_org: true,
            ..SyncOptions::of(SyncMode::Full)
        };
        let report = engine.sync(confirmed).unwrap();
        if report.warnings.is_empty() && groups_differ(&engine, trial).is_none() {
            break;
        }
    }
    engine.sync(SyncOptions::of(SyncMode::Full)).unwrap();
    let seed = trial.seed;
    let (org, here) = (org_users(trial), users(&engine));
    for (id, row) in &org {
        assert_eq!(Some(row), here.get(id), "user {id} differs, seed {seed}");
    }
    assert_eq!(org.len(), here.len(), "users whom the org has not, seed {seed}");
    assert_eq!(groups_differ(&engine, trial), None, "seed {seed}");
    assert_feed_leads_here(&engine, &here, seed);
    let integrity = engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}, seed {seed}");
    assert_like_a_fresh_one(&engine, trial);
    engine.close().unwrap();
}

type Row = (String, Value);

fn org_users(trial: &Trial) -> BTreeMap<String, Row> {
    let text = |user: &Value, name: &str| user[name].as_str().unwrap().to_owned();
    let row = |user: Value| {
        (
            text(&user, "id"),
            (text(&user, "status"), user["profile"].clone()),
        )
    };
    trial.sim.all_users().map(row).collect()
}

fn users(engine: &Engine) -> BTreeMap<String, Row> {
    let row = |entry: DirectoryEntry| {
        let user = entry.okta.unwrap();
        let profile = serde_json::from_str(user.profile.as_json()).unwrap();
        (user.id, (user.status, profile))
    };
    entries(engine, View::All).into_iter().map(row).collect()
}

fn entries(engine: &Engine, view: View) -> Vec<DirectoryEntry> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = engine.list(view, after, 1_000).unwrap();
        let Some(last) = page.last() else { return all };
        after = last.cursor;
        all.extend(page);
    }
}

/// The first difference of groups and members, in words.
fn groups_differ(engine: &Engine, trial: &Trial) -> Option<String> {
    let here = engine.groups(GroupFilter::default(), "", 1_000).unwrap().groups;
    let ids: BTreeSet<&str> = here.iter().map(|group| group.id.as_str()).collect();
    let org = trial.sim.all_groups();
    let expected: BTreeSet<&str> = org.iter().map(|group| group["id"].as_str().unwrap()).collect();
    if ids != expected {
        return Some(format!("{} groups instead of {}", ids.len(), expected.len()));
    }
    here.iter().find_map(|group| {
        let mut expected = trial.sim.members_of(&group.id).unwrap();
        expected.sort();
        let members = engine.group_members(&group.id, "", 10_000).unwrap();
        let members: Vec<String> = members.into_iter().map(|member| member.okta_id).collect();
        let counted = group.member_count;
        (members != expected || counted != Some(expected.len() as u64)).then(|| {
            format!(
                "{}: {} members instead of {}, counted {counted:?}",
                group.id,
                members.len(),
                expected.len()
            )
        })
    })
}

/// Whoever replays the change feed knows who is present, and of whatever changed the value of now.
fn assert_feed_leads_here(engine: &Engine, here: &BTreeMap<String, Row>, seed: u64) {
    let mut present = BTreeSet::new();
    let mut values: HashMap<(String, String), Value> = HashMap::new();
    let mut after = 0;
    loop {
        let page = engine.changes(after, None, 1_000).unwrap();
        let Some(last) = page.last() else { break };
        after = last.position;
        for change in page {
            match change.kind {
                ChangeKind::Added | ChangeKind::Returned => present.insert(change.okta_id.clone()),
                ChangeKind::Absent | ChangeKind::Purged => present.remove(&change.okta_id),
                ChangeKind::Updated => true,
            };
            for field in change.fields {
                let to = serde_json::from_str(field.to.get()).unwrap();
                values.insert((change.okta_id.clone(), field.field), to);
            }
        }
    }
    assert_eq!(
        present,
        here.keys().cloned().collect(),
        "who is present by the feed, seed {seed}"
    );
    for ((id, field), value) in values {
        let Some((status, profile)) = here.get(&id) else {
            continue;
        };
        let now = match field.strip_prefix("profile.") {
            Some(name) => profile.get(name).cloned().unwrap_or(Value::Null),
            None if field == "status" => Value::from(status.as_str()),
            None => continue,
        };
        assert_eq!(value, now, "{field} of {id} by the feed, seed {seed}");
    }
}

/// Content and ties are those of a directory that was made just now.
fn assert_like_a_fresh_one(engine: &Engine, trial: &Trial) {
    let fresh = trial.engine("fresh.db");
    hand_over(&fresh, &jira_users(&trial.sim, 200));
    fresh.sync(SyncOptions::of(SyncMode::Full)).unwrap();
    let digest = |engine: &Engine| engine.statistics().unwrap().digest;
    assert_eq!(digest(engine), digest(&fresh), "seed {}", trial.seed);
    let ties = |engine: &Engine| -> BTreeMap<String, (String, Option<String>)> {
        let rows = entries(engine, View::Matched).into_iter();
        rows.map(|entry| {
            let tie = (entry.rule.clone(), entry.okta.map(|user| user.id));
            (entry.jira.unwrap().key, tie)
        })
        .collect()
    };
    assert_eq!(ties(engine), ties(&fresh), "seed {}", trial.seed);
    fresh.close().unwrap();
}
