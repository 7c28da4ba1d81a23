//! Explained matching: everybody is in exactly one state, by a rule that is named.

use std::collections::{BTreeSet, HashSet};

use okta_profiles::contract::choices::PreviewOf;
use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::model::{DirectoryEntry, JiraUser, Lookup, MatchState, SyncOptions, View};
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
            let alone = matches!(entry.state, MatchState::OktaOnly | MatchState::JiraOnly);
            let is_inactive = entry
                .okta
                .as_ref()
                .is_some_and(|user| user.status == "DEPROVISIONED")
                || entry.jira.as_ref().is_some_and(|user| !user.active);
            // Who is alone and inactive may have given way, and is told under which rule.
            assert!(alone || !entry.rule.is_empty(), "{entry:?}");
            assert!(!alone || is_inactive || entry.rule.is_empty(), "{entry:?}");
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
fn a_preview_names_who_would_be_gained_and_lost() {
    let sim = OktaSim::builder().users(600).seed(70).start().unwrap();
    let fixture = matched_fixture(&sim);
    let engine = &fixture.engine;
    let rules = "attribute:employeeNumber=username, email=email";
    let preview = engine.preview_matching(rules).unwrap();
    let pairs = |which| {
        let all = engine.preview_pairs(rules, which, 10_000).unwrap();
        let pair = |entry: &DirectoryEntry| (entry.okta.clone().unwrap().id, entry.jira.clone().unwrap().key);
        all.iter().map(pair).collect::<BTreeSet<_>>()
    };
    let (gained, lost) = (pairs(PreviewOf::Gained), pairs(PreviewOf::Lost));
    assert_eq!(
        (gained.len() as u64, lost.len() as u64),
        (preview.gained, preview.lost)
    );
    assert_eq!(engine.preview_pairs(rules, PreviewOf::Lost, 3).unwrap().len(), 3);
    let ties = || {
        let matched = entries(engine, View::Matched);
        let pair = |entry: DirectoryEntry| (entry.okta.unwrap().id, entry.jira.unwrap().key);
        matched.into_iter().map(pair).collect::<BTreeSet<_>>()
    };
    let before = ties();
    engine.set("matching.rules", rules).unwrap();
    engine.rematch().unwrap();
    let after = ties();
    assert_eq!(
        after.difference(&before).cloned().collect::<BTreeSet<_>>(),
        gained
    );
    assert_eq!(before.difference(&after).cloned().collect::<BTreeSet<_>>(), lost);
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

/// Hands these users over without committing them.
fn stage(fixture: &Fixture, users: &[JiraUser]) {
    fixture.engine.begin_jira_users().unwrap();
    fixture.engine.add_jira_users(users).unwrap();
}

#[test]
fn a_hand_over_that_loses_most_jira_users_must_be_confirmed() {
    let sim = OktaSim::builder().users(400).seed(72).start().unwrap();
    let settings = [QUICK, &[("retain", "matched")]].concat();
    let fixture = Fixture::connected(&sim, &settings);
    let users = jira_users(&sim, 300);
    stage(&fixture, &users);
    fixture.engine.commit_jira_users(false).unwrap();
    fixture.sync().unwrap();
    let engine = &fixture.engine;
    let before = engine.statistics().unwrap();
    let ties = before.matches.matched + before.matches.pinned;

    stage(&fixture, &users[..1]);
    let told = engine.preview_jira_users().unwrap();
    assert_eq!((told.removed, told.needs_confirmation), (299, true));
    assert!(told.matches_ended >= ties - 1, "{told:?}");
    let dry = engine.dry_run(SyncOptions::default(), 0).unwrap();
    assert_eq!(dry.jira_users, Some(told.clone()));
    let refused = engine.commit_jira_users(false).unwrap_err();
    assert_code(&refused, ErrorCode::TooManyJiraUsersLost);
    let ended = format!("{} of {ties} matches would end", told.matches_ended);
    assert!(refused.message().contains(&ended), "{refused}");
    assert_eq!(engine.statistics().unwrap(), before, "nothing was changed");
    fixture.sync().unwrap();
    assert_eq!(
        engine.statistics().unwrap().okta_users,
        before.okta_users,
        "nobody was erased"
    );

    // The hand-over still waits for its confirmation.
    assert_eq!(
        engine.commit_jira_users(true).unwrap().matches_ended,
        told.matches_ended
    );
    fixture.sync().unwrap();
    assert!(engine.statistics().unwrap().okta_users <= 3);
}

#[test]
fn the_limits_of_a_hand_over_are_settings() {
    let sim = OktaSim::builder().users(200).seed(73).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let users = jira_users(&sim, 100);
    hand_over(&fixture.engine, &users);
    stage(&fixture, &users[..70]);
    assert_code(
        &fixture.engine.commit_jira_users(false).unwrap_err(),
        ErrorCode::TooManyJiraUsersLost,
    );
    fixture.engine.set("sweep.max_jira_loss_percent", "30").unwrap();
    assert_eq!(fixture.engine.commit_jira_users(false).unwrap().removed, 30);
    stage(&fixture, &users[..59]);
    fixture.engine.set("sweep.max_jira_loss_users", "10").unwrap();
    assert_code(
        &fixture.engine.commit_jira_users(false).unwrap_err(),
        ErrorCode::TooManyJiraUsersLost,
    );
}

#[test]
fn addresses_that_are_gone_end_matches_and_are_guarded_as_well() {
    let sim = OktaSim::builder().users(200).seed(74).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    fixture.engine.set("matching.rules", "email=email").unwrap();
    fixture.sync().unwrap();
    let mut users = jira_users(&sim, 150);
    hand_over(&fixture.engine, &users);
    users.iter_mut().for_each(|user| user.email.clear());
    stage(&fixture, &users);
    let told = fixture.engine.preview_jira_users().unwrap();
    assert_eq!((told.removed, told.needs_confirmation), (0, true));
    assert!(told.matches_ended > 50, "{told:?}");
    assert_code(
        &fixture.engine.commit_jira_users(false).unwrap_err(),
        ErrorCode::TooManyJiraUsersLost,
    );
}

#[test]
fn a_jira_user_without_a_key_is_passed_over_and_named_by_its_place() {
    let sim = OktaSim::builder().users(200).seed(75).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let mut users = jira_users(&sim, 40);
    users[16].key = " ".to_owned();
    users[30].key = users[3].key.clone();
    fixture.engine.begin_jira_users().unwrap();
    users
        .chunks(10)
        .for_each(|batch| fixture.engine.add_jira_users(batch).unwrap());
    let counts = fixture.engine.commit_jira_users(false).unwrap();
    assert_eq!((counts.added, counts.passed_over, counts.repeated), (38, 1, 1));
    let expected = [
        "Jira user number 17 has no key and was passed over",
        "Jira user number 31 has the key of an earlier one and took its place",
    ];
    assert_eq!(counts.warnings, expected);
    assert_eq!(
        fixture.sync().unwrap().warnings,
        expected,
        "the run's report says it too"
    );
    assert!(fixture.sync().unwrap().warnings.is_empty(), "once");
    let mut nameless = users[1].clone();
    nameless.key.clear();
    fixture.engine.upsert_jira_users(&[nameless]).unwrap();
    assert_eq!(fixture.engine.statistics().unwrap().jira_users, 38);
}
