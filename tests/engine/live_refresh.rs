//! What events tell is read again: whom, how, and what is never believed on the word of an event.

use std::time::{Duration, Instant};

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::model::{ChangeKind, RunMode, RunReason, RunState, SyncMode, SyncOptions, SyncReport};
use okta_sim::{Bucket, OktaSim};
use serde_json::{Value, json};

use crate::fixture::{Fixture, assert_code, hand_over, jira_users, rows, settings_of, silent_after, truth};
use crate::live::{deleted, deliver, event, listening, updated};

fn ids(sim: &OktaSim) -> Vec<String> {
    truth(sim).into_keys().collect()
}

fn relocate(sim: &OktaSim, id: &str, city: &str) {
    sim.update_profile(id, |profile| {
        profile.insert("city".to_owned(), json!(city));
    });
}

/// An org of so many users, and a directory that has read them and listens.
fn listening_to(users: u32, seed: u64) -> (OktaSim, Fixture) {
    let sim = OktaSim::builder().users(users).seed(seed).start().unwrap();
    let fixture = Fixture::connected(&sim, &listening());
    hand_over(&fixture.engine, &jira_users(&sim, users));
    fixture.sync().unwrap();
    (sim, fixture)
}

/// A directory that has read this org with its groups and listens.
fn reading_groups(sim: &OktaSim) -> Fixture {
    let settings = [listening(), vec![("groups.sync", "on")]].concat();
    let fixture = Fixture::connected(sim, &settings);
    fixture.sync().unwrap();
    fixture
}

/// A user was added to a group.
fn added(user: &str, group: &str) -> Value {
    let targets = [("User", user), ("UserGroup", group)];
    event(&format!("m{user}"), "group.user_membership.add", &targets)
}

fn refresh(fixture: &Fixture) -> SyncReport {
    fixture
        .engine
        .refresh_pending()
        .unwrap()
        .expect("something moved")
}

fn pending(fixture: &Fixture) -> u64 {
    fixture.engine.live_status().unwrap().pending
}

#[test]
fn who_moved_is_asked_for_by_id_and_published_like_any_run() {
    let (sim, fixture) = listening_to(400, 700);
    let ids = ids(&sim);
    relocate(&sim, &ids[1], "Elsewhere");
    let created = sim.create_user(serde_json::Map::new());
    sim.set_status(&ids[2], "SUSPENDED");
    let before = fixture.engine.statistics().unwrap();
    deliver(
        &fixture.engine,
        "d1",
        &[
            updated("e1", &ids[1]),
            updated("e2", &created),
            updated("e3", &ids[2]),
            updated("e4", &ids[3]),
        ],
    );
    sim.clear_requests();
    let report = refresh(&fixture);
    assert_eq!((report.mode, report.reason), (RunMode::Live, RunReason::Events));
    assert_eq!((report.added, report.updated, report.unchanged), (1, 2, 1));
    assert_eq!((report.state, report.present), (RunState::Complete, 401));
    assert_eq!(sim.requests().len(), 4, "one for each user");
    fixture.assert_equals_org(&sim);
    let changes = fixture.engine.changes(before.last_change, None, 10).unwrap();
    let told: Vec<(&str, ChangeKind, Option<&str>)> = changes
        .iter()
        .map(|change| (change.okta_id.as_str(), change.kind, change.event.as_deref()))
        .collect();
    assert!(
        told.contains(&(ids[1].as_str(), ChangeKind::Updated, Some("e1"))),
        "{told:?}"
    );
    assert!(
        told.contains(&(created.as_str(), ChangeKind::Added, Some("e2"))),
        "{told:?}"
    );
    let after = fixture.engine.statistics().unwrap();
    assert_eq!(after.fresh_as_of, before.fresh_as_of, "nobody else was looked at");
    assert_eq!(fixture.engine.runs(None, 1).unwrap()[0].run, report.run);
    let status = fixture.engine.live_status().unwrap();
    assert_eq!((status.pending, status.events, status.missed), (0, 4, 0));
    assert!(status.lag_ms.is_some());
    sim.clear_requests();
    assert!(fixture.engine.refresh_pending().unwrap().is_none());
    assert_eq!(sim.requests().len(), 0, "quiet costs nothing");
    // The next delta run asks from where it would have asked, and finds nothing new.
    let delta = fixture.sync_as(SyncMode::Delta).unwrap();
    assert_eq!((delta.added, delta.updated), (0, 0));
    let full = fixture.sync().unwrap();
    assert_eq!(
        (full.added, full.updated, full.absent, full.digest),
        (0, 0, 0, delta.digest)
    );
}

#[test]
fn matches_move_with_those_concerned() {
    let (sim, fixture) = listening_to(200, 701);
    let ids = ids(&sim);
    sim.update_profile(&ids[5], |profile| {
        profile.insert("login".to_owned(), json!("nobody.knows@elsewhere.test"));
        profile.insert("email".to_owned(), json!("nobody.knows@elsewhere.test"));
    });
    deliver(&fixture.engine, "d1", &[updated("e1", &ids[5])]);
    let live = refresh(&fixture);
    let full = fixture.sync().unwrap();
    assert_eq!(live.matches, full.matches);
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_deletion_is_believed_when_okta_says_so_twice_and_an_event_says_so_once() {
    let (sim, fixture) = listening_to(200, 702);
    let ids = ids(&sim);
    sim.delete_user(&ids[0]);
    sim.delete_user(&ids[1]);
    deliver(
        &fixture.engine,
        "d1",
        &[
            deleted("e1", &ids[0]),
            updated("e2", &ids[1]),
            deleted("e3", &ids[2]),
        ],
    );
    sim.clear_requests();
    let report = refresh(&fixture);
    assert_eq!((report.absent, report.present), (1, 199));
    let asked = |id: &str| {
        sim.requests()
            .iter()
            .filter(|request| request.path_and_query.ends_with(id))
            .count()
    };
    assert_eq!((asked(&ids[0]), asked(&ids[1]), asked(&ids[2])), (2, 1, 1));
    let absent = fixture.engine.changes(0, Some(&ids[0]), 10).unwrap();
    let last = absent.last().unwrap();
    assert_eq!(
        (last.kind, last.event.as_deref()),
        (ChangeKind::Absent, Some("e1"))
    );
    assert!(
        rows(&fixture.engine, okta_profiles::model::View::All).contains_key(&ids[1]),
        "left to the full run"
    );
    let status = fixture.engine.live_status().unwrap();
    assert_eq!(
        (status.pending, status.oldest_pending),
        (0, None),
        "what Okta says of an announced deletion is the answer"
    );
    fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
}

#[test]
fn an_announced_deletion_that_only_deactivates_is_answered_at_once_and_asked_for_a_few_times_more() {
    let (sim, mut fixture) = listening_to(30, 710);
    let id = ids(&sim)
        .into_iter()
        .find(|id| sim.announce_deletion(id))
        .unwrap();
    deliver(&fixture.engine, "d1", &[deleted("e1", &id)]);
    assert_eq!(refresh(&fixture).absent, 0);
    fixture.assert_equals_org(&sim);
    let first = fixture.engine.live_status().unwrap();
    assert_eq!((first.pending, first.oldest_pending), (0, None), "{first:?}");
    assert!(fixture.engine.refresh_pending().unwrap().is_none(), "not at once");
    let mut asked = 0;
    while waits_for_its_time(&mut fixture) {
        assert_eq!(refresh(&fixture).absent, 0);
        let status = fixture.engine.live_status().unwrap();
        assert_eq!((status.pending, status.lag_ms), (0, first.lag_ms), "it is no lag");
        asked += 1;
        assert!(asked < 20, "for ever");
    }
    fixture.assert_equals_org(&sim);
}

#[test]
fn what_okta_shows_a_little_later_is_waited_for() {
    let sim = OktaSim::builder().users(30).groups(4).seed(711).start().unwrap();
    let mut fixture = reading_groups(&sim);
    let (user, group) = (sim.spec().user_id(30), sim.spec().group_id(2));
    deliver(
        &fixture.engine,
        "d1",
        &[
            event("e1", "user.lifecycle.create", &[("User", &user)]),
            added(&user, &group),
            event(
                "e3",
                "group.lifecycle.delete",
                &[("UserGroup", &sim.spec().group_id(3))],
            ),
        ],
    );
    refresh(&fixture);
    let early = fixture.engine.live_status().unwrap();
    assert_eq!((early.pending, early.oldest_pending), (0, None), "{early:?}");
    assert!(fixture.engine.refresh_pending().unwrap().is_none(), "not at once");
    assert_eq!(sim.create_user(serde_json::Map::new()), user);
    assert!(sim.add_to_group(&group, &user));
    sim.delete_group(&sim.spec().group_id(3));
    assert!(waits_for_its_time(&mut fixture));
    fixture.engine.set("groups.sync", "on").unwrap();
    let report = refresh(&fixture);
    assert_eq!((report.added, report.groups.unwrap().removed), (1, 1));
    fixture.assert_equals_org(&sim);
    let members = fixture.engine.group_members(&group, "", 1_000).unwrap();
    assert!(members.iter().any(|member| member.okta_id == user));
    assert!(!waits_for_its_time(&mut fixture), "nothing is left");
}

/// Lets the time come of what is asked again; false if there is nothing.
fn waits_for_its_time(fixture: &mut Fixture) -> bool {
    fixture.engine.close().unwrap();
    let file = rusqlite::Connection::open(fixture.file()).unwrap();
    let waits = file.execute("UPDATE inbox SET due = 0", []).unwrap() > 0;
    drop(file);
    fixture.engine = Engine::open(&fixture.file(), settings_of(&listening())).unwrap();
    waits
}

#[test]
fn a_burst_of_deletions_is_left_to_the_full_run_and_its_guard() {
    let (sim, fixture) = listening_to(100, 703);
    let ids = ids(&sim);
    for chunk in ids[..40].chunks(10) {
        for id in chunk {
            sim.delete_user(id);
        }
        let events: Vec<_> = chunk.iter().map(|id| deleted(&format!("e{id}"), id)).collect();
        deliver(&fixture.engine, &format!("d{}", chunk[0]), &events);
        fixture.engine.refresh_pending().unwrap();
    }
    let status = fixture.engine.live_status().unwrap();
    assert!(status.held > 0 && status.pending == 0, "{status:?}");
    let live = fixture.engine.runs(None, 1).unwrap();
    assert!(
        live[0]
            .warnings
            .iter()
            .any(|warning| warning.contains("left to the next full run")),
        "{live:?}"
    );
    let present = fixture.engine.statistics().unwrap().okta_users;
    assert!(present >= 80, "{present}");
    let confirmed = SyncOptions {
        confirm_absent: true,
        ..SyncOptions::of(SyncMode::Full)
    };
    fixture.engine.sync(confirmed).unwrap();
    fixture.assert_equals_org(&sim);
    assert_eq!(fixture.engine.live_status().unwrap().held, 0);
}

#[test]
fn many_events_become_one_delta() {
    let (sim, fixture) = listening_to(1_000, 704);
    let ids = ids(&sim);
    for id in &ids {
        relocate(&sim, id, "Moved");
    }
    // A hundred thousand events, of a thousand users.
    for batch in 0..100 {
        let events: Vec<_> = ids
            .iter()
            .map(|id| updated(&format!("e{batch}-{id}"), id))
            .collect();
        assert_eq!(
            deliver(&fixture.engine, &format!("d{batch}"), &events).status,
            204
        );
    }
    assert_eq!(pending(&fixture), 1_000);
    sim.clear_requests();
    let report = refresh(&fixture);
    assert_eq!(
        (report.mode, report.reason),
        (RunMode::Delta, RunReason::ManyEvents)
    );
    assert_eq!(report.updated, 1_000);
    assert!(sim.requests().len() < 12, "{}", sim.requests().len());
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_listing_of_users_that_events_name_leaves_the_others_to_the_next_delta() {
    let (sim, fixture) = listening_to(1_000, 713);
    let ids = ids(&sim);
    relocate(&sim, &ids[999], "Nobody told");
    sim.step_clock(400);
    let mut events = Vec::new();
    for id in &ids[..80] {
        relocate(&sim, id, "Moved");
        let mut told = updated(&format!("e{id}"), id);
        let user = sim.index_of(id).and_then(|index| sim.user_json(index)).unwrap();
        told["published"] = user["lastUpdated"].clone();
        events.push(told);
    }
    deliver(&fixture.engine, "d1", &events);
    let report = refresh(&fixture);
    assert_eq!(
        (report.mode, report.reason),
        (RunMode::Delta, RunReason::ManyEvents)
    );
    assert_eq!((report.updated, report.pages, pending(&fixture)), (80, 1, 0));
    let report = fixture.engine.sync(SyncOptions::of(SyncMode::Delta)).unwrap();
    assert_eq!((report.mode, report.updated), (RunMode::Delta, 1));
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_user_whom_a_listing_does_not_show_is_asked_for_by_id() {
    for (users, by_id) in [(80, 80), (700, 0)] {
        let (sim, fixture) = listening_to(1_000, 714);
        let ids = ids(&sim);
        ids[..users].iter().for_each(|id| relocate(&sim, id, "Moved"));
        // Events that claim a later time than the users have.
        sim.step_clock(400);
        relocate(&sim, &ids[999], "Later");
        let last = sim
            .index_of(&ids[999])
            .and_then(|index| sim.user_json(index))
            .unwrap();
        let told = |id: &String| {
            let mut told = updated(&format!("e{id}"), id);
            told["published"] = last["lastUpdated"].clone();
            told
        };
        let events: Vec<_> = ids[..users].iter().map(told).collect();
        deliver(&fixture.engine, "d1", &events);
        assert_eq!(refresh(&fixture).mode, RunMode::Delta);
        assert_eq!(pending(&fixture), users as u64, "nobody is taken for seen");
        sim.clear_requests();
        refresh(&fixture);
        fixture.assert_equals_org(&sim);
        let asked = sim.requests();
        let asked = asked
            .iter()
            .filter(|request| request.path_and_query.starts_with("/api/v1/users/00u"));
        assert!(asked.count() >= by_id);
    }
}

#[test]
fn schemas_that_moved_bring_a_full_run() {
    let (sim, fixture) = listening_to(50, 705);
    deliver(
        &fixture.engine,
        "d1",
        &[event(
            "e1",
            "directory.user_profile.update",
            &[("Schema", "osc1")],
        )],
    );
    let report = fixture.engine.refresh_pending().unwrap().unwrap();
    assert_eq!(report.mode, RunMode::Live, "asked, and nothing moved");
    assert_eq!(pending(&fixture), 0);
    drop(sim);
}

#[test]
fn an_event_at_any_moment_of_a_full_run_is_neither_lost_nor_applied_twice() {
    let (sim, fixture) = listening_to(600, 706);
    let ids = ids(&sim);
    for at in [0, 1, 2] {
        let silence = silent_after(&sim, at + 1);
        std::thread::scope(|scope| {
            let engine = &fixture.engine;
            let running = scope.spawn(move || engine.sync(SyncOptions::of(SyncMode::Full)));
            silence.recv().unwrap();
            relocate(&sim, &ids[at as usize], &format!("City {at}"));
            deliver(
                engine,
                &format!("d{at}"),
                &[updated(&format!("e{at}"), &ids[at as usize])],
            );
            assert_code(&engine.refresh_pending().unwrap_err(), ErrorCode::Busy);
            sim.clear_faults();
            running.join().unwrap().unwrap();
        });
        sim.clear_faults();
        fixture.engine.refresh_pending().unwrap();
        fixture.assert_equals_org(&sim);
        assert_eq!(pending(&fixture), 0);
        let of_user = fixture.engine.changes(0, Some(&ids[at as usize]), 100).unwrap();
        let moves = of_user
            .iter()
            .filter(|change| change.kind == ChangeKind::Updated)
            .count();
        assert!(moves <= 1, "applied once: {of_user:?}");
    }
}

#[test]
fn a_refresh_that_fails_keeps_the_events() {
    let (sim, fixture) = listening_to(100, 707);
    let ids = ids(&sim);
    relocate(&sim, &ids[7], "Later");
    deliver(&fixture.engine, "d1", &[updated("e1", &ids[7])]);
    let path = format!("/api/v1/users/{}", ids[7]);
    sim.refuse(&path, 401, "E0000011");
    assert!(fixture.engine.refresh_pending().is_err());
    assert_eq!(pending(&fixture), 1);
    sim.relent(&path);
    assert_eq!(refresh(&fixture).updated, 1);
    fixture.assert_equals_org(&sim);
}

/// The path of a user.
fn at(id: &str) -> String {
    format!("/api/v1/users/{id}")
}

#[test]
fn one_user_who_cannot_be_read_keeps_nobody_waiting() {
    for (status, code) in [(400, "E0000031"), (409, "E0000145"), (503, "E0000010")] {
        let (sim, mut fixture) = listening_to(30, 712);
        let ids = ids(&sim);
        for id in &ids[3..6] {
            relocate(&sim, id, "Moved");
        }
        sim.delete_user(&ids[6]);
        let events = [
            updated("e3", &ids[3]),
            updated("e4", &ids[4]),
            updated("e5", &ids[5]),
            deleted("e6", &ids[6]),
        ];
        deliver(&fixture.engine, "d1", &events);
        sim.refuse(&at(&ids[3]), status, code);
        let report = refresh(&fixture);
        assert_eq!((report.updated, report.absent), (2, 1), "{code}");
        assert!(
            report.warnings.iter().any(|what| what.contains("1 users")),
            "{report:?}"
        );
        assert_eq!(pending(&fixture), 1);
        sim.relent(&at(&ids[3]));
        assert!(waits_for_its_time(&mut fixture));
        assert_eq!(refresh(&fixture).updated, 1);
        fixture.assert_equals_org(&sim);
        assert!(!waits_for_its_time(&mut fixture), "nothing is left");
    }
}

#[test]
fn a_user_whom_okta_refuses_is_tried_a_few_times_and_ends_no_refresh() {
    let (sim, mut fixture) = listening_to(30, 714);
    let id = &ids(&sim)[3];
    deliver(&fixture.engine, "d1", &[updated("e1", id)]);
    sim.refuse(&at(id), 400, "E0000001");
    for _ in 0..9 {
        assert_eq!(pending(&fixture), 1);
        refresh(&fixture);
        waits_for_its_time(&mut fixture);
    }
    assert_eq!(pending(&fixture), 0, "left to the listings");
}

#[test]
fn an_outage_settles_nothing_that_events_say() {
    let (sim, mut fixture) = listening_to(30, 713);
    let ids = ids(&sim);
    relocate(&sim, &ids[3], "Moved");
    sim.delete_user(&ids[6]);
    let events = [updated("e3", &ids[3]), deleted("e6", &ids[6])];
    deliver(&fixture.engine, "d1", &events);
    let asked = [&ids[3], &ids[6]];
    for id in asked {
        sim.refuse(&at(id), 503, "E0000010");
    }
    for _ in 0..8 {
        fixture.engine.refresh_pending().unwrap_err();
        assert_eq!(pending(&fixture), 2);
        waits_for_its_time(&mut fixture);
    }
    for id in asked {
        sim.relent(&at(id));
    }
    let report = refresh(&fixture);
    assert_eq!((report.updated, report.absent), (1, 1));
    fixture.assert_equals_org(&sim);
}

#[test]
fn what_live_should_have_seen_is_counted() {
    let (sim, fixture) = listening_to(100, 708);
    let ids = ids(&sim);
    deliver(&fixture.engine, "d0", &[updated("e0", &ids[0])]);
    refresh(&fixture);
    assert_eq!(fixture.engine.live_status().unwrap().missed, 0);
    // Told since its last full run, and nobody told of this deletion.
    fixture.sync().unwrap();
    sim.delete_user(&ids[9]);
    fixture.sync().unwrap();
    assert_eq!(fixture.engine.live_status().unwrap().missed, 1);
}

#[test]
fn groups_and_memberships_that_moved_are_read_alone() {
    let sim = OktaSim::builder()
        .users(300)
        .groups(12)
        .seed(709)
        .start()
        .unwrap();
    let fixture = reading_groups(&sim);
    let users = ids(&sim);
    let group = sim.create_group("Told");
    deliver(
        &fixture.engine,
        "d1",
        &[event("e1", "group.lifecycle.create", &[("UserGroup", &group)])],
    );
    let report = refresh(&fixture);
    assert_eq!(report.groups.unwrap().added, 1);
    let members = || {
        let page = fixture.engine.group_members(&group, "", 1_000).unwrap();
        page.into_iter().map(|member| member.okta_id).collect::<Vec<_>>()
    };
    assert!(members().is_empty());
    for (number, add) in [(1, true), (2, true), (1, false)] {
        let user = &users[number];
        let kind = match add {
            true => sim.add_to_group(&group, user),
            false => sim.remove_from_group(&group, user),
        };
        assert!(kind);
        let event_type = if add {
            "group.user_membership.add"
        } else {
            "group.user_membership.remove"
        };
        let id = format!("m{number}{add}");
        deliver(
            &fixture.engine,
            &id,
            &[event(&id, event_type, &[("User", user), ("UserGroup", &group)])],
        );
        sim.clear_requests();
        refresh(&fixture);
        assert!(sim.requests().len() <= 3, "{:?}", sim.requests().len());
    }
    assert_eq!(members(), [users[2].clone()]);
    sim.delete_group(&group);
    deliver(
        &fixture.engine,
        "d9",
        &[event("e9", "group.lifecycle.delete", &[("UserGroup", &group)])],
    );
    assert_eq!(refresh(&fixture).groups.unwrap().removed, 1);
    assert_eq!(pending(&fixture), 0);
    assert!(fixture.engine.check_integrity().unwrap().is_sound());
}

#[test]
fn memberships_that_events_name_are_read_although_so_many_users_moved_that_they_are_listed() {
    let sim = OktaSim::builder().users(600).groups(6).seed(711).start().unwrap();
    let fixture = reading_groups(&sim);
    let users = ids(&sim);
    let groups = sim.all_groups();
    let group = groups.iter().find(|group| group["type"] == "OKTA_GROUP").unwrap();
    let group = group["id"].as_str().unwrap().to_owned();
    let mut events = Vec::new();
    for id in &users[..80] {
        relocate(&sim, id, "Moved");
        events.push(updated(&format!("u{id}"), id));
    }
    for id in &users[..3] {
        sim.add_to_group(&group, id);
        events.push(added(id, &group));
    }
    deliver(&fixture.engine, "d1", &events);
    sim.clear_requests();
    assert_eq!(refresh(&fixture).mode, RunMode::Delta);
    assert_eq!(pending(&fixture), 0);
    fixture.assert_equals_org(&sim);
    crate::groups::assert_groups_equal(&fixture.engine, &sim);
    let listed = |request: &okta_sim::RequestRecord| {
        let path = request.path_and_query.as_str();
        path.starts_with("/api/v1/groups/") && path.contains("/users")
    };
    assert_eq!(sim.requests().iter().filter(|request| listed(request)).count(), 0);
}

/// An org that answers so many listings and groups of users in each window, and a directory that was told that so many
/// users joined a group.
fn joined(limit: u32, window: Duration, joining: usize) -> (OktaSim, Fixture) {
    let sim = OktaSim::builder()
        .users(200)
        .groups(60)
        .seed(712)
        .rate_limit(Bucket::Users, limit)
        .window(window)
        .start()
        .unwrap();
    let fixture = reading_groups(&sim);
    let users = ids(&sim);
    let groups = sim.all_groups();
    let open = groups.iter().filter(|group| group["type"] == "OKTA_GROUP");
    let groups: Vec<String> = open
        .map(|group| group["id"].as_str().unwrap().to_owned())
        .collect();
    let mut events = Vec::new();
    for (number, id) in users[..joining].iter().enumerate() {
        let group = &groups[number % groups.len()];
        sim.add_to_group(group, id);
        events.push(added(id, group));
    }
    deliver(&fixture.engine, "d1", &events);
    (sim, fixture)
}

#[test]
fn memberships_wait_for_requests_that_can_be_spared_and_users_do_not_wait_for_them() {
    let (sim, fixture) = joined(24, Duration::from_secs(100), 24);
    let report = refresh(&fixture);
    assert_eq!(
        report.waited_ms, 0,
        "it comes back instead of waiting for the next window"
    );
    let left = pending(&fixture);
    assert!((1..24).contains(&left), "{left}");
    let moved = ids(&sim)[150].clone();
    relocate(&sim, &moved, "Oslo");
    deliver(&fixture.engine, "d2", &[updated("u1", &moved)]);
    let report = refresh(&fixture);
    assert_eq!((report.updated, report.waited_ms), (1, 0));
    assert!((1..=left).contains(&pending(&fixture)));
}

#[test]
fn memberships_that_waited_are_read_in_the_windows_that_follow() {
    let (sim, fixture) = joined(8, Duration::from_secs(1), 12);
    let until = Instant::now() + Duration::from_secs(120);
    while pending(&fixture) > 0 {
        assert!(Instant::now() < until);
        if fixture.engine.refresh_pending().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    crate::groups::assert_groups_equal(&fixture.engine, &sim);
}
