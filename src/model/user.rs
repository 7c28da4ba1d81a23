//! An Okta user as the directory keeps it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::clock::UnixMillis;

/// One Okta user. Times are null where Okta sends none.
#[derive(Clone, Debug, PartialEq)]
pub struct OktaUser {
    /// Okta's id, case-sensitive.
    pub id: String,
    /// Okta's status, such as `ACTIVE`; values unknown today are kept as sent.
    pub status: String,
    /// Id of the user type, which selects the schema of the profile.
    pub type_id: Option<String>,
    /// Id of the realm, in orgs that have realms.
    pub realm_id: Option<String>,
    /// When the user was created; it never changes.
    pub created: Option<UnixMillis>,
    /// When the user was activated.
    pub activated: Option<UnixMillis>,
    /// When the status last changed.
    pub status_changed: Option<UnixMillis>,
    /// The last sign-in. Okta does not count it as an update.
    pub last_login: Option<UnixMillis>,
    /// The last update of profile or status.
    pub last_updated: Option<UnixMillis>,
    /// The last change of the password.
    pub password_changed: Option<UnixMillis>,
    /// The whole profile, custom attributes included.
    pub profile: Profile,
}

/// A profile: a JSON object whose keys are sorted and whose values stand exactly as Okta sent them,
/// so that no number loses a digit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "Box<RawValue>")]
pub struct Profile(String);

impl Profile {
    /// Makes the canonical text from attributes as they came.
    pub fn from_attributes(attributes: &BTreeMap<String, Box<RawValue>>) -> Profile {
        // A map of texts to valid JSON always serializes.
        Profile(serde_json::to_string(attributes).unwrap_or_else(|_| "{}".to_owned()))
    }

    /// Takes a text that [`Profile::from_attributes`] made, as it comes back from the directory.
    pub fn from_stored(text: String) -> Profile {
        Profile(text)
    }

    /// The canonical JSON text.
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// The attributes with their raw values.
    pub fn attributes(&self) -> BTreeMap<String, Box<RawValue>> {
        serde_json::from_str(&self.0).unwrap_or_default()
    }

    /// A text attribute; none if it is missing, null or not a text.
    pub fn text(&self, name: &str) -> Option<String> {
        match serde_json::from_str(self.attributes().get(name)?.get()) {
            Ok(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

impl From<Profile> for Box<RawValue> {
    fn from(profile: Profile) -> Box<RawValue> {
        RawValue::from_string(profile.0).unwrap_or_else(|_| RawValue::NULL.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_numbers_keep_every_digit() {
        let attributes: BTreeMap<String, Box<RawValue>> =
            serde_json::from_str(r#"{"b":12345678901234567890123,"a":0.10,"email":"x"}"#).expect("JSON");
        let profile = Profile::from_attributes(&attributes);
        assert_eq!(
            profile.as_json(),
            r#"{"a":0.10,"b":12345678901234567890123,"email":"x"}"#
        );
        assert_eq!(profile.text("email").as_deref(), Some("x"));
        assert_eq!(profile.text("a"), None);
    }
}
