//! The command line's side of connecting: the real program signs in by a real loopback port, two
//! processes renew one token, and no secret stands where another user of the machine could read it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use okta_profiles::engine::Engine;
use okta_profiles::model::{CredentialKind, SyncOptions};
use okta_sim::{OAuthApp, OktaSim, RefreshTokens};

use crate::fixture::{QUICK, privacy_scan, settings_of};
use crate::kill::wait_until_it_waits;
use crate::sign_in::{browse, grants, org, rotating};

pub fn program(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_okta-profiles"));
    command.arg("--directory").arg(directory).args(arguments);
    command.env_remove("OKTA_API_TOKEN").env_remove("OKTA_ORG_URL");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(directory: &Path, arguments: &[&str]) -> Output {
    let output = program(directory, arguments).output().unwrap();
    privacy_scan(&String::from_utf8_lossy(&output.stderr));
    output
}

fn write_secret(folder: &Path, name: &str, secret: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, format!("{secret}\n")).unwrap();
    path
}

/// The address that the program asks the user to open.
fn announced(child: &mut Child) -> String {
    let stderr = BufReader::new(child.stderr.take().unwrap());
    let mut lines = stderr.lines().map(Result::unwrap);
    let line = lines.find(|line| line.trim_start().starts_with("http")).unwrap();
    line.trim().to_owned()
}

/// Whether arguments or environment of the process hold the text.
fn shows(child: &Child, text: &str) -> bool {
    ["cmdline", "environ"].iter().any(|name| {
        let bytes = std::fs::read(format!("/proc/{}/{name}", child.id())).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

fn visit(address: &str) -> String {
    let rest = address.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host.replace("localhost", "127.0.0.1")).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn connected(directory: &Path, edit: impl FnOnce(&mut OAuthApp)) -> OktaSim {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let redirect_uri = format!("http://localhost:{port}/callback");
    let sim = org(20, |app| {
        app.redirect_uris = vec![redirect_uri];
        edit(app);
    });
    let app = sim.web_app();
    let folder = directory.parent().unwrap();
    let secret_file = write_secret(folder, "client-secret", &app.client_secret);
    let port = port.to_string();
    let mut child = program(
        directory,
        &[
            "connect",
            "--json",
            "--org-url",
            sim.url(),
            "--client-id",
            &app.client_id,
            "--client-secret-file",
            secret_file.to_str().unwrap(),
            "--port",
            &port,
        ],
    )
    .spawn()
    .unwrap();
    let url = announced(&mut child);
    assert!(!url.contains(&app.client_secret));
    assert!(!shows(&child, &app.client_secret));
    let start = visit(&format!("http://localhost:{port}/start"));
    assert!(start.contains(&url), "the page that a browser is given leads on");
    let again = visit(&format!("http://localhost:{port}/start"));
    assert!(
        again.starts_with("HTTP/1.1 410") && !again.contains("state="),
        "it is shown once: {again}"
    );
    // What any web page can send ends nothing.
    for foreign in [
        "x=1",
        "code=1&state=foreign",
        "error=access_denied&state=",
        "state",
    ] {
        let answer = visit(&format!("http://localhost:{port}/callback?{foreign}"));
        assert!(answer.starts_with("HTTP/1.1 400"), "{foreign}: {answer}");
    }
    assert!(visit(&format!("http://localhost:{port}/favicon.ico")).starts_with("HTTP/1.1 404"));
    let answer = visit(&browse(&url));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let status: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(status["kind"], "oauth");
    std::fs::remove_file(secret_file).unwrap();
    sim
}

#[test]
fn a_sign_in_by_the_loopback_port_and_everything_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("directory.db");
    let sim = connected(&directory, rotating);
    assert!(run(&directory, &["sync"]).status.success());
    assert!(run(&directory, &["validate"]).status.success());
    assert!(run(&directory, &["refresh"]).status.success());
    assert!(run(&directory, &["rekey"]).status.success());
    let shown = String::from_utf8(run(&directory, &["token"]).stdout).unwrap();
    assert!(
        shown.contains("sign-in with Okta") && shown.contains("okta.users.read"),
        "{shown}"
    );
    // Neither the client secret nor anything that looks like a token lies open in any file.
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in [sim.web_app().client_secret.as_str(), "eyJ"] {
            assert!(
                !bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes())
            );
        }
    }
    assert!(run(&directory, &["disconnect"]).status.success());
    let shown = String::from_utf8(run(&directory, &["token"]).stdout).unwrap();
    assert_eq!(shown, "Not connected.\n");
    let refused = run(&directory, &["refresh"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(sim.attacker_requests().is_empty());
}

#[test]
fn two_processes_that_renew_at_once_make_one_request() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("directory.db");
    let sim = connected(&directory, |app| {
        app.refresh_tokens = RefreshTokens::Rotating {
            grace: Duration::ZERO,
        };
    });
    // Both wait for the test, which owns the directory, and so both have begun before either asks.
    let owner = Engine::open(&directory, settings_of(QUICK)).unwrap();
    let start = || program(&directory, &["refresh", "--wait", "30"]).spawn().unwrap();
    let (one, two) = (start(), start());
    wait_until_it_waits(&one, &directory);
    wait_until_it_waits(&two, &directory);
    owner.close().unwrap();
    for child in [one, two] {
        let output = child.wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    assert_eq!(grants(&sim, "refresh_token"), 1);
    assert_eq!(sim.token_reuses(), 0);
}

#[test]
fn a_service_app_connects_with_its_key_file() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("directory.db");
    let sim = org(20, |_| {});
    let key_file = write_secret(folder.path(), "key.pem", &sim.service_private_key());
    let app = sim.service_app();
    let arguments = [
        "connect",
        "--service-app",
        "--org-url",
        sim.url(),
        "--client-id",
        &app.client_id,
        "--key-file",
        key_file.to_str().unwrap(),
        "--dpop",
    ];
    let output = run(&directory, &arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("service app, bound to a key"));
    std::fs::remove_file(key_file).unwrap();
    let engine = Engine::open(&directory, settings_of(QUICK)).unwrap();
    assert_eq!(engine.token_status().unwrap().kind, CredentialKind::ServiceApp);
    engine.sync(SyncOptions::default()).unwrap();
}

#[test]
fn a_secret_file_in_another_encoding_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("directory.db");
    let file = folder.path().join("secret");
    let name = file.to_str().unwrap();
    let org = ["--org-url", "http://127.0.0.1:9"];
    let wide: Vec<u8> = "\u{feff}00secret\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, word) in [
        (wide.clone(), "UTF-16"),
        (wide[2..].to_vec(), "UTF-16"),
        ("\u{feff}00secret\n".into(), "byte-order mark"),
    ] {
        std::fs::write(&file, bytes).unwrap();
        for command in [
            &["connect", "--token-file", name][..],
            &["sync", "--token-file", name],
            &["connect", "--client-id", "0oa1", "--client-secret-file", name],
            &[
                "connect",
                "--client-id",
                "0oa1",
                "--service-app",
                "--key-file",
                name,
            ],
        ] {
            let output = run(&directory, &[command, &org].concat());
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
            for part in [word, name, "UTF-8"] {
                assert!(said.contains(part), "{command:?}: {said}");
            }
            assert!(!said.contains("secret\n") && !said.contains("00s"), "{said}");
        }
    }
}
