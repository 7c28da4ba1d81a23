//! The validation report: one bad capability never hides the others, and each says what to do.

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::model::{Capability, Outcome, ValidationReport};
use okta_sim::{Fault, OktaSim, Role};

use crate::fixture::{Fixture, QUICK, assert_code};

fn validate(sim: &OktaSim, role: Role) -> ValidationReport {
    let fixture = Fixture::unconnected(QUICK);
    fixture.engine.connect(sim.url(), sim.token(role)).unwrap();
    let report = fixture.engine.validate().unwrap();
    assert_eq!(report.checks.len(), Capability::ALL.len());
    for (check, capability) in report.checks.iter().zip(Capability::ALL) {
        assert_eq!(check.capability, capability);
        assert!(!check.advice.is_empty(), "{capability:?} says nothing");
        assert!(!check.advice.contains('@'), "{capability:?} names a person");
    }
    report
}

fn outcome(report: &ValidationReport, capability: Capability) -> Outcome {
    report.check(capability).unwrap().outcome
}

#[test]
fn a_super_administrator_can_do_everything() {
    let sim = OktaSim::builder().users(700).seed(50).start().unwrap();
    let report = validate(&sim, Role::SuperAdmin);
    assert!(report.usable);
    for capability in Capability::ALL {
        // A validation changes nothing, so what writes is not tried.
        let writes = capability.name().starts_with("write_");
        assert_eq!(
            outcome(&report, capability),
            if writes { Outcome::NotChecked } else { Outcome::Ok },
            "{:?}",
            report.check(capability)
        );
    }
    assert_eq!(
        report.check(Capability::Organization).unwrap().value,
        sim.org_id()
    );
    assert!(
        report
            .check(Capability::RateLimit)
            .unwrap()
            .value
            .parse::<u64>()
            .unwrap()
            > 0
    );
    assert!(
        report
            .check(Capability::UserCount)
            .unwrap()
            .value
            .parse::<u64>()
            .unwrap()
            > 0
    );
}

#[test]
fn a_reader_of_users_lacks_the_rest_but_can_sync() {
    let sim = OktaSim::builder().users(700).seed(50).start().unwrap();
    let report = validate(&sim, Role::UserReader);
    assert!(report.usable);
    assert_eq!(outcome(&report, Capability::ReadUsers), Outcome::Ok);
    for capability in [
        Capability::ReadGroups,
        Capability::ReadSchemas,
        Capability::ReadEventHooks,
        Capability::ReadLog,
    ] {
        let check = report.check(capability).unwrap();
        assert_eq!(check.outcome, Outcome::MissingRole, "{check:?}");
        assert_eq!(check.error_code, ErrorCode::RoleMissing.number());
        assert_eq!(check.okta_error_code, "E0000006");
        assert!(!check.okta_request_id.is_empty());
    }
}

#[test]
fn a_role_less_credential_is_not_usable() {
    let sim = OktaSim::builder().users(700).seed(50).start().unwrap();
    let report = validate(&sim, Role::RoleLess);
    assert!(!report.usable, "{report:?}");
    assert_eq!(outcome(&report, Capability::Organization), Outcome::Ok);
    assert_ne!(outcome(&report, Capability::ReadUsers), Outcome::Ok);
}

#[test]
fn a_dead_token_is_refused_and_the_org_is_still_named() {
    let sim = OktaSim::builder().users(700).seed(50).start().unwrap();
    let report = validate(&sim, Role::Expired);
    assert!(!report.usable);
    assert_eq!(outcome(&report, Capability::Organization), Outcome::Ok);
    let credential = report.check(Capability::Credential).unwrap();
    assert_eq!(credential.outcome, Outcome::Refused);
    assert_eq!(credential.error_code, ErrorCode::TokenRejected.number());
    assert_eq!(outcome(&report, Capability::ReadUsers), Outcome::NotChecked);
}

#[test]
fn a_feature_that_is_off_is_no_bad_credential() {
    let sim = OktaSim::builder().users(700).seed(50).start().unwrap();
    let report = validate(&sim, Role::FeatureOff);
    assert!(report.usable);
    assert_eq!(outcome(&report, Capability::Credential), Outcome::Ok);
    assert_eq!(outcome(&report, Capability::ReadEventHooks), Outcome::FeatureOff);
}

#[test]
fn a_host_that_is_not_okta_never_sees_the_token() {
    let sim = OktaSim::builder()
        .users(10)
        .seed(50)
        .fault(Fault::NotOkta)
        .start()
        .unwrap();
    let report = validate(&sim, Role::SuperAdmin);
    assert!(!report.usable);
    let organization = report.check(Capability::Organization).unwrap();
    assert_eq!(organization.error_code, ErrorCode::NotAnOktaOrg.number());
    assert!(sim.requests().iter().all(|request| !request.had_credential));
}

#[test]
fn nobody_listens() {
    let fixture = Fixture::unconnected(QUICK);
    fixture.engine.connect("http://127.0.0.1:9", "00token").unwrap();
    let report = fixture.engine.validate().unwrap();
    assert!(!report.usable);
    assert_eq!(outcome(&report, Capability::Organization), Outcome::Unreachable);
    assert_eq!(
        report.check(Capability::Organization).unwrap().error_code,
        ErrorCode::ConnectFailed.number()
    );
}

#[test]
fn bad_input_is_refused_before_anything_is_sent() {
    let fixture = Fixture::unconnected(QUICK);
    assert_code(&fixture.engine.validate().unwrap_err(), ErrorCode::NotConnected);
    let connect = |url: &str, token: &str| fixture.engine.connect(url, token).unwrap_err();
    assert_code(
        &connect("http://example.okta.com", "00token"),
        ErrorCode::OrgUrlNotHttps,
    );
    assert_code(
        &connect("https://user:secret@example.okta.com", "00token"),
        ErrorCode::OrgUrlInvalid,
    );
    assert_code(
        &connect("https://{yourOktaDomain}", "00token"),
        ErrorCode::OrgUrlInvalid,
    );
    assert_code(
        &connect("https://example.okta.com", "00 token"),
        ErrorCode::CredentialMalformed,
    );
    fixture
        .engine
        .connect("https://example-admin.okta.com/oauth2/default", " 00token\n")
        .unwrap();
    assert_eq!(
        fixture.engine.org_url().as_deref(),
        Some("https://example.okta.com")
    );
}
