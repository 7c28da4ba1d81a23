//! The inbox on a real file: each event once, one row for each object, and nothing lost when the inbox is full.

use tempfile::TempDir;

use super::*;
use crate::clock::UnixMillis;
use crate::directory::tests::fold;
use crate::directory::{Directory, erasure};
use crate::model::{Event, Subject};

const ROOM: Capacity = Capacity(1_000);
const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

fn directory() -> (TempDir, Directory) {
    let folder = tempfile::tempdir().expect("a folder");
    let (directory, _) = Directory::open(&folder.path().join("directory.db"), fold).expect("a directory");
    (folder, directory)
}

fn event(id: &str, subject: Subject) -> Event {
    Event {
        id: id.to_owned(),
        event_type: "user.account.update_profile".to_owned(),
        at: Some(NOW),
        subjects: vec![subject],
    }
}

fn user(id: &str) -> Subject {
    Subject::User {
        okta_id: id.to_owned(),
    }
}

fn deleted(id: &str) -> Subject {
    Subject::DeletedUser {
        okta_id: id.to_owned(),
    }
}

fn take(directory: &Directory, events: &[Event]) -> Arrived {
    directory
        .write(|tx| arrive(tx, events, NOW, ROOM))
        .expect("taken in")
}

fn rows(directory: &Directory) -> Vec<InboxRow> {
    directory.read(|conn| due(conn, NOW, 10_000)).expect("rows")
}

fn waiting(directory: &Directory) -> Pending {
    directory.read(|conn| pending(conn, NOW)).expect("pending")
}

#[test]
fn a_person_whom_only_an_event_names_can_be_erased() {
    let (_folder, directory) = directory();
    take(
        &directory,
        &[event("e1", user("00u1")), event("e2", user("00u2"))],
    );
    let erase = |okta_id: &str| directory.write(|tx| erasure::erase(tx, okta_id, &[], NOW));
    assert!(erase("00unobody").is_err());
    assert!(erase("00u1").expect("erased"));
    let left: Vec<String> = rows(&directory).into_iter().map(|row| row.user_id).collect();
    assert_eq!(left, ["00u2"]);
}

#[test]
fn an_event_counts_once() {
    let (_folder, directory) = directory();
    let events = [event("e1", user("00u1")), event("e2", user("00u2"))];
    let arrived = |new, repeated| Arrived { new, repeated };
    assert_eq!(take(&directory, &events), arrived(2, 0));
    assert_eq!(take(&directory, &events), arrived(0, 2));
    assert_eq!(
        take(&directory, &events[1..]),
        arrived(0, 1),
        "by the log as well"
    );
    assert_eq!(waiting(&directory).users, 2);
    let told = directory.read(state).expect("the state");
    assert_eq!((told.events, told.repeated, told.last_event), (2, 3, Some(NOW)));
}

#[test]
fn a_thing_has_one_row_and_the_reader_of_an_older_event_removes_nothing() {
    let (_folder, directory) = directory();
    take(&directory, &[event("e1", user("00u1"))]);
    let read = rows(&directory)[0].arrival;
    take(&directory, &[event("e2", user("00u1"))]);
    directory.write(|tx| settle(tx, &[read])).expect("settled");
    let left = rows(&directory);
    assert_eq!((left.len(), left[0].event.as_str()), (1, "e2"));
    directory
        .write(|tx| settle(tx, &[left[0].arrival]))
        .expect("settled");
    assert!(rows(&directory).is_empty());
}

#[test]
fn what_was_said_to_be_deleted_stays_so_whatever_comes_after() {
    let (_folder, directory) = directory();
    take(
        &directory,
        &[event("e1", deleted("00u1")), event("e2", user("00u1"))],
    );
    let waiting = waiting(&directory);
    assert_eq!((waiting.users, waiting.deletions), (0, 1));
}

#[test]
fn a_full_inbox_becomes_one_mark_and_keeps_deletions() {
    let (_folder, directory) = directory();
    let many: Vec<Event> = (0..1_200)
        .map(|number| event(&format!("e{number}"), user(&format!("00u{number}"))))
        .collect();
    take(&directory, &[event("gone", deleted("00u_gone"))]);
    take(&directory, &many);
    let after_users = waiting(&directory);
    assert_eq!(
        (after_users.users, after_users.deletions, after_users.many),
        (0, 1, true)
    );
    assert!(!after_users.everybody);
    let gone: Vec<Event> = (0..1_200)
        .map(|number| event(&format!("g{number}"), deleted(&format!("00g{number}"))))
        .collect();
    take(&directory, &gone);
    let after_deletions = waiting(&directory);
    assert_eq!((after_deletions.deletions, after_deletions.everybody), (0, true));
    assert!(after_deletions.all <= 2, "{after_deletions:?}");
}

#[test]
fn a_listing_answers_what_came_before_it_and_no_deletion() {
    let (_folder, directory) = directory();
    take(
        &directory,
        &[event("e1", user("00u1")), event("e2", deleted("00u2"))],
    );
    let upto = rows(&directory)[1].arrival;
    take(&directory, &[event("e3", user("00u3"))]);
    let settle = |upto, seconds: u64, everybody| {
        let began = NOW.plus(std::time::Duration::from_secs(seconds));
        let settling = Settling {
            upto,
            began,
            everybody,
        };
        directory
            .write(|tx| settle_listed(tx, settling))
            .expect("settled")
    };
    assert_eq!(settle(upto, 1, false), None, "the index may not show it yet");
    assert_eq!(settle(upto, 10, false), Some(NOW));
    let left = waiting(&directory);
    assert_eq!((left.users, left.deletions), (1, 1));
    assert_eq!(settle(upto, 10, true), Some(NOW), "a full run shows who is gone");
    let left = waiting(&directory);
    assert_eq!(
        (left.users, left.deletions),
        (1, 0),
        "what came while it ran stays"
    );
}

#[test]
fn what_is_held_or_postponed_is_not_due() {
    let (_folder, directory) = directory();
    take(
        &directory,
        &[event("e1", deleted("00u1")), event("e2", deleted("00u2"))],
    );
    let found = rows(&directory);
    directory
        .write(|tx| {
            hold(tx, &[found[0].arrival])?;
            postpone(tx, found[1].arrival, UnixMillis(NOW.0 + 1))
        })
        .expect("written");
    let now = waiting(&directory);
    assert_eq!((now.is_due(), now.all, now.held), (false, 1, 1));
    let later = directory
        .read(|conn| due(conn, UnixMillis(NOW.0 + 1), 10))
        .expect("rows");
    assert_eq!((later.len(), later[0].asked), (1, 1));
}

#[test]
fn the_daily_cap_of_okta_is_counted_reported_and_made_up_for() {
    const HOUR: u64 = 3_600;
    let (_folder, directory) = directory();
    let at = |hours: u64| NOW.plus(std::time::Duration::from_secs(hours * HOUR));
    let count = |events, hours| {
        directory
            .write(|tx| count_delivered(tx, events, at(hours)))
            .expect("counted")
    };
    let today = |hours| {
        directory
            .read(|conn| delivered_today(conn, at(hours)))
            .expect("read")
    };
    assert_eq!(count(279_999, 0), CapReached::No);
    assert_eq!(count(1, 1), CapReached::Near);
    assert_eq!(count(1, 2), CapReached::No, "told once");
    assert_eq!((today(23), today(24)), (280_001, 0));
    assert_eq!(count(119_999, 3), CapReached::Reached);
    let told = directory.read(state).expect("the state");
    assert_eq!(told.gap_at, Some(at(3)));
    assert!(
        !waiting(&directory).everybody,
        "more will be lost until the day is over"
    );
    // The first event of the next day shows that Okta delivers again.
    assert_eq!(count(5, 25), CapReached::No);
    assert!(waiting(&directory).everybody);
    assert_eq!(today(25), 5);
}
