//! The differences between two readings of one user, field by field. Pure.
//!
//! A missing attribute and a null one are the same, because Okta leaves out attributes that are not set. Time
//! stamps such as the last sign-in are updated in the directory but are not recorded as changes.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::model::{FieldChange, OktaUser, user_fields};

const NULL: &str = "null";

/// The fields that differ, in a stable order.
pub fn field_changes(before: &OktaUser, after: &OktaUser) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    push_text(&mut changes, "status", Some(&before.status), Some(&after.status));
    macro_rules! push_fields {
        ($($field:ident: $kind:ident = $okta:literal),*) => { $(push!($kind, $field);)* };
    }
    macro_rules! push {
        (Text, $field:ident) => {
            let name = stringify!($field).trim_end_matches("_id");
            push_text(
                &mut changes,
                name,
                before.$field.as_deref(),
                after.$field.as_deref(),
            );
        };
        (Time, $field:ident) => {};
    }
    user_fields!(push_fields);
    if before.profile != after.profile {
        push_profile(
            &mut changes,
            &before.profile.attributes(),
            &after.profile.attributes(),
        );
    }
    changes
}

/// The profile attributes among `changes` that had a value and have none now.
pub fn cleared(changes: &[FieldChange]) -> impl Iterator<Item = &str> {
    changes
        .iter()
        .filter(|change| change.to.get() == NULL)
        .filter_map(|change| change.field.strip_prefix(FieldChange::PROFILE_PREFIX))
}

type Attributes = BTreeMap<String, Box<RawValue>>;

fn push_profile(changes: &mut Vec<FieldChange>, before: &Attributes, after: &Attributes) {
    let text = |attributes: &Attributes, name: &str| {
        attributes
            .get(name)
            .map_or_else(|| NULL.to_owned(), |value| value.get().to_owned())
    };
    let new_names = after.keys().filter(|name| !before.contains_key(*name));
    let mut names: Vec<&String> = before.keys().chain(new_names).collect();
    names.sort_unstable();
    for name in names {
        let (from, to) = (text(before, name), text(after, name));
        if from != to {
            changes.push(FieldChange {
                field: [FieldChange::PROFILE_PREFIX, name].concat(),
                from: raw(from),
                to: raw(to),
            });
        }
    }
}

fn push_text(changes: &mut Vec<FieldChange>, field: &str, before: Option<&str>, after: Option<&str>) {
    if before != after {
        let json = |text: Option<&str>| raw(serde_json::Value::from(text).to_string());
        changes.push(FieldChange {
            field: field.to_owned(),
            from: json(before),
            to: json(after),
        });
    }
}

fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

#[cfg(test)]
pub(in crate::sync) mod tests {
    use super::*;
    use crate::model::Profile;

    /// An active user with this id and profile, and no times.
    pub fn user(id: &str, profile: &str) -> OktaUser {
        let attributes: Attributes = serde_json::from_str(profile).expect("a JSON object");
        OktaUser::active(id, Profile::from_attributes(&attributes))
    }

    fn summary(changes: &[FieldChange]) -> Vec<String> {
        changes
            .iter()
            .map(|c| format!("{}: {} -> {}", c.field, c.from, c.to))
            .collect()
    }

    #[test]
    fn attributes_that_came_went_and_moved_are_named() {
        let before = user(
            "1",
            r#"{"department":"Sales","skills":["a","b"],"title":"Clerk"}"#,
        );
        let mut after = user("1", r#"{"department":"R&D","skills":["a","b"],"fte":0.50}"#);
        after.status = "SUSPENDED".to_owned();
        assert_eq!(
            summary(&field_changes(&before, &after)),
            [
                r#"status: "ACTIVE" -> "SUSPENDED""#,
                r#"profile.department: "Sales" -> "R&D""#,
                "profile.fte: null -> 0.50",
                r#"profile.title: "Clerk" -> null"#,
            ]
        );
        assert_eq!(
            cleared(&field_changes(&before, &after)).collect::<Vec<_>>(),
            ["title"]
        );
    }

    #[test]
    fn null_and_missing_are_the_same_and_times_do_not_count() {
        let before = user("1", r#"{"mobilePhone":null}"#);
        let mut after = user("1", "{}");
        after.last_login = Some(crate::clock::UnixMillis(5));
        assert!(field_changes(&before, &after).is_empty());
    }
}
