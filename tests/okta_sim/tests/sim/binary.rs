//! The program: its one line, its files, its control endpoints.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use okta_sim::OktaSim;
use serde_json::{Value, json};

use crate::client::{get, rows, search, send};

fn control(sim: &OktaSim, path: &str, body: &Value) -> Value {
    let answer = send(sim, "POST", path, &[], &body.to_string()).expect("an answer");
    answer.json()
}

#[test]
fn control_endpoints_change_the_org() {
    let sim = OktaSim::builder().users(100).start().expect("a running org");
    let id = sim.spec().user_id(1);
    let mutate = |body: Value| control(&sim, "/sim/mutate", &body);
    assert_eq!(
        mutate(json!({"update": {"id": id, "profile": {"title": "T"}}})),
        json!({"ok": true})
    );
    assert_eq!(
        mutate(json!({"status": {"id": id, "status": "SUSPENDED"}}))["ok"],
        true
    );
    assert_eq!(mutate(json!({"delete": {"id": "00unobody"}}))["ok"], false);
    assert_eq!(
        mutate(json!({"delete_range": {"from": 10, "to": 20}}))["deleted"],
        10
    );
    assert_eq!(mutate(json!({"clear_attribute": "city"}))["ok"], true);
    assert!(mutate(json!({"create": {"profile": {"login": "x@example.com"}}}))["id"].is_string());
    assert!(mutate(json!({"dance": {}}))["error"].is_string());
    let user = get(&sim, &format!("/api/v1/users/{id}")).json();
    assert_eq!(
        (&user["status"], &user["profile"]["title"]),
        (&json!("SUSPENDED"), &json!("T"))
    );

    let truth = send(&sim, "GET", "/sim/users", &[], "").expect("an answer");
    let truth = String::from_utf8(truth.body).expect("text");
    let truth: Vec<Value> = truth
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let listed = rows(&sim, &search("status pr"));
    assert_eq!(truth.len(), 91);
    assert!(
        truth
            .iter()
            .zip(&listed)
            .all(|(a, b)| a["profile"] == b["profile"] && a["id"] == b["id"])
    );
}

#[test]
fn control_endpoints_set_faults_and_roles_and_show_requests() {
    let sim = OktaSim::builder().users(10).start().expect("a running org");
    let set = json!({"faults": ["server-error"], "every": 1});
    assert_eq!(control(&sim, "/sim/faults", &set), json!({"ok": true}));
    assert!(control(&sim, "/sim/faults", &json!({"faults": ["nonsense"]}))["error"].is_string());
    assert_eq!(get(&sim, "/api/v1/users").status, 500);
    control(&sim, "/sim/faults", &json!({"faults": []}));
    control(
        &sim,
        "/sim/roles",
        &json!({"token_of": "super_admin", "role": "expired"}),
    );
    assert_eq!(get(&sim, "/api/v1/users").status, 401);
    let seen = send(&sim, "GET", "/sim/requests", &[], "")
        .expect("an answer")
        .json();
    assert_eq!(
        (seen[0]["status"].as_u64(), seen[1]["status"].as_u64()),
        (Some(500), Some(401))
    );
    assert_eq!(seen[0]["faults"], json!(["server-error"]));
    let faults = send(&sim, "GET", "/sim/faults", &[], "")
        .expect("an answer")
        .rows();
    assert_eq!(faults.len(), okta_sim::Fault::ALL.len());
}

/// Starts the program; its first line is the announcement.
fn run(arguments: &[&str]) -> (Child, Value) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_okta-sim"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("an output");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    (child, serde_json::from_str(&line).expect("JSON"))
}

#[test]
fn the_program_announces_itself_and_ends_with_its_input() {
    let folder = std::env::temp_dir().join(format!("okta-sim-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = |name: &str| folder.join(name).display().to_string();
    let (ca, token, csv) = (file("ca.pem"), file("token"), file("jira.csv"));
    let key = file("key.pem");
    let (mut child, said) = run(&[
        "--users",
        "300",
        "--seed",
        "9",
        "--tls",
        "--ca-file",
        &ca,
        "--token-file",
        &token,
        "--jira-users",
        &csv,
        "--jira-user-count",
        "40",
        "--fault",
        "html-502,server-error",
        "--rate-limit",
        "users=600",
        "--window-seconds",
        "5",
        "--latency-ms",
        "1",
        "--redirect-uri",
        "https://jira.example.com/x",
        "--refresh-tokens",
        "rotating",
        "--service-private-key-file",
        &key,
    ]);
    assert!(
        said["url"]
            .as_str()
            .is_some_and(|url| url.starts_with("https://127.0.0.1:"))
    );
    assert_eq!(said["users"], 300);
    assert_eq!(
        said["oauth"]["redirect_uris"],
        json!(["https://jira.example.com/x"])
    );
    assert_eq!(said["tokens"]["super_admin"], said["token"]);
    let read = |path: &str| std::fs::read_to_string(path).expect("a file");
    assert!(read(&key).starts_with("-----BEGIN PRIVATE KEY-----"));
    assert!(read(&ca).starts_with("-----BEGIN CERTIFICATE-----"));
    assert_eq!(json!(read(&token)), said["token"]);
    assert!(read(&csv).starts_with("key,username,email,display_name,active\n"));
    assert_eq!(read(&csv).matches("JIRAUSER").count(), 40);
    drop(child.stdin.take());
    assert!(child.wait().expect("an end").success());
    std::fs::remove_dir_all(&folder).expect("an empty place");
}

#[test]
fn the_program_ends_when_its_time_is_up() {
    let (mut child, _) = run(&["--users", "5", "--stay", "--duration-seconds", "1"]);
    drop(child.stdin.take());
    assert!(child.wait().expect("an end").success());
}
