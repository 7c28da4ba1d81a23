//! Nobody is lost and nobody invented in groups, whatever Okta counts, repeats or forgets, and however late a
//! listing goes on.

use std::sync::atomic::{AtomicU32, Ordering};

use okta_profiles::model::{GroupFilter, SyncMode, SyncOptions, SyncReport};
use okta_sim::{Fault, OktaSim};
use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::groups::{assert_groups_equal, group_named, members, with_groups};

const GROUPS: &str = "/api/v1/groups";

fn members_path(group: &str) -> String {
    format!("{GROUPS}/{group}/users")
}

fn ids(engine: &okta_profiles::engine::Engine, group: &str) -> Vec<String> {
    members(engine, group)
        .into_iter()
        .map(|member| member.okta_id)
        .collect()
}

fn count(fixture: &Fixture, group: &str) -> Option<u64> {
    fixture.engine.group(group).unwrap().unwrap().member_count
}

/// A new group with the first `count` users of the org in it.
fn new_group(sim: &OktaSim, count: usize) -> String {
    let group = sim.create_group("A new one");
    for user in sim.all_users().take(count) {
        assert!(sim.add_to_group(&group, user["id"].as_str().unwrap()));
    }
    group
}

fn outsider(sim: &OktaSim, group: &str) -> String {
    let members = sim.members_of(group).unwrap();
    let mut ids = sim
        .all_users()
        .map(|user| user["id"].as_str().unwrap().to_owned());
    ids.find(|id| !members.contains(id)).unwrap()
}

/// Lets Okta count others than it lists.
fn miscount(sim: &OktaSim, group: &str, counted: u64) {
    let group = group.to_owned();
    sim.edit(GROUPS, move |body| {
        for row in body.as_array_mut().into_iter().flatten() {
            if row["id"] == group.as_str() {
                row["_embedded"]["stats"]["usersCount"] = json!(counted);
            }
        }
    });
}

fn delta(fixture: &Fixture) -> SyncReport {
    fixture.sync_as(SyncMode::Delta).unwrap()
}

fn no_warnings() -> Vec<String> {
    Vec::new()
}

#[test]
fn a_member_who_left_while_the_group_was_half_read_is_no_ghost() {
    let sim = OktaSim::builder().users(600).groups(1).start().unwrap();
    let group = new_group(&sim, 500);
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    let path = members_path(&group);
    let (org, refused) = (sim.org().clone(), path.clone());
    // The first page comes, the second does not.
    sim.edit(&path, move |_| org.refuse(&refused, 401, "E0000004"));
    let report = fixture.sync().unwrap();
    assert_eq!(
        (report.warnings.len(), ids(&fixture.engine, &group).len()),
        (1, 0)
    );
    sim.relent(&path);
    let gone = sim.members_of(&group).unwrap().remove(0);
    assert!(sim.remove_from_group(&group, &gone));
    assert_eq!(fixture.sync().unwrap().warnings, no_warnings());
    assert!(!ids(&fixture.engine, &group).contains(&gone));
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn one_empty_answer_takes_no_member() {
    let sim = OktaSim::builder().users(300).groups(8).start().unwrap();
    let group = new_group(&sim, 25);
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    fixture.sync().unwrap();
    let before = ids(&fixture.engine, &group);
    assert_eq!(before.len(), 25);
    assert!(sim.add_to_group(&group, &outsider(&sim, &group)));
    sim.edit(&members_path(&group), |body| *body = json!([]));
    let report = delta(&fixture);
    let about: Vec<&String> = report
        .warnings
        .iter()
        .filter(|line| line.contains(&group))
        .collect();
    assert_eq!(
        (about.len(), report.warnings.len()),
        (1, 1),
        "{:?}",
        report.warnings
    );
    assert!(about[0].contains("lists 0 members") && about[0].contains("counts 26"));
    assert_eq!(
        (ids(&fixture.engine, &group), count(&fixture, &group)),
        (before, Some(25))
    );
    sim.relent(&members_path(&group));
    assert_eq!(delta(&fixture).warnings, no_warnings());
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn members_of_somebody_else_are_not_taken_in() {
    let sim = OktaSim::builder().users(300).groups(8).start().unwrap();
    let group = new_group(&sim, 3);
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    fixture.sync().unwrap();
    assert!(sim.add_to_group(&group, &outsider(&sim, &group)));
    let strangers: Vec<Value> = sim.all_users().skip(100).take(50).collect();
    sim.edit(&members_path(&group), move |body| {
        body.as_array_mut().unwrap().extend(strangers.iter().cloned());
    });
    assert_eq!(delta(&fixture).warnings.len(), 1);
    assert_eq!(ids(&fixture.engine, &group).len(), 3);
    sim.relent(&members_path(&group));
    assert_eq!(delta(&fixture).warnings, no_warnings());
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn a_difference_that_several_readings_confirm_is_noted_once() {
    let sim = OktaSim::builder().users(300).groups(8).start().unwrap();
    let group = new_group(&sim, 20);
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    // Deactivated users may be counted and not listed, or the other way round.
    for counted in [23, 18] {
        miscount(&sim, &group, counted);
        fixture
            .engine
            .set("groups.whole_listing_after_hours", "0")
            .unwrap();
        let said: Vec<Vec<String>> = (0..4).map(|_| fixture.sync().unwrap().warnings).collect();
        assert!(said[0][0].contains(&group) && said[0][0].contains(&format!("counts {counted}")));
        assert!(said[1][0].contains("asks again"), "{said:?}");
        assert!(
            said[2][0].starts_with("Note") && said[2][0].contains(&group),
            "{said:?}"
        );
        assert_eq!(said[3], no_warnings());
        assert_groups_equal(&fixture.engine, &sim);
    }
    let counts = fixture.sync().unwrap().groups.unwrap();
    assert_eq!(counts.members_read, 1, "only for the second in which it moved");
}

#[test]
fn a_count_that_lags_loses_nobody() {
    let sim = OktaSim::builder().users(300).groups(8).start().unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    let known = group_named(&sim, "Group 0003");
    assert!(!sim.members_of(&known).unwrap().is_empty());
    miscount(&sim, &known, 0);
    assert_eq!(fixture.sync().unwrap().warnings, no_warnings());
    assert_eq!(count(&fixture, &known), Some(0));
    // A member comes in the second in which the group was made, after it was listed.
    let group = sim.create_group("A new one");
    miscount(&sim, &group, 0);
    delta(&fixture);
    assert!(sim.add_to_group(&group, &outsider(&sim, &group)));
    sim.relent(GROUPS);
    assert_eq!(delta(&fixture).warnings, no_warnings());
    assert_eq!(count(&fixture, &group), Some(1));
    // Of a group that does not move, the next listing of all groups tells.
    fixture
        .engine
        .set("groups.whole_listing_after_hours", "0")
        .unwrap();
    assert_eq!(delta(&fixture).warnings, no_warnings());
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn a_view_that_shrinks_everywhere_takes_nobody_unless_confirmed() {
    let sim = OktaSim::builder().users(300).groups(8).start().unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[("groups.whole_listing_after_hours", "0")]));
    let first = fixture.sync().unwrap().groups.unwrap();
    sim.edit(GROUPS, |body| {
        for row in body.as_array_mut().into_iter().flatten() {
            row["_embedded"]["stats"]["usersCount"] = json!(0);
        }
    });
    for group in sim.all_groups() {
        sim.edit(&members_path(group["id"].as_str().unwrap()), |body| {
            *body = json!([])
        });
    }
    let report = fixture.sync().unwrap();
    assert_eq!(report.warnings.len(), 1, "{:?}", report.warnings);
    assert!(
        report.warnings[0].contains("memberships of"),
        "{:?}",
        report.warnings
    );
    assert_eq!(report.groups.unwrap().memberships, first.memberships);
    assert_groups_equal(&fixture.engine, &sim);
    let confirmed = SyncOptions {
        confirm_absent: true,
        ..SyncOptions::of(SyncMode::Full)
    };
    let report = fixture.engine.sync(confirmed).unwrap();
    assert_eq!(
        (report.warnings, report.groups.unwrap().memberships),
        (no_warnings(), 0)
    );
}

#[test]
fn a_change_between_listing_and_reading_is_no_contradiction() {
    let sim = OktaSim::builder().users(300).groups(8).start().unwrap();
    let group = new_group(&sim, 5);
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    let (org, id, user) = (sim.org().clone(), group.clone(), outsider(&sim, &group));
    sim.edit(GROUPS, move |_| assert!(org.add_to_group(&id, &user)));
    assert_eq!(fixture.sync().unwrap().warnings, no_warnings());
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn only_clocks_of_okta_decide_what_may_have_moved_unseen() {
    // This machine is an hour ahead of Okta.
    let sim = OktaSim::builder()
        .users(100)
        .groups(8)
        .clock_ahead(-3_600)
        .start()
        .unwrap();
    let group = new_group(&sim, 5);
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    fixture.sync().unwrap();
    // Whoever comes and goes in the same second moves neither time nor count.
    sim.clear_requests();
    assert_eq!(delta(&fixture).groups.unwrap().members_read, 1);
    let asked = |path: &str| {
        sim.requests()
            .iter()
            .any(|request| request.path_and_query.contains(path))
    };
    assert!(asked(&members_path(&group)));
}

#[test]
fn without_okta_s_clock_a_user_who_moved_may_have_moved_again() {
    let sim = OktaSim::builder()
        .users(100)
        .groups(8)
        .fault(Fault::MissingDateHeader)
        .start()
        .unwrap();
    let group = new_group(&sim, 5);
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    fixture.sync().unwrap();
    // The times of the groups are ahead of Okta's clock now, so they say nothing about it.
    sim.step_clock(-7_200);
    let (comes, goes) = (outsider(&sim, &group), sim.members_of(&group).unwrap().remove(0));
    assert!(sim.add_to_group(&group, &comes) && sim.remove_from_group(&group, &goes));
    fixture.sync().unwrap();
    // One may come and another one go in the second that Okta already showed.
    sim.clear_requests();
    fixture.sync().unwrap();
    let path = members_path(&group);
    let requests = sim.requests();
    assert!(
        requests
            .iter()
            .any(|request| request.path_and_query.contains(&path))
    );
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn a_listing_that_stopped_hours_ago_begins_anew() {
    let sim = OktaSim::builder().users(50).groups(450).start().unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    let org = sim.org().clone();
    sim.edit(GROUPS, move |_| org.refuse(GROUPS, 401, "E0000004"));
    assert_eq!(fixture.sync().unwrap().warnings.len(), 1);
    let earlier = "UPDATE group_sync SET began = began - 7200000, okta_began = okta_began - 7200000";
    rusqlite::Connection::open(fixture.file())
        .unwrap()
        .execute(earlier, [])
        .unwrap();
    let first = group_named(&sim, "Group 0003");
    assert!(sim.add_to_group(&first, &outsider(&sim, &first)));
    // By now another group, on the last page, has moved much later.
    sim.edit(GROUPS, |body| {
        let rows = body.as_array_mut().unwrap();
        if rows.len() < 200 {
            rows.last_mut().unwrap()["lastUpdated"] = json!("2100-01-01T00:00:00.000Z");
        }
    });
    assert_eq!(fixture.sync().unwrap().warnings, no_warnings());
    assert_eq!(delta(&fixture).warnings, no_warnings());
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn what_okta_repeats_is_one_object_and_odd_ids_are_ids() {
    let sim = OktaSim::builder().users(300).groups(8).start().unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    let twice = |body: &mut Value| {
        let rows = body.as_array_mut().unwrap();
        rows.extend(rows.clone());
    };
    sim.edit("/api/v1/meta/types/user", twice);
    sim.edit(GROUPS, move |body| {
        for row in body.as_array_mut().unwrap() {
            if row["profile"]["name"] == "Everyone" {
                row["id"] = json!("00g_everyone");
            }
        }
        twice(body);
    });
    let group = group_named(&sim, "Group 0003");
    sim.edit(&members_path(&group), move |body| {
        body[0]["id"] = json!("00u_odd-0");
        twice(body);
    });
    let report = fixture.sync().unwrap();
    assert_eq!(report.warnings, no_warnings());
    assert_eq!(report.groups.unwrap().listed, 8);
    assert_eq!(fixture.engine.user_types().unwrap().len(), 2);
    let everyone = fixture.engine.group("00g_everyone").unwrap().unwrap();
    assert_eq!(everyone.member_count, Some(300));
    let found = ids(&fixture.engine, &group);
    assert_eq!(found.len(), sim.members_of(&group).unwrap().len());
    assert!(found.contains(&"00u_odd-0".to_owned()));
    let page = fixture.engine.groups(GroupFilter::default(), "", 100).unwrap();
    assert_eq!(page.groups.len(), 8);
}

#[test]
fn a_user_who_is_gone_from_okta_is_in_no_group() {
    let sim = OktaSim::builder().users(200).groups(8).start().unwrap();
    let group = new_group(&sim, 12);
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    fixture.sync().unwrap();
    let gone = sim.members_of(&group).unwrap().remove(4);
    assert!(sim.delete_user(&gone));
    fixture.sync().unwrap();
    assert!(!ids(&fixture.engine, &group).contains(&gone));
    assert_eq!(count(&fixture, &group), Some(11));
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn a_row_that_is_no_group_spoils_no_other_and_removes_none() {
    let sim = OktaSim::builder().users(100).groups(12).start().unwrap();
    let fixture = Fixture::connected(&sim, &with_groups(&[("groups.whole_listing_after_hours", "0")]));
    fixture.sync().unwrap();
    let listings = AtomicU32::new(0);
    sim.edit(GROUPS, move |body| {
        listings.fetch_add(1, Ordering::SeqCst);
        body[3]["id"] = json!("a/b");
    });
    let report = fixture.sync().unwrap();
    assert_eq!(report.groups.unwrap().removed, 0);
    assert!(report.warnings[0].contains("Row 4"), "{:?}", report.warnings);
    assert_groups_equal(&fixture.engine, &sim);
}

#[test]
fn a_group_whose_pages_are_too_large_makes_those_of_no_other_group_small() {
    let sim = OktaSim::builder().users(300).groups(6).start().unwrap();
    let large = new_group(&sim, 190);
    let settings = [("http.max_body_bytes", "65536"), ("sync.page_size", "20")];
    let fixture = Fixture::connected(&sim, &with_groups(&settings));
    sim.edit(&members_path(&large), |body| {
        for row in body.as_array_mut().into_iter().flatten() {
            row["padding"] = json!("x".repeat(2_000));
        }
    });
    fixture.sync().unwrap();
    assert_groups_equal(&fixture.engine, &sim);
    let asked = sim.requests();
    let (of_large, of_others): (Vec<_>, Vec<_>) = asked
        .iter()
        .map(|request| request.path_and_query.as_str())
        .filter(|target| target.starts_with(GROUPS) && target.contains("/users?"))
        .partition(|target| target.contains(&large));
    assert!(
        of_large.iter().any(|target| target.contains("limit=25")),
        "{of_large:?}"
    );
    assert!(of_others.len() > 3);
    assert!(
        of_others.iter().all(|target| target.contains("limit=200")),
        "{of_others:?}"
    );
}

#[test]
fn endless_listings_of_groups_and_of_members_end_and_cost_nobody() {
    for endless in [Fault::EndlessEmptyPages, Fault::EndlessRepeatedRows] {
        let sim = OktaSim::builder().users(60).groups(4).start().unwrap();
        let fixture = Fixture::connected(&sim, &with_groups(&[]));
        fixture.sync().unwrap();
        let group = new_group(&sim, 5);
        // Users are listed as they are; then groups never end.
        let org = sim.org().clone();
        sim.edit("/api/v1/users", move |_| org.set_faults(&[endless]));
        sim.clear_requests();
        let report = fixture.sync().unwrap();
        assert_eq!(
            (report.present, report.warnings.len()),
            (60, 1),
            "{:?}",
            report.warnings
        );
        assert!(sim.requests().len() < 70, "{} requests", sim.requests().len());
        // Then members of the new group never end.
        sim.clear_faults();
        sim.relent("/api/v1/users");
        let org = sim.org().clone();
        sim.edit(GROUPS, move |_| org.set_faults(&[endless]));
        sim.clear_requests();
        let report = fixture.sync().unwrap();
        assert!(
            report.warnings[0].contains(&group),
            "{endless}: {:?}",
            report.warnings
        );
        assert!(sim.requests().len() < 130, "{} requests", sim.requests().len());
        sim.relent(GROUPS);
        sim.clear_faults();
        for _ in 0..4 {
            fixture.sync().unwrap();
        }
        assert_groups_equal(&fixture.engine, &sim);
    }
}
