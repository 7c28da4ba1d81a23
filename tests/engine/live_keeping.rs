//! Live and what is kept: who matches, who was matched by hand, and who was erased.

use okta_profiles::model::{JiraUser, Lookup, RunMode, View};
use okta_sim::OktaSim;
use serde_json::{Map, json};

use crate::fixture::{Fixture, entries, rows};
use crate::live::{deleted, deliver, event, listening, updated};

/// A directory that has read an org of so many users and listens.
fn listening_to(users: u32, seed: u64, more: &[(&'static str, &'static str)]) -> (OktaSim, Fixture) {
    let sim = OktaSim::builder()
        .users(users)
        .groups(3)
        .seed(seed)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, &[&listening(), more].concat());
    (sim, fixture)
}

fn jira(name: &str) -> JiraUser {
    JiraUser {
        key: name.to_uppercase(),
        username: format!("{name}@corp.test"),
        email: format!("{name}@corp.test"),
        display_name: name.to_owned(),
        active: true,
    }
}

fn named(sim: &OktaSim, login: &str) -> String {
    let mut profile = Map::new();
    profile.insert("login".to_owned(), json!(login));
    sim.create_user(profile)
}

fn rename(sim: &OktaSim, id: &str, login: &str) {
    sim.update_profile(id, |profile| {
        profile.insert("login".to_owned(), json!(login));
        profile.insert("email".to_owned(), json!(login));
    });
}

/// Delivers events of these users and reads them again.
fn tell(fixture: &Fixture, delivery: &str, users: &[&str]) {
    let events: Vec<_> = users
        .iter()
        .map(|user| updated(&format!("{delivery}-{user}"), user))
        .collect();
    deliver(&fixture.engine, delivery, &events);
    let report = fixture
        .engine
        .refresh_pending()
        .unwrap()
        .expect("something moved");
    assert_eq!(report.mode, RunMode::Live);
}

#[test]
fn only_who_matches_is_kept_also_when_events_tell() {
    let (sim, fixture) = listening_to(40, 770, &[("retain", "matched")]);
    let leaving = named(&sim, "leaving@corp.test");
    let coming = named(&sim, "nobody@corp.test");
    let users: Vec<JiraUser> = ["leaving", "coming", "stranger-to-okta"].map(jira).to_vec();
    crate::fixture::hand_over(&fixture.engine, &users);
    fixture.sync().unwrap();
    let kept = || -> Vec<String> { rows(&fixture.engine, View::All).into_keys().collect() };
    assert_eq!(kept(), std::slice::from_ref(&leaving));
    // One comes to match, one no longer does, and one who never did is told of.
    rename(&sim, &coming, "coming@corp.test");
    rename(&sim, &leaving, "gone@corp.test");
    let new = named(&sim, "unknown@corp.test");
    tell(&fixture, "d1", &[&coming, &leaving, &new]);
    assert_eq!(kept(), std::slice::from_ref(&coming));
    assert_eq!(fixture.engine.live_status().unwrap().pending, 0);
    let full = fixture.sync().unwrap();
    assert_eq!(
        (full.added, full.updated, full.purged),
        (0, 0, 0),
        "as a full run has it"
    );
    assert_eq!(kept(), [coming]);
}

#[test]
fn a_match_by_hand_stays_through_what_events_tell() {
    let (sim, fixture) = listening_to(40, 771, &[]);
    let pinned = named(&sim, "somebody@corp.test");
    crate::fixture::hand_over(&fixture.engine, &[jira("somebody"), jira("other")]);
    fixture.sync().unwrap();
    fixture.engine.pin(&pinned, "OTHER").unwrap();
    // By the rules it would be the other one.
    rename(&sim, &pinned, "somebody@corp.test");
    sim.set_status(&pinned, "SUSPENDED");
    tell(&fixture, "d1", &[&pinned]);
    let entry = fixture.engine.find(Lookup::JiraKey("OTHER")).unwrap().unwrap();
    let okta = entry.okta.unwrap();
    assert_eq!(
        (okta.id.as_str(), okta.status.as_str()),
        (pinned.as_str(), "SUSPENDED")
    );
    // Once the user is deleted the match by hand waits, and is not given to somebody else.
    sim.delete_user(&pinned);
    deliver(&fixture.engine, "d2", &[deleted("e2", &pinned)]);
    let live = fixture.engine.refresh_pending().unwrap().unwrap();
    assert_eq!(live.absent, 1);
    let full = fixture.sync().unwrap();
    assert_eq!(live.matches, full.matches, "as a full run has it");
}

#[test]
fn an_erased_person_stays_away_whatever_events_tell() {
    let (sim, fixture) = listening_to(40, 772, &[("groups.sync", "on")]);
    let id = named(&sim, "erased@corp.test");
    let group = sim.create_group("Of the erased");
    sim.add_to_group(&group, &id);
    fixture.sync().unwrap();
    deliver(&fixture.engine, "d1", &[updated("e1", &id)]);
    assert!(fixture.engine.erase_user(&id).unwrap());
    assert_eq!(
        fixture.engine.live_status().unwrap().pending,
        0,
        "what waited is forgotten"
    );
    sim.update_profile(&id, |profile| {
        profile.insert("city".to_owned(), json!("Back again"));
    });
    deliver(
        &fixture.engine,
        "d2",
        &[
            updated("e2", &id),
            event("e3", "user.lifecycle.create", &[("User", &id)]),
            event(
                "e4",
                "group.user_membership.add",
                &[("User", &id), ("UserGroup", &group)],
            ),
        ],
    );
    while fixture.engine.refresh_pending().unwrap().is_some() {}
    assert!(fixture.engine.find(Lookup::OktaId(&id)).unwrap().is_none());
    assert!(fixture.engine.group_members(&group, "", 10).unwrap().is_empty());
    assert!(
        entries(&fixture.engine, View::All)
            .iter()
            .all(|entry| { entry.okta.as_ref().is_none_or(|user| user.id != id) })
    );
    let changes = fixture.engine.changes(0, Some(&id), 10).unwrap();
    assert!(
        changes.iter().all(|change| change.fields.is_empty()),
        "{changes:?}"
    );
    assert_eq!(fixture.engine.live_status().unwrap().pending, 0);
    assert!(fixture.engine.check_integrity().unwrap().is_sound());
}
