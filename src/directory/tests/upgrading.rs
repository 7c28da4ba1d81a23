//! Directories of every schema version can be opened, and keep their data.
//!
//! The scripts make the tables of a version, and the present engine makes the rows. Only rows that have a place in that
//! version are copied.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;

use crate::directory::credentials::CredentialStore;
use crate::directory::matches::pins;
use crate::directory::runs::{self, changes};
use crate::directory::store::files::APPLICATION_ID;
use crate::directory::store::migrations::{self, SCHEMA_VERSION};
use crate::directory::tests::{Fixture, fold, jira, user, user_with_email};
use crate::directory::{Directory, entries};
use crate::model::{Identity, OpenReport, StoredCredential, TokenStore, View};
use crate::secret::Secret;

/// The version that added a table for credentials.
const CREDENTIALS: u32 = 2;
/// The version in which a tie became one row, and a user that is alone became a number.
const ONE_ROW_FOR_A_TIE: u32 = 17;

/// Every match as two equal rows, and a row for every user that is alone.
const MIRRORED_MATCHES: &str = "
    INSERT INTO okta_matches (user_no, state)
    SELECT user_no, 'okta_only' FROM newest.okta_alone WHERE true ON CONFLICT DO NOTHING;
    INSERT INTO jira_matches (jira_no, state)
    SELECT jira_no, 'jira_only' FROM newest.jira_alone WHERE true ON CONFLICT DO NOTHING;
    INSERT INTO jira_matches (jira_no, state, rule, value, user_no)
    SELECT jira_no, state, rule, value, user_no FROM newest.okta_matches WHERE jira_no IS NOT NULL;";

/// A closed directory with users in every view, a pin, two runs with their feed, and a credential.
fn filled() -> (tempfile::TempDir, StoredCredential) {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[
        jira("J1", "alice", "alice@example.com"),
        jira("J2", "bob", "b@example.com"),
        jira("J3", "nobody", ""),
        jira("J4", "carol", "same@example.com"),
        jira("J5", "carla", "same@example.com"),
    ]);
    let users = [
        user_with_email("00u1", "alice@example.com", "alice@example.com"),
        user("00u2", "robert@example.com"),
        user_with_email("00u3", "c@example.com", "same@example.com"),
        user("00u4", "dave@example.com"),
        user("00u5", "eve@example.com"),
    ];
    fixture.sync(&users, 10);
    fixture.pin("00u2", "J2");
    fixture.sync(&users[..4], 20);
    let Fixture {
        directory, folder, ..
    } = fixture;
    let directory = Arc::new(directory);
    let token = Identity::ApiToken(Secret::text("00api-token-0123456789".to_owned()));
    let mut credential = StoredCredential::new("https://example.okta.com", token);
    let store = CredentialStore::new(Arc::clone(&directory), None);
    store.replace(&mut credential).expect("save");
    directory.close().expect("close");
    (folder, credential)
}

/// The same directory as an engine with this schema version would have left it.
fn as_of(version: u32, newest: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("folder");
    let key = folder.path().join("okta.db.key");
    fs::copy(newest.with_file_name("okta.db.key"), key).expect("key");
    let mut old = Connection::open(folder.path().join("okta.db")).expect("open");
    old.pragma_update(None, "application_id", APPLICATION_ID)
        .expect("id");
    old.pragma_update(None, "foreign_keys", false).expect("any order");
    migrations::up_to(&mut old, version).expect("the tables of then");
    old.execute("ATTACH ?1 AS newest", [newest.to_str().expect("UTF-8")])
        .expect("attach");
    for table in texts(
        &old,
        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    ) {
        let columns = texts(
            &old,
            &format!(
                "SELECT name FROM pragma_table_info('{table}', 'main')
                  WHERE name IN (SELECT name FROM pragma_table_info('{table}', 'newest'))"
            ),
        );
        assert!(
            !columns.is_empty(),
            "{table} is no more: say here what became of its rows"
        );
        let columns = columns.join(", ");
        old.execute_batch(&format!(
            "DELETE FROM main.{table}; INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newest.{table};"
        ))
        .expect(&table);
    }
    if version < ONE_ROW_FOR_A_TIE {
        old.execute_batch(MIRRORED_MATCHES).expect("matches as of then");
    }
    old.execute_batch("DETACH newest").expect("detach");
    folder
}

fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).expect(sql);
    let rows = statement.query_map([], |row| row.get(0)).expect(sql);
    rows.collect::<rusqlite::Result<_>>().expect(sql)
}

/// Everything that readers see, as one text to compare.
fn seen(directory: &Directory) -> Vec<String> {
    let read = |conn: &Connection| {
        let mut seen = Vec::new();
        for view in View::ALL {
            let found = entries::list(conn, view, 0, 100)?;
            seen.extend(found.iter().map(|entry| format!("{view:?} {entry:?}")));
        }
        seen.extend(pins::list(conn)?.iter().map(|pin| format!("{pin:?}")));
        seen.extend(runs::list(conn, None, 100)?.iter().map(|run| format!("{run:?}")));
        seen.extend(
            changes::after(conn, 0, None, 100)?
                .iter()
                .map(|change| format!("{change:?}")),
        );
        Ok(seen)
    };
    directory.read(read).expect("read")
}

#[test]
fn a_directory_of_every_version_keeps_what_it_holds() {
    let (folder, credential) = filled();
    let newest = folder.path().join("okta.db");
    let (directory, _) = Directory::open(&newest, fold).expect("open");
    let expected = seen(&directory);
    assert!(expected.len() > 20, "{expected:#?}");
    directory.close().expect("close");
    for version in 1..=SCHEMA_VERSION {
        let folder = as_of(version, &newest);
        let (directory, report) = Directory::open(&folder.path().join("okta.db"), fold).expect("open");
        assert_eq!(
            report,
            OpenReport::default(),
            "version {version} is neither new nor damaged"
        );
        assert_eq!(
            directory.read(migrations::version).expect("version"),
            SCHEMA_VERSION
        );
        assert_eq!(seen(&directory), expected, "version {version}");
        let sound = directory.read(crate::directory::integrity::check).expect("check");
        assert!(sound.is_sound(), "version {version}: {sound:?}");
        let directory = Arc::new(directory);
        let kept = CredentialStore::new(Arc::clone(&directory), None)
            .load()
            .expect("load");
        assert_eq!(
            kept,
            (version >= CREDENTIALS).then(|| credential.clone()),
            "version {version}"
        );
        directory.close().expect("close");
    }
}
