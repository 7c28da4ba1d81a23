//! Groups and memberships against the simulated org: who is in what, what is read again, what is gone.

use std::collections::{BTreeMap, BTreeSet};

use okta_profiles::contract::errors::ErrorCode;
use okta_profiles::engine::Engine;
use okta_profiles::model::{Group, GroupFilter, GroupMember, SyncOptions, UserCriterion};
use okta_sim::{Bucket, Fault, OktaSim, Role};

use crate::fixture::{Fixture, QUICK, hand_over, jira_users};

/// Groups on, everything else as in [`QUICK`].
pub fn with_groups(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let on = [("groups.sync", "on")];
    [QUICK, &on, more].concat()
}

fn all_groups(engine: &Engine, filter: GroupFilter<'_>) -> Vec<Group> {
    let (mut groups, mut after) = (Vec::new(), String::new());
    loop {
        // A small page, so that names which several groups share are met at its edge.
        let page = engine.groups(filter, &after, 3).unwrap();
        groups.extend(page.groups);
        match page.next {
            Some(next) => after = next,
            None => return groups,
        }
    }
}

pub fn members(engine: &Engine, group_id: &str) -> Vec<GroupMember> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = engine.group_members(group_id, &after, 100).unwrap();
        let Some(last) = page.last() else { return all };
        after = last.okta_id.clone();
        all.extend(page);
    }
}

/// Groups and members are those of the org.
pub fn assert_groups_equal(engine: &Engine, sim: &OktaSim) {
    let groups = all_groups(engine, GroupFilter::default());
    let ids: BTreeSet<String> = groups.iter().map(|group| group.id.clone()).collect();
    let truth: BTreeMap<String, serde_json::Value> = sim
        .all_groups()
        .into_iter()
        .map(|group| (group["id"].as_str().unwrap().to_owned(), group))
        .collect();
    assert_eq!(ids, truth.keys().cloned().collect());
    assert_eq!(groups.len(), ids.len(), "a group came twice");
    let keys: Vec<String> = groups
        .iter()
        .map(|group| okta_profiles::matching::fold(&group.name))
        .collect();
    assert!(keys.is_sorted(), "{keys:?}");
    for group in &groups {
        let row = &truth[&group.id];
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(group.profile.as_json()).unwrap(),
            row["profile"]
        );
        let mut expected = sim.members_of(&group.id).unwrap();
        expected.sort();
        let found: Vec<String> = members(engine, &group.id)
            .into_iter()
            .map(|member| member.okta_id)
            .collect();
        assert_eq!(found, expected, "members of {}", group.name);
        assert_eq!(group.member_count, Some(expected.len() as u64), "{}", group.name);
    }
}

pub fn group_named(sim: &OktaSim, name: &str) -> String {
    let groups = sim.all_groups();
    let found = groups.iter().find(|group| group["profile"]["name"] == name);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

fn members_requests(sim: &OktaSim) -> usize {
    let requests = sim.requests();
    requests
        .iter()
        .filter(|request| {
            request.path_and_query.contains("/users?") && request.path_and_query.contains("/groups/")
        })
        .count()
}

#[test]
fn groups_and_members_are_those_of_the_org_both_ways() {
    let sim = OktaSim::builder().users(900).groups(30).start().unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    hand_over(&fixture.engine, &jira_users(&sim, 300));
    let report = fixture.sync().unwrap();
    assert_eq!(report.warnings, Vec::<String>::new());
    let counts = report.groups.unwrap();
    assert_eq!((counts.listed, counts.added, counts.removed), (30, 30, 0));
    let progress = fixture.engine.progress();
    assert_eq!(
        [
            progress.groups_read,
            progress.groups_to_read,
            progress.memberships_read
        ],
        [counts.members_read, counts.members_read, counts.memberships]
    );
    assert!(progress.memberships_read > 900);
    assert_groups_equal(&fixture.engine, &sim);

    let engine = &fixture.engine;
    let of_type = GroupFilter {
        kind: "APP_GROUP",
        name_prefix: "APP-group-1",
    };
    let found = all_groups(engine, of_type);
    assert!(!found.is_empty());
    assert!(
        found
            .iter()
            .all(|group| group.kind == "APP_GROUP" && group.name.starts_with("app-group-1"))
    );
    for group in all_groups(engine, GroupFilter::default()) {
        let of_members: BTreeSet<String> = members(engine, &group.id)
            .into_iter()
            .filter_map(|member| member.jira_key)
            .collect();
        let mut matched = BTreeSet::new();
        let mut after = String::new();
        loop {
            let page = engine.matched_group_members(&group.id, &after, 50).unwrap();
            matched.extend(page.keys);
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        assert_eq!(matched, of_members, "{}", group.name);
        let by_criterion = engine
            .users_where(UserCriterion::Group(&group.id), "", 10_000)
            .unwrap();
        assert_eq!(by_criterion.keys.into_iter().collect::<BTreeSet<_>>(), matched);
        for key in matched.iter().take(3) {
            let own = engine.groups_of_jira_user(key, 100).unwrap();
            assert!(
                own.iter().any(|own| own.id == group.id),
                "{key} in {}",
                group.name
            );
        }
    }
    assert_eq!(engine.groups_of_jira_user("nobody", 10).unwrap(), []);
    assert_eq!(engine.group("00gnone").unwrap(), None);
    let missing = engine.group_members("00gnone", "", 10).unwrap_err();
    assert_eq!(missing.code(), ErrorCode::NotFound);
}

#[test]
fn only_what_moved_is_read_again_and_deletions_are_noticed() {
    let sim = OktaSim::builder().users(600).groups(24).start().unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    fixture.sync().unwrap();
    sim.clear_requests();
    let report = fixture.sync().unwrap();
    assert_eq!(report.groups.unwrap().members_read, 0);
    assert_eq!(members_requests(&sim), 0);

    let group = group_named(&sim, "Group 0003");
    let members = sim.members_of(&group).unwrap();
    let outsider = sim
        .all_users()
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .find(|id| !members.contains(id))
        .unwrap();
    assert!(sim.add_to_group(&group, &outsider) && sim.remove_from_group(&group, &members[0]));
    let new = sim.create_group("A new one");
    assert!(sim.add_to_group(&new, &outsider));
    assert!(sim.rename_group(&group_named(&sim, "Group 0004"), "Renamed"));
    let report = fixture.sync().unwrap();
    let counts = report.groups.unwrap();
    assert_eq!((counts.added, counts.updated, counts.members_read), (1, 1, 2));
    assert_groups_equal(&fixture.engine, &sim);

    // A listing of what moved does not show that a group is gone; one of all groups does.
    assert!(sim.delete_group(&group_named(&sim, "Group 0006")));
    assert_eq!(fixture.sync().unwrap().groups.unwrap().removed, 0);
    fixture
        .engine
        .set("groups.whole_listing_after_hours", "0")
        .unwrap();
    assert_eq!(fixture.sync().unwrap().groups.unwrap().removed, 1);
    assert_groups_equal(&fixture.engine, &sim);

    // What the settings no longer want goes, in any number, and comes back.
    fixture.engine.set("groups.types", "APP_GROUP").unwrap();
    fixture.engine.set("groups.name_prefix", "APP-").unwrap();
    fixture.sync().unwrap();
    let kept = all_groups(&fixture.engine, GroupFilter::default());
    assert!(!kept.is_empty() && kept.iter().all(|group| group.kind == "APP_GROUP"));
    fixture.engine.set("groups.types", "").unwrap();
    fixture.engine.set("groups.name_prefix", "").unwrap();
    fixture.sync().unwrap();
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn a_listing_that_loses_most_groups_removes_none() {
    let sim = OktaSim::builder().users(100).groups(40).start().unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[("groups.whole_listing_after_hours", "0")]));
    fixture.sync().unwrap();
    let ids: Vec<String> = sim
        .all_groups()
        .iter()
        .map(|group| group["id"].as_str().unwrap().to_owned())
        .collect();
    for id in &ids[10..35] {
        assert!(sim.delete_group(id));
    }
    let report = fixture.sync().unwrap();
    assert_eq!(report.groups.unwrap().removed, 0);
    assert!(
        report.warnings[0].contains("25 of 40 groups"),
        "{:?}",
        report.warnings
    );
    assert_eq!(all_groups(&fixture.engine, GroupFilter::default()).len(), 40);
    let stored = fixture.engine.runs(None, 1).unwrap().remove(0);
    assert_eq!((stored.warnings, stored.groups), (report.warnings, report.groups));
}

#[test]
fn what_a_credential_may_not_read_is_a_warning_and_no_failure() {
    let sim = OktaSim::builder().users(50).start().unwrap();
    let fixture = Fixture::unconnected(&with_groups(&[]));
    fixture
        .engine
        .connect(sim.url(), sim.token(Role::UserReader))
        .unwrap();
    let report = fixture.engine.sync(SyncOptions::default()).unwrap();
    assert_eq!(report.seen, 50);
    let about = |word: &str| report.warnings.iter().filter(|line| line.contains(word)).count();
    assert_eq!(
        (about("Groups could not"), about("Schemas could not")),
        (1, 1),
        "{:?}",
        report.warnings
    );
    fixture.assert_equals_org(&sim);

    // Without groups nothing but users is asked for.
    let sim = OktaSim::builder().users(50).start().unwrap();
    let fixture = Fixture::connected(&sim, &[QUICK, &[("schemas.sync", "off")]].concat());
    fixture.sync().unwrap();
    let beyond = |path: &str| !path.starts_with("/api/v1/users") && !path.starts_with("/.well-known");
    let others: Vec<String> = sim
        .requests()
        .into_iter()
        .map(|request| request.path_and_query)
        .filter(|path| beyond(path) && !path.contains("BUILT_IN"))
        .collect();
    assert_eq!(others, Vec::<String>::new());
}

#[test]
fn groups_survive_faults_and_go_on_where_they_stopped() {
    let sim = OktaSim::builder()
        .users(700)
        .groups(30)
        .faults(&[Fault::ServerError, Fault::HtmlBadGateway, Fault::EmptyLastPage])
        .fault_period(9)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    let report = fixture.sync().unwrap();
    assert_eq!(report.warnings, Vec::<String>::new());
    assert_groups_equal(&fixture.engine, &sim);

    // A used-up bucket stops the groups and not the users; what was read stays and is not read again.
    let sim = OktaSim::builder()
        .users(700)
        .groups(30)
        .rate_limit(Bucket::Groups, 14)
        .start()
        .unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[("rate_limit.max_wait_seconds", "1")]));
    let report = fixture.sync().unwrap();
    assert_eq!(report.seen, 700);
    assert_eq!(report.warnings.len(), 1, "{:?}", report.warnings);
    let first = report.groups.unwrap().members_read;
    sim.set_rate_limit(Bucket::Groups, 10_000);
    let report = fixture.sync().unwrap();
    assert_eq!(report.warnings, Vec::<String>::new());
    let second = report.groups.unwrap().members_read;
    let not_empty = sim.all_groups().into_iter().filter(|group| {
        let id = group["id"].as_str().unwrap();
        group["type"] != "BUILT_IN" && !sim.members_of(id).unwrap().is_empty()
    });
    assert!(first > 0 && second > 0, "{first} and {second}");
    assert_eq!(first + second, not_empty.count() as u64);
    assert_groups_equal(&fixture.engine, &sim);
}
