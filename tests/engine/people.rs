//! Users by what they are, and who reports to whom, against the truth of the simulated org.

use std::collections::{BTreeMap, BTreeSet};

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::matching::fold;
use okta_profiles::model::{Lookup, OktaUser, UserCriterion, View};
use okta_sim::OktaSim;
use serde_json::{Value, json};

use crate::fixture::{Fixture, QUICK, entries, hand_over, jira_users};

fn keys(engine: &Engine, name: &str, value: &str) -> BTreeSet<String> {
    let (mut keys, mut after) = (BTreeSet::new(), String::new());
    loop {
        let page = engine
            .users_where(UserCriterion::from_words(name, value), &after, 7)
            .unwrap();
        for key in page.keys {
            assert!(keys.insert(key), "a key came twice");
        }
        match page.next {
            Some(next) => after = next,
            None => return keys,
        }
    }
}

/// What an attribute holds, as texts that are compared.
fn values(value: &Value) -> Vec<String> {
    match value {
        Value::Array(elements) => elements.iter().flat_map(values).collect(),
        Value::String(text) => vec![fold(text)],
        Value::Null | Value::Object(_) => Vec::new(),
        other => vec![other.to_string()],
    }
}

#[test]
fn users_are_found_by_attribute_with_and_without_the_table() {
    let sim = OktaSim::builder().users(800).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    hand_over(&fixture.engine, &jira_users(&sim, 400));
    fixture.sync().unwrap();
    let engine = &fixture.engine;
    for indexed in ["", "department, skills, siteCodes, isContractor, fte"] {
        engine.set("attributes.indexed", indexed).unwrap();
        fixture.sync().unwrap();
        let matched = entries(engine, View::Matched);
        for name in [
            "department",
            "skills",
            "siteCodes",
            "isContractor",
            "fte",
            "neverFilledIn",
        ] {
            let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for entry in &matched {
                let (user, jira) = (entry.okta.as_ref().unwrap(), entry.jira.as_ref().unwrap());
                let profile: Value = serde_json::from_str(user.profile.as_json()).unwrap();
                for value in values(&profile[name]) {
                    expected.entry(value).or_default().insert(jira.key.clone());
                }
            }
            assert_eq!(expected.is_empty(), name == "neverFilledIn");
            for (value, expected) in expected.iter().take(6) {
                assert_eq!(
                    keys(engine, name, value),
                    *expected,
                    "{name} {value:?} {indexed:?}"
                );
                assert_eq!(
                    keys(engine, name, &format!(" {} ", value.to_uppercase())),
                    *expected
                );
            }
            assert!(keys(engine, name, "no such value").is_empty());
        }
    }
    let active = entries(engine, View::Matched)
        .into_iter()
        .filter(|entry| entry.okta.as_ref().unwrap().status == "ACTIVE")
        .map(|entry| entry.jira.unwrap().key);
    assert_eq!(keys(engine, "status", "active"), active.collect());
}

#[test]
fn the_manager_graph_is_closed_whatever_the_order_and_tolerates_circles() {
    let sim = OktaSim::builder().users(30).start().unwrap();
    let user = |login: &str, attributes: Value| {
        let mut profile = attributes.as_object().cloned().unwrap();
        profile.insert("login".to_owned(), json!(login));
        sim.create_user(profile)
    };
    // Those who report come before those to whom they report.
    let clerk = user(
        "clerk@corp.test",
        json!({"managerId": " Boss@corp.test ", "manager": "E-2"}),
    );
    let boss = user(
        "boss@corp.test",
        json!({"managerId": "chief@corp.test", "employeeNumber": "E-2"}),
    );
    let chief = user(
        "chief@corp.test",
        json!({"managerId": "boss@corp.test", "employeeNumber": "E-3"}),
    );
    let alone = user(
        "alone@corp.test",
        json!({"managerId": "alone@corp.test", "manager": "E-9"}),
    );
    let lost = user(
        "lost@corp.test",
        json!({"managerId": "nobody@corp.test", "manager": "E-9"}),
    );
    for number in 0..2 {
        user(
            &format!("twin{number}@corp.test"),
            json!({"employeeNumber": "E-9"}),
        );
    }
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let engine = &fixture.engine;
    let manager = |id: &str| {
        engine
            .manager_of(Lookup::OktaId(id))
            .unwrap()
            .map(|entry| entry.okta.unwrap().id)
    };
    let chain = |id: &str| -> Vec<String> {
        let chain = engine.managers_of(Lookup::OktaId(id)).unwrap();
        chain.into_iter().map(|entry| entry.okta.unwrap().id).collect()
    };
    let reports = |id: &str| -> BTreeSet<String> {
        let reports = engine.reports_of(Lookup::OktaId(id), 0, 100).unwrap();
        reports.into_iter().map(|entry| entry.okta.unwrap().id).collect()
    };
    assert_eq!(manager(&clerk), Some(boss.clone()));
    assert_eq!(chain(&clerk), [boss.clone(), chief.clone()], "the circle ends");
    assert_eq!(chain(&boss), std::slice::from_ref(&chief));
    assert_eq!((manager(&alone), manager(&lost)), (None, None));
    assert_eq!(reports(&boss), BTreeSet::from([clerk.clone(), chief.clone()]));
    assert_eq!(reports(&clerk), BTreeSet::new());
    let nobody = engine.manager_of(Lookup::OktaId("00unone")).unwrap_err();
    assert_eq!(nobody.code(), ErrorCode::NotFound);

    // By another attribute: what several answer to names nobody.
    engine.set("managers.attribute", "manager").unwrap();
    engine.set("managers.refers_to", "employeeNumber").unwrap();
    fixture.sync().unwrap();
    assert_eq!((manager(&clerk), manager(&boss)), (Some(boss.clone()), None));
    assert_eq!((manager(&alone), manager(&lost)), (None, None));

    // By Okta's id, in its own case; a manager who is deleted is nobody.
    sim.update_profile(&lost, |profile| {
        drop(profile.insert("manager".to_owned(), json!(chief)))
    });
    engine.set("managers.refers_to", "id").unwrap();
    fixture.sync().unwrap();
    assert_eq!((manager(&lost), manager(&clerk)), (Some(chief.clone()), None));
    sim.delete_user(&chief);
    fixture.sync().unwrap();
    assert_eq!(manager(&lost), None);
    engine.set("managers.attribute", "").unwrap();
    fixture.sync().unwrap();
    assert_eq!(manager(&lost), None);
}

#[test]
fn people_come_with_profile_manager_and_groups_in_the_order_asked_for() {
    let sim = OktaSim::builder().users(300).start().unwrap();
    let fixture = Fixture::connected(&sim, &crate::groups::with_groups(&[]));
    hand_over(&fixture.engine, &jira_users(&sim, 200));
    fixture.sync().unwrap();
    let engine = &fixture.engine;
    let mut keys: Vec<String> = entries(engine, View::Matched)
        .iter()
        .map(|entry| entry.jira.as_ref().unwrap().key.clone())
        .collect();
    keys.reverse();
    let with_strangers = [&["nobody".to_owned()], keys.as_slice()].concat();
    let people = engine.people(&with_strangers).unwrap();
    let found: Vec<String> = people
        .iter()
        .map(|person| person.entry.jira.as_ref().unwrap().key.clone())
        .collect();
    assert_eq!(found, keys, "who is tied to nobody is left out");
    assert!(people.iter().any(|person| person.manager.is_some()));
    for person in &people {
        let id = person.entry.okta.as_ref().unwrap().id.as_str();
        assert_eq!(person.manager, engine.manager_of(Lookup::OktaId(id)).unwrap());
        assert_eq!(person.groups, engine.groups_of_okta_user(id, 100).unwrap());
        assert!(!person.groups.is_empty(), "everybody is in Everyone");
        let titled = engine.titled_profile(id).unwrap();
        let titles = |values: &[okta_profiles::model::TitledValue]| -> Vec<(String, String)> {
            values
                .iter()
                .map(|value| (value.title.clone(), value.value.get().to_owned()))
                .collect()
        };
        assert_eq!(titles(&person.attributes), titles(&titled));
    }
    assert!(engine.people(&[]).unwrap().is_empty());
    let error = engine.people(&vec!["x".to_owned(); 1_001]).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidArgument);
}

#[test]
fn only_chosen_attributes_are_handed_out() {
    let sim = OktaSim::builder().users(60).start().unwrap();
    let fixture = Fixture::connected(&sim, &crate::groups::with_groups(&[]));
    hand_over(&fixture.engine, &jira_users(&sim, 60));
    fixture.sync().unwrap();
    let engine = &fixture.engine;
    let keys: Vec<String> = entries(engine, View::Matched)
        .iter()
        .map(|entry| entry.jira.as_ref().unwrap().key.clone())
        .collect();
    let chosen = ["title", "no such attribute", "department", "title"].map(str::to_owned);
    let whole = engine.people(&keys).unwrap();
    let showing = engine.people_showing(&keys, &chosen).unwrap();
    assert_eq!(showing.len(), whole.len());
    for (whole, showing) in whole.into_iter().zip(showing) {
        let value = |name: &str| whole.attributes.iter().find(|value| value.name == name);
        let expected: Vec<_> = ["title", "department"].into_iter().filter_map(value).collect();
        assert_eq!(format!("{:?}", showing.attributes), format!("{expected:?}"));
        assert_eq!(showing.groups, whole.groups);
        for (whole, showing) in [
            (Some(whole.entry), Some(showing.entry)),
            (whole.manager, showing.manager),
        ] {
            let [whole, showing] = [whole, showing].map(|entry| entry.and_then(|entry| entry.okta));
            let Some((whole, showing)) = whole.zip(showing) else {
                continue;
            };
            assert_eq!(showing.profile.display_name(), whole.profile.display_name());
            assert_eq!(showing.profile.text("login"), whole.profile.text("login"));
            let kept: Vec<String> = showing.profile.attributes().into_keys().collect();
            assert!(
                kept.iter().all(|name| OktaUser::NAMING.contains(&name.as_str())),
                "{kept:?}"
            );
        }
    }
    let error = engine
        .people_showing(&keys, &vec!["x".to_owned(); 1_001])
        .unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidArgument);
}
