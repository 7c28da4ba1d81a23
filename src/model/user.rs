//! An Okta user in the form that the directory keeps.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::clock::UnixMillis;
use crate::model::members::{each_member, json_text};
use crate::model::strict_json::strict;

/// One Okta user. A time is none if Okta does not send it.
#[derive(Clone, Debug, PartialEq)]
pub struct OktaUser {
    /// Okta's id, case-sensitive.
    pub id: String,
    /// Okta's status, such as `ACTIVE`. Other values are kept as Okta sends them.
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

impl OktaUser {
    /// The attributes that name a user: login, e-mail address, first name, last name and display name.
    pub const NAMING: [&str; 5] = ["login", "email", "firstName", "lastName", "displayName"];

    /// The name to show: the display name, else first and last name, else the login, else the id. `texts` are the
    /// attributes of [`OktaUser::NAMING`].
    pub(crate) fn name<'a>(&'a self, texts: &[Option<Cow<'a, str>>; 5]) -> Cow<'a, str> {
        let [login, _, first, last, display] =
            texts.each_ref().map(|text| text.as_deref().unwrap_or_default());
        match display_name(display, first, last) {
            name if !name.is_empty() => name.into(),
            _ if !login.trim().is_empty() => login.to_owned().into(),
            _ => self.id.as_str().into(),
        }
    }

    /// An active user without times, for tests.
    #[cfg(test)]
    pub(crate) fn active(id: &str, profile: Profile) -> OktaUser {
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
            profile,
        }
    }

    /// Takes everything out of the profile that does not name the user.
    pub(crate) fn keep_names_only(&mut self) {
        self.profile = Profile::from_attributes(&self.profile.only(&OktaUser::NAMING));
    }
}

/// Calls a macro with the fields of a user other than id, status and profile, in their order: the name, the kind (a
/// text or a time), and Okta's name of the field. Rows, fingerprints, changes, exports and the request to Okta use
/// this list. Text after the macro's name is passed on to the macro.
macro_rules! user_fields {
    ($($then:ident)::+ $(; $($more:tt)*)?) => {
        $($then)::+! {
            $($($more)*;)?
            type_id: Text = "type",
            realm_id: Text = "realmId",
            created: Time = "created",
            activated: Time = "activated",
            status_changed: Time = "statusChanged",
            last_login: Time = "lastLogin",
            last_updated: Time = "lastUpdated",
            password_changed: Time = "passwordChanged"
        }
    };
}
pub(crate) use user_fields;

/// A profile: a JSON object with sorted keys. Its values are exactly as Okta sent them, so no number loses a digit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "Box<RawValue>")]
pub struct Profile {
    json: String,
    is_damaged: bool,
}

impl Profile {
    /// Makes a profile from attributes in any order. If a name is repeated, the last one counts.
    pub fn from_members(members: Vec<(Cow<'_, str>, &RawValue)>) -> Profile {
        Profile::counted(members).0
    }

    /// Makes a profile, and counts the values that were replaced because some readers of JSON refuse them.
    pub fn counted(mut members: Vec<(Cow<'_, str>, &RawValue)>) -> (Profile, u64) {
        // The sort is stable, so the last one of a repeated name stays the last.
        members.sort_by(|one, other| one.0.cmp(&other.0));
        let sizes = members
            .iter()
            .map(|(name, value)| name.len() + value.get().len() + 4);
        let mut json = String::with_capacity(2 + sizes.sum::<usize>());
        let mut replaced = 0;
        for (index, (name, value)) in members.iter().enumerate() {
            if members.get(index + 1).is_some_and(|next| next.0 == *name) {
                continue;
            }
            json.push(if json.is_empty() { '{' } else { ',' });
            push_name(&mut json, name);
            json.push(':');
            let (value, numbers) = strict(value.get());
            json.push_str(&value);
            replaced += numbers;
        }
        json.push_str(if json.is_empty() { "{}" } else { "}" });
        (Profile::sound(json), replaced)
    }

    /// Makes a profile from attributes that are already sorted.
    pub fn from_attributes(attributes: &BTreeMap<String, Box<RawValue>>) -> Profile {
        let members = attributes.iter();
        Profile::from_members(
            members
                .map(|(name, value)| (Cow::Borrowed(name.as_str()), value.as_ref()))
                .collect(),
        )
    }

    /// Reads a text that [`Profile::from_members`] made, from the directory. If the disk has damaged it so that it
    /// is not a JSON object, the profile has no attributes and is marked as damaged.
    pub fn from_stored(text: String) -> Profile {
        let is_object = text.starts_with('{') && serde_json::from_str::<IgnoredAny>(&text).is_ok();
        match is_object {
            true => Profile::sound(text),
            false => Profile {
                is_damaged: true,
                ..Profile::default()
            },
        }
    }

    fn sound(json: String) -> Profile {
        Profile {
            json,
            is_damaged: false,
        }
    }

    /// Whether the directory contained something that is not a profile.
    pub fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// The canonical JSON text.
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// The attributes with their raw values.
    pub fn attributes(&self) -> BTreeMap<String, Box<RawValue>> {
        serde_json::from_str(&self.json).unwrap_or_default()
    }

    /// Some attributes with their raw values, in one pass over the text.
    pub fn only(&self, names: &[impl AsRef<str>]) -> BTreeMap<String, Box<RawValue>> {
        let mut only = BTreeMap::new();
        each_member(&self.json, |name, json| {
            if names.iter().any(|wanted| wanted.as_ref() == name)
                && let Ok(value) = RawValue::from_string(json.to_owned())
            {
                only.insert(name.into_owned(), value);
            }
        });
        only
    }

    /// Reads several text attributes in one pass; the others are not decoded. None for an attribute that is
    /// missing, null or not a text.
    pub fn texts<const N: usize>(&self, names: [&str; N]) -> [Option<Cow<'_, str>>; N] {
        let mut texts = [const { None }; N];
        // The text is always an object, because a damaged profile was replaced by an empty one.
        each_member(&self.json, |name, json| {
            if let Some(at) = names.iter().position(|wanted| *wanted == name) {
                texts[at] = json_text(json);
            }
        });
        texts
    }

    /// The name that people read; empty if the user has none.
    pub fn display_name(&self) -> String {
        let texts = self.texts(["displayName", "firstName", "lastName"]);
        let [display, first, last] = texts.map(Option::unwrap_or_default);
        display_name(&display, &first, &last)
    }

    /// A text attribute; none if it is missing, null or not a text.
    pub fn text(&self, name: &str) -> Option<String> {
        match serde_json::from_str(self.attributes().get(name)?.get()) {
            Ok(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

/// The name that people read: the display name as Okta has it, or else first and last name.
pub(crate) fn display_name(display: &str, first: &str, last: &str) -> String {
    match display.trim() {
        "" => format!("{} {}", first.trim(), last.trim()).trim().to_owned(),
        _ => display.to_owned(),
    }
}

impl Default for Profile {
    /// A profile without attributes.
    fn default() -> Profile {
        Profile::from_members(Vec::new())
    }
}

/// Writes a name as JSON.
fn push_name(json: &mut String, name: &str) {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if name.bytes().all(is_plain) {
        json.push('"');
        json.push_str(name);
        json.push('"');
    } else {
        json.push_str(&Value::from(name).to_string());
    }
}

impl From<Profile> for Box<RawValue> {
    fn from(profile: Profile) -> Box<RawValue> {
        RawValue::from_string(profile.json).unwrap_or_else(|_| RawValue::NULL.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn profile(members: &[(&str, &str)]) -> Profile {
        let members = members.iter().map(|(name, value)| {
            let value: &RawValue = serde_json::from_str(value).expect("JSON");
            (Cow::Borrowed(*name), value)
        });
        Profile::from_members(members.collect())
    }

    proptest! {
        #[test]
        fn the_text_is_that_of_a_sorted_map(names in prop::collection::vec(".{0,3}", 0..6)) {
            let values: Vec<String> = (0..names.len()).map(|number| number.to_string()).collect();
            let members: Vec<(&str, &str)> =
                names.iter().zip(&values).map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let map: BTreeMap<&str, usize> = names.iter().map(String::as_str).zip(0..).collect();
            let profile = profile(&members);
            prop_assert_eq!(profile.as_json(), serde_json::to_string(&map).expect("JSON"));
        }
    }

    #[test]
    fn keys_are_sorted_and_numbers_keep_every_digit() {
        let profile = profile(&[
            ("b", "12345678901234567890123"),
            ("a", "0.10"),
            ("email", r#""x""#),
        ]);
        assert_eq!(
            profile.as_json(),
            r#"{"a":0.10,"b":12345678901234567890123,"email":"x"}"#
        );
        assert_eq!(profile.text("email").as_deref(), Some("x"));
        let texts = profile.texts(["email", "a", "c"]);
        assert_eq!(texts.each_ref().map(Option::as_deref), [Some("x"), None, None]);
        let escaped = Profile::from_stored(r#"{"a":"\u00e9\"","b":null}"#.to_owned());
        assert_eq!(escaped.texts(["b", "a"])[1].as_deref(), Some("é\""));
        assert_eq!(profile.text("a"), None);
    }

    #[test]
    fn a_user_always_has_a_name_to_show() {
        let name = |members: &[(&str, &str)]| {
            let user = OktaUser::active("00u1", profile(members));
            user.name(&user.profile.texts(OktaUser::NAMING)).into_owned()
        };
        let (first, last) = (("firstName", r#""Jane""#), ("lastName", r#"" Smith ""#));
        let login = ("login", r#""js@x""#);
        assert_eq!(name(&[("displayName", r#""Jany""#), first, last, login]), "Jany");
        assert_eq!(
            name(&[("displayName", r#"" ""#), first, last, login]),
            "Jane Smith"
        );
        assert_eq!(name(&[last, login]), "Smith");
        assert_eq!(name(&[("firstName", "null"), login]), "js@x");
        assert_eq!(name(&[("login", r#"" ""#)]), "00u1");
    }
}
