//! The text that searches look into: everything that names a user, without accents. The names come first (the display
//! name, then first and last name if the display name does not contain them), then login and e-mail address.
//!
//! Matching never uses this text: for matching, two users whose names differ by an accent are two users. A word that
//! the text already contains is left out, so that the index of the text stays small.

use icu_normalizer::DecomposingNormalizerBorrowed;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use crate::contract::errors::Result;
use crate::directory::store::profile_functions::text;
use crate::model::{each_member, json_text};

/// Registers `plain(text)` and `search_text(name, profile, login, email)`, which only statements use and never the
/// schema. Also registers `other_names(name_key, profile)`, which the script of an earlier version calls.
pub(in crate::directory) fn register(connection: &Connection) -> Result<()> {
    // Direct only, so that the schema of a manipulated file cannot call them.
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("plain", 1, flags, |context| {
        Ok(text(context, 0).map(|text| plain(&text)))
    })?;
    connection.create_scalar_function("search_text", 4, flags, |context| {
        let [name, profile, login, email] =
            [0, 1, 2, 3].map(|place| text(context, place).unwrap_or_default());
        Ok(search_text(&name, &profile, &login, &email))
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

/// The character after the names. No text that a person types into a search contains it.
pub(super) const END_OF_NAMES: char = '\u{1F}';

/// All texts that name a user, each once.
fn search_text(name: &str, profile: &str, login: &str, email: &str) -> String {
    let mut text = plain(name);
    let others = other_names(&text, profile);
    if !others.is_empty() {
        text.push('\n');
        text.push_str(&others);
    }
    text.push(END_OF_NAMES);
    let accounts = text.len();
    for account in [plain(login), plain(email)] {
        if !text[accounts..].contains(&account) {
            text.push_str(&account);
            text.push('\n');
        }
    }
    text
}

/// Names that the folded display name does not contain: first and last name if one of them is missing there, and the
/// plain display name if it differs from the folded one.
fn other_names(name_key: &str, profile: &str) -> String {
    let name = plain(name_key);
    let (first, last) = first_and_last(profile);
    let is_left_out = !name.contains(&first) || !name.contains(&last);
    let mut others = Vec::new();
    if is_left_out {
        others.push(format!("{first} {last}").trim().to_owned());
    }
    if name != name_key {
        others.push(name);
    }
    // No text that a person types into a search contains this character, so no search matches across two names.
    others.join("\n")
}

/// First and last name of a profile, in plain form. A missing name, or a value that is not a text, is empty.
fn first_and_last(profile: &str) -> (String, String) {
    let (mut first, mut last) = (String::new(), String::new());
    let part = |json| json_text(json).map(|text| plain(&text)).unwrap_or_default();
    let is_object = each_member(profile, |name, json| match &*name {
        "firstName" => first = part(json),
        "lastName" => last = part(json),
        _ => {}
    });
    match is_object {
        true => (first, last),
        false => Default::default(),
    }
}

/// A text in the form that searches compare: lower case, without accents, and with letters such as ligatures or crossed
/// letters replaced by simple ones.
pub(super) fn plain(text: &str) -> String {
    let text = text.trim();
    // Only the search text itself may contain this character, or names would end too early.
    if text.contains(END_OF_NAMES) {
        return plain(&text.replace(END_OF_NAMES, " "));
    }
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

/// Combining marks of Latin, Greek and Cyrillic letters. In other scripts such marks make other letters.
fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}')
}

/// Letters that Unicode does not decompose, as people type them without such a key.
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
    fn names_come_first_and_nothing_twice() {
        let profile = r#"{"firstName":"José","lastName":"García"}"#;
        for (name, profile, login, email, expected) in [
            ("José García", profile, "JG@x", "jg@x", "jose garcia\u{1F}jg@x\n"),
            (
                "pepe",
                profile,
                "jg@x",
                "josé@y",
                "pepe\njose garcia\u{1F}jg@x\njose@y\n",
            ),
            ("Jane", "", "", "", "jane\u{1F}"),
            ("J\u{1F}é", "", "", "", "j e\u{1F}"),
            ("", "{}", "jane", "jane@x", "\u{1F}jane\njane@x\n"),
        ] {
            assert_eq!(search_text(name, profile, login, email), expected, "{name}");
        }
    }

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
