//! 200 000 users on each side: what must stay fast there. Not run by default; in release:
//! `cargo test --release --lib directory::tests::large -- --ignored`.

use std::time::{Duration, Instant};

use crate::clock::UnixMillis;
use crate::directory::sync_runs::{self, PageRow};
use crate::directory::tests::{Fixture, fold, jira, json, user_with};
use crate::directory::{Directory, content_hash, entries, integrity, jira_users, matches, statistics, users};
use crate::model::{JiraUser, Lookup, OktaUser, View};

const USERS: usize = 200_000;
/// As many as Okta gives in one answer.
const PAGE: usize = 200;

/// A profile of about 1 kB; one user in ten shares an address with 999 others.
fn okta_user(n: usize) -> OktaUser {
    let shared = if n % 10 == 9 { n % 20 } else { n };
    user_with(
        &format!("00u{n:017}"),
        &[
            ("login", &json(&format!("User{n}@example.com"))),
            ("email", &json(&format!("first.last{shared}@example.com"))),
            ("displayName", &json(&format!("Name {}", (n * 7_919) % USERS))),
            ("employeeNumber", &n.to_string()),
            ("padding", &json(&"x".repeat(800))),
        ],
    )
}

/// Six of ten match by login, one by local part, two by address or not at all.
fn jira_user(n: usize) -> JiraUser {
    let username = match n % 10 {
        0..=5 => format!("user{n}@EXAMPLE.com"),
        6 => format!("user{n}"),
        _ => format!("other{n}"),
    };
    let address = if n % 10 == 8 { n + USERS } else { n };
    jira(
        &format!("JIRAUSER{n}"),
        &username,
        &format!("First.last{address}@example.com"),
    )
}

/// Fails if `work` takes longer than `limit`.
fn within<T>(limit: Duration, what: &str, work: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let value = work();
    let taken = begun.elapsed();
    assert!(taken <= limit, "{what} took {taken:?}, more than {limit:?}");
    value
}

fn write_run(fixture: &Fixture) {
    let run = fixture
        .directory
        .write(|tx| sync_runs::begin(tx, "00o1", UnixMillis(1), &["status pr".to_owned()]))
        .expect("begin");
    for first in (0..USERS).step_by(PAGE) {
        let write_page = |tx: &crate::directory::Transaction<'_>| {
            for user in (first..first + PAGE).map(okta_user) {
                assert_eq!(users::known(tx, &user.id)?, None);
                users::insert(tx, run, &user, &content_hash(&user))?;
            }
            let next = (first + PAGE < USERS).then_some("more");
            sync_runs::commit_page(
                tx,
                run,
                0,
                PageRow {
                    next,
                    users: PAGE as u64,
                    ..PageRow::default()
                },
            )
        };
        fixture.directory.write(write_page).expect("page");
    }
    fixture.publish(run, 2);
}

#[test]
#[ignore = "takes half a minute, and its limits are those of a release build"]
fn two_hundred_thousand_users_on_each_side() {
    let seconds = Duration::from_secs;
    let millis = Duration::from_millis;
    let fixture = Fixture::new();
    within(seconds(20), "writing and publishing a run", || {
        write_run(&fixture)
    });
    let replace = |tx: &crate::directory::Transaction<'_>| {
        jira_users::begin(tx)?;
        jira_users::add(tx, &(0..USERS).map(jira_user).collect::<Vec<_>>())?;
        jira_users::commit(tx)
    };
    let rematch = |tx: &crate::directory::Transaction<'_>| {
        replace(tx)?;
        within(seconds(2), "matching for the first time", || {
            matches::rematch(tx, &fixture.rules)
        })
    };
    let counts = fixture.directory.write(rematch).expect("match");
    let pairs: Vec<u64> = counts.by_rule.iter().map(|(_, pairs)| *pairs).collect();
    assert_eq!(pairs, [120_000, 40_000, 0]);
    let again = || fixture.directory.write(|tx| matches::rematch(tx, &fixture.rules));
    assert_eq!(
        within(seconds(2), "matching again", again).expect("match"),
        counts
    );
    for view in View::ALL {
        let page = || fixture.read(|conn| entries::list(conn, view, 100_000, 50));
        within(millis(20), view.name(), page);
    }
    let find = || {
        fixture
            .find(Lookup::JiraUsername("USER100000@example.com"))
            .expect("found")
    };
    within(millis(5), "a look-up", find);
    within(seconds(1), "statistics", || fixture.read(statistics::read));
    within(seconds(1), "the digest", || fixture.read(users::digest));
    fixture.directory.close().expect("close");
    let (directory, _) =
        within(millis(10), "opening", || Directory::open(&fixture.path(), fold)).expect("open");
    let report = within(seconds(10), "the integrity check", || {
        directory.read(integrity::check)
    })
    .expect("check");
    assert!(report.is_sound(), "{report:?}");
}
