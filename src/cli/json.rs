//! The machine-readable forms: one JSON object a record.

use std::collections::BTreeMap;

use okta_profiles::clock::UnixMillis;
use okta_profiles::error::Error;
use okta_profiles::model::{DirectoryEntry, JiraUser};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// One directory entry as a JSON line.
#[derive(Serialize)]
pub struct EntryLine {
    okta_id: Option<String>,
    status: Option<String>,
    type_id: Option<String>,
    created: Option<String>,
    activated: Option<String>,
    status_changed: Option<String>,
    last_login: Option<String>,
    last_updated: Option<String>,
    password_changed: Option<String>,
    absent_since: Option<String>,
    profile: Option<BTreeMap<String, Box<RawValue>>>,
    jira: Option<JiraUser>,
    match_state: &'static str,
    match_rule: String,
    match_value: String,
}

impl From<DirectoryEntry> for EntryLine {
    fn from(entry: DirectoryEntry) -> EntryLine {
        let time = |at: Option<UnixMillis>| at.map(UnixMillis::to_rfc3339);
        let user = entry.okta.as_ref();
        EntryLine {
            okta_id: user.map(|user| user.id.clone()),
            status: user.map(|user| user.status.clone()),
            type_id: user.and_then(|user| user.type_id.clone()),
            created: time(user.and_then(|user| user.created)),
            activated: time(user.and_then(|user| user.activated)),
            status_changed: time(user.and_then(|user| user.status_changed)),
            last_login: time(user.and_then(|user| user.last_login)),
            last_updated: time(user.and_then(|user| user.last_updated)),
            password_changed: time(user.and_then(|user| user.password_changed)),
            absent_since: time(entry.absent_since),
            match_state: entry.state.name(),
            match_rule: entry.rule,
            match_value: entry.value,
            jira: entry.jira,
            profile: entry.okta.map(|user| user.profile.attributes()),
        }
    }
}

/// The JSON text of a record.
pub fn line(record: &impl Serialize) -> String {
    // Records of texts, numbers and valid JSON always serialize.
    serde_json::to_string(record).unwrap_or_else(|_| "null".to_owned())
}

/// An error as a JSON object.
pub fn error(error: &Error) -> Value {
    json!({"error": {
        "code": error.code().number(),
        "name": error.code().name(),
        "message": error.message(),
        "retry_after_ms": error.retry_after_hint().map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        "okta_error_code": error.okta_error(),
        "okta_request_id": error.request_id(),
        "missing_scope": error.scope(),
    }})
}
