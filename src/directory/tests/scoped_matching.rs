//! Matching only the users that a change can affect gives the same rows as matching everybody.

use proptest::prelude::*;

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::matches::{self, Scope};
use crate::directory::matches::{jira_users, pins};
use crate::directory::tests::{Fixture, default_rules, jira, rule, user_with_email};
use crate::directory::{Connection, Transaction};
use crate::directory::{content_hash, users};
use crate::model::{JiraKey, JiraUser, MatchRule, OktaKey, OktaUser};

const OKTA_USERS: usize = 8;
const JIRA_USERS: usize = 8;

/// One change in a transaction.
#[derive(Clone, Debug)]
enum Change {
    Okta(usize, &'static str, &'static str, &'static str),
    Absent(usize),
    Returned(usize),
    Jira(usize, &'static str, &'static str, bool),
    Removed(usize),
    Pinned(usize, usize),
    Unpinned(usize),
}

fn okta_id(number: usize) -> String {
    format!("00u{number}")
}

fn jira_key(number: usize) -> String {
    format!("J{number}")
}

fn okta_user(number: usize, login: &str, email: &str, status: &str) -> OktaUser {
    OktaUser {
        status: status.to_owned(),
        ..user_with_email(&okta_id(number), login, email)
    }
}

fn jira_user(number: usize, name: &str, email: &str, active: bool) -> JiraUser {
    JiraUser {
        active,
        ..jira(&jira_key(number), name, email)
    }
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a", "b", "c", "d", "a@x", "b@x", "c@x", "j1", "j2", "", "A", "B@X",
    ])
}

/// Only the last status is that of a deactivated user.
fn status() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["ACTIVE", "SUSPENDED", "DEPROVISIONED"])
}

fn change() -> impl Strategy<Value = Change> {
    let (okta, jira) = (0..OKTA_USERS, 0..JIRA_USERS);
    prop_oneof![
        4 => (okta.clone(), word(), word(), status())
            .prop_map(|(o, login, email, status)| Change::Okta(o, login, email, status)),
        1 => okta.clone().prop_map(Change::Absent),
        1 => okta.clone().prop_map(Change::Returned),
        4 => (jira.clone(), word(), word(), any::<bool>())
            .prop_map(|(j, name, email, active)| Change::Jira(j, name, email, active)),
        1 => jira.clone().prop_map(Change::Removed),
        2 => (okta, jira.clone()).prop_map(|(o, j)| Change::Pinned(o, j)),
        1 => jira.prop_map(Change::Unpinned),
    ]
}

fn rules() -> impl Strategy<Value = Vec<MatchRule>> {
    prop_oneof![
        3 => Just(default_rules()),
        1 => Just(vec![rule(OktaKey::LoginLocalPart, JiraKey::Key), rule(OktaKey::Email, JiraKey::Email)]),
        1 => Just(vec![rule(OktaKey::Email, JiraKey::Username), rule(OktaKey::Email, JiraKey::Email)]),
        1 => Just(vec![rule(OktaKey::Attribute("email".to_owned()), JiraKey::Email)]),
    ]
}

/// Adds the users that the change concerns to the scope.
fn add(scope: &mut Scope<'_>, conn: &Connection, change: &Change) -> Result<()> {
    match change {
        Change::Okta(o, ..) | Change::Absent(o) | Change::Returned(o) => {
            scope.add_okta_id(conn, &okta_id(*o))
        }
        Change::Jira(j, ..) | Change::Removed(j) | Change::Unpinned(j) => {
            scope.add_jira_key(conn, &jira_key(*j))
        }
        Change::Pinned(o, j) => {
            scope.add_okta_id(conn, &okta_id(*o))?;
            scope.add_jira_key(conn, &jira_key(*j))
        }
    }
}

fn make(tx: &Transaction<'_>, change: &Change) -> Result<()> {
    let number = |o: &usize| -> Result<i64> { Ok(users::known(tx, &okta_id(*o))?.expect("a user").user_no) };
    match change {
        Change::Okta(o, login, email, status) => {
            let user = okta_user(*o, login, email, status);
            users::replace(tx, number(o)?, &user, &content_hash(&user))
        }
        Change::Absent(o) => users::mark_absent(tx, number(o)?, UnixMillis(5)),
        Change::Returned(o) => users::mark_returned(tx, number(o)?),
        Change::Jira(j, name, email, active) => {
            jira_users::upsert(tx, &[jira_user(*j, name, email, *active)]).map(drop)
        }
        Change::Removed(j) => jira_users::remove(tx, &[jira_key(*j)]).map(drop),
        // One of the two users may not exist.
        Change::Pinned(o, j) => pins::pin(tx, &okta_id(*o), &jira_key(*j), UnixMillis(1)).or(Ok(())),
        Change::Unpinned(j) => pins::unpin(tx, &jira_key(*j)).map(drop),
    }
}

/// Every row of the tables of matches.
fn rows(conn: &Connection) -> Result<Vec<String>> {
    let mut rows = Vec::new();
    for sql in [
        "SELECT format('okta %d %s %s %s %d', user_no, state, rule, value, jira_no) FROM okta_matches ORDER BY user_no",
        "SELECT format('jira %d %s %s %s', jira_no, state, rule, value) FROM jira_matches ORDER BY jira_no",
        "SELECT format('okta %d alone', user_no) FROM okta_alone ORDER BY user_no",
        "SELECT format('jira %d alone', jira_no) FROM jira_alone ORDER BY jira_no",
    ] {
        let mut statement = conn.prepare(sql)?;
        let found = statement.query_map([], |row| row.get(0))?;
        rows.extend(found.collect::<rusqlite::Result<Vec<String>>>()?);
    }
    Ok(rows)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_scope_ends_as_matching_everybody_does(
        rules in rules(),
        okta in proptest::collection::vec((word(), word(), status()), OKTA_USERS),
        jira_side in proptest::collection::vec((word(), word(), any::<bool>()), 0..JIRA_USERS),
        transactions in proptest::collection::vec(proptest::collection::vec(change(), 1..4), 1..6),
    ) {
        let fixture = Fixture::with_rules(rules);
        let okta: Vec<_> = okta.iter().enumerate()
            .map(|(o, (login, email, status))| okta_user(o, login, email, status))
            .collect();
        let jira: Vec<_> = jira_side.iter().enumerate()
            .map(|(j, (name, email, active))| jira_user(j, name, email, *active))
            .collect();
        fixture.sync(&okta, 1);
        fixture.set_jira_users(&jira);
        for changes in &transactions {
            let scoped = fixture.directory.write(|tx| {
                let mut scope = Scope::new(&fixture.rules);
                for change in changes {
                    add(&mut scope, tx, change)?;
                    make(tx, change)?;
                    add(&mut scope, tx, change)?;
                }
                scope.rematch(tx)?;
                rows(tx)
            });
            let scoped = scoped.expect("a scope");
            let (counts, everybody) = fixture
                .directory
                .write(|tx| Ok((matches::rematch(tx, &fixture.rules)?, rows(tx)?)))
                .expect("everybody");
            prop_assert_eq!(scoped, everybody, "{:?}", changes);
            prop_assert_eq!(counts, fixture.read(matches::counts));
        }
    }
}

#[test]
fn other_rules_than_those_last_applied_match_everybody() {
    let mut fixture = Fixture::new();
    fixture.set_jira_users(&[jira("J1", "alice", ""), jira("J2", "x", "b@example.com")]);
    fixture.sync(
        &[
            user_with_email("00u1", "alice", ""),
            user_with_email("00u2", "bob", "b@example.com"),
        ],
        1,
    );
    fixture.rules = vec![rule(OktaKey::Login, JiraKey::Username)];
    let scope = Scope::new(&fixture.rules);
    fixture.directory.write(|tx| scope.rematch(tx)).expect("rematch");
    let counts = fixture.read(matches::counts);
    assert_eq!(
        (counts.matched, counts.by_rule),
        (1, vec![("login=username".to_owned(), 1)])
    );
}

#[test]
fn a_value_of_very_many_is_left_to_matching_everybody() {
    let fixture = Fixture::with_rules(vec![rule(OktaKey::Email, JiraKey::Email)]);
    let shared: Vec<_> = (0..6_000)
        .map(|o| user_with_email(&okta_id(o), "", "shared@x"))
        .collect();
    fixture.set_jira_users(&[jira("J1", "a", "")]);
    fixture.sync(&shared, 1);
    let upsert = |tx: &Transaction<'_>| {
        let mut scope = Scope::new(&fixture.rules);
        scope.add_jira_key(tx, "J1")?;
        jira_users::upsert(tx, &[jira("J1", "a", "shared@x")])?;
        scope.add_jira_key(tx, "J1")?;
        scope.rematch(tx)
    };
    fixture.directory.write(upsert).expect("rematch");
    assert_eq!(fixture.read(matches::counts).okta_ambiguous, 6_000);
    fixture.assert_sound();
}
