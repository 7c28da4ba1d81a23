//! An org that changes while it is read.

use std::time::Duration;

use okta_sim::OktaSim;
use serde_json::{Map, Value, json};

use crate::client::{get, rows, search};

fn sim(users: u32) -> OktaSim {
    OktaSim::builder().users(users).start().expect("a running org")
}

fn profile(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

#[test]
fn changes_show_in_the_truth_and_in_the_answers() {
    let sim = sim(300);
    let (a, b, c) = (
        sim.spec().user_id(5),
        sim.spec().user_id(6),
        sim.spec().user_id(7),
    );
    let before = sim.user_json(5).expect("a user")["lastUpdated"].clone();
    assert!(sim.update_profile(&a, |profile| {
        profile.insert("title".into(), json!("Chief"));
        profile.insert("department".into(), Value::Null);
    }));
    assert!(sim.set_status(&b, "SUSPENDED"));
    assert!(sim.delete_user(&c) && !sim.delete_user(&c));
    let new = sim.create_user(profile(json!({"login": "new.one@example.com", "badgeNumber": 7})));
    assert!(!sim.set_status("00unobody", "ACTIVE") && !sim.set_status(&a, "NO_SUCH_STATUS"));

    let user = get(&sim, &format!("/api/v1/users/{a}")).json();
    assert_eq!(user["profile"]["title"], "Chief");
    assert!(user["profile"].get("department").is_none() && user["lastUpdated"] != before);
    assert_eq!(get(&sim, "/api/v1/users/new.one@example.com").json()["id"], new);
    assert_eq!(get(&sim, &format!("/api/v1/users/{c}")).error_code(), "E0000007");
    let listed = rows(&sim, &search("status pr"));
    assert_eq!(listed, sim.all_users().collect::<Vec<_>>());
    assert_eq!((listed.len(), &listed[299]["id"]), (300, &json!(new)));
    let events = get(&sim, "/api/v1/logs").rows();
    let kinds: Vec<_> = events
        .iter()
        .filter_map(|event| event["eventType"].as_str())
        .collect();
    assert_eq!(kinds[0], "user.account.update_profile");
    let rest = [
        "suspend",
        "deactivate",
        "delete.initiated",
        "delete.completed",
        "create",
    ];
    let (of_users, of_members) = kinds[1..].split_at(rest.len());
    assert_eq!(of_users, rest.map(|end| format!("user.lifecycle.{end}")));
    // Whoever is new is a member of groups at once, which the log tells one by one.
    assert!(!of_members.is_empty() && of_members.iter().all(|kind| *kind == "group.user_membership.add"));
}

#[test]
fn a_cleared_attribute_vanishes_without_a_trace() {
    let sim = sim(200);
    let changed = sim.spec().user_id(3);
    sim.update_profile(&changed, |profile| {
        profile.insert("department".into(), json!("Own"));
    });
    let before: Vec<Value> = sim.all_users().map(|user| user["lastUpdated"].clone()).collect();
    sim.clear_attribute_everywhere("department");
    let after: Vec<Value> = sim.all_users().map(|user| user["lastUpdated"].clone()).collect();
    assert_eq!(before, after);
    assert!(
        sim.all_users()
            .all(|user| user["profile"].get("department").is_none())
    );
    let schema = get(&sim, "/api/v1/meta/schemas/user/default").json();
    assert!(
        schema["definitions"]["base"]["properties"]
            .get("department")
            .is_none()
    );
}

#[test]
fn users_deleted_in_the_middle_of_a_scan_do_not_disturb_the_cursor() {
    let sim = sim(1_000);
    // The 200th user is the cursor of the first page when the second is asked for.
    sim.at_request(2, |org| {
        org.delete_users(190..210);
        org.create_user(Map::new());
    });
    let seen = rows(&sim, &search("status pr"));
    assert_eq!(seen.len(), 200 + 790 + 1);
    assert_eq!(sim.user_count(), 981);
    assert_eq!(sim.delete_users(0..5_000), 981);
    assert!(get(&sim, &search("status pr")).rows().is_empty());
}

#[test]
fn searches_lag_and_reads_do_not() {
    let sim = OktaSim::builder()
        .users(50)
        .search_lag(Duration::from_secs(3_600))
        .start()
        .expect("a running org");
    let id = sim.spec().user_id(4);
    let found = || rows(&sim, &search("profile.title eq \"Fresh\"")).len();
    let total = || rows(&sim, &search("status pr")).len();
    sim.update_profile(&id, |profile| {
        profile.insert("title".into(), json!("Fresh"));
    });
    sim.create_user(profile(json!({"title": "Fresh"})));
    sim.delete_user(&sim.spec().user_id(9));
    assert_eq!((found(), total()), (0, 50));
    assert_eq!(
        get(&sim, &format!("/api/v1/users/{id}")).json()["profile"]["title"],
        "Fresh"
    );
    sim.let_index_catch_up();
    assert_eq!((found(), total()), (2, 50));
    assert_eq!(
        rows(&sim, &search("status pr")),
        sim.all_users().collect::<Vec<_>>()
    );
}
