//! Signals that come while the command line waits for something else than Okta, or that it was told to ignore.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use okta_sim::{Fault, OktaSim, Role};
use rustix::process::{Pid, Signal, kill_process};

use crate::fixture::truth;

/// Longer than any of this takes, on any machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn okta_profiles(sim: &OktaSim, folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_okta-profiles"));
    with_org(&mut command, sim, folder, words);
    command
}

/// Started with hang-ups ignored, as by `nohup`.
fn nohup(sim: &OktaSim, folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args([
        "-c",
        "trap '' HUP; exec \"$0\" \"$@\"",
        env!("CARGO_BIN_EXE_okta-profiles"),
    ]);
    with_org(&mut command, sim, folder, words);
    command
}

fn with_org(command: &mut Command, sim: &OktaSim, folder: &Path, words: &[&str]) {
    command
        .args(words)
        .arg("--directory")
        .arg(folder.join("directory.db"))
        .env("OKTA_ORG_URL", sim.url())
        .env("OKTA_API_TOKEN", sim.token(Role::SuperAdmin))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

fn ended(mut child: Child) -> ExitStatus {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if Instant::now() > until {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("the signal was lost");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A file of Jira users that is a pipe, and the words that name it.
fn pipe_in(folder: &Path) -> PathBuf {
    let pipe = folder.join("jira.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    pipe
}

/// Waits until the command reads the file.
fn opened(pipe: &Path) -> File {
    OpenOptions::new().write(true).open(pipe).unwrap()
}

#[test]
fn a_signal_that_comes_between_two_calls_stops_the_command() {
    let sim = OktaSim::builder().users(20).seed(781).start().unwrap();
    sim.set_faults(&[Fault::StalledForever]);
    let folder = tempfile::tempdir().unwrap();
    let pipe = pipe_in(folder.path());
    let words = ["sync", "--jira-users", pipe.to_str().unwrap()];
    let child = okta_profiles(&sim, folder.path(), &words).spawn().unwrap();
    let mut file = opened(&pipe);
    send(&child, Signal::TERM);
    file.write_all(b"key,username,email,display_name,active\nk1,u1,,,true\n")
        .unwrap();
    drop(file);
    assert_eq!(ended(child).code(), Some(130));
}

#[test]
fn a_hang_up_that_is_to_be_ignored_is() {
    let sim = OktaSim::builder().users(20).seed(782).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let pipe = pipe_in(folder.path());
    let words = ["sync", "--jira-users", pipe.to_str().unwrap()];
    let child = nohup(&sim, folder.path(), &words).spawn().unwrap();
    let mut file = opened(&pipe);
    send(&child, Signal::HUP);
    file.write_all(b"key,username,email,display_name,active\nk1,u1,,,true\n")
        .unwrap();
    drop(file);
    assert_eq!(ended(child).code(), Some(0));
}

#[test]
fn a_question_ends_by_ctrl_c_and_nothing_is_done() {
    let sim = OktaSim::builder().users(20).seed(783).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let done = okta_profiles(&sim, folder.path(), &["sync"]).output().unwrap();
    assert!(done.status.success());
    let user = truth(&sim).into_keys().next().unwrap();
    let mut child = okta_profiles(&sim, folder.path(), &["erase", &user])
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(told.next().unwrap().unwrap().contains("Type the id"));
    let keyboard = child.stdin.take();
    send(&child, Signal::INT);
    assert_eq!(ended(child).code(), Some(130));
    drop(keyboard);
    let found = okta_profiles(&sim, folder.path(), &["find", &user])
        .output()
        .unwrap();
    assert!(found.status.success());
}
