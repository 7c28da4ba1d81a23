//! The changes of a run are visible when the run is published, and not before.

use crate::clock::UnixMillis;
use crate::directory::org;
use crate::directory::runs::{self, changes};
use crate::directory::tests::{Fixture, json, user, user_with};
use crate::directory::{content_hash, users};
use crate::model::{Change, ChangeKind, Lookup, MatchState, OktaUser, RunId, SearchField, View};

fn login_of(fixture: &Fixture, id: &str) -> Option<String> {
    fixture.find(Lookup::OktaId(id))?.okta?.profile.text("login")
}

fn feed(fixture: &Fixture) -> Vec<(String, ChangeKind)> {
    let changes: Vec<Change> = fixture.read(|conn| changes::after(conn, 0, None, 1_000));
    changes
        .into_iter()
        .map(|change| (change.okta_id, change.kind))
        .collect()
}

#[test]
fn new_and_changed_users_are_hidden_until_published() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice"), user("00u2", "bob")], 1);
    let run = fixture.write_page(
        &[user("00u1", "alicia"), user("00u2", "bob"), user("00u3", "carol")],
        2,
    );
    assert_eq!(fixture.ids(View::All), ["00u1", "00u2"]);
    assert_eq!(login_of(&fixture, "00u1").as_deref(), Some("alice"));
    for hidden in [
        Lookup::OktaId("00u3"),
        Lookup::Login("carol"),
        Lookup::Login("alicia"),
    ] {
        assert_eq!(fixture.find(hidden), None);
    }
    let search = |prefix| {
        fixture.read(|conn| {
            crate::directory::entries::search(conn, View::All, SearchField::Login, prefix, None, 10)
        })
    };
    assert_eq!(search("carol").entries.len(), 0);
    assert_eq!(fixture.read(users::counts).present, 2);
    let mut arrived = Vec::new();
    fixture.read(|conn| {
        users::each_inserted(conn, run, |user| {
            arrived.push(user.okta_id.to_owned());
            Ok(())
        })
    });
    assert_eq!(arrived, ["00u3"]);
    fixture.assert_sound();
    fixture.publish(run, 3);
    assert_eq!(fixture.ids(View::All), ["00u1", "00u2", "00u3"]);
    assert_eq!(login_of(&fixture, "00u1").as_deref(), Some("alicia"));
    assert_eq!(fixture.find(Lookup::Login("alice")), None);
    assert_eq!(search("carol").entries.len(), 1);
    fixture.assert_sound();
}

#[test]
fn what_is_staged_comes_back_with_what_was() {
    let fixture = Fixture::new();
    let mut before = user("00u1", "alice");
    before.last_login = Some(UnixMillis(5));
    fixture.sync(&[before.clone(), user("00u2", "bob")], 1);
    let mut after = before.clone();
    after.status = "SUSPENDED".into();
    after.type_id = Some("oty1".into());
    after.created = Some(UnixMillis(-1));
    let run = fixture.write_page(&[after.clone(), user("00u2", "bob")], 2);
    let mut staged = Vec::new();
    fixture.read(|conn| {
        users::each_staged(conn, run, |user| {
            staged.push(user);
            Ok(())
        })
    });
    assert_eq!(staged.len(), 1, "the unchanged user was not written");
    assert_eq!(
        (&staged[0].before, &staged[0].after, staged[0].absent),
        (&before, &after, false)
    );
    assert_eq!(staged[0].hash_before, content_hash(&staged[0].before));
    assert_eq!(staged[0].hash_after, content_hash(&after));
    let known = fixture.read(|conn| users::known(conn, "00u1")).expect("known");
    assert_eq!(known.staged, Some(content_hash(&after)));
    assert_eq!(known.content_hash, content_hash(&before));
    fixture
        .directory
        .write(|tx| users::unstage(tx, known.user_no))
        .expect("unstage");
    let known = fixture.read(|conn| users::known(conn, "00u1")).expect("known");
    assert_eq!(known.staged, None);
}

#[test]
fn a_user_sent_twice_in_one_run_is_there_once_with_the_last_content() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice")], 1);
    let twice = [
        user("00u1", "a"),
        user("00u2", "b"),
        user("00u1", "alicia"),
        user("00u2", "bob"),
    ];
    fixture.sync(&twice, 2);
    assert_eq!(login_of(&fixture, "00u1").as_deref(), Some("alicia"));
    assert_eq!(login_of(&fixture, "00u2").as_deref(), Some("bob"));
    assert_eq!(fixture.read(users::counts).present, 2);
    fixture.assert_sound();
}

#[test]
fn a_dropped_run_leaves_no_trace() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice"), user("00u2", "bob")], 1);
    let digest = fixture.read(users::digest);
    let run = fixture.write_page(&[user("00u1", "alicia"), user("00u3", "carol")], 2);
    fixture
        .directory
        .write(|tx| users::drop_unpublished(tx, run))
        .expect("drop");
    assert_eq!(fixture.read(|conn| users::known(conn, "00u3")), None);
    assert_eq!(
        fixture
            .read(|conn| users::known(conn, "00u1"))
            .expect("known")
            .staged,
        None
    );
    assert_eq!(fixture.read(users::digest), digest);
    let published = fixture.read(org::get).published_run;
    fixture
        .directory
        .write(|tx| users::drop_unpublished(tx, published))
        .expect("nothing to drop");
    assert_eq!(fixture.read(users::counts).present, 2);
    fixture.assert_sound();
}

#[test]
fn users_become_absent_return_and_are_erased() {
    let fixture = Fixture::new();
    let (alice, bob) = (user("00u1", "alice"), user("00u2", "bob"));
    fixture.sync(&[alice.clone(), bob.clone()], 10);
    fixture.sync(std::slice::from_ref(&alice), 20);
    let counts = fixture.read(users::counts);
    assert_eq!((counts.present, counts.absent), (1, 1));
    assert_eq!(
        (fixture.ids(View::All), fixture.ids(View::Absent)),
        (vec!["00u1".into()], vec!["00u2".to_owned()])
    );
    let gone = fixture.find(Lookup::Login("bob")).expect("still known");
    assert_eq!(
        (gone.absent_since, gone.state),
        (Some(UnixMillis(20)), MatchState::OktaOnly)
    );
    fixture.sync(&[alice.clone(), bob.clone()], 30);
    assert_eq!(
        fixture.find(Lookup::Login("bob")).expect("back").absent_since,
        None
    );
    fixture.sync(std::slice::from_ref(&alice), 40);
    fixture.sync(&[alice], 50);
    let purge = |before| {
        fixture
            .directory
            .write(|tx| users::purge_absent(tx, UnixMillis(before)))
            .expect("purge")
    };
    assert_eq!(purge(40), Vec::<String>::new(), "absent since 40, not before");
    assert_eq!(purge(41), ["00u2"]);
    assert_eq!(fixture.find(Lookup::OktaId("00u2")), None);
    use ChangeKind::{Absent, Added, Returned};
    let expected = [
        ("00u1", Added),
        ("00u2", Added),
        ("00u2", Absent),
        ("00u2", Returned),
        ("00u2", Absent),
    ];
    assert_eq!(feed(&fixture), expected.map(|(id, kind)| (id.to_owned(), kind)));
    fixture.assert_sound();
}

#[test]
fn a_user_who_returns_with_new_content_is_published_once() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice"), user("00u2", "bob")], 1);
    fixture.sync(&[user("00u1", "alice")], 2);
    let run = fixture.write_page(&[user("00u1", "alice"), user("00u2", "robert")], 3);
    let mut absent = Vec::new();
    fixture.read(|conn| {
        users::each_staged(conn, run, |staged| {
            absent.push((staged.after.id, staged.absent));
            Ok(())
        })
    });
    assert_eq!(absent, [("00u2".to_owned(), true)]);
    fixture.publish(run, 3);
    assert_eq!(login_of(&fixture, "00u2").as_deref(), Some("robert"));
    assert_eq!(fixture.read(users::counts).present, 2);
    fixture.assert_sound();
}

#[test]
fn numbers_are_not_reused_so_a_returning_id_is_a_new_user() {
    let fixture = Fixture::new();
    fixture.sync(&[user("00u1", "alice"), user("00u2", "bob")], 1);
    let first = fixture
        .read(|conn| users::known(conn, "00u2"))
        .expect("known")
        .user_no;
    fixture.sync(&[user("00u1", "alice")], 2);
    fixture
        .directory
        .write(|tx| users::purge_absent(tx, UnixMillis(9)))
        .expect("purge");
    fixture.sync(&[user("00u1", "alice"), user("00u2", "bob")], 3);
    let second = fixture
        .read(|conn| users::known(conn, "00u2"))
        .expect("known")
        .user_no;
    assert!(second > first);
}

#[test]
fn equal_directories_have_equal_digests_however_they_came_about() {
    let (one, other) = (Fixture::new(), Fixture::new());
    let users = [user("00u1", "alice"), user("00u2", "bob"), user("00u3", "carol")];
    one.sync(&users, 1);
    other.sync(&[user("00u3", "caroline"), user("00u4", "dave")], 1);
    other.sync(&[users[2].clone(), users[0].clone()], 2);
    other.sync(&[users[1].clone(), users[0].clone(), users[2].clone()], 3);
    let digest = one.read(users::digest);
    assert_eq!(other.read(users::digest), digest);
    assert_eq!(other.read(org::get).digest, Some(digest));
    other.sync(&users[..2], 4);
    assert_ne!(other.read(users::digest), digest);
}

#[test]
fn everything_of_a_user_comes_back_as_it_was() {
    let fixture = Fixture::new();
    let time = |millis| Some(UnixMillis(millis));
    let profile = [
        ("login", json(" Ünïcödé@Example.com ")),
        ("firstName", json("İpek")),
        ("emoji", json("👩‍💻 \u{0} \"quoted\"")),
        ("big", "12345678901234567890123.10".to_owned()),
        ("list", "[1,null,{\"a\":[]}]".to_owned()),
        ("nothing", "null".to_owned()),
    ];
    let profile: Vec<(&str, &str)> = profile
        .iter()
        .map(|(name, json)| (*name, json.as_str()))
        .collect();
    let full = OktaUser {
        status: "A STATUS OF TOMORROW".into(),
        type_id: Some("oty1".into()),
        realm_id: Some(String::new()),
        created: time(0),
        activated: time(-1),
        status_changed: time(i64::MAX),
        last_login: time(i64::MIN),
        last_updated: time(1),
        password_changed: None,
        ..user_with("00u1", &profile)
    };
    let bare = OktaUser {
        status: String::new(),
        ..user_with("00u2", &[])
    };
    let odd = user_with(
        "00u3",
        &[("login", "17"), ("email", "null"), ("displayName", "[\"x\"]")],
    );
    fixture.sync(&[full.clone(), bare.clone(), odd.clone()], 1);
    let listed: Vec<OktaUser> = fixture
        .list(View::All)
        .into_iter()
        .filter_map(|entry| entry.okta)
        .collect();
    assert_eq!(listed, [full, bare, odd]);
    fixture.assert_sound();
}

#[test]
fn attributes_are_counted_by_any_name() {
    let fixture = Fixture::new();
    fixture.sync(
        &[
            user_with(
                "00u1",
                &[("a.b", "1"), ("a", "{\"b\":1}"), ("q\"", "\"\""), ("n", "null")],
            ),
            user_with("00u2", &[("a.b", "false"), ("q\"", "null")]),
            user_with("00u3", &[]),
        ],
        1,
    );
    fixture.write_page(&[user_with("00u4", &[("a.b", "1")])], 2);
    for (name, count) in [("a.b", 2), ("a", 1), ("q\"", 1), ("n", 0), ("", 0), ("$", 0)] {
        assert_eq!(
            fixture.read(|conn| users::count_with_attribute(conn, name)),
            count,
            "{name}"
        );
    }
}

#[test]
fn the_row_about_the_org_comes_back() {
    let fixture = Fixture::new();
    let empty = fixture.read(org::get);
    assert_eq!(
        (empty.org_id.as_str(), empty.published_run, empty.digest),
        ("", RunId(0), None)
    );
    fixture.sync(&[user("00u1", "alice")], 7);
    let about = fixture.read(org::get);
    assert_eq!((about.org_id.as_str(), about.published_run), ("00o1", RunId(1)));
    assert_eq!(about.fresh_as_of, Some(UnixMillis(7)));
    let report = fixture.read(|conn| runs::get(conn, RunId(1))).expect("report");
    assert_eq!(report.finished, about.fresh_as_of);
}
