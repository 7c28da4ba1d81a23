//! Nodes that publish and follow on one folder: real directories, and files that were damaged, exchanged or lost.

mod first_run;
mod random;
mod surviving;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::{Fixture, fold, jira, user, user_with_email};
use crate::directory::increments::{follow, forget_rows_before, leave, publish, shared_tables};
use crate::directory::matches::jira_users;
use crate::directory::{Directory, matches};
use crate::model::{Followed, Following, Lookup, OktaUser, Published, SharedPublication, View};

/// The folder that all nodes share.
struct Shared(tempfile::TempDir);

impl Shared {
    fn new() -> Shared {
        Shared(tempfile::tempdir().expect("folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("increments")
    }

    fn head(&self) -> PathBuf {
        self.path().join("head.json")
    }

    fn publish(&self, node: &Fixture, note: &str) -> SharedPublication {
        publish(&node.directory, &self.path(), note, false).expect("publish")
    }

    fn follow(&self, node: &Fixture) -> Followed {
        follow(&node.directory, &self.path()).expect("follow")
    }

    /// Follows, and checks that the node then equals the publisher.
    fn follows(&self, node: &Fixture, publisher: &Fixture, how: Following) {
        assert_eq!(self.follow(node).following, how);
        assert_eq!(dump(node), dump(publisher));
        node.assert_sound();
    }

    fn files(&self, ending: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.path()).expect("folder");
        let paths = entries.map(|entry| entry.expect("entry").path());
        let mut found: Vec<PathBuf> = paths
            .filter(|path| path.extension().is_some_and(|found| found == ending))
            .collect();
        found.sort_by_key(|path| fs::metadata(path).expect("file").modified().expect("time"));
        found
    }

    /// The increment that leads to the newest state.
    fn newest_increment(&self) -> PathBuf {
        let head: serde_json::Value =
            serde_json::from_slice(&fs::read(self.head()).expect("head")).expect("JSON");
        self.path()
            .join(format!("{}.increment", head["state"].as_str().expect("state")))
    }

    fn edit_head(&self, edit: impl FnOnce(&mut serde_json::Value)) {
        let mut head = serde_json::from_slice(&fs::read(self.head()).expect("head")).expect("JSON");
        edit(&mut head);
        fs::write(self.head(), head.to_string()).expect("head");
    }
}

/// All rows that must be equal on all nodes, as SQLite writes them.
fn dump(node: &Fixture) -> BTreeMap<String, Vec<String>> {
    node.read(|conn| {
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for table in shared_tables(conn) {
            let columns: Vec<String> = conn
                .prepare("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info(?1)")?
                .query_map([&table], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            let sql = format!("SELECT {} FROM \"{table}\" ORDER BY 1", columns.join(" || ',' || "));
            let rows = conn.prepare(&sql)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            tables.insert(table, rows);
        }
        let sequences = "SELECT name || seq FROM sqlite_sequence WHERE name IN ('users', 'changes', 'jira_users') ORDER BY 1";
        let sequences = conn.prepare(sequences)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        tables.insert("sqlite_sequence".to_owned(), sequences);
        Ok(tables)
    })
}

fn org(count: u32) -> Vec<OktaUser> {
    (0..count)
        .map(|n| {
            user_with_email(
                &format!("00u{n}"),
                &format!("user{n}"),
                &format!("u{n}@example.com"),
            )
        })
        .collect()
}

fn node() -> Fixture {
    Fixture::new()
}

/// A node with users and matches that has published.
fn publisher(shared: &Shared) -> Fixture {
    let node = node();
    let users: Vec<_> = (0..20)
        .map(|n| jira(&format!("key{n}"), &format!("user{n}"), ""))
        .collect();
    node.set_jira_users(&users);
    node.sync(&org(30), 1_000);
    assert_eq!(shared.publish(&node, "first").published, Published::Base);
    node
}

#[test]
fn what_changed_is_published_and_taken_over() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let (two, three) = (node(), node());
    shared.follows(&two, &one, Following::Base);
    assert_eq!(shared.follow(&two).note, "first");

    let mut users = org(31);
    users[3] = user("00u3", "renamed");
    users.remove(7);
    one.sync(&users, 2_000);
    let publication = shared.publish(&one, "second");
    assert_eq!(publication.published, Published::Increment);
    assert!(publication.bytes < 4_000, "{publication:?}");

    shared.follows(&two, &one, Following::Increments);
    assert_eq!(
        shared.follow(&two),
        Followed {
            following: Following::Current,
            ..shared.follow(&two)
        }
    );
    assert_eq!(shared.follow(&two).note, "second");
    shared.follows(&three, &one, Following::Base);
}

#[test]
fn a_run_that_changed_nothing_costs_less_than_a_kilobyte() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let two = node();
    shared.follows(&two, &one, Following::Base);
    one.sync(&org(30), 2_000);
    let publication = shared.publish(&one, "");
    assert!(publication.bytes <= 1_000, "{publication:?}");
    shared.follows(&two, &one, Following::Increments);

    let nothing = shared.publish(&one, "");
    assert_eq!((nothing.published, nothing.rows), (Published::Nothing, 0));
    assert_eq!(shared.follow(&two).following, Following::Current);
}

#[test]
fn a_node_that_followed_can_publish_and_ids_go_on() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let two = node();
    shared.follows(&two, &one, Following::Base);
    // The user with the last number was added and deleted again, so only the sequence knows this number.
    two.sync(&org(35), 2_000);
    assert_eq!(shared.publish(&two, "").published, Published::Increment);
    shared.follows(&one, &two, Following::Increments);
    one.sync(&org(36), 3_000);
    assert_eq!(shared.publish(&one, "").published, Published::Increment);
    shared.follows(&two, &one, Following::Increments);
}

#[test]
fn what_a_follower_did_by_itself_is_taken_back() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let two = node();
    shared.follows(&two, &one, Following::Base);
    two.pin("00u25", "key0");
    two.pin("00u26", "key1");
    two.pin("00u25", "key1");
    // An interrupted run: users that readers do not see, pages, staged users.
    two.write_page(&[user("00u9", "changed"), user("00unew", "new")], 1_500);
    two.directory
        .write(|tx| {
            jira_users::remove(tx, &["key3".to_owned()])?;
            matches::rematch(tx, &two.rules).map(drop)
        })
        .expect("remove");
    one.sync(&org(31), 2_000);
    shared.publish(&one, "");
    shared.follows(&two, &one, Following::Increments);
    assert!(two.find(Lookup::OktaId("00unew")).is_none());
}

#[test]
fn unique_values_may_change_hands() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let two = node();
    shared.follows(&two, &one, Following::Base);
    one.pin("00u0", "key1");
    one.pin("00u1", "key0");
    shared.publish(&one, "");
    shared.follows(&two, &one, Following::Increments);
    one.pin("00u1", "key1");
    one.pin("00u0", "key0");
    shared.publish(&one, "");
    shared.follows(&two, &one, Following::Increments);
}

#[test]
fn a_node_with_a_directory_of_its_own_becomes_equal() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let two = node();
    // The same Okta ids and Jira keys with other numbers.
    let mut users = org(40);
    users.reverse();
    two.set_jira_users(&[jira("key5", "user1", ""), jira("other", "user2", "")]);
    two.sync(&users, 500);
    shared.follows(&two, &one, Following::Base);
}

#[test]
fn bases_are_renewed_and_old_files_go() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let two = node();
    let mut bases = 0;
    let mut random = fastrand::Rng::with_seed(7);
    for round in 0..30u32 {
        // Random text that cannot be compressed.
        let mut login = || (0..300).map(|_| random.alphanumeric()).collect::<String>();
        let users: Vec<OktaUser> = (0..30).map(|n| user(&format!("00u{n}"), &login())).collect();
        one.sync(&users, 2_000 + i64::from(round));
        let publication = shared.publish(&one, "");
        bases += u32::from(publication.published == Published::Base);
        // A node that was at the newest state before the new base still uses increments.
        if round % 3 == 2 {
            assert_eq!(
                shared.follow(&two).following,
                if round == 2 {
                    Following::Base
                } else {
                    Following::Increments
                }
            );
            assert_eq!(dump(&two), dump(&one));
        }
    }
    assert!(bases >= 3, "{bases} renewals");
    assert_eq!(shared.files("base").len(), 2);
    assert!(shared.files("increment").len() < 30);
}

#[test]
fn a_forgotten_user_is_in_no_file() {
    let shared = Shared::new();
    let one = publisher(&shared);
    one.sync(&org(31), 2_000);
    shared.publish(&one, "");
    assert_eq!(shared.files("base").len() + shared.files("increment").len(), 2);
    let publication = publish(&one.directory, &shared.path(), "", true).expect("publish");
    assert_eq!(publication.published, Published::Base);
    assert_eq!(
        (shared.files("base").len(), shared.files("increment").len()),
        (1, 0)
    );
    assert_eq!(unpublished(&one), 0);
}

#[test]
fn rows_as_they_were_are_forgotten_when_somebody_is_erased() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let two = node();
    shared.follows(&two, &one, Following::Base);
    one.sync(&org(20), 2_000);
    one.directory.write(forget_rows_before).expect("forget");
    assert_eq!(unpublished(&one), 0);
    assert_eq!(shared.follow(&one).following, Following::Current, "it is ahead");
    assert_eq!(shared.publish(&one, "").published, Published::Base);
    shared.follows(&two, &one, Following::Base);
}

#[test]
fn a_directory_that_left_the_cluster_keeps_no_earlier_rows() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let two = node();
    shared.follows(&two, &one, Following::Base);
    two.sync(&org(25), 2_000);
    assert!(unpublished(&two) > 0);
    two.directory.write(leave).expect("leave");
    two.sync(&org(20), 3_000);
    assert_eq!(unpublished(&two), 0);
    let two = reopened(two);
    two.sync(&org(15), 4_000);
    assert_eq!(unpublished(&two), 0);
    // Changes that it made alone are neither undone nor left out of its next publication.
    let alone = dump(&two);
    assert_eq!(shared.follow(&two).following, Following::Current);
    assert_eq!(dump(&two), alone);
    assert_eq!(shared.publish(&two, "").published, Published::Base);
    shared.follows(&one, &two, Following::Base);
    two.sync(&org(16), 5_000);
    assert_eq!(shared.publish(&two, "").published, Published::Increment);
    shared.follows(&one, &two, Following::Increments);
}

fn unpublished(node: &Fixture) -> i64 {
    node.read(|conn| Ok(conn.query_row("SELECT count(*) FROM unpublished", [], |row| row.get(0))?))
}

fn reopened(node: Fixture) -> Fixture {
    node.directory.close().expect("close");
    let (directory, _) = Directory::open(&node.path(), fold).expect("open");
    Fixture { directory, ..node }
}

#[test]
fn readers_see_whole_states_while_a_node_follows() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let two = node();
    shared.follows(&two, &one, Following::Base);
    one.sync(&org(200), 2_000);
    shared.publish(&one, "");
    two.directory
        .read(|conn| {
            let count = || {
                Ok::<u32, crate::contract::errors::Error>(conn.query_row(
                    "SELECT count(*) FROM present_users",
                    [],
                    |row| row.get(0),
                )?)
            };
            assert_eq!(count()?, 30);
            // The same connections are used as before: none was closed or opened.
            assert_eq!(
                follow(&two.directory, &shared.path())?.following,
                Following::Increments
            );
            assert_eq!(count()?, 30);
            Ok(())
        })
        .expect("read");
    assert_eq!(two.list(View::All).len(), 200);
}

#[test]
fn a_reopened_directory_goes_on_recording() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let two = node();
    shared.follows(&two, &one, Following::Base);
    let one = reopened(one);
    one.sync(&org(33), 2_000);
    assert_eq!(shared.publish(&one, "").published, Published::Increment);
    shared.follows(&two, &one, Following::Increments);
}

#[test]
fn a_copy_is_no_node_of_the_cluster() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let copy = one.folder().join("copy.db");
    crate::directory::store::backup::to_file(&one.directory, &copy).expect("backup");
    let (directory, _) = Directory::open(&copy, fold).expect("open");
    let copy = Fixture {
        directory,
        rules: super::default_rules(),
        folder: tempfile::tempdir().expect("folder"),
    };
    one.sync(&org(31), 2_000);
    shared.publish(&one, "");
    shared.follows(&copy, &one, Following::Base);
}
