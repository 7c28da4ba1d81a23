//! The titles of a run's counters on the page.

use std::fmt::Write;

use okta_profiles::contract::names::camel;
use okta_profiles::contract::records::STRUCTS;
use okta_profiles::contract::records::form::{FieldShape, PartShape};

use crate::agree;

const TEXTS: &str = "java-bridge/jira-plugin/src/main/resources/i18n/okta-profiles-page.properties";

/// The texts of these fields: whatever has a title in the table of columns.
fn titles(fields: &[FieldShape]) -> String {
    let mut text = String::new();
    for field in fields {
        let PartShape::Column(column) = field.part else {
            continue;
        };
        if let Some(title) = column.title() {
            let _ = writeln!(
                text,
                "okta-profiles.page.run.figure.{}={title}",
                camel(field.name)
            );
        }
    }
    text
}

#[test]
fn the_page_has_the_title_of_every_counter() {
    let (_, run) = STRUCTS
        .iter()
        .find(|(name, _)| *name == "okp_sync_report")
        .unwrap();
    let (begin, end) = (
        "# Titles of counters, by `make header`: begin\n",
        "# Titles of counters: end",
    );
    agree::part(TEXTS, begin, end, &titles(&run.fields()));
}
