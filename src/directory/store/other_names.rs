//! What a search inside names finds beside the display name: names without accents, and first and last names that
//! the display name leaves out.
//!
//! Matching never does this: there, two users who differ by an accent are two users. The text is empty for most
//! users, so that the index in which it stands stays small.

use icu_normalizer::DecomposingNormalizerBorrowed;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::contract::errors::Result;
use crate::directory::store::profile_functions::text;
use crate::model::json_text;

/// The names of a profile, undecoded: a value that is no text spoils nothing.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Names<'a> {
    #[serde(borrow)]
    first_name: Option<&'a RawValue>,
    #[serde(borrow)]
    last_name: Option<&'a RawValue>,
}

/// Registers `plain(text)` and `other_names(name_key, profile)`, which are used in statements only and never in the
/// schema.
pub(in crate::directory) fn register(connection: &Connection) -> Result<()> {
    // Direct only: the schema of a tampered file cannot call them.
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("plain", 1, flags, |context| {
        Ok(text(context, 0).map(|text| plain(&text)))
    })?;
    connection.create_scalar_function("other_names", 2, flags, |context| {
        let (name_key, profile) = (text(context, 0), text(context, 1));
        Ok(other_names(
            &name_key.unwrap_or_default(),
            &profile.unwrap_or_default(),
        ))
    })?;
    Ok(())
}

/// What `plain` finds in a user's names and not in the folded display name itself.
fn other_names(name_key: &str, profile: &str) -> String {
    let name = plain(name_key);
    let names: Names<'_> = serde_json::from_str(profile).unwrap_or_default();
    let part = |json: Option<&RawValue>| {
        let text = json.and_then(|json| json_text(json.get()));
        text.map(|text| plain(&text)).unwrap_or_default()
    };
    let (first, last) = (part(names.first_name), part(names.last_name));
    let is_left_out = !name.contains(&first) || !name.contains(&last);
    let mut others = Vec::new();
    if is_left_out {
        others.push(format!("{first} {last}").trim().to_owned());
    }
    if name != name_key {
        others.push(name);
    }
    // No text that is typed into a search holds this character, so nothing is found across two names.
    others.join("\n")
}

/// A text as it is searched for: lower case, without accents, Latin letters that only look joined or crossed taken
/// apart.
fn plain(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let letters = decomposed.chars().filter(|letter| !is_accent(*letter));
    let mut plain = String::with_capacity(text.len());
    for letter in letters
        .flat_map(char::to_lowercase)
        .filter(|letter| !is_accent(*letter))
    {
        match simple(letter) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(letter),
        }
    }
    plain
}

/// Combining marks of Latin, Greek and Cyrillic letters. Those of other scripts make other letters.
fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}')
}

/// Letters that Unicode does not decompose, as people type them who do not have them.
fn simple(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_joined_letters_do_not_count() {
        for (text, expected) in [
            ("  García ", "garcia"),
            ("GARCI\u{301}A", "garcia"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("Łukasz Ørsted Æther", "lukasz orsted aether"),
            ("İstanbul ılık", "istanbul ilik"),
            ("Σίσυφος", "σισυφοσ"),
            ("ﬁnn", "finn"),
            ("Ünal O'Neil-Ng", "unal o'neil-ng"),
            ("山田", "山田"),
            ("", ""),
        ] {
            assert_eq!(plain(text), expected, "{text}");
            assert_eq!(plain(&plain(text)), expected, "{text} twice");
        }
    }

    #[test]
    fn only_what_the_display_name_leaves_out_is_kept() {
        for (name_key, profile, expected) in [
            ("jane smith", r#"{"firstName":"Jane","lastName":"Smith"}"#, ""),
            ("smith, jane", r#"{"firstName":"Jane","lastName":"SMITH"}"#, ""),
            ("jany", r#"{"firstName":"Jane","lastName":"Smith"}"#, "jane smith"),
            ("jane", r#"{"firstName":"Jane","lastName":"Smíth"}"#, "jane smith"),
            (
                "josé garcía",
                r#"{"firstName":"José","lastName":"García"}"#,
                "jose garcia",
            ),
            ("josé", r#"{"lastName":"García"}"#, "garcia\njose"),
            ("x", r#"{"lastName":null,"firstName":["a"]}"#, ""),
            ("x", "{}", ""),
        ] {
            assert_eq!(other_names(name_key, profile), expected, "{name_key} {profile}");
        }
    }
}
