//! The process with the directory: it does what a host does, until it is killed.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::Engine;

/// How often it is looked whether something was told.
const LOOK: Duration = Duration::from_millis(100);
/// How often Okta is asked whether the hook still delivers, and the log what it did not.
const CHECK: Duration = Duration::from_secs(10);

const DIRECTORY: &str = "OKP_LIVE_DIRECTORY";
const SOURCE: &str = "OKP_LIVE_SOURCE";
const PORT: &str = "OKP_LIVE_PORT";

/// The settings of a directory that is kept fresh from this source.
pub fn settings(source: &str) -> Settings {
    let mut settings = Settings::default();
    for (name, value) in [
        ("live", source),
        ("live.interval_seconds", "5"),
        ("groups.sync", "on"),
        ("retry.max_attempts", "4"),
        ("retry.base_delay_ms", "100"),
    ] {
        settings.set(name, value).unwrap();
    }
    settings
}

/// Starts the process; `port` is where a hook delivers to.
pub fn start(directory: &Path, source: &str, port: u16) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "node_of_a_trial"])
        .env(DIRECTORY, directory)
        .env(SOURCE, source)
        .env(PORT, port.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Is the process, if this one was started as such.
pub fn run_if_asked() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let source = std::env::var(SOURCE).unwrap();
    let port: u16 = std::env::var(PORT).unwrap().parse().unwrap();
    let engine = Engine::open(&PathBuf::from(directory), settings(&source)).unwrap();
    let engine = Arc::new(engine);
    if source == "hook" {
        let (engine, listener) = (engine.clone(), TcpListener::bind(("127.0.0.1", port)).unwrap());
        thread::spawn(move || listen(&engine, &listener));
    }
    let mut next = Instant::now();
    loop {
        // Whatever fails is tried again, as a host does.
        if Instant::now() >= next {
            next = Instant::now() + ask(&engine, &source, port);
        }
        drop(engine.refresh_pending());
        thread::sleep(LOOK);
    }
}

/// Asks Okta, and tells when to do so again.
fn ask(engine: &Engine, source: &str, port: u16) -> Duration {
    if source == "log" {
        let poll = engine.poll_log();
        return poll.map_or(Duration::from_secs(1), |poll| match poll.more {
            true => Duration::ZERO,
            false => Duration::from_millis(poll.next_in_ms),
        });
    }
    let is_registered = engine
        .live_status()
        .is_ok_and(|status| !status.hook_url.is_empty());
    let asked = match is_registered {
        true => engine.check_hook(),
        false => engine.register_hook(&format!("http://127.0.0.1:{port}/events")),
    };
    asked.map_or(Duration::from_secs(1), |_| CHECK)
}

fn listen(engine: &Arc<Engine>, listener: &TcpListener) {
    for stream in listener.incoming().flatten() {
        let engine = engine.clone();
        // Whoever hangs up early gets no answer.
        thread::spawn(move || drop(answer(&engine, stream)));
    }
}

fn answer(engine: &Engine, mut stream: TcpStream) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let mut piece = [0; 16_384];
    let (head, body) = loop {
        let length = stream.read(&mut piece)?;
        bytes.extend_from_slice(&piece[..length]);
        if length == 0 {
            return Ok(());
        }
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        if bytes.len() >= end + 4 + length_of_body(&head) {
            break (head, bytes.split_off(end + 4));
        }
    };
    let method = head.split(' ').next().unwrap_or_default();
    let lines = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let fields: Vec<(&str, &str)> = lines.collect();
    let answer = engine.receive_event(method, &fields, &body).unwrap();
    let text = format!(
        "HTTP/1.1 {} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        answer.status,
        answer.body.len(),
        answer.body
    );
    stream.write_all(text.as_bytes())
}

fn length_of_body(head: &str) -> usize {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0)
}
