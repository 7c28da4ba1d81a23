//! Validating what was typed and is not stored, and keys that are made here.

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::{ClientSecret, OAuthClient, ServiceApp, Trial};
use okta_profiles::model::{Capability, CredentialKind, Outcome};
use okta_profiles::secret::Secret;
use okta_sim::{OktaSim, PublicKey, Role};

use crate::fixture::{Fixture, QUICK, assert_code};
use crate::sign_in::org;

fn service_app<'a>(sim: &'a OktaSim, client_id: &'a str, key: &'a Secret) -> ServiceApp<'a> {
    ServiceApp {
        org_url: sim.url(),
        client_id,
        private_key_pem: key,
        key_id: "",
        dpop: false,
    }
}

#[test]
fn what_is_typed_is_validated_while_the_stored_credential_stays() {
    let sim = org(20, |_| {});
    let fixture = Fixture::connected(&sim, QUICK);
    let engine = &fixture.engine;
    let wrong = engine.validate_token(sim.url(), "00notTheToken").unwrap();
    assert_eq!(
        wrong.check(Capability::Credential).unwrap().outcome,
        Outcome::Refused
    );
    let id = sim.service_app().client_id;
    let key = Secret::text(sim.service_private_key());
    let right = engine
        .validate_service_app(&service_app(&sim, &id, &key))
        .unwrap();
    assert!(right.usable, "{right:?}");
    assert_eq!(right.credential_kind, CredentialKind::ServiceApp);
    let unknown = engine
        .validate_service_app(&service_app(&sim, "0oaNobody", &key))
        .unwrap();
    assert_eq!(
        unknown.check(Capability::Credential).unwrap().outcome,
        Outcome::Refused
    );
    let status = engine.token_status().unwrap();
    assert_eq!(status.kind, CredentialKind::ApiToken);
    assert!(status.access_token_expires.is_none());
    assert!(engine.validate().unwrap().usable);
}

#[test]
fn an_app_is_known_by_its_secret_before_anybody_signs_in() {
    let sim = org(20, |_| {});
    let fixture = Fixture::unconnected(QUICK);
    let app = sim.web_app();
    let report = |secret: &str| {
        let secret = Secret::text(secret.to_owned());
        let client = OAuthClient {
            org_url: sim.url(),
            client_id: &app.client_id,
            client_secret: ClientSecret::Given(&secret),
            redirect_uri: "",
            dpop: false,
        };
        fixture.engine.validate_client(&client).unwrap()
    };
    let right = report(&app.client_secret);
    assert_eq!(right.check(Capability::Credential).unwrap().outcome, Outcome::Ok);
    let users = right.check(Capability::ReadUsers).unwrap();
    assert_eq!(
        (users.outcome, users.advice.as_str()),
        (Outcome::NotChecked, "Known after the sign-in.")
    );
    assert!(!right.usable, "nobody has signed in");
    let wrong = report("notTheSecret");
    let credential = wrong.check(Capability::Credential).unwrap();
    assert_eq!(credential.outcome, Outcome::Refused);
    assert_eq!(credential.error_code, ErrorCode::ClientRejected.number());
    assert_eq!(fixture.engine.token_status().unwrap().kind, CredentialKind::None);
}

#[test]
fn a_key_made_here_connects_and_is_kept_for_its_app_only() {
    let sim = OktaSim::builder().users(20).seed(7).start().unwrap();
    let fixture = Fixture::unconnected(QUICK);
    let (engine, none) = (&fixture.engine, Secret::text(String::new()));
    let id = sim.service_app().client_id;
    let refused = engine
        .connect_service_app(&service_app(&sim, &id, &none))
        .unwrap_err();
    assert_code(&refused, ErrorCode::InvalidArgument);

    let public = engine.make_service_key().unwrap();
    let jwk: serde_json::Value = serde_json::from_str(&public).unwrap();
    assert_eq!(jwk["alg"], "ES256");
    assert!(jwk.get("d").is_none(), "the private part was handed out");
    sim.change_service_app(|app| app.public_keys = PublicKey::parse(&public).unwrap());
    assert!(
        engine
            .validate_service_app(&service_app(&sim, &id, &none))
            .unwrap()
            .usable
    );
    engine
        .connect_service_app(&service_app(&sim, &id, &none))
        .unwrap();
    assert!(engine.validate().unwrap().usable);

    // From now on it is the stored key, which is that of this app.
    engine
        .connect_service_app(&service_app(&sim, &id, &none))
        .unwrap();
    let other = engine
        .connect_service_app(&service_app(&sim, "0oaOther", &none))
        .unwrap_err();
    assert_code(&other, ErrorCode::InvalidArgument);
    assert!(engine.validate().unwrap().usable);
}

#[test]
fn the_public_part_of_a_given_key_is_that_of_its_app() {
    let sim = OktaSim::builder().users(20).seed(7).start().unwrap();
    let fixture = Fixture::unconnected(QUICK);
    let key = Secret::text(sim.service_private_key());
    let public = fixture.engine.public_service_key(&key).unwrap();
    sim.change_service_app(|app| app.public_keys = PublicKey::parse(&public).unwrap());
    let id = sim.service_app().client_id;
    fixture
        .engine
        .connect_service_app_with(&service_app(&sim, &id, &key), Trial::Always)
        .unwrap();
    let token = Secret::text(sim.token(Role::SuperAdmin).to_owned());
    let refused = fixture.engine.public_service_key(&token).unwrap_err();
    assert_code(&refused, ErrorCode::PrivateKeyInvalid);
}
