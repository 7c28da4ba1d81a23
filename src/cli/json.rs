//! Records as JSON, one object each.

use okta_profiles::contract::errors::Error;
use okta_profiles::model::{JiraUserCounts, SyncReport};
use serde::Serialize;
use serde_json::{Value, json};

/// The JSON text of a record.
pub fn line(record: &impl Serialize) -> String {
    // Records of texts, numbers and valid JSON always serialize.
    serde_json::to_string(record).unwrap_or_else(|_| "null".to_owned())
}

/// The report of a run, with what the hand-over of Jira users before it did.
pub fn sync(report: &SyncReport, handed_over: Option<&JiraUserCounts>) -> Value {
    let mut record = json!(report);
    if let (Some(counts), Value::Object(fields)) = (handed_over, &mut record) {
        fields.insert("jira_users".to_owned(), json!(counts));
    }
    record
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
