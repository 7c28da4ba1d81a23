//! SIGKILL at many random moments of the pass over the groups: every next attempt goes on with the groups
//! that are left, and the result equals that of an uninterrupted pass.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use okta_profiles::engine::Engine;
use okta_sim::OktaSim;

use crate::fixture::{Fixture, QUICK, settings_of};
use crate::groups::{assert_groups_equal, with_groups};
use crate::kill::{spawn_sync, wait_for_requests};

const KILLS: u32 = 60;

/// How far the pass is, read past the engine.
#[derive(Default)]
struct Stand {
    /// Groups whose members are all there.
    done: BTreeSet<String>,
    /// Groups of which pages were read.
    begun: BTreeSet<String>,
}

fn stand(directory: &Path) -> Stand {
    let conn = rusqlite::Connection::open(directory).unwrap();
    let ids = |condition: &str| {
        let sql = format!("SELECT okta_id FROM groups WHERE everyone = 0 AND {condition}");
        let mut statement = conn.prepare(&sql).unwrap();
        let ids = statement.query_map([], |row| row.get(0)).unwrap();
        ids.map(Result::unwrap).collect()
    };
    Stand {
        done: ids("members_due = 0"),
        begun: ids("members_due = 1 AND members_cursor IS NOT NULL"),
    }
}

/// The group whose members a request asks for, and whether it is the first page of them.
fn members_asked(path_and_query: &str) -> Option<(String, bool)> {
    let (id, query) = path_and_query
        .strip_prefix("/api/v1/groups/")?
        .split_once("/users?")?;
    Some((id.to_owned(), !query.contains("after=")))
}

/// Every group with its members, however they are numbered.
fn content(directory: &Path) -> BTreeMap<String, (Option<u32>, bool, Vec<String>)> {
    let conn = rusqlite::Connection::open(directory).unwrap();
    let staged: u32 = conn
        .query_row("SELECT count(*) FROM group_members_staged", [], |row| row.get(0))
        .unwrap();
    assert_eq!(staged, 0, "an ended pass leaves members staged");
    let mut statement = conn
        .prepare(
            "SELECT okta_id, member_count, members_due,
                    (SELECT group_concat(m.okta_id) FROM group_members AS m WHERE m.group_no = g.group_no)
               FROM groups AS g",
        )
        .unwrap();
    let rows = statement.query_map([], |row| {
        let members: Option<String> = row.get(3)?;
        let mut members: Vec<String> = members
            .iter()
            .flat_map(|ids| ids.split(','))
            .map(str::to_owned)
            .collect();
        members.sort();
        Ok((row.get(0)?, (row.get(1)?, row.get(2)?, members)))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn sixty_kills_leave_the_groups_of_an_uninterrupted_pass() {
    let sim = OktaSim::builder()
        .users(3_000)
        .groups(400)
        .seed(77)
        .latency(Duration::from_millis(2))
        .start()
        .unwrap();
    let users_only = Fixture::connected(&sim, QUICK);
    users_only.sync().unwrap();
    users_only.engine.close().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let uninterrupted = folder.path().join("uninterrupted.db");
    let killed = folder.path().join("killed.db");
    for copy in [&uninterrupted, &killed] {
        std::fs::copy(users_only.file(), copy).unwrap();
    }
    let spawn = |directory: &Path| spawn_sync(&sim, directory, "delta", &["groups.sync=on"]);
    assert!(spawn(&uninterrupted).wait().unwrap().success());
    let expected = content(&uninterrupted);

    let mut random = fastrand::Rng::with_seed(77);
    let (mut kills, mut between, mut within) = (0, 0, 0);
    while kills < KILLS {
        let before = stand(&killed);
        sim.clear_requests();
        let mut child = spawn(&killed);
        wait_for_requests(&sim, &mut child, random.usize(1..20));
        std::thread::sleep(Duration::from_micros(random.u64(0..8_000)));
        let ended = child.try_wait().unwrap().is_some();
        child.kill().unwrap();
        child.wait().unwrap();
        for (group, first_page) in sim
            .requests()
            .iter()
            .filter_map(|asked| members_asked(&asked.path_and_query))
        {
            assert!(
                !before.done.contains(&group),
                "a group was read again after kill {kills}"
            );
            assert!(
                !(first_page && before.begun.contains(&group)),
                "a group was begun anew after kill {kills}"
            );
        }
        if ended {
            assert_eq!(content(&killed), expected);
            std::fs::copy(users_only.file(), &killed).unwrap();
            continue;
        }
        kills += 1;
        let after = stand(&killed);
        assert!(after.done.is_superset(&before.done), "kill {kills} undid a group");
        between += u32::from(after.done.len() > before.done.len());
        within += u32::from(!after.begun.is_empty());
    }
    eprintln!("{kills} kills: {between} after groups were done, {within} within groups");
    assert!(
        between > KILLS / 3,
        "only {between} kills struck among the groups"
    );
    assert!(within > KILLS / 6, "only {within} kills struck within a group");
    assert!(spawn(&killed).wait().unwrap().success());
    assert_eq!(content(&killed), expected);
    let engine = Engine::open(&killed, settings_of(&with_groups(&[]))).unwrap();
    assert_groups_equal(&engine, &sim);
    let integrity = engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}");
    engine.close().unwrap();
}
