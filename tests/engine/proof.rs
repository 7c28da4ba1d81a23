//! Nothing that proves who we are leaves before the host has shown to be an Okta org: on every path, and however
//! it fails to show that.

use okta_profiles::contract::errors::{Error, ErrorCode};
use okta_profiles::engine::{Engine, Trial};
use okta_profiles::model::{Capability, Outcome, SyncMode, SyncOptions};
use okta_sim::{Fault, OktaSim, RequestRecord, Role};

use crate::fixture::{Fixture, settings_of};
use crate::sign_in::{begin, browse, connect_service_app, org, request, rotating, sign_in};

const IMPATIENT: &[(&str, &str)] = &[
    ("retry.base_delay_ms", "1"),
    ("retry.max_delay_seconds", "1"),
    ("retry.max_attempts", "1"),
    ("rate_limit.max_wait_seconds", "1"),
    ("http.read_timeout_seconds", "1"),
];

/// Every way in which a host can fail to show that it is an Okta org.
const FAILURES: &[Fault] = &[
    Fault::NotOkta,
    Fault::DeactivatedOrg,
    Fault::OrganizationServerError,
    Fault::OrganizationBadGateway,
    Fault::OrganizationUnavailable,
    Fault::OrganizationRateLimited,
    Fault::OrganizationReset,
    Fault::OrganizationStalled,
];

fn has_secret(request: &RequestRecord) -> bool {
    let path = request.path_and_query.as_str();
    let is_oauth = path.starts_with("/oauth2/") && !path.starts_with("/oauth2/v1/authorize");
    request.had_credential || is_oauth
}

#[track_caller]
fn assert_no_secret(sim: &OktaSim, what: &str) {
    let requests = sim.requests();
    let told = requests.iter().find(|request| has_secret(request));
    assert!(told.is_none(), "{what}: {told:?}");
    assert!(!requests.is_empty(), "{what}: the host was not even asked");
    sim.clear_requests();
}

/// A directory with this credential, in an engine that knows nothing of the host yet.
fn reopened(fixture: &mut Fixture) {
    fixture.engine.close().unwrap();
    fixture.engine = Engine::open(&fixture.file(), settings_of(IMPATIENT)).unwrap();
}

fn groups_on(engine: &Engine) {
    engine.set("groups.sync", "on").unwrap();
}

fn try_everything(engine: &Engine, sim: &OktaSim, what: &str) {
    groups_on(engine);
    let report = engine.validate().unwrap();
    assert!(!report.usable, "{what}");
    for check in &report.checks {
        let expected = match check.capability {
            Capability::Organization => Outcome::Unreachable,
            Capability::ClockSkew => continue,
            _ => Outcome::NotChecked,
        };
        assert_eq!(check.outcome, expected, "{what}: {check:?}");
    }
    assert_no_secret(sim, &format!("{what}, validate"));
    let full = SyncOptions::of(SyncMode::Full);
    engine.sync(full).unwrap_err();
    assert_no_secret(sim, &format!("{what}, sync"));
    engine.dry_run(full, 0).unwrap_err();
    assert_no_secret(sim, &format!("{what}, dry run"));
    engine.sync_budget(full).unwrap_err();
    assert_no_secret(sim, &format!("{what}, budget"));
}

#[test]
fn an_api_token_stays_here_on_every_path() {
    for &fault in FAILURES {
        let sim = OktaSim::builder()
            .users(10)
            .seed(90)
            .fault(fault)
            .start()
            .unwrap();
        let fixture = Fixture::connected(&sim, IMPATIENT);
        let what = format!("{fault:?}");
        try_everything(&fixture.engine, &sim, &what);
        let token = sim.token(Role::SuperAdmin);
        fixture
            .engine
            .connect_with(sim.url(), token, Trial::Always)
            .unwrap_err();
        assert_no_secret(&sim, &format!("{what}, connect"));
        let report = fixture.engine.validate_token(sim.url(), token).unwrap();
        assert!(!report.usable);
        assert_no_secret(&sim, &format!("{what}, validate without keeping"));
    }
}

#[test]
fn client_secret_code_and_refresh_token_stay_here() {
    for &fault in FAILURES {
        let sim = org(10, rotating);
        let mut fixture = Fixture::unconnected(IMPATIENT);
        sign_in(&fixture.engine, &sim);
        sim.expire_access_tokens();
        let again = begin(&fixture.engine, &sim);
        reopened(&mut fixture);
        sim.set_faults(&[fault]);
        sim.clear_requests();
        let what = format!("{fault:?}");
        try_everything(&fixture.engine, &sim, &what);
        fixture.engine.refresh_token().unwrap_err();
        assert_no_secret(&sim, &format!("{what}, refresh"));
        fixture.engine.complete_authorization(&again).unwrap_err();
        assert_no_secret(&sim, &format!("{what}, sign-in"));
        fixture.engine.disconnect().unwrap_err();
        assert_no_secret(&sim, &format!("{what}, disconnect"));
    }
}

#[test]
fn the_assertion_of_a_service_app_stays_here() {
    for &fault in FAILURES {
        let sim = org(10, |_| {});
        sim.set_faults(&[fault]);
        let fixture = Fixture::unconnected(IMPATIENT);
        connect_service_app(&fixture.engine, &sim, false);
        let what = format!("{fault:?}");
        try_everything(&fixture.engine, &sim, &what);
        fixture.engine.refresh_token().unwrap_err();
        assert_no_secret(&sim, &format!("{what}, refresh"));
    }
}

#[test]
fn a_host_that_could_show_it_once_has_to_show_it_again() {
    let sim = OktaSim::builder().users(10).seed(90).start().unwrap();
    let fixture = Fixture::connected(&sim, IMPATIENT);
    fixture.sync().unwrap();
    sim.set_faults(&[Fault::NotOkta]);
    sim.clear_requests();
    try_everything_but_budget(&fixture.engine, &sim);
}

fn try_everything_but_budget(engine: &Engine, sim: &OktaSim) {
    engine.validate().unwrap();
    assert_no_secret(sim, "validate");
    engine.sync(SyncOptions::of(SyncMode::Full)).unwrap_err();
    assert_no_secret(sim, "sync");
}

/// The answer of another server, which names itself (RFC 9207), is refused before code and secret go anywhere.
#[test]
fn an_answer_with_a_foreign_issuer_is_refused() {
    let sim = org(10, |_| {});
    let fixture = Fixture::unconnected(IMPATIENT);
    let complete = |issuer: &str| -> Result<(), Error> {
        let callback = browse(&request(&fixture.engine, &sim).url);
        let issuer: String = url::form_urlencoded::byte_serialize(issuer.as_bytes()).collect();
        fixture
            .engine
            .complete_authorization(&format!("{callback}&iss={issuer}"))
            .map(drop)
    };
    for foreign in [
        "https://other.example.com",
        "",
        "nonsense",
        &format!("{}/oauth2/default", sim.url()),
        &format!("{}@other.example.com", sim.url()),
    ] {
        sim.clear_requests();
        let error = complete(foreign).unwrap_err();
        assert_eq!(error.code(), ErrorCode::AuthorizationUnknown, "{foreign}");
        assert!(error.message().contains("issuer"), "{error}");
        assert!(!sim.requests().iter().any(has_secret), "{foreign}");
    }
    complete(sim.url()).unwrap();
}
