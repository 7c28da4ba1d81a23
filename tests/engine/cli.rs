//! The command line as an operator or a script meets it: outputs, exit codes, Ctrl-C.

use std::path::Path;
use std::process::{Command, Output};

use okta_sim::{OktaSim, Role};
use serde_json::Value;

use crate::fixture::{assert_same, jira_users, silent_after, truth};
use crate::kill::spawn_sync;

fn okta_profiles(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_okta-profiles"));
    command
        .args(arguments)
        .arg("--directory")
        .arg(directory)
        .env_remove("OKTA_API_TOKEN")
        .env_remove("OKTA_ORG_URL");
    command
}

fn run(sim: &OktaSim, directory: &Path, arguments: &[&str]) -> Output {
    okta_profiles(directory, arguments)
        .env("OKTA_ORG_URL", sim.url())
        .env("OKTA_API_TOKEN", sim.token(Role::SuperAdmin))
        .output()
        .unwrap()
}

fn json_lines(output: &Output) -> Vec<Value> {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_whole_job_from_the_shell() {
    let sim = OktaSim::builder().users(1_500).seed(110).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let csv = folder.path().join("jira.csv");
    let mut writer = csv::Writer::from_path(&csv).unwrap();
    for user in jira_users(&sim, 1_000) {
        writer.serialize(user).unwrap();
    }
    writer.flush().unwrap();

    let validation = json_lines(&run(&sim, &file, &["validate", "--json"])).remove(0);
    assert_eq!(validation["usable"], true);
    let with_jira_users = ["sync", "--json", "--jira-users", csv.to_str().unwrap()];
    let dry = [&with_jira_users[..], &["--dry-run"]].concat();
    let told = json_lines(&run(&sim, &file, &dry)).remove(0);
    let status = json_lines(&run(&sim, &file, &["status", "--json"])).remove(0);
    assert_eq!(status["directory"]["jira_users"], 0);
    let report = json_lines(&run(&sim, &file, &with_jira_users)).remove(0);
    assert_eq!(told["report"]["matches"], report["matches"]);
    assert_eq!(
        (&report["state"], &report["seen"]),
        (&Value::from("complete"), &Value::from(1_500))
    );

    let listed = json_lines(&run(&sim, &file, &["list", "--view", "all", "--json"]));
    let rows = listed
        .iter()
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap().to_owned();
            (text("okta_id"), (text("status"), line["profile"].clone()))
        })
        .collect();
    assert_same(&truth(&sim), &rows);
    let matched = json_lines(&run(&sim, &file, &["list", "--json"]));
    assert_eq!(
        matched.len() as u64,
        report["matches"]["matched"].as_u64().unwrap()
    );
    assert!(
        matched
            .iter()
            .all(|line| line["match_state"] == "matched" && line["jira"]["key"].is_string())
    );

    let key = matched[0]["jira"]["key"].as_str().unwrap();
    let found = json_lines(&run(&sim, &file, &["find", key, "--json"])).remove(0);
    assert_eq!(found, matched[0]);
    let login = found["profile"]["login"].as_str().unwrap();
    let one = run(
        &sim,
        &file,
        &["find", login, "--prefix", "--view", "matched", "--json"],
    );
    assert_eq!(json_lines(&one), [found]);
    assert!(one.stderr.is_empty());
    let many = run(&sim, &file, &["find", "", "--prefix", "--json"]);
    assert!(json_lines(&many).len() >= 1_000);
    assert!(String::from_utf8_lossy(&many.stderr).contains("More users"));
    let status = json_lines(&run(&sim, &file, &["status", "--json", "--check"])).remove(0);
    assert_eq!(status["directory"]["okta_users"], 1_500);
    assert_eq!(status["integrity"]["sqlite"], serde_json::json!([]));
    for plain in [
        &["status"][..],
        &["list", "--limit", "5"],
        &["find", key],
        &["validate"],
        &["changes", "--limit", "3"],
    ] {
        let output = run(&sim, &file, plain);
        assert!(output.status.success() && !output.stdout.is_empty(), "{plain:?}");
    }
}

#[test]
fn exit_codes_tell_the_block_of_the_error() {
    let sim = OktaSim::builder().users(50).seed(111).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let code = |output: Output| output.status.code().unwrap();
    assert_eq!(
        code(
            okta_profiles(&file, &["sync", "--org-url", sim.url()])
                .output()
                .unwrap()
        ),
        1
    );
    let expired = okta_profiles(&file, &["sync", "--json", "--org-url", sim.url()])
        .env("OKTA_API_TOKEN", sim.token(Role::Expired))
        .output()
        .unwrap();
    let error: Value = serde_json::from_slice(&expired.stdout).unwrap();
    assert_eq!(
        (&error["error"]["code"], &error["error"]["name"]),
        (&Value::from(204), &Value::from("TOKEN_REJECTED"))
    );
    assert_eq!(code(expired), 2);
    let nobody = okta_profiles(
        &file,
        &[
            "sync",
            "--org-url",
            "http://127.0.0.1:9",
            "--set",
            "retry.max_attempts=1",
        ],
    )
    .env("OKTA_API_TOKEN", "00token")
    .output()
    .unwrap();
    assert_eq!(code(nobody), 3);
    std::fs::write(
        folder.path().join("other.db"),
        "this is a letter, not a directory",
    )
    .unwrap();
    assert_eq!(code(run(&sim, &folder.path().join("other.db"), &["status"])), 4);
    let empty = okta_profiles(&file, &["sync", "--org-url", sim.url()])
        .env("OKTA_API_TOKEN", sim.token(Role::RoleLess))
        .output()
        .unwrap();
    assert_eq!(code(empty), 5);
    assert_eq!(code(run(&sim, &file, &["find", "nobody"])), 1);
    assert_eq!(code(run(&sim, &file, &["find", "nobody", "--view", "all"])), 64);
    assert_eq!(code(run(&sim, &file, &["sync", "--set", "sync.page_size=0"])), 1);
}

#[test]
fn the_token_may_come_from_a_file() {
    let sim = OktaSim::builder().users(50).seed(111).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, format!("{}\n", sim.token(Role::SuperAdmin))).unwrap();
    let arguments = [
        "sync",
        "--org-url",
        sim.url(),
        "--token-file",
        token.to_str().unwrap(),
    ];
    let output = okta_profiles(&folder.path().join("directory.db"), &arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn ctrl_c_cancels_and_the_next_sync_resumes() {
    let sim = OktaSim::builder().users(3_000).seed(112).start().unwrap();
    let silence = silent_after(&sim, 10);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let child = spawn_sync(&sim, &file, "full", &[]);
    silence.recv().unwrap();
    let interrupted = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(130),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    sim.clear_faults();
    let report = json_lines(&run(&sim, &file, &["sync", "--json"])).remove(0);
    assert_eq!(report["attempts"], 2);
    assert_eq!(report["seen"], 3_000);
}

#[test]
fn a_bad_csv_file_is_named_without_its_contents() {
    let sim = OktaSim::builder().users(50).seed(111).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("jira.csv");
    std::fs::write(
        &csv,
        "key,username,email,display_name,active\nK1,jane,jane@example.com,Jane,perhaps\n",
    )
    .unwrap();
    let output = run(
        &sim,
        &folder.path().join("directory.db"),
        &["sync", "--jira-users", csv.to_str().unwrap()],
    );
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(
        message.contains("line 2") && !message.contains("jane"),
        "{message}"
    );
}

#[test]
fn an_empty_csv_file_must_be_confirmed() {
    let sim = OktaSim::builder().users(50).seed(113).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (file, csv) = (folder.path().join("directory.db"), folder.path().join("jira.csv"));
    let heading = "key,username,email,display_name,active\n";
    let sync = |arguments: &[&str]| {
        let all = [&["sync", "--jira-users", csv.to_str().unwrap()], arguments].concat();
        run(&sim, &file, &all).status.code().unwrap()
    };
    std::fs::write(&csv, format!("{heading}K1,jane,,Jane,true\n")).unwrap();
    assert_eq!(sync(&[]), 0);
    std::fs::write(&csv, heading).unwrap();
    assert_eq!(sync(&[]), 5);
    assert_eq!(sync(&["--confirm-empty"]), 0);
}

#[test]
fn groups_schema_look_ups_and_exports_from_the_shell() {
    let sim = OktaSim::builder().users(700).groups(12).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let csv = folder.path().join("jira.csv");
    let mut writer = csv::Writer::from_path(&csv).unwrap();
    for user in jira_users(&sim, 300) {
        writer.serialize(user).unwrap();
    }
    writer.flush().unwrap();
    let sync = [
        "sync",
        "--set",
        "groups.sync=on",
        "--jira-users",
        csv.to_str().unwrap(),
    ];
    let output = run(&sim, &file, &sync);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Groups       12 listed, 12 added"), "{text}");

    let groups = json_lines(&run(&sim, &file, &["groups", "--json"]));
    assert_eq!(groups.len(), 12);
    let group = groups
        .iter()
        .filter(|group| group["type"] != "BUILT_IN")
        .max_by_key(|group| group["member_count"].as_u64())
        .unwrap();
    let id = group["id"].as_str().unwrap();
    let members = json_lines(&run(&sim, &file, &["groups", "--members", id, "--json"]));
    assert_eq!(members.len(), sim.members_of(id).unwrap().len());
    let keys = |arguments: &[&str]| {
        let output = run(&sim, &file, arguments);
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let found = keys(&["where", "group", group["name"].as_str().unwrap()]);
    let expected = members
        .iter()
        .filter(|member| !member["jira_key"].is_null())
        .count();
    assert!(found.len() >= expected && expected > 0);
    let of = json_lines(&run(&sim, &file, &["groups", "--of", &found[0], "--json"]));
    assert!(of.iter().any(|own| own["id"] == id));

    let schema = json_lines(&run(&sim, &file, &["schema", "--json"]));
    assert!(
        schema
            .iter()
            .any(|attribute| attribute["title"] == "Title of skills")
    );
    let titled = json_lines(&run(&sim, &file, &["find", &found[0], "--titles", "--json"]));
    assert!(titled.iter().any(|value| value["name"] == "login"));
    assert!(run(&sim, &file, &["managers", &found[0]]).status.success());

    let lines = json_lines(&run(&sim, &file, &["export", "--format", "jsonl"]));
    assert_eq!(lines.len(), 700);
    let target = folder.path().join("export.csv");
    let export = ["export", "--format", "csv", "--output", target.to_str().unwrap()];
    assert!(run(&sim, &file, &export).status.success());
    let rows = csv::Reader::from_path(&target).unwrap().into_records().count();
    assert_eq!(rows, 700);
    let again = run(&sim, &file, &export);
    assert_eq!(again.status.code(), Some(5), "an existing file is left alone");
}

fn write_jira_csv(file: &Path, users: &[okta_profiles::model::JiraUser]) {
    let mut writer = csv::Writer::from_path(file).unwrap();
    users.iter().for_each(|user| writer.serialize(user).unwrap());
    writer.flush().unwrap();
}

#[test]
fn a_file_that_loses_most_jira_users_is_refused_until_it_is_confirmed() {
    let sim = OktaSim::builder().users(300).seed(118).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (file, csv) = (folder.path().join("directory.db"), folder.path().join("jira.csv"));
    let users = jira_users(&sim, 200);
    write_jira_csv(&csv, &users);
    let sync = |more: &[&str]| {
        let arguments = [&["sync", "--json", "--jira-users", csv.to_str().unwrap()], more].concat();
        run(&sim, &file, &arguments)
    };
    let first = json_lines(&sync(&[])).remove(0);
    assert_eq!(first["jira_users"]["added"], 200);
    write_jira_csv(&csv, &users[..1]);
    let refused = sync(&[]);
    assert_eq!(refused.status.code(), Some(5));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        said.contains("--confirm-jira-loss") && said.contains("199 of 200 Jira users"),
        "{said}"
    );
    assert_eq!(
        sync(&["--confirm-empty"]).status.code(),
        Some(5),
        "this is another loss"
    );
    let told = json_lines(&sync(&["--dry-run"])).remove(0);
    assert_eq!(told["jira_users"]["needs_confirmation"], true);
    let status = json_lines(&run(&sim, &file, &["status", "--json"])).remove(0);
    assert_eq!(status["directory"]["jira_users"], 200);
    let done = json_lines(&sync(&["--confirm-jira-loss"])).remove(0);
    assert_eq!(done["jira_users"]["removed"], 199);
}

#[test]
fn a_folder_given_as_jira_users_is_refused_with_words() {
    let sim = OktaSim::builder().users(10).seed(119).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let refused = run(
        &sim,
        &file,
        &["sync", "--jira-users", folder.path().to_str().unwrap()],
    );
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is a folder"));
}
