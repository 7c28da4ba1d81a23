//! Four nodes with the same directory: processes that synchronize, publish and follow on one folder, killed at any
//! write. No directory is ever torn, no lineage is lost, and in the end all equal the org.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::model::{Following, Published, RunState, SyncMode, SyncOptions, View};
use okta_sim::{OktaSim, Role};

use crate::fixture::{QUICK, assert_same, rows, settings_of, truth};
use crate::kill_everywhere::{chosen, copy_folder, interposer};

const USERS: u32 = 60;
const NODES: usize = 4;

/// A process that is this very test: what it is to do stands in its environment.
#[test]
fn work_of_a_node() {
    let Some(work) = std::env::var_os("OKP_NODE_WORK") else {
        return;
    };
    let place = |name: &str| PathBuf::from(std::env::var_os(name).unwrap());
    let engine = Engine::open(&place("OKP_NODE_DIRECTORY"), settings_of(QUICK)).unwrap();
    let folder = place("OKP_NODE_SHARED");
    engine.follow(&folder).unwrap();
    if work == "sync" {
        engine.sync(SyncOptions::of(SyncMode::Auto)).unwrap();
    }
    if work != "follow" {
        engine.publish_to(&folder, "", work == "anew").unwrap();
    }
    engine.close().unwrap();
}

struct Cluster {
    sim: OktaSim,
    folder: tempfile::TempDir,
}

impl Cluster {
    /// All nodes are connected, and all are at the first state.
    fn new(seed: u64) -> Cluster {
        let sim = OktaSim::builder()
            .users(USERS)
            .groups(2)
            .seed(seed)
            .start()
            .unwrap();
        let cluster = Cluster {
            sim,
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir(cluster.home()).unwrap();
        for node in 0..NODES {
            let engine = cluster.open(node);
            engine
                .connect(cluster.sim.url(), cluster.sim.token(Role::SuperAdmin))
                .unwrap();
            engine.follow(&cluster.shared()).unwrap();
            if node == 0 {
                engine.sync(SyncOptions::of(SyncMode::Full)).unwrap();
                engine.publish_to(&cluster.shared(), "", false).unwrap();
            }
        }
        cluster
    }

    /// What is struck.
    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn shared(&self) -> PathBuf {
        self.home().join("shared")
    }

    fn file(&self, node: usize) -> PathBuf {
        self.home().join(format!("node{node}")).join("directory.db")
    }

    fn open(&self, node: usize) -> Engine {
        Engine::open(&self.file(node), settings_of(QUICK)).unwrap()
    }

    fn process(&self, node: usize, work: &str) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "cluster::work_of_a_node"])
            .env("OKP_NODE_WORK", work)
            .env("OKP_NODE_DIRECTORY", self.file(node))
            .env("OKP_NODE_SHARED", self.shared())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Kills the process at its `at`-th write below the home; 0 for none. Gives how many there were.
    fn struck(&self, node: usize, work: &str, kind: &str, at: u64) -> u64 {
        let count = self.folder.path().join("count");
        drop(std::fs::remove_file(&count));
        let mut command = self.process(node, work);
        command
            .env("LD_PRELOAD", interposer())
            .env("OKP_FAULT_BELOW", self.home())
            .env("OKP_FAULT_KIND", kind)
            .env("OKP_FAULT_CALLS", "write")
            .env("OKP_FAULT_AT", at.to_string())
            .env("OKP_FAULT_COUNT", &count);
        let output = command.output().unwrap();
        let ended = output.status.success() || output.status.signal() == Some(9);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(ended, "{work} {kind} at {at}: {said}");
        std::fs::read_to_string(&count)
            .unwrap_or_default()
            .parse()
            .unwrap_or(0)
    }

    /// What these nodes have after the first of them has published undisturbed: the same as the org.
    fn assert_all_well(&self, nodes: usize, context: &str) {
        let mut digests = Vec::new();
        for node in 0..nodes {
            let engine = self.open(node);
            let sound = engine.check_integrity().unwrap();
            assert!(sound.is_sound(), "{context}: {sound:?}");
            engine
                .follow(&self.shared())
                .unwrap_or_else(|error| panic!("{context}: {error}"));
            if node == 0 {
                engine.sync(SyncOptions::of(SyncMode::Full)).unwrap();
                let publication = engine.publish_to(&self.shared(), "", false).unwrap();
                assert_ne!(publication.published, Published::Nothing, "{context}");
            }
            let sound = engine.check_integrity().unwrap();
            assert!(sound.is_sound(), "{context}: {sound:?}");
            assert_same(&truth(&self.sim), &rows(&engine, View::All));
            let feed = format!("{:?}", engine.changes(0, None, 10_000).unwrap());
            let runs = engine.runs(None, 100).unwrap();
            assert!(runs.iter().all(|run| run.state != RunState::Running), "{context}");
            digests.push((engine.statistics().unwrap().digest, feed, runs.len()));
            assert_eq!(
                engine.follow(&self.shared()).unwrap().following,
                Following::Current,
                "{context}"
            );
        }
        assert!(
            digests.windows(2).all(|pair| pair[0] == pair[1]),
            "{context}: the nodes differ"
        );
    }
}

fn copy_tree(from: &Path, to: &Path) {
    drop(std::fs::remove_dir_all(to));
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy_folder(&entry.path(), &to.join(entry.file_name()));
    }
}

/// Strikes one node at its writes, beginning each time with the same cluster.
fn strike(node: usize, work: &str, prepare: impl FnOnce(&Cluster)) {
    let cluster = Cluster::new(70);
    prepare(&cluster);
    let kept = cluster.folder.path().join("kept");
    copy_tree(&cluster.home(), &kept);
    let writes = cluster.struck(node, work, "kill", 0);
    for kind in ["kill", "torn"] {
        for at in chosen(writes) {
            copy_tree(&kept, &cluster.home());
            cluster.struck(node, work, kind, at);
            cluster.assert_all_well(2, &format!("{work} after {kind} at write {at} of {writes}"));
        }
    }
}

/// The node has changes that it has not published.
fn changed(cluster: &Cluster) {
    for index in [3, 4, 5] {
        let user = cluster.sim.user_json(index).unwrap();
        cluster.sim.set_status(user["id"].as_str().unwrap(), "SUSPENDED");
    }
    let engine = cluster.open(0);
    engine.sync(SyncOptions::of(SyncMode::Full)).unwrap();
}

#[test]
fn a_publisher_killed_at_any_write_loses_nothing() {
    strike(0, "publish", changed);
}

#[test]
fn a_publisher_of_a_base_killed_at_any_write_loses_nothing() {
    strike(0, "anew", changed);
}

#[test]
fn a_follower_killed_at_any_write_loses_nothing() {
    strike(1, "follow", |cluster| {
        changed(cluster);
        cluster.open(0).publish_to(&cluster.shared(), "", false).unwrap();
    });
}

#[test]
fn four_nodes_of_which_any_is_killed_equal_the_org_in_the_end() {
    let cluster = Cluster::new(71);
    let rounds = std::env::var("OKP_CLUSTER_ROUNDS").map_or(12, |rounds| rounds.parse().unwrap());
    let mut random = fastrand::Rng::with_seed(71);
    let mut restored = cluster.folder.path().join("restored");
    for round in 0..rounds {
        let user = cluster.sim.user_json(random.u32(..USERS)).unwrap();
        let status = if random.bool() { "SUSPENDED" } else { "ACTIVE" };
        cluster.sim.set_status(user["id"].as_str().unwrap(), status);
        if round == rounds / 3 {
            copy_folder(&cluster.shared(), &restored);
        }
        if round == 2 * rounds / 3 && restored.is_dir() {
            // A backup of the shared folder is put back.
            std::fs::remove_dir_all(cluster.shared()).unwrap();
            copy_folder(&restored, &cluster.shared());
            restored = PathBuf::new();
        }
        // One of them holds the cluster's lock and runs, the others follow at the same time.
        let runner = random.usize(..NODES);
        let mut others: Vec<Child> = (0..NODES)
            .filter(|node| *node != runner)
            .map(|node| cluster.process(node, "follow").spawn().unwrap())
            .collect();
        let at = if random.bool() { random.u64(1..80) } else { 0 };
        cluster.struck(runner, "sync", "kill", at);
        for other in &mut others {
            if random.u8(..4) == 0 {
                other.kill().unwrap();
            }
            other.wait().unwrap();
        }
    }
    cluster.assert_all_well(NODES, "in the end");
}

#[test]
fn a_folder_is_known_by_its_whole_name() {
    let sim = OktaSim::builder().users(3).seed(71).start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(&folder.path().join("directory.db"), settings_of(QUICK)).unwrap();
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    engine.sync(SyncOptions::of(SyncMode::Full)).unwrap();
    for refused in [
        engine.publish_to(Path::new(""), "", false).err(),
        engine.follow(Path::new("")).err(),
    ] {
        assert_eq!(refused.unwrap().code(), ErrorCode::InvalidArgument);
    }
}

/// Rules that were changed on one node and are not known yet to the one that publishes.
#[test]
fn a_follower_matches_by_its_own_rules() {
    let cluster = Cluster::new(72);
    let rules = |engine: &Engine| {
        let matches = engine.statistics().unwrap().matches;
        let names: Vec<String> = matches.by_rule.into_iter().map(|(rule, _)| rule).collect();
        names.join(", ")
    };
    let (publisher, follower) = (cluster.open(0), cluster.open(1));
    let before = rules(&publisher);
    follower.set("matching.rules", "email=email").unwrap();
    follower.rematch().unwrap();
    for round in 0..2 {
        let user = cluster.sim.user_json(round).unwrap();
        cluster.sim.set_status(user["id"].as_str().unwrap(), "SUSPENDED");
        publisher.sync(SyncOptions::of(SyncMode::Auto)).unwrap();
        publisher.publish_to(&cluster.shared(), "", round == 0).unwrap();
        assert_eq!(rules(&publisher), before);
        assert!(follower.follow(&cluster.shared()).unwrap().following.moved());
        assert_eq!(rules(&follower), "email=email", "{round}");
        assert!(follower.check_integrity().unwrap().is_sound());
    }
    // It passes them on when it publishes itself.
    follower.publish_to(&cluster.shared(), "", false).unwrap();
    publisher.follow(&cluster.shared()).unwrap();
    assert_eq!(rules(&publisher), "email=email");
}
