//! Deliveries and log entries as Okta's documentation and recorded traffic show them, and what is none.

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::*;
use crate::clock::UnixMillis;
use crate::model::{Event, Subject};

const USER: &str = "00u1aaaaaaaaaaaaa001";
const GROUP: &str = "00g1aaaaaaaaaaaaa001";

fn user() -> Value {
    json!({"id": USER, "type": "User", "alternateId": "user0001@example.com", "displayName": "User 0001",
           "detailEntry": null})
}

fn group() -> Value {
    json!({"id": GROUP, "type": "UserGroup", "alternateId": "unknown", "displayName": "Group 0001",
           "detailEntry": null})
}

/// An entry with everything that Okta's own sample has.
fn entry(event_type: &str, target: &Value) -> Value {
    json!({
        "uuid": "f1d0b993-0000-11ee-a688-000000000001", "published": "2026-01-26T21:05:32.159Z",
        "eventType": event_type, "version": "0", "displayMessage": "shown", "severity": "INFO",
        "client": {"userAgent": null, "zone": "null", "device": null, "id": null, "ipAddress": null,
                   "geographicalContext": null, "ipChain": []},
        "device": null,
        "actor": {"id": "00u1aaaaaaaaaaaaa900", "type": "User", "alternateId": "admin0001@example.com",
                  "displayName": "Admin 0001", "detailEntry": null},
        "outcome": {"result": "SUCCESS", "reason": null},
        "target": target,
        "transaction": {"type": "WEB", "id": "ZCCzm8j2wTvzwele2NwLnwAADSc", "detail": {}},
        "debugContext": {"debugData": {"requestId": "ZCCzm8j2wTvzwele2NwLnwAADSc"}},
        "legacyEventType": "core.user_group_member.user_add",
        "authenticationContext": {"authenticationStep": 0},
        "securityContext": {"asNumber": null, "isProxy": null}, "insertionTimestamp": null,
    })
}

fn delivery(events: &Value) -> Value {
    json!({
        "eventType": "com.okta.event_hook", "eventTypeVersion": "1.0", "cloudEventsVersion": "0.1",
        "source": "https://example.okta.com/api/v1/eventHooks/who1aaaaaaaaaaaaa001",
        "eventId": "85b60edb-0000-4000-8000-000000000001", "eventTime": "2026-01-26T21:05:33.000Z",
        "contentType": "application/json", "data": {"events": events},
    })
}

fn read(entry: &Value) -> Event {
    let raw = RawValue::from_string(entry.to_string()).expect("JSON");
    read_log_entry(&raw).expect("an event")
}

fn subjects(event_type: &str, target: &Value) -> Vec<Subject> {
    read(&entry(event_type, target)).subjects
}

fn moved(okta_id: &str) -> Subject {
    Subject::User {
        okta_id: okta_id.to_owned(),
    }
}

fn membership() -> Subject {
    Subject::Membership {
        group_id: GROUP.to_owned(),
        user_id: USER.to_owned(),
    }
}

#[test]
fn a_delivery_is_read_as_the_same_entries_in_the_log_are() {
    let entries = [
        entry("group.user_membership.add", &json!([user(), group()])),
        entry("user.lifecycle.suspend", &json!([user()])),
        entry("user.session.start", &json!([user()])),
    ];
    let body = delivery(&json!(entries)).to_string();
    for body in [
        body.clone().into_bytes(),
        [b"\xef\xbb\xbf", body.as_bytes()].concat(),
    ] {
        let read_ones = read_delivery(&body).expect("a delivery");
        assert_eq!(read_ones.delivery_id, "85b60edb-0000-4000-8000-000000000001");
        assert_eq!(read_ones.unreadable, 0);
        assert_eq!(read_ones.events, entries.iter().map(read).collect::<Vec<_>>());
    }
    let event = read(&entries[0]);
    assert_eq!(event.id, "f1d0b993-0000-11ee-a688-000000000001");
    assert_eq!(event.at, UnixMillis::parse("2026-01-26T21:05:32.159Z"));
    assert_eq!(event.subjects, [membership()]);
    assert!(read(&entries[2]).subjects.is_empty(), "a type of no interest");
}

#[test]
fn names_in_another_character_set_spoil_nothing() {
    let body = delivery(&json!([entry("user.lifecycle.suspend", &json!([user()]))])).to_string();
    let mut latin = body.clone().into_bytes();
    let at = body.find("User 0001").expect("a name");
    latin[at] = 0xfc;
    let read = read_delivery(&latin).expect("a delivery");
    assert_eq!(read, read_delivery(body.as_bytes()).expect("a delivery"));
}

#[test]
fn each_type_says_what_the_table_says() {
    let both = json!([group(), user()]);
    let group_id = || GROUP.to_owned();
    for known in EVENT_TYPES {
        let expected = match known.says {
            Says::Users => moved(USER),
            Says::DeletedUsers => Subject::DeletedUser {
                okta_id: USER.to_owned(),
            },
            Says::Groups => Subject::Group { group_id: group_id() },
            Says::DeletedGroups => Subject::DeletedGroup { group_id: group_id() },
            Says::Memberships => membership(),
            Says::Members => Subject::Members { group_id: group_id() },
            Says::Schema => Subject::Schema,
            Says::Many => Subject::Many,
        };
        assert_eq!(subjects(known.name, &both), [expected], "{}", known.name);
    }
}

#[test]
fn only_successes_count_in_any_case_of_letters() {
    let mut told = entry("user.lifecycle.create", &json!([user()]));
    for (outcome, counts) in [
        (json!({"result": "SUCCESS"}), true),
        (json!({"result": "Success", "reason": null}), true),
        (json!({"result": "FAILURE", "reason": "no"}), false),
        (json!({"result": "SKIPPED"}), false),
        (json!({"result": "DEFERRED"}), false),
        (json!({"result": "something new"}), false),
        (json!({}), true),
        (json!(null), true),
        (json!("SUCCESS"), true),
    ] {
        told["outcome"] = outcome.clone();
        assert_eq!(!read(&told).subjects.is_empty(), counts, "{outcome}");
    }
}

#[test]
fn a_preview_of_the_administrators_page_is_understood() {
    let preview = json!({
        "uuid": "b1d0b993-0000-11ee-a688-000000000001", "published": "2026-01-26T21:05:32.159Z",
        "eventType": "User.Lifecycle.Create", "version": "0", "displayMessage": "Create user", "severity": "INFO",
        "client": null, "actor": null, "outcome": {"result": "Success"}, "target": null,
        "transaction": {"type": null}, "debugContext": null, "securityContext": null,
    });
    let event = read(&preview);
    assert_eq!(event.event_type, "User.Lifecycle.Create");
    assert!(event.subjects.is_empty());
    let mut with_target = preview;
    with_target["target"] = json!([{"id": USER, "type": "user"}]);
    assert_eq!(read(&with_target).subjects, [moved(USER)]);
}

#[test]
fn targets_are_found_by_type_once_each_and_only_with_an_id_of_okta() {
    let other = "00u1aaaaaaaaaaaaa002";
    let targets = json!([
        {"id": "0oa1aaaaaaaaaaaaa001", "type": "AppInstance"}, null, "User", 7, {}, [],
        {"id": null, "type": "User"}, {"id": 7, "type": "User"}, {"type": "User"}, {"id": other},
        {"id": "../../etc", "type": "User"}, {"id": "unknown id", "type": "User"}, {"id": "", "type": "User"},
        {"id": other, "type": "User", "changeDetails": {"from": [], "to": []}}, user(), user(), group(), group(),
        {"id": "x", "type": "Planet"},
    ]);
    assert_eq!(
        subjects("user.account.update_profile", &targets),
        [moved(other), moved(USER)]
    );
    assert_eq!(subjects("group.user_membership.remove", &targets).len(), 2);
    for strange in [json!(null), json!({}), json!("User"), json!([]), json!([[["x"]]])] {
        assert!(
            subjects("user.account.update_profile", &strange).is_empty(),
            "{strange}"
        );
        assert_eq!(
            subjects("system.import.complete", &strange),
            [Subject::Many],
            "{strange}"
        );
    }
    let members = Subject::Members {
        group_id: GROUP.to_owned(),
    };
    assert_eq!(
        subjects("group.user_membership.add", &json!([group()])),
        [members]
    );
    assert!(subjects("group.user_membership.add", &json!([user()])).is_empty());
    let crowd = |kind: &str| {
        (0..40)
            .map(move |n| json!({"id": format!("{n}"), "type": kind}))
            .collect::<Vec<_>>()
    };
    let crowds = json!([crowd("User"), crowd("UserGroup")].concat());
    assert_eq!(subjects("group.user_membership.add", &crowds), [Subject::Many]);
}

#[test]
fn an_event_and_a_delivery_without_an_id_are_still_known_when_they_come_again() {
    let mut told = entry("user.lifecycle.create", &json!([user()]));
    for id in [
        json!(null),
        json!(""),
        json!(7),
        json!("a b"),
        json!("x".repeat(101)),
    ] {
        told["uuid"] = id.clone();
        let event = read(&told);
        assert_eq!(event.id.len(), 64, "{id}");
        assert_eq!(event, read(&told), "{id}");
    }
    let mut body = delivery(&json!([]));
    body["eventId"] = json!(null);
    let without = read_delivery(body.to_string().as_bytes()).expect("a delivery");
    assert_eq!(without.delivery_id.len(), 64);
    body["eventID"] = json!("d-1");
    let older = read_delivery(body.to_string().as_bytes()).expect("a delivery");
    assert_eq!(older.delivery_id, "d-1");
}

#[test]
fn what_cannot_be_read_is_counted_and_what_is_no_delivery_is_refused_without_its_words() {
    let body = delivery(&json!([
        "x",
        7,
        null,
        [],
        {},
        entry("user.lifecycle.create", &json!([user()]))
    ]));
    let read_ones = read_delivery(body.to_string().as_bytes()).expect("a delivery");
    assert_eq!((read_ones.events.len() + read_ones.unreadable), 6);
    assert_eq!(read_ones.events.last().expect("one").subjects, [moved(USER)]);
    let whole = delivery(&json!([entry("user.lifecycle.create", &json!([user()]))])).to_string();
    let mut nothings: Vec<Vec<u8>> = [
        "",
        "null",
        "[]",
        "{}",
        r#"{"data":null}"#,
        r#"{"data":{"events":{}}}"#,
        "<html>",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    nothings.extend([
        whole.as_bytes()[..whole.len() / 2].to_vec(),
        vec![0xff, 0xfe],
        vec![b'['; 200_000],
    ]);
    for body in nothings {
        let error = read_delivery(&body).expect_err("no delivery");
        assert!(error.message().starts_with("The body is no delivery"), "{error}");
        assert!(!error.message().contains("example"), "{error}");
    }
    let deep = format!(
        r#"{{"data":{{"events":[{}1{}]}}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(read_delivery(deep.as_bytes()).is_ok_and(|read_ones| read_ones.events.is_empty()));
}

#[test]
fn no_beginning_of_a_delivery_and_no_changed_byte_does_harm() {
    let whole = delivery(&json!([entry(
        "group.user_membership.add",
        &json!([user(), group()])
    )]))
    .to_string();
    for cut in 0..whole.len() {
        assert!(read_delivery(&whole.as_bytes()[..cut]).is_err(), "cut at {cut}");
    }
    for at in 0..whole.len() {
        let mut bytes = whole.clone().into_bytes();
        for byte in [0, b'"', b'{', b'\\', 0xff] {
            bytes[at] = byte;
            // Whatever it is, it ends.
            let _ = read_delivery(&bytes);
        }
    }
}
