//! The concurrent full run: it agrees with the single cursor and with the org, whatever the org is like and
//! whatever happens meanwhile; it asks for hardly a page twice; it causes no 429 that could be avoided.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use okta_profiles::model::{RunState, SyncMode, SyncOptions, SyncReport};
use okta_sim::{Bucket, Fault, OktaSim, Org};
use proptest::prelude::*;
use serde_json::json;

use crate::fixture::{Fixture, QUICK, silent_after};

const FULL: SyncOptions = SyncOptions {
    restart: false,
    confirm_absent: true,
    confirm_cleared: true,
    confirm_org: false,
    mode: SyncMode::Full,
};

fn with(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    [QUICK, more].concat()
}

/// A run may be interrupted by a fault that outlasts the retries; the host calls again.
fn sync_until_complete(fixture: &Fixture) -> SyncReport {
    for _ in 0..12 {
        if let Ok(report) = fixture.engine.sync(FULL) {
            return report;
        }
    }
    panic!("the run never completed:\n{}", fixture.log_text());
}

fn digest(fixture: &Fixture) -> String {
    fixture.engine.statistics().unwrap().digest
}

/// What befalls an org while it is read.
#[derive(Clone, Debug)]
enum Event {
    Create,
    Change(u32),
    Suspend(u32),
    Deactivate(u32),
    Delete(u32),
}

/// An event that has yet to come, with the request that it comes with.
type Pending = Mutex<Option<(u64, Event)>>;

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Create),
        any::<u32>().prop_map(Event::Change),
        any::<u32>().prop_map(Event::Suspend),
        any::<u32>().prop_map(Event::Deactivate),
        any::<u32>().prop_map(Event::Delete),
    ]
}

fn happen(org: &Org, event: &Event) {
    let id = |draw: &u32| org.spec().user_id(draw % org.spec().users);
    match event {
        Event::Create => {
            org.create_user(serde_json::Map::new());
        }
        Event::Change(user) => {
            org.update_profile(&id(user), |profile| {
                profile.insert("department".to_owned(), json!("Moved"));
            });
        }
        Event::Suspend(user) => {
            org.set_status(&id(user), "SUSPENDED");
        }
        Event::Deactivate(user) => {
            org.set_status(&id(user), "DEPROVISIONED");
        }
        Event::Delete(user) => {
            org.delete_user(&id(user));
        }
    }
}

/// Faults that strike requests, and those that change what a search does.
fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let one = prop::sample::select(vec![
        Fault::ServerError,
        Fault::ConnectionReset,
        Fault::RateLimit,
        Fault::Concurrency,
        Fault::InvalidCursor,
        Fault::ShortPages,
        Fault::EmptyLastPage,
        Fault::DuplicateRows,
        Fault::DroppedParametersInNext,
        Fault::OddUsers,
        Fault::SortIgnored,
        Fault::SortRefused,
        Fault::RangeSearchRefused,
        Fault::StatusPrRefused,
        Fault::SearchUnparsable,
    ]);
    prop::collection::vec(one, 0..3)
}

/// How many random orgs are read; more for a long run.
fn cases() -> u32 {
    let asked = std::env::var("OKP_CONCURRENT_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn slices_the_single_cursor_and_the_truth_agree(
        users in 0_u32..4_000, seed in any::<u64>(), faults in faults(),
        events in prop::collection::vec((1_u64..60, event()), 0..20),
    ) {
        let sim = OktaSim::builder().users(users.max(1)).seed(seed).window(Duration::from_secs(1)).start().unwrap();
        sim.set_faults(&faults);
        let fixture = Fixture::connected(&sim, &with(&[("sync.page_size", "50"), ("sync.max_in_flight", "7")]));
        let events: Arc<[Pending]> =
            events.into_iter().map(|event| Mutex::new(Some(event))).collect();
        for at in 0..events.len() {
            let request = events[at].lock().unwrap().as_ref().map_or(1, |event| event.0);
            let events = events.clone();
            sim.at_request(request, move |org| {
                let event = events[at].lock().unwrap().take();
                event.iter().for_each(|(_, event)| happen(org, event));
            });
        }
        sync_until_complete(&fixture);
        // Those that would have come with a later request than there were come now.
        for event in events.iter().filter_map(|event| event.lock().unwrap().take()) {
            happen(sim.org(), &event.1);
        }
        // What happened meanwhile may or may not be in; the next full run has it.
        let report = sync_until_complete(&fixture);
        prop_assert_eq!(report.slices, report.slices_ended);
        fixture.assert_equals_org(&sim);
        let single = Fixture::connected(&sim, &with(&[("sync.max_in_flight", "1")]));
        let alone = sync_until_complete(&single);
        prop_assert!(alone.slices <= 2, "one cursor has one slice, or two without search");
        prop_assert_eq!(digest(&fixture), digest(&single));
    }
}

#[test]
fn pages_are_asked_for_side_by_side_and_hardly_one_twice() {
    let sim = OktaSim::builder()
        .users(10_000)
        .seed(60)
        .latency(Duration::from_millis(30))
        .start()
        .unwrap();
    let settings = with(&[("sync.page_size", "50"), ("sync.max_in_flight", "10")]);
    let fixture = Fixture::connected(&sim, &settings);
    let report = fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    let requests = sim.requests();
    let listed = requests
        .iter()
        .filter(|request| request.path_and_query.contains("/users?"));
    let listed = listed.count();
    assert_eq!(sim.peak_in_flight(), 10, "as many as allowed and not one more");
    assert!(listed <= 200 * 115 / 100, "{listed} requests for 200 pages");
    // That these are in flight all the time, and the depth so pages by requests in flight, is shown step by
    // step where no clock is needed: src/sync/read/tests.rs.
    assert!(report.slices > 10, "{report:?}");
    assert_eq!(report.slices, report.slices_ended);
}

#[test]
fn a_second_of_thousands_does_not_stall_the_others() {
    // Seed and size give a first import of a fifth of the users in one second.
    let sim = OktaSim::builder().users(5_000).seed(61).start().unwrap();
    let fixture = Fixture::connected(&sim, &with(&[("sync.page_size", "20")]));
    let report = fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    assert!(report.pages <= 250 * 120 / 100, "{} pages", report.pages);
}

#[test]
fn a_small_bucket_is_never_overrun() {
    for (limit, reserve) in [(5, "0"), (12, "10"), (30, "10"), (30, "50")] {
        let sim = OktaSim::builder()
            .users(1_000)
            .seed(62)
            .rate_limit(Bucket::Users, limit)
            .window(Duration::from_secs(1))
            .start()
            .unwrap();
        let settings = with(&[("sync.page_size", "50"), ("rate_limit.reserve_percent", reserve)]);
        let fixture = Fixture::connected(&sim, &settings);
        fixture.sync().unwrap();
        fixture.assert_equals_org(&sim);
        let refused = sim
            .requests()
            .iter()
            .filter(|request| request.status == 429)
            .count();
        assert_eq!(refused, 0, "{refused} times 429 with a limit of {limit}");
    }
}

#[test]
fn a_low_limit_on_requests_in_flight_is_found_and_kept_to() {
    let sim = OktaSim::builder()
        .users(10_000)
        .seed(63)
        .latency(Duration::from_millis(5))
        .concurrency_limit(6)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, &with(&[("sync.page_size", "20")]));
    let report = fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    let requests = sim.requests();
    let refused = requests.iter().filter(|request| request.status == 429).count();
    assert!(refused > 0, "the limit was never met");
    assert!(
        refused * 10 < requests.len(),
        "{refused} of {} requests were refused",
        requests.len()
    );
    assert_eq!(report.state, RunState::Complete);
    assert!(fixture.log_text().contains("too many requests are in flight"));
}

#[test]
fn an_org_that_does_not_sort_is_read_in_ranges() {
    for fault in [Fault::SortIgnored, Fault::SortRefused, Fault::SortInvalid] {
        let sim = OktaSim::builder()
            .users(10_000)
            .seed(64)
            .fault(fault)
            .start()
            .unwrap();
        let fixture = Fixture::connected(&sim, &with(&[("sync.page_size", "50")]));
        let report = fixture.sync().unwrap();
        fixture.assert_equals_org(&sim);
        assert!(report.slices > 10, "{fault}: {} slices", report.slices);
        // Ranges end in pages that are not full, and some are asked for anew; that is bounded as for others.
        assert!(report.pages <= 200 * 120 / 100, "{fault}: {} pages", report.pages);
    }
}

#[test]
fn an_org_that_refuses_ranges_is_read_with_one_cursor() {
    let sim = OktaSim::builder()
        .users(8_000)
        .seed(65)
        .fault(Fault::RangeSearchRefused)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let report = fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    assert_eq!((report.slices, report.slices_ended), (1, 1));
    assert!(fixture.log_text().contains("reading one listing"));
}

#[test]
fn a_small_org_costs_no_request_more_than_its_pages() {
    let sim = OktaSim::builder().users(150).seed(66).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let listed = |sim: &OktaSim| {
        let requests = sim.requests();
        let users = requests
            .iter()
            .filter(|request| request.path_and_query.contains("/users?"));
        users.count()
    };
    assert_eq!(listed(&sim), 1);
}

#[test]
fn cancel_ends_a_run_with_many_requests_in_flight_at_once() {
    let sim = OktaSim::builder().users(20_000).seed(67).start().unwrap();
    let silence = silent_after(&sim, 60);
    let patient = [("sync.page_size", "20"), ("http.read_timeout_seconds", "60")];
    let fixture = Fixture::connected(&sim, &with(&patient));
    std::thread::scope(|scope| {
        let running = scope.spawn(|| fixture.sync());
        silence.recv().unwrap();
        let began = std::time::Instant::now();
        fixture.engine.cancel();
        running.join().unwrap().unwrap_err();
        assert!(
            began.elapsed() < Duration::from_secs(20),
            "an answer was waited for: {:?}",
            began.elapsed()
        );
    });
    sim.clear_faults();
}
