//! Opening and closing: which process owns the file, who may read beside its owner, and what is left on the disk.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use crate::contract::errors::{Error, ErrorCode};
use crate::directory::tests::{Fixture, fold, user};
use crate::directory::{Directory, users};
use crate::model::{OpenReport, View};

fn code(outcome: crate::contract::errors::Result<(Directory, OpenReport)>) -> ErrorCode {
    outcome.expect_err("refused").code()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("metadata").permissions().mode() & 0o777
}

#[test]
fn a_new_directory_is_private() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("a/b/okta.db");
    let (directory, report) = Directory::open(&path, fold).expect("open");
    assert_eq!(
        report,
        OpenReport {
            created: true,
            ..OpenReport::default()
        }
    );
    directory
        .write(|tx| Ok(tx.execute_batch("DELETE FROM pins")?))
        .expect("write");
    directory.read(users::counts).expect("read");
    assert_eq!(mode(&folder.path().join("a")), 0o700);
    assert_eq!(mode(&folder.path().join("a/b")), 0o700);
    for suffix in ["", "-wal", "-shm", ".lock"] {
        assert_eq!(
            mode(&folder.path().join(format!("a/b/okta.db{suffix}"))),
            0o600,
            "{suffix}"
        );
    }
}

#[test]
fn a_file_open_to_others_is_narrowed() {
    let fixture = Fixture::new();
    fixture.directory.close().expect("close");
    fs::set_permissions(fixture.path(), fs::Permissions::from_mode(0o644)).expect("widen");
    let (_directory, report) = Directory::open(&fixture.path(), fold).expect("open");
    assert!(!report.created);
    assert_eq!(mode(&fixture.path()), 0o600);
}

#[test]
fn a_directory_has_one_owner_by_whatever_name() {
    let fixture = Fixture::new();
    let link = fixture.folder().join("link.db");
    std::os::unix::fs::symlink(fixture.path(), &link).expect("link");
    let roundabout = fixture
        .folder()
        .join("../")
        .join(fixture.folder().file_name().expect("name"));
    for name in [fixture.path(), link.clone(), roundabout.join("okta.db")] {
        assert_eq!(code(Directory::open(&name, fold)), ErrorCode::DirectoryLocked);
    }
    fixture.directory.close().expect("close");
    Directory::open(&link, fold).expect("free again");
}

#[test]
fn after_close_every_call_is_refused_and_no_log_is_left() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice")], 1);
    fixture.read(users::counts);
    fixture.directory.close().expect("close");
    for suffix in ["-wal", "-shm"] {
        assert!(
            !fixture.folder().join(format!("okta.db{suffix}")).exists(),
            "{suffix}"
        );
    }
    let refused = [
        fixture.directory.read(|_| Ok(())),
        fixture.directory.write(|_| Ok(())),
        fixture.directory.close(),
    ];
    for outcome in refused {
        assert_eq!(outcome.expect_err("closed").code(), ErrorCode::InvalidHandle);
    }
    let (directory, report) = Directory::open(&fixture.path(), fold).expect("open");
    assert_eq!(report, OpenReport::default());
    assert_eq!(directory.read(users::counts).expect("counts").present, 1);
}

#[test]
fn closing_waits_for_readers() {
    let fixture = Fixture::new();
    let (begun, wait_for_begun) = mpsc::channel();
    let (finish, wait_for_finish) = mpsc::channel::<()>();
    let directory = &fixture.directory;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let read = |conn: &crate::directory::Connection| {
                begun.send(()).expect("begun");
                wait_for_finish.recv().expect("finish");
                users::counts(conn)
            };
            directory.read(read).expect("the reader finishes undisturbed");
        });
        wait_for_begun.recv().expect("begun");
        let closing = scope.spawn(|| directory.close());
        std::thread::sleep(Duration::from_millis(50));
        assert!(!closing.is_finished());
        finish.send(()).expect("finish");
        closing.join().expect("join").expect("close");
    });
}

#[test]
fn dropping_without_close_frees_the_directory() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("okta.db");
    drop(Directory::open(&path, fold).expect("open"));
    let (_directory, report) = Directory::open(&path, fold).expect("free");
    assert!(!report.created);
}

#[test]
fn files_that_were_never_ours_are_left_untouched() {
    let folder = tempfile::tempdir().expect("folder");
    let foreign = folder.path().join("foreign.db");
    let database = rusqlite::Connection::open(&foreign).expect("open");
    database
        .execute_batch("PRAGMA application_id = 7; CREATE TABLE t (x)")
        .expect("create");
    drop(database);
    let text = folder.path().join("notes.txt");
    fs::write(&text, "x".repeat(500)).expect("write");
    let short = folder.path().join("short");
    fs::write(&short, "SQLite format 3\0").expect("write");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("nowhere", &link).expect("link");
    let subfolder = folder.path().join("subfolder");
    fs::create_dir(&subfolder).expect("create");
    for path in [&foreign, &text, &short] {
        let before = fs::read(path).expect("read");
        assert_eq!(code(Directory::open(path, fold)), ErrorCode::NotADirectory);
        assert_eq!(fs::read(path).expect("read"), before);
    }
    assert_eq!(code(Directory::open(&subfolder, fold)), ErrorCode::NotADirectory);
    assert_eq!(
        code(Directory::open(Path::new("/dev/null"), fold)),
        ErrorCode::NotADirectory
    );
    assert_eq!(code(Directory::open(&link, fold)), ErrorCode::DirectoryOpenFailed);
    assert_eq!(
        fs::read_dir(folder.path()).expect("folder").count(),
        5,
        "no file was added"
    );
}

#[test]
fn a_newer_directory_is_refused_and_left_as_it_is() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice")], 1);
    fixture
        .directory
        .write(|tx| Ok(tx.pragma_update(None, "user_version", 1_000)?))
        .expect("newer");
    fixture.directory.close().expect("close");
    let before = fs::read(fixture.path()).expect("read");
    assert_eq!(
        code(Directory::open(&fixture.path(), fold)),
        ErrorCode::DirectoryTooNew
    );
    assert_eq!(fs::read(fixture.path()).expect("read"), before);
}

#[test]
fn reading_makes_nothing_and_names_what_is_missing() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("typo/okta.db");
    let read = |path: &Path| Directory::open_to_read(path, fold, Duration::ZERO).map(drop);
    let error = read(&path).expect_err("missing");
    assert_eq!(error.code(), ErrorCode::DirectoryMissing);
    assert!(error.message().contains("typo/okta.db"), "{error}");
    let empty = folder.path().join("empty");
    fs::write(&empty, "").expect("write");
    assert_eq!(
        read(&empty).expect_err("empty").code(),
        ErrorCode::DirectoryMissing
    );
    assert_eq!(fs::read_dir(folder.path()).expect("folder").count(), 1);
}

#[test]
fn within_one_process_reading_gives_way_to_the_owner() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice")], 1);
    let read = || Directory::open_to_read(&fixture.path(), fold, Duration::ZERO);
    assert_eq!(read().expect_err("owned").code(), ErrorCode::DirectoryLocked);
    fixture.directory.close().expect("close");
    let before = fs::read(fixture.path()).expect("read");
    let reading = read().expect("free");
    assert_eq!(reading.read(users::counts).expect("counts").present, 1);
    let refused = reading.write(|_| Ok(())).expect_err("it only reads");
    assert_eq!(refused.code(), ErrorCode::ReadOnly);
    reading.close().expect("close");
    assert_eq!(fs::read(fixture.path()).expect("read"), before);
}

/// A directory of an older engine that was killed while making it: the header says that it is ours, but the journal
/// rolls that back.
#[test]
fn a_failed_write_leaves_nothing_and_a_panic_neither() {
    let fixture = Fixture::new();
    let insert = "INSERT INTO pins (jira_key, okta_id, pinned_at) VALUES ('k', 'o', 1)";
    let failed = fixture.directory.write(|tx| {
        tx.execute(insert, [])?;
        Err::<(), _>(Error::new(ErrorCode::Cancelled))
    });
    assert_eq!(failed.expect_err("failed").code(), ErrorCode::Cancelled);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        fixture
            .directory
            .write(|tx| -> crate::contract::errors::Result<()> {
                tx.execute(insert, [])?;
                panic!("a bug");
            })
    }));
    panicked
        .expect_err("panicked")
        .downcast_ref::<&str>()
        .expect("the panic");
    assert_eq!(fixture.read(crate::directory::matches::pins::list), []);
    fixture
        .directory
        .write(|tx| Ok(tx.execute(insert, [])?))
        .expect("the writer still works");
}

#[test]
fn readers_cannot_write() {
    let fixture = Fixture::new();
    let error = fixture
        .directory
        .read(|conn| Ok(conn.execute("DELETE FROM users", [])?))
        .expect_err("read only");
    assert_eq!(error.code(), ErrorCode::DirectoryIo);
}

#[test]
fn readers_see_one_state_from_begin_to_end() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice")], 1);
    fixture.read(|conn| {
        let before = users::counts(conn)?;
        fixture.sync(&[user("00u1", "alice"), user("00u2", "bob")], 2);
        assert_eq!(users::counts(conn)?, before);
        Ok(())
    });
    assert_eq!(fixture.read(users::counts).present, 2);
}

#[test]
fn many_readers_and_a_writer_do_not_disturb_each_other() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u0", "user0")], 1);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let listed = fixture.list(View::All).len();
                    assert!((1..=20).contains(&listed));
                }
            });
        }
        for run in 2..=20 {
            let users: Vec<_> = (0..run)
                .map(|n| user(&format!("00u{n}"), &format!("user{n}")))
                .collect();
            fixture.sync(&users, run);
        }
    });
    fixture.assert_sound();
}

#[test]
fn a_full_disk_fails_the_page_and_nothing_else() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice")], 1);
    let limit = |pages: i64| {
        let set =
            |tx: &crate::directory::Transaction<'_>| Ok(tx.pragma_update(None, "max_page_count", pages)?);
        fixture.directory.write(set).expect("limit");
    };
    let pages: i64 = fixture.read(|conn| Ok(conn.pragma_query_value(None, "page_count", |row| row.get(0))?));
    limit(pages + 2);
    let many: Vec<_> = (0..1_000)
        .map(|n| user(&format!("00u{n}"), &format!("user{n}")))
        .collect();
    let error = fixture
        .directory
        .write(|tx| {
            for user in &many {
                let hash = crate::directory::content_hash(user);
                if users::known(tx, &user.id)?.is_none() {
                    users::insert(tx, crate::model::RunId(2), &[(user.clone(), hash)])?;
                }
            }
            Ok(())
        })
        .expect_err("full");
    assert_eq!(error.code(), ErrorCode::DiskFull);
    assert_eq!(fixture.ids(View::All), ["00u1"]);
    limit(1_000_000);
    fixture.sync(&many, 2);
    assert_eq!(fixture.read(users::counts).present, 1_000);
    fixture.assert_sound();
}

#[test]
fn what_lies_where_sqlite_keeps_its_own_files_is_neither_waited_for_nor_written_to() {
    for suffix in ["-wal", "-shm", "-journal"] {
        let fixture = Fixture::new();
        fixture.sync(&[user("00u1", "alice")], 1);
        fixture.directory.close().expect("close");
        let (path, other) = (fixture.path(), fixture.folder().join("other"));
        fs::write(&other, "precious").expect("a file");
        let place = fixture.folder().join(format!("okta.db{suffix}"));
        let pipe = || {
            let made = std::process::Command::new("mkfifo").arg(&place).status();
            assert!(made.expect("mkfifo").success());
        };
        let attacks: [&dyn Fn(); 3] = [
            &pipe,
            &|| fs::hard_link(&other, &place).expect("a second name"),
            &|| std::os::unix::fs::symlink(&other, &place).expect("a link"),
        ];
        for attack in attacks {
            drop(fs::remove_file(&place));
            attack();
            assert_eq!(
                code(Directory::open(&path, fold)),
                ErrorCode::DirectoryOpenFailed,
                "{suffix}"
            );
            let read = Directory::open_to_read(&path, fold, Duration::ZERO);
            assert_eq!(
                read.expect_err("refused").code(),
                ErrorCode::DirectoryOpenFailed,
                "{suffix}"
            );
        }
        assert_eq!(fs::read(&other).expect("the file"), b"precious");
        fs::remove_file(&place).expect("removed");
        Directory::open(&path, fold).expect("free again");
    }
}
