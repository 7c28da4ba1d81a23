//! CONTRIBUTING.md says what to touch for a change. Here each list is followed: by an example that stands in the
//! sources, whose names must be in the listed files and in no other; and by a row more in the tables, which must reach
//! every face.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use okta_profiles::contract::errors::{ErrorClass, ErrorCode};
use okta_profiles::contract::settings::{Kind, SETTINGS, Setting};

use crate::{header, java, java_settings, reference};

/// A row of the table, and something that was added by it.
struct Example {
    /// The change, as its row is called.
    change: &'static str,
    /// How the example is called in all languages.
    names: &'static [&'static str],
    /// Where it is also named, because it is used there: by whoever returns, counts, reads or shows it.
    users: &'static [&'static str],
    /// The most files that may have to be touched.
    most: usize,
}

const EXAMPLES: &[Example] = &[
    Example {
        change: "an error code",
        names: &["MirrorFailed", "MIRROR_FAILED"],
        users: &["src/directory/credentials"],
        most: 1,
    },
    Example {
        change: "a setting",
        names: &["sync.page_size", "SyncPageSize", "SYNC_PAGE_SIZE", "pageSize"],
        users: &["src/sync", "src/okta"],
        most: 1,
    },
    Example {
        change: "a setting that the page shows",
        names: &[
            "GroupsNamePrefix",
            "groups.name_prefix",
            "GROUPS_NAME_PREFIX",
            "namePrefix",
            "keep.groups.prefix",
        ],
        // Java's `Groups.list` has a parameter of this name.
        users: &["src/sync", "…/oktaprofiles/Groups.java"],
        most: 4,
    },
    Example {
        change: "a counter of runs",
        names: &["slices_ended", "slicesEnded", "RunSlicesEnded"],
        users: &["src/directory/runs/slices.rs", "src/sync", "src/cli/report.rs"],
        most: 4,
    },
    Example {
        change: "a field of users",
        names: &["realm_id", "realmId", "RealmId"],
        users: &[],
        most: 5,
    },
    Example {
        change: "a call in all five faces",
        names: &[
            "preview_matching",
            "previewMatching",
            "PreviewMatching",
            "match/preview",
        ],
        users: &[],
        most: 9,
    },
];

/// Enums whose rows are written by `make header` between parts that are not.
const PARTLY_WRITTEN: &[&str] = &["ErrorCode.java", "Column.java"];

/// The files of the hand-written sources, with their texts up to the tests at their end.
fn by_hand() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in [
        "src",
        "java-bridge/engine/src/main",
        "java-bridge/jira-plugin/src/main",
    ] {
        collect(Path::new(folder), &mut found);
    }
    assert!(found.len() > 300, "the sources were not found");
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("tests") {
                collect(&path, found);
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            let code = text.split("mod tests {").next().unwrap();
            let is_written = code.contains("by {@code make header}")
                || PARTLY_WRITTEN.iter().any(|name| path.ends_with(name));
            if !path.ends_with("tests.rs") && !is_written {
                found.push((path.to_string_lossy().into_owned(), without_comments(code)));
            }
        }
    }
}

/// A name in a comment has to be found by whoever renames it, but not by whoever adds another.
fn without_comments(code: &str) -> String {
    let is_code = |line: &&str| {
        !["//", "*", "/*"]
            .iter()
            .any(|mark| line.trim_start().starts_with(mark))
    };
    code.lines().filter(is_code).collect::<Vec<_>>().join("\n")
}

/// Whether a text has one of the names as a whole word.
fn is_named(text: &str, names: &[&str]) -> bool {
    let is_part =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    names.iter().any(|name| {
        text.match_indices(name).any(|(at, _)| {
            !is_part(text[..at].chars().next_back()) && !is_part(text[at + name.len()..].chars().next())
        })
    })
}

/// The files and folders that the row of a change names in its second cell; `…/` stands for the sources of the plugin.
fn listed(change: &str) -> Vec<String> {
    let text = fs::read_to_string("CONTRIBUTING.md").unwrap();
    let begin = format!("| {change} | ");
    let row = text.lines().find_map(|line| line.strip_prefix(begin.as_str()));
    let cell = row
        .unwrap_or_else(|| panic!("CONTRIBUTING.md does not say what {change} touches"))
        .split(" | ")
        .next()
        .unwrap();
    let quoted = cell
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|text| text.contains('/'));
    quoted.map(str::to_owned).collect()
}

fn is_at(path: &str, place: &str) -> bool {
    match place.strip_prefix("…/") {
        Some(end) => path.starts_with("java-bridge/") && path.contains(&format!("/{end}")),
        None => path.starts_with(place),
    }
}

#[test]
fn a_change_touches_what_contributing_lists() {
    let sources = by_hand();
    let mut wrong = Vec::new();
    for example in EXAMPLES {
        let places = listed(example.change);
        let named: BTreeSet<&str> = sources
            .iter()
            .filter(|(path, text)| {
                is_named(text, example.names) && !example.users.iter().any(|user| is_at(path, user))
            })
            .map(|(path, _)| path.as_str())
            .collect();
        for path in &named {
            if !places.iter().any(|place| is_at(path, place)) {
                wrong.push(format!("{}: {path} is touched and not listed", example.change));
            }
        }
        for place in &places {
            if !named.iter().any(|path| is_at(path, place)) {
                wrong.push(format!("{}: {place} is listed and not touched", example.change));
            }
        }
        if named.len() > example.most {
            wrong.push(format!(
                "{} touches {} files: {named:?}",
                example.change,
                named.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_row_more_in_the_errors_reaches_every_face() {
    let known = ErrorCode::ALL.iter().copied().map(header::CodeRow::from);
    let added = header::CodeRow {
        number: 899,
        name: "TRIAL_FAILED".to_owned(),
        text: "A trial failed; try again.",
        class: ErrorClass::Retry,
    };
    let rows: Vec<_> = known.chain([added]).collect();
    assert!(
        header::codes(&rows).ends_with("// A trial failed; try again.\n#define OKP_ERROR_TRIAL_FAILED 899\n")
    );
    assert!(
        java::codes(&rows)
            .contains("/** A trial failed; try again. */\n  TRIAL_FAILED(899, ErrorClass.RETRY),")
    );
    let last = reference::codes(&rows).pop().unwrap();
    assert_eq!(
        last,
        ["899", "TRIAL_FAILED", "retry", "A trial failed; try again."]
    );
}

#[test]
fn a_row_more_in_the_settings_reaches_every_face() {
    let added = Setting {
        key: "trial.most_rows",
        default: "7",
        kind: Kind::Integer { min: 1, max: 9 },
        meaning: "How many rows a trial takes.",
    };
    let rows: Vec<Setting> = SETTINGS.iter().copied().chain([added]).collect();
    let java = java_settings::text(&rows);
    assert!(
        java.contains("/** How many rows a trial takes. */\n  TRIAL_MOST_ROWS(\"trial.most_rows\", \"7\");"),
        "{java}"
    );
    let last = reference::settings(&rows).pop().unwrap();
    assert_eq!(
        last,
        [
            "`trial.most_rows`",
            "`7`",
            "1 to 9",
            "How many rows a trial takes."
        ]
    );
}
