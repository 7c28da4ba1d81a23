//! Reads the values of chosen attributes in one pass over a profile's text; nothing else is decoded.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// One value of one attribute, as texts are compared: a text without its quotes, a number or truth as it
/// stands in the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::directory) struct Found<'a> {
    /// Which of the names it belongs to.
    pub(in crate::directory) name: usize,
    /// The value.
    pub(in crate::directory) value: Cow<'a, str>,
    /// Whether it is an element of an array.
    pub(in crate::directory) element: bool,
}

/// The values of the attributes `names` in a profile; each element of an array is one. Null and objects give
/// none.
pub(in crate::directory) fn values<'a>(profile: &'a str, names: &[impl AsRef<str>]) -> Vec<Found<'a>> {
    let mut deserializer = serde_json::Deserializer::from_str(profile);
    let members = Chosen(names).deserialize(&mut deserializer).unwrap_or_default();
    let mut found = Vec::with_capacity(members.len());
    for (name, json) in members {
        let json = json.get();
        // Asked first: reading a scalar as an array would build an error for each of a user's attributes.
        if json.starts_with('[') {
            let elements = serde_json::from_str::<Vec<&RawValue>>(json).unwrap_or_default();
            let values = elements.into_iter().filter_map(|element| scalar(element.get()));
            found.extend(values.map(|value| Found {
                name,
                value,
                element: true,
            }));
        } else if let Some(value) = scalar(json) {
            let element = false;
            found.push(Found { name, value, element });
        }
    }
    found
}

/// Whether the attribute is there and not null.
pub(in crate::directory) fn is_set(profile: &str, name: &str) -> bool {
    let mut deserializer = serde_json::Deserializer::from_str(profile);
    let members = Chosen(&[name]).deserialize(&mut deserializer).unwrap_or_default();
    members.iter().any(|(_, json)| json.get() != "null")
}

/// Adds the names of all attributes of a profile.
pub(in crate::directory) fn add_names(profile: &str, names: &mut BTreeSet<String>) {
    // What does not read as an object has no attributes.
    let _ = serde_json::Deserializer::from_str(profile).deserialize_map(NameVisitor(names));
}

struct NameVisitor<'n>(&'n mut BTreeSet<String>);

impl<'de> Visitor<'de> for NameVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a profile")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((Text(name), IgnoredAny)) = map.next_entry::<Text<'de>, IgnoredAny>()? {
            if !self.0.contains(name.as_ref()) {
                self.0.insert(name.into_owned());
            }
        }
        Ok(())
    }
}

fn scalar(json: &str) -> Option<Cow<'_, str>> {
    if json.starts_with('"') {
        return serde_json::from_str::<Text<'_>>(json).ok().map(|text| text.0);
    }
    (json != "null" && !json.starts_with(['{', '['])).then_some(Cow::Borrowed(json))
}

/// A text, borrowed unless it holds an escape.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

struct Chosen<'n, S>(&'n [S]);

impl<'de, S: AsRef<str>> DeserializeSeed<'de> for Chosen<'_, S> {
    type Value = Vec<(usize, &'de RawValue)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, S: AsRef<str>> Visitor<'de> for Chosen<'_, S> {
    type Value = Vec<(usize, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a profile")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<Text<'de>>()? {
            match self.0.iter().position(|wanted| wanted.as_ref() == name.0) {
                Some(place) => members.push((place, map.next_value()?)),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_questions_compare() {
        let profile = r#"{"a":"x","arr":["p",7,null,{"q":1},"é\n"],"big":12345678901234567890123,"nil":null,
            "n":0.50,"obj":{"a":"no"},"t":true}"#;
        let names = ["arr", "a", "big", "n", "t", "nil", "obj", "missing"];
        let found: Vec<(usize, String, bool)> = values(profile, &names)
            .into_iter()
            .map(|found| (found.name, found.value.into_owned(), found.element))
            .collect();
        let expected = [
            (1, "x", false),
            (0, "p", true),
            (0, "7", true),
            (0, "é\n", true),
            (2, "12345678901234567890123", false),
            (3, "0.50", false),
            (4, "true", false),
        ];
        let expected = expected.map(|(name, value, element)| (name, value.to_owned(), element));
        assert_eq!(found, expected);
        assert!(values("not JSON", &names).is_empty() && values(profile, &[""; 0]).is_empty());
    }
}
