//! Which users are tied, by which rule, and which are not: case by case.

use crate::directory::matches;
use crate::directory::tests::{Fixture, jira, json, rule, user, user_with, user_with_email};
use crate::model::{JiraKey, Lookup, MatchCounts, MatchState, OktaKey};

/// State, rule, value and the tied Jira key of an Okta user.
pub(super) fn okta(fixture: &Fixture, id: &str) -> (MatchState, String, String, Option<String>) {
    let entry = fixture.find(Lookup::OktaId(id)).expect(id);
    (
        entry.state,
        entry.rule,
        entry.value,
        entry.jira.map(|jira| jira.key),
    )
}

/// State, rule, value and the tied Okta id of a Jira user.
pub(super) fn of_jira(fixture: &Fixture, key: &str) -> (MatchState, String, String, Option<String>) {
    let entry = fixture.find(Lookup::JiraKey(key)).expect(key);
    (
        entry.state,
        entry.rule,
        entry.value,
        entry.okta.map(|okta| okta.id),
    )
}

pub(super) fn tied(
    state: MatchState,
    rule: &str,
    value: &str,
    to: &str,
) -> (MatchState, String, String, Option<String>) {
    (state, rule.to_owned(), value.to_owned(), Some(to.to_owned()))
}

pub(super) fn alone(
    state: MatchState,
    rule: &str,
    value: &str,
) -> (MatchState, String, String, Option<String>) {
    (state, rule.to_owned(), value.to_owned(), None)
}

#[test]
fn rules_apply_in_order_and_say_which_one_it_was() {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[
        jira("J1", "ALICE@example.com", "x@example.com"),
        jira("J2", "bobby", " Bob@Example.com"),
        jira("J3", "carol", ""),
        jira("J4", "nobody", "nobody@example.com"),
    ]);
    let counts = fixture.sync(
        &[
            user_with_email("00u1", "alice@example.com", "x@example.com"),
            user_with_email("00u2", "b@example.com", "bob@example.com"),
            user("00u3", " Carol@Example.com "),
            user("00u4", "dave@example.com"),
        ],
        1,
    );
    let by_rule = [
        ("login=username", 1),
        ("email=email", 1),
        ("login_local_part=username", 1),
    ];
    let expected = MatchCounts {
        matched: 3,
        okta_only: 1,
        jira_only: 1,
        by_rule: by_rule.map(|(rule, pairs)| (rule.to_owned(), pairs)).to_vec(),
        ..MatchCounts::default()
    };
    assert_eq!(counts, expected);
    assert_eq!(fixture.read(matches::counts), expected);
    use MatchState::{JiraOnly, Matched, OktaOnly};
    assert_eq!(
        okta(&fixture, "00u1"),
        tied(Matched, "login=username", "alice@example.com", "J1")
    );
    assert_eq!(
        of_jira(&fixture, "J2"),
        tied(Matched, "email=email", "bob@example.com", "00u2")
    );
    assert_eq!(
        okta(&fixture, "00u3"),
        tied(Matched, "login_local_part=username", "carol", "J3")
    );
    assert_eq!(okta(&fixture, "00u4"), alone(OktaOnly, "", ""));
    assert_eq!(of_jira(&fixture, "J4"), alone(JiraOnly, "", ""));
    fixture.assert_sound();
}

#[test]
fn a_shared_address_ties_nobody_and_names_its_carriers() {
    let fixture = Fixture::with_rules(vec![rule(OktaKey::Email, JiraKey::Email)]);
    fixture.set_jira_users(&[
        jira("J1", "a", "team@example.com"),
        jira("J2", "b", "Team@example.com"),
    ]);
    fixture.sync(
        &[
            user_with_email("00u1", "a", "TEAM@example.com"),
            user_with_email("00u2", "b", "team@example.com "),
            user_with_email("00u3", "c", "team@example.com"),
        ],
        1,
    );
    let ambiguous = alone(MatchState::Ambiguous, "email=email", "team@example.com");
    for id in ["00u1", "00u2", "00u3"] {
        assert_eq!(okta(&fixture, id), ambiguous);
    }
    assert_eq!(of_jira(&fixture, "J1"), ambiguous);
    let candidates = fixture.read(|conn| matches::candidates_of_okta(conn, "00u2", 10));
    let keys: Vec<_> = candidates
        .iter()
        .filter_map(|candidate| Some(&candidate.jira.as_ref()?.key))
        .collect();
    assert_eq!(keys, ["J1", "J2"]);
    assert!(
        candidates
            .iter()
            .all(|candidate| candidate.rule == "email=email" && candidate.okta.is_none())
    );
    let candidates = fixture.read(|conn| matches::candidates_of_jira(conn, "J2", 2));
    let ids: Vec<_> = candidates
        .into_iter()
        .filter_map(|candidate| Some(candidate.okta?.id))
        .collect();
    assert_eq!(ids, ["00u1", "00u2"], "limited");
    assert_eq!(
        fixture.read(|conn| matches::candidates_of_okta(conn, "00u9", 10)),
        []
    );
    fixture.assert_sound();
}

#[test]
fn a_value_on_one_side_only_makes_nobody_ambiguous() {
    let fixture = Fixture::with_rules(vec![rule(OktaKey::Email, JiraKey::Email)]);
    fixture.set_jira_users(&[jira("J1", "a", "x@example.com")]);
    let counts = fixture.sync(
        &[
            user_with_email("00u1", "a", "team@example.com"),
            user_with_email("00u2", "b", "team@example.com"),
        ],
        1,
    );
    assert_eq!(
        (counts.okta_only, counts.jira_only, counts.okta_ambiguous),
        (2, 1, 0)
    );
}

#[test]
fn an_ambiguous_user_is_decided_and_no_later_rule_overrides_it() {
    let fixture = Fixture::with_rules(vec![
        rule(OktaKey::Email, JiraKey::Email),
        rule(OktaKey::Login, JiraKey::Username),
    ]);
    fixture.set_jira_users(&[jira("J1", "alice", "team@example.com")]);
    fixture.sync(
        &[
            user_with_email("00u1", "alice", "team@example.com"),
            user_with_email("00u2", "bob", "team@example.com"),
        ],
        1,
    );
    assert_eq!(okta(&fixture, "00u1").0, MatchState::Ambiguous);
    assert_eq!(okta(&fixture, "00u2").0, MatchState::Ambiguous);
    assert_eq!(of_jira(&fixture, "J1").0, MatchState::Ambiguous);
}

#[test]
fn uniqueness_counts_decided_users_too() {
    // Alice is tied by login. Her address still counts, so Bob is not its only carrier.
    let fixture = Fixture::new();
    fixture.set_jira_users(&[jira("J1", "alice", ""), jira("J2", "robert", "team@example.com")]);
    fixture.sync(
        &[
            user_with_email("00u1", "alice", "team@example.com"),
            user_with_email("00u2", "bob", "team@example.com"),
        ],
        1,
    );
    assert_eq!(okta(&fixture, "00u1").0, MatchState::Matched);
    assert_eq!(
        okta(&fixture, "00u2"),
        alone(MatchState::Ambiguous, "email=email", "team@example.com")
    );
    assert_eq!(of_jira(&fixture, "J2").0, MatchState::Ambiguous);
    let candidates = fixture.read(|conn| matches::candidates_of_jira(conn, "J2", 10));
    assert_eq!(candidates.len(), 1, "a decided user is no candidate");
    fixture.assert_sound();
}

#[test]
fn a_unique_value_of_a_decided_user_does_nothing() {
    // By login 00u1 is tied to J1; by e-mail it would be J2. J2 stays undecided for later rules.
    let fixture = Fixture::new();
    fixture.set_jira_users(&[jira("J1", "alice", ""), jira("J2", "bob", "alice@example.com")]);
    fixture.sync(
        &[
            user_with_email("00u1", "alice", "alice@example.com"),
            user("00u2", "bob@example.com"),
        ],
        1,
    );
    assert_eq!(
        okta(&fixture, "00u1"),
        tied(MatchState::Matched, "login=username", "alice", "J1")
    );
    assert_eq!(
        okta(&fixture, "00u2"),
        tied(MatchState::Matched, "login_local_part=username", "bob", "J2")
    );
    fixture.assert_sound();
}

#[test]
fn empty_and_blank_values_never_compare() {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[jira("J1", "", ""), jira("J2", " ", "\u{A0}"), jira("J3", "x", "")]);
    let counts = fixture.sync(
        &[
            user_with_email("00u1", "", " "),
            user("00u2", "@example.com"),
            user("00u3", "\t"),
        ],
        1,
    );
    assert_eq!((counts.okta_only, counts.jira_only), (3, 3));
    assert_eq!(fixture.find(Lookup::Login("")), None);
    assert_eq!(fixture.find(Lookup::Email(" ")), None);
    assert_eq!(fixture.find(Lookup::JiraUsername("")), None);
}

#[test]
fn letters_beyond_ascii_compare_as_the_fold_says() {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[
        jira("J1", "müller", ""),
        jira("J2", "istanbul", ""),
        jira("J3", "i\u{307}zmir", ""),
        jira("J4", "\u{3000}名前", ""),
    ]);
    let users = [
        user("00u1", "MÜLLER"),
        user("00u2", "İstanbul"),
        user("00u3", "İzmir"),
        user("00u4", "名前"),
    ];
    fixture.sync(&users, 1);
    let ties: Vec<_> = users.iter().map(|user| okta(&fixture, &user.id).3).collect();
    assert_eq!(
        ties,
        [
            Some("J1".to_owned()),
            None,
            Some("J3".to_owned()),
            Some("J4".to_owned())
        ]
    );
}

#[test]
fn the_local_part_ends_at_the_last_at_sign() {
    let fixture = Fixture::with_rules(vec![rule(OktaKey::LoginLocalPart, JiraKey::Username)]);
    fixture.set_jira_users(&[
        jira("J1", "a@b", ""),
        jira("J2", "plain", ""),
        jira("J3", "a", ""),
    ]);
    fixture.sync(&[user("00u1", "A@B@example.com"), user("00u2", "plain")], 1);
    assert_eq!(okta(&fixture, "00u1").3.as_deref(), Some("J1"));
    assert_eq!(okta(&fixture, "00u2").3.as_deref(), Some("J2"));
    assert_eq!(of_jira(&fixture, "J3").0, MatchState::JiraOnly);
}

#[test]
fn attributes_match_as_texts_numbers_and_booleans() {
    let name = "odd.\"name\"";
    let fixture = Fixture::with_rules(vec![rule(OktaKey::Attribute(name.to_owned()), JiraKey::Key)]);
    let keys = [
        "Text",
        "17",
        "12345678901234567890123",
        "0.10",
        "true",
        "[1]",
        "{}",
        "null",
        "6",
    ];
    let jira_users: Vec<_> = keys.iter().map(|key| jira(key, "", "")).collect();
    fixture.set_jira_users(&jira_users);
    let values = [
        &json(" TEXT "),
        "17",
        "12345678901234567890123",
        "0.10",
        "true",
        "[1]",
        "{}",
        "null",
        "\"6\"",
    ];
    let users: Vec<_> = values
        .iter()
        .enumerate()
        .map(|(n, value)| user_with(&format!("00u{n}"), &[(name, value), ("odd", "\"17\"")]))
        .collect();
    let counts = fixture.sync(&users, 1);
    let ties: Vec<_> = users.iter().map(|user| okta(&fixture, &user.id).3).collect();
    let tie = |key: &str| Some(key.to_owned());
    let expected = [
        tie("Text"),
        tie("17"),
        tie("12345678901234567890123"),
        tie("0.10"),
        tie("true"),
        None,
        None,
        None,
        tie("6"),
    ];
    assert_eq!(ties, expected);
    assert_eq!(counts.by_rule, [(format!("attribute:{name}=key"), 6)]);
    fixture.assert_sound();
}

#[test]
fn a_value_shared_by_thousands_costs_its_carriers_and_not_its_pairs() {
    let fixture = Fixture::with_rules(vec![rule(OktaKey::Email, JiraKey::Email)]);
    let shared = "everybody@example.com";
    let jira_users: Vec<_> = (0..3_000)
        .map(|n| jira(&format!("J{n}"), &format!("j{n}"), shared))
        .collect();
    let users: Vec<_> = (0..5_000)
        .map(|n| user_with_email(&format!("00u{n}"), &format!("o{n}"), shared))
        .collect();
    fixture.set_jira_users(&jira_users);
    let counts = fixture.sync(&users, 1);
    assert_eq!((counts.okta_ambiguous, counts.jira_ambiguous), (5_000, 3_000));
    // Fifteen million pairs could not be compared in this time.
    let begun = std::time::Instant::now();
    fixture
        .directory
        .write(|tx| matches::rematch(tx, &fixture.rules))
        .expect("rematch");
    assert!(begun.elapsed() < std::time::Duration::from_secs(2));
    assert_eq!(
        fixture
            .read(|conn| matches::candidates_of_okta(conn, "00u17", 20))
            .len(),
        20
    );
}
