//! What the org tells by itself: the System Log when it is polled, and event hooks over real HTTP.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use okta_sim::{HookHabits, LogHabits, OktaSim, Role};
use serde_json::{Value, json};

use crate::client::{Answer, encode, get, send};

const SECRET: &str = "not-a-real-secret";

fn sim() -> OktaSim {
    OktaSim::builder()
        .users(50)
        .groups(10)
        .start()
        .expect("a running org")
}

/// Polls until a page is empty; gives the rows and where to go on.
fn poll(sim: &OktaSim, from: &str) -> (Vec<Value>, String) {
    let (mut rows, mut at) = (Vec::new(), from.to_owned());
    loop {
        let answer = get(sim, &at);
        let page = answer.rows();
        let next = answer.next().expect("polling always goes on");
        if page.is_empty() {
            return (rows, next);
        }
        rows.extend(page);
        at = next;
    }
}

fn uuids(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["uuid"].as_str()).collect()
}

#[test]
fn polling_goes_on_where_it_stopped_and_an_empty_page_repeats_the_cursor() {
    let sim = sim();
    (0..30).for_each(|step| sim.change_at_random(step));
    let (rows, next) = poll(&sim, "/api/v1/logs?limit=7");
    assert!(rows.len() >= 25, "{}", rows.len());
    let quiet = get(&sim, &next);
    assert_eq!(quiet.next().as_deref(), Some(next.as_str()));
    (30..60).for_each(|step| sim.change_at_random(step));
    let (more, _) = poll(&sim, &next);
    let all: HashSet<&str> = uuids(&rows).into_iter().chain(uuids(&more)).collect();
    assert_eq!(all.len(), rows.len() + more.len(), "no row twice");
    let filter = encode("eventType sw \"group.\" or eventType eq \"user.lifecycle.create\"");
    let (some, _) = poll(&sim, &format!("/api/v1/logs?filter={filter}&limit=1000"));
    let is_asked = |row: &&Value| {
        let kind = row["eventType"].as_str().unwrap_or_default();
        kind.starts_with("group.") || kind == "user.lifecycle.create"
    };
    assert!(some.iter().all(|row| is_asked(&row)) && !some.is_empty());
    assert_eq!(some.len(), rows.iter().chain(&more).filter(is_asked).count());
}

#[test]
fn rows_come_late_twice_or_never_and_old_cursors_are_refused() {
    let sim = sim();
    sim.set_log_habits(LogHabits {
        late_every: 5,
        late: Duration::from_millis(500),
        lose_every: 7,
        duplicate_every: 3,
        capacity: 1_000,
    });
    let user = sim.spec().user_id(1);
    for _ in 0..40 {
        sim.log_event("user.account.update_profile", &[&user]);
        std::thread::sleep(Duration::from_millis(1));
    }
    let read = || poll(&sim, "/api/v1/logs?limit=10");
    wait_for("each seventh is lost, each third comes twice", || {
        read().0.len() == 40 - 5 + 13 - 1
    });
    let (rows, next) = read();
    let mut often: HashMap<&str, usize> = HashMap::new();
    uuids(&rows)
        .into_iter()
        .for_each(|uuid| *often.entry(uuid).or_default() += 1);
    assert_eq!(often.len(), 40 - 5);
    assert_eq!(often.values().filter(|&&times| times == 2).count(), 13 - 1);
    let published: Vec<&str> = rows.iter().filter_map(|row| row["published"].as_str()).collect();
    assert!(!published.is_sorted(), "late rows stand behind younger ones");
    sim.expire_log_cursors();
    assert_eq!(get(&sim, &next).error_code(), "E0000031");
    assert_eq!(
        poll(&sim, "/api/v1/logs").0.len(),
        rows.len(),
        "the rows are still there"
    );
    let old = get(&sim, "/api/v1/logs?since=2020-01-01T00:00:00Z");
    assert_eq!((old.status, old.error_code().as_str()), (400, "E0000053"));
}

/// What arrived at an address: the head in lower case, and the body.
type Arrived = Arc<Mutex<Vec<(String, String)>>>;

/// A receiver that gives challenges back and answers deliveries with these statuses, the last one for ever.
fn receiver(statuses: &'static [u16]) -> (String, Arrived) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/events", listener.local_addr().expect("an address"));
    let arrived = Arrived::default();
    let seen = arrived.clone();
    std::thread::spawn(move || {
        let mut posts = 0;
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let (head, body) = request(&mut stream);
            let challenge = head
                .lines()
                .find_map(|line| line.strip_prefix("x-okta-verification-challenge: "));
            let answer = match challenge {
                Some(challenge) => {
                    let text = json!({"verification": challenge}).to_string();
                    format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
                        text.len()
                    )
                }
                None => {
                    let status = statuses[posts.min(statuses.len() - 1)];
                    posts += 1;
                    format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n")
                }
            };
            seen.lock().expect("no panic").push((head, body));
            stream.write_all(answer.as_bytes()).expect("a listener");
        }
    });
    (address, arrived)
}

fn request(stream: &mut impl Read) -> (String, String) {
    let mut bytes = Vec::new();
    let mut piece = [0; 4_096];
    loop {
        let length = stream.read(&mut piece).expect("bytes");
        bytes.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lower: String = head
                .lines()
                .map(|line| match line.split_once(": ") {
                    Some((name, value)) => format!("{}: {value}\n", name.to_lowercase()),
                    None => format!("{line}\n"),
                })
                .collect();
            let announced = lower
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if announced.is_none_or(|announced| announced.parse() == Ok(body.len())) {
                return (lower, body.to_owned());
            }
        }
        assert!(length > 0, "the request was cut off");
    }
}

fn asked(sim: &OktaSim, method: &str, path: &str, body: &Value) -> Answer {
    let token = format!("Authorization: SSWS {}", sim.token(Role::SuperAdmin));
    send(sim, method, path, &[&token], &body.to_string()).expect("an answer")
}

fn hook(uri: &str) -> Value {
    json!({
        "name": "ours", "events": {"type": "EVENT_TYPE", "items": ["user.account.update_profile"]},
        "channel": {"type": "HTTP", "version": "1.0.0", "config": {
            "uri": uri, "headers": [{"key": "X-Other", "value": "1"}],
            "authScheme": {"type": "HEADER", "key": "X-Own-Secret", "value": SECRET}}},
    })
}

/// Registers a hook and verifies it; gives its path.
fn verified(sim: &OktaSim, uri: &str) -> String {
    let made = asked(sim, "POST", "/api/v1/eventHooks", &hook(uri)).json();
    assert_eq!(made["verificationStatus"], "UNVERIFIED");
    let path = format!("/api/v1/eventHooks/{}", made["id"].as_str().expect("an id"));
    let verified = asked(sim, "POST", &format!("{path}/lifecycle/verify"), &Value::Null);
    assert_eq!(verified.json()["verificationStatus"], "VERIFIED");
    path
}

fn wait_for(what: &str, test: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(20);
    while !test() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_hook_is_verified_delivers_and_is_removed() {
    let sim = sim();
    let (uri, arrived) = receiver(&[200]);
    let user = sim.spec().user_id(3);
    let change = || sim.log_event("user.account.update_profile", &[&user]);
    let made = asked(&sim, "POST", "/api/v1/eventHooks", &hook(&uri)).json();
    change();
    let path = format!("/api/v1/eventHooks/{}", made["id"].as_str().expect("an id"));
    asked(&sim, "POST", &format!("{path}/lifecycle/verify"), &Value::Null);
    let shown = get(&sim, &path).json();
    assert_eq!(
        shown["channel"]["config"]["authScheme"],
        json!({"type": "HEADER", "key": "X-Own-Secret"})
    );
    assert!(
        !get(&sim, "/api/v1/eventHooks")
            .json()
            .to_string()
            .contains(SECRET)
    );
    change();
    sim.log_event("user.session.start", &[&user]);
    wait_for("one delivery", || sim.hook_counts().delivered >= 1);
    let seen = arrived.lock().expect("no panic").clone();
    for (head, _) in &seen {
        assert!(
            head.contains(&format!("x-own-secret: {SECRET}\n")) && head.contains("x-other: 1\n"),
            "{head}"
        );
    }
    assert!(
        seen[0].0.starts_with("GET /events HTTP/1.1") && seen[0].0.contains("user-agent: Okta-Integrations")
    );
    let posted: Vec<Value> = seen[1..]
        .iter()
        .map(|(_, body)| serde_json::from_str(body).expect("JSON"))
        .collect();
    let events: Vec<&Value> = posted
        .iter()
        .filter_map(|body| body["data"]["events"].as_array())
        .flatten()
        .collect();
    assert!(
        !events.is_empty()
            && events
                .iter()
                .all(|event| event["eventType"] == "user.account.update_profile")
    );

    assert_eq!(
        asked(&sim, "DELETE", &path, &Value::Null).status,
        400,
        "it is active"
    );
    let moved = hook(&uri.replace("/events", "/other"));
    assert_eq!(
        asked(&sim, "PUT", &path, &moved).json()["verificationStatus"],
        "UNVERIFIED"
    );
    asked(
        &sim,
        "POST",
        &format!("{path}/lifecycle/deactivate"),
        &Value::Null,
    );
    assert_eq!(asked(&sim, "DELETE", &path, &Value::Null).status, 204);
    assert_eq!(get(&sim, &path).error_code(), "E0000007");
}

#[test]
fn what_okta_would_not_register_is_refused() {
    let sim = sim();
    let refused = |body: &Value| asked(&sim, "POST", "/api/v1/eventHooks", body).error_code();
    assert_eq!(refused(&hook("http://hooks.example.com/x")), "E0000001");
    let mut other = hook("https://hooks.example.com/x");
    assert_eq!(
        refused(&other),
        "",
        "a name that is not asked before it is verified"
    );
    other["events"]["items"] = json!(["user.account.expire_password"]);
    assert_eq!(refused(&other), "E0000001", "no hook may carry it");
    let bearer = sim.issue_bearer(&["okta.eventHooks.read"]);
    let header = format!("Authorization: Bearer {bearer}");
    let answer =
        |method: &str| send(&sim, method, "/api/v1/eventHooks", &[&header], "{}").expect("an answer");
    assert_eq!((answer("GET").status, answer("POST").status), (200, 403));
    assert!(
        answer("POST")
            .header("www-authenticate")
            .is_some_and(|text| text.contains("okta.eventHooks.manage"))
    );
}

#[test]
fn an_address_that_gives_no_challenge_back_stays_unverified() {
    let sim = sim();
    let made = asked(
        &sim,
        "POST",
        "/api/v1/eventHooks",
        &hook("http://127.0.0.1:9/none"),
    )
    .json();
    let path = format!(
        "/api/v1/eventHooks/{}/lifecycle/verify",
        made["id"].as_str().expect("an id")
    );
    let refused = asked(&sim, "POST", &path, &Value::Null);
    assert_eq!((refused.status, refused.error_code().as_str()), (400, "E0000001"));
    assert!(refused.json().to_string().contains("execution failed"));
    assert!(
        sim.event_hook_states()
            .iter()
            .all(|(_, is_active, is_verified)| *is_active && !is_verified)
    );
}

#[test]
fn a_fault_of_the_receiver_is_tried_again_once_and_a_refusal_never() {
    let user = |sim: &OktaSim| sim.spec().user_id(3);
    for (statuses, delivered, retried, failed) in [
        (&[500, 200][..], 1, 1, 0),
        (&[500, 503][..], 0, 1, 1),
        (&[401][..], 0, 0, 1),
    ] {
        let sim = sim();
        let (uri, _) = receiver(statuses);
        verified(&sim, &uri);
        sim.log_event("user.account.update_profile", &[&user(&sim)]);
        wait_for("an end", || {
            sim.hook_counts().delivered + sim.hook_counts().failed == 1
        });
        let counts = sim.hook_counts();
        assert_eq!(
            (counts.delivered, counts.retried, counts.failed),
            (delivered, retried, failed)
        );
        let (rows, _) = poll(&sim, "/api/v1/logs");
        assert_eq!(
            rows.iter().any(|row| row["eventType"] == "event_hook.delivery"),
            failed == 1
        );
    }
}

#[test]
fn deliveries_are_lost_doubled_and_capped() {
    let sim = sim();
    let (uri, arrived) = receiver(&[204]);
    verified(&sim, &uri);
    sim.set_hook_habits(HookHabits {
        lose_every: 3,
        duplicate_every: 2,
        daily_cap: 3,
        ..HookHabits::default()
    });
    let user = sim.spec().user_id(3);
    for number in 1..=4 {
        sim.log_event("user.account.update_profile", &[&user]);
        wait_for("each on its own", || {
            let counts = sim.hook_counts();
            counts.delivered + counts.lost + counts.over_cap >= number + counts.duplicated.min(number / 2)
        });
    }
    let counts = sim.hook_counts();
    assert_eq!(
        (counts.delivered, counts.lost, counts.duplicated, counts.over_cap),
        (3, 1, 1, 1)
    );
    assert_eq!(arrived.lock().expect("no panic").len(), 1 + 3);
}
