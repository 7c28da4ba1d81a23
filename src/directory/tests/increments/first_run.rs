//! Nodes that publish or follow during their first run.

use super::{Shared, node, org, publisher};
use crate::directory::store::key_indexes;
use crate::directory::tests::Fixture;
use crate::directory::{Connection, entries};
use crate::model::{Following, RunId, SearchField, View};

/// A node in its first run, which left out the key indexes of users.
fn filling() -> (Fixture, RunId) {
    let node = node();
    node.directory.write(key_indexes::leave_out).expect("leave out");
    let run = node.write_page(&org(10), 500);
    (node, run)
}

fn found_by_login(node: &Fixture) -> usize {
    let search = |conn: &Connection| entries::search(conn, View::All, SearchField::Login, "user", None, 100);
    node.read(search).entries.len()
}

#[test]
fn a_node_in_its_first_run_has_its_indexes_once_it_follows() {
    let shared = Shared::new();
    let one = publisher(&shared);
    let (two, _) = filling();
    shared.follows(&two, &one, Following::Base);
    assert_eq!(found_by_login(&two), 30);

    // One node ends the run that another node began and published.
    let shared = Shared::new();
    let (one, run) = filling();
    shared.publish(&one, "");
    let two = node();
    shared.follows(&two, &one, Following::Base);
    two.publish(run, 1_000);
    shared.publish(&two, "");
    shared.follows(&one, &two, Following::Increments);
    assert_eq!(found_by_login(&one), 10);
}
