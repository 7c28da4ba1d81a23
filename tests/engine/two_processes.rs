//! One process synchronizes, another one asks: what only reads goes on and shows the last whole run, what writes
//! is told who has the directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use okta_sim::{OktaSim, Role};
use serde_json::Value;

use crate::fixture::{Row, assert_same, silent_after, truth};
use crate::kill::spawn_sync;

const USERS: u32 = 400;
/// Groups too, so that their listing is not empty only because nobody asked for any.
const SETTINGS: &[&str] = &["groups.sync=on"];

/// A directory with one whole run, of which another process holds the next one in the middle.
struct Held {
    sim: OktaSim,
    folder: tempfile::TempDir,
    /// The org as the whole run saw it.
    before: BTreeMap<String, Row>,
    sync: Child,
}

impl Held {
    fn new() -> Held {
        let sim = OktaSim::builder()
            .users(USERS)
            .groups(3)
            .seed(93)
            .start()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("directory.db");
        let first = spawn_sync(&sim, &file, "full", SETTINGS)
            .wait_with_output()
            .unwrap();
        assert!(first.status.success(), "{}", text(&first));
        let before = truth(&sim);
        for id in before.keys() {
            sim.set_status(id, "SUSPENDED");
        }
        // Of twenty pages and the questions before them.
        let silence = silent_after(&sim, 8);
        let sync = spawn_sync(&sim, &file, "full", SETTINGS);
        silence.recv().unwrap();
        Held {
            sim,
            folder,
            before,
            sync,
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("directory.db")
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_okta-profiles"));
        command
            .args(arguments)
            .arg("--directory")
            .arg(self.file())
            .env("OKTA_ORG_URL", self.sim.url())
            .env("OKTA_API_TOKEN", self.sim.token(Role::SuperAdmin))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.program(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", text(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn lines(&self, arguments: &[&str]) -> Vec<Value> {
        let said = self.succeed(arguments);
        said.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Still held: what was read meanwhile was read beside a run.
    fn assert_held(&mut self) {
        assert!(self.sync.try_wait().unwrap().is_none(), "the run has ended");
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.sync.kill());
        drop(self.sync.wait());
    }
}

fn text(output: &Output) -> String {
    let said = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{} {}", output.status, said.concat())
}

/// Users as `list` and `export` write them.
fn rows(lines: &[Value]) -> BTreeMap<String, Row> {
    let row = |line: &Value| {
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        (text("okta_id"), (text("status"), line["profile"].clone()))
    };
    lines.iter().map(row).collect()
}

fn users_in(copy: &Path) -> u32 {
    let copy = rusqlite::Connection::open(copy).unwrap();
    let count = "SELECT count(*) FROM users";
    copy.query_row(count, [], |row| row.get(0)).unwrap()
}

#[test]
fn while_one_process_synchronizes_another_reads_the_last_whole_run() {
    let mut held = Held::new();
    let status = held.lines(&["status", "--json"]).remove(0);
    assert_eq!(status["directory"]["okta_users"], USERS, "{status}");
    let listed = held.lines(&["list", "--view", "all", "--json"]);
    assert_same(&held.before, &rows(&listed));
    let exported = held.lines(&["export", "--format", "jsonl", "--view", "all"]);
    assert_same(&held.before, &rows(&exported));
    let (id, (user_status, profile)) = held.before.first_key_value().unwrap();
    let found = held.lines(&["find", profile["login"].as_str().unwrap(), "--json"]);
    assert_eq!(
        (found[0]["okta_id"].as_str(), found[0]["status"].as_str()),
        (Some(id.as_str()), Some(user_status.as_str()))
    );
    let copy = held.folder.path().join("copy.db");
    held.succeed(&["backup", copy.to_str().unwrap()]);
    assert_eq!(users_in(&copy), USERS);
    assert!(held.lines(&["groups", "--json"]).len() >= 3);
    let changes = held.lines(&["changes", "--json"]);
    assert!(changes.iter().all(|change| change["run"] == 1), "{changes:?}");
    held.assert_held();
}

#[test]
fn while_one_process_synchronizes_a_writing_command_says_who_has_the_directory() {
    let mut held = Held::new();
    let holder = held.sync.id().to_string();
    for arguments in [
        &["sync"][..],
        &["match"],
        &["set", "retain=matched"],
        &["disconnect"],
        &["pin", "00u1", "JIRAUSER1"],
    ] {
        let output = held.program(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{arguments:?}: {}", text(&output));
        let said = String::from_utf8_lossy(&output.stderr);
        for word in ["(401 ", &holder, "--wait"] {
            assert!(said.contains(word), "{arguments:?}: {said}");
        }
    }
    held.assert_held();
    let waiting = held.program(&["match", "--wait", "60"]).spawn().unwrap();
    held.sync.kill().unwrap();
    let waited = waiting.wait_with_output().unwrap();
    assert!(waited.status.success(), "{}", text(&waited));
}
