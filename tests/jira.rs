//! The users of a Jira that goes with the simulated org, and handing them over: for tests and benchmarks.

use okta_profiles::engine::Engine;
use okta_profiles::model::JiraUser;
use okta_sim::OktaSim;

/// So many users of that Jira.
pub fn jira_users(sim: &OktaSim, count: u32) -> Vec<JiraUser> {
    let rows = okta_sim::jira_users(sim.spec(), count).into_iter();
    rows.map(|row| JiraUser {
        key: row.key,
        username: row.username,
        email: row.email,
        display_name: row.display_name,
        active: row.active,
    })
    .collect()
}

/// Hands them over as a host does, in batches.
pub fn hand_over(engine: &Engine, users: &[JiraUser]) {
    engine.begin_jira_users().unwrap();
    for batch in users.chunks(1_000) {
        engine.add_jira_users(batch).unwrap();
    }
    engine.commit_jira_users(false).unwrap();
}
