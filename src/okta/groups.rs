//! Groups, as far as validating a connection needs them: whether they can be read, and Okta's own count
//! of users.

use serde_json::Value;

use crate::error::Result;
use crate::okta::client::OktaClient;

/// Reads one group.
pub(super) async fn check_read(client: &OktaClient) -> Result<()> {
    client.get("/api/v1/groups?limit=1").await.map(drop)
}

/// How many users the built-in group `Everyone` has by Okta's own statistics; none if it is not shown
/// (group admins do not see it). Whether deactivated users are counted is not documented.
pub async fn count_of_everyone(client: &OktaClient) -> Result<Option<u64>> {
    let answer = client
        .get("/api/v1/groups?search=type+eq+%22BUILT_IN%22&expand=stats")
        .await?;
    Ok(serde_json::from_slice(&answer.body)
        .ok()
        .as_ref()
        .and_then(everyone))
}

fn everyone(groups: &Value) -> Option<u64> {
    let is_everyone = |group: &&Value| group["profile"]["name"] == "Everyone";
    groups.as_array()?.iter().find(is_everyone)?["_embedded"]["stats"]["usersCount"].as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_count_is_that_of_everyone() {
        let stats = |count: Value| json!({"stats": {"usersCount": count}});
        let group = |name, count| json!({"profile": {"name": name}, "_embedded": stats(count)});
        let groups = json!([
            group("Okta Administrators", json!(3)),
            group("Everyone", json!(1201))
        ]);
        assert_eq!(everyone(&groups), Some(1_201));
        for other in [
            json!([]),
            json!({}),
            json!([group("Everyone", json!(null))]),
            json!([{}]),
            json!([7]),
        ] {
            assert_eq!(everyone(&other), None, "{other}");
        }
    }
}
