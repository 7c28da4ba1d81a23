//! What the command line says when something is not as its user thought: the cause, and what to do.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use okta_sim::{OktaSim, Role};
use serde_json::Value;

use crate::fixture::jira_users;

/// A simulated org, a synchronized directory and a place for files.
struct Desk {
    sim: OktaSim,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new(users: u32) -> Desk {
        Desk {
            sim: OktaSim::builder()
                .users(users)
                .seed(117)
                .groups(4)
                .start()
                .unwrap(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn synchronized(users: u32) -> Desk {
        let desk = Desk::new(users);
        let csv = desk.path("all.csv");
        let mut writer = csv::Writer::from_path(&csv).unwrap();
        for user in jira_users(&desk.sim, users / 2) {
            writer.serialize(user).unwrap();
        }
        writer.flush().unwrap();
        desk.ok(&["sync", "--jira-users", csv.to_str().unwrap()]);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_okta-profiles"));
        command
            .args(arguments)
            .arg("--directory")
            .arg(self.path("directory.db"))
            .env("OKTA_ORG_URL", self.sim.url())
            .env("OKTA_API_TOKEN", self.sim.token(Role::SuperAdmin));
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(arguments).output().unwrap())
    }

    fn ok(&self, arguments: &[&str]) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
        said
    }

    fn fails(&self, arguments: &[&str], code: i32, words: &[&str]) -> Said {
        let said = self.run(arguments);
        assert_eq!(said.code, code, "{arguments:?}: {}{}", said.out, said.err);
        for word in words {
            assert!(
                said.err.contains(word),
                "{arguments:?} does not say {word:?}: {}",
                said.err
            );
        }
        said
    }

    fn first_match(&self) -> (String, String) {
        let line = self.ok(&["list", "--limit", "1", "--json"]).json().remove(0);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&line["okta_id"]), text(&line["jira"]["key"]))
    }
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Said {
    fn of(output: Output) -> Said {
        Said {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    fn json(&self) -> Vec<Value> {
        let lines = self.out.lines();
        lines.map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

#[test]
fn each_mistake_in_a_file_of_jira_users_is_named() {
    let desk = Desk::new(20);
    let csv = desk.path("jira.csv");
    let file = csv.to_str().unwrap();
    let heading = "key,username,email,display_name,active\n";
    for (bytes, said) in [
        (
            b"key,username,email,display_name,active\nK1,jos\xE9,,J,true\n".to_vec(),
            "line 2",
        ),
        (
            format!("{heading}K1,a,,A,maybe\n").into_bytes(),
            "line 2, column 5 (active)",
        ),
        (
            format!("{heading}K1,a,,A\n").into_bytes(),
            "line 2 has 4 cells where the heading has 5",
        ),
        (
            b"key,username,display_name,active\nK1,a,A,true\n".to_vec(),
            "no column email",
        ),
        (b"K1,a,,A,true\n".to_vec(), "line 1 is no heading"),
    ] {
        std::fs::write(&csv, bytes).unwrap();
        desk.fails(&["sync", "--jira-users", file], 1, &["jira.csv", said]);
    }
    desk.fails(
        &["sync", "--jira-users", desk.folder.path().to_str().unwrap()],
        1,
        &["is a folder"],
    );
    desk.fails(
        &["sync", "--jira-users", "/nowhere/jira.csv"],
        1,
        &["/nowhere/jira.csv", "not found"],
    );

    let semicolons = "key;username;email;display_name;active\nK1;a;;A;TRUE\n;b;;B;yes\nK1;c;;C;1\n";
    let utf16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(semicolons.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    std::fs::write(&csv, utf16).unwrap();
    let said = desk.ok(&["sync", "--jira-users", file]);
    assert!(
        said.err.contains("jira.csv has 1 user without a key"),
        "{}",
        said.err
    );
    assert!(said.err.contains("line 4 (as in 2)"), "{}", said.err);
    let status = desk.ok(&["status", "--json"]).json().remove(0);
    assert_eq!(status["directory"]["jira_users"], 1);
}

#[test]
fn what_a_guard_refuses_names_the_flag_that_confirms_it() {
    let desk = Desk::synchronized(60);
    let csv = desk.path("empty.csv");
    std::fs::write(&csv, "").unwrap();
    let sync = ["sync", "--json", "--jira-users", csv.to_str().unwrap()];
    let said = desk.fails(&sync, 5, &["--confirm-empty"]);
    let error = &said.json()[0]["error"];
    assert!(error["message"].as_str().unwrap().contains("--confirm-empty"));
    assert_eq!(error["code"], 503);
}

#[test]
fn a_usage_error_has_its_own_exit_code_and_is_json_where_that_is_asked() {
    let desk = Desk::new(20);
    for arguments in [
        &["sync", "--mode", "fast"][..],
        &["sync", "--no-such-flag"],
        &["nonsense"],
        &["find"],
        &["list", "--view", "everything"],
    ] {
        desk.fails(arguments, 64, &[]);
        let said = desk.fails(&[arguments, &["--json"]].concat(), 64, &[]);
        let error = &said.json()[0]["error"];
        assert_eq!(
            (&error["code"], &error["name"]),
            (&Value::from(100), &Value::from("INVALID_ARGUMENT"))
        );
    }
    let help = desk.ok(&["sync", "--help"]);
    assert!(help.out.contains("--dry-run") && help.err.is_empty());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let desk = Desk::synchronized(1_200);
    for arguments in [
        &["list", "--view", "all"][..],
        &["list", "--view", "all", "--json"],
        &["export", "--format", "csv"],
        &["changes", "--json"],
        &["completions", "bash"],
    ] {
        let mut command = desk.command(arguments);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::with_capacity(64, child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        drop(out);
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let status = child.wait().unwrap();
        assert!(
            status.success() && said.is_empty() && !line.is_empty(),
            "{arguments:?}: {status} {said}"
        );
    }
}

#[test]
fn an_output_that_takes_nothing_is_an_error() {
    let desk = Desk::synchronized(50);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = desk
        .command(&["list", "--view", "all"])
        .stdout(full)
        .output()
        .unwrap();
    let said = Said::of(output);
    assert_eq!(said.code, 5, "{}", said.err);
    assert!(said.err.contains("standard output"), "{}", said.err);
}

#[test]
fn an_export_leaves_what_is_there_and_says_so() {
    let desk = Desk::synchronized(50);
    let target = desk.path("users.csv");
    let export = ["export", "--format", "csv", "--output", target.to_str().unwrap()];
    let said = desk.ok(&export);
    assert!(said.out.contains("50 entries written"), "{}", said.out);
    desk.fails(&export, 5, &["users.csv", "exists and was not changed"]);
    let folder = desk.folder.path().to_str().unwrap();
    desk.fails(
        &["export", "--format", "csv", "--output", folder],
        5,
        &["is a folder"],
    );
    desk.fails(
        &["export", "--format", "csv", "--output", "/nowhere/x.csv"],
        5,
        &["does not exist"],
    );
    let text = std::fs::read_to_string(&target).unwrap();
    assert!(text.starts_with("\"okta_id\",\"status\""), "{text}");
}

#[test]
fn commands_that_change_something_confirm_it() {
    let desk = Desk::synchronized(60);
    let (okta_id, jira_key) = desk.first_match();
    let pinned = desk.ok(&["pin", &okta_id, &jira_key]);
    assert!(pinned.out.is_empty() && pinned.err.contains(&okta_id) && pinned.err.contains(&jira_key));
    let again = desk.ok(&["pin", &okta_id, &jira_key, "--json"]).json().remove(0);
    assert_eq!(again["pinned"]["jira_key"], jira_key.as_str());
    let unpinned = desk.ok(&["unpin", &jira_key, "--json"]).json().remove(0);
    assert_eq!(unpinned["unpinned"]["match_state"], "matched");
    desk.fails(&["unpin", &jira_key], 1, &["not pinned"]);
    desk.fails(&["unpin", "nobody"], 1, &["no Jira user with this key"]);

    let copy = desk.path("copy.db");
    let backup = ["backup", copy.to_str().unwrap()];
    assert!(desk.ok(&backup).err.contains("copy.db"));
    desk.fails(&backup, 4, &["copy.db", "exists"]);
    let org = desk.sim.url().to_owned();
    let token = desk.path("token");
    std::fs::write(&token, desk.sim.token(Role::SuperAdmin)).unwrap();
    desk.ok(&[
        "connect",
        "--org-url",
        &org,
        "--token-file",
        token.to_str().unwrap(),
    ]);
    assert!(desk.ok(&["rekey"]).err.contains("new key"));
    assert!(desk.ok(&["disconnect"]).err.contains("Disconnected from"));
    let twice = desk.ok(&["disconnect", "--json"]).json().remove(0);
    assert_eq!(twice["disconnected"]["was_connected"], false);
}

#[test]
fn a_directory_that_cannot_be_opened_is_named_with_its_cause() {
    let desk = Desk::synchronized(40);
    let held = okta_profiles::engine::Engine::open(
        &desk.path("directory.db"),
        okta_profiles::contract::settings::Settings::default(),
    )
    .unwrap();
    desk.fails(
        &["sync"],
        4,
        &[
            "directory.db",
            "--wait SECONDS",
            "Process",
            &std::process::id().to_string(),
        ],
    );
    held.close().unwrap();

    let closed = desk.path("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o500)).unwrap();
    let file = closed.join("d.db");
    if std::fs::write(closed.join("probe"), "").is_err() {
        let output = sync_in(&desk, &file);
        assert!(
            output.err.contains("closed/d.db") && output.err.contains("permission"),
            "{}",
            output.err
        );
    }
    let output = sync_in(&desk, Path::new("/proc/nowhere/d.db"));
    assert!(
        output.code == 4 && output.err.contains("/proc/nowhere/d.db"),
        "{}",
        output.err
    );
}

fn sync_in(desk: &Desk, directory: &Path) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_okta-profiles"));
    let output = command
        .args(["sync", "--directory"])
        .arg(directory)
        .env("OKTA_ORG_URL", desk.sim.url())
        .env("OKTA_API_TOKEN", desk.sim.token(Role::SuperAdmin))
        .output();
    Said::of(output.unwrap())
}

#[test]
fn an_unknown_setting_is_named_with_the_one_that_was_meant() {
    let desk = Desk::new(20);
    desk.fails(
        &["status", "--set", "group.sync=on"],
        1,
        &["`group.sync`", "did you mean `groups.sync`?"],
    );
}

#[test]
fn completions_and_manual_pages_are_written() {
    let desk = Desk::new(20);
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            desk.ok(&["completions", shell]).out.contains("okta-profiles"),
            "{shell}"
        );
    }
    let folder = desk.path("man");
    desk.ok(&["man", folder.to_str().unwrap()]);
    let page = std::fs::read_to_string(folder.join("okta-profiles-sync.1")).unwrap();
    assert!(page.contains("dry\\-run") && folder.join("okta-profiles.1").exists());
    assert!(
        !desk.path("directory.db").exists(),
        "no directory is opened for that"
    );
}

#[test]
fn an_unknown_name_is_an_error_and_no_result_is_none() {
    let desk = Desk::synchronized(60);
    desk.ok(&["sync", "--mode", "full", "--set", "groups.sync=on"]);
    let nobody = |arguments: &[&str]| {
        let said = desk.ok(arguments);
        assert!(
            said.out.is_empty() && !said.err.is_empty(),
            "{arguments:?}: {}{}",
            said.out,
            said.err
        );
    };
    desk.fails(
        &["where", "departmnt", "Sales"],
        1,
        &["`departmnt`", "did you mean `department`?"],
    );
    desk.fails(&["where", "profile.shoeSize", "9"], 1, &["`shoeSize`", "schema"]);
    nobody(&["where", "department", "No such department"]);
    desk.fails(&["where", "status", "activ"], 1, &["did you mean `ACTIVE`?"]);
    nobody(&["where", "status", "recovery"]);
    desk.fails(&["where", "manager", "nope"], 1, &["find --contains"]);
    desk.fails(&["where", "group", "Nope"], 1, &["There is no group", "`Nope`"]);
    desk.fails(&["groups", "--of", "nope"], 1, &["find --contains"]);
    desk.fails(&["groups", "--members", "nope"], 1, &["There is no group"]);
    desk.fails(
        &["candidates", "--okta-id", "nope"],
        1,
        &["No user of the directory"],
    );
    desk.fails(&["managers", "nope"], 1, &["find --contains"]);
    desk.fails(&["changes", "--user", "nope"], 1, &["find --contains"]);
    desk.fails(&["schema", "--type", "nope"], 1, &["There is no user type"]);
    desk.fails(&["find", "nope"], 1, &["find --contains"]);
    let (okta_id, jira_key) = desk.first_match();
    nobody(&["candidates", "--okta-id", &okta_id]);
    let keys = desk.ok(&["where", "status", "active", "--json"]).json();
    assert!(keys.iter().any(|line| line["jira_key"] == jira_key.as_str()));

    let group = desk.ok(&["groups", "--json"]).json().remove(0);
    let name = group["name"].as_str().unwrap();
    let by_name = desk.ok(&["groups", "--members", name, "--json"]).out;
    let by_id = desk
        .ok(&["groups", "--members", group["id"].as_str().unwrap(), "--json"])
        .out;
    assert_eq!(by_name, by_id);
    let misspelt: String = name
        .chars()
        .rev()
        .skip(1)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    desk.fails(&["where", "group", &misspelt], 1, &["did you mean", name]);
}

#[test]
fn groups_that_are_not_read_say_how_they_are() {
    let desk = Desk::synchronized(20);
    let said = desk.ok(&["groups"]);
    assert!(
        said.out.is_empty() && said.err.contains("groups.sync=on"),
        "{}{}",
        said.out,
        said.err
    );
    desk.fails(&["where", "group", "Sales"], 1, &["groups.sync=on"]);
    let said = desk.ok(&["list", "--limit", "0"]);
    assert!(!said.out.contains("Nothing in the view"), "{}", said.out);
}

#[test]
fn people_are_found_by_a_part_of_their_name() {
    let desk = Desk::synchronized(300);
    let entries = desk.ok(&["list", "--view", "all", "--json"]).json();
    let last = entries[7]["profile"]["lastName"].as_str().unwrap();
    let found = desk
        .ok(&["find", "--contains", &last.to_uppercase(), "--json"])
        .json();
    let ids = |lines: &[Value]| -> std::collections::BTreeSet<String> {
        lines
            .iter()
            .map(|line| line["okta_id"].as_str().unwrap().to_owned())
            .collect()
    };
    let has_name: Vec<Value> = entries
        .iter()
        .filter(|entry| entry["profile"]["lastName"] == last)
        .cloned()
        .collect();
    assert!(ids(&found).is_superset(&ids(&has_name)) && found.len() < entries.len());
    assert!(desk.ok(&["find", "--contains", "zzzzzz"]).err.contains("Nobody"));
    let matched = desk
        .ok(&["find", "--contains", last, "--view", "matched", "--json"])
        .json();
    assert!(matched.iter().all(|line| line["match_state"] == "matched"));
}

#[test]
fn a_last_name_is_found_that_the_display_name_leaves_out() {
    let desk = Desk::new(40);
    let user = desk.sim.all_users().nth(3).unwrap();
    let id = user["id"].as_str().unwrap().to_owned();
    desk.sim.update_profile(&id, |profile| {
        profile.insert("displayName".to_owned(), "The Boss".into());
        profile.insert("lastName".to_owned(), "Żółkiewski".into());
    });
    desk.ok(&["sync"]);
    for text in ["zolkiew", "ŻÓŁKIEWSKI"] {
        let found = desk.ok(&["find", "--contains", text, "--json"]).json();
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0]["okta_id"], id.as_str());
    }
}

#[test]
fn a_sign_in_that_is_given_up_says_what_stays() {
    let desk = Desk::new(5);
    let mut command = desk.command(&["connect", "--client-id", "0oa1", "--no-browser"]);
    command.args(["--redirect-uri", "https://jira.example.com/callback"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("Paste that whole address") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it asks for the answer");
    }
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupted.unwrap().success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    assert!(
        rest.contains("sign-in was given up; nothing was stored"),
        "{rest}"
    );
    assert!(!rest.contains("next sync resumes"), "{rest}");
}

#[test]
fn a_directory_that_was_tied_to_another_org_says_how_it_changes_hands() {
    let desk = Desk::new(30);
    desk.sim.set_faults(&[okta_sim::Fault::OtherOrgId]);
    desk.ok(&["sync"]);
    desk.sim.clear_faults();
    desk.fails(&["sync", "--mode", "full"], 2, &["211", "--confirm-org"]);
    desk.ok(&["sync", "--confirm-org"]);
    desk.ok(&["sync", "--mode", "full"]);
}

#[test]
fn changes_come_newest_first_with_names() {
    let desk = Desk::synchronized(40);
    let newest = desk.ok(&["changes", "--json"]).json();
    let oldest = desk.ok(&["changes", "--after", "0", "--json"]).json();
    assert_eq!(newest.len(), 40);
    let positions = |lines: &[Value]| -> Vec<i64> {
        lines
            .iter()
            .map(|line| line["position"].as_i64().unwrap())
            .collect()
    };
    assert_eq!(
        positions(&newest).into_iter().rev().collect::<Vec<_>>(),
        positions(&oldest)
    );
    assert!(
        newest
            .iter()
            .all(|line| line["login"].as_str().is_some_and(|login| login.contains('@')))
    );
    let (okta_id, jira_key) = desk.first_match();
    for user in [&okta_id, &jira_key] {
        let of_user = desk.ok(&["changes", "--user", user, "--json"]).json();
        assert!(of_user.len() == 1 && of_user[0]["okta_id"] == okta_id.as_str());
    }
    let run = newest[0]["run"].to_string();
    assert_eq!(desk.ok(&["changes", "--run", &run, "--json"]).json().len(), 40);
    assert!(desk.ok(&["changes", "--run", "99"]).err.contains("No changes"));
    assert!(desk.ok(&["changes", "--until", "2001-01-01"]).out.is_empty());
    assert_eq!(
        desk.ok(&["changes", "--since", "2001-01-01", "--limit", "3"])
            .out
            .lines()
            .count(),
        3
    );
    desk.fails(&["changes", "--since", "yesterday"], 64, &["2026-01-31"]);
}
