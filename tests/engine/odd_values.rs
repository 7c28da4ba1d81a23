//! Values that JSON can write and hardly anybody can read: they stop nobody, and are told.

use okta_profiles::export::ExportFormat;
use okta_profiles::model::{Lookup, UserCriterion, View};
use okta_sim::OktaSim;

use crate::fixture::{Fixture, QUICK, hand_over, jira_users};

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
