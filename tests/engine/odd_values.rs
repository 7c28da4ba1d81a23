//! Values that JSON can write and hardly anybody can read: they stop nobody, and are told.

use okta_profiles::export::ExportFormat;
use okta_profiles::model::{GroupFilter, Lookup, UserCriterion, View};
use okta_sim::{OktaSim, Role};

use crate::fixture::{Fixture, QUICK, hand_over, jira_users};
use crate::groups::{members, with_groups};

#[test]
fn half_a_character_and_an_endless_number_stop_nobody() {
    let sim = OktaSim::builder().users(60).seed(210).start().unwrap();
    let fixture = Fixture::connected(
        &sim,
        &[
            QUICK,
            &[("matching.rules", "email=email, attribute:nickName=username")],
        ]
        .concat(),
    );
    let engine = &fixture.engine;
    hand_over(engine, &jira_users(&sim, 40));
    let ids: Vec<String> = sim
        .all_users()
        .take(3)
        .map(|user| user["id"].as_str().unwrap().to_owned())
        .collect();
    for (id, nick) in ids.iter().zip(["HALF", "HUGE", "plain"]) {
        sim.update_profile(id, |profile| {
            profile.insert("nickName".to_owned(), nick.into());
        });
    }
    sim.rewrite("/api/v1/users", |body| {
        body.replace(r#""HALF""#, r#""\ud800x""#)
            .replace(r#""HUGE""#, "[1e999,-1.5E+4000,0.50]")
    });
    let report = fixture.sync().unwrap();
    assert_eq!(report.seen, 60);
    let told = report
        .warnings
        .iter()
        .filter(|warning| warning.starts_with("Okta sent 3 values"));
    assert_eq!(told.count(), 1, "{:?}", report.warnings);
    for (id, nick) in ids
        .iter()
        .zip([r#""\uFFFDx""#, r#"["1e999","-1.5E+4000",0.50]"#, r#""plain""#])
    {
        let profile = engine
            .find(Lookup::OktaId(id))
            .unwrap()
            .unwrap()
            .okta
            .unwrap()
            .profile;
        assert_eq!(profile.attributes()["nickName"].get(), nick);
    }
    for value in ["\u{fffd}x", "1E999", "plain"] {
        engine
            .users_where(
                UserCriterion::Attribute {
                    name: "nickName",
                    value,
                },
                "",
                10,
            )
            .unwrap();
    }
    let mut lines = Vec::new();
    engine
        .export(View::All, ExportFormat::JsonLines, &mut lines)
        .unwrap();
    let strict = |line: &str| serde_json::from_str::<serde_json::Value>(line).is_ok();
    assert!(String::from_utf8(lines).unwrap().lines().all(strict));
    assert!(engine.check_integrity().unwrap().is_sound());
    assert_eq!(fixture.sync().unwrap().unchanged, 60);
}

#[test]
fn half_a_character_in_groups_members_types_and_schemas_stops_nobody() {
    let sim = OktaSim::builder().users(80).groups(8).seed(211).start().unwrap();
    halve(&sim, "/api/v1/groups", "name");
    halve(&sim, "/api/v1/meta/types/user", "displayName");
    halve(&sim, "/api/v1/meta/schemas/user/default", "title");
    for group in sim.all_groups() {
        let members = format!("/api/v1/groups/{}/users", group["id"].as_str().unwrap());
        halve(&sim, &members, "firstName");
    }
    let fixture = Fixture::connected(&sim, &with_groups(&[]));
    let report = fixture.sync().unwrap();
    let warnings = &report.warnings;
    assert!(
        warnings.len() == 1 && warnings[0].starts_with("Okta sent "),
        "{warnings:?}"
    );
    let engine = &fixture.engine;
    let groups = engine.groups(GroupFilter::default(), "", 100).unwrap().groups;
    assert_eq!(groups.len(), sim.all_groups().len());
    for group in groups {
        assert!(group.name.starts_with('\u{fffd}'));
        let expected = sim.members_of(&group.id).unwrap().len();
        assert_eq!(members(engine, &group.id).len(), expected, "{}", group.name);
    }
    let types = engine.user_types().unwrap();
    assert!(types[0].display_name.starts_with('\u{fffd}'));
    let attributes = engine.attributes(None).unwrap();
    let is_mended = |title: &str| title.starts_with('\u{fffd}');
    assert!(attributes.iter().any(|attribute| is_mended(&attribute.title)));
    assert!(engine.check_integrity().unwrap().is_sound());
}

#[test]
fn half_a_character_in_a_refusal_hides_no_refusal() {
    let sim = OktaSim::builder().users(20).start().unwrap();
    halve(&sim, "/api/v1/groups", "errorSummary");
    let fixture = Fixture::unconnected(&with_groups(&[]));
    let token = sim.token(Role::UserReader);
    fixture.engine.connect(sim.url(), token).unwrap();
    let report = fixture.sync().unwrap();
    let about_groups =
        |warning: &&String| warning.contains("Groups could not") && warning.contains("E0000006");
    assert_eq!(
        report.warnings.iter().filter(about_groups).count(),
        1,
        "{:?}",
        report.warnings
    );
}

/// Lets every text of this name begin with half a character.
fn halve(sim: &OktaSim, path: &str, name: &str) {
    let (before, after) = (format!(r#""{name}":""#), format!(r#""{name}":"\ud800"#));
    sim.rewrite(path, move |body| body.replace(&before, &after));
}
