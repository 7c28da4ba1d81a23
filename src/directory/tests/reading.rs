//! Look-ups and listings: what they find, and that the pages together return each entry exactly once.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::directory::entries;
use crate::directory::tests::searching::search_all;
use crate::directory::tests::{Fixture, jira, user, user_with_email};
use crate::model::{DirectoryEntry, Lookup, MatchState, SearchField, View};

pub(super) fn okta_id(entry: &DirectoryEntry) -> String {
    entry
        .okta
        .as_ref()
        .map(|user| user.id.clone())
        .unwrap_or_default()
}

#[test]
fn every_key_finds_the_same_entry() {
    let fixture = Fixture::new();
    fixture.set_jira_users(&[jira("J1", "alice", "other@example.com")]);
    let alice = user_with_email("00u1", "Alice", "Alice.Liddell@example.com");
    fixture.sync(&[alice.clone(), user("00u2", "bob")], 1);
    let lookups = [
        Lookup::OktaId("00u1"),
        Lookup::Login(" ALICE"),
        Lookup::Email("alice.liddell@EXAMPLE.com"),
        Lookup::JiraKey("J1"),
        Lookup::JiraUsername("aLiCe "),
    ];
    for lookup in lookups {
        let entry = fixture.find(lookup).expect("found");
        assert_eq!(entry.okta.as_ref(), Some(&alice), "{lookup:?}");
        assert_eq!(entry.jira.expect("tied").key, "J1", "{lookup:?}");
        assert_eq!(
            (entry.state, entry.rule.as_str(), entry.value.as_str()),
            (MatchState::Matched, "login=username", "alice")
        );
    }
    for lookup in [
        Lookup::OktaId("00U1"),
        Lookup::JiraKey("j1"),
        Lookup::Login("ali%"),
        Lookup::Login("alic_"),
        Lookup::JiraUsername("bob"),
        Lookup::Email("' OR 1=1 --"),
    ] {
        assert_eq!(fixture.find(lookup), None, "{lookup:?}");
    }
}

#[test]
fn of_several_the_present_one_goes_first_and_then_the_lowest_id() {
    let fixture = Fixture::new();
    let shared = "team@example.com";
    let (b, a) = (
        user_with_email("00b", "login", shared),
        user_with_email("00a", "x", shared),
    );
    fixture.sync(&[b.clone(), a], 1);
    assert_eq!(
        okta_id(&fixture.find(Lookup::Email(shared)).expect("found")),
        "00a"
    );
    let recreated = user_with_email("00z", "login", shared);
    fixture.sync(&[recreated], 2);
    assert_eq!(
        okta_id(&fixture.find(Lookup::Email(shared)).expect("found")),
        "00z"
    );
    assert_eq!(
        okta_id(&fixture.find(Lookup::Login("LOGIN")).expect("found")),
        "00z"
    );
    let twins = [jira("J1", "Twin", ""), jira("J2", "twin", "")];
    fixture.set_jira_users(&twins);
    assert_eq!(
        fixture
            .find(Lookup::JiraUsername("twin"))
            .expect("found")
            .jira
            .expect("Jira")
            .key,
        "J2"
    );
    assert_eq!(
        fixture
            .find(Lookup::JiraUsername("TWIN"))
            .expect("found")
            .jira
            .expect("Jira")
            .key,
        "J1"
    );
}

#[test]
fn a_jira_user_not_matched_yet_is_found_as_such() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice")], 1);
    let late = [jira("J1", "alice", "")];
    fixture
        .directory
        .write(|tx| crate::directory::matches::jira_users::upsert(tx, &late))
        .expect("upsert");
    let entry = fixture.find(Lookup::JiraKey("J1")).expect("found");
    assert_eq!((entry.state, entry.okta), (MatchState::JiraOnly, None));
}

/// A directory with users in every view.
pub(super) fn in_every_view() -> Fixture {
    let fixture = Fixture::new();
    // Every second user matches, every fifth shares an address with other Jira users, and every twelfth is deactivated.
    let users: Vec<_> = (0..60)
        .map(|n| {
            let email = if n % 5 == 0 { "t@e" } else { "" };
            let mut user = user_with_email(&format!("00u{n:02}"), &format!("u{n}"), email);
            if n % 12 == 0 {
                user.status = "DEPROVISIONED".to_owned();
            }
            user
        })
        .collect();
    let mut jira_users: Vec<_> = (0..30)
        .map(|n| jira(&format!("J{n}"), &format!("u{}", n * 2), ""))
        .collect();
    jira_users.extend((30..50).map(|n| {
        jira(
            &format!("J{n}"),
            &format!("j{n}"),
            if n % 2 == 0 { "t@e" } else { "" },
        )
    }));
    fixture.set_jira_users(&jira_users);
    fixture.sync(&users, 1);
    fixture.sync(&users[..50], 2);
    fixture
}

#[test]
fn every_view_pages_through_everybody_once() {
    let fixture = in_every_view();
    let counts = fixture.read(crate::directory::matches::counts);
    let is_orphaned = |entry: &&DirectoryEntry| {
        let deactivated = entry
            .okta
            .as_ref()
            .is_some_and(|user| user.status == "DEPROVISIONED");
        deactivated && entry.jira.as_ref().is_some_and(|user| user.active)
    };
    let orphaned = fixture.list(View::Matched).iter().filter(is_orphaned).count() as u64;
    for view in View::ALL {
        let whole = fixture.list(view);
        let expected = match view {
            View::Matched => counts.matched,
            View::OktaOnly => counts.okta_only,
            View::JiraOnly => counts.jira_only,
            View::Ambiguous => counts.okta_ambiguous,
            View::JiraAmbiguous => counts.jira_ambiguous,
            View::All => 50,
            View::Absent => 10,
            View::Deactivated => 5,
            View::Orphaned => orphaned,
        };
        assert!(
            expected > 0 && whole.len() as u64 == expected,
            "{view:?} {expected} {}",
            whole.len()
        );
        let mut paged: Vec<DirectoryEntry> = Vec::new();
        loop {
            let after = paged.last().map_or(0, |entry| entry.cursor);
            let page = fixture.read(|conn| entries::list(conn, view, after, 7));
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        assert_eq!(paged, whole, "{view:?}");
        assert!(
            paged.windows(2).all(|pair| pair[0].cursor < pair[1].cursor),
            "{view:?}"
        );
        let jira_side = matches!(view, View::JiraOnly | View::JiraAmbiguous);
        assert!(
            whole.iter().all(|entry| entry.okta.is_none() == jira_side),
            "{view:?}"
        );
        assert!(
            whole
                .iter()
                .all(|entry| entry.absent_since.is_some() == (view == View::Absent)),
            "{view:?}"
        );
    }
    assert_eq!(fixture.read(|conn| entries::list(conn, View::All, 0, 0)), []);
    fixture.assert_sound();
}

#[test]
fn a_listing_under_way_misses_nobody_who_stays() {
    let fixture = Fixture::new();
    let steady: Vec<_> = (0..300)
        .map(|n| user(&format!("00s{n}"), &format!("steady{n:03}")))
        .collect();
    fixture.sync(&steady, 1);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Other users come and go, and everybody's row is rewritten again and again.
            for round in 2_i64.. {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let mut users = steady.clone();
                users
                    .iter_mut()
                    .for_each(|user| user.status = format!("ROUND {round}"));
                users.extend((0..20).map(|n| user(&format!("00x{round}-{n}"), &format!("steady0{round}"))));
                fixture.sync(&users, round);
            }
        });
        for _ in 0..10 {
            let mut listed = Vec::new();
            let mut after = 0;
            loop {
                let page = fixture.read(|conn| entries::list(conn, View::All, after, 17));
                let Some(last) = page.last() else { break };
                after = last.cursor;
                listed.extend(page.iter().map(okta_id));
            }
            assert_once_each(&listed);
            assert_once_each(&search_all(&fixture, View::All, SearchField::Login, "steady", 17));
        }
        stop.store(true, Ordering::SeqCst);
    });
}

/// Every user that stayed is there, and no user is there twice.
fn assert_once_each(ids: &[String]) {
    let different: BTreeSet<_> = ids.iter().collect();
    assert_eq!(different.len(), ids.len(), "somebody came twice");
    assert_eq!(
        ids.iter().filter(|id| id.starts_with("00s")).count(),
        300,
        "somebody is missing"
    );
}
