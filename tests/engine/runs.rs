//! Full runs on a well-behaved org: counts add up, changes are named, unchanged runs write nothing.

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::model::{ChangeKind, RunState, SyncOptions, View};
use okta_sim::OktaSim;
use serde_json::json;

use crate::fixture::{Fixture, QUICK, assert_code, hand_over, jira_users, rows, truth};

#[test]
fn the_directory_equals_the_org_and_the_counts_add_up() {
    let sim = OktaSim::builder().users(3_210).seed(1).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    hand_over(&fixture.engine, &jira_users(&sim, 2_500));
    let report = fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    assert_eq!(report.state, RunState::Complete);
    assert_eq!((report.seen, report.added, report.present), (3_210, 3_210, 3_210));
    assert_eq!(
        report.slices, 1,
        "seventeen pages are not worth the requests of slices"
    );
    assert_eq!(report.slices_ended, report.slices);
    assert_eq!(report.digest.len(), 64);
    let matches = &report.matches;
    assert_eq!(
        matches.matched + matches.pinned + matches.okta_ambiguous + matches.okta_only,
        3_210
    );
    assert_eq!(
        matches.matched + matches.pinned + matches.jira_ambiguous + matches.jira_only,
        2_500
    );
    assert_eq!(
        matches.by_rule.iter().map(|rule| rule.1).sum::<u64>(),
        matches.matched
    );
    assert!(
        matches.matched > 1_000 && matches.okta_ambiguous > 0 && matches.jira_only > 0,
        "{matches:?}"
    );
    let log = fixture.log_text();
    assert!(log.contains("complete"), "{log}");
}

#[test]
fn a_second_run_with_nothing_changed_adds_no_change_and_keeps_the_digest() {
    let sim = OktaSim::builder().users(1_000).seed(2).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let first = fixture.sync().unwrap();
    let newest = fixture.engine.statistics().unwrap().last_change;
    let second = fixture.sync().unwrap();
    assert_eq!((second.unchanged, second.added, second.updated), (1_000, 0, 0));
    assert_eq!(second.digest, first.digest);
    assert_eq!(fixture.engine.statistics().unwrap().last_change, newest);
    assert!(second.run > first.run);
}

#[test]
fn changes_name_who_what_from_what_to_what() {
    let sim = OktaSim::builder().users(500).seed(3).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let position = fixture.engine.statistics().unwrap().last_change;
    let ids: Vec<String> = truth(&sim).into_keys().collect();
    let department = truth(&sim)[&ids[10]]
        .1
        .get("department")
        .cloned()
        .unwrap_or(json!(null));
    sim.update_profile(&ids[10], |profile| {
        profile.insert("department".to_owned(), json!("Relocated"));
        profile.insert("brandNew".to_owned(), json!([1, 2]));
    });
    sim.update_profile(&ids[11], |profile| {
        profile.remove("title");
        profile.insert("title".to_owned(), json!("Was here"));
    });
    sim.set_status(&ids[12], "SUSPENDED");
    sim.delete_user(&ids[13]);
    let report = fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    assert_eq!((report.absent, report.seen), (1, 499));
    let changes = fixture.engine.changes(position, None, 100).unwrap();
    let of = |id: &String| changes.iter().find(|change| change.okta_id == *id).unwrap();
    let moved = of(&ids[10]);
    assert_eq!((moved.kind, moved.run), (ChangeKind::Updated, report.run));
    let field = moved
        .fields
        .iter()
        .find(|field| field.field == "profile.department")
        .unwrap();
    assert_eq!(
        (field.from.get(), field.to.get()),
        (department.to_string().as_str(), "\"Relocated\"")
    );
    let field = moved
        .fields
        .iter()
        .find(|field| field.field == "profile.brandNew")
        .unwrap();
    assert_eq!((field.from.get(), field.to.get()), ("null", "[1,2]"));
    assert!(
        of(&ids[12])
            .fields
            .iter()
            .any(|field| field.field == "status" && field.to.get() == "\"SUSPENDED\"")
    );
    assert_eq!(of(&ids[13]).kind, ChangeKind::Absent);
    let own = fixture.engine.changes(0, Some(&ids[10]), 10).unwrap();
    assert_eq!(
        own.iter().map(|change| change.kind).collect::<Vec<_>>(),
        [ChangeKind::Added, ChangeKind::Updated]
    );
}

#[test]
fn an_absent_user_stays_for_the_grace_period_and_is_then_erased() {
    let sim = OktaSim::builder().users(300).seed(4).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let gone = truth(&sim).into_keys().nth(7).unwrap();
    sim.delete_user(&gone);
    assert_eq!(fixture.sync().unwrap().absent, 1);
    assert!(rows(&fixture.engine, View::Absent).contains_key(&gone));
    assert_eq!(fixture.sync().unwrap().purged, 0, "within the grace period");
    fixture.engine.set("sweep.purge_after_days", "0").unwrap();
    let report = fixture.sync().unwrap();
    assert_eq!((report.purged, report.absent), (1, 0));
    assert!(rows(&fixture.engine, View::Absent).is_empty());
    let kinds: Vec<ChangeKind> = fixture
        .engine
        .changes(0, Some(&gone), 10)
        .unwrap()
        .iter()
        .map(|change| change.kind)
        .collect();
    assert_eq!(kinds, [ChangeKind::Added, ChangeKind::Absent, ChangeKind::Purged]);
}

#[test]
fn a_cleared_attribute_is_cleared_in_the_directory() {
    let sim = OktaSim::builder().users(50).seed(5).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let id = truth(&sim).into_keys().next().unwrap();
    sim.update_profile(&id, |profile| {
        profile.insert("title".to_owned(), json!("Temporary"));
    });
    fixture.sync().unwrap();
    sim.update_profile(&id, |profile| {
        profile.remove("title");
    });
    fixture.sync().unwrap();
    assert_eq!(rows(&fixture.engine, View::All)[&id].1.get("title"), None);
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_restart_drops_the_unfinished_run() {
    let sim = OktaSim::builder().users(2_000).seed(6).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    sim.set_faults(&[okta_sim::Fault::AlwaysServerError]);
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::OktaInternal);
    sim.clear_faults();
    let report = fixture
        .engine
        .sync(SyncOptions {
            restart: true,
            ..SyncOptions::default()
        })
        .unwrap();
    let runs = fixture.engine.runs(None, 10).unwrap();
    assert_eq!(runs[0].run, report.run);
    assert_eq!(runs[1].state, RunState::Dropped);
}
