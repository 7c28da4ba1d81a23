//! Stored profiles and what is asked of them; and their way into a spreadsheet, where no cell may be a formula.
#![no_main]

use okta_profiles::export::ExportFormat;
use okta_profiles::model::{
    DirectoryEntry, JiraUser, MatchState, OktaUser, Profile, UserCriterion,
};
use okta_profiles::spelling::{closest, quoted};

libfuzzer_sys::fuzz_target!(|pair: (&str, &str)| {
    let (name, text) = pair;
    okta_profiles::fuzzing::profile(text, name);
    let _ = closest(name, ["department", "costCenter", text]);
    drop(quoted(text));
    let _ = UserCriterion::from_words(name, text);
    export(name, text);
});

fn export(name: &str, text: &str) {
    let columns = [name.to_owned(), "title".to_owned()];
    let stored = Profile::from_stored(text.to_owned());
    let titled = serde_json::json!({ "title": text }).to_string();
    for profile in [stored, Profile::from_stored(titled)] {
        let entries = vec![entry(text, profile)];
        let Ok(csv) = ExportFormat::Csv.entries(&columns, entries.clone()) else {
            panic!("rows that cannot be written");
        };
        check(&csv);
        let Ok(lines) = ExportFormat::JsonLines.entries(&columns, entries) else {
            panic!("lines that cannot be written");
        };
        serde_json::from_str::<serde_json::Value>(lines.trim_end()).expect("a line is JSON");
        assert_eq!(lines.lines().count(), 1, "a line in two");
    }
}

/// Every cell stands where it belongs, and none begins like a formula. A number may have its sign.
fn check(csv: &str) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 1, "a row in two");
    for cell in &rows[0] {
        let is_number = serde_json::from_str::<serde_json::Number>(cell).is_ok();
        let seen = cell.trim_start_matches(|letter: char| letter.is_whitespace() || letter.is_control());
        assert!(is_number || !seen.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "a formula");
    }
}

fn entry(text: &str, profile: Profile) -> DirectoryEntry {
    let text = || text.to_owned();
    DirectoryEntry {
        cursor: 1,
        okta: Some(OktaUser {
            id: text(),
            status: text(),
            type_id: Some(text()),
            realm_id: None,
            created: None,
            activated: None,
            status_changed: None,
            last_login: None,
            last_updated: None,
            password_changed: None,
            profile,
        }),
        absent_since: None,
        jira: Some(JiraUser {
            key: text(),
            username: text(),
            email: text(),
            display_name: text(),
            active: true,
        }),
        state: MatchState::Matched,
        rule: text(),
        value: text(),
    }
}
