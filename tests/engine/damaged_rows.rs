//! Bytes that the disk changed in rows that SQLite takes for sound: readers go on, and the next full run heals them.

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::export::ExportFormat;
use okta_profiles::model::{ChangeKind, Lookup, UserCriterion, View};
use okta_sim::OktaSim;

use crate::fixture::{Fixture, QUICK, entries, hand_over, jira_users, settings_of};

/// Each damages one row that has nothing else wrong with it.
const DAMAGE: &[&str] = &[
    "UPDATE users SET profile = replace(profile, '\"department\":\"', '\"department\":\"~') WHERE user_no = 1",
    "UPDATE users SET profile = substr(profile, 1, 40) WHERE user_no = 2",
    "UPDATE users SET profile = CAST(x'7b2261223a22ff22' AS TEXT) WHERE user_no = 3",
    "UPDATE users SET profile = '' WHERE user_no = 4",
    "UPDATE users SET login = CAST(x'c3' AS TEXT) WHERE user_no = 5",
    "UPDATE users SET login_key = 'nobody' WHERE user_no = 6",
    "UPDATE users SET display_name = 'x' WHERE user_no = 7",
    "UPDATE users SET status = CAST(x'fe' AS TEXT) WHERE user_no = 8",
    "UPDATE users SET content_hash = zeroblob(16) WHERE user_no = 9",
    "UPDATE users SET last_updated = 1 WHERE user_no = 10",
    "UPDATE okta_matches SET value = CAST(x'ff' AS TEXT), rule = 'x' WHERE user_no = 11",
    "DELETE FROM okta_matches WHERE user_no = 12",
    "UPDATE schema_attributes SET enum_values = '[7]', title = CAST(x'ff' AS TEXT) WHERE place = 2",
    "UPDATE changes SET fields = '7' WHERE position = (SELECT min(position) FROM changes)",
    "UPDATE sync_runs SET by_rule = '7'",
    "UPDATE freshness SET alternates = '{}'",
    "UPDATE groups SET name = CAST(x'ff' AS TEXT), profile = '{' WHERE group_no = 2",
];
/// Users among these whose own row is damaged.
const DAMAGED_USERS: usize = 10;

/// Damage in rows that are made from profiles, which no fingerprint covers.
const DAMAGED_LOOK_UPS: &[&str] = &[
    "UPDATE user_attributes SET value_key = 'elsewhere' WHERE user_no = (SELECT min(user_no) FROM user_attributes)",
    "UPDATE user_attributes SET value_key = CAST(x'ff' AS TEXT) WHERE user_no = (SELECT min(user_no) FROM user_attributes)",
    "DELETE FROM user_attributes WHERE user_no = (SELECT max(user_no) FROM user_attributes)",
    "INSERT INTO user_attributes SELECT attribute_no, 'more', user_no FROM user_attributes LIMIT 1",
    "UPDATE managers SET value_key = 'nobody' WHERE user_no = (SELECT max(user_no) FROM managers)",
    "UPDATE managers SET value = 'x' WHERE user_no = (SELECT min(user_no) FROM managers)",
    "DELETE FROM managers WHERE user_no = (SELECT max(user_no) FROM managers)",
    "UPDATE managers SET manager_no = user_no WHERE user_no = (SELECT max(user_no) FROM managers)",
];

fn damaged(sim: &OktaSim) -> Fixture {
    let settings = [QUICK, &[("groups.sync", "on"), ("schemas.max_age_hours", "1")]].concat();
    let mut fixture = Fixture::connected(sim, &settings);
    hand_over(&fixture.engine, &jira_users(sim, 60));
    fixture.sync().unwrap();
    fixture.engine.close().unwrap();
    let file = rusqlite::Connection::open(fixture.file()).unwrap();
    for sql in DAMAGE {
        assert_eq!(file.execute(sql, []).map(|rows| rows > 0), Ok(true), "{sql}");
    }
    // Old enough to be asked for again.
    file.execute("UPDATE schema_sync SET checked = 0", []).unwrap();
    file.execute("UPDATE group_sync SET whole_listed = 0", [])
        .unwrap();
    drop(file);
    fixture.engine = Engine::open(&fixture.file(), settings_of(&settings)).unwrap();
    fixture
}

#[test]
fn readers_answer_with_whatever_is_sound() {
    let sim = OktaSim::builder().users(100).groups(5).seed(200).start().unwrap();
    let fixture = damaged(&sim);
    let engine = &fixture.engine;
    let all = entries(engine, View::All);
    assert_eq!(all.len(), 100);
    let no_profile: Vec<_> = all.iter().filter_map(|entry| entry.okta.as_ref()).collect();
    let no_profile: Vec<_> = no_profile
        .into_iter()
        .filter(|user| user.profile.is_damaged())
        .collect();
    assert_eq!(no_profile.len(), 3);
    for user in &no_profile {
        let found = engine.find(Lookup::OktaId(&user.id)).unwrap().unwrap();
        assert_eq!(found.okta.unwrap().created, user.created);
        assert_eq!(user.profile.as_json(), "{}");
    }
    let mut lines = Vec::new();
    assert_eq!(
        engine
            .export(View::All, ExportFormat::JsonLines, &mut lines)
            .unwrap(),
        100
    );
    let lines = String::from_utf8(lines).unwrap();
    let told = format!("\"profile_error\":{}", ErrorCode::ProfileDamaged.number());
    assert_eq!(lines.matches(&told).count(), 3);
    assert!(
        lines
            .lines()
            .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok())
    );
    assert_eq!(
        engine
            .export(View::All, ExportFormat::Csv, &mut Vec::new())
            .unwrap(),
        100
    );
    for name in ["employeeNumber", "nickName", "none"] {
        let criterion = UserCriterion::Attribute { name, value: "7" };
        engine.users_where(criterion, "", 100).unwrap();
    }
    engine
        .users_where(UserCriterion::Status("ACTIVE"), "", 100)
        .unwrap();
    engine
        .set("matching.rules", "attribute:nickName=username")
        .unwrap();
    engine.rematch().unwrap();
    assert!(!engine.check_integrity().unwrap().is_sound());
}

#[test]
fn the_next_full_run_heals_them_and_says_so() {
    let sim = OktaSim::builder().users(100).groups(5).seed(201).start().unwrap();
    let fixture = damaged(&sim);
    let before = fixture.engine.changes(0, None, 10_000).unwrap().len();
    let report = fixture.sync().unwrap();
    let told: Vec<_> = report
        .warnings
        .iter()
        .filter(|warning| warning.contains("had been written"))
        .collect();
    assert_eq!(told.len(), 1, "{:?}", report.warnings);
    assert!(told[0].starts_with(&format!("{DAMAGED_USERS} ")), "{}", told[0]);
    assert_eq!((report.updated, report.absent), (DAMAGED_USERS as u64, 0));
    fixture.assert_equals_org(&sim);
    let changes = fixture.engine.changes(0, None, 10_000).unwrap().split_off(before);
    assert_eq!(changes.len(), DAMAGED_USERS);
    assert!(changes.iter().all(|change| change.kind == ChangeKind::Updated));
    assert!(entries(&fixture.engine, View::All).iter().all(|entry| {
        let user = entry.okta.as_ref().unwrap();
        !user.profile.is_damaged()
    }));
    let groups = fixture.engine.groups(Default::default(), "", 100).unwrap().groups;
    assert!(
        groups
            .iter()
            .all(|group| !group.name.contains('\u{fffd}') && !group.profile.is_damaged())
    );
    let again = fixture.sync().unwrap();
    assert_eq!((again.updated, again.touched, again.unchanged), (0, 0, 100));
    assert_eq!(again.digest, report.digest);
    assert!(
        !again
            .warnings
            .iter()
            .any(|warning| warning.contains("had been written"))
    );
}

#[test]
fn the_check_finds_look_up_rows_that_are_not_those_of_a_profile_and_a_full_run_heals_them() {
    let sim = OktaSim::builder().users(40).seed(202).start().unwrap();
    let settings = [QUICK, &[("attributes.indexed", "department, employeeNumber")]].concat();
    let mut fixture = Fixture::connected(&sim, &settings);
    let digest = fixture.sync().unwrap().digest;
    for sql in DAMAGED_LOOK_UPS {
        fixture.engine.close().unwrap();
        let file = rusqlite::Connection::open(fixture.file()).unwrap();
        assert_eq!(file.execute(sql, []).map(|rows| rows > 0), Ok(true), "{sql}");
        drop(file);
        fixture.engine = Engine::open(&fixture.file(), settings_of(&settings)).unwrap();
        let found = fixture.engine.check_integrity().unwrap();
        assert!(!found.directory.is_empty(), "{sql}");
        let report = fixture.sync().unwrap();
        assert_eq!((report.updated, &report.digest), (0, &digest), "{sql}");
        let found = fixture.engine.check_integrity().unwrap();
        assert!(found.is_sound(), "{sql}: {found:?}");
    }
}
