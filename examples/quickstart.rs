//! The engine from Rust, in the order an administrator goes: connect, validate, synchronize, look.
//!
//! `OKTA_ORG_URL=https://example.okta.com OKTA_API_TOKEN=… cargo run --example quickstart`

#![allow(clippy::print_stdout)]

use std::path::Path;

use okta_profiles::contract::settings::Settings;
use okta_profiles::engine::Engine;
use okta_profiles::model::{JiraUser, SyncOptions, View};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::open(Path::new("quickstart.db"), Settings::default())?;
    engine.connect(&std::env::var("OKTA_ORG_URL")?, &std::env::var("OKTA_API_TOKEN")?)?;

    let report = engine.validate()?;
    for check in &report.checks {
        println!(
            "{:>16}: {:<12} {}",
            check.capability.name(),
            check.outcome.name(),
            check.advice
        );
    }
    if !report.usable {
        return Err("this connection cannot be used for a sync".into());
    }

    // The host hands its users over in batches; here it is one user.
    let user = JiraUser {
        key: "JIRAUSER10100".to_owned(),
        username: "user000001@example.com".to_owned(),
        email: "user000001@example.com".to_owned(),
        display_name: "User 1".to_owned(),
        active: true,
    };
    engine.begin_jira_users()?;
    engine.add_jira_users(&[user])?;
    engine.commit_jira_users(false)?;

    let run = engine.sync(SyncOptions::default())?;
    println!(
        "{} users, {} of them match users in Jira",
        run.present, run.matches.matched
    );
    for entry in engine.list(View::Matched, 0, 10)? {
        let profile = entry
            .okta
            .map(|user| user.profile.as_json().to_owned())
            .unwrap_or_default();
        println!("{} by {}: {profile}", entry.value, entry.rule);
    }
    engine.close()?;
    Ok(())
}
