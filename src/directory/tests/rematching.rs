//! Matching again: pins, users that come and go, previews, and rows that must not be written.

use crate::clock::UnixMillis;
use crate::contract::errors::ErrorCode;
use crate::directory::matches::{self, jira_users, pins};
use crate::directory::tests::matching::{alone, of_jira, okta, tied};
use crate::directory::tests::{Fixture, default_rules, jira, rule, user, user_with_email};
use crate::directory::users;
use crate::model::{JiraKey, MatchState, OktaKey};

#[test]
fn a_pin_goes_before_every_rule_and_moves_when_pinned_anew() {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[jira("J1", "alice", ""), jira("J2", "bob", "")]);
    fixture.sync(&[user("00u1", "alice"), user("00u2", "bob")], 1);
    fixture.pin("00u1", "J2");
    assert_eq!(
        okta(&fixture, "00u1"),
        tied(MatchState::Pinned, "pinned", "", "J2")
    );
    assert_eq!(okta(&fixture, "00u2").0, MatchState::OktaOnly);
    assert_eq!(of_jira(&fixture, "J1").0, MatchState::JiraOnly);
    // Both sides change at once: every tie gets another partner.
    let counts = fixture.pin("00u2", "J2");
    assert_eq!(okta(&fixture, "00u2").0, MatchState::Pinned);
    assert_eq!(
        okta(&fixture, "00u1"),
        tied(MatchState::Matched, "login=username", "alice", "J1")
    );
    assert_eq!((counts.pinned, counts.matched), (1, 1));
    assert_eq!(fixture.read(pins::list).len(), 1);
    assert!(
        fixture
            .directory
            .write(|tx| pins::unpin(tx, "J2"))
            .expect("unpin")
    );
    assert!(
        !fixture
            .directory
            .write(|tx| pins::unpin(tx, "J2"))
            .expect("no pin")
    );
    fixture
        .directory
        .write(|tx| matches::rematch(tx, &fixture.rules))
        .expect("rematch");
    assert_eq!(okta(&fixture, "00u2").0, MatchState::Matched);
    fixture.assert_sound();
}

#[test]
fn a_pin_needs_users_who_are_known() {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[jira("J1", "alice", "")]);
    fixture.sync(&[user("00u1", "alice")], 1);
    fixture.write_page(&[user("00u2", "hidden")], 2);
    for (id, key) in [("00u9", "J1"), ("00u2", "J1"), ("00u1", "J9")] {
        let outcome = fixture
            .directory
            .write(|tx| pins::pin(tx, id, key, UnixMillis(1)));
        assert_eq!(outcome.expect_err("unknown").code(), ErrorCode::NotFound);
    }
}

#[test]
fn a_pin_waits_while_one_side_is_gone_and_revives() {
    let fixture = Fixture::new();
    let jira_users = [jira("J1", "alice", ""), jira("J2", "bob", "")];
    let users = [user("00u1", "alice"), user("00u2", "bob")];
    fixture.set_jira_users(&jira_users);
    fixture.sync(&users, 1);
    fixture.pin("00u1", "J2");
    fixture.sync(&users[1..], 2);
    assert_eq!(
        okta(&fixture, "00u2").3.as_deref(),
        Some("J2"),
        "by rule, while the pin waits"
    );
    fixture.sync(&users, 3);
    assert_eq!(okta(&fixture, "00u1").0, MatchState::Pinned);
    fixture.set_jira_users(&jira_users[..1]);
    assert_eq!(okta(&fixture, "00u1").3.as_deref(), Some("J1"));
    fixture.set_jira_users(&jira_users);
    assert_eq!(okta(&fixture, "00u1").3.as_deref(), Some("J2"));
    fixture.sync(&users[1..], 4);
    fixture
        .directory
        .write(|tx| users::purge_absent(tx, UnixMillis(99)))
        .expect("purge");
    fixture.sync(&users, 5);
    assert_eq!(
        okta(&fixture, "00u1").0,
        MatchState::Pinned,
        "even after having been erased"
    );
    fixture.assert_sound();
}

#[test]
fn absent_and_hidden_users_take_no_part() {
    let fixture = Fixture::with_rules(vec![rule(OktaKey::Email, JiraKey::Email)]);
    fixture.set_jira_users(&[jira("J1", "a", "x@example.com")]);
    let (old, new) = (
        user_with_email("00u1", "a", "x@example.com"),
        user_with_email("00u2", "b", "x@example.com"),
    );
    fixture.sync(&[old.clone(), new.clone()], 1);
    assert_eq!(okta(&fixture, "00u2").0, MatchState::Ambiguous);
    fixture.sync(std::slice::from_ref(&new), 2);
    assert_eq!(okta(&fixture, "00u2").0, MatchState::Matched);
    assert_eq!(okta(&fixture, "00u1"), alone(MatchState::OktaOnly, "", ""));
    fixture.write_page(&[new, user_with_email("00u3", "c", "x@example.com")], 3);
    let counts = fixture
        .directory
        .write(|tx| matches::rematch(tx, &fixture.rules))
        .expect("rematch");
    assert_eq!(counts.matched, 1);
    fixture.assert_sound();
}

#[test]
fn matching_again_writes_nothing() {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[
        jira("J1", "alice", ""),
        jira("J2", "x", "t@e"),
        jira("J3", "y", ""),
    ]);
    let shared = [
        user_with_email("00u2", "bob", "t@e"),
        user_with_email("00u3", "carol", "t@e"),
    ];
    fixture.sync(&[&[user("00u1", "alice")], &shared[..]].concat(), 1);
    let written = fixture.directory.write(|tx| {
        tx.execute_batch("CREATE TEMP TABLE log (what TEXT)")?;
        for table in ["okta_matches", "jira_matches", "okta_alone", "jira_alone"] {
            for event in ["INSERT", "UPDATE", "DELETE"] {
                tx.execute_batch(&format!(
                    "CREATE TEMP TRIGGER log_{table}_{event} AFTER {event} ON main.{table}
                     BEGIN INSERT INTO log VALUES ('{event} {table}'); END"
                ))?;
            }
        }
        matches::rematch(tx, &fixture.rules)?;
        Ok(tx.query_row("SELECT count(*) FROM temp.log", [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(written.expect("rematch"), 0);
}

#[test]
fn a_preview_says_what_other_rules_would_do_and_writes_nothing() {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[
        jira("J1", "alice", "b@example.com"),
        jira("J2", "x", "a@example.com"),
    ]);
    fixture.sync(
        &[
            user_with_email("00u1", "alice", "a@example.com"),
            user_with_email("00u2", "bob", "b@example.com"),
        ],
        1,
    );
    let before = fixture.read(matches::counts);
    let other = [rule(OktaKey::Email, JiraKey::Email)];
    let preview = fixture.read(|conn| matches::preview(conn, &other));
    assert_eq!(preview.present, before);
    assert_eq!((preview.present.matched, preview.proposed.matched), (1, 2));
    assert_eq!((preview.gained, preview.lost), (2, 1));
    assert_eq!(preview.proposed.by_rule, [("email=email".to_owned(), 2)]);
    assert_eq!(fixture.read(matches::counts), before);
    let same = fixture.read(|conn| matches::preview(conn, &default_rules()));
    assert_eq!((same.gained, same.lost), (0, 0));
    assert_eq!(same.present, same.proposed);
    let none = fixture.read(|conn| matches::preview(conn, &[]));
    assert_eq!((none.proposed.matched, none.lost), (0, 1));
}

#[test]
fn the_check_finds_users_who_were_removed_without_matching_anew() {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[jira("J1", "alice", "")]);
    fixture.sync(&[user("00u1", "alice")], 1);
    let keys = ["J1".to_owned()];
    let remove = |tx: &crate::directory::Transaction<'_>| jira_users::remove(tx, &keys);
    assert_eq!(fixture.directory.write(remove).expect("forgotten"), 1);
    let report = fixture.read(crate::directory::integrity::check);
    assert!(!report.is_sound(), "{report:?}");
    let rematch = |tx: &crate::directory::Transaction<'_>| matches::rematch(tx, &fixture.rules);
    assert_eq!(fixture.directory.write(rematch).expect("anew").okta_only, 1);
    fixture.assert_sound();
}
