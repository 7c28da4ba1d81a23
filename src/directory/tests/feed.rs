//! The change feed: it is read in both directions and loses its oldest entries.

use serde_json::value::RawValue;

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::directory::Transaction;
use crate::directory::runs::changes;
use crate::directory::tests::Fixture;
use crate::model::{Change, ChangeFilter, ChangeKind, FieldChange, RunId};

fn write<T>(fixture: &Fixture, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> T {
    fixture.directory.write(work).expect("write")
}

#[test]
fn the_feed_is_read_by_position_and_by_user() {
    let fixture = Fixture::new();
    let raw = |json: &str| RawValue::from_string(json.to_owned()).expect("JSON");
    let fields = [FieldChange {
        field: "profile.n".into(),
        from: raw("null"),
        to: raw("1.10"),
    }];
    for (okta_id, kind) in [
        ("a", ChangeKind::Added),
        ("b", ChangeKind::Added),
        ("a", ChangeKind::Updated),
    ] {
        write(&fixture, |tx| {
            changes::append(tx, RunId(4), UnixMillis(7), okta_id, kind, &fields)
        });
    }
    let read = |position, okta_id, limit| -> Vec<Change> {
        fixture.read(|conn| changes::after(conn, position, okta_id, limit))
    };
    let positions = |changes: Vec<Change>| changes.iter().map(|change| change.position).collect::<Vec<_>>();
    assert_eq!(positions(read(0, None, 2)), [1, 2]);
    assert_eq!(positions(read(2, None, 2)), [3]);
    assert_eq!(positions(read(0, Some("a"), 9)), [1, 3]);
    assert_eq!(positions(read(1, Some("a"), 9)), [3]);
    assert_eq!(positions(read(0, Some("c"), 9)), [] as [i64; 0]);
    let change = &read(2, None, 1)[0];
    assert_eq!(
        (change.run, change.at, change.kind),
        (RunId(4), UnixMillis(7), ChangeKind::Updated)
    );
    assert_eq!(
        (change.fields[0].from.get(), change.fields[0].to.get()),
        ("null", "1.10")
    );
}

#[test]
fn the_feed_is_read_backwards_by_user_run_and_time() {
    let fixture = Fixture::new();
    let none: Vec<Change> = fixture.read(|conn| {
        changes::before(
            conn,
            None,
            ChangeFilter {
                run: Some(RunId(1)),
                ..ChangeFilter::default()
            },
            9,
        )
    });
    assert!(none.is_empty(), "an empty feed has no run");
    for (run, at, okta_id) in [
        (2, 20, "a"),
        (2, 20, "b"),
        (4, 40, "a"),
        (4, 40, "c"),
        (4, 40, "b"),
        (7, 70, "a"),
    ] {
        write(&fixture, |tx| {
            changes::append(tx, RunId(run), UnixMillis(at), okta_id, ChangeKind::Updated, &[])
        });
    }
    // The oldest entry was removed.
    assert_eq!(
        write(&fixture, |tx| Ok(
            tx.execute("DELETE FROM changes WHERE position = 1", [])?
        )),
        1
    );
    let read = |before: Option<i64>, filter: ChangeFilter<'_>, limit: u64| -> Vec<i64> {
        let changes: Vec<Change> = fixture.read(|conn| changes::before(conn, before, filter, limit));
        changes.iter().map(|change| change.position).collect()
    };
    let all = ChangeFilter::default();
    assert_eq!(read(None, all, 2), [6, 5]);
    assert_eq!(read(Some(5), all, 9), [4, 3, 2]);
    let of_user = ChangeFilter {
        okta_id: Some("a"),
        ..all
    };
    assert_eq!(read(None, of_user, 9), [6, 3]);
    for (run, positions) in [
        (1, vec![]),
        (2, vec![2]),
        (3, vec![]),
        (4, vec![5, 4, 3]),
        (7, vec![6]),
        (9, vec![]),
    ] {
        assert_eq!(
            read(
                None,
                ChangeFilter {
                    run: Some(RunId(run)),
                    ..all
                },
                9
            ),
            positions,
            "run {run}"
        );
    }
    let between = ChangeFilter {
        since: Some(UnixMillis(40)),
        until: Some(UnixMillis(70)),
        ..all
    };
    assert_eq!(read(None, between, 9), [5, 4, 3]);
    assert_eq!(
        read(
            None,
            ChangeFilter {
                okta_id: Some("b"),
                ..between
            },
            9
        ),
        [5]
    );
}

#[test]
fn the_feed_is_cut_at_its_old_end_and_positions_are_not_reused() {
    let fixture = Fixture::new();
    // The clock was set back once: the third entry is older than the second.
    for at in [10, 30, 20, 40] {
        write(&fixture, |tx| {
            changes::append(tx, RunId(1), UnixMillis(at), "a", ChangeKind::Updated, &[])
        });
    }
    let positions = || -> Vec<i64> {
        let changes: Vec<Change> = fixture.read(|conn| changes::after(conn, 0, None, 9));
        changes.iter().map(|change| change.position).collect()
    };
    assert_eq!(write(&fixture, |tx| changes::prune(tx, UnixMillis(25))), 1);
    assert_eq!(positions(), [2, 3, 4], "no hole");
    assert_eq!(write(&fixture, |tx| changes::prune(tx, UnixMillis(99))), 3);
    let next = write(&fixture, |tx| {
        changes::append(tx, RunId(1), UnixMillis(1), "a", ChangeKind::Added, &[])
    });
    assert_eq!((next, positions()), (5, vec![5]));
}
