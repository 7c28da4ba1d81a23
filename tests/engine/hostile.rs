//! Answers that no honest org gives: an error or a recovery, never a hang, never the credential
//! sent elsewhere, and the directory as it was.

use std::time::{Duration, Instant};

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::model::{RunMode, RunReason, SyncMode, View};
use okta_sim::{Fault, OktaSim};

use crate::fixture::{Fixture, assert_code, rows};

/// Few and quick tries: these faults never go away.
const IMPATIENT: &[(&str, &str)] = &[
    ("retry.base_delay_ms", "2"),
    ("retry.max_delay_seconds", "1"),
    ("retry.max_attempts", "3"),
    ("rate_limit.max_wait_seconds", "1"),
    ("http.read_timeout_seconds", "1"),
    ("http.request_timeout_seconds", "5"),
    ("http.max_body_bytes", "1048576"),
];

fn expect(fault: Fault, code: ErrorCode) {
    let sim = OktaSim::builder().users(1_000).seed(30).start().unwrap();
    let fixture = Fixture::connected(&sim, IMPATIENT);
    fixture.sync().unwrap();
    let before = rows(&fixture.engine, View::All);
    sim.clear_requests();
    sim.set_faults(&[fault]);
    let began = Instant::now();
    let error = fixture.sync().unwrap_err();
    assert_code(&error, code);
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "{fault:?} took {:?}",
        began.elapsed()
    );
    assert!(
        sim.requests().len() < 80,
        "{fault:?} made {} requests",
        sim.requests().len()
    );
    assert!(
        sim.attacker_requests().is_empty(),
        "{fault:?} reached another host"
    );
    assert_eq!(
        before,
        rows(&fixture.engine, View::All),
        "{fault:?} changed the directory"
    );
}

#[test]
fn a_next_link_to_another_host_is_refused() {
    expect(Fault::ForeignNext, ErrorCode::ForeignHost);
    expect(Fault::NextWithOtherScheme, ErrorCode::ForeignHost);
}

#[test]
fn a_redirect_is_not_followed() {
    expect(Fault::Redirect, ErrorCode::Redirected);
}

#[test]
fn a_next_link_to_another_listing_is_refused() {
    expect(Fault::NextOfAnotherListing, ErrorCode::UnexpectedAnswer);
}

#[test]
fn a_cursor_that_does_not_move_ends_the_run() {
    expect(Fault::RepeatedCursor, ErrorCode::CursorRepeated);
    expect(Fault::EmptyCursor, ErrorCode::CursorRepeated);
}

#[test]
fn ever_new_cursors_that_lead_to_nobody_end_the_run() {
    expect(Fault::EndlessEmptyPages, ErrorCode::CursorRepeated);
    expect(Fault::EndlessRepeatedRows, ErrorCode::CursorRepeated);
}

#[test]
fn a_part_of_a_list_is_no_list() {
    expect(Fault::PartialContent, ErrorCode::UnexpectedStatus);
}

#[test]
fn listings_that_leave_users_out_mark_nobody_absent() {
    expect(Fault::CutListings, ErrorCode::UnexpectedAnswer);
}

#[test]
fn a_body_of_two_gigabytes_is_not_read() {
    expect(Fault::EndlessBody, ErrorCode::BodyTooLarge);
    expect(Fault::AnnouncedHugeBody, ErrorCode::BodyTooLarge);
}

#[test]
fn a_body_that_stalls_for_ever_times_out() {
    expect(Fault::StalledForever, ErrorCode::TimedOut);
}

#[test]
fn errors_that_never_end_are_reported_as_they_are() {
    expect(Fault::AlwaysServerError, ErrorCode::OktaInternal);
    expect(Fault::AlwaysRateLimited, ErrorCode::RateLimited);
}

#[test]
fn an_answer_of_another_shape_is_no_empty_page() {
    expect(Fault::WrongJsonShape, ErrorCode::UnexpectedAnswer);
}

#[test]
fn a_host_that_is_no_org_any_more_is_named() {
    expect(Fault::NotOkta, ErrorCode::NotAnOktaOrg);
    expect(Fault::DeactivatedOrg, ErrorCode::OrgDeactivated);
    expect(Fault::OtherOrgId, ErrorCode::OrgMismatch);
}

#[test]
fn after_an_answer_of_another_org_nothing_goes_on_as_a_delta() {
    let sim = OktaSim::builder().users(300).seed(31).start().unwrap();
    let fixture = Fixture::connected(&sim, IMPATIENT);
    fixture.sync().unwrap();
    assert_eq!(fixture.sync_auto().unwrap().mode, RunMode::Delta);
    sim.set_faults(&[Fault::OtherOrgId]);
    assert_code(&fixture.sync().unwrap_err(), ErrorCode::OrgMismatch);
    sim.clear_requests();
    // It stays refused, by whatever mode, and nobody is asked for users.
    assert_code(&fixture.sync_auto().unwrap_err(), ErrorCode::OrgMismatch);
    assert_code(
        &fixture.sync_as(SyncMode::Delta).unwrap_err(),
        ErrorCode::OrgMismatch,
    );
    assert!(sim.requests().iter().all(|request| !request.had_credential));
    sim.clear_faults();
    let full = fixture.sync_auto().unwrap();
    assert_eq!(
        (full.mode, full.reason),
        (RunMode::Full, RunReason::WatermarkUnknown)
    );
    assert_eq!(fixture.sync_auto().unwrap().mode, RunMode::Delta);
    fixture.assert_equals_org(&sim);
}

#[test]
fn every_terminal_fault_is_covered_above() {
    const COVERED: &[Fault] = &[
        Fault::ForeignNext,
        Fault::NextWithOtherScheme,
        Fault::Redirect,
        Fault::NextOfAnotherListing,
        Fault::EndlessEmptyPages,
        Fault::EndlessRepeatedRows,
        Fault::PartialContent,
        Fault::CutListings,
        Fault::RepeatedCursor,
        Fault::EmptyCursor,
        Fault::EndlessBody,
        Fault::AnnouncedHugeBody,
        Fault::StalledForever,
        Fault::AlwaysServerError,
        Fault::AlwaysRateLimited,
        Fault::WrongJsonShape,
        Fault::NotOkta,
        Fault::DeactivatedOrg,
        Fault::OtherOrgId,
        Fault::RoleLessEmpty, // in guard.rs
        // In proof.rs:
        Fault::OrganizationServerError,
        Fault::OrganizationBadGateway,
        Fault::OrganizationUnavailable,
        Fault::OrganizationRateLimited,
        Fault::OrganizationReset,
        Fault::OrganizationStalled,
    ];
    for fault in Fault::TERMINAL {
        assert!(COVERED.contains(fault), "{fault:?} has no test");
    }
}
