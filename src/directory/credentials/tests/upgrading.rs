//! Opens a directory of an engine that did not store credentials yet.

use std::fs;

use super::{Fixture, app};
use crate::directory::Directory;
use crate::directory::entries::{self, statistics};
use crate::directory::store::backup;
use crate::model::{Lookup, TokenStore, View};

/// A directory of that engine: 12 Okta users, 8 Jira users, one run.
const BEFORE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/fixtures/directory_schema_1.db"
);

#[test]
fn a_directory_from_before_opens_and_upgrades() {
    let folder = tempfile::tempdir().expect("folder");
    fs::copy(BEFORE, folder.path().join("okta.db")).expect("copy");
    let fixture = Fixture::at(folder, None);
    let found = fixture.directory.read(statistics::read).expect("statistics");
    assert_eq!((found.okta_users, found.jira_users), (12, 8));
    assert!(found.schema_version >= 2);
    let list = |directory: &Directory| {
        directory
            .read(|conn| entries::list(conn, View::Matched, 0, 100))
            .expect("list")
    };
    let matched = list(&fixture.directory);
    assert_eq!(matched.len(), 8);
    let id = matched[0].okta.as_ref().expect("an Okta user").id.clone();
    let one = fixture
        .directory
        .read(|conn| entries::find(conn, Lookup::OktaId(&id)));
    assert!(one.expect("find").is_some());
    assert_eq!(fixture.store.load().expect("nothing yet"), None);
    fixture.store.replace(&mut app()).expect("save");
    let fixture = fixture.reopened(None);
    assert!(fixture.store.load().expect("load").is_some());
    assert_eq!(list(&fixture.directory).len(), 8);
    let copy = fixture.path("copy.db");
    backup::to_file(&fixture.directory, &copy).expect("backup");
}
