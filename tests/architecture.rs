//! The rules of ARCHITECTURE.md that a compiler does not check: which layer and which room may use which, that no files
//! import each other in a circle, where a crate and `unsafe` may be named, that one name means one type, and that every
//! file says what it is for and stays readable.

#[path = "architecture/imports.rs"]
mod imports;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Module, and what it may import besides the ground floor.
const LAYERS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("http", &["model"]),
    ("directory", &["model"]),
    ("matching", &["model"]),
    ("export", &["model"]),
    ("oauth", &["model", "http"]),
    ("events", &["model"]),
    ("okta", &["model", "http", "oauth"]),
    (
        "sync",
        &["model", "http", "directory", "matching", "events", "okta"],
    ),
    (
        "engine",
        &[
            "model",
            "http",
            "directory",
            "matching",
            "export",
            "oauth",
            "events",
            "okta",
            "sync",
        ],
    ),
    ("contract::records", &["model"]),
    ("ffi", &["model", "export", "engine"]),
];

/// A room of a layer, and the rooms of the same layer that it may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("directory/store", &[]),
    ("directory/increments", &["store"]),
    ("directory/credentials", &["store"]),
    ("directory/users", &["store"]),
    ("directory/runs", &["store", "users"]),
    ("directory/profiles", &["store", "users"]),
    ("directory/matches", &["store", "users"]),
    ("directory/groups", &["store"]),
    ("directory/inbox", &["store"]),
    (
        "directory/entries",
        &["store", "users", "runs", "profiles", "matches", "groups"],
    ),
    ("okta/client", &[]),
    ("okta/users", &["client"]),
    ("okta/schemas", &["client"]),
    ("okta/probe", &["client", "users", "schemas"]),
    ("sync/read", &[]),
    ("sync/write", &["read"]),
    ("sync/publish", &["read", "write"]),
    ("sync/groups", &["publish"]),
    ("sync/live", &["write", "publish", "groups"]),
    ("ffi/c", &[]),
    ("ffi/jni", &[]),
];

/// What the command line may use of the library.
const CLI: &[&str] = &["model", "matching", "export", "engine"];

/// The ground floor (L0): everybody may use it, and it uses only itself.
const GROUND: &[&str] = &[
    "contract",
    "secret",
    "clock",
    "cancel",
    "logging",
    "spelling",
    "hex",
    "plain_file",
    "resources",
];

/// A crate, and the only place that may name it.
const CRATES: &[(&str, &str)] = &[
    ("rusqlite", "src/directory/"),
    ("reqwest", "src/http/"),
    ("rustls::", "src/http/"),
    ("jni::", "src/ffi/jni/"),
    ("futures_util", "src/sync/"),
    ("clap", "src/cli/"),
    ("indicatif", "src/cli/"),
    ("icu_casemap", "src/matching/"),
    ("icu_normalizer", "src/directory/store/"),
    ("oauth2", "src/oauth/"),
    ("rustls_pki_types", "src/oauth/"),
    ("ring::aead", "src/directory/credentials/"),
    ("ring::signature", "src/oauth/"),
];

/// Every import of every file, read once.
static IMPORTS: LazyLock<Vec<imports::Import>> = LazyLock::new(|| {
    let mut found = imports::House::new(&sources()).imports();
    for import in &mut found {
        import.from = beside_the_engine(&import.from);
        import.to = beside_the_engine(&import.to);
    }
    found
});

/// The records of the contract need the model, so that they are a layer of their own: the rest of it is ground.
fn beside_the_engine(module: &[String]) -> Vec<String> {
    match module {
        [contract, records, rest @ ..] if contract == "contract" && records == "records" => {
            let mut own = vec!["contract::records".to_owned()];
            own.extend_from_slice(rest);
            own
        }
        other => other.to_vec(),
    }
}

/// Lines of code, tests not counted: more is more than one concept.
const MAX_LINES: usize = 400;

fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(Path::new("src"), &mut found);
    found.sort();
    assert!(found.len() > 40, "the sources were not found");
    found
}

fn collect(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path: PathBuf = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("UTF-8 source");
            found.push((path.to_string_lossy().into_owned(), text));
        }
    }
}

/// The module of a file: `src/http/retry.rs` and `src/http/mod.rs` belong to `http`.
fn module(path: &str) -> &str {
    let rest = path.strip_prefix("src/").unwrap_or(path);
    if rest.starts_with("contract/records/") {
        return "contract::records";
    }
    rest.split(['/', '.']).next().unwrap_or(rest)
}

/// The modules named in `crate::…` paths, in braces too (`use crate::{a, b::c}`).
fn named_modules(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for rest in line.split("crate::").skip(1) {
            if let Some(list) = rest.strip_prefix('{') {
                names.extend(list.split(',').map(first_word));
            } else {
                names.push(first_word(rest));
            }
        }
    }
    names
}

fn first_word(text: &str) -> String {
    text.trim()
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect()
}

#[test]
fn imports_go_down() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let own = module(&path);
        if matches!(own, "lib" | "main" | "cli" | "fuzzing") {
            continue;
        }
        let allowed: Vec<&str> = match LAYERS.iter().find(|(name, _)| *name == own) {
            Some((_, below)) => below.iter().chain(GROUND).copied().collect(),
            None => GROUND.to_vec(),
        };
        for name in named_modules(&text) {
            let known = LAYERS.iter().any(|(layer, _)| *layer == name) || GROUND.contains(&name.as_str());
            if known && name != own && !allowed.contains(&name.as_str()) {
                wrong.push(format!("{path} must not use crate::{name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_command_line_uses_the_engine_only() {
    let mut wrong = Vec::new();
    for (path, text) in sources().iter().filter(|(path, _)| path.starts_with("src/cli/")) {
        for name in text.split("okta_profiles::").skip(1).map(first_word) {
            let known = LAYERS.iter().any(|(layer, _)| *layer == name);
            if known && !CLI.contains(&name.as_str()) {
                wrong.push(format!("{path} must not use okta_profiles::{name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rooms_use_only_the_rooms_below_them() {
    let mut wrong = Vec::new();
    for import in IMPORTS.iter() {
        let [from_layer, from_room, ..] = import.from.as_slice() else {
            continue;
        };
        let [to_layer, to_room, ..] = import.to.as_slice() else {
            continue;
        };
        let is_room = |room: &str| Path::new("src").join(from_layer).join(room).is_dir();
        if from_layer != to_layer || from_room == to_room || !is_room(from_room) || !is_room(to_room) {
            continue;
        }
        let room = ROOMS
            .iter()
            .find(|(name, _)| *name == format!("{from_layer}/{from_room}"));
        if !room.is_some_and(|(_, below)| below.contains(&to_room.as_str())) {
            let from = import.from.join("/");
            wrong.push(format!("src/{from} must not use {} (see ROOMS)", import.words));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_files_and_no_rooms_import_each_other_in_a_circle() {
    let circles = imports::circles(&IMPORTS);
    assert!(circles.is_empty(), "circles of imports:\n{}", circles.join("\n"));
}

#[test]
fn every_module_has_its_layer() {
    for (path, _) in sources() {
        let own = module(&path);
        let known = LAYERS.iter().any(|(name, _)| *name == own) || GROUND.contains(&own);
        assert!(
            known || matches!(own, "lib" | "main" | "cli" | "fuzzing"),
            "{path} belongs to no layer"
        );
    }
}

#[test]
fn crates_are_named_in_their_place_only() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for (name, place) in CRATES {
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let uses = |line: &str| {
                line.contains(&format!("use {name}"))
                    || line.contains(&format!("{}::", name.trim_end_matches("::")))
            };
            let allowed = path.starts_with(place) || (*place == "src/cli/" && path == "src/main.rs");
            if !allowed && code.into_iter().any(uses) && !(*name == "jni::" && text.contains("mod jni")) {
                wrong.push(format!("{path} names {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unsafe_lives_in_ffi_only() {
    for (path, text) in sources() {
        let code = text.lines().map(|line| line.split("//").next().unwrap_or(line));
        let found = code.into_iter().any(|line| {
            line.split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|w| w == "unsafe")
        });
        assert!(!found || path.starts_with("src/ffi/"), "{path} holds unsafe code");
    }
}

/// The lines of a file before its unit tests, which stand last.
fn code_lines(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let tests = |pair: &[&str]| pair[0] == "#[cfg(test)]" && pair[1].ends_with('{');
    lines.windows(2).position(tests).unwrap_or(lines.len())
}

#[test]
fn every_file_says_what_it_is_for_and_stays_readable() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if !text.starts_with("//! ") {
            wrong.push(format!("{path} does not begin with its purpose"));
        }
        if path.ends_with("_tests.rs") {
            wrong.push(format!(
                "{path} stands beside its parent: tests go into the file or into a folder tests"
            ));
        }
        if code_lines(&text) > MAX_LINES {
            wrong.push(format!("{path} has more than {MAX_LINES} lines of code"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where SQL stands outside of `statement!`, and why.
const OTHER_SQL: &[(&str, &str)] = &[
    ("credentials/", "one row, or ten"),
    ("integrity.rs", "the thorough check, which reads everything"),
    (
        "matches/candidates.rs",
        "by the column of a rule; tests/query_plans.rs plans them",
    ),
    (
        "matches/carriers.rs",
        "by the columns of a rule; tests/query_plans.rs plans them",
    ),
    ("store/", "the file before it has a schema"),
];

#[test]
fn a_statement_is_declared_with_its_test() {
    let mut wrong = Vec::new();
    let rooms = sources().into_iter().filter(|(path, _)| !path.contains("/tests"));
    for (path, text) in rooms {
        let Some(place) = path.strip_prefix("src/directory/") else {
            continue;
        };
        if OTHER_SQL.iter().any(|(known, _)| place.starts_with(known)) {
            continue;
        }
        let code: Vec<&str> = text.lines().take(code_lines(&text)).collect();
        for (number, line) in code.iter().enumerate() {
            let is_constant = line.starts_with("const ") && line.contains("&str");
            let next = code.get(number + 1).copied().unwrap_or_default();
            let is_inline = ["execute(\"", "query_row(\"", "prepare(\"", "prepare_cached(\""]
                .iter()
                .any(|call| line.contains(call));
            if (is_constant && (is_sql(line) || is_sql(next))) || (is_inline && is_sql(line)) {
                wrong.push(format!("{path}:{}: declare it with statement!", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_sql(line: &str) -> bool {
    let text = line.split_once('"').map_or(line, |(_, text)| text).trim_start();
    ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "]
        .iter()
        .any(|verb| text.starts_with(verb))
}

/// Names that mean two types all the same, and why.
const NAMES_OF_TWO: &[(&str, &str)] = &[
    (
        "Page",
        "a page of a listing in okta, a page of records in ffi: the same word in the glossary",
    ),
    (
        "Reader",
        "a lent connection of the directory; whoever reads a byte string in ffi::wire, private there",
    ),
];

/// The types of a file outside of functions and tests, and whether other files can see them.
fn types(text: &str) -> Vec<(String, bool)> {
    let lines = text.lines().take(code_lines(text));
    let declared = lines.filter_map(|line| {
        let (reach, item) = match line.strip_prefix("pub") {
            Some(rest) => (true, rest.split_once(' ').map_or(rest, |(_, item)| item)),
            None => (false, line),
        };
        let item = match item.split_once(") ") {
            Some((_, rest)) if line.starts_with("pub(in ") => rest,
            _ => item,
        };
        let kinds = ["struct ", "enum ", "trait ", "type "];
        let name = kinds.iter().find_map(|kind| item.strip_prefix(kind))?;
        Some((first_word(name), reach))
    });
    declared.collect()
}

#[test]
fn one_name_is_one_type() {
    let mut seen: BTreeMap<String, Vec<(String, bool)>> = BTreeMap::new();
    for (path, text) in sources().iter().filter(|(path, _)| !path.contains("tests")) {
        for (name, reach) in types(text) {
            seen.entry(name).or_default().push((path.clone(), reach));
        }
    }
    let mut wrong = Vec::new();
    for (name, places) in &seen {
        let is_seen_by_others = places.iter().any(|(_, reach)| *reach);
        let is_known = NAMES_OF_TWO.iter().any(|(known, _)| known == name);
        if places.len() > 1 && is_seen_by_others && !is_known {
            let places: Vec<&str> = places.iter().map(|(path, _)| path.as_str()).collect();
            wrong.push(format!("{name}: {}", places.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "one name, several types:\n{}", wrong.join("\n"));
    for (name, _) in NAMES_OF_TWO {
        assert!(
            seen.get(*name).is_some_and(|places| places.len() > 1),
            "{name} is one type by now"
        );
    }
}

/// The folders that the map names: how it writes them, and where they are.
const FOLDERS_OF_THE_MAP: &[(&str, &str)] = &[
    ("src/", "src/"),
    ("tests/", "tests/"),
    ("java-bridge/", "java-bridge/"),
    ("docs/", "docs/"),
    (
        "…/",
        "java-bridge/jira-plugin/src/main/java/com/mumosystems/oktaprofiles/jira/",
    ),
    ("admin/", "java-bridge/jira-plugin/src/main/resources/admin/"),
];

#[test]
fn the_map_names_only_what_there_is() {
    let map = fs::read_to_string("ARCHITECTURE.md").expect("the map");
    let quoted = map.split('`').skip(1).step_by(2);
    let paths = quoted.filter_map(|text| {
        FOLDERS_OF_THE_MAP
            .iter()
            .find_map(|(short, folder)| Some(folder.to_string() + text.strip_prefix(short)?))
    });
    let missing: Vec<String> = paths.filter(|path| !Path::new(path).exists()).collect();
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md names what is not there: {missing:?}"
    );
}
