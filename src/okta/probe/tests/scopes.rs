//! Tests what a validation concludes from the scopes of an app, with and without asking Okta.

use super::*;

fn app(scopes: &[&str]) -> Kept {
    let identity = Identity::App {
        client_id: "0oa1".to_owned(),
        client_secret: None,
        redirect_uri: "https://jira.example.com/".to_owned(),
    };
    let mut credential = StoredCredential::new("", identity);
    credential.scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
    Kept(credential)
}

#[tokio::test]
async fn what_the_scopes_tell_is_not_asked() {
    let server = Responder::start(|_, head| healthy(head));
    let report = report_with(&server, app(&["okta.users.read", "okta.users.manage"])).await;
    assert!(report.usable, "{report:?}");
    assert_eq!(report.unneeded_scopes, ["okta.users.manage"]);
    let asked: Vec<String> = server
        .heads()
        .iter()
        .map(|head| target(head).to_owned())
        .collect();
    assert!(
        asked
            .iter()
            .all(|target| !target.contains("groups") && !target.contains("eventHooks")),
        "{asked:?}"
    );
    let hooks = report.check(Capability::ReadEventHooks).expect("the check");
    assert_eq!(
        (hooks.outcome, hooks.missing_scope.as_str()),
        (Outcome::NotChecked, "okta.eventHooks.read")
    );
    assert_eq!(outcome(&report, Capability::WriteUsers), Outcome::Ok);
}

/// The seven scopes of the set-up guide.
#[tokio::test]
async fn with_the_scopes_of_the_guide_hooks_can_be_seen_and_the_log_names_its_scope() {
    let server = Responder::start(|_, head| healthy(head));
    let scopes = [
        "okta.users.read",
        "okta.users.manage",
        "okta.eventHooks.read",
        "okta.eventHooks.manage",
        "okta.groups.read",
        "okta.groups.manage",
        "okta.schemas.read",
    ];
    let report = report_with(&server, app(&scopes)).await;
    assert!(report.usable, "{report:?}");
    for capability in [Capability::ReadEventHooks, Capability::WriteEventHooks] {
        assert_eq!(outcome(&report, capability), Outcome::Ok, "{capability:?}");
    }
    let log = report.check(Capability::ReadLog).expect("the check");
    assert_eq!(
        (log.outcome, log.missing_scope.as_str()),
        (Outcome::NotChecked, "okta.logs.read")
    );
    assert!(
        log.purpose.contains("within seconds") && log.advice.contains("okta.logs.read"),
        "{log:?}"
    );
    assert!(
        server.heads().iter().all(|head| !target(head).contains("logs")),
        "it is not asked"
    );
}

#[tokio::test]
async fn without_the_scope_for_users_nothing_works_and_it_is_said_which() {
    let server = Responder::start(|_, head| healthy(head));
    let report = report_with(&server, app(&["okta.groups.read"])).await;
    assert!(!report.usable);
    assert_eq!(report.missing_scopes[0], "okta.users.read");
    assert_eq!(outcome(&report, Capability::ReadUsers), Outcome::MissingScope);
    assert_eq!(outcome(&report, Capability::Scopes), Outcome::MissingScope);
    assert_eq!(outcome(&report, Capability::ReadGroups), Outcome::Ok);
}

#[tokio::test]
async fn a_service_app_is_never_asked_for_its_user_and_needs_a_role() {
    let identity = Identity::ServiceApp {
        client_id: "0oa1service".to_owned(),
        private_key: Secret::text(String::new()),
        key_id: String::new(),
    };
    let service = || {
        let mut credential = StoredCredential::new("", identity.clone());
        credential.scopes = vec!["okta.users.read".to_owned()];
        Kept(credential)
    };
    let server = Responder::start(|_, head| healthy(head));
    let sound = report_with(&server, service()).await;
    let credential = sound.check(Capability::Credential).expect("the check");
    assert_eq!(
        (credential.outcome, credential.value.as_str()),
        (Outcome::Ok, "0oa1service")
    );
    assert!(server.heads().iter().all(|head| !head.contains("users/me")));
    let hidden = report_with(&faulty("users?", || Reply::json(&[], "[]")), service()).await;
    let users = hidden.check(Capability::ReadUsers).expect("the check");
    assert_eq!(
        (users.outcome, users.error_code),
        (Outcome::MissingRole, ErrorCode::AppWithoutRole.number())
    );
    assert!(!hidden.usable && users.advice.contains("Admin roles"));
}
