//! One trial: the org changes, the process with the directory is killed, Okta is away; then all is quiet and equal.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use okta_profiles::engine::Engine;
use okta_profiles::model::{GroupFilter, RunId, RunMode, SyncMode, SyncOptions, View};
use okta_sim::{Fault, HookHabits, LogHabits, OktaSim, Role};
use serde_json::Value;

use crate::load::Load;
use crate::measure::Measure;
use crate::node;

/// How large, how fast and how long.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    pub users: u32,
    pub groups: u32,
    pub a_second: u32,
    pub lasting: Duration,
    pub between_kills: Duration,
    pub between_outages: Duration,
}

/// How often it is looked what is shown.
const LOOK: Duration = Duration::from_millis(100);
/// How long Okta is away.
const OUTAGE: Duration = Duration::from_millis(1_500);
/// Nothing of this is a matter of speed: a busy machine takes longer, and that is all.
const AT_LAST: Duration = Duration::from_secs(300);

/// Runs a trial and tells its figures.
pub fn run(source: &str, scale: Scale) {
    let sim = org(scale);
    let folder = tempfile::tempdir().unwrap();
    let directory = folder.path().join("directory.db");
    read_whole(&sim, &directory, source);
    let mut node = Node::start(&directory, source);
    let reader = Engine::open_to_read(&directory, node::settings(source), None).unwrap();
    node.wait_until_it_listens(&reader);
    let mut load = Load::of(&sim, 7);
    let mut measure = Measure::default();
    let kills = change_all_the_time(&sim, scale, &mut node, &mut load, &mut measure, &reader);
    let until = Instant::now() + AT_LAST;
    while !measure.is_done() {
        assert!(Instant::now() < until, "{source}: {}", measure.missing());
        std::thread::sleep(LOOK);
        measure.look(&reader, &load);
    }
    drop(node);
    drop(reader);
    let in_time = Duration::from_secs(if source == "hook" { 5 } else { 10 });
    let (changes, [half, most, all]) = measure.figures();
    eprintln!(
        "{source}: {changes} changes, {kills} kills, {:.1} % within {in_time:?}; half within {half:.1?}, 99 % within \
         {most:.1?}, all within {all:.1?}",
        measure.within(in_time)
    );
    assert_quiet_and_equal(&sim, &directory, source);
}

/// An untidy org.
fn org(scale: Scale) -> OktaSim {
    let sim = OktaSim::builder()
        .users(scale.users)
        .groups(scale.groups)
        .seed(77)
        .workforce_limits()
        .start()
        .unwrap();
    sim.set_log_habits(LogHabits {
        late_every: 20,
        late: Duration::from_millis(500),
        duplicate_every: 10,
        ..LogHabits::default()
    });
    sim.set_hook_habits(HookHabits {
        lose_every: 200,
        duplicate_every: 10,
        late_every: 10,
        late: Duration::from_millis(500),
        ..HookHabits::default()
    });
    trouble(&sim);
    sim
}

/// Now and then an answer is none.
fn trouble(sim: &OktaSim) {
    sim.set_faults(&[
        Fault::ServiceUnavailable,
        Fault::ConnectionReset,
        Fault::RateLimit,
    ]);
    sim.set_fault_period(400);
}

fn read_whole(sim: &OktaSim, directory: &Path, source: &str) {
    let engine = Engine::open(directory, node::settings(source)).unwrap();
    engine.connect(sim.url(), sim.token(Role::SuperAdmin)).unwrap();
    engine.sync(SyncOptions::of(SyncMode::Full)).unwrap();
    engine.close().unwrap();
}

/// Gives how often the process was killed.
fn change_all_the_time(
    sim: &OktaSim,
    scale: Scale,
    node: &mut Node,
    load: &mut Load<'_>,
    measure: &mut Measure,
    reader: &Engine,
) -> u32 {
    let began = Instant::now();
    let (mut done, mut kills, mut looked) = (0, 0, Instant::now());
    let (mut next_kill, mut next_outage) = (began + scale.between_kills, began + scale.between_outages);
    let mut away_until: Option<Instant> = None;
    while began.elapsed() < scale.lasting {
        let due = (began.elapsed().as_secs_f64() * f64::from(scale.a_second)) as u64;
        while done < due {
            done += 1;
            load.change().into_iter().for_each(|what| measure.changed(what));
        }
        let now = Instant::now();
        if now >= next_kill {
            node.kill_and_start();
            (next_kill, kills) = (now + scale.between_kills, kills + 1);
        }
        if now >= next_outage {
            sim.set_faults(&[Fault::ConnectionReset]);
            sim.set_fault_period(1);
            (next_outage, away_until) = (now + scale.between_outages, Some(now + OUTAGE));
        }
        if away_until.is_some_and(|until| now >= until) {
            trouble(sim);
            away_until = None;
        }
        if looked.elapsed() >= LOOK {
            measure.look(reader, load);
            looked = Instant::now();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    sim.clear_faults();
    kills
}

/// The process, and how to start it again.
struct Node {
    directory: PathBuf,
    source: String,
    port: u16,
    child: Child,
}

impl Node {
    fn start(directory: &Path, source: &str) -> Node {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        Node {
            directory: directory.to_owned(),
            source: source.to_owned(),
            port,
            child: node::start(directory, source, port),
        }
    }

    fn kill_and_start(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.child = node::start(&self.directory, &self.source, self.port);
    }

    /// What happens before events are listened to is for the first listing to find.
    fn wait_until_it_listens(&self, reader: &Engine) {
        let until = Instant::now() + AT_LAST;
        loop {
            let status = reader.live_status().unwrap();
            let listens = status.hook_verified || status.polled.is_some();
            if listens && status.pending == 0 {
                return;
            }
            assert!(Instant::now() < until, "{status:?}");
            std::thread::sleep(LOOK);
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn assert_quiet_and_equal(sim: &OktaSim, directory: &Path, source: &str) {
    let engine = Engine::open(directory, node::settings(source)).unwrap();
    while engine.live_status().unwrap().pending > 0 {
        // What the rate limit does not spare comes later.
        if engine.refresh_pending().unwrap().is_none() {
            std::thread::sleep(LOOK);
        }
    }
    assert_eq!(users_of(&engine), users_in(sim), "{source}");
    assert_eq!(groups_of(&engine), groups_in(sim), "{source}");
    assert!(engine.check_integrity().unwrap().is_sound());
    let status = engine.live_status().unwrap();
    assert_eq!(
        (status.pending, status.held, status.gap.as_str()),
        (0, 0, ""),
        "{status:?}"
    );
    let runs = engine.runs(None, 10_000).unwrap();
    // The record of the first run may be gone by now.
    let later = runs.iter().filter(|run| run.run != RunId(1));
    let full = later.filter(|run| run.mode == RunMode::Full).count();
    assert_eq!(full, 0, "{source}: only the first run was a full one");
    let requests: u64 = runs.iter().map(|run| run.requests).sum();
    eprintln!(
        "{source}: {} events, {} repeated, {} missed; {} runs with {requests} requests",
        status.events,
        status.repeated,
        status.missed,
        runs.len()
    );
}

type Rows = BTreeMap<String, (String, Value)>;

fn users_of(engine: &Engine) -> Rows {
    let (mut rows, mut after) = (Rows::new(), 0);
    loop {
        let page = engine.list(View::All, after, 1_000).unwrap();
        let Some(last) = page.last() else { return rows };
        after = last.cursor;
        for user in page.into_iter().filter_map(|entry| entry.okta) {
            let profile = serde_json::from_str(user.profile.as_json()).unwrap();
            rows.insert(user.id, (user.status, profile));
        }
    }
}

fn users_in(sim: &OktaSim) -> Rows {
    let row = |mut user: Value| {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let status = text(&user["status"]);
        (text(&user["id"]), (status, user["profile"].take()))
    };
    sim.all_users().map(row).collect()
}

type Groups = BTreeMap<String, (String, Vec<String>)>;

fn groups_of(engine: &Engine) -> Groups {
    let (mut groups, mut after) = (Groups::new(), String::new());
    loop {
        let page = engine.groups(GroupFilter::default(), &after, 100).unwrap();
        for group in page.groups {
            let members = members_of(engine, &group.id);
            groups.insert(group.id, (group.name, members));
        }
        match page.next {
            Some(next) => after = next,
            None => return groups,
        }
    }
}

fn members_of(engine: &Engine, group: &str) -> Vec<String> {
    let (mut members, mut after) = (Vec::new(), String::new());
    loop {
        let page = engine.group_members(group, &after, 1_000).unwrap();
        let Some(last) = page.last() else { return members };
        after = last.okta_id.clone();
        members.extend(page.into_iter().map(|member| member.okta_id));
    }
}

fn groups_in(sim: &OktaSim) -> Groups {
    let row = |group: &Value| {
        let id = group["id"].as_str().unwrap().to_owned();
        let mut members = sim.members_of(&id).unwrap();
        members.sort();
        let name = group["profile"]["name"].as_str().unwrap().to_owned();
        (id, (name, members))
    };
    sim.all_groups().iter().map(row).collect()
}
