//! Directory entries as rows of CSV.
//!
//! A spreadsheet runs a cell that begins like a formula (OWASP "CSV Injection"), and anybody may type such a text
//! into a display name or title in Okta. So an apostrophe is put before such texts. Numbers, which JSON
//! distinguishes from texts, stay as they are: `-0.25` is not a formula. Every cell is quoted, so a spreadsheet
//! that uses another separator than the comma still reads each cell as one cell.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, Result};
use crate::model::{DirectoryEntry, JiraUser, OktaUser, user_fields};

macro_rules! user_columns {
    ($($field:ident: $kind:ident = $okta:literal),*) => {
        &["okta_id", "status", $(stringify!($field)),*]
    };
}

/// The columns of an Okta user.
const USER_COLUMNS: &[&str] = user_fields!(user_columns);
/// The columns between those of the user and those of the profile.
const COLUMNS: &[&str] = &[
    "absent_since",
    "jira_key",
    "jira_username",
    "jira_email",
    "jira_display_name",
    "jira_active",
    "match_state",
    "match_rule",
    "match_value",
];
/// A text that begins with one of these signs is a formula for a spreadsheet. Some spreadsheets accept the
/// full-width signs too.
const DANGEROUS: [char; 8] = ['=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];

/// The names of the columns.
pub fn heading(attributes: &[String]) -> Result<String> {
    let columns = USER_COLUMNS.iter().chain(COLUMNS);
    let mut cells: Vec<String> = columns.map(|name| (*name).to_owned()).collect();
    cells.extend(attributes.iter().map(|name| format!("profile.{name}")));
    write([cells])
}

/// One row for each entry.
pub fn rows(attributes: &[String], entries: &[DirectoryEntry]) -> Result<String> {
    write(entries.iter().map(|entry| row(attributes, entry)))
}

fn row(attributes: &[String], entry: &DirectoryEntry) -> Vec<String> {
    let mut cells = okta_cells(entry.okta.as_ref());
    cells.push(time(entry.absent_since));
    cells.extend(jira_cells(entry.jira.as_ref()));
    cells.push(entry.state.name().to_owned());
    cells.push(harmless(&entry.rule).into_owned());
    cells.push(harmless(&entry.value).into_owned());
    let profile = entry.okta.as_ref().map(|user| user.profile.attributes());
    let profile = profile.unwrap_or_default();
    cells.extend(attributes.iter().map(|name| attribute(&profile, name)));
    cells
}

fn okta_cells(user: Option<&OktaUser>) -> Vec<String> {
    let Some(user) = user else {
        return vec![String::new(); USER_COLUMNS.len()];
    };
    let text = |text: &str| harmless(text).into_owned();
    macro_rules! cells {
        ($($field:ident: $kind:ident = $okta:literal),*) => {
            vec![text(&user.id), text(&user.status), $(cell!($kind, user.$field)),*]
        };
    }
    macro_rules! cell {
        (Text, $field:expr) => {
            text($field.as_deref().unwrap_or_default())
        };
        (Time, $field:expr) => {
            time($field)
        };
    }
    user_fields!(cells)
}

fn jira_cells(user: Option<&JiraUser>) -> Vec<String> {
    let Some(user) = user else {
        return vec![String::new(); 5];
    };
    let text = |text: &str| harmless(text).into_owned();
    vec![
        text(&user.key),
        text(&user.username),
        text(&user.email),
        text(&user.display_name),
        user.active.to_string(),
    ]
}

/// A text without its quotes, an empty cell for null, and JSON for everything else.
fn attribute(profile: &BTreeMap<String, Box<RawValue>>, name: &str) -> String {
    let Some(json) = profile.get(name).map(|value| value.get()) else {
        return String::new();
    };
    match serde_json::from_str::<String>(json) {
        Ok(text) => harmless(&text).into_owned(),
        Err(_) if json == "null" => String::new(),
        Err(_) => json.to_owned(),
    }
}

fn harmless(text: &str) -> Cow<'_, str> {
    // Spreadsheets ignore invisible characters before a sign, or begin the cell after them.
    let seen = text.trim_start_matches(is_unseen);
    let begins_unseen = text.starts_with(['\t', '\r', '\n']);
    match begins_unseen || seen.starts_with(DANGEROUS) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

fn is_unseen(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn time(at: Option<UnixMillis>) -> String {
    at.map(UnixMillis::to_rfc3339).unwrap_or_default()
}

fn write(rows: impl IntoIterator<Item = Vec<String>>) -> Result<String> {
    let failed = || Error::internal("rows of CSV cannot be written");
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::Always)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row).map_err(|_| failed())?;
    }
    let bytes = writer.into_inner().map_err(|_| failed())?;
    String::from_utf8(bytes).map_err(|_| failed())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MatchState, Profile};

    fn entry(profile: &str) -> DirectoryEntry {
        DirectoryEntry {
            cursor: 1,
            okta: Some(OktaUser {
                id: "00u1".to_owned(),
                status: "ACTIVE".to_owned(),
                type_id: None,
                realm_id: None,
                created: Some(UnixMillis(0)),
                activated: None,
                status_changed: None,
                last_login: None,
                last_updated: None,
                password_changed: None,
                profile: Profile::from_stored(profile.to_owned()),
            }),
            absent_since: None,
            jira: Some(JiraUser {
                key: "JIRAUSER1".to_owned(),
                username: "=cmd|' /C calc'!A0".to_owned(),
                email: String::new(),
                display_name: "x, \"y\"\nz".to_owned(),
                active: true,
            }),
            state: MatchState::Matched,
            rule: "login=username".to_owned(),
            value: "@sum(1)".to_owned(),
        }
    }

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        let profile = r#"{"a":"=1+1","b":"+x","c":"-x","d":"@x","e":"\tx","f":"\rx","n":-0.25,"list":["=x"],"nil":null,"ok":"a=b","lf":"\n=x","blank":" =x","wide":"＝1+1","hidden":"\u200b\u00a0@x","dash":"a -x","quote":"'=x"}"#;
        let names: Vec<String> = [
            "a", "b", "c", "d", "e", "f", "n", "list", "nil", "ok", "missing", "lf", "blank", "wide",
            "hidden", "dash", "quote",
        ]
        .map(str::to_owned)
        .to_vec();
        let text = heading(&names).expect("a heading") + &rows(&names, &[entry(profile)]).expect("a row");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headings = reader.headers().expect("a heading").clone();
        let row = reader.records().next().expect("a row").expect("CSV");
        let cell = |name: &str| {
            let place = headings.iter().position(|heading| heading == name).expect(name);
            row[place].to_owned()
        };
        for (name, expected) in [
            ("profile.a", "'=1+1"),
            ("profile.b", "'+x"),
            ("profile.c", "'-x"),
            ("profile.d", "'@x"),
            ("profile.e", "'\tx"),
            ("profile.f", "'\rx"),
            ("profile.n", "-0.25"),
            ("profile.list", "[\"=x\"]"),
            ("profile.nil", ""),
            ("profile.ok", "a=b"),
            ("profile.missing", ""),
            ("profile.lf", "'\n=x"),
            ("profile.blank", "' =x"),
            ("profile.wide", "'＝1+1"),
            ("profile.hidden", "'\u{200b}\u{a0}@x"),
            ("profile.dash", "a -x"),
            ("profile.quote", "'=x"),
            ("jira_username", "'=cmd|' /C calc'!A0"),
            ("jira_display_name", "x, \"y\"\nz"),
            ("match_value", "'@sum(1)"),
            ("created", "1970-01-01T00:00:00.000Z"),
            ("jira_active", "true"),
        ] {
            assert_eq!(cell(name), expected, "{name}");
        }
        assert_eq!(headings.len(), row.len());
        assert!(
            text.starts_with("\"okta_id\",\"status\","),
            "every cell is quoted"
        );
        assert!(
            text.contains("\r\n\"00u1\",\"ACTIVE\",\"\",\"\",\"1970"),
            "empty ones too"
        );
    }
}
