//! Listings that do not say how it is: what they leave out is found, what they cannot tell is kept, and asking for
//! them costs hardly more than their pages.

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::model::{ChangeKind, RunMode, RunState, SyncMode, View};
use okta_sim::{Bucket, Fault, OktaSim};
use serde_json::{Map, Value, json};

use crate::fixture::{Fixture, QUICK, assert_code, hand_over, jira_users, rows, truth};

/// Where requests are counted, no busy machine may add one by a time-out.
const PATIENT: &[(&str, &str)] = &[];

fn with(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    [QUICK, more].concat()
}

fn sim(users: u32, seed: u64) -> OktaSim {
    OktaSim::builder().users(users).seed(seed).start().unwrap()
}

/// Requests for lists of users.
fn listed(sim: &OktaSim) -> usize {
    let requests = sim.requests();
    let of_users = requests
        .iter()
        .filter(|request| request.path_and_query.contains("/users?"));
    of_users.count()
}

/// Requests for users by id.
fn asked_by_id(sim: &OktaSim) -> usize {
    let requests = sim.requests();
    let by_id = requests
        .iter()
        .filter(|request| request.path_and_query.starts_with("/api/v1/users/"));
    by_id.count()
}

#[test]
fn asking_costs_hardly_more_than_the_pages() {
    for users in [1_u32, 200, 201, 900, 2_000, 8_000, 20_000] {
        let sim = sim(users, 70);
        let fixture = Fixture::connected(&sim, PATIENT);
        let ideal = users.div_ceil(200) as usize;
        for run in ["first", "second"] {
            sim.clear_requests();
            fixture.sync().unwrap();
            let listed = listed(&sim);
            assert!(
                listed * 100 <= ideal * 115,
                "{run} run of {users} users: {listed} requests for {ideal} pages"
            );
        }
        fixture.assert_equals_org(&sim);
    }
}

#[test]
fn an_org_that_counts_nobody_is_read_as_cheaply_and_side_by_side() {
    // Group admins do not see `Everyone`, so nobody knows how many users there are.
    for (users, most) in [(900, 5), (20_000, 115)] {
        let sim = sim(users, 71);
        let fixture = Fixture::connected(&sim, PATIENT);
        let everyone = sim.all_groups()[0]["id"].as_str().unwrap().to_owned();
        sim.delete_group(&everyone);
        let report = fixture.sync().unwrap();
        fixture.assert_equals_org(&sim);
        assert!(
            listed(&sim) <= most,
            "{} requests for {users} users",
            listed(&sim)
        );
        assert!(users < 1_000 || report.slices > 5, "{} slices", report.slices);
    }
}

#[test]
fn a_tight_bucket_is_spent_on_pages() {
    let sim = OktaSim::builder()
        .users(8_000)
        .seed(72)
        .rate_limit(Bucket::Users, 45)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, PATIENT);
    let report = fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    assert!(listed(&sim) <= 41, "{} requests", listed(&sim));
    assert_eq!(report.waited_ms, 0, "40 pages go into one window of 45");
}

#[test]
fn an_empty_page_in_the_middle_is_no_end() {
    let sim = sim(20_000, 73);
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    sim.set_fault_period(9);
    sim.set_faults(&[Fault::LostEnd]);
    let report = fixture.sync().unwrap();
    assert_eq!((report.absent, report.present), (0, 20_000));
    fixture.assert_equals_org(&sim);
}

/// Nobody says how many there are, and nobody is known who could be missed: the listing itself is asked for anew.
#[test]
fn an_end_that_comes_twice_is_doubted_even_in_a_first_run() {
    let sim = OktaSim::builder()
        .users(3_000)
        .seed(73)
        .fault_repeats(2)
        .start()
        .unwrap();
    let everyone = sim.all_groups()[0]["id"].as_str().unwrap().to_owned();
    sim.delete_group(&everyone);
    sim.set_fault_period(9);
    sim.set_faults(&[Fault::LostEnd]);
    let fixture = Fixture::connected(&sim, QUICK);
    let report = fixture.sync().unwrap();
    assert_eq!(report.present, 3_000);
    fixture.assert_equals_org(&sim);
    assert!(listed(&sim) <= 30, "{} requests for 15 pages", listed(&sim));
}

/// The places of a listing that led nowhere would be met again by every later sync.
#[test]
fn a_listing_that_led_nowhere_is_begun_anew_by_the_next_sync() {
    for endless in [Fault::EndlessEmptyPages, Fault::EndlessRepeatedRows] {
        for in_flight in ["1", "16"] {
            let sim = sim(2_000, 84);
            let fixture = Fixture::connected(&sim, &with(&[("sync.max_in_flight", in_flight)]));
            // Some pages are sound, so that the run has something to resume.
            sim.at_request(5, move |org| org.set_faults(&[endless]));
            assert_code(&fixture.sync().unwrap_err(), ErrorCode::CursorRepeated);
            sim.clear_faults();
            let report = fixture.sync().unwrap();
            assert_eq!(
                (report.attempts, report.present),
                (2, 2_000),
                "{endless} {in_flight}"
            );
            fixture.assert_equals_org(&sim);
        }
    }
}

#[test]
fn an_end_that_is_true_costs_few_questions_more() {
    let sim = sim(1_000, 73);
    let everyone = sim.all_groups()[0]["id"].as_str().unwrap().to_owned();
    sim.delete_group(&everyone);
    sim.set_faults(&[Fault::EmptyLastPage]);
    let fixture = Fixture::connected(&sim, PATIENT);
    let report = fixture.sync().unwrap();
    // The empty page comes twice; one page of the listing asked for anew has nobody new, and ends as emptily.
    assert!(
        listed(&sim) as u64 <= 5 + report.slices * 5,
        "{} requests",
        listed(&sim)
    );
    fixture.assert_equals_org(&sim);
}

#[test]
fn few_who_were_not_listed_are_asked_for_and_stay() {
    let sim = sim(1_005, 74);
    let fixture = Fixture::connected(&sim, &with(&[("sync.max_in_flight", "1")]));
    fixture.sync().unwrap();
    // The page before the last one has no `next`, once: the last five users are not listed.
    sim.at_request(5, |org| org.set_faults(&[Fault::CutListings]));
    let deleted = truth(&sim).into_keys().nth(20).unwrap();
    sim.delete_user(&deleted);
    sim.clear_requests();
    let report = fixture.sync().unwrap();
    sim.clear_faults();
    assert_eq!((report.absent, report.present), (1, 1_004));
    assert!((1..=6).contains(&asked_by_id(&sim)));
    fixture.assert_equals_org(&sim);
}

#[test]
fn many_who_were_not_listed_are_read_in_another_listing() {
    let sim = sim(3_000, 75);
    let fixture = Fixture::connected(&sim, &with(&[("sync.max_in_flight", "1")]));
    fixture.sync().unwrap();
    sim.set_faults(&[Fault::CutListings]);
    // The first listing ends with its second page; whoever asks again gets all.
    sim.at_request(3, |org| org.clear_faults());
    let report = fixture.sync().unwrap();
    assert_eq!(
        (report.absent, report.present, report.state),
        (0, 3_000, RunState::Complete)
    );
    assert!(fixture.log_text().contains("reading everybody once more"));
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_first_run_that_lists_fewer_than_okta_counts_asks_again() {
    let sim = sim(3_000, 76);
    sim.set_faults(&[Fault::CutListings]);
    sim.at_request(3, |org| org.clear_faults());
    let fixture = Fixture::connected(&sim, QUICK);
    let report = fixture.sync().unwrap();
    assert_eq!(report.present, 3_000);
    assert!(report.warnings.is_empty(), "{:?}", report.warnings);
    fixture.assert_equals_org(&sim);
    let fixture = Fixture::connected(&sim, QUICK);
    sim.set_faults(&[Fault::CutListings]);
    let report = fixture.sync().unwrap();
    assert!(
        report.present < 3_000 && report.warnings[0].contains("counts 3000 users"),
        "{:?}",
        report.warnings
    );
}

#[test]
fn who_is_gone_costs_few_questions_however_many_they_are() {
    let sim = sim(2_000, 77);
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    sim.delete_users(100..400);
    sim.clear_requests();
    let report = fixture.sync().unwrap();
    assert_eq!(report.absent, 300);
    assert!(asked_by_id(&sim) <= 10 && listed(&sim) <= 11);
    fixture.assert_equals_org(&sim);
}

#[test]
fn a_body_that_is_never_ended_is_asked_for_again_over_both_versions_of_http() {
    for tls in [true, false] {
        let sim = OktaSim::builder().users(2_000).seed(78).tls(tls).start().unwrap();
        let fixture = Fixture::connected(&sim, QUICK);
        if let Some(pem) = sim.ca_pem() {
            let ca = fixture.folder.path().join("ca.pem");
            std::fs::write(&ca, pem).unwrap();
            fixture.engine.set("http.ca_file", ca.to_str().unwrap()).unwrap();
        }
        sim.set_fault_period(3);
        sim.set_faults(&[Fault::UnendedBody]);
        let report = fixture.sync().unwrap();
        assert!(report.retries > 2, "{report:?}");
        fixture.assert_equals_org(&sim);
    }
}

#[test]
fn pages_larger_than_allowed_are_asked_for_in_half() {
    let sim = sim(2_000, 79);
    let fixture = Fixture::connected(&sim, &with(&[("http.max_body_bytes", "65536")]));
    fixture.sync().unwrap();
    fixture.assert_equals_org(&sim);
    assert!(
        fixture
            .log_text()
            .contains("larger than http.max_body_bytes, asking for")
    );
}

fn deep(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

#[test]
fn a_user_who_cannot_be_read_is_passed_over_named_and_kept() {
    let sim = sim(600, 80);
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let before = rows(&fixture.engine, View::All);
    let ids: Vec<String> = before.keys().cloned().collect();
    for (id, profile) in [
        (&ids[10], json!("a text")),
        (&ids[300], json!(["a", "list"])),
        (&ids[599], json!({"deep": deep(130)})),
    ] {
        sim.garble(id, profile);
    }
    let newcomer = sim.create_user(Map::new());
    sim.garble(&newcomer, json!(7));
    for mode in [SyncMode::Delta, SyncMode::Full] {
        let report = fixture.sync_as(mode).unwrap();
        assert_eq!(
            (report.state, report.absent, report.present),
            (RunState::Complete, 0, 600)
        );
        assert_eq!(rows(&fixture.engine, View::All), before, "what is known is kept");
        let warning = report.warnings.concat();
        for id in [&ids[10], &ids[300], &ids[599], &newcomer] {
            assert!(warning.contains(id.as_str()), "{warning}");
        }
        assert!(
            warning.contains("row ") && warning.contains("cannot be read"),
            "{warning}"
        );
    }
    let integrity = fixture.engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}");
    // Nobody is brought into a first run, and it is no failure either.
    let other = Fixture::connected(&sim, QUICK);
    assert_eq!(other.sync().unwrap().present, 597);
}

#[test]
fn a_login_that_passed_to_a_new_user_is_settled_by_the_delta() {
    let sim = sim(500, 81);
    let fixture = Fixture::connected(&sim, QUICK);
    hand_over(&fixture.engine, &jira_users(&sim, 500));
    let first = fixture.sync().unwrap();
    let (id, row) = truth(&sim).into_iter().nth(40).unwrap();
    let position = fixture.engine.statistics().unwrap().last_change;
    sim.delete_user(&id);
    let profile = row.1.as_object().unwrap().clone();
    let made_anew = sim.create_user(profile);
    let delta = fixture.sync_auto().unwrap();
    assert_eq!(
        (delta.mode, delta.added, delta.absent, delta.present),
        (RunMode::Delta, 1, 1, 500)
    );
    assert_eq!(asked_by_id(&sim), 2);
    assert_eq!(delta.matches.okta_ambiguous, first.matches.okta_ambiguous);
    assert_eq!(delta.matches.jira_ambiguous, first.matches.jira_ambiguous);
    assert_eq!(delta.matches.matched, first.matches.matched);
    let changes = fixture.engine.changes(position, None, 10).unwrap();
    let kinds: Vec<_> = changes
        .iter()
        .map(|change| (change.okta_id.clone(), change.kind))
        .collect();
    assert!(kinds.contains(&(id.clone(), ChangeKind::Absent)), "{kinds:?}");
    assert!(kinds.contains(&(made_anew, ChangeKind::Added)), "{kinds:?}");
    let integrity = fixture.engine.check_integrity().unwrap();
    assert!(integrity.is_sound(), "{integrity:?}");
    sim.clear_requests();
    fixture.sync_auto().unwrap();
    assert_eq!(sim.requests().len(), 1, "settled once and for all");
    let full = fixture.sync().unwrap();
    assert_eq!((full.absent, full.added, full.matches), (0, 0, delta.matches));
    assert_eq!(full.digest, delta.digest);
}

#[test]
fn an_answer_that_is_not_whole_is_none_for_single_objects_either() {
    let sim = sim(300, 83);
    let fixture = Fixture::connected(&sim, &with(&[("groups.sync", "on")]));
    fixture.sync().unwrap();
    sim.set_faults(&[Fault::PartialContent]);
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::UnexpectedStatus);
}
