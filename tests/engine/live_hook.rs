//! Live by an event hook, end to end: the engine registers its hook at the org, the org delivers over real HTTP to a
//! receiver that hands everything to the engine, and in the end the directory equals the org without a full run.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::model::{Capability, Outcome, RunMode, View};
use okta_sim::{HookHabits, OktaSim};

use crate::fixture::{Fixture, QUICK, assert_code, rows, truth};

/// A server on the loopback interface in front of an engine.
pub struct Receiver {
    pub url: String,
    stop: Arc<AtomicBool>,
    /// How many deliveries to refuse with 503 before the engine sees one.
    refusals: Arc<AtomicU32>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    pub fn before(engine: &Arc<Engine>) -> Receiver {
        Receiver::on(TcpListener::bind("127.0.0.1:0").unwrap(), engine)
    }

    /// At the address of one that is gone.
    pub fn at(url: &str, engine: &Arc<Engine>) -> Receiver {
        let address = url.trim_start_matches("http://").trim_end_matches("/events");
        Receiver::on(TcpListener::bind(address).unwrap(), engine)
    }

    fn on(listener: TcpListener, engine: &Arc<Engine>) -> Receiver {
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let (stop, refusals) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let (engine, stopped, refused) = (Arc::clone(engine), stop.clone(), refusals.clone());
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let busy = |left: u32| left.checked_sub(1);
                // Whoever hangs up early has its answer already.
                let _ = serve(&engine, stream.unwrap(), || {
                    refused
                        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, busy)
                        .is_ok()
                });
            }
        });
        Receiver {
            url,
            stop,
            refusals,
            thread: Some(thread),
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let address = self.url.trim_start_matches("http://").trim_end_matches("/events");
        drop(TcpStream::connect(address));
        drop(self.thread.take().map(JoinHandle::join));
    }
}

fn serve(engine: &Engine, mut stream: TcpStream, is_busy: impl Fn() -> bool) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let mut piece = [0; 8_192];
    let (head, body) = loop {
        let length = stream.read(&mut piece)?;
        bytes.extend_from_slice(&piece[..length]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            if length == 0 {
                return Ok(());
            }
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let announced = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.parse::<usize>().ok());
        let body = bytes[end + 4..].to_vec();
        if body.len() >= announced.unwrap_or(0) {
            break (head, body);
        }
    };
    let method = head.split(' ').next().unwrap_or_default();
    let fields: Vec<(&str, &str)> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .collect();
    let (status, text) = match method == "POST" && is_busy() {
        true => (503, String::new()),
        false => {
            let answer = engine.receive_event(method, &fields, &body).unwrap();
            (answer.status, answer.body)
        }
    };
    let answer = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{text}",
        text.len()
    );
    stream.write_all(answer.as_bytes())
}

/// A directory that has read an org whole, with an engine that others may share.
pub struct Listening {
    pub engine: Arc<Engine>,
    pub folder: tempfile::TempDir,
}

pub fn listening(sim: &OktaSim) -> Listening {
    let settings = [QUICK, &[("live", "hook"), ("groups.sync", "on")]].concat();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("directory.db");
    let engine = Engine::open(&file, crate::fixture::settings_of(&settings)).unwrap();
    engine
        .connect(sim.url(), sim.token(okta_sim::Role::SuperAdmin))
        .unwrap();
    engine.sync(okta_profiles::model::SyncOptions::default()).unwrap();
    Listening {
        engine: Arc::new(engine),
        folder,
    }
}

pub fn wait_for(what: &str, test: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(60);
    while !test() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Refreshes until nothing waits.
pub fn settle(engine: &Engine) {
    for _ in 0..200 {
        let refreshed = engine.refresh_pending().unwrap();
        if refreshed.is_none() && engine.live_status().unwrap().pending == 0 {
            return;
        }
    }
    panic!("it never comes to rest: {:?}", engine.live_status().unwrap());
}

#[test]
fn a_registered_hook_brings_changes_through_late_doubled_and_refused_deliveries() {
    let sim = OktaSim::builder().users(300).seed(71).groups(12).start().unwrap();
    let here = listening(&sim);
    let receiver = Receiver::before(&here.engine);
    let status = here.engine.register_hook(&receiver.url).unwrap();
    assert!(status.hook_verified && !status.hook_id.is_empty(), "{status:?}");
    assert_eq!(sim.event_hook_states(), [(status.hook_id.clone(), true, true)]);
    settle(&here.engine);
    sim.set_hook_habits(HookHabits {
        duplicate_every: 3,
        late_every: 4,
        late: Duration::from_millis(50),
        ..HookHabits::default()
    });
    receiver.refusals.store(1, Ordering::SeqCst);
    for index in 0..10 {
        sim.set_status(&sim.spec().user_id(index), "SUSPENDED");
        std::thread::sleep(Duration::from_millis(30));
    }
    sim.create_user(serde_json::Map::new());
    let truth = crate::fixture::truth(&sim);
    wait_for("the last delivery", || {
        here.engine.refresh_pending().unwrap();
        crate::fixture::rows(&here.engine, okta_profiles::model::View::All) == truth
    });
    let counts = sim.hook_counts();
    assert!(counts.retried > 0 && counts.failed == 0, "{counts:?}");
    let runs = here.engine.runs(None, 1_000).unwrap();
    assert_eq!(
        runs.iter().filter(|run| run.mode == RunMode::Full).count(),
        1,
        "only the first one"
    );
}

#[test]
fn what_the_hook_lost_is_found_in_the_log_and_counted_where_the_log_may_be_read() {
    let sim = OktaSim::builder().users(60).seed(716).groups(3).start().unwrap();
    let listening = listening(&sim);
    let engine = &listening.engine;
    let receiver = Receiver::before(engine);
    engine.register_hook(&receiver.url).unwrap();
    settle(engine);
    engine.check_hook().unwrap();
    sim.set_hook_habits(HookHabits {
        lose_every: 1,
        ..HookHabits::default()
    });
    // The events are a few minutes old when the hook is checked.
    sim.step_clock(-300);
    let users: Vec<String> = truth(&sim).into_keys().collect();
    sim.delete_user(&users[0]);
    sim.set_status(&users[1], "SUSPENDED");
    wait_for("both to be lost", || sim.hook_counts().lost > 0);
    assert_eq!(engine.live_status().unwrap().missed, 0);
    let lost = engine.check_hook().unwrap();
    // A deletion is announced by a deactivation before it.
    assert_eq!((lost.missed, lost.pending), (3, 2), "{lost:?}");
    settle(engine);
    assert_eq!(rows(engine, View::All), truth(&sim));
    assert_eq!(engine.check_hook().unwrap().missed, 3, "once");
    let full = engine.runs(None, 100).unwrap();
    assert_eq!(full.iter().filter(|run| run.mode == RunMode::Full).count(), 1);
}

#[test]
fn registering_twice_changes_nothing_and_another_secret_leaves_one_hook() {
    let sim = OktaSim::builder().users(10).seed(72).start().unwrap();
    let here = listening(&sim);
    let receiver = Receiver::before(&here.engine);
    let first = here.engine.register_hook(&receiver.url).unwrap();
    let again = here.engine.register_hook(&receiver.url).unwrap();
    assert_eq!(first.hook_id, again.hook_id);
    let rotated = here.engine.rotate_hook_secret().unwrap();
    assert_ne!(rotated.hook_id, first.hook_id);
    assert_eq!(sim.event_hook_states(), [(rotated.hook_id, true, true)]);
    let user = sim.spec().user_id(3);
    sim.set_status(&user, "SUSPENDED");
    wait_for("a delivery with the new secret", || {
        sim.hook_counts().delivered > 0
    });
    let removed = here.engine.remove_hook().unwrap();
    assert!(removed.hook_id.is_empty() && sim.event_hook_states().is_empty());
    here.engine.remove_hook().unwrap();
}

#[test]
fn a_hook_that_was_switched_off_or_removed_is_noticed_repaired_and_said() {
    let sim = OktaSim::builder().users(10).seed(73).start().unwrap();
    let here = listening(&sim);
    let receiver = Receiver::before(&here.engine);
    let id = here.engine.register_hook(&receiver.url).unwrap().hook_id;
    settle(&here.engine);
    assert_eq!(here.engine.check_hook().unwrap().gap_at, None, "all is well");
    sim.remove_event_hook(&id);
    sim.delete_user(&sim.spec().user_id(5));
    let checked = here.engine.check_hook().unwrap();
    assert!(checked.hook_verified && checked.hook_id != id, "{checked:?}");
    assert!(checked.gap.contains("removed in Okta"), "{}", checked.gap);
    settle(&here.engine);
    assert_eq!(
        crate::fixture::truth(&sim),
        crate::fixture::rows(&here.engine, okta_profiles::model::View::All),
        "everybody was read"
    );
}

#[test]
fn an_address_that_does_not_answer_is_explained() {
    let sim = OktaSim::builder().users(10).seed(74).start().unwrap();
    let here = listening(&sim);
    let refused = here
        .engine
        .register_hook("http://127.0.0.1:9/events")
        .unwrap_err();
    assert_code(&refused, ErrorCode::ValidationFailed);
    assert!(
        refused.message().contains("reachable from the internet"),
        "{refused}"
    );
    let receiver = Receiver::before(&here.engine);
    assert!(here.engine.register_hook(&receiver.url).unwrap().hook_verified);
    here.engine.set("live", "off").unwrap();
    assert_code(
        &here.engine.register_hook(&receiver.url).unwrap_err(),
        ErrorCode::InvalidArgument,
    );
}

#[test]
fn the_scopes_of_the_guide_suffice_for_the_hook_and_the_log_names_the_one_it_lacks() {
    let sim = crate::sign_in::org(20, |_| {});
    let fixture = Fixture::unconnected(&[QUICK, &[("live", "hook")]].concat());
    fixture
        .engine
        .set("oauth.scopes", crate::oauth_guide::GUIDE_SCOPES)
        .unwrap();
    crate::sign_in::sign_in(&fixture.engine, &sim);
    fixture.sync().unwrap();
    let report = fixture.engine.validate().unwrap();
    for capability in [Capability::ReadEventHooks, Capability::WriteEventHooks] {
        assert_eq!(
            report.check(capability).unwrap().outcome,
            Outcome::Ok,
            "{capability:?}"
        );
    }
    assert!(report.usable && report.missing_scopes.is_empty(), "{report:?}");
    let log = report.check(Capability::ReadLog).unwrap();
    assert_eq!(
        (log.outcome, log.missing_scope.as_str()),
        (Outcome::NotChecked, "okta.logs.read")
    );

    let Fixture { engine, .. } = &fixture;
    std::thread::scope(|scope| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        scope.spawn(move || serve(engine, listener.accept().unwrap().0, || false));
        assert!(engine.register_hook(&url).unwrap().hook_verified);
    });

    engine.set("live", "log").unwrap();
    let report = engine.validate().unwrap();
    let log = report.check(Capability::ReadLog).unwrap();
    assert_eq!(
        (log.outcome, log.missing_scope.as_str()),
        (Outcome::MissingScope, "okta.logs.read")
    );
    assert!(report.usable, "a synchronization works without");
    let refused = engine.poll_log().unwrap_err();
    assert_code(&refused, ErrorCode::ScopeMissing);
    assert_eq!(refused.scope(), Some("okta.logs.read"));
}
