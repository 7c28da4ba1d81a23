//! Inactive accounts beside active ones: which of them compete for a value, and what the entry says about it.

use crate::directory::matches;
use crate::directory::tests::matching::{alone, of_jira, okta, tied};
use crate::directory::tests::{Fixture, jira, user_with_email};
use crate::model::{JiraUser, MatchState, OktaUser};

fn deactivated(user: OktaUser) -> OktaUser {
    OktaUser {
        status: "DEPROVISIONED".to_owned(),
        ..user
    }
}

#[test]
fn a_rehired_user_is_matched_and_the_old_account_gives_way() {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[jira("J1", "alice", "alice@example.com")]);
    let counts = fixture.sync(
        &[
            deactivated(user_with_email("00u1", "old@example.com", "alice@example.com")),
            user_with_email("00u2", "new@example.com", "alice@example.com"),
        ],
        1,
    );
    assert_eq!(
        (counts.matched, counts.okta_ambiguous, counts.okta_only),
        (1, 0, 1)
    );
    assert_eq!(
        okta(&fixture, "00u2"),
        tied(MatchState::Matched, "email=email", "alice@example.com", "J1")
    );
    assert_eq!(
        okta(&fixture, "00u1"),
        alone(MatchState::OktaOnly, "email=email", "alice@example.com"),
        "the entry names the rule that preferred an active account"
    );
    let of_jira = fixture.read(|conn| matches::candidates_of_jira(conn, "J1", 10));
    let ids: Vec<_> = of_jira
        .iter()
        .map(|found| (found.okta.as_ref().expect("Okta").id.as_str(), found.state))
        .collect();
    assert_eq!(
        ids,
        [("00u1", MatchState::OktaOnly)],
        "an account that lost is reported"
    );
    let of_old = fixture.read(|conn| matches::candidates_of_okta(conn, "00u1", 10));
    let keys: Vec<_> = of_old
        .iter()
        .map(|found| (found.jira.as_ref().expect("Jira").key.as_str(), found.state))
        .collect();
    assert_eq!(keys, [("J1", MatchState::Matched)], "and whom it lost");
    assert!(
        fixture
            .read(|conn| matches::candidates_of_okta(conn, "00u2", 10))
            .is_empty()
    );
    fixture.assert_sound();
    // The new account is deleted, so only the old one is left.
    fixture.sync(
        &[deactivated(user_with_email(
            "00u1",
            "old@example.com",
            "alice@example.com",
        ))],
        2,
    );
    assert_eq!(okta(&fixture, "00u1").0, MatchState::Matched);
    fixture.assert_sound();
}

#[test]
fn an_inactive_jira_user_gives_way_and_two_active_ones_stay_ambiguous() {
    let fixture = Fixture::new();
    let inactive = |key: &str| JiraUser {
        active: false,
        ..jira(key, key, "alice@example.com")
    };
    let alice = user_with_email("00u1", "a@example.com", "alice@example.com");
    fixture.sync(&[alice], 1);
    fixture.set_jira_users(&[inactive("J1"), jira("J2", "J2", "alice@example.com")]);
    assert_eq!(okta(&fixture, "00u1").3.as_deref(), Some("J2"));
    assert_eq!(
        of_jira(&fixture, "J1"),
        alone(MatchState::JiraOnly, "email=email", "alice@example.com")
    );
    fixture.set_jira_users(&[inactive("J1"), inactive("J2")]);
    assert_eq!(
        okta(&fixture, "00u1").0,
        MatchState::Ambiguous,
        "nobody is active"
    );
    let third = [
        inactive("J1"),
        jira("J2", "J2", "alice@example.com"),
        jira("J3", "J3", "alice@example.com"),
    ];
    fixture.set_jira_users(&third);
    let states: Vec<_> = fixture
        .read(|conn| matches::candidates_of_okta(conn, "00u1", 10))
        .into_iter()
        .map(|found| (found.jira.expect("Jira").key, found.state))
        .collect();
    let expected = [
        ("J2", MatchState::Ambiguous),
        ("J3", MatchState::Ambiguous),
        ("J1", MatchState::JiraOnly),
    ];
    assert_eq!(states, expected.map(|(key, state)| (key.to_owned(), state)));
    fixture.assert_sound();
}

#[test]
fn a_suspended_account_may_come_back_and_competes() {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[jira("J1", "alice", "alice@example.com")]);
    let suspended = OktaUser {
        status: "SUSPENDED".to_owned(),
        ..user_with_email("00u1", "old@example.com", "alice@example.com")
    };
    fixture.sync(
        &[
            suspended,
            user_with_email("00u2", "new@example.com", "alice@example.com"),
        ],
        1,
    );
    assert_eq!(okta(&fixture, "00u1").0, MatchState::Ambiguous);
    assert_eq!(okta(&fixture, "00u2").0, MatchState::Ambiguous);
}
