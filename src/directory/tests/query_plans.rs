//! Every statement that may meet 100 000 users uses an index, before and after ANALYZE.

use std::sync::{LazyLock, Mutex, PoisonError};

use rusqlite::backup::Backup;

use crate::directory::store::key_indexes;
use crate::directory::store::{profile_functions, search_text, search_words};
use crate::directory::tests::{Fixture, jira, rule, user_with};
use crate::directory::{Connection, matches};
use crate::model::{JiraKey, OktaKey, OktaUser};

/// The tables that grow with users or changes. The table of staged rows is not among them, because it has only rows of
/// the one unfinished run.
const LARGE: &[&str] = &[
    "users",
    "jira_users",
    "okta_matches",
    "jira_matches",
    "okta_alone",
    "jira_alone",
    "changes",
    "group_members",
    "user_attributes",
    "managers",
    "inbox",
    "heard",
];

fn plan(conn: &Connection, sql: &str) -> Vec<String> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect(sql);
    // Nothing is bound, because a plan does not depend on values.
    let rows = statement.raw_query().mapped(|row| row.get(3));
    rows.collect::<rusqlite::Result<_>>().expect(sql)
}

/// Returns the step if it reads the rows of a large table one by one, or builds a temporary index.
fn is_slow(step: &str) -> bool {
    let mut words = step.split(' ');
    let scans = words.next() == Some("SCAN");
    let table = words.next().unwrap_or_default();
    // An alias of a table is one letter. Only scans along an index are accepted.
    let large = table.len() == 1 || LARGE.contains(&table);
    let along_index = step.contains("USING COVERING INDEX") || step.contains("USING INDEX");
    (scans && large && !along_index) || step.contains("AUTOMATIC")
}

fn assert_fast(conn: &Connection, sql: &str) {
    for step in plan(conn, sql) {
        assert!(!is_slow(&step), "{step}\n{sql}");
    }
}

fn users(count: u32) -> Vec<OktaUser> {
    let user = |n| {
        let login = format!("\"user{n}@example.com\"");
        user_with(
            &format!("00u{n}"),
            &[("login", &login), ("email", &login), ("n", &format!("{n}"))],
        )
    };
    (0..count).map(user).collect()
}

/// A directory that is so large that the planner avoids reading all of it.
fn populated() -> Fixture {
    let fixture = Fixture::new();
    fixture.sync(&users(3_000), 1);
    let jira_users: Vec<_> = (0..2_000)
        .map(|n| jira(&format!("KEY{n}"), &format!("user{}", n * 2), ""))
        .collect();
    fixture.set_jira_users(&jira_users);
    fixture
}

#[test]
fn a_full_scan_is_recognised() {
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

/// Directories in memory: one without users, and some with many users after each kind of analysis. They are copies in
/// memory, so that no file is left when the tests end.
static DIRECTORIES: LazyLock<Mutex<Vec<Connection>>> = LazyLock::new(|| {
    let mut copies = vec![in_memory(&Fixture::new())];
    let populated = populated();
    for analyse in ["PRAGMA optimize(0x10002)", "ANALYZE"] {
        let analysed = populated.directory.write(|tx| Ok(tx.execute_batch(analyse)?));
        analysed.expect(analyse);
        copies.push(in_memory(&populated));
    }
    Mutex::new(copies)
});

fn in_memory(fixture: &Fixture) -> Connection {
    let mut copy = Connection::open_in_memory().expect("memory");
    profile_functions::register(&copy, crate::directory::tests::fold).expect("the functions");
    search_text::register(&copy).expect("the functions");
    search_words::register(&copy).expect("the functions");
    fixture.read(|conn| {
        let backup = Backup::new(conn, &mut copy)?;
        Ok(backup.run_to_completion(1_000, std::time::Duration::ZERO, None)?)
    });
    copy
}

/// Directories in memory during their first run: the key indexes are left out, and no user is visible.
static FILLING: LazyLock<Mutex<Vec<Connection>>> = LazyLock::new(|| {
    let fixture = Fixture::new();
    fixture
        .directory
        .write(key_indexes::leave_out)
        .expect("leave out");
    fixture.write_page(&users(3_000), 1);
    let mut copies = vec![in_memory(&fixture)];
    fixture
        .directory
        .write(|tx| Ok(tx.execute_batch("ANALYZE")?))
        .expect("analyse");
    copies.push(in_memory(&fixture));
    Mutex::new(copies)
});

fn in_each_directory(sql: &str, test: impl Fn(&Connection)) {
    let directories = DIRECTORIES.lock().unwrap_or_else(PoisonError::into_inner);
    directories.iter().for_each(&test);
    let filling = FILLING.lock().unwrap_or_else(PoisonError::into_inner);
    // A statement that names a missing index is not used before the first publication.
    let asked = |conn: &&Connection| {
        !conn
            .prepare(sql)
            .is_err_and(|error| error.to_string().contains("no such index"))
    };
    filling.iter().filter(asked).for_each(test);
}

/// The statement compiles.
pub fn can_be_prepared(sql: &str) {
    in_each_directory(sql, |conn| drop(conn.prepare(sql).expect(sql)));
}

/// No large table is read row by row.
pub fn goes_along_an_index(sql: &str) {
    in_each_directory(sql, |conn| assert_fast(conn, sql));
}

/// No large table is read row by row, and nothing is sorted: a page costs only its own length, and a walk along all
/// users needs no memory.
pub fn goes_along_an_index_in_order(sql: &str) {
    goes_along_an_index(sql);
    in_each_directory(sql, |conn| {
        let steps = plan(conn, sql);
        assert!(
            !steps.iter().any(|step| step.contains("TEMP B-TREE")),
            "{steps:?}\n{sql}"
        );
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

/// Values are read in order (`j`, `carried`), and each side is searched by value.
fn assert_fast_rule(conn: &Connection, sql: &str) {
    let steps = plan(conn, sql);
    for step in &steps {
        assert!(!step.contains("AUTOMATIC"), "{steps:#?}\n{sql}");
        let scans_okta =
            step.starts_with("SCAN users") || step.starts_with("SCAN o") || step.starts_with("SCAN r");
        assert!(!scans_okta, "{steps:#?}\n{sql}");
    }
}
