//! Tests of validation: how each kind of trouble shows in the report.

mod scopes;

use std::time::{Duration, Instant};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::loopback::{Reply, Responder};
use crate::model::{Capability, Identity, Outcome, StoredCredential, TokenStore, ValidationReport};
use crate::okta::client::tests::asking::{Setup, okta_error, setup};
use crate::okta::probe::validate;
use crate::secret::Secret;

const ORG: &str = r#"{"id":"00o1aaaaaaaaaaaaa001","_links":{}}"#;
const EVERYONE: &str = r#"[{"profile":{"name":"Everyone"},"_embedded":{"stats":{"usersCount":20000}}}]"#;

/// The answers of an org without any trouble, to each request of a validation.
fn healthy(head: &str) -> Reply {
    let limit = [
        "X-Rate-Limit-Limit: 50",
        "X-Rate-Limit-Remaining: 49",
        "X-Rate-Limit-Reset: 1705311060",
    ];
    let fields = [limit.as_slice(), &["Date: Mon, 15 Jan 2024 09:30:00 GMT"]].concat();
    let body = match target(head) {
        "/.well-known/okta-organization" => ORG,
        "/api/v1/users/me" => r#"{"id":"00u1aaaaaaaaaaaaa001"}"#,
        "/api/v1/groups?search=type+eq+%22BUILT_IN%22&expand=stats" => EVERYONE,
        target if target.starts_with("/api/v1/users?") => r#"[{"id":"00u1","status":"ACTIVE","profile":{}}]"#,
        target if target.starts_with("/api/v1/groups?") || target == "/api/v1/eventHooks" => "[]",
        "/api/v1/logs?limit=1" => "[]",
        "/api/v1/meta/schemas/user/default" => "{}",
        "/api/v1/meta/types/user" => "[]",
        _ => return okta_error(404, "E0000008"),
    };
    Reply::json(&fields, body)
}

fn target(head: &str) -> &str {
    head.split(' ').nth(1).expect("a target")
}

/// A healthy org, except for the requests whose target contains `part`.
fn faulty(part: &'static str, fault: impl Fn() -> Reply + Send + 'static) -> Responder {
    Responder::start(move |_, head| match target(head).contains(part) {
        true => fault(),
        false => healthy(head),
    })
}

/// A store with a credential that never changes.
struct Kept(StoredCredential);

impl TokenStore for Kept {
    fn load(&self) -> Result<Option<StoredCredential>> {
        Ok(Some(self.0.clone()))
    }

    fn save(&self, _credential: &mut StoredCredential) -> Result<()> {
        Err(Error::internal("a validation keeps nothing"))
    }

    fn replace(&self, credential: &mut StoredCredential) -> Result<()> {
        self.save(credential)
    }
}

fn api_token() -> Kept {
    let token = Secret::text("00token".to_owned());
    Kept(StoredCredential::new("", Identity::ApiToken(token)))
}

async fn report_with(server: &Responder, kept: Kept) -> ValidationReport {
    let Setup { client, settings, .. } = setup(server, &[("retry.max_attempts", "2")]);
    validate(client, &kept, Some("repaired"), &settings)
        .await
        .expect("a report")
}

async fn report(server: &Responder) -> ValidationReport {
    report_with(server, api_token()).await
}

fn outcome(report: &ValidationReport, capability: Capability) -> Outcome {
    report.check(capability).expect("every capability").outcome
}

/// The capabilities that a validation with an API token does not try.
const WRITING: [Capability; 3] = [
    Capability::WriteUsers,
    Capability::WriteGroups,
    Capability::WriteEventHooks,
];

/// The capabilities that are not ok. The clock is left out, because it is years off in these tests.
fn troubles(report: &ValidationReport) -> Vec<(Capability, Outcome)> {
    let all = report
        .checks
        .iter()
        .map(|check| (check.capability, check.outcome));
    let others =
        all.filter(|(capability, _)| *capability != Capability::ClockSkew && !WRITING.contains(capability));
    others.filter(|(_, outcome)| *outcome != Outcome::Ok).collect()
}

#[tokio::test]
async fn all_is_well() {
    let server = Responder::start(|_, head| healthy(head));
    let report = report(&server).await;
    assert!(report.usable && troubles(&report).is_empty(), "{report:?}");
    assert_eq!(
        (report.org_url, report.org_url_note),
        (server.base(), "repaired".to_owned())
    );
    let values: Vec<_> = report.checks.iter().map(|check| check.value.as_str()).collect();
    let expected = [
        ["00o1aaaaaaaaaaaaa001", "00u1aaaaaaaaaaaaa001", "ACTIVE"].as_slice(),
        &[""; 10],
        &["50", "20000", "120"],
    ];
    assert_eq!(values[..16], expected.concat());
    let order: Vec<_> = report.checks.iter().map(|check| check.capability).collect();
    assert_eq!(order, Capability::ALL);
    let clock = report.checks.last().expect("the clock");
    assert_eq!(clock.outcome, Outcome::Warning);
    assert!(clock.value.parse::<i64>().expect("seconds") < -1_000_000);
    assert!(!server.heads()[0].to_lowercase().contains("authorization"));
}

#[tokio::test]
async fn one_bad_capability_never_hides_the_others() {
    use Capability::*;
    let forbidden = || okta_error(403, "E0000006");
    let scope = || {
        let challenge = r#"WWW-Authenticate: Bearer error="insufficient_scope", scope="okta.schemas.read""#;
        Reply::new(403, &[challenge], "")
    };
    for (part, fault, expected) in [
        (
            "groups?limit",
            forbidden as fn() -> Reply,
            vec![(ReadGroups, Outcome::MissingRole)],
        ),
        ("schemas", scope, vec![(ReadSchemas, Outcome::MissingScope)]),
        (
            "eventHooks",
            || okta_error(401, "E0000015"),
            vec![(ReadEventHooks, Outcome::FeatureOff)],
        ),
        (
            "eventHooks",
            || okta_error(500, "E0000009"),
            vec![(ReadEventHooks, Outcome::Unreachable)],
        ),
        (
            "schemas",
            || Reply::Bytes(Vec::new()),
            vec![(ReadSchemas, Outcome::Unreachable)],
        ),
        (
            "groups?search",
            forbidden,
            vec![
                (UserCount, Outcome::NotChecked),
                (SyncDuration, Outcome::NotChecked),
            ],
        ),
        ("users/me", forbidden, vec![(Credential, Outcome::Warning)]),
        (
            "search=status",
            || okta_error(400, "E0000031"),
            vec![(ReadUsers, Outcome::Warning)],
        ),
    ] {
        let report = report(&faulty(part, fault)).await;
        assert_eq!(troubles(&report), expected, "{part}");
        assert!(report.usable, "{part}");
    }
}

#[tokio::test]
async fn users_that_cannot_be_read_make_it_unusable() {
    let report = report(&faulty("users?", || okta_error(403, "E0000006"))).await;
    let bad = report.check(Capability::ReadUsers).expect("the check");
    assert_eq!(
        (bad.outcome, bad.error_code),
        (Outcome::MissingRole, ErrorCode::RoleMissing.number())
    );
    assert_eq!(
        (bad.okta_error_code.as_str(), bad.okta_request_id.as_str()),
        ("E0000006", "Req-7")
    );
    assert!(bad.required && !report.usable && bad.advice.contains("Read-only Administrator"));
    assert_eq!(outcome(&report, Capability::ReadGroups), Outcome::Ok);
    assert_eq!(outcome(&report, Capability::UserCount), Outcome::Ok);
}

#[tokio::test]
async fn an_empty_list_is_a_missing_role_unless_okta_counts_nobody() {
    let hidden = report(&faulty("users?", || Reply::json(&[], "[]"))).await;
    assert_eq!(outcome(&hidden, Capability::ReadUsers), Outcome::MissingRole);
    assert!(!hidden.usable);
    let empty = Responder::start(|_, head| match target(head) {
        target if target.contains("users?") => Reply::json(&[], "[]"),
        target if target.contains("groups?search") => Reply::json(&[], &EVERYONE.replace("20000", "0")),
        _ => healthy(head),
    });
    let empty = report(&empty).await;
    assert_eq!(outcome(&empty, Capability::ReadUsers), Outcome::Warning);
    assert!(empty.usable);
    let behind = report(&faulty("search=status", || Reply::json(&[], "[]"))).await;
    assert_eq!(outcome(&behind, Capability::ReadUsers), Outcome::Warning);
    assert!(behind.checks[2].advice.contains("search shows none"));
}

#[tokio::test]
async fn a_view_that_is_limited_to_some_groups_is_reported() {
    let link = "Link: <https://example.okta.com/api/v1/users?after=1&limit=1>; rel=\"next\"";
    let partly = report(&faulty("users?", move || Reply::json(&[link], "[]"))).await;
    assert!(
        partly.usable && partly.checks[2].advice.contains("limited to some groups"),
        "{partly:?}"
    );
    let without_everyone = report(&faulty("groups?search", || Reply::json(&[], "[]"))).await;
    let count = without_everyone.check(Capability::UserCount).expect("the check");
    assert_eq!(count.outcome, Outcome::NotChecked);
    assert!(count.advice.contains("limited to some groups"));
}

#[tokio::test]
async fn without_any_connection_it_stops_early() {
    let server = faulty("/api/v1/", || Reply::Stall(Vec::new()));
    let report = report(&server).await;
    let stalled = [Capability::Credential, Capability::ReadUsers];
    for check in report
        .checks
        .iter()
        .filter(|check| check.capability != Capability::ClockSkew)
        .skip(1)
    {
        let expected = match check.capability {
            // These results are known without Okta.
            Capability::Scopes | Capability::SignIn => Outcome::Ok,
            capability if stalled.contains(&capability) => Outcome::Unreachable,
            _ => Outcome::NotChecked,
        };
        assert_eq!(check.outcome, expected, "{check:?}");
    }
}

#[tokio::test]
async fn after_a_refused_credential_nothing_else_is_tried() {
    let server = faulty("users/me", || okta_error(401, "E0000011"));
    let report = report(&server).await;
    let refused = report.check(Capability::Credential).expect("the check");
    assert_eq!(
        (refused.outcome, refused.error_code),
        (Outcome::Refused, ErrorCode::TokenRejected.number())
    );
    assert!(!report.usable);
    let not_checked = report.checks[2..15]
        .iter()
        .all(|check| check.outcome == Outcome::NotChecked);
    assert!(not_checked, "{report:?}");
    assert_eq!(server.heads().len(), 2);
}

#[tokio::test]
async fn a_host_that_is_no_org_never_sees_the_credential() {
    let server = Responder::start(|_, _| Reply::new(200, &[], "<html>Welcome</html>"));
    let report = report(&server).await;
    let organization = report.check(Capability::Organization).expect("the check");
    assert_eq!(organization.error_code, ErrorCode::NotAnOktaOrg.number());
    assert_eq!(organization.outcome, Outcome::Unreachable);
    assert!(!report.usable);
    let heads = server.heads();
    assert!(heads.len() == 1 && !heads[0].to_lowercase().contains("authorization"));
}

#[tokio::test]
async fn it_stays_quick_when_the_limit_is_used_up() {
    let server = faulty("groups?limit", || {
        let fields = [
            "X-Rate-Limit-Limit: 50",
            "X-Rate-Limit-Remaining: 0",
            "X-Rate-Limit-Reset: 1705311055",
        ];
        Reply::new(
            429,
            &[fields.as_slice(), &["Date: Mon, 15 Jan 2024 09:30:00 GMT"]].concat(),
            "{}",
        )
    });
    let began = Instant::now();
    let report = report(&server).await;
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(
        troubles(&report),
        [(Capability::ReadGroups, Outcome::Unreachable)]
    );
}

#[tokio::test]
async fn a_cancel_is_not_a_report() {
    let server = Responder::start(|_, head| healthy(head));
    let Setup {
        client,
        settings,
        cancel,
        ..
    } = setup(&server, &[]);
    cancel.cancel();
    let error = validate(client, &api_token(), None, &settings)
        .await
        .expect_err("cancelled");
    assert_eq!(error.code(), ErrorCode::Cancelled);
}
