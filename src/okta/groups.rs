//! Groups: for now only how many users the org itself counts.

use serde::Deserialize;

use super::client::{OktaClient, Question, read_json};
use crate::error::Result;

/// A group with its statistics, as far as they are read.
#[derive(Deserialize)]
struct WireGroup {
    #[serde(default)]
    profile: WireProfile,
    #[serde(default, rename = "_embedded")]
    embedded: WireEmbedded,
}

#[derive(Default, Deserialize)]
struct WireProfile {
    name: Option<String>,
}

#[derive(Default, Deserialize)]
struct WireEmbedded {
    stats: Option<WireStats>,
}

#[derive(Deserialize)]
struct WireStats {
    #[serde(rename = "usersCount")]
    users_count: Option<u64>,
}

/// The path of the question; the search is `type eq "BUILT_IN"`.
const BUILT_IN_WITH_STATS: &str = "/api/v1/groups?search=type+eq+%22BUILT_IN%22&expand=stats&limit=20";

/// The members of the built-in group Everyone; none if the org does not say. Whether deactivated users
/// count is not documented, so the number is about right.
pub async fn everyone_count(client: &OktaClient) -> Result<Option<u64>> {
    let groups: Vec<WireGroup> = client
        .ask(&Question {
            url: &|| client.org().join(BUILT_IN_WITH_STATS),
            headers: &[],
            with_credential: true,
            read: &|response| read_json(response),
            failed: &|_| {},
        })
        .await?;
    let everyone = groups
        .into_iter()
        .find(|group| group.profile.name.as_deref() == Some("Everyone"));
    Ok(everyone
        .and_then(|group| group.embedded.stats)
        .and_then(|stats| stats.users_count))
}
