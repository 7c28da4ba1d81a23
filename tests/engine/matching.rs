//! Explained matching: everybody is in exactly one state, by a rule that is named.

use std::collections::HashSet;

use okta_profiles::error::ErrorCode;
use okta_profiles::model::{Lookup, MatchState, View};
use okta_sim::OktaSim;

use crate::fixture::{Fixture, QUICK, assert_code, entries, hand_over, jira_users};

fn matched_fixture(sim: &OktaSim) -> Fixture {
    let fixture = Fixture::connected(sim, QUICK);
    hand_over(&fixture.engine, &jira_users(sim, 800));
    fixture.sync().unwrap();
    fixture
}

#[test]
fn every_user_of_both_sides_is_in_exactly_one_view() {
    let sim = OktaSim::builder().users(1_000).seed(70).start().unwrap();
    let fixture = matched_fixture(&sim);
    let mut okta = HashSet::new();
    let mut jira = HashSet::new();
    for view in [
        View::Matched,
        View::OktaOnly,
        View::JiraOnly,
        View::Ambiguous,
        View::JiraAmbiguous,
    ] {
        for entry in entries(&fixture.engine, view) {
            let tied = matches!(entry.state, MatchState::Matched | MatchState::Pinned);
            assert_eq!(tied, entry.okta.is_some() && entry.jira.is_some(), "{entry:?}");
            let explained = !matches!(entry.state, MatchState::OktaOnly | MatchState::JiraOnly);
            assert_eq!(explained, !entry.rule.is_empty(), "{entry:?}");
            if let Some(user) = &entry.okta {
                assert!(okta.insert(user.id.clone()), "{} is in two views", user.id);
            }
            if let Some(user) = &entry.jira {
                assert!(jira.insert(user.key.clone()), "{} is in two views", user.key);
            }
        }
    }
    assert_eq!((okta.len(), jira.len()), (1_000, 800));
}

#[test]
fn the_default_view_is_okta_users_that_match_users_in_jira() {
    let sim = OktaSim::builder().users(1_000).seed(70).start().unwrap();
    let fixture = matched_fixture(&sim);
    let listed = entries(&fixture.engine, View::default());
    let report = &fixture.engine.runs(None, 1).unwrap()[0];
    assert_eq!(
        listed.len() as u64,
        report.matches.matched + report.matches.pinned
    );
    let rules: HashSet<&str> = listed.iter().map(|entry| entry.rule.as_str()).collect();
    assert!(
        rules.contains("login=username") && rules.contains("email=email"),
        "{rules:?}"
    );
}

#[test]
fn an_ambiguous_user_has_candidates_and_a_pin_settles_it_for_good() {
    let sim = OktaSim::builder().users(1_000).seed(70).start().unwrap();
    let fixture = matched_fixture(&sim);
    let engine = &fixture.engine;
    let ambiguous = entries(engine, View::Ambiguous).remove(0).okta.unwrap();
    let candidates = engine.candidates_of_okta_user(&ambiguous.id, 10).unwrap();
    let chosen = candidates[0].jira.clone().unwrap();
    engine.pin(&ambiguous.id, &chosen.key).unwrap();
    let entry = engine.find(Lookup::JiraKey(&chosen.key)).unwrap().unwrap();
    assert_eq!(
        (entry.state, entry.okta.unwrap().id),
        (MatchState::Pinned, ambiguous.id.clone())
    );
    fixture.sync().unwrap();
    hand_over(engine, &jira_users(&sim, 800));
    let entry = engine.find(Lookup::OktaId(&ambiguous.id)).unwrap().unwrap();
    assert_eq!(
        (entry.state, entry.jira.unwrap().key),
        (MatchState::Pinned, chosen.key.clone())
    );
    engine.unpin(&chosen.key).unwrap();
    assert_eq!(
        engine.find(Lookup::OktaId(&ambiguous.id)).unwrap().unwrap().state,
        MatchState::Ambiguous
    );
    assert_code(&engine.unpin(&chosen.key).unwrap_err(), ErrorCode::NotFound);
}

#[test]
fn a_preview_of_other_rules_asks_nothing_and_changes_nothing() {
    let sim = OktaSim::builder().users(1_000).seed(70).start().unwrap();
    let fixture = matched_fixture(&sim);
    sim.clear_requests();
    let before = fixture.engine.statistics().unwrap().matches;
    let rules = "login=username, attribute:employeeNumber=username";
    let preview = fixture.engine.preview_matching(rules).unwrap();
    assert_eq!(preview.present, before);
    assert_ne!(preview.proposed, before);
    assert_eq!(fixture.engine.statistics().unwrap().matches, before);
    fixture.engine.set("matching.rules", rules).unwrap();
    assert_eq!(fixture.engine.rematch().unwrap(), preview.proposed);
    assert!(sim.requests().is_empty());
    assert_code(
        &fixture.engine.preview_matching("name=name").unwrap_err(),
        ErrorCode::MatchingRulesInvalid,
    );
    assert_code(
        &fixture.engine.set("matching.rules", "").unwrap_err(),
        ErrorCode::MatchingRulesInvalid,
    );
}

#[test]
fn a_change_on_the_jira_side_matches_anew() {
    let sim = OktaSim::builder().users(300).seed(71).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.sync().unwrap();
    let login = entries(&fixture.engine, View::OktaOnly)[0]
        .okta
        .as_ref()
        .unwrap()
        .profile
        .text("login")
        .unwrap();
    let mut user = jira_users(&sim, 1).remove(0);
    user.key = "JIRAUSER999".to_owned();
    user.username = format!(" {} ", login.to_uppercase());
    user.email = String::new();
    fixture
        .engine
        .upsert_jira_users(std::slice::from_ref(&user))
        .unwrap();
    let entry = fixture.engine.find(Lookup::Login(&login)).unwrap().unwrap();
    assert_eq!(
        (entry.state, entry.jira.as_ref()),
        (MatchState::Matched, Some(&user))
    );
    fixture.engine.remove_jira_users(&[user.key]).unwrap();
    assert_eq!(
        fixture.engine.find(Lookup::Login(&login)).unwrap().unwrap().state,
        MatchState::OktaOnly
    );
}

#[test]
fn an_empty_set_of_jira_users_must_be_confirmed() {
    let sim = OktaSim::builder().users(300).seed(71).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    hand_over(&fixture.engine, &jira_users(&sim, 100));
    fixture.engine.begin_jira_users().unwrap();
    assert_code(
        &fixture.engine.commit_jira_users(false).unwrap_err(),
        ErrorCode::JiraUsersEmpty,
    );
    assert_eq!(fixture.engine.statistics().unwrap().jira_users, 100);
    assert_eq!(fixture.engine.commit_jira_users(true).unwrap().removed, 100);
}
