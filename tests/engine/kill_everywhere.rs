//! A kill, or a failing disk, at every single system call that writes: whatever was struck, the next opening
//! accepts what is left, and the same command then ends well.
//!
//! A small library (`interpose.c`) is loaded before the C library into the real program. A short form strikes a few
//! calls of each operation; `make faults` strikes every one (`OKP_FAULTS=all`).

use std::ffi::OsStr;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use okta_sim::{OktaSim, Role};
use serde_json::Value;

const USERS: u32 = 30;
/// So many calls of each operation are struck in the short form.
const FEW: u64 = 6;

/// The interposer, compiled once.
pub fn interposer() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let library =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("interpose-{}.so", std::process::id()));
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/engine/interpose.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library);
        let compiled = compiler.arg(source).arg("-ldl").status().expect("a C compiler");
        assert!(compiled.success());
        library
    })
}

/// What happens to which calls.
#[derive(Clone, Copy, Debug)]
pub struct Strike {
    pub kind: &'static str,
    pub calls: &'static str,
    pub at: u64,
    pub on: u64,
}

impl Strike {
    const NONE: Strike = Strike {
        kind: "kill",
        calls: "write",
        at: 0,
        on: 1,
    };

    /// One call.
    fn once(kind: &'static str, calls: &'static str, at: u64) -> Strike {
        Strike {
            kind,
            calls,
            at,
            on: 1,
        }
    }

    /// That call and all behind it.
    fn from(kind: &'static str, calls: &'static str, at: u64) -> Strike {
        Strike {
            at,
            ..Strike::always(kind, calls)
        }
    }

    /// Every call.
    fn always(kind: &'static str, calls: &'static str) -> Strike {
        Strike {
            kind,
            calls,
            at: 1,
            on: 1_000_000,
        }
    }
}

/// An org, and a folder in which one operation is tried again and again.
struct World {
    sim: OktaSim,
    folder: tempfile::TempDir,
}

impl World {
    fn new() -> World {
        let sim = OktaSim::builder().users(USERS).seed(90).start().unwrap();
        let folder = folder_in_memory();
        let world = World { sim, folder };
        std::fs::write(world.path("token"), world.sim.token(Role::SuperAdmin)).unwrap();
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder of the directory, which alone is struck.
    fn home(&self) -> PathBuf {
        self.path("home")
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_okta-profiles"));
        command
            .args(arguments)
            .arg("--directory")
            .arg(self.home().join("directory.db"))
            .current_dir(self.folder.path())
            .env_remove("OKTA_API_TOKEN")
            .env_remove("OKTA_ORG_URL");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.program(arguments).output().unwrap()
    }

    fn succeed(&self, arguments: &[&str], context: &str) -> Output {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "{arguments:?} {context}: {}",
            text(&output)
        );
        output
    }

    fn json(&self, arguments: &[&str], context: &str) -> Value {
        let output = self.succeed(arguments, context);
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn struck(&self, arguments: &[&str], strike: Strike) -> (Output, u64) {
        let count = self.path("count");
        drop(std::fs::remove_file(&count));
        let output = self
            .program(arguments)
            .env("LD_PRELOAD", interposer())
            .env("OKP_FAULT_BELOW", self.home())
            .env("OKP_FAULT_KIND", strike.kind)
            .env("OKP_FAULT_CALLS", strike.calls)
            .env("OKP_FAULT_AT", strike.at.to_string())
            .env("OKP_FAULT_ON", strike.on.to_string())
            .env("OKP_FAULT_COUNT", &count)
            .output()
            .unwrap();
        let counted = std::fs::read_to_string(&count).unwrap_or_default();
        (output, counted.parse().unwrap_or(0))
    }

    /// Replaces the folder of the directory by a copy of another one.
    fn restore(&self, from: &Path) {
        drop(std::fs::remove_dir_all(self.home()));
        copy_folder(from, &self.home());
    }

    fn keep_as(&self, name: &str) -> PathBuf {
        let kept = self.path(name);
        copy_folder(&self.home(), &kept);
        kept
    }

    fn connect(&self) -> Vec<String> {
        let token = self.path("token");
        [
            "connect",
            "--org-url",
            self.sim.url(),
            "--token-file",
            token.to_str().unwrap(),
        ]
        .map(str::to_owned)
        .to_vec()
    }
}

/// No power is cut here, so waiting for a disk would prove nothing and take most of the time.
fn folder_in_memory() -> tempfile::TempDir {
    let in_memory = tempfile::tempdir_in("/dev/shm");
    in_memory.or_else(|_| tempfile::tempdir()).unwrap()
}

pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn text(output: &Output) -> String {
    format!(
        "{} {} {}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Calls to strike, of so many.
pub fn chosen(calls: u64) -> Vec<u64> {
    assert!(calls > 0, "nothing was counted");
    if std::env::var_os("OKP_FAULTS").is_some_and(|form| form == "all") {
        return (1..=calls).collect();
    }
    let step = calls.div_ceil(FEW).max(1);
    (1..=calls).step_by(usize::try_from(step).unwrap()).collect()
}

/// What must hold of an operation.
struct Operation<'a> {
    name: &'a str,
    arguments: Vec<String>,
    /// Whether there was a directory before.
    existed: bool,
    /// Whether it was connected before.
    connected: bool,
    /// How many users it must have when the operation has ended well.
    users: u32,
}

impl Operation<'_> {
    /// Strikes the operation, beginning each time with what lies in `base`.
    fn strike_everywhere(&self, world: &World, base: &Path, kinds: &[(&'static str, &'static str)]) {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        for (kind, calls) in kinds {
            world.restore(base);
            let count_only = Strike {
                calls,
                ..Strike::NONE
            };
            let (untouched, counted) = world.struck(&arguments, count_only);
            assert!(untouched.status.success(), "{}: {}", self.name, text(&untouched));
            let struck = chosen(counted);
            eprintln!("{}: {kind} at {} of {counted} calls", self.name, struck.len());
            for at in struck {
                world.restore(base);
                let (output, _) = world.struck(&arguments, Strike::once(kind, calls, at));
                let context = format!("{} after {kind} at call {at} of {counted}", self.name);
                assert_true_to_itself(&output, kind, &context);
                self.assert_accepted(world, &context);
            }
        }
    }

    /// The next opening accepts what is left, and the operation then ends well.
    fn assert_accepted(&self, world: &World, context: &str) {
        let status = world.run(&["status", "--check", "--json"]);
        if self.existed || status.status.success() {
            assert!(status.status.success(), "{context}: {}", text(&status));
            let token = world.json(&["token", "--json"], context);
            assert_eq!(token["problem"], 0, "{context}: {token}");
            assert!(
                !self.connected || token["kind"] == "api_token",
                "{context}: {token}"
            );
        } else {
            let error: Value = serde_json::from_slice(&status.stdout).unwrap();
            assert_eq!(error["error"]["code"], 414, "{context}: {error}");
        }
        let mut again: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        if again[0] == "backup" {
            // The struck one may be whole.
            again[1] = "again.db";
        }
        world.succeed(&again, context);
        let status = world.json(&["status", "--check", "--json"], context);
        assert_eq!(status["directory"]["okta_users"], self.users, "{context}");
        drop(std::fs::remove_file(world.path("again.db")));
        drop(std::fs::remove_file(world.path("home/copy.db")));
        assert_no_leftovers(&world.home(), context);
    }
}

/// Killed as it should be, or a failure with words of its own, never a fault of ours.
fn assert_true_to_itself(output: &Output, kind: &str, context: &str) {
    if kind == "kill" || kind == "torn" {
        let killed = output.status.signal() == Some(9);
        assert!(killed || output.status.success(), "{context}: {}", text(output));
        return;
    }
    let said = text(output);
    assert!(output.status.code().is_some(), "{context}: {said}");
    for fault in ["(900 ", "panicked", "stack overflow"] {
        assert!(!said.contains(fault), "{context}: {said}");
    }
}

/// Only what belongs to a closed directory.
fn assert_no_leftovers(home: &Path, context: &str) {
    for entry in std::fs::read_dir(home).unwrap() {
        let name = entry.unwrap().file_name();
        let known = [
            "directory.db",
            "directory.db.lock",
            "directory.db.key",
            "directory.db-wal",
            "directory.db-shm",
        ];
        assert!(
            known.map(OsStr::new).contains(&name.as_os_str()),
            "{context}: {name:?} is left"
        );
    }
}

const KILLS: &[(&str, &str)] = &[("kill", "write"), ("torn", "write")];
const WRITE_FAILURES: &[(&str, &str)] = &[("EIO", "write"), ("ENOSPC", "write"), ("EINVAL", "sync")];
const READ_FAILURES: &[(&str, &str)] = &[("EIO", "read"), ("ENOMEM", "map")];

fn owned(arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(|argument| (*argument).to_owned()).collect()
}

fn everywhere(kinds: &[(&'static str, &'static str)]) {
    let world = World::new();
    let nothing = world.path("nothing");
    std::fs::create_dir(&nothing).unwrap();
    let token_file = world.path("token");
    let creation = Operation {
        name: "creation and first sync",
        arguments: owned(&[
            "sync",
            "--org-url",
            world.sim.url(),
            "--token-file",
            token_file.to_str().unwrap(),
        ]),
        existed: false,
        connected: false,
        users: USERS,
    };
    creation.strike_everywhere(&world, &nothing, kinds);
    let synced = world.keep_as("synced");
    world.succeed(&["disconnect"], "to begin with");
    let unconnected = world.keep_as("unconnected");
    let of_synced = |name, arguments, connected| Operation {
        name,
        arguments,
        existed: true,
        connected,
        users: USERS,
    };
    of_synced("first connect", world.connect(), false).strike_everywhere(&world, &unconnected, kinds);
    of_synced("rekey", owned(&["rekey"]), true).strike_everywhere(&world, &synced, kinds);
    let copy = world.home().join("copy.db");
    let backup = owned(&["backup", copy.to_str().unwrap()]);
    of_synced("backup", backup, true).strike_everywhere(&world, &synced, kinds);
    for user in world.sim.all_users().take(10) {
        let id = user["id"].as_str().unwrap().to_owned();
        world.sim.set_status(&id, "SUSPENDED");
    }
    let full = owned(&["sync", "--mode", "full"]);
    of_synced("publication", full, true).strike_everywhere(&world, &synced, kinds);
    let old = world.path("old");
    std::fs::create_dir(&old).unwrap();
    let fixture = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/directory_schema_1.db"
    );
    std::fs::copy(fixture, old.join("directory.db")).unwrap();
    let upgrade = Operation {
        name: "upgrade of the schema",
        arguments: owned(&["match"]),
        existed: true,
        connected: false,
        users: 12,
    };
    upgrade.strike_everywhere(&world, &old, kinds);
}

#[test]
fn a_kill_at_any_write_leaves_what_the_next_opening_accepts() {
    everywhere(KILLS);
}

#[test]
fn a_disk_that_fails_at_any_write_loses_nothing() {
    everywhere(WRITE_FAILURES);
}

#[test]
fn a_disk_that_fails_at_any_read_loses_nothing() {
    everywhere(READ_FAILURES);
}

fn synced_world() -> World {
    let world = World::new();
    let token_file = world.path("token");
    let sync = [
        "sync",
        "--org-url",
        world.sim.url(),
        "--token-file",
        token_file.to_str().unwrap(),
    ];
    world.succeed(&sync, "to begin with");
    world
}

#[test]
fn folders_that_refuse_to_be_synced_are_no_failure() {
    let world = World::new();
    let refuse = Strike::always("EINVAL", "sync-folder");
    let connect = world.connect();
    let connect: Vec<&str> = connect.iter().map(String::as_str).collect();
    let copy = world.path("copy.db");
    for arguments in [
        &connect[..],
        &["rekey"],
        &["sync"],
        &["backup", copy.to_str().unwrap()],
    ] {
        let (output, folders) = world.struck(arguments, refuse);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output));
        assert!(
            folders > 0 || arguments[0] == "sync",
            "{arguments:?} synced no folder"
        );
    }
}

#[test]
fn a_full_disk_can_still_be_read() {
    let world = synced_world();
    let full = Strike::always("ENOSPC", "write");
    let first = world.sim.all_users().next().unwrap();
    let login = first["profile"]["login"].as_str().unwrap();
    for arguments in [
        &["status"][..],
        &["status", "--check"],
        &["find", login],
        &["list", "--view", "all"],
        &["changes"],
        &["token"],
        &["export", "--format", "csv"],
    ] {
        let (output, _) = world.struck(arguments, full);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output));
    }
    let target = world.home().join("target");
    for command in [
        &["backup", target.to_str().unwrap()][..],
        &["export", "--format", "csv", "--output", target.to_str().unwrap()],
    ] {
        let (output, _) = world.struck(command, full);
        assert!(!output.status.success());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("no room for"), "{said}");
        assert!(!said.contains("sync again"), "{said}");
        assert!(!target.exists());
        world.succeed(command, "when there is room again");
        std::fs::remove_file(&target).unwrap();
        assert_no_leftovers(&world.home(), command[0]);
    }
}

/// Written, synced, cut, grown or made: whatever found no room, and whether the disk or a quota is full.
#[test]
fn a_disk_that_becomes_full_is_called_full() {
    let world = synced_world();
    let synced = world.keep_as("synced");
    let nothing = world.path("nothing");
    std::fs::create_dir(&nothing).unwrap();
    let connect = world.connect();
    let connect: Vec<&str> = connect.iter().map(String::as_str).collect();
    for (base, arguments) in [
        (&synced, &["sync", "--mode", "full", "--json"][..]),
        (&synced, &["set", "retain=matched", "--json"]),
        (&synced, &["rekey", "--json"]),
        (&nothing, &[&connect[..], &["--json"]].concat()),
    ] {
        for kind in ["ENOSPC", "EDQUOT"] {
            world.restore(base);
            let (_, writes) = world.struck(arguments, Strike::NONE);
            for at in chosen(writes) {
                world.restore(base);
                let (output, _) = world.struck(arguments, Strike::from(kind, "write", at));
                let context = format!("{} with {kind} from write {at} of {writes} on", arguments[0]);
                // The last writes only tidy up.
                if output.status.success() {
                    continue;
                }
                // Closing, too, may find no room; then the error is all that is said.
                let error: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
                assert_eq!(error["error"]["code"], 404, "{context}: {}", text(&output));
            }
        }
    }
}

#[test]
fn a_disk_that_failed_once_at_opening_moves_nothing_aside() {
    let world = synced_world();
    let base = world.keep_as("base");
    // Cut off, so that the opening checks every page.
    std::fs::write(base.join("directory.db.lock"), "open\n").unwrap();
    let (_, reads) = {
        world.restore(&base);
        world.struck(
            &["match"],
            Strike {
                calls: "read",
                ..Strike::NONE
            },
        )
    };
    for at in chosen(reads) {
        world.restore(&base);
        let (output, _) = world.struck(&["match"], Strike::once("EIO", "read", at));
        let context = format!("EIO at read {at} of {reads}");
        assert_true_to_itself(&output, "EIO", &context);
        assert_no_leftovers(&world.home(), &context);
        let status = world.json(&["status", "--json"], &context);
        assert_eq!(status["directory"]["okta_users"], USERS, "{context}");
    }
}

#[test]
fn a_killed_export_or_dry_run_leaves_nothing_for_long() {
    let world = synced_world();
    let target = world.home().join("export.csv");
    let export = ["export", "--format", "csv", "--output", target.to_str().unwrap()];
    for arguments in [&export[..], &["sync", "--dry-run"]] {
        let (_, writes) = world.struck(arguments, Strike::NONE);
        drop(std::fs::remove_file(&target));
        for at in chosen(writes) {
            let (output, _) = world.struck(arguments, Strike::once("kill", "write", at));
            assert_true_to_itself(&output, "kill", arguments[0]);
            assert!(
                !target.exists()
                    || std::fs::read_to_string(&target).unwrap().lines().count() > USERS as usize
            );
            drop(std::fs::remove_file(&target));
            world.succeed(&["match"], "the next opening cleans up");
            assert_no_leftovers(&world.home(), arguments[0]);
        }
    }
}
