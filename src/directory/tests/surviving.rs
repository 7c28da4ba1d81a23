//! What happens to a directory after a crash, damage or a deleted file, and which data are saved.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use crate::contract::errors::ErrorCode;
use crate::directory::tests::{Fixture, fold, user};
use crate::directory::{Directory, users};
use crate::model::{OpenReport, View};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("metadata").permissions().mode() & 0o777
}

/// Copies the files that a crash at this moment would leave on the disk.
fn crash(fixture: &Fixture, target: &Path) {
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let name = format!("okta.db{suffix}");
        fs::copy(fixture.folder().join(&name), target.join(&name)).expect("copy");
    }
}

#[test]
fn a_damaged_directory_is_moved_aside_and_made_anew() {
    let fixture = Fixture::new();
    let many: Vec<_> = (0..500)
        .map(|n| user(&format!("00u{n}"), &format!("user{n}")))
        .collect();
    fixture.sync(&many, 1);
    fixture.directory.close().expect("close");
    let mut bytes = fs::read(fixture.path()).expect("read");
    // The header stays, so the file is ours, but its schema cannot be read.
    bytes[100..4096].fill(0xA5);
    fs::write(fixture.path(), &bytes).expect("damage");
    let (directory, report) = Directory::open(&fixture.path(), fold).expect("a new one");
    assert!(report.created);
    let moved = report.damaged_moved_to.expect("moved");
    assert_eq!(fs::read(&moved).expect("read"), bytes, "kept as it was found");
    assert!(moved.to_string_lossy().contains("okta.db.damaged-"));
    assert_eq!(directory.read(users::counts).expect("counts").present, 0);
    assert_eq!(mode(&fixture.path()), 0o600);
}

#[test]
fn out_of_a_damaged_directory_is_saved_what_okta_does_not_have() {
    let fixture = Fixture::new();
    let many: Vec<_> = (0..2_000)
        .map(|n| user(&format!("00u{n}"), &format!("user{n}")))
        .collect();
    fixture.sync(&many, 1);
    fixture
        .directory
        .write(|tx| {
            tx.execute_batch(
                "INSERT INTO pins (jira_key, okta_id, pinned_at) VALUES ('K1', '00u1', 5);
                 INSERT INTO credentials (one, sequence, kind, org_url, api_token)
                 VALUES (1, 7, 'api_token', 'https://a.okta.com', x'0102')",
            )?;
            Ok(())
        })
        .expect("write");
    let root: i64 = fixture.read(|conn| {
        let root = "SELECT rootpage FROM sqlite_schema WHERE name = 'users'";
        Ok(conn.query_row(root, [], |row| row.get(0))?)
    });
    let root = usize::try_from(root).expect("a page");
    fixture.directory.close().expect("close");
    let mut bytes = fs::read(fixture.path()).expect("read");
    bytes[(root - 1) * 4096..root * 4096].fill(0xA5);
    fs::write(fixture.path(), &bytes).expect("damage");
    fs::write(fixture.folder().join("okta.db.lock"), "damaged\n").expect("met before");
    let (directory, report) = Directory::open(&fixture.path(), fold).expect("a new one");
    assert!(report.created && report.damaged_moved_to.is_some());
    assert_eq!(report.carried_over, ["the credential", "matches made by hand"]);
    let pins = directory
        .read(crate::directory::matches::pins::list)
        .expect("pins");
    assert_eq!((pins.len(), pins[0].jira_key.as_str()), (1, "K1"));
    let sequence: i64 = directory
        .read(|conn| Ok(conn.query_row("SELECT sequence FROM credentials", [], |row| row.get(0))?))
        .expect("credential");
    assert_eq!(sequence, 7);
}

#[test]
fn damage_met_while_reading_is_looked_into_at_the_next_opening() {
    let fixture = Fixture::new();
    let many: Vec<_> = (0..2_000)
        .map(|n| user(&format!("00u{n}"), &format!("user{n}")))
        .collect();
    fixture.sync(&many, 1);
    fixture.directory.close().expect("close");
    let mut bytes = fs::read(fixture.path()).expect("read");
    let pages = bytes.len() / 4096;
    // Not at the beginning and not at the end, because the schema is there and is read at the opening.
    for page in pages / 2..pages * 3 / 4 {
        bytes[page * 4096..page * 4096 + 64].fill(0xFF);
    }
    fs::write(fixture.path(), &bytes).expect("damage");
    // The directory was closed properly, so the opening does not check it, and the damage is found later.
    let (directory, report) = Directory::open(&fixture.path(), fold).expect("open");
    assert_eq!(report.damaged_moved_to, None);
    let error = directory
        .read(crate::directory::users::digest)
        .map(drop)
        .expect_err("damaged");
    assert_eq!(error.code(), ErrorCode::DirectoryCorrupt);
    drop(directory);
    let (_directory, report) = Directory::open(&fixture.path(), fold).expect("open");
    assert!(report.damaged_moved_to.is_some());
}

#[test]
fn after_a_crash_what_was_committed_is_there() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice")], 1);
    fixture.write_page(&[user("00u1", "alice"), user("00u2", "bob")], 2);
    let folder = tempfile::tempdir().expect("folder");
    crash(&fixture, folder.path());
    let (directory, report) = Directory::open(&folder.path().join("okta.db"), fold).expect("open");
    assert_eq!(report, OpenReport::default());
    let (listed, unfinished) = directory
        .read(|conn| {
            let listed = crate::directory::entries::list(conn, View::All, 0, 10)?;
            Ok((listed.len(), crate::directory::runs::unfinished(conn)?.is_some()))
        })
        .expect("read");
    assert_eq!((listed, unfinished), (1, true));
}

#[test]
fn a_crash_while_an_older_engine_made_the_file_leaves_one_that_opens_for_good() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("okta.db");
    let database = rusqlite::Connection::open(&path).expect("open");
    let id = crate::directory::store::files::APPLICATION_ID;
    database
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN")
        .expect("begin");
    database
        .pragma_update(None, "application_id", id)
        .expect("header");
    database
        .execute_batch("COMMIT; PRAGMA application_id = 0")
        .expect("taken back");
    drop(database);
    let mut bytes = fs::read(&path).expect("read");
    bytes[68..72].copy_from_slice(&id.to_be_bytes());
    fs::write(&path, &bytes).expect("as before the roll back");
    drop(Directory::open(&path, fold).expect("open"));
    drop(Directory::open(&path, fold).expect("open again"));
}

/// The file as an older engine could leave it: complete, but without the id that marks it as ours.
fn without_id(path: &Path) {
    let mut bytes = fs::read(path).expect("read");
    bytes[68..72].fill(0);
    fs::write(path, &bytes).expect("write");
}

#[test]
fn a_directory_without_its_id_is_recognised_and_given_it() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice")], 1);
    fixture.directory.close().expect("close");
    let path = fixture.path();
    let old = fixture.folder().join("old.db");
    let shipped = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/directory_schema_1.db"
    );
    fs::copy(shipped, &old).expect("copy");
    without_id(&path);
    let reading = Directory::open_to_read(&path, fold, Duration::ZERO).expect("read");
    assert_eq!(reading.read(users::counts).expect("counts").present, 1);
    reading.close().expect("close");
    for (path, present) in [(&path, 1), (&old, 12)] {
        without_id(path);
        let (directory, report) = Directory::open(path, fold).expect("open");
        assert_eq!(report, OpenReport::default(), "neither new nor damaged");
        assert_eq!(directory.read(users::counts).expect("counts").present, present);
        directory.close().expect("close");
        let id = crate::directory::store::files::APPLICATION_ID;
        assert_eq!(fs::read(path).expect("read")[68..72], id.to_be_bytes());
    }
}

#[test]
fn a_foreign_file_that_looks_like_a_directory_without_its_id_is_left_alone() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("other.db");
    let other = rusqlite::Connection::open(&path).expect("open");
    other
        .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE users (x); CREATE TABLE pins (x); PRAGMA user_version = 3")
        .expect("create");
    drop(other);
    let before = fs::read(&path).expect("read");
    let error = Directory::open(&path, fold).expect_err("refused");
    assert_eq!(error.code(), ErrorCode::NotADirectory);
    assert_eq!(fs::read(&path).expect("read"), before);
    assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 1);
}

#[test]
fn a_directory_appears_whole_beside_what_older_attempts_left() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("okta.db");
    for leftover in [
        "okta.db-wal",
        "okta.db-journal",
        "okta.db.new",
        "okta.db.new-wal",
        "okta.db.dry-run-1",
    ] {
        fs::write(folder.path().join(leftover), "left").expect("write");
    }
    for sorting in ["okta.db.sorting", "okta.db.dry-run-2.sorting"] {
        let sorting = folder.path().join(sorting);
        fs::create_dir(&sorting).expect("folder");
        fs::write(sorting.join("etilqs_1"), "left").expect("write");
    }
    let (directory, report) = Directory::open(&path, fold).expect("open");
    assert!(report.created);
    directory.close().expect("close");
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .expect("folder")
        .map(|entry| entry.expect("entry").file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["okta.db", "okta.db.lock"]);
}

#[test]
fn a_file_that_was_deleted_while_open_is_an_error() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice")], 1);
    fs::remove_file(fixture.path()).expect("remove");
    let write = fixture
        .directory
        .write(|tx| Ok(tx.execute_batch("DELETE FROM pins")?));
    assert_eq!(write.expect_err("lost").code(), ErrorCode::DirectoryIo);
    // Another directory at this path is not changed, and neither is its log.
    drop(rusqlite::Connection::open(fixture.path()).expect("another"));
    let log = fixture.folder().join("okta.db-wal");
    fs::write(&log, "of the other").expect("write");
    let error = fixture.directory.close().expect_err("lost");
    assert!(error.message().contains("deleted or exchanged"), "{error}");
    assert_eq!(fs::read(&log).expect("read"), b"of the other");
}

#[test]
fn a_crash_before_the_schema_leaves_a_file_that_opens() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("okta.db");
    let database = rusqlite::Connection::open(&path).expect("open");
    let id = crate::directory::store::files::APPLICATION_ID;
    database
        .pragma_update(None, "application_id", id)
        .expect("as far as the crash");
    drop(database);
    let (directory, report) = Directory::open(&path, fold).expect("open");
    assert!(!report.created);
    assert_eq!(
        directory.read(users::counts).expect("counts"),
        users::UserCounts::default()
    );
}
