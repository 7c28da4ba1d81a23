//! User types, attributes and titles against the simulated org.

use okta_profiles::model::{Lookup, View};
use okta_sim::OktaSim;

use crate::fixture::{Fixture, QUICK, entries};

#[test]
fn types_attributes_and_titles_are_those_of_the_org() {
    let sim = OktaSim::builder().users(2_500).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let report = fixture.sync().unwrap();
    assert_eq!(report.warnings, Vec::<String>::new());
    let engine = &fixture.engine;
    let types = engine.user_types().unwrap();
    assert_eq!(types.len(), 2);
    assert!(types[0].is_default && !types[1].is_default);

    let attributes = engine.attributes(None).unwrap();
    assert!(
        attributes.is_sorted_by_key(|one| one.custom),
        "base attributes first"
    );
    assert!(
        attributes
            .iter()
            .enumerate()
            .all(|(place, one)| one.order == place as u64)
    );
    let named = |name: &str| attributes.iter().find(|one| one.name == name).unwrap();
    assert_eq!(named("someSnakeCaseAttr").name, "someSnakeCaseAttr");
    assert_eq!(
        named("some_snake_case_attr").title,
        "Title of some_snake_case_attr"
    );
    assert_eq!(
        (
            named("siteCodes").kind.as_str(),
            named("siteCodes").items_type.as_deref()
        ),
        ("array", Some("integer"))
    );
    let values: Vec<&str> = named("fte")
        .enum_values
        .iter()
        .map(|one| one.value.get())
        .collect();
    assert_eq!(values, ["0.01", "0.1", "0.5", "1.0", "0.8", "-0.25"]);
    let partner = engine.attributes(Some(&types[1].id)).unwrap();
    assert!(partner.iter().any(|one| one.name == "partnerCode"));
    assert_eq!(engine.attributes(Some("otynone")).unwrap(), attributes);

    let entry = entries(engine, View::All).remove(0);
    let user = entry.okta.unwrap();
    let titled = engine.titled_profile(&user.id).unwrap();
    assert_eq!(titled.len(), user.profile.attributes().len());
    for value in &titled {
        assert_eq!(user.profile.attributes()[&value.name].get(), value.value.get());
    }
    let place = |name: &str| attributes.iter().position(|one| one.name == name);
    assert!(
        titled.is_sorted_by_key(|one| place(&one.name)),
        "in the order of the schema"
    );
    assert!(engine.find(Lookup::OktaId(&user.id)).unwrap().is_some());
    assert!(engine.titled_profile("00unone").is_err());
}

#[test]
fn schemas_are_asked_for_when_they_are_old_and_moved_ones_are_noticed() {
    let sim = OktaSim::builder().users(60).start().unwrap();
    let fixture = Fixture::connected(&sim, QUICK);
    let asked = |sim: &OktaSim| {
        let requests = sim.requests();
        let meta = requests
            .iter()
            .filter(|request| request.path_and_query.contains("/meta/"));
        meta.count()
    };
    fixture.sync().unwrap();
    assert_eq!(asked(&sim), 3, "the types, and a schema of each");
    sim.clear_requests();
    fixture.sync().unwrap();
    assert_eq!(asked(&sim), 0);
    sim.clear_attribute_everywhere("notes");
    fixture.engine.set("schemas.max_age_hours", "0").unwrap();
    fixture.sync().unwrap();
    assert_eq!(asked(&sim), 3);
    let attributes = fixture.engine.attributes(None).unwrap();
    assert!(!attributes.iter().any(|one| one.name == "notes"));
}
