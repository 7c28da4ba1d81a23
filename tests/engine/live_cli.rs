//! `live`, `receive` and `sync --follow` as programs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use okta_profiles::engine::{Engine, MAX_DELIVERY_BYTES};
use okta_sim::{OktaSim, Role};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixture::truth;
use crate::live::{deleted, deliver, delivery, updated};

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
    let text = String::from_utf8_lossy(&text.stdout);
    assert!(
        text.contains("Source       off") && text.contains("Last event   none yet"),
        "{text}"
    );
    assert!(!text.contains("never"), "{text}");
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
    // They say nothing and would each be waited for.
    let idle: Vec<TcpStream> = (0..20)
        .map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap())
        .collect();
    let began = Instant::now();
    assert!(post(&secret).starts_with("HTTP/1.1 204 "));
    assert!(began.elapsed() < Duration::from_secs(30), "one after the other");
    drop(idle);
    let mut changes = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let change: Value = serde_json::from_str(&changes.next().unwrap().unwrap()).unwrap();
    assert_eq!(
        (&change["okta_id"], &change["event"]),
        (&json!(user), &json!("e1"))
    );
    assert_eq!(change["kind"], "updated");
    let head = format!("POST / HTTP/1.1\r\nX-Via: \u{fc}\r\n{secret}\r\n");
    let send = |rest: &[u8]| {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        // A gateway may write its own headers in another character set.
        let latin: Vec<u8> = head.chars().map(|letter| letter as u8).collect();
        stream.write_all(&[&latin, rest].concat()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let mut chunked = b"Transfer-Encoding: chunked\r\n\r\n".to_vec();
    for piece in delivery("d2", &[]).chunks(50) {
        chunked.extend(format!("{:x};a=b\r\n", piece.len()).bytes());
        chunked.extend([piece, b"\r\n"].concat());
    }
    let cut = send(&chunked);
    assert_eq!(cut, "", "Okta sends it once more");
    chunked.extend(b"0\r\n\r\n");
    assert!(send(&chunked).starts_with("HTTP/1.1 204 "));
    assert_eq!(send(b"Content-Length: 500\r\n\r\n{\"eventId\""), "");
    assert_eq!(send(b"Content-Le"), "", "a head without its end");
    let whole = format!("Content-Length: {}\r\n\r\n", body.len());
    let long = |length| {
        [
            b"X: ",
            "a".repeat(length).as_bytes(),
            b"\r\n",
            whole.as_bytes(),
            &body,
        ]
        .concat()
    };
    assert!(
        send(&long(30_000)).starts_with("HTTP/1.1 204 "),
        "a gateway added much"
    );
    let too_large = vec![b' '; MAX_DELIVERY_BYTES + 3_000_000];
    let head = format!("Content-Length: {}\r\n\r\n", too_large.len());
    assert!(send(&[head.as_bytes(), &too_large].concat()).starts_with("HTTP/1.1 413 "));
}

#[test]
fn receive_registers_the_hook_and_gets_deliveries_from_okta() {
    let sim = OktaSim::builder().users(20).seed(732).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    json_of(&folder, &sim, &["sync"]);
    let port = {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        free.local_addr().unwrap().port().to_string()
    };
    let url = format!("http://127.0.0.1:{port}/events");
    let words = ["receive", "--port", &port, "--register", &url, "--json"];
    let mut running = Running(
        program(&folder, &sim, &words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut told = BufReader::new(running.0.stderr.take().unwrap()).lines();
    let last = told
        .by_ref()
        .map(Result::unwrap)
        .find(|line| line.contains("delivers to"));
    assert!(last.is_some_and(|line| line.contains(&url)));
    let user = truth(&sim).into_keys().next().unwrap();
    sim.set_status(&user, "SUSPENDED");
    let mut changes = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let change: Value = serde_json::from_str(&changes.next().unwrap().unwrap()).unwrap();
    assert_eq!(change["okta_id"], json!(user));
    let locked = program(&folder, &sim, &["live", "register", &url])
        .output()
        .unwrap();
    assert_eq!(locked.status.code(), Some(4));
}

impl Running {
    /// `sync --follow` with these words more, reading the log as often as possible.
    fn following(folder: &TempDir, sim: &OktaSim, words: &[&str]) -> Running {
        let follow = ["--set", "live.interval_seconds=5", "sync", "--follow"];
        let child = program(folder, sim, &[&follow[..], words].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        Running(child.unwrap())
    }

    /// Ends it politely; gives the status and what it still told on standard error.
    fn ended_by(&mut self, signal: Signal) -> (ExitStatus, String) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
        let mut told = String::new();
        self.0.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        (self.0.wait().unwrap(), told)
    }
}

fn relocate(sim: &OktaSim, user: &str, city: &str) {
    sim.update_profile(user, |profile| {
        profile.insert("city".to_owned(), json!(city));
    });
}

/// Waits until the org was asked for its log, and tells with which answer last.
fn wait_for_poll(sim: &OktaSim, is_awaited: impl Fn(u16) -> bool) {
    let is_poll = |request: &okta_sim::RequestRecord| {
        request.path_and_query.starts_with("/api/v1/logs") && is_awaited(request.status)
    };
    while !sim.requests().iter().any(is_poll) {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn follow_prints_changes_as_json_lines_through_an_outage_and_ends_politely() {
    let sim = OktaSim::builder().users(20).seed(732).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::following(&folder, &sim, &["--json"]);
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let users: Vec<String> = truth(&sim).into_keys().collect();
    let mut next = |user: &str| loop {
        let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        if line["okta_id"] == user {
            return line;
        }
    };
    wait_for_poll(&sim, |status| status == 200);
    relocate(&sim, &users[3], "Elsewhere");
    assert_eq!(next(&users[3])["kind"], "updated");
    // Okta is away for a while, and something happens meanwhile.
    sim.refuse("/api/v1/logs", 503, "E0000010");
    sim.clear_requests();
    wait_for_poll(&sim, |status| status == 503);
    relocate(&sim, &users[4], "Elsewhere");
    sim.delete_user(&users[5]);
    sim.relent("/api/v1/logs");
    let change = next(&users[4]);
    assert_eq!(change["kind"], "updated");
    assert!(change["event"].is_string(), "{change}");
    let gone = next(&users[5]);
    assert_eq!(gone["kind"], "absent", "{gone}");
    let (status, told) = running.ended_by(Signal::TERM);
    assert!(status.success(), "{status} {told}");
    assert!(lines.all(|line| serde_json::from_str::<Value>(&line.unwrap()).is_ok()));
    // Whoever opens the directory next finds it as it was printed.
    let shown = json_of(&folder, &sim, &["find", &users[4]]);
    assert!(shown.to_string().contains("Elsewhere"), "{shown}");
}

#[test]
fn follow_publishes_what_waits_although_the_log_cannot_be_read() {
    let sim = OktaSim::builder().users(20).seed(733).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    json_of(&folder, &sim, &["sync"]);
    json_of(&folder, &sim, &["live", "on", "log"]);
    let user = truth(&sim).into_keys().next().unwrap();
    sim.delete_user(&user);
    let settings = crate::fixture::settings_of(&crate::live::listening());
    let engine = Engine::open(&folder.path().join("directory.db"), settings).unwrap();
    assert_eq!(deliver(&engine, "d1", &[deleted("e1", &user)]).status, 204);
    engine.close().unwrap();
    sim.refuse("/api/v1/logs", 503, "E0000010");
    let words = ["--json", "--set", "retry.max_attempts=1"];
    let mut running = Running::following(&folder, &sim, &words);
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let absent = lines.find_map(|line| {
        let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
        (line["kind"] == "absent").then_some(line)
    });
    assert_eq!(absent.unwrap()["okta_id"], json!(user));
}

#[test]
fn follow_that_begins_in_an_outage_goes_on_when_it_is_over() {
    let sim = OktaSim::builder().users(20).seed(734).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    json_of(&folder, &sim, &["sync"]);
    let user = truth(&sim).into_keys().next().unwrap();
    relocate(&sim, &user, "Elsewhere");
    for path in ["/api/v1/users", "/api/v1/logs"] {
        sim.refuse(path, 503, "E0000010");
    }
    let words = ["--json", "--set", "retry.max_attempts=1"];
    let mut running = Running::following(&folder, &sim, &words);
    let mut told = BufReader::new(running.0.stderr.take().unwrap()).lines();
    assert!(told.next().unwrap().unwrap().contains("going on"));
    for path in ["/api/v1/users", "/api/v1/logs"] {
        sim.relent(path);
    }
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let change: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(change["okta_id"], json!(user));
}

#[test]
fn follow_ends_by_ctrl_c_while_okta_does_not_answer() {
    let sim = OktaSim::builder().users(5).seed(733).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::following(&folder, &sim, &[]);
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().is_ok(), "the report of the first run");
    sim.refuse("/api/v1/logs", 503, "E0000010");
    let (status, told) = running.ended_by(Signal::INT);
    assert!(status.success(), "{status} {told}");
}
