//! Events in a cluster: whichever node a delivery comes to, whichever node reads it again, and whoever is killed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use okta_profiles::engine::{Engine, SEALING_KEY_LENGTH, SealingKey};
use okta_profiles::model::{SyncMode, SyncOptions, View};
use okta_sim::{OktaSim, Role};
use serde_json::json;

use crate::fixture::{QUICK, assert_same, rows, settings_of, truth};
use crate::live::{deleted, deliver, delivery, listening, updated};

/// Two nodes that have read the same org, and a folder that they share.
struct Cluster {
    sim: OktaSim,
    home: tempfile::TempDir,
    settings: Vec<(&'static str, &'static str)>,
}

impl Cluster {
    fn of(seed: u64, settings: Vec<(&'static str, &'static str)>) -> Cluster {
        let sim = OktaSim::builder().users(60).seed(seed).start().unwrap();
        let home = tempfile::tempdir().unwrap();
        let cluster = Cluster { sim, home, settings };
        for node in [0, 1] {
            let engine = cluster.open(node);
            engine
                .connect(cluster.sim.url(), cluster.sim.token(Role::SuperAdmin))
                .unwrap();
            engine.follow(&cluster.shared()).unwrap();
            if node == 0 {
                engine.hook_secret().unwrap();
                engine.sync(SyncOptions::of(SyncMode::Full)).unwrap();
                engine.publish_to(&cluster.shared(), "", false).unwrap();
            }
        }
        cluster
    }

    fn shared(&self) -> PathBuf {
        self.home.path().join("shared")
    }

    fn file(&self, node: usize) -> PathBuf {
        self.home.path().join(format!("node{node}")).join("directory.db")
    }

    fn open(&self, node: usize) -> Engine {
        open(&self.file(node), &self.settings)
    }

    /// The ids of all users, in order.
    fn ids(&self) -> Vec<String> {
        truth(&self.sim).into_keys().collect()
    }

    fn relocate(&self, id: &str) {
        self.sim.update_profile(id, |profile| {
            profile.insert("city".to_owned(), json!("Elsewhere"));
        });
    }

    /// A process that does this at a node and is killed when it has done so.
    fn killed_after(&self, node: usize, work: &str, told: &str) {
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cluster_live::child_does_its_part_and_is_killed"])
            .env("OKP_TEST_LIVE_NODE", self.file(node))
            .env("OKP_TEST_LIVE_SHARED", self.shared())
            .env("OKP_TEST_LIVE_WORK", work)
            .env("OKP_TEST_LIVE_TOLD", told)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(
            std::os::unix::process::ExitStatusExt::signal(&status).is_some(),
            "{work}"
        );
    }

    /// This node reads again what was told, and publishes it; the other one follows. Both equal the org, and nobody
    /// listed anything.
    fn settle_at(&self, node: usize) {
        let engine = self.open(node);
        engine.follow(&self.shared()).unwrap();
        while engine.refresh_pending().unwrap().is_some() {}
        engine.publish_to(&self.shared(), "", false).unwrap();
        let other = self.open(1 - node);
        other.follow(&self.shared()).unwrap();
        for engine in [&engine, &other] {
            assert_same(&truth(&self.sim), &rows(engine, View::All));
            let status = engine.live_status().unwrap();
            assert_eq!((status.pending, status.gap.as_str()), (0, ""), "{status:?}");
            let runs = engine.runs(None, 100).unwrap();
            let lists = runs.iter().filter(|run| run.mode.name() == "full").count();
            assert_eq!(lists, 1, "{runs:?}");
        }
        assert_eq!(
            engine.statistics().unwrap().digest,
            other.statistics().unwrap().digest
        );
        assert_eq!(files_in(&self.shared().join("deliveries")), 0, "done with");
    }
}

/// A node's host keeps the key, the same for all of them.
fn open(file: &Path, settings: &[(&str, &str)]) -> Engine {
    let key = SealingKey::from_bytes(&[7; SEALING_KEY_LENGTH]).unwrap();
    Engine::open_with_key(file, settings_of(settings), key).unwrap()
}

fn files_in(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// A process that is this very test.
#[test]
fn child_does_its_part_and_is_killed() {
    let Some(work) = std::env::var_os("OKP_TEST_LIVE_WORK") else {
        return;
    };
    let place = |name: &str| PathBuf::from(std::env::var_os(name).unwrap());
    let told = std::env::var("OKP_TEST_LIVE_TOLD").unwrap();
    let engine = open(&place("OKP_TEST_LIVE_NODE"), &listening());
    let folder = place("OKP_TEST_LIVE_SHARED");
    if work != "deliver" {
        engine.follow(&folder).unwrap();
    }
    match work.to_str().unwrap() {
        "deliver" => assert_eq!(deliver(&engine, &told, &[updated(&told, &told)]).status, 204),
        "refresh" => drop(engine.refresh_pending().unwrap().expect("something was told")),
        other => panic!("{other}"),
    }
    std::process::abort();
}

#[test]
fn what_either_node_answered_is_read_by_whichever_synchronizes_although_the_receiver_is_killed() {
    let cluster = Cluster::of(760, listening());
    let ids = cluster.ids();
    cluster.open(1).follow(&cluster.shared()).unwrap();
    for (receiver, reader) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let id = &ids[receiver * 2 + reader];
        cluster.relocate(id);
        cluster.killed_after(receiver, "deliver", id);
        assert_eq!(files_in(&cluster.shared().join("deliveries")), 1);
        cluster.settle_at(reader);
    }
}

#[test]
fn the_node_that_reads_is_killed_before_it_publishes_and_the_other_one_takes_over() {
    let cluster = Cluster::of(761, listening());
    let ids = cluster.ids();
    cluster.open(1).follow(&cluster.shared()).unwrap();
    cluster.relocate(&ids[0]);
    cluster.sim.delete_user(&ids[1]);
    let engine = cluster.open(1);
    deliver(&engine, "d1", &[updated("e1", &ids[0]), deleted("e2", &ids[1])]);
    drop(engine);
    cluster.killed_after(0, "refresh", "");
    assert_eq!(files_in(&cluster.shared().join("deliveries")), 1, "not published");
    cluster.settle_at(1);
    // The first one comes back: what it did by itself is taken back, and what was published is there.
    cluster.relocate(&ids[2]);
    deliver(&cluster.open(1), "d2", &[updated("e3", &ids[2])]);
    cluster.settle_at(0);
}

#[test]
fn a_reader_that_loses_its_turn_takes_in_again_what_it_had_not_published() {
    let cluster = Cluster::of(762, listening());
    let ids = cluster.ids();
    let (one, other) = (cluster.open(0), cluster.open(1));
    other.follow(&cluster.shared()).unwrap();
    cluster.relocate(&ids[0]);
    deliver(&other, "d1", &[updated("e1", &ids[0])]);
    one.refresh_pending().unwrap().expect("something was told");
    // Meanwhile the other node had the turn, and published something of its own.
    other.sync(SyncOptions::of(SyncMode::Delta)).unwrap();
    other.publish_to(&cluster.shared(), "", false).unwrap();
    one.follow(&cluster.shared()).unwrap();
    one.refresh_pending().unwrap().expect("taken in again");
    one.publish_to(&cluster.shared(), "", false).unwrap();
    assert_same(&truth(&cluster.sim), &rows(&one, View::All));
    assert_eq!(files_in(&cluster.shared().join("deliveries")), 0);
}

#[test]
fn a_new_secret_is_accepted_by_every_node_at_once() {
    let cluster = Cluster::of(763, listening());
    let (one, other) = (cluster.open(0), cluster.open(1));
    other.follow(&cluster.shared()).unwrap();
    let fresh = one.renew_hook_secret().unwrap();
    let post = |engine: &Engine, secret: &str| {
        let headers = [("X-Okta-Profiles-Secret", secret)];
        let answer = engine.receive_event("POST", &headers, &delivery("d1", &[]));
        answer.unwrap().status
    };
    assert_eq!(post(&other, fresh.expose()), 204, "before it has followed");
    assert_eq!(post(&other, &fresh.expose()[1..]), 401);
    one.publish_to(&cluster.shared(), "", false).unwrap();
    other.follow(&cluster.shared()).unwrap();
    drop(other);
    assert_eq!(post(&cluster.open(1), fresh.expose()), 204);
    let told = std::fs::read_to_string(cluster.shared().join("hook-secrets.json")).unwrap();
    assert!(!told.contains(fresh.expose()), "digests only");
}

#[test]
fn a_delivery_waits_beside_the_directory_while_the_shared_folder_is_away() {
    let cluster = Cluster::of(764, listening());
    let ids = cluster.ids();
    let engine = cluster.open(1);
    engine.follow(&cluster.shared()).unwrap();
    let away = cluster.home.path().join("away");
    std::fs::rename(cluster.shared(), &away).unwrap();
    cluster.relocate(&ids[0]);
    assert_eq!(deliver(&engine, "d1", &[updated("e1", &ids[0])]).status, 204);
    assert!(!cluster.shared().exists(), "never made where nothing is mounted");
    // A restart does not forget where the folder is.
    drop(engine);
    std::fs::rename(&away, cluster.shared()).unwrap();
    cluster.open(1).follow(&cluster.shared()).unwrap();
    assert_eq!(files_in(&cluster.shared().join("deliveries")), 1, "handed over");
    cluster.settle_at(0);
}

#[test]
fn the_log_is_read_on_where_the_other_node_was() {
    let cluster = Cluster::of(765, [QUICK, &[("live", "log")]].concat());
    let ids = cluster.ids();
    let one = cluster.open(0);
    one.poll_log().unwrap();
    one.refresh_pending().unwrap();
    one.publish_to(&cluster.shared(), "", false).unwrap();
    drop(one);
    cluster.sim.delete_user(&ids[3]);
    cluster.relocate(&ids[4]);
    let other = cluster.open(1);
    other.follow(&cluster.shared()).unwrap();
    while other.poll_log().unwrap().more {}
    drop(other);
    // It was not published: whoever reads next begins where the first node was.
    let other = cluster.open(1);
    other.follow(&cluster.shared()).unwrap();
    while other.poll_log().unwrap().more {}
    other.refresh_pending().unwrap().expect("something was told");
    other.publish_to(&cluster.shared(), "", false).unwrap();
    drop(other);
    cluster.settle_at(0);
}

#[test]
fn a_node_that_runs_alone_takes_in_what_lies_on_the_shared_folder_and_puts_nothing_there_any_more() {
    let cluster = Cluster::of(766, listening());
    let ids = cluster.ids();
    let deliveries = cluster.shared().join("deliveries");
    cluster.open(1).follow(&cluster.shared()).unwrap();
    for id in &ids[..3] {
        cluster.relocate(id);
        cluster.killed_after(1, "deliver", id);
    }
    assert_eq!(files_in(&deliveries), 3);
    let alone = cluster.open(0);
    alone.follow(&cluster.shared()).unwrap();
    alone.leave_cluster().unwrap();
    assert_eq!(files_in(&deliveries), 0);
    assert_eq!(alone.live_status().unwrap().pending, 3);
    cluster.relocate(&ids[3]);
    deliver(&alone, "d4", &[updated("e4", &ids[3])]);
    assert_eq!(files_in(&deliveries), 0, "kept in the directory");
    // Nothing to leave any more, also after a restart.
    alone.leave_cluster().unwrap();
    drop(alone);
    let alone = cluster.open(0);
    cluster.relocate(&ids[4]);
    deliver(&alone, "d5", &[updated("e5", &ids[4])]);
    assert_eq!(files_in(&deliveries), 0, "the folder is forgotten");
    while alone.refresh_pending().unwrap().is_some() {}
    assert_same(&truth(&cluster.sim), &rows(&alone, View::All));
    assert_eq!(alone.live_status().unwrap().gap, "");
    // A cluster again: what was done alone is there, and goes to the other node.
    cluster.relocate(&ids[5]);
    deliver(&alone, "d6", &[updated("e6", &ids[5])]);
    drop(alone);
    cluster.settle_at(0);
}

#[test]
fn a_node_that_leaves_a_folder_which_is_away_reads_everybody_again() {
    let cluster = Cluster::of(767, listening());
    let ids = cluster.ids();
    cluster.open(1).follow(&cluster.shared()).unwrap();
    cluster.relocate(&ids[0]);
    cluster.killed_after(1, "deliver", &ids[0]);
    std::fs::rename(cluster.shared(), cluster.home.path().join("away")).unwrap();
    let alone = cluster.open(0);
    cluster.relocate(&ids[1]);
    deliver(&alone, "d2", &[updated("e2", &ids[1])]);
    alone.leave_cluster().unwrap();
    assert!(alone.live_status().unwrap().gap.contains("shared folder"));
    while alone.refresh_pending().unwrap().is_some() {}
    assert_same(&truth(&cluster.sim), &rows(&alone, View::All));
}
