//! `live`, `receive` and `sync --follow` as programs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use okta_sim::{OktaSim, Role};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixture::truth;
use crate::live::{delivery, updated};

fn program(folder: &TempDir, sim: &OktaSim, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_okta-profiles"));
    command
        .arg("--directory")
        .arg(folder.path().join("directory.db"))
        .args(words)
        .env("OKTA_ORG_URL", sim.url())
        .env("OKTA_API_TOKEN", sim.token(Role::SuperAdmin));
    command
}

fn json_of(folder: &TempDir, sim: &OktaSim, words: &[&str]) -> Value {
    let done = program(folder, sim, words).arg("--json").output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

/// A program that goes on until it is killed.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

#[test]
fn live_is_switched_on_and_off_and_shown() {
    let sim = OktaSim::builder().users(5).seed(730).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(json_of(&folder, &sim, &["live", "on", "hook"])["source"], "hook");
    let status = json_of(&folder, &sim, &["live"]);
    assert_eq!(
        (&status["source"], &status["pending"]),
        (&json!("hook"), &json!(0))
    );
    let secret = json_of(&folder, &sim, &["live", "secret"]);
    assert_eq!(secret["header"], "X-Okta-Profiles-Secret");
    assert_eq!(secret["secret"].as_str().unwrap().len(), 64);
    assert_eq!(json_of(&folder, &sim, &["live", "secret"]), secret);
    assert_ne!(json_of(&folder, &sim, &["live", "secret", "--renew"]), secret);
    assert_eq!(json_of(&folder, &sim, &["live", "off"])["source"], "off");
    let text = program(&folder, &sim, &["live", "status"]).output().unwrap();
    assert!(String::from_utf8_lossy(&text.stdout).contains("Source       off"));
}

#[test]
fn receive_takes_a_delivery_and_prints_the_change() {
    let sim = OktaSim::builder().users(20).seed(731).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    json_of(&folder, &sim, &["sync"]);
    let mut running = Running(
        program(&folder, &sim, &["receive", "--port", "0", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut told = BufReader::new(running.0.stderr.take().unwrap()).lines();
    let address = told.next().unwrap().unwrap();
    let port: u16 = address
        .split("127.0.0.1:")
        .nth(1)
        .and_then(|rest| rest.split('/').next()?.parse().ok())
        .unwrap();
    let secret = told.next().unwrap().unwrap();
    let user = truth(&sim).into_keys().next().unwrap();
    sim.update_profile(&user, |profile| {
        profile.insert("city".to_owned(), json!("Received"));
    });
    let body = delivery("d1", &[updated("e1", &user)]);
    let post = |header: &str| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        write!(
            stream,
            "POST / HTTP/1.1\r\nHost: x\r\n{header}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .unwrap();
        stream.write_all(&body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(post("X-Okta-Profiles-Secret: wrong").starts_with("HTTP/1.1 401 "));
    assert!(post(&secret).starts_with("HTTP/1.1 204 "));
    let mut changes = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let change: Value = serde_json::from_str(&changes.next().unwrap().unwrap()).unwrap();
    assert_eq!(
        (&change["okta_id"], &change["event"]),
        (&json!(user), &json!("e1"))
    );
    assert_eq!(change["kind"], "updated");
}
