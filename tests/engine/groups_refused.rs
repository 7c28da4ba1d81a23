//! What Okta refuses of one group or type keeps nobody else from being read, and is tried again.

use okta_profiles::model::SyncMode;
use okta_sim::OktaSim;

use crate::fixture::Fixture;
use crate::groups::{assert_groups_equal, group_named, members, with_groups};

fn members_path(group: &str) -> String {
    format!("/api/v1/groups/{group}/users")
}

fn asked(sim: &OktaSim, path: &str) -> bool {
    let requests = sim.requests();
    requests
        .iter()
        .any(|request| request.path_and_query.starts_with(path))
}

#[test]
fn a_group_that_is_refused_keeps_nobody_else_from_being_read() {
    for (status, code) in [
        (403, "E0000006"),
        (409, "E0000249"),
        (500, "E0000009"),
        (503, "E0000010"),
    ] {
        let sim = OktaSim::builder().users(200).groups(60).start().unwrap();
        let fixture = Fixture::connected(&sim, &with_groups(&[("retry.max_attempts", "2")]));
        let group = group_named(&sim, "Group 0003");
        let path = members_path(&group);
        sim.refuse(&path, status, code);
        let report = fixture.sync().unwrap();
        assert_eq!(report.warnings.len(), 1, "{:?}", report.warnings);
        assert!(report.warnings[0].contains(&group) && report.warnings[0].contains("group"));
        for other in sim.all_groups() {
            let id = other["id"].as_str().unwrap();
            let found = members(&fixture.engine, id).len();
            let expected = if id == group {
                0
            } else {
                sim.members_of(id).unwrap().len()
            };
            assert_eq!(found, expected, "{id} after {status}");
        }
        // Tried again, less and less often. The report names the group each time.
        let tries: Vec<usize> = (2..=12)
            .filter(|_| {
                sim.clear_requests();
                let report = fixture.sync_as(SyncMode::Delta).unwrap();
                assert_eq!(report.warnings.len(), 1, "{:?}", report.warnings);
                assert!(report.warnings[0].contains(&group));
                asked(&sim, &path)
            })
            .collect();
        assert_eq!(tries, [2, 4, 8]);
        sim.relent(&path);
        for _ in 13..=16 {
            fixture.sync_as(SyncMode::Delta).unwrap();
        }
        assert_groups_equal(&fixture.engine, &sim);
    }
}

#[test]
fn a_listing_of_all_groups_asks_for_every_refused_group_again() {
    let sim = OktaSim::builder().users(200).groups(12).start().unwrap();
    let settings = with_groups(&[
        ("retry.max_attempts", "1"),
        ("groups.whole_listing_after_hours", "0"),
    ]);
    let fixture = Fixture::connected(&sim, &settings);
    let paths: Vec<String> = (sim.all_groups().iter())
        .map(|group| members_path(group["id"].as_str().unwrap()))
        .collect();
    for path in &paths {
        sim.refuse(path, 503, "E0000010");
    }
    for _ in 0..4 {
        let report = fixture.sync().unwrap();
        assert!(!report.warnings.is_empty());
    }
    for path in &paths {
        sim.relent(path);
    }
    assert_eq!(fixture.sync().unwrap().warnings, Vec::<String>::new());
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn a_group_that_is_listed_is_not_removed_because_its_members_are_not_found() {
    let sim = OktaSim::builder().users(200).groups(12).start().unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    fixture.sync().unwrap();
    let group = group_named(&sim, "Group 0003");
    let before = members(&fixture.engine, &group);
    assert!(sim.remove_from_group(&group, &before[0].okta_id));
    sim.refuse(&members_path(&group), 404, "E0000007");
    let report = fixture.sync_as(SyncMode::Delta).unwrap();
    assert_eq!((report.warnings.len(), report.groups.unwrap().removed), (1, 0));
    assert_eq!(members(&fixture.engine, &group), before);
    sim.relent(&members_path(&group));
    assert_eq!(
        fixture.sync_as(SyncMode::Delta).unwrap().warnings,
        Vec::<String>::new()
    );
    assert_groups_equal(&fixture.engine, &sim);

    // One that is really gone goes at once.
    let user = sim.members_of(&group).unwrap().remove(0);
    assert!(sim.remove_from_group(&group, &user));
    let (org, deleted) = (sim.org().clone(), group.clone());
    sim.edit("/api/v1/groups", move |_| {
        org.delete_group(&deleted);
    });
    assert_eq!(
        fixture.sync_as(SyncMode::Delta).unwrap().groups.unwrap().removed,
        1
    );
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn an_org_that_refuses_to_list_what_moved_lists_all() {
    let sim = OktaSim::builder().users(100).groups(12).start().unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    fixture.sync().unwrap();
    sim.refuse("/api/v1/groups", 400, "E0000031");
    let report = fixture.sync_as(SyncMode::Delta).unwrap();
    assert_eq!(report.warnings.len(), 1, "no listing at all is a warning");
    let listings = sim.requests();
    let whole = listings
        .iter()
        .filter(|request| request.path_and_query.starts_with("/api/v1/groups?"))
        .filter(|request| !request.path_and_query.contains("lastUpdated"));
    assert!(whole.count() > 1);
}

#[test]
fn a_schema_that_is_refused_keeps_no_other_from_being_read() {
    let sim = OktaSim::builder().users(100).start().unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[("schemas.max_age_hours", "0")]));
    let types = {
        fixture.sync().unwrap();
        fixture.engine.user_types().unwrap()
    };
    let partner = types.iter().find(|one| !one.is_default).unwrap();
    let known = fixture.engine.attributes(Some(&partner.id)).unwrap();
    assert!(!known.is_empty());
    let path = format!("/api/v1/meta/schemas/user/{}", partner.schema_id);
    sim.refuse(&path, 403, "E0000006");
    sim.clear_attribute_everywhere("notes");
    let report = fixture.sync().unwrap();
    assert_eq!(report.warnings.len(), 1, "{:?}", report.warnings);
    assert!(report.warnings[0].contains(&partner.id) && report.warnings[0].contains("user type"));
    assert_eq!(fixture.engine.attributes(Some(&partner.id)).unwrap(), known);
    let of_default = fixture.engine.attributes(None).unwrap();
    assert!(of_default.iter().all(|attribute| attribute.name != "notes"));
}
