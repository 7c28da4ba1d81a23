//! Erasing a person: nothing of it is left in the file, and Okta cannot bring it back.

use std::io::Write;
use std::process::{Command, Stdio};

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::model::{ChangeKind, Lookup, View};
use okta_sim::OktaSim;

use crate::fixture::{Fixture, QUICK, assert_code, assert_same, entries, hand_over, jira_users, rows, truth};

const NOTE: &str = "zebra-7391-note";
const EARLIER_NOTE: &str = "zebra-7390-note";

/// A directory with a person who left traces everywhere; gives the person's Okta id.
fn with_traces(sim: &OktaSim) -> (Fixture, String) {
    let fixture = Fixture::connected(sim, &[QUICK, &[("groups.sync", "on")]].concat());
    hand_over(&fixture.engine, &jira_users(sim, 60));
    let id = sim.all_users().nth(7).unwrap()["id"].as_str().unwrap().to_owned();
    for note in [EARLIER_NOTE, NOTE] {
        sim.update_profile(&id, |profile| {
            profile.insert("nickName".to_owned(), note.into());
        });
        fixture.sync().unwrap();
    }
    let jira_key = entries(&fixture.engine, View::JiraOnly)
        .first()
        .and_then(|entry| entry.jira.clone())
        .map(|jira| jira.key);
    if let Some(key) = jira_key {
        fixture.engine.pin(&id, &key).unwrap();
    }
    (fixture, id)
}

/// Where the folder's files hold the text.
fn files_with(fixture: &Fixture, text: &str) -> Vec<String> {
    let files = std::fs::read_dir(fixture.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let holds = |path: &std::path::PathBuf| {
        std::fs::read(path)
            .unwrap()
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    files
        .filter(holds)
        .map(|path| path.display().to_string())
        .collect()
}

#[test]
fn nothing_of_the_person_is_left() {
    let sim = OktaSim::builder().users(100).groups(6).seed(220).start().unwrap();
    let (fixture, id) = with_traces(&sim);
    let engine = &fixture.engine;
    assert!(!files_with(&fixture, NOTE).is_empty());
    let present = engine.statistics().unwrap().okta_users;
    assert!(engine.erase_user(&id).unwrap());
    assert!(!engine.erase_user(&id).unwrap(), "twice is once");
    assert_eq!(engine.find(Lookup::OktaId(&id)).unwrap(), None);
    let changes = engine.changes(0, Some(&id), 100).unwrap();
    let kinds: Vec<_> = changes
        .iter()
        .map(|change| (change.kind, change.fields.len()))
        .collect();
    assert_eq!(kinds, [(ChangeKind::Purged, 0)]);
    assert_eq!(engine.statistics().unwrap().okta_users, present - 1);
    assert!(!fixture.log_text().contains(&id));
    let integrity = engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}");
    engine.close().unwrap();
    for text in [NOTE, EARLIER_NOTE] {
        assert_eq!(files_with(&fixture, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn the_person_stays_away_until_let_in() {
    let sim = OktaSim::builder().users(100).groups(6).seed(221).start().unwrap();
    let (fixture, id) = with_traces(&sim);
    let engine = &fixture.engine;
    engine.erase_user(&id).unwrap();
    let report = fixture.sync().unwrap();
    assert_eq!((report.seen, report.passed_over, report.absent), (99, 1, 0));
    assert_eq!(engine.find(Lookup::OktaId(&id)).unwrap(), None);
    sim.update_profile(&id, |profile| {
        profile.insert("nickName".to_owned(), "again".into());
    });
    fixture.sync_auto().unwrap();
    assert_eq!(engine.find(Lookup::OktaId(&id)).unwrap(), None);
    let mut others = truth(&sim);
    others.remove(&id);
    assert_same(&others, &rows(engine, View::All));
    assert!(engine.check_integrity().unwrap().is_sound());

    engine.readmit_user(&id).unwrap();
    assert_code(&engine.readmit_user(&id).unwrap_err(), ErrorCode::NotFound);
    fixture.sync_auto().unwrap();
    fixture.assert_equals_org(&sim);
}

#[test]
fn an_id_that_nothing_names_is_a_slip_of_the_pen() {
    let sim = OktaSim::builder().users(10).seed(222).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    assert_code(
        &fixture.engine.erase_user("00unobody").unwrap_err(),
        ErrorCode::NotFound,
    );
}

#[test]
fn an_interrupted_run_that_saw_the_person_is_dropped() {
    let sim = OktaSim::builder().users(600).seed(223).start().unwrap();
    let fixture = Fixture::connected(&sim, &[QUICK, &[("sync.page_size", "50")]].concat());
    fixture.sync().unwrap();
    let id = sim.all_users().next().unwrap()["id"].as_str().unwrap().to_owned();
    sim.set_faults(&[okta_sim::Fault::ForeignNext]);
    fixture.sync().unwrap_err();
    sim.clear_faults();
    fixture.engine.erase_user(&id).unwrap();
    let report = fixture.sync().unwrap();
    assert_eq!((report.attempts, report.seen, report.passed_over), (1, 599, 1));
    assert!(fixture.engine.check_integrity().unwrap().is_sound());
}

#[test]
fn asking_again_costs_no_unfinished_run() {
    let sim = OktaSim::builder().users(600).seed(223).start().unwrap();
    let fixture = Fixture::connected(&sim, &[QUICK, &[("sync.page_size", "50")]].concat());
    fixture.sync().unwrap();
    let id = sim.all_users().next().unwrap()["id"].as_str().unwrap().to_owned();
    fixture.engine.erase_user(&id).unwrap();
    sim.set_faults(&[okta_sim::Fault::ForeignNext]);
    fixture.sync().unwrap_err();
    sim.clear_faults();
    assert!(!fixture.engine.erase_user(&id).unwrap());
    assert_eq!(fixture.sync().unwrap().attempts, 2);
}

#[test]
fn the_command_line_asks_before_it_erases() {
    let sim = OktaSim::builder().users(20).seed(224).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    fixture.engine.close().unwrap();
    let id = sim.all_users().next().unwrap()["id"].as_str().unwrap().to_owned();
    let erase = |more: &[&str], answer: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_okta-profiles"))
            .args(["erase", &id, "--json", "--directory"])
            .arg(fixture.file())
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Whoever is not asked does not read.
        let _ = child.stdin.take().unwrap().write_all(answer.as_bytes());
        let output = child.wait_with_output().unwrap();
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), told)
    };
    assert_eq!(erase(&[], "yes\n").0, Some(1));
    let (code, told) = erase(&[], &format!("{id}\n"));
    assert_eq!(
        (code, &told["erased"]["was_erased_before"]),
        (Some(0), &false.into())
    );
    assert_eq!(erase(&["--yes"], "").1["erased"]["was_erased_before"], true);
    assert_eq!(erase(&["--undo"], "").1["readmitted"]["okta_id"], id.as_str());
}
