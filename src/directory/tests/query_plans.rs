//! Every statement that may meet 100 000 users goes along an index, before and after ANALYZE.

use crate::directory::entries::{self, statistics, users_where};
use crate::directory::matches::{self, hand_over, jira_users, pins};
use crate::directory::profiles::{attribute_index, look_ups, managers, schemas};
use crate::directory::runs::{self, changes};
use crate::directory::tests::{Fixture, jira, rule, user_with};
use crate::directory::users::{self, retention};
use crate::directory::{Connection, groups, inbox};
use crate::model::{JiraKey, OktaKey};

/// The tables that grow with users or changes. Staged rows are not among them: there are no
/// others than those of the one unfinished run.
const LARGE: &[&str] = &[
    "users",
    "jira_users",
    "okta_matches",
    "jira_matches",
    "changes",
    "group_members",
    "user_attributes",
    "managers",
    "inbox",
    "heard",
];

fn statements() -> Vec<&'static str> {
    [
        users::statements(),
        runs::statements(),
        matches::statements(),
        entries::statements(),
        changes::STATEMENTS.to_vec(),
        crate::directory::erasure::STATEMENTS.to_vec(),
        crate::directory::store::kept_out::STATEMENTS.to_vec(),
        hand_over::STATEMENTS.to_vec(),
        jira_users::STATEMENTS.to_vec(),
        pins::STATEMENTS.to_vec(),
        retention::STATEMENTS.to_vec(),
        statistics::STATEMENTS.to_vec(),
        attribute_index::STATEMENTS.to_vec(),
        groups::statements(),
        inbox::statements(),
        look_ups::STATEMENTS.to_vec(),
        managers::STATEMENTS.to_vec(),
        schemas::STATEMENTS.to_vec(),
        users_where::statements(),
    ]
    .concat()
}

fn plan(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect(sql);
    // Without binding: a plan does not need values.
    let rows = statement.raw_query().mapped(|row| row.get(3));
    rows.collect::<rusqlite::Result<_>>().expect(sql)
}

/// The step if it reads the rows of a large table one by one, or builds an index on the fly.
fn is_slow(step: &str) -> bool {
    let mut words = step.split(' ');
    let scans = words.next() == Some("SCAN");
    let table = words.next().unwrap_or_default();
    // An alias is one letter and stands for a table; only scans along an index are let through.
    let large = table.len() == 1 || LARGE.contains(&table);
    let along_index = step.contains("USING COVERING INDEX") || step.contains("USING INDEX");
    (scans && large && !along_index) || step.contains("AUTOMATIC")
}

fn assert_fast(conn: &Connection, sql: &str) {
    for step in plan(conn, sql) {
        assert!(!is_slow(&step), "{step}\n{sql}");
    }
}

/// A directory large enough that the planner knows what it would cost to read it all.
fn populated() -> Fixture {
    let fixture = Fixture::new();
    let users: Vec<_> = (0..3_000)
        .map(|n| {
            let login = format!("\"user{n}@example.com\"");
            user_with(
                &format!("00u{n}"),
                &[("login", &login), ("email", &login), ("n", &n.to_string())],
            )
        })
        .collect();
    fixture.sync(&users, 1);
    let jira_users: Vec<_> = (0..2_000)
        .map(|n| jira(&format!("KEY{n}"), &format!("user{}", n * 2), ""))
        .collect();
    fixture.set_jira_users(&jira_users);
    fixture
}

#[test]
fn a_full_scan_is_told_from_the_rest() {
    let fixture = Fixture::new();
    fixture.read(|conn| {
        for (sql, slow) in [
            ("SELECT profile FROM users WHERE email = 'x'", true),
            ("SELECT u.profile FROM users AS u WHERE u.email = 'x'", true),
            ("SELECT profile FROM users WHERE email_key = 'x'", false),
            (
                "SELECT 1 FROM users AS a JOIN users AS b ON a.email = b.login WHERE a.user_no = 1",
                true,
            ),
        ] {
            assert_eq!(plan(conn, sql).iter().any(|step| is_slow(step)), slow, "{sql}");
        }
        Ok(())
    });
}

#[test]
fn hot_statements_go_along_an_index() {
    let empty = Fixture::new();
    empty.read(|conn| {
        statements().iter().for_each(|sql| assert_fast(conn, sql));
        Ok(())
    });
    let populated = populated();
    for analyse in ["PRAGMA optimize(0x10002)", "ANALYZE"] {
        populated
            .directory
            .write(|tx| Ok(tx.execute_batch(analyse)?))
            .expect(analyse);
        populated.read(|conn| {
            statements().iter().for_each(|sql| assert_fast(conn, sql));
            Ok(())
        });
    }
}

#[test]
fn pages_and_walks_along_all_users_are_not_sorted() {
    let populated = populated();
    populated
        .directory
        .write(|tx| Ok(tx.execute_batch("ANALYZE")?))
        .expect("analyse");
    populated.read(|conn| {
        let walks = users::statements();
        for sql in entries::paged_statements().iter().chain(&walks) {
            let steps = plan(conn, sql);
            assert!(
                !steps.iter().any(|step| step.contains("TEMP B-TREE")),
                "{steps:?}\n{sql}"
            );
        }
        Ok(())
    });
}

#[test]
fn rules_look_values_up_instead_of_pairing_users() {
    let populated = populated();
    let okta_keys = [
        OktaKey::Login,
        OktaKey::Email,
        OktaKey::LoginLocalPart,
        OktaKey::Attribute("n".to_owned()),
    ];
    for analysed in [false, true] {
        if analysed {
            populated
                .directory
                .write(|tx| Ok(tx.execute_batch("ANALYZE")?))
                .expect("analyse");
        }
        populated.read(|conn| {
            for okta in &okta_keys {
                for jira in [JiraKey::Username, JiraKey::Email, JiraKey::Key] {
                    for sql in matches::statements_of_rule(conn, &rule(okta.clone(), jira))? {
                        assert_fast_rule(conn, &sql);
                    }
                }
            }
            Ok(())
        });
    }
}

/// Values are walked (`j`, `carried`); both sides are searched by them.
fn assert_fast_rule(conn: &Connection, sql: &str) {
    let steps = plan(conn, sql);
    for step in &steps {
        assert!(!step.contains("AUTOMATIC"), "{steps:#?}\n{sql}");
        let scans_okta =
            step.starts_with("SCAN users") || step.starts_with("SCAN o") || step.starts_with("SCAN r");
        assert!(!scans_okta, "{steps:#?}\n{sql}");
    }
}

#[test]
fn managers_are_closed_by_looking_values_up() {
    let populated = populated();
    for analysed in [false, true] {
        if analysed {
            populated
                .directory
                .write(|tx| Ok(tx.execute_batch("ANALYZE")?))
                .expect("analyse");
        }
        populated.read(|conn| {
            for sql in managers::CLOSING {
                for step in plan(conn, sql) {
                    let scans_users = ["SCAN o", "SCAN users", "SCAN p"]
                        .iter()
                        .any(|scan| step == *scan || step.starts_with(&format!("{scan} ")));
                    assert!(!scans_users && !step.contains("AUTOMATIC"), "{step}\n{sql}");
                }
            }
            Ok(())
        });
    }
}
