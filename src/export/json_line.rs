//! A directory entry as one JSON object.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::clock::UnixMillis;
use crate::contract::errors::ErrorCode;
use crate::model::{DirectoryEntry, JiraUser, user_fields};

macro_rules! line {
    ($($field:ident: $kind:ident = $okta:literal),*) => {
        /// One directory entry. Its serialized form contains no line break.
        #[derive(Serialize)]
        pub struct EntryLine {
            okta_id: Option<String>,
            status: Option<String>,
            $($field: Option<String>,)*
            absent_since: Option<String>,
            profile: Option<BTreeMap<String, Box<RawValue>>>,
            /// The number of the error because of which the profile cannot be read; left out if there is none.
            #[serde(skip_serializing_if = "Option::is_none")]
            profile_error: Option<i32>,
            jira: Option<JiraUser>,
            match_state: &'static str,
            match_rule: String,
            match_value: String,
        }

        impl From<DirectoryEntry> for EntryLine {
            fn from(entry: DirectoryEntry) -> EntryLine {
                let user = entry.okta.as_ref();
                EntryLine {
                    okta_id: user.map(|user| user.id.clone()),
                    status: user.map(|user| user.status.clone()),
                    $($field: user.and_then(|user| text!($kind, user.$field)),)*
                    absent_since: entry.absent_since.map(UnixMillis::to_rfc3339),
                    match_state: entry.state.name(),
                    match_rule: entry.rule,
                    match_value: entry.value,
                    jira: entry.jira,
                    profile_error: user
                        .filter(|user| user.profile.is_damaged())
                        .map(|_| ErrorCode::ProfileDamaged.number()),
                    profile: entry.okta.map(|user| user.profile.attributes()),
                }
            }
        }
    };
}

macro_rules! text {
    (Text, $field:expr) => {
        $field.clone()
    };
    (Time, $field:expr) => {
        $field.map(UnixMillis::to_rfc3339)
    };
}

user_fields!(line);

/// One line for each entry.
pub fn lines(entries: Vec<DirectoryEntry>) -> String {
    let mut text = String::new();
    for entry in entries {
        // Serializing texts and valid JSON never fails. A raw value may contain a line break between its tokens,
        // where a blank means the same.
        let line = serde_json::to_string(&EntryLine::from(entry)).unwrap_or_else(|_| "null".to_owned());
        text.push_str(&line.replace(['\n', '\r'], " "));
        text.push('\n');
    }
    text
}
