//! Jira users, statistics, backup and the integrity check.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::clock::UnixMillis;
use crate::contract::errors::{ErrorCode, Result};
use crate::directory::entries::statistics;
use crate::directory::integrity;
use crate::directory::matches::jira_users::{self, JiraUserChanges};
use crate::directory::store::backup;
use crate::directory::tests::reading::in_every_view;
use crate::directory::tests::{Fixture, fold, jira, user, user_with_email};
use crate::directory::{Directory, Transaction, matches, org, users};
use crate::model::{JiraUser, OpenReport, View};

fn write<T>(fixture: &Fixture, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> T {
    fixture.directory.write(work).expect("write")
}

/// A directory that has rows of every kind.
fn furnished() -> Fixture {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[
        jira("J1", "alice", ""),
        jira("J2", "x", "t@e"),
        jira("J3", "y", ""),
    ]);
    fixture.sync(
        &[
            user("00u1", "alice"),
            user_with_email("00u2", "bob", "t@e"),
            user_with_email("00u3", "carol", "t@e"),
            user("00u4", "dave"),
        ],
        10,
    );
    let mut suspended = user("00u1", "alice");
    suspended.status = "SUSPENDED".into();
    fixture.sync(
        &[
            suspended,
            user_with_email("00u2", "bob", "t@e"),
            user_with_email("00u3", "carol", "t@e"),
        ],
        20,
    );
    fixture
}

#[test]
fn a_set_of_jira_users_takes_the_place_of_the_old_one() {
    let fixture = Fixture::new();
    let replace = |users: &[JiraUser]| {
        write(&fixture, |tx| {
            jira_users::begin(tx)?;
            jira_users::add(tx, users)?;
            let counts = jira_users::commit(tx)?;
            matches::rematch(tx, &fixture.rules)?;
            Ok(counts)
        })
    };
    let first = [jira("J1", "a", ""), jira("J2", "b", ""), jira("J3", "c", "")];
    assert_eq!(
        replace(&first),
        JiraUserChanges {
            added: 3,
            ..JiraUserChanges::default()
        }
    );
    let mut inactive = jira("J2", "b", "");
    inactive.active = false;
    let second = [
        jira("J4", "d", ""),
        jira("J1", "a", ""),
        inactive.clone(),
        jira("J1", "A", "a@e"),
    ];
    assert_eq!(
        replace(&second),
        JiraUserChanges {
            added: 1,
            updated: 2,
            removed: 1,
            unchanged: 0
        }
    );
    let listed: Vec<_> = fixture
        .list(View::JiraOnly)
        .into_iter()
        .filter_map(|entry| entry.jira)
        .collect();
    assert_eq!(listed, [jira("J1", "A", "a@e"), inactive, jira("J4", "d", "")]);
    assert_eq!(
        replace(&second[1..]),
        JiraUserChanges {
            updated: 0,
            removed: 1,
            unchanged: 2,
            added: 0
        }
    );
    fixture.assert_sound();
}

#[test]
fn a_set_is_staged_across_calls_and_begun_anew_at_will() {
    let fixture = Fixture::new();
    write(&fixture, |tx| jira_users::add(tx, &[jira("OLD", "old", "")]));
    write(&fixture, jira_users::begin);
    assert_eq!(fixture.read(jira_users::staged_count), 0);
    write(&fixture, |tx| jira_users::add(tx, &[jira("J1", "a", "")]));
    let repeated = write(&fixture, |tx| {
        jira_users::add(tx, &[jira("J2", "b", ""), jira("J1", "c", "")])
    });
    assert_eq!((repeated, fixture.read(jira_users::staged_count)), (vec![1], 2));
    assert_eq!(
        fixture.list(View::JiraOnly),
        [],
        "nothing counts before it is committed"
    );
    let counts = write(&fixture, |tx| {
        let counts = jira_users::commit(tx)?;
        matches::rematch(tx, &fixture.rules)?;
        Ok(counts)
    });
    assert_eq!((counts.added, fixture.read(jira_users::staged_count)), (2, 0));
}

#[test]
fn single_jira_users_come_change_and_go() {
    let fixture = furnished();
    let written = write(&fixture, |tx| {
        let written = jira_users::upsert(
            tx,
            &[
                jira("J1", "alice", ""),
                jira("J3", "DAVE", ""),
                jira("J9", "new", ""),
            ],
        )?;
        matches::rematch(tx, &fixture.rules)?;
        Ok(written)
    });
    assert_eq!(written, 2, "the unchanged one was not written");
    let removed = write(&fixture, |tx| {
        let removed = jira_users::remove(tx, &["J1".to_owned(), "J8".to_owned()])?;
        matches::rematch(tx, &fixture.rules)?;
        Ok(removed)
    });
    assert_eq!(removed, 1);
    fixture.assert_sound();
}

#[test]
fn statistics_count_whose_access_outlived_them() {
    let fixture = in_every_view();
    let orphaned = fixture.list(View::Orphaned).len() as u64;
    assert!(orphaned > 0);
    assert_eq!(fixture.read(statistics::read).orphaned_users, orphaned);
}

#[test]
fn statistics_count_what_is_published() {
    let fixture = furnished();
    fixture.write_page(&[user("00u9", "hidden")], 30);
    let statistics = fixture.read(statistics::read);
    assert_eq!(
        (
            statistics.okta_users,
            statistics.absent_users,
            statistics.jira_users
        ),
        (3, 1, 3)
    );
    assert_eq!(
        statistics.by_status,
        [("ACTIVE".to_owned(), 2), ("SUSPENDED".to_owned(), 1)]
    );
    assert_eq!(
        (statistics.matches.matched, statistics.matches.okta_ambiguous),
        (1, 2)
    );
    assert_eq!((statistics.changes, statistics.last_change), (6, 6));
    assert_eq!(statistics.fresh_as_of, Some(UnixMillis(20)));
    assert_eq!(statistics.digest, fixture.read(users::digest).to_hex());
    assert_eq!(
        (statistics.org_id.as_str(), statistics.schema_version),
        ("00o1", crate::directory::store::migrations::SCHEMA_VERSION)
    );
    assert!(statistics.file_bytes > 0);
}

#[test]
fn a_backup_opens_and_equals() {
    let fixture = furnished();
    let target = fixture.folder().join("backup.db");
    backup::to_file(&fixture.directory, &target).expect("backup");
    assert_eq!(
        fs::metadata(&target).expect("file").permissions().mode() & 0o777,
        0o600
    );
    let (copy, report) = Directory::open(&target, fold).expect("open");
    assert_eq!(report, OpenReport::default());
    for view in View::ALL {
        let entries =
            |conn: &crate::directory::Connection| crate::directory::entries::list(conn, view, 0, 100);
        assert_eq!(
            copy.read(entries).expect("list"),
            fixture.read(entries),
            "{view:?}"
        );
    }
    assert_eq!(copy.read(org::get).expect("org"), fixture.read(org::get));
    assert!(copy.read(integrity::check).expect("check").is_sound());
    fixture.sync(&[user("00u1", "alice")], 30);
    assert_eq!(
        copy.read(users::counts).expect("counts").present,
        3,
        "a copy is a copy"
    );
}

#[test]
fn a_backup_is_complete_or_not_there() {
    let fixture = furnished();
    let existing = fixture.folder().join("existing");
    fs::write(&existing, "precious").expect("write");
    let dangling = fixture.folder().join("dangling");
    std::os::unix::fs::symlink("nowhere", &dangling).expect("link");
    let missing = fixture.folder().join("missing/backup.db");
    let files = || fs::read_dir(fixture.folder()).expect("folder").count();
    let before = files();
    for target in [&existing, &dangling, &missing, &fixture.path()] {
        let error = backup::to_file(&fixture.directory, target).expect_err("refused");
        assert_eq!(error.code(), ErrorCode::BackupFailed, "{}", target.display());
    }
    assert_eq!(fs::read(&existing).expect("read"), b"precious");
    assert_eq!(files(), before);
    fixture.directory.close().expect("close");
    let target = fixture.folder().join("backup.db");
    let error = backup::to_file(&fixture.directory, &target).expect_err("closed");
    assert_eq!(error.code(), ErrorCode::InvalidHandle);
    assert!(!target.exists());
}

#[test]
fn the_check_finds_what_was_tampered_with() {
    for (finding, tampering) in [
        (
            "as they were written",
            "UPDATE users SET status = 'GONE' WHERE okta_id = '00u1'",
        ),
        (
            "those of the last complete run",
            "DELETE FROM users WHERE okta_id = '00u3'",
        ),
        (
            "without a match state",
            "DELETE FROM okta_matches WHERE user_no = 2",
        ),
        (
            "are not present",
            "UPDATE users SET absent_since = 1 WHERE okta_id = '00u2'",
        ),
        ("Jira users without", "DELETE FROM jira_alone WHERE jira_no = 3"),
        ("who are not there", "DELETE FROM jira_users WHERE key = 'J3'"),
        (
            "who are not there",
            "UPDATE okta_matches SET jira_no = 99 WHERE state = 'matched'",
        ),
        (
            "Okta users who are both",
            "INSERT INTO okta_alone SELECT user_no FROM okta_matches WHERE state = 'matched'",
        ),
        (
            "Jira users who are both alone",
            "INSERT INTO jira_alone SELECT jira_no FROM jira_matches WHERE state = 'ambiguous'",
        ),
        (
            "Jira users who are both tied",
            "INSERT INTO jira_alone SELECT jira_no FROM okta_matches WHERE state = 'matched'",
        ),
        (
            "kept counts",
            "UPDATE kept_counts SET users = 7 WHERE kind = 'status' AND name = 'ACTIVE'",
        ),
        ("kept counts", "DELETE FROM kept_counts WHERE kind = 'matched'"),
        (
            "does not carry",
            "UPDATE okta_matches SET rule = 'x' WHERE state = 'matched'",
        ),
        (
            "does not carry",
            "UPDATE okta_matches SET value = 'x' WHERE state = 'matched'",
        ),
        (
            "does not carry",
            "UPDATE jira_matches SET value = 'x' WHERE state = 'ambiguous'",
        ),
        (
            "without a candidate",
            "UPDATE okta_matches SET value = 'x' WHERE state = 'ambiguous'",
        ),
        (
            "without a pin",
            "UPDATE okta_matches SET state = 'pinned' WHERE state = 'matched'",
        ),
        (
            "folded keys",
            "UPDATE users SET email_key = 'x' WHERE okta_id = '00u1'",
        ),
        (
            "Jira users whose folded keys",
            "UPDATE jira_users SET username_key = 'x' WHERE key = 'J3'",
        ),
        (
            "Jira users who are searched for",
            "UPDATE jira_users SET search_text = 'x' WHERE key = 'J3'",
        ),
        (
            "neither published nor unfinished",
            "UPDATE users SET inserted_run = 99 WHERE okta_id = '00u4'",
        ),
    ] {
        let fixture = furnished();
        fixture.assert_sound();
        fixture.directory.close().expect("close");
        let tool = rusqlite::Connection::open(fixture.path()).expect("open");
        tool.execute_batch("PRAGMA foreign_keys = OFF")
            .expect("as any tool might");
        assert_eq!(
            tool.execute(tampering, []).map(|rows| rows > 0),
            Ok(true),
            "{tampering}"
        );
        drop(tool);
        let (directory, _) = Directory::open(&fixture.path(), fold).expect("open");
        let report = directory.read(integrity::check).expect("check");
        let found = report.directory.iter().any(|line| line.contains(finding));
        assert!(found, "{tampering}: {report:?}");
        assert!(
            !format!("{report:?}").contains("alice"),
            "a finding names no value"
        );
    }
}

#[test]
fn the_check_finds_rows_that_refer_to_nothing() {
    let fixture = furnished();
    fixture.directory.close().expect("close");
    let tool = rusqlite::Connection::open(fixture.path()).expect("open");
    tool.execute_batch(
        "PRAGMA foreign_keys = OFF;
         INSERT INTO managers (user_no, value, value_key, manager_no) VALUES (2, 'x', 'x', 99)",
    )
    .expect("tamper");
    drop(tool);
    let (directory, _) = Directory::open(&fixture.path(), fold).expect("open");
    let report = directory.read(integrity::check).expect("check");
    assert!(
        report.sqlite.iter().any(|line| line.contains("managers")),
        "{report:?}"
    );
}
