//! Which file uses which: `use` lines and paths in code alike, private modules, `super::` and re-exports too.
//!
//! Reads the sources as text, so it sees what a compiler lets pass: two files that import each other. Tests are
//! left out. A re-export (`pub use`) is a door and no import: whoever goes through it imports the file behind it.

use std::collections::{BTreeMap, BTreeSet};

/// A module's path below `crate`, such as `["okta", "page"]`.
pub type Module = Vec<String>;

/// One file that names another.
#[derive(Debug)]
pub struct Import {
    pub from: Module,
    pub to: Module,
    /// The path as it stands in the source.
    pub words: String,
}

struct File {
    code: String,
    /// Names that a `use` line brings in, and what they stand for.
    names: BTreeMap<String, Module>,
    /// The same for names that are handed on.
    doors: BTreeMap<String, Module>,
}

/// The sources, as far as imports go.
pub struct House {
    files: BTreeMap<Module, File>,
}

impl House {
    /// Of pairs of path and text.
    pub fn new(sources: &[(String, String)]) -> House {
        let mut files = BTreeMap::new();
        for (path, text) in sources.iter().filter(|(path, _)| !is_test(path)) {
            let file = File {
                code: code_of(text),
                names: BTreeMap::new(),
                doors: BTreeMap::new(),
            };
            files.insert(module_of(path), file);
        }
        let mut house = House { files };
        let modules: Vec<Module> = house.files.keys().cloned().collect();
        for module in modules {
            let (mut names, mut doors) = (BTreeMap::new(), BTreeMap::new());
            for (path, is_door) in uses(&house.files[&module].code) {
                let Some(target) = house.absolute(&module, &path, &BTreeMap::new()) else {
                    continue;
                };
                let name = target.last().cloned().unwrap_or_default();
                if is_door {
                    doors.insert(name.clone(), target.clone());
                }
                names.insert(name, target);
            }
            let file = house.files.get_mut(&module).expect("a known module");
            (file.names, file.doors) = (names, doors);
        }
        house
    }

    /// Every import of every file.
    pub fn imports(&self) -> Vec<Import> {
        let mut found = Vec::new();
        for (module, file) in &self.files {
            let used = uses(&file.code).into_iter().filter(|(_, is_door)| !is_door);
            let named = paths(&file.code);
            for words in used.map(|(path, _)| path).chain(named) {
                let target = self.absolute(module, &words, &file.names);
                if let Some(to) = target.and_then(|target| self.home_of(&target, 0))
                    && to != *module
                {
                    let from = module.clone();
                    found.push(Import { from, to, words });
                }
            }
        }
        found
    }

    /// The path from the crate's top; none if it leads out of the crate.
    fn absolute(&self, module: &Module, path: &str, names: &BTreeMap<String, Module>) -> Option<Module> {
        let mut words: Vec<String> = path.split("::").map(str::to_owned).collect();
        if words.last().is_some_and(|word| word == "self" || word == "*") {
            words.pop();
        }
        let first = words.first()?.clone();
        if first == "crate" {
            return Some(words.split_off(1));
        }
        let mut base = module.clone();
        if first == "self" {
            words.remove(0);
        } else if first == "super" {
            while words.first().is_some_and(|word| word == "super") {
                words.remove(0);
                base.pop();
            }
        } else if let Some(target) = names.get(&first) {
            words.remove(0);
            base = target.clone();
        } else {
            base.push(first);
            if !self.files.contains_key(&base) {
                return None;
            }
            words.remove(0);
        }
        base.extend(words);
        Some(base)
    }

    /// The file that holds what a path names, behind all doors.
    fn home_of(&self, path: &Module, doors: usize) -> Option<Module> {
        let depth = (0..=path.len())
            .rev()
            .find(|depth| self.files.contains_key(&path[..*depth]))?;
        let home = &path[..depth];
        let door = path.get(depth).and_then(|name| self.files[home].doors.get(name));
        match door {
            Some(target) if doors < 8 => {
                let behind = target.iter().chain(&path[depth + 1..]).cloned().collect();
                self.home_of(&behind, doors + 1)
            }
            _ => Some(home.to_vec()),
        }
    }
}

/// The circles among the members of each folder. A member is a file or a folder in it; the folder's own `mod.rs`
/// is one as well.
pub fn circles(imports: &[Import]) -> Vec<String> {
    let mut folders: BTreeMap<&[String], Arrows<'_>> = BTreeMap::new();
    for import in imports {
        for depth in 0..=import.from.len().min(import.to.len()) {
            let folder = &import.from[..depth];
            let (from, to) = (member(&import.from, depth), member(&import.to, depth));
            if import.to.starts_with(folder) && from != to {
                let arrows = folders.entry(folder).or_default();
                arrows.entry(from).or_default().entry(to).or_insert(import);
            }
        }
    }
    let mut found = Vec::new();
    for (folder, arrows) in &folders {
        for (from, to) in arrows
            .iter()
            .flat_map(|(from, targets)| targets.keys().map(move |to| (*from, *to)))
        {
            if reachable(arrows, to).contains(from) {
                let import = arrows[from][to];
                found.push(format!(
                    "{}: {from} -> {to} ({} names {})",
                    folder.join("/"),
                    import.from.join("/"),
                    import.words
                ));
            }
        }
    }
    found
}

/// From a member to those that it imports, each with one import that shows it.
type Arrows<'a> = BTreeMap<&'a str, BTreeMap<&'a str, &'a Import>>;

fn member(module: &[String], depth: usize) -> &str {
    module.get(depth).map_or("mod", String::as_str)
}

fn reachable<'a>(arrows: &Arrows<'a>, start: &'a str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::from([start]);
    let mut next = vec![start];
    while let Some(member) = next.pop() {
        for to in arrows.get(member).into_iter().flat_map(|targets| targets.keys()) {
            if found.insert(to) {
                next.push(to);
            }
        }
    }
    found
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("tests.rs") || matches!(path, "src/lib.rs" | "src/main.rs")
}

/// `src/http/mod.rs` is `http`, `src/http/retry.rs` is `http::retry`.
pub fn module_of(path: &str) -> Module {
    let path = path.strip_prefix("src/").unwrap_or(path);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.split('/').map(str::to_owned).collect()
}

/// The lines before the unit tests, without comments and without what only tests and the documentation name.
fn code_of(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut attribute = "";
    for line in text.lines() {
        let starts = line.trim_start();
        match attribute {
            "#[cfg(test)]" if starts.contains("mod ") && starts.ends_with('{') => break,
            "#[cfg(test)]" | "#[cfg(doc)]" => {}
            _ if starts.starts_with("//") => {}
            _ => lines.push(without_reach(line)),
        }
        attribute = starts;
    }
    lines.join("\n")
}

/// The line behind `pub(in some::path)`, which names who may come and imports nothing.
fn without_reach(line: &str) -> &str {
    match line.trim_start().strip_prefix("pub(in ") {
        Some(rest) => rest.split_once(')').map_or(rest, |(_, item)| item),
        None => line,
    }
}

/// The paths of `use` declarations, one by one, and whether they are handed on.
fn uses(code: &str) -> Vec<(String, bool)> {
    let declared = code.split(';').filter_map(declared);
    declared
        .flat_map(|(tree, is_door)| {
            let tree = tree.split_whitespace().collect::<Vec<_>>().join(" ");
            leaves(&tree).into_iter().map(move |path| (path, is_door))
        })
        .collect()
}

/// The tree of a statement that is a `use` declaration, and whether it is handed on.
fn declared(statement: &str) -> Option<(&str, bool)> {
    let (before, tree) = statement.rsplit_once("use ")?;
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    let is_door = line.starts_with("pub");
    (line.is_empty() || is_door).then_some((tree, is_door))
}

/// `a::{b, c::{d, e as f}}` as `a::b`, `a::c::d`, `a::c::e`.
fn leaves(tree: &str) -> Vec<String> {
    let Some((stem, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree).trim();
        return Vec::from_iter((!path.is_empty()).then(|| path.to_owned()));
    };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.extend(
                    leaves(&inner[start..at])
                        .iter()
                        .map(|leaf| format!("{}{leaf}", stem.trim())),
                );
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Every `a::b` outside of `use` declarations, as it stands there.
fn paths(code: &str) -> Vec<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    let code = code.split(';').filter(|statement| declared(statement).is_none());
    code.flat_map(|statement| statement.split(|letter| !is_part(letter)))
        .filter(|word| word.contains("::") && !word.starts_with(':'))
        .map(|word| word.trim_end_matches(':').to_owned())
        .collect()
}

#[test]
fn imports_are_seen_in_every_form() {
    let source = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let house = House::new(&[
        source("src/a/mod.rs", "mod one;\npub use one::One;\nmod two;\n"),
        source(
            "src/a/one.rs",
            "use super::two::{self, Two};\npub struct One(Two);\n",
        ),
        source(
            "src/a/two.rs",
            "pub struct Two;\nfn f() -> crate::b::B { super::One }\n",
        ),
        source(
            "src/b.rs",
            "use crate::a::One;\n// use crate::c::C;\n#[cfg(test)]\nuse crate::a::two::Two;\n",
        ),
    ]);
    let imports = house.imports();
    let mut seen: Vec<String> = imports
        .iter()
        .map(|import| format!("{} -> {}", import.from.join("/"), import.to.join("/")))
        .collect();
    seen.dedup();
    assert_eq!(
        seen,
        ["a/one -> a/two", "a/two -> b", "a/two -> a/one", "b -> a/one"]
    );
    let circles = circles(&imports).join("\n");
    for circle in ["a: one -> two", "a: two -> one", ": a -> b", ": b -> a"] {
        assert!(circles.contains(circle), "{circle} is not among\n{circles}");
    }
}
