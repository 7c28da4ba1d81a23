//! Tests of the directory as a whole, on real files; shared fixtures.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::model::{OktaUser, Profile};

/// How texts are folded here: the directory is given the function, whichever it is.
pub(super) fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// An Okta user with these profile attributes, given as JSON texts.
pub(super) fn user_with(id: &str, attributes: &[(&str, &str)]) -> OktaUser {
    let attributes: BTreeMap<String, Box<RawValue>> = attributes
        .iter()
        .map(|(name, json)| {
            (
                (*name).to_owned(),
                RawValue::from_string((*json).to_owned()).expect("JSON"),
            )
        })
        .collect();
    OktaUser {
        id: id.to_owned(),
        status: "ACTIVE".to_owned(),
        type_id: None,
        realm_id: None,
        created: None,
        activated: None,
        status_changed: None,
        last_login: None,
        last_updated: None,
        password_changed: None,
        profile: Profile::from_attributes(&attributes),
    }
}

/// An Okta user with a login only.
pub(super) fn user(id: &str, login: &str) -> OktaUser {
    user_with(id, &[("login", &serde_json::Value::from(login).to_string())])
}
