//! What the directory answers: look-ups by every key, prefix search, listing, backup, integrity.

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::model::{DirectoryEntry, Lookup, SearchField, View};
use okta_sim::OktaSim;

use crate::fixture::{
    Fixture, QUICK, assert_code, assert_same, entries, hand_over, jira_users, rows, settings_of,
};

fn filled(sim: &OktaSim) -> Fixture {
    let fixture = Fixture::connected(sim, QUICK);
    hand_over(&fixture.engine, &jira_users(sim, 700));
    fixture.sync().unwrap();
    fixture
}

#[test]
fn every_key_finds_the_same_entry() {
    let sim = OktaSim::builder().users(1_000).seed(80).start().unwrap();
    let fixture = filled(&sim);
    let find = |lookup: Lookup<'_>| fixture.engine.find(lookup).unwrap();
    for entry in entries(&fixture.engine, View::Matched).into_iter().step_by(25) {
        let user = entry.okta.clone().unwrap();
        let jira = entry.jira.clone().unwrap();
        let login = user.profile.text("login").unwrap();
        let same =
            |found: Option<DirectoryEntry>| assert_eq!(found.unwrap().okta.as_ref(), entry.okta.as_ref());
        same(find(Lookup::JiraKey(&jira.key)));
        same(find(Lookup::JiraUsername(&format!(
            " {} ",
            jira.username.to_uppercase()
        ))));
        same(find(Lookup::OktaId(&user.id)));
        same(find(Lookup::Login(&login.to_uppercase())));
    }
    for lookup in [
        Lookup::JiraKey("none"),
        Lookup::OktaId(""),
        Lookup::Login("' OR 1=1 --"),
        Lookup::Email(""),
    ] {
        assert_eq!(find(lookup), None, "{lookup:?}");
    }
}

#[test]
fn a_prefix_search_finds_all_and_only_those() {
    let sim = OktaSim::builder().users(1_000).seed(80).start().unwrap();
    let fixture = filled(&sim);
    let all = entries(&fixture.engine, View::All);
    let login_of = |entry: &DirectoryEntry| {
        entry
            .okta
            .as_ref()
            .unwrap()
            .profile
            .text("login")
            .unwrap_or_default()
    };
    for prefix in ["user0000", "USER00012", "zzz", "%", "_"] {
        let mut found = Vec::new();
        let mut after = String::new();
        loop {
            let page = fixture
                .engine
                .search(View::All, SearchField::Login, prefix, &after, 7)
                .unwrap();
            found.extend(page.entries.iter().map(login_of));
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        let mut expected: Vec<String> = all
            .iter()
            .map(login_of)
            .filter(|login| login.to_lowercase().starts_with(&prefix.to_lowercase()))
            .collect();
        expected.sort_by_key(|login| login.to_lowercase());
        found.sort_by_key(|login| login.to_lowercase());
        assert_eq!(found, expected, "prefix {prefix}");
    }
}

#[test]
fn a_search_goes_through_any_view() {
    let sim = OktaSim::builder().users(300).seed(82).start().unwrap();
    let fixture = filled(&sim);
    for view in View::ALL {
        let found = fixture
            .engine
            .search(view, SearchField::Name, "", "", 10_000)
            .unwrap();
        let mut found: Vec<_> = found.entries.iter().map(|entry| entry.cursor).collect();
        found.sort_unstable();
        let listed: Vec<_> = entries(&fixture.engine, view)
            .iter()
            .map(|entry| entry.cursor)
            .collect();
        assert_eq!(found, listed, "{view:?}");
    }
}

#[test]
fn limits_are_kept() {
    let sim = OktaSim::builder().users(100).seed(81).start().unwrap();
    let fixture = filled(&sim);
    for limit in [0, 10_001] {
        assert_code(
            &fixture.engine.list(View::All, 0, limit).unwrap_err(),
            ErrorCode::InvalidArgument,
        );
    }
    assert_eq!(fixture.engine.list(View::All, 0, 3).unwrap().len(), 3);
    assert_eq!(fixture.engine.list(View::All, i64::MAX, 3).unwrap().len(), 0);
}

#[test]
fn a_backup_is_a_whole_directory_of_its_own() {
    let sim = OktaSim::builder().users(1_000).seed(82).start().unwrap();
    let fixture = filled(&sim);
    let copy = fixture.folder.path().join("copy.db");
    fixture.engine.backup(&copy).unwrap();
    assert_code(
        &fixture.engine.backup(&copy).unwrap_err(),
        ErrorCode::BackupFailed,
    );
    let opened = Engine::open(&copy, settings_of(QUICK)).unwrap();
    assert_same(&rows(&fixture.engine, View::All), &rows(&opened, View::All));
    assert_eq!(
        opened.statistics().unwrap().matches,
        fixture.engine.statistics().unwrap().matches
    );
    assert!(opened.check_integrity().unwrap().is_sound());
}

#[test]
fn statistics_add_up() {
    let sim = OktaSim::builder().users(1_000).seed(83).start().unwrap();
    let fixture = filled(&sim);
    let statistics = fixture.engine.statistics().unwrap();
    assert_eq!(statistics.org_id, sim.org_id());
    assert_eq!(
        (
            statistics.okta_users,
            statistics.jira_users,
            statistics.absent_users
        ),
        (1_000, 700, 0)
    );
    assert_eq!(
        statistics.by_status.iter().map(|status| status.1).sum::<u64>(),
        1_000
    );
    assert_eq!(statistics.changes, 1_000);
    assert!(statistics.fresh_as_of.is_some() && statistics.file_bytes > 0);
}
