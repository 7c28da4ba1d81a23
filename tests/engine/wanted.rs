//! Keeping only what is wanted: attributes, users, and what is asked for; proven on the raw files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::model::{JiraUser, Lookup, RunMode, RunReason, View};
use okta_sim::{OktaSim, Role};
use serde_json::{Value, json};

use crate::fixture::{Fixture, QUICK, assert_code, entries, hand_over, jira_users, rows, truth};

/// Stands in no profile but where a test puts it.
const SENTINEL: &str = "unmistakable-7f3a";

/// Whether the bytes are anywhere in the folder of the directory.
fn is_on_disk(fixture: &Fixture, text: &str) -> bool {
    let files = fs::read_dir(fixture.folder.path()).unwrap();
    files.into_iter().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

fn with(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    [QUICK, more].concat()
}

fn user_with(sim: &OktaSim, attributes: Value) -> String {
    sim.create_user(attributes.as_object().cloned().unwrap())
}

/// The truth without the attributes that are not kept.
fn truth_of(sim: &OktaSim, keeps: impl Fn(&str) -> bool) -> BTreeMap<String, (String, Value)> {
    let mut truth = truth(sim);
    for (_, profile) in truth.values_mut() {
        profile.as_object_mut().unwrap().retain(|name, _| keeps(name));
    }
    truth
}

#[test]
fn a_dropped_attribute_never_reaches_the_disk() {
    let sim = OktaSim::builder().users(120).start().unwrap();
    user_with(&sim, json!({"notes": SENTINEL}));
    let kept = Fixture::connected(&sim, QUICK);
    kept.sync_auto().unwrap();
    assert!(is_on_disk(&kept, SENTINEL), "or else the test could not fail");

    let fixture = Fixture::connected(&sim, &with(&[("attributes.drop", "notes, login")]));
    fixture.sync_auto().unwrap();
    assert!(!is_on_disk(&fixture, SENTINEL));
    let expected = truth_of(&sim, |name| name != "notes");
    assert_eq!(rows(&fixture.engine, View::All), expected, "login is always kept");
}

#[test]
fn what_is_dropped_later_is_erased_everywhere_and_is_no_loss_to_the_guard() {
    let sim = OktaSim::builder().users(200).start().unwrap();
    let id = user_with(&sim, json!({"notes": "at first"}));
    let fixture = Fixture::connected(&sim, &with(&[("attributes.indexed", "notes")]));
    fixture.sync_auto().unwrap();
    sim.update_profile(&id, |profile| {
        drop(profile.insert("notes".to_owned(), json!(SENTINEL)))
    });
    fixture.sync_auto().unwrap();
    assert!(is_on_disk(&fixture, SENTINEL));
    let of_notes = |fixture: &Fixture| {
        let changes = fixture.engine.changes(0, None, 10_000).unwrap();
        let fields = changes.into_iter().flat_map(|change| change.fields);
        fields.filter(|field| field.field == "profile.notes").count()
    };
    assert_eq!(of_notes(&fixture), 1);

    // Every profile loses an attribute, and that is not what the guard is for.
    fixture
        .engine
        .set("attributes.drop", "notes, department, city")
        .unwrap();
    let report = fixture.sync_auto().unwrap();
    assert_eq!(
        (report.mode, report.reason),
        (RunMode::Full, RunReason::SettingsChanged)
    );
    assert_eq!(of_notes(&fixture), 0);
    assert!(
        !is_on_disk(&fixture, SENTINEL),
        "neither in a profile, the feed, the look-up table nor the log"
    );
    let dropped = ["notes", "department", "city"];
    assert_eq!(
        rows(&fixture.engine, View::All),
        truth_of(&sim, |name| !dropped.contains(&name))
    );
    let integrity = fixture.engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}");
    assert_eq!(fixture.sync_auto().unwrap().mode, RunMode::Delta);

    // What is wanted again comes again.
    fixture.engine.set("attributes.drop", "").unwrap();
    assert_eq!(fixture.sync_auto().unwrap().reason, RunReason::SettingsChanged);
    fixture.assert_equals_org(&sim);
}

#[test]
fn an_org_that_honours_it_is_asked_for_the_wanted_fields_only() {
    for honours in [true, false] {
        let sim = OktaSim::builder()
            .users(500)
            .honours_fields(honours)
            .start()
            .unwrap();
        let keep = "displayName, department, skills, someSnakeCaseAttr";
        let fixture = Fixture::connected(
            &sim,
            &with(&[("attributes.keep", keep), ("sync.page_size", "100")]),
        );
        fixture.sync_auto().unwrap();
        let kept = [
            "login",
            "email",
            "managerId",
            "displayName",
            "department",
            "skills",
            "someSnakeCaseAttr",
        ];
        assert_eq!(
            rows(&fixture.engine, View::All),
            truth_of(&sim, |name| kept.contains(&name))
        );
        let requests = sim.requests();
        let pages = requests.iter().map(|request| request.path_and_query.as_str());
        let pages: Vec<&str> = pages
            .filter(|path| path.starts_with("/api/v1/users?") && path.contains("limit=100"))
            .collect();
        assert!(pages.len() >= 5, "{pages:?}");
        let projected = pages.iter().filter(|path| path.contains("fields=id")).count();
        assert_eq!(projected, if honours { pages.len() } else { 0 }, "{pages:?}");

        // A delta goes by what the full run found out, in one request.
        sim.clear_requests();
        let report = fixture.sync_auto().unwrap();
        assert_eq!((report.mode, sim.requests().len()), (RunMode::Delta, 1));
        assert_eq!(sim.requests()[0].path_and_query.contains("fields=id"), honours);
    }
}

fn ids(fixture: &Fixture, view: View) -> BTreeSet<String> {
    let entries = entries(&fixture.engine, view);
    entries
        .into_iter()
        .filter_map(|entry| Some(entry.okta?.id))
        .collect()
}

fn jira(key: &str, username: &str) -> JiraUser {
    JiraUser {
        key: key.to_owned(),
        username: username.to_owned(),
        email: String::new(),
        display_name: String::new(),
        active: true,
    }
}

#[test]
fn with_matched_only_the_same_users_match_and_no_others_are_on_disk() {
    let sim = OktaSim::builder().users(900).start().unwrap();
    user_with(&sim, json!({"login": "stranger@corp.test", "title": SENTINEL}));
    let users = jira_users(&sim, 300);
    let (all, matched) = (
        Fixture::connected(&sim, QUICK),
        Fixture::connected(&sim, &with(&[("retain", "matched")])),
    );
    for fixture in [&all, &matched] {
        hand_over(&fixture.engine, &users);
        fixture.sync_auto().unwrap();
    }
    assert!(is_on_disk(&all, SENTINEL) && !is_on_disk(&matched, SENTINEL));
    for view in [
        View::Matched,
        View::Ambiguous,
        View::JiraOnly,
        View::JiraAmbiguous,
    ] {
        assert_eq!(ids(&matched, view), ids(&all, view), "{view:?}");
    }
    assert!(!ids(&matched, View::Ambiguous).is_empty(), "the test needs some");
    assert!(ids(&matched, View::OktaOnly).is_empty());
    let kept = ids(&matched, View::All);
    assert_eq!(
        kept.len(),
        ids(&matched, View::Matched).len() + ids(&matched, View::Ambiguous).len()
    );
    let report = matched.engine.runs(None, 1).unwrap().remove(0);
    assert_eq!(
        (report.seen, report.present),
        (kept.len() as u64, kept.len() as u64)
    );
    // Rows: of who is left out nothing is kept, so nobody can tell whether one came twice.
    assert!(report.seen + report.passed_over >= 901, "{report:?}");
    let integrity = matched.engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}");
    // With one cursor nobody comes twice.
    matched.engine.set("sync.max_in_flight", "1").unwrap();
    let alone = matched.sync().unwrap();
    assert_eq!(alone.seen + alone.passed_over, 901);

    // The next full run finds nothing new, and says so.
    let before = matched.engine.changes(0, None, 10_000).unwrap().len();
    let report = matched.sync().unwrap();
    assert_eq!((report.added, report.updated, report.purged), (0, 0, 0));
    assert_eq!(matched.engine.changes(0, None, 10_000).unwrap().len(), before);
    assert_eq!(ids(&matched, View::All), kept);
}

#[test]
fn users_come_and_go_with_the_users_of_jira() {
    let sim = OktaSim::builder().users(300).start().unwrap();
    let late = user_with(&sim, json!({"login": "late@corp.test", "title": SENTINEL}));
    let fixture = Fixture::connected(&sim, &with(&[("retain", "matched")]));
    // Nobody in Jira is no reason to refuse: Okta did send users.
    let report = fixture.sync_auto().unwrap();
    assert_eq!((report.seen, report.present, report.passed_over), (0, 0, 301));
    hand_over(&fixture.engine, &jira_users(&sim, 100));
    let report = fixture.sync_auto().unwrap();
    assert_eq!(
        (report.mode, report.reason),
        (RunMode::Full, RunReason::JiraUsersChanged)
    );
    let kept = ids(&fixture, View::All);
    assert!(!kept.is_empty() && !kept.contains(&late));

    // A delta brings new users who match, and passes over the others.
    let stranger = user_with(&sim, json!({"login": "stranger@corp.test"}));
    let report = fixture.sync_auto().unwrap();
    assert_eq!((report.mode, report.added), (RunMode::Delta, 0));
    assert!(
        report.passed_over > 0,
        "who came lately comes with every delta for a while"
    );
    fixture
        .engine
        .upsert_jira_users(&[jira("LATE", "late@corp.test")])
        .unwrap();
    assert_eq!(fixture.sync_auto().unwrap().reason, RunReason::JiraUsersChanged);
    let expected: BTreeSet<String> = kept.iter().cloned().chain([late.clone()]).collect();
    assert_eq!(ids(&fixture, View::All), expected);
    assert!(is_on_disk(&fixture, SENTINEL) && !ids(&fixture, View::All).contains(&stranger));

    // A user whom Jira loses is erased with its history, by a delta as well.
    sim.update_profile(&late, |profile| {
        drop(profile.insert("title".to_owned(), json!("another")))
    });
    fixture.sync_auto().unwrap();
    fixture.engine.remove_jira_users(&["LATE".to_owned()]).unwrap();
    let report = fixture.sync_auto().unwrap();
    assert_eq!((report.mode, report.purged), (RunMode::Delta, 1));
    assert_eq!(ids(&fixture, View::All), kept);
    assert!(!is_on_disk(&fixture, SENTINEL));
    assert!(fixture.engine.find(Lookup::OktaId(&late)).unwrap().is_none());
    let integrity = fixture.engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}");

    // A credential that lost its role is still found out.
    sim.assign_role(Role::SuperAdmin, Role::RoleLess);
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::NobodySeen);
    assert_eq!(ids(&fixture, View::All), kept);
    sim.assign_role(Role::SuperAdmin, Role::SuperAdmin);

    // All are wanted again.
    fixture.engine.set("retain", "all").unwrap();
    fixture.sync_auto().unwrap();
    fixture.assert_equals_org(&sim);
    // And from all to matched: who is not wanted any more goes, and the feed says so.
    fixture.engine.set("retain", "matched").unwrap();
    let report = fixture.sync_auto().unwrap();
    assert_eq!(report.purged, 302 - kept.len() as u64);
    assert_eq!(ids(&fixture, View::All), kept);
    assert!(!is_on_disk(&fixture, "stranger@corp.test"));
}
