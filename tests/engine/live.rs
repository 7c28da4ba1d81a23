//! Deliveries of Okta's event hook as tests make them, whatever the org does.

use okta_profiles::engine::Engine;
use okta_profiles::model::HookAnswer;
use serde_json::{Value, json};

use crate::fixture::QUICK;

/// Quick retries, and events by hook.
pub fn listening() -> Vec<(&'static str, &'static str)> {
    [QUICK, &[("live", "hook")]].concat()
}

/// One event about these targets, each with its type.
pub fn event(id: &str, event_type: &str, targets: &[(&str, &str)]) -> Value {
    let targets: Vec<Value> = targets
        .iter()
        .map(|(kind, id)| json!({"type": kind, "id": id, "alternateId": "unknown"}))
        .collect();
    json!({
        "uuid": id, "eventType": event_type, "published": "2024-05-01T10:00:00.000Z",
        "outcome": {"result": "SUCCESS"}, "target": targets,
    })
}

/// A user moved.
pub fn updated(id: &str, user: &str) -> Value {
    event(id, "user.account.update_profile", &[("User", user)])
}

/// A user is being deleted.
pub fn deleted(id: &str, user: &str) -> Value {
    event(id, "user.lifecycle.delete.initiated", &[("User", user)])
}

/// The body of a delivery.
pub fn delivery(id: &str, events: &[Value]) -> Vec<u8> {
    json!({"eventType": "com.okta.event_hook", "eventId": id, "data": {"events": events}})
        .to_string()
        .into_bytes()
}

/// Hands a delivery over with the right secret.
pub fn deliver(engine: &Engine, id: &str, events: &[Value]) -> HookAnswer {
    let secret = engine.hook_secret().unwrap();
    let headers = [("x-okta-profiles-secret", secret.expose())];
    engine
        .receive_event("POST", &headers, &delivery(id, events))
        .unwrap()
}
