//! Compares matching in SQL with the same rules in plain Rust, on small random populations.
//!
//! The model follows the definition step by step: one user after the other, all pairs, no optimisation.

use std::collections::HashMap;

use proptest::prelude::*;

use crate::directory::matches;
use crate::directory::tests::{Fixture, fold, jira, json, rule, user_with};
use crate::model::{
    DirectoryEntry, JiraKey, JiraUser, Lookup, MatchRule, MatchState, OktaKey, OktaUser, View,
};

/// What an entry says about a user: state, rule, value, and the other user if it is tied.
type Verdict = (MatchState, String, String, Option<String>);

struct Model<'a> {
    okta: &'a [OktaUser],
    jira: &'a [JiraUser],
    okta_verdicts: HashMap<usize, Verdict>,
    jira_verdicts: HashMap<usize, Verdict>,
    /// Inactive users that did not compete, with the first rule and value for which an active user of their side was
    /// preferred.
    okta_gave_way: HashMap<usize, Verdict>,
    jira_gave_way: HashMap<usize, Verdict>,
}

impl Model<'_> {
    fn tie(&mut self, o: usize, j: usize, state: MatchState, rule: &str, value: &str) {
        let verdict = |other: &str| (state, rule.to_owned(), value.to_owned(), Some(other.to_owned()));
        self.okta_verdicts.insert(o, verdict(&self.jira[j].key));
        self.jira_verdicts.insert(j, verdict(&self.okta[o].id));
    }

    fn pin(&mut self, pins: &[(String, String)]) {
        for (id, key) in pins {
            let o = self.okta.iter().position(|user| user.id == *id);
            let j = self.jira.iter().position(|user| user.key == *key);
            if let (Some(o), Some(j)) = (o, j) {
                self.tie(o, j, MatchState::Pinned, "pinned", "");
            }
        }
    }

    fn apply(&mut self, rule: &MatchRule) {
        let name = rule.to_string();
        let mut values: Vec<String> = self.jira.iter().map(|user| jira_value(user, rule.jira)).collect();
        values.sort();
        values.dedup();
        for value in values.into_iter().filter(|value| !value.is_empty()) {
            let carriers_of =
                |carries: &dyn Fn(usize) -> bool, len| (0..len).filter(|n| carries(*n)).collect::<Vec<_>>();
            let okta = carriers_of(
                &|n| okta_value(&self.okta[n], &rule.okta) == value,
                self.okta.len(),
            );
            let jira = carriers_of(
                &|n| jira_value(&self.jira[n], rule.jira) == value,
                self.jira.len(),
            );
            let okta_open: Vec<usize> = okta
                .iter()
                .copied()
                .filter(|n| !self.okta_verdicts.contains_key(n))
                .collect();
            let jira_open: Vec<usize> = jira
                .iter()
                .copied()
                .filter(|n| !self.jira_verdicts.contains_key(n))
                .collect();
            if okta_open.is_empty() || jira_open.is_empty() {
                continue;
            }
            let okta = self.contenders(&okta, &name, &value, true);
            let jira = self.contenders(&jira, &name, &value, false);
            let okta_open: Vec<usize> = okta_open.into_iter().filter(|n| okta.contains(n)).collect();
            let jira_open: Vec<usize> = jira_open.into_iter().filter(|n| jira.contains(n)).collect();
            if okta_open.is_empty() || jira_open.is_empty() {
                continue;
            }
            if okta.len() == 1 && jira.len() == 1 {
                self.tie(okta[0], jira[0], MatchState::Matched, &name, &value);
                continue;
            }
            let ambiguous = (MatchState::Ambiguous, name.clone(), value.clone(), None);
            for n in okta_open {
                self.okta_verdicts.insert(n, ambiguous.clone());
            }
            for n in jira_open {
                self.jira_verdicts.insert(n, ambiguous.clone());
            }
        }
    }
}

impl Model<'_> {
    /// The active carriers of a value if there are any, and otherwise all of them.
    fn contenders(&mut self, carriers: &[usize], rule: &str, value: &str, of_okta: bool) -> Vec<usize> {
        let is_active = |n: &usize| match of_okta {
            true => self.okta[*n].status != "DEPROVISIONED",
            false => self.jira[*n].active,
        };
        let (active, inactive): (Vec<usize>, Vec<usize>) = carriers.iter().partition(|n| is_active(n));
        if active.is_empty() {
            return inactive;
        }
        let (state, gave_way) = match of_okta {
            true => (MatchState::OktaOnly, &mut self.okta_gave_way),
            false => (MatchState::JiraOnly, &mut self.jira_gave_way),
        };
        for n in inactive {
            let verdict = (state, rule.to_owned(), value.to_owned(), None);
            gave_way.entry(n).or_insert(verdict);
        }
        active
    }
}

fn okta_value(user: &OktaUser, key: &OktaKey) -> String {
    let text = |name: &str| user.profile.text(name).unwrap_or_default();
    match key {
        OktaKey::Login => fold(&text("login")),
        OktaKey::Email => fold(&text("email")),
        OktaKey::LoginLocalPart => {
            let login = text("login");
            fold(
                login
                    .rsplit_once('@')
                    .map_or(login.as_str(), |(local_part, _)| local_part),
            )
        }
        OktaKey::Attribute(name) => match user
            .profile
            .attributes()
            .get(name)
            .map(|value| value.get().to_owned())
        {
            Some(text) if text.starts_with('"') => {
                fold(&serde_json::from_str::<String>(&text).expect("a text"))
            }
            Some(other) if !other.starts_with(['[', '{', 'n']) => fold(&other),
            Some(_) | None => String::new(),
        },
    }
}

fn jira_value(user: &JiraUser, key: JiraKey) -> String {
    fold(match key {
        JiraKey::Username => &user.username,
        JiraKey::Email => &user.email,
        JiraKey::Key => &user.key,
    })
}

/// Few different values, so that many users have the same one.
fn word() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("a"),
        Just("A "),
        Just("b"),
        Just("c"),
        Just("d"),
        Just("e"),
        Just("1"),
        Just("J1"),
        Just("j2"),
        Just("a@x"),
        Just("b@x"),
        Just("B@X"),
        Just("c@x@x"),
        Just(""),
        Just(" "),
        Just("İ"),
        Just("i\u{307}"),
    ]
}

fn okta_user() -> impl Strategy<Value = (&'static str, &'static str, String, &'static str)> {
    let attribute = prop_oneof![
        word().prop_map(json),
        Just("1".to_owned()),
        Just("true".to_owned()),
        Just("null".to_owned()),
        Just("[\"a\"]".to_owned()),
    ];
    let status = prop::sample::select(vec!["ACTIVE", "ACTIVE", "LOCKED_OUT", "DEPROVISIONED"]);
    (word(), word(), attribute, status)
}

fn any_rule() -> impl Strategy<Value = MatchRule> {
    let okta = prop_oneof![
        Just(OktaKey::Login),
        Just(OktaKey::Email),
        Just(OktaKey::LoginLocalPart),
        Just(OktaKey::Attribute("x".to_owned())),
    ];
    (
        okta,
        prop_oneof![Just(JiraKey::Username), Just(JiraKey::Email), Just(JiraKey::Key)],
    )
        .prop_map(|(okta, jira)| rule(okta, jira))
}

fn verdict(entry: DirectoryEntry, other: impl Fn(&DirectoryEntry) -> Option<String>) -> Verdict {
    let other = match entry.state {
        MatchState::Matched | MatchState::Pinned => other(&entry),
        MatchState::Ambiguous | MatchState::OktaOnly | MatchState::JiraOnly => None,
    };
    (entry.state, entry.rule, entry.value, other)
}

fn compare(fixture: &Fixture, okta: &[OktaUser], jira: &[JiraUser], pins: &[(String, String)]) {
    let mut model = Model {
        okta,
        jira,
        okta_verdicts: HashMap::new(),
        jira_verdicts: HashMap::new(),
        okta_gave_way: HashMap::new(),
        jira_gave_way: HashMap::new(),
    };
    model.pin(pins);
    fixture.rules.iter().for_each(|rule| model.apply(rule));
    let counts = fixture.read(matches::counts);
    let sum = |numbers: [u64; 4]| numbers.iter().sum::<u64>();
    assert_eq!(
        sum([
            counts.matched,
            counts.pinned,
            counts.okta_ambiguous,
            counts.okta_only
        ]),
        okta.len() as u64
    );
    assert_eq!(
        sum([
            counts.matched,
            counts.pinned,
            counts.jira_ambiguous,
            counts.jira_only
        ]),
        jira.len() as u64
    );
    assert_eq!(
        counts.by_rule.iter().map(|(_, pairs)| pairs).sum::<u64>(),
        counts.matched
    );
    let okta_only = (MatchState::OktaOnly, String::new(), String::new(), None);
    for (n, user) in okta.iter().enumerate() {
        let entry = fixture.find(Lookup::OktaId(&user.id)).expect("the user");
        let found = verdict(entry, |entry| Some(entry.jira.as_ref()?.key.clone()));
        assert_eq!(
            &found,
            model
                .okta_verdicts
                .get(&n)
                .or(model.okta_gave_way.get(&n))
                .unwrap_or(&okta_only),
            "{}",
            user.id
        );
    }
    let jira_only = (MatchState::JiraOnly, String::new(), String::new(), None);
    for (n, user) in jira.iter().enumerate() {
        let entry = fixture.find(Lookup::JiraKey(&user.key)).expect("the user");
        let found = verdict(entry, |entry| Some(entry.okta.as_ref()?.id.clone()));
        assert_eq!(
            &found,
            model
                .jira_verdicts
                .get(&n)
                .or(model.jira_gave_way.get(&n))
                .unwrap_or(&jira_only),
            "{}",
            user.key
        );
    }
    let listed = |view| fixture.list(view).len() as u64;
    assert_eq!(listed(View::Matched), counts.matched + counts.pinned);
    assert_eq!(listed(View::Ambiguous), counts.okta_ambiguous);
    assert_eq!(listed(View::JiraAmbiguous), counts.jira_ambiguous);
    assert_eq!(listed(View::OktaOnly), counts.okta_only);
    assert_eq!(listed(View::JiraOnly), counts.jira_only);
    fixture.assert_sound();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sql_and_the_model_agree(
        okta in proptest::collection::vec(okta_user(), 0..9),
        jira_side in proptest::collection::vec((word(), word(), any::<bool>()), 0..9),
        rules in proptest::collection::vec(any_rule(), 0..5),
        pinned in proptest::collection::vec((0_usize..9, 0_usize..9), 0..3),
        leaving in 0_usize..4,
    ) {
        let mut rules = rules;
        let mut known = Vec::new();
        rules.retain(|rule| { let new = !known.contains(rule); known.push(rule.clone()); new });
        let fixture = Fixture::with_rules(rules);
        let okta: Vec<OktaUser> = okta
            .iter()
            .enumerate()
            .map(|(n, (login, email, x, status))| OktaUser {
                status: (*status).to_owned(),
                ..user_with(&format!("00u{n}"), &[("login", &json(login)), ("email", &json(email)), ("x", x)])
            })
            .collect();
        let jira: Vec<JiraUser> = jira_side
            .iter()
            .enumerate()
            .map(|(n, (username, email, active))| JiraUser {
                active: *active,
                ..jira(&format!("J{n}"), username, email)
            })
            .collect();
        fixture.sync(&okta, 1);
        fixture.set_jira_users(&jira);
        let mut pins: Vec<(String, String)> = Vec::new();
        for (o, j) in pinned {
            if let (Some(okta), Some(jira)) = (okta.get(o), jira.get(j)) {
                pins.retain(|(id, key)| *id != okta.id && *key != jira.key);
                pins.push((okta.id.clone(), jira.key.clone()));
                fixture.pin(&okta.id, &jira.key);
            }
        }
        compare(&fixture, &okta, &jira, &pins);
        // Some users leave on both sides, and the states must be updated.
        let okta = &okta[okta.len().min(leaving)..];
        let jira = &jira[..jira.len().saturating_sub(leaving)];
        fixture.sync(okta, 2);
        fixture.set_jira_users(jira);
        compare(&fixture, okta, jira, &pins);
    }
}
