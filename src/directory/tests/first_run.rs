//! The first run of a directory. It leaves out the indexes that nothing needs before the first publication.

use crate::clock::UnixMillis;
use crate::contract::errors::ErrorCode;
use crate::directory::store::{kept_out, key_indexes};
use crate::directory::tests::{Fixture, default_rules, jira, user, user_with, user_with_email};
use crate::directory::{Connection, entries, erasure, runs, users};
use crate::model::{JiraKey, Lookup, MatchRule, OktaKey, OktaUser, RunId, SearchField, View};

fn leave_out(fixture: &Fixture) {
    fixture
        .directory
        .write(key_indexes::leave_out)
        .expect("leave out");
}

fn build(fixture: &Fixture) {
    key_indexes::build(&fixture.directory).expect("build");
}

/// The key indexes that exist.
fn there(fixture: &Fixture) -> Vec<String> {
    fixture.read(|conn| {
        let sql = "SELECT name FROM sqlite_schema
                    WHERE type = 'index' AND tbl_name = 'users' AND instr(sql, '_key,') > 0 ORDER BY name";
        let names = conn
            .prepare(sql)?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(names)
    })
}

fn org(count: u32) -> Vec<OktaUser> {
    (0..count)
        .map(|n| {
            user_with_email(
                &format!("00u{n}"),
                &format!("User{n}@example.com"),
                &format!("u{n}@example.com"),
            )
        })
        .collect()
}

/// A directory in the middle of its first run.
fn filling(count: u32) -> (Fixture, RunId) {
    let fixture = Fixture::new();
    leave_out(&fixture);
    let run = fixture.write_page(&org(count), 1);
    (fixture, run)
}

fn found(fixture: &Fixture, field: SearchField, text: &str) -> usize {
    let search = |conn: &Connection| entries::search(conn, View::All, field, text, None, 100);
    fixture.read(search).entries.len()
}

#[test]
fn until_it_is_published_nobody_is_found_and_nothing_fails() {
    let (fixture, run) = filling(50);
    assert!(there(&fixture).is_empty());
    for view in View::ALL {
        for field in SearchField::ALL {
            let page = fixture.read(|conn| entries::search(conn, view, field, "u", None, 10));
            assert!(
                page.entries.is_empty() && page.next.is_none(),
                "{view:?} {field:?}"
            );
        }
        assert!(fixture.list(view).is_empty());
    }
    for lookup in [
        Lookup::Login("user1@example.com"),
        Lookup::Email("u1@example.com"),
        Lookup::OktaId("00u1"),
    ] {
        assert_eq!(fixture.find(lookup), None);
    }
    let counts = fixture.set_jira_users(&[jira("J1", "user1", "u1@example.com"), jira("J2", "user2", "")]);
    assert_eq!((counts.matched, counts.jira_only), (0, 2));
    assert_eq!(fixture.list(View::JiraOnly).len(), 2);
    let jira_only =
        fixture.read(|conn| entries::search(conn, View::JiraOnly, SearchField::Anywhere, "user", None, 10));
    assert_eq!(jira_only.entries.len(), 2);
    fixture.assert_sound();

    build(&fixture);
    assert_eq!(fixture.read(|conn| users::namesakes(conn, run, 10)), []);
    let counts = fixture.publish(run, 2);
    assert_eq!((counts.matched, counts.jira_only), (2, 0));
    assert_eq!(there(&fixture).len(), 4);
    assert_eq!(found(&fixture, SearchField::Login, "user1"), 11);
    assert_eq!(found(&fixture, SearchField::Email, "u49"), 1);
    assert_eq!(found(&fixture, SearchField::Anywhere, "user"), 50);
    fixture.assert_sound();
}

#[test]
fn the_indexes_are_those_of_a_directory_that_always_had_them() {
    let dump = |fixture: &Fixture| {
        fixture.read(|conn| {
            let sql = "SELECT name || coalesce(sql, '') FROM sqlite_schema ORDER BY name";
            let all = conn
                .prepare(sql)?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()?;
            Ok(all)
        })
    };
    let (fixture, run) = filling(500);
    build(&fixture);
    fixture.publish(run, 2);
    let other = Fixture::new();
    other.sync(&org(500), 1);
    assert_eq!(dump(&fixture), dump(&other));
    for field in SearchField::ALL {
        assert_eq!(found(&fixture, field, "user3"), found(&other, field, "user3"));
    }
    assert_eq!(fixture.list(View::All), other.list(View::All));
}

#[test]
fn only_a_directory_that_nobody_was_ever_in_goes_without() {
    // A directory of an older engine that was killed in its first run: its users are in the indexes.
    let fixture = Fixture::new();
    fixture.write_page(&org(3), 1);
    leave_out(&fixture);
    assert_eq!(there(&fixture).len(), 4);
    // The run is dropped and another one begins.
    fixture
        .directory
        .write(|tx| users::drop_unpublished(tx, RunId(1)))
        .expect("drop");
    leave_out(&fixture);
    assert!(there(&fixture).is_empty());
    build(&fixture);
    // After the publication the directory keeps the indexes, even if all users are gone.
    let run = RunId(1);
    fixture.publish(run, 2);
    assert!(fixture.list(View::All).is_empty());
    leave_out(&fixture);
    assert_eq!(there(&fixture).len(), 4);
    assert_eq!(found(&fixture, SearchField::Login, ""), 0);
}

#[test]
fn what_was_built_before_a_kill_is_not_built_again() {
    let (fixture, run) = filling(20);
    let half = "CREATE INDEX users_email ON users (email_key, user_no, inserted_run, absent_since)";
    fixture
        .directory
        .write(|tx| Ok(tx.execute_batch(half)?))
        .expect("one");
    build(&fixture);
    build(&fixture);
    assert_eq!(there(&fixture).len(), 4);
    fixture.publish(run, 2);
    fixture.assert_sound();
}

#[test]
fn a_publication_that_builds_no_indexes_has_them_nevertheless() {
    let (fixture, run) = filling(20);
    fixture.directory.write(key_indexes::require).expect("require");
    fixture.publish(run, 2);
    assert_eq!(found(&fixture, SearchField::Login, "user"), 20);
    fixture.assert_sound();
}

#[test]
fn more_keys_than_fit_in_memory_are_sorted_beside_the_directory() {
    let fixture = Fixture::new();
    leave_out(&fixture);
    let name = "Maximiliane-Friederike ".repeat(20);
    let users: Vec<_> = (0..10_000_u32)
        .map(|n| {
            // So that the users do not arrive in the order of their keys.
            let place = n.wrapping_mul(2_654_435_761);
            let display_name = format!("\"{place:010} {name}\"");
            let login = format!("\"{place:010}@example.com\"");
            user_with(
                &format!("00u{n}"),
                &[("displayName", &display_name), ("login", &login)],
            )
        })
        .collect();
    let run = fixture.write_page(&users, 1);
    build(&fixture);
    fixture.publish(run, 2);
    fixture.assert_sound();
    let first = fixture.read(|conn| entries::search(conn, View::All, SearchField::Name, "", None, 2));
    assert!(
        first.entries[0]
            .okta
            .as_ref()
            .is_some_and(|user| user.id == "00u0")
    );
}

#[test]
fn matching_before_the_first_publication_compares_nobody() {
    let rules = [
        default_rules(),
        vec![MatchRule {
            okta: OktaKey::Attribute("n".to_owned()),
            jira: JiraKey::Key,
        }],
    ];
    for rules in rules {
        let fixture = Fixture::with_rules(rules);
        leave_out(&fixture);
        fixture.write_page(&[user("00u1", "alice")], 1);
        let counts = fixture.set_jira_users(&[jira("J1", "alice", "")]);
        assert_eq!((counts.matched, counts.okta_only, counts.jira_only), (0, 0, 1));
        fixture.assert_sound();
    }
}

#[test]
fn a_person_whom_only_the_unfinished_run_has_seen_can_be_erased() {
    let (fixture, _) = filling(5);
    let erase = |okta_id: &str| {
        fixture
            .directory
            .write(|tx| erasure::erase(tx, okta_id, &fixture.rules, UnixMillis(20)))
    };
    let slip = erase("00unobody").expect_err("no such id");
    assert_eq!(slip.code(), ErrorCode::NotFound);
    assert!(fixture.read(runs::unfinished).is_some(), "a slip drops no run");
    assert!(erase("00u1").expect("erased"));
    assert!(!erase("00u1").expect("erased"), "twice is once");
    assert!(fixture.read(|conn| kept_out::contains(conn, "00u1")));
    assert!(fixture.read(|conn| users::known(conn, "00u1")).is_none());
    assert!(fixture.read(runs::unfinished).is_none(), "it had seen the person");
    fixture.assert_sound();
}
