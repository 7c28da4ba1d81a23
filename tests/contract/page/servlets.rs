//! What the servlets of the page send: the members of the records that they hand over, and the keys that they add.
//!
//! Read from Java's sources. What a route may send is everything that its class may send.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const SOURCES: &[&str] = &[
    "java-bridge/engine/src/main/java",
    "java-bridge/jira-plugin/src/main/java",
];
/// Classes whose keys every answer may have: how records are shown, and how errors are.
const OF_ALL: &[&str] = &["Views", "Answer"];
/// A text of JSON goes along as what it holds.
const JSON: &str = "Json";

/// The sources of Java, as far as answers are made of them.
pub struct Servlets {
    classes: BTreeMap<String, String>,
    records: BTreeMap<String, Vec<(String, String)>>,
    /// The records that a method of this name may give.
    given_by: BTreeMap<String, BTreeSet<String>>,
    /// The class behind each path.
    routes: BTreeMap<String, String>,
}

impl Servlets {
    /// Reads them.
    pub fn read() -> Servlets {
        let mut classes = BTreeMap::new();
        SOURCES
            .iter()
            .for_each(|folder| collect(Path::new(folder), &mut classes));
        let mut records: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for text in classes.values() {
            for (name, members) in records_of(text) {
                records.entry(name).or_default().extend(members);
            }
        }
        let mut given_by: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in classes.values().flat_map(|text| text.lines()) {
            if let Some((kind, name)) = method(line) {
                let given = words(kind)
                    .filter(|word| records.contains_key(*word))
                    .map(str::to_owned);
                given_by.entry(name.to_owned()).or_default().extend(given);
            }
        }
        let routes = routes(&classes["Routes"]);
        Servlets {
            classes,
            records,
            given_by,
            routes,
        }
    }

    /// Whether a path has a route.
    pub fn answers(&self, path: &str) -> bool {
        self.routes.contains_key(path) || self.classes["Routes"].contains(&format!("\"/{path}\""))
    }

    /// Every key of any answer.
    pub fn all_keys(&self) -> BTreeSet<String> {
        self.sent(&self.routes.keys().map(String::as_str).collect())
    }

    /// Every key that the answers to these paths may have.
    pub fn sent(&self, paths: &BTreeSet<&str>) -> BTreeSet<String> {
        let of_paths = paths
            .iter()
            .filter_map(|path| self.routes.get(*path))
            .map(String::as_str);
        let mut keys: BTreeSet<String> = super::keys_of_a_field().into_iter().collect();
        for class in of_paths.chain(OF_ALL.iter().copied()) {
            let text = &self.classes[class];
            keys.extend(added(text));
            for called in text.split(['.', ':']).skip(1).map(leading_word) {
                for record in self.given_by.get(called).into_iter().flatten() {
                    self.members(record, &mut keys);
                }
            }
        }
        keys
    }

    /// Whether a record has a member, such as `groups.namePrefix`.
    pub fn has_member(&self, record: &str, path: &str) -> bool {
        let (name, inner) = path.split_once('.').unwrap_or((path, ""));
        let member = self.records[record].iter().find(|(_, own)| own == name);
        member.is_some_and(|(kind, _)| inner.is_empty() || self.has_member(kind, inner))
    }

    /// The members of a record and of the records in it, as `Views` names them.
    fn members(&self, record: &str, keys: &mut BTreeSet<String>) {
        for (kind, name) in &self.records[record] {
            let key = match (kind.as_str(), name.strip_suffix(JSON)) {
                ("Duration", _) => format!("{name}Ms"),
                (_, Some(short)) => short.to_owned(),
                _ => name.clone(),
            };
            keys.insert(key);
            let inside = words(kind).filter(|inner| self.records.contains_key(*inner) && *inner != record);
            inside.for_each(|inner| self.members(inner, keys));
        }
    }
}

fn collect(folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "java") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            // Names that several classes have, such as package-info, hold nothing of this.
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

fn leading_word(text: &str) -> &str {
    text.split(|letter: char| !letter.is_alphanumeric())
        .next()
        .unwrap()
}

/// The records that a source declares: type and name of each member.
fn records_of(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let declared = text.split("record ").skip(1).filter_map(|rest| {
        let (name, members) = rest.split_once('(')?;
        let members = &members[..members.find(") ")?];
        (name.chars().all(char::is_alphanumeric)).then(|| (name.to_owned(), members))
    });
    let member = |text: &str| {
        text.trim()
            .rsplit_once(' ')
            .map(|(kind, name)| (kind.to_owned(), name.to_owned()))
    };
    declared
        .map(|(name, members)| {
            (
                name,
                split(members).iter().filter_map(|text| member(text)).collect(),
            )
        })
        .collect()
}

/// Splits at commas that stand in no bracket and in no text.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quoted) = (vec![String::new()], 0_i32, false);
    for letter in text.chars() {
        quoted ^= letter == '"';
        match letter {
            '(' | '<' | '[' | '{' if !quoted => depth += 1,
            ')' | '>' | ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
        if letter == ',' && depth == 0 && !quoted {
            parts.push(String::new());
        } else {
            parts.last_mut().unwrap().push(letter);
        }
    }
    parts
}

/// What a line declares, if it is a method: what it gives, and its name.
fn method(line: &str) -> Option<(&str, &str)> {
    let (before, _) = line.trim().split_once('(')?;
    let (kind, name) = before.rsplit_once(' ')?;
    let is_declared = !before.contains(['=', '.', '"'])
        && !["return", "new", "throw", "else"].contains(&leading_word(kind));
    is_declared.then_some((kind, name))
}

/// The keys that a class adds by hand.
fn added(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    for call in [".put(", ".add(", ".addProperty(", "Map.of("] {
        for rest in text.split(call).skip(1) {
            let arguments = split(&rest[..end_of_call(rest)]);
            let step = if call == "Map.of(" { 2 } else { arguments.len() };
            keys.extend(
                arguments
                    .iter()
                    .step_by(step)
                    .filter_map(|argument| literal(argument.trim(), text)),
            );
        }
    }
    keys
}

fn end_of_call(rest: &str) -> usize {
    let mut depth = 1;
    let ends = |(at, letter): (usize, char)| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        (depth == 0).then_some(at)
    };
    rest.char_indices().find_map(ends).unwrap_or(rest.len())
}

/// A text, or the constant of the class that holds it.
fn literal(argument: &str, text: &str) -> Option<String> {
    let quoted = argument.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let constant = || {
        text.split(&format!("String {argument} = \""))
            .nth(1)?
            .split('"')
            .next()
    };
    quoted.or_else(constant).map(str::to_owned)
}

/// `READ.put("/api/sync", (plugin, call) -> SyncApi.show(plugin))`: the path and the class.
fn routes(text: &str) -> BTreeMap<String, String> {
    let rows = text
        .lines()
        .filter_map(|line| line.trim().split_once(".put(\"/")?.1.split_once("\", "));
    let class = |target: &str| {
        words(target)
            .find(|word| word.starts_with(char::is_uppercase))
            .map(str::to_owned)
    };
    rows.filter_map(|(path, target)| Some((path.to_owned(), class(target)?)))
        .collect()
}
