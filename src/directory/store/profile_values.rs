//! Reads the values of chosen attributes in one pass over the text of a profile. Other attributes are not decoded.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::value::RawValue;

use crate::model::{each_member, json_text};

/// One value of one attribute, in the form that is compared: a text without its quotes, a number or boolean as it is
/// written in the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::directory) struct Found<'a> {
    /// The position of the attribute in the list of names.
    pub(in crate::directory) name: usize,
    /// The value.
    pub(in crate::directory) value: Cow<'a, str>,
    /// Whether it is an element of an array.
    pub(in crate::directory) element: bool,
}

/// The values of the attributes `names` in a profile. Each element of an array is a value. Null and objects have no
/// value.
pub(in crate::directory) fn values<'a>(profile: &'a str, names: &[impl AsRef<str>]) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    if names.is_empty() {
        return found;
    }
    let is_object = each_member(profile, |name, json| {
        let Some(name) = names.iter().position(|wanted| wanted.as_ref() == name) else {
            return;
        };
        // Checked first, because reading a scalar as an array would build an error for each attribute of a user.
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
    });
    if !is_object {
        found.clear();
    }
    found
}

/// Whether the profile has the attribute and its value is not null.
pub(in crate::directory) fn is_set(profile: &str, name: &str) -> bool {
    let mut is_set = false;
    let is_object = each_member(profile, |found, json| is_set |= found == name && json != "null");
    is_object && is_set
}

/// Adds the names of all attributes of a profile.
pub(in crate::directory) fn add_names(profile: &str, names: &mut BTreeSet<String>) {
    each_member(profile, |name, _| {
        if !names.contains(name.as_ref()) {
            names.insert(name.into_owned());
        }
    });
}

fn scalar(json: &str) -> Option<Cow<'_, str>> {
    if json.starts_with('"') {
        return json_text(json);
    }
    (json != "null" && !json.starts_with(['{', '['])).then_some(Cow::Borrowed(json))
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
