//! The page: every key that a script reads from an answer is one that the servlets send.
//!
//! The engine's records reach the page under their own names, so that a key can go astray in three ways only: a script
//! misspells it, a column is renamed, or a servlet stops adding it. Whoever reads it then gets `undefined` and shows
//! nothing, which no other test would notice.

mod scripts;
mod servlets;
mod titles;

use std::collections::{BTreeMap, BTreeSet};

use okta_profiles::model::FieldChange;
use scripts::Script;
use servlets::Servlets;

const HTML: &str = "java-bridge/jira-plugin/src/main/resources/admin/admin.html";
const SCRIPTS: &str = "java-bridge/jira-plugin/src/main/resources/admin/js";

/// Who hands a script what it did not ask for itself: whoever imports it by the names of its functions.
fn askers<'a>(name: &'a str, all: &'a BTreeMap<String, Script>, found: &mut BTreeSet<&'a str>) {
    if found.insert(name) {
        let importers = all.iter().filter(|(_, script)| script.imports.contains(name));
        importers.for_each(|(importer, _)| askers(importer, all, found));
    }
}

/// Keys of each script that no answer has.
fn astray(all: &BTreeMap<String, Script>, servlets: &Servlets) -> Vec<String> {
    let made_by_scripts: BTreeSet<&String> = all.values().flat_map(|script| &script.made).collect();
    let mut wrong = Vec::new();
    for (name, script) in all {
        let mut askers_of = BTreeSet::new();
        askers(name, all, &mut askers_of);
        let asked: BTreeSet<&str> = askers_of
            .iter()
            .flat_map(|asker| &all[*asker].asks)
            .map(String::as_str)
            .collect();
        let sent = servlets.sent(&asked);
        for (key, line) in &script.reads {
            if !sent.contains(key) && !made_by_scripts.contains(key) {
                wrong.push(format!(
                    "{SCRIPTS}/{name}.js:{line} reads {key}, which no answer to {asked:?} has"
                ));
            }
        }
    }
    wrong
}

#[test]
fn scripts_read_only_what_servlets_send() {
    let (all, servlets) = (scripts::all(SCRIPTS), Servlets::read());
    assert!(all.len() > 15, "the scripts were not found");
    let reads: usize = all.values().map(|script| script.reads.len()).sum();
    assert!(reads > 150, "only {reads} keys were found in the scripts");
    let wrong = astray(&all, &servlets);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_script_asks_for_has_a_route() {
    let servlets = Servlets::read();
    for (name, script) in scripts::all(SCRIPTS) {
        for path in &script.asks {
            assert!(
                servlets.answers(path),
                "{SCRIPTS}/{name}.js asks {path}, which nothing answers"
            );
        }
    }
}

#[test]
fn a_key_that_nobody_sends_is_noticed() {
    let servlets = Servlets::read();
    let trial = |text: &str| {
        let all = BTreeMap::from([("trial".to_owned(), Script::read(text))]);
        astray(&all, &servlets)
    };
    let right = "const { statistics, runs: [last] } = await get('api/sync');\nfill(`${statistics.oktaUsers}`, last.waitedMs, last.groups?.membersRead);";
    assert_eq!(trial(right), Vec::<String>::new());
    for (wrong, key) in [
        ("const { figures } = await get('api/sync');", "figures"),
        (
            "const state = await get('api/sync');\nfill(state.runs[0].waited);",
            "waited",
        ),
        (
            "const state = await get('api/sync');\nfill(`${t('x')} ${state.statistics.people}`);",
            "people",
        ),
        (
            "const show = ({ runs: [{ login }] }) => login;\nshow(await get('api/sync'));",
            "login",
        ),
        (
            "async function show(id, { run, failure }) {}\nget('api/sync').then(show);",
            "failure",
        ),
    ] {
        let found = trial(wrong);
        assert!(
            found.len() == 1 && found[0].contains(&format!("reads {key},")),
            "{key}: {found:?}"
        );
    }
}

#[test]
fn no_name_of_the_browser_hides_a_slip() {
    let sent = Servlets::read().all_keys();
    let both: Vec<_> = scripts::BROWSER_KEYS
        .iter()
        .filter(|key| sent.contains(**key))
        .collect();
    assert!(both.is_empty(), "{both:?} are keys of answers");
}

#[test]
fn a_field_of_a_form_names_a_setting_of_the_page() {
    let (servlets, html) = (Servlets::read(), std::fs::read_to_string(HTML).unwrap());
    let named: Vec<&str> = html
        .split("data-setting=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(named.len() > 8, "the fields were not found");
    for path in named {
        assert!(
            servlets.has_member("JiraSettings", path),
            "{HTML} names {path}, which JiraSettings has not"
        );
    }
}

/// What the fields of a change hold: the one text of JSON whose keys the page reads.
fn keys_of_a_field() -> Vec<String> {
    let raw = || serde_json::value::RawValue::from_string("1".to_owned()).unwrap();
    let field = FieldChange {
        field: String::new(),
        from: raw(),
        to: raw(),
    };
    let value = serde_json::to_value(field).unwrap();
    value.as_object().unwrap().keys().cloned().collect()
}
