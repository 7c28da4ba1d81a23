//! Reads groups and their members (Okta "Groups API", listGroups and listGroupUsers), and Okta's own count of
//! users.

use serde_json::Value;

use crate::clock::UnixMillis;
use crate::contract::errors::{ErrorCode, Result};
use crate::model::{Group, Profile};
use crate::okta::PageSize;
use crate::okta::client::OktaClient;
use crate::okta::client::ask::Answer;
use crate::okta::client::json::{self, misfit};
use crate::okta::client::object::Object;
use crate::okta::client::page::{Cursor, Page, page};
use crate::okta::client::walk::Walk;

const PATH: &str = "/api/v1/groups";
/// The most rows that Okta recommends for either listing.
pub const MOST_ROWS: u32 = 200;

/// The groups to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupQuery {
    /// The groups of these types; the groups of all types if there are none. If `name_prefix` is not empty, it is
    /// searched for; the search index lags by about a second.
    Whole {
        /// Types such as `OKTA_GROUP`.
        types: Vec<String>,
        /// The beginning of their names.
        name_prefix: String,
    },
    /// Groups whose profile or members changed after this time.
    MovedSince(UnixMillis),
}

impl GroupQuery {
    fn parameter(&self) -> Option<(&'static str, String)> {
        match self {
            GroupQuery::Whole { types, name_prefix } => whole(types, name_prefix),
            GroupQuery::MovedSince(since) => {
                let since = since.to_rfc3339();
                let moved = format!(r#"lastUpdated gt "{since}" or lastMembershipUpdated gt "{since}""#);
                Some(("filter", moved))
            }
        }
    }
}

fn whole(types: &[String], name_prefix: &str) -> Option<(&'static str, String)> {
    let types: Vec<String> = types
        .iter()
        .map(|kind| format!("type eq {}", quoted(kind)))
        .collect();
    let types = types.join(" or ");
    match (types.is_empty(), name_prefix) {
        (true, "") => None,
        (false, "") => Some(("filter", types)),
        (true, prefix) => Some(("search", format!("profile.name sw {}", quoted(prefix)))),
        (false, prefix) => {
            let name = format!("profile.name sw {}", quoted(prefix));
            Some(("search", format!("({types}) and {name}")))
        }
    }
}

/// A text literal of a filter.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The first page of these groups. Each group comes with Okta's count of its members.
pub fn first_cursor(query: &GroupQuery) -> Cursor {
    let rows = MOST_ROWS.to_string();
    let selection = query.parameter();
    let mut parameters = vec![("limit", rows.as_str()), ("expand", "stats")];
    if let Some((name, value)) = &selection {
        parameters.push((name, value));
    }
    Cursor::first(PATH, &parameters)
}

/// The first page of the members of a group.
pub fn first_members_cursor(group_id: &str) -> Cursor {
    Cursor::first(
        &format!("{PATH}/{group_id}/users"),
        &[("limit", &MOST_ROWS.to_string())],
    )
}

/// The groups at `cursor`. Their `member_count` is Okta's own count. A row that is not a group does not affect the
/// others.
pub async fn groups_page(
    client: &OktaClient,
    cursor: &Cursor,
    page_size: &PageSize,
) -> Result<Page<Result<Group>>> {
    page(client, cursor, |ask| ask.page_size(page_size), decode).await
}

/// The group as Okta lists it now, with Okta's own count of its members; none if there is no such group.
///
/// Okta's filter ignores upper and lower case. Two ids that differ only in that belong to different groups, so the
/// answer is checked.
pub async fn group_now(client: &OktaClient, group_id: &str) -> Result<Option<Group>> {
    let by_id = format!("id eq {}", quoted(group_id));
    let cursor = Cursor::first(PATH, &[("limit", "10"), ("expand", "stats"), ("filter", &by_id)]);
    let rows = page(client, &cursor, |ask| ask, decode).await?.items;
    let groups: Vec<Group> = rows.into_iter().collect::<Result<_>>()?;
    match groups
        .iter()
        .any(|group| !group.id.eq_ignore_ascii_case(group_id))
    {
        true => Err(misfit("the org was asked for one group and listed another")),
        false => Ok(groups.into_iter().find(|group| group.id == group_id)),
    }
}

/// The Okta ids of the members at `cursor`. A row without a usable id does not affect the others.
pub async fn members_page(
    client: &OktaClient,
    cursor: &Cursor,
    page_size: &PageSize,
) -> Result<Page<Result<String>>> {
    let slim = [super::users::OMIT];
    page(
        client,
        cursor,
        |ask| ask.headers(&slim).page_size(page_size),
        |body| json::ids(body, "user"),
    )
    .await
}

/// The Okta ids of the groups that a user is in; none if there is no such user.
pub async fn groups_of_user(client: &OktaClient, user_id: &str) -> Result<Option<Vec<String>>> {
    let page_size = PageSize::new(MOST_ROWS);
    let limit = MOST_ROWS.to_string();
    let mut cursor = Cursor::first(&format!("/api/v1/users/{user_id}/groups"), &[("limit", &limit)]);
    let mut walk = Walk::default();
    let mut found = Vec::new();
    loop {
        let page = match page(client, &cursor, |ask| ask.page_size(&page_size), ids).await {
            Err(error) if error.code() == ErrorCode::OktaNotFound => return Ok(None),
            page => page?,
        };
        let groups: Vec<String> = page.items.into_iter().collect::<Result<_>>()?;
        walk.take(&cursor, groups.iter().map(String::as_str), page.next.as_ref())?;
        found.extend(groups);
        match page.next {
            Some(next) => cursor = next,
            None => return Ok(Some(found)),
        }
    }
}

fn ids(body: &[u8]) -> Result<Vec<Result<String>>> {
    json::ids(body, "group")
}

pub(super) fn decode(body: &[u8]) -> Result<Vec<Result<Group>>> {
    let rows = Object::list(body, "group")?.into_iter();
    Ok(rows.map(|row| to_group(&row?)).collect())
}

fn to_group(object: &Object<'_>) -> Result<Group> {
    let profile = object.object("profile");
    let text = |name| profile.as_ref().and_then(|profile| profile.text(name));
    let stats = object
        .object("_embedded")
        .and_then(|embedded| embedded.object("stats"));
    Ok(Group {
        id: object.id("group")?,
        kind: object.text("type").unwrap_or_default(),
        name: text("name").unwrap_or_default(),
        description: text("description"),
        created: object.moment("created"),
        last_updated: object.moment("lastUpdated"),
        last_membership_updated: object.moment("lastMembershipUpdated"),
        member_count: stats.and_then(|stats| stats.count("usersCount")),
        profile: profile.map_or_else(Profile::default, |profile| {
            Profile::from_members(profile.members().0)
        }),
    })
}

/// Reads one group.
pub(super) async fn check_read(client: &OktaClient) -> Result<()> {
    client.get("/api/v1/groups?limit=1").await.map(drop)
}

/// How many users the built-in group `Everyone` has by Okta's own statistics; none if this credential may not see
/// it (group admins may not). Okta does not document whether deactivated users are counted.
pub async fn count_of_everyone(client: &OktaClient) -> Result<Option<u64>> {
    let answer = client
        .get("/api/v1/groups?search=type+eq+%22BUILT_IN%22&expand=stats")
        .await?;
    Ok(everyone_of(&answer))
}

/// The number of users in `Everyone`, from an answer to that request.
pub(super) fn everyone_of(answer: &Answer) -> Option<u64> {
    everyone(&serde_json::from_slice(&answer.body).ok()?)
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
    fn what_is_asked() {
        let whole = |types: &[&str], name_prefix: &str| GroupQuery::Whole {
            types: types.iter().map(|kind| (*kind).to_owned()).collect(),
            name_prefix: name_prefix.to_owned(),
        };
        for (query, parameter) in [
            (whole(&[], ""), ""),
            (whole(&["A", "B"], ""), r#"filter=type eq "A" or type eq "B""#),
            (whole(&[], "x\"y\\"), r#"search=profile.name sw "x\"y\\""#),
            (
                whole(&["A", "B"], "jira-"),
                r#"search=(type eq "A" or type eq "B") and profile.name sw "jira-""#,
            ),
            (
                GroupQuery::MovedSince(UnixMillis(0)),
                r#"filter=lastUpdated gt "1970-01-01T00:00:00.000Z" or lastMembershipUpdated gt "1970-01-01T00:00:00.000Z""#,
            ),
        ] {
            let asked = query.parameter().map(|(name, value)| format!("{name}={value}"));
            assert_eq!(asked.unwrap_or_default(), parameter);
        }
        assert_eq!(
            first_cursor(&whole(&[], "")).as_str(),
            "/api/v1/groups?limit=200&expand=stats"
        );
        assert_eq!(
            first_members_cursor("00g1").as_str(),
            "/api/v1/groups/00g1/users?limit=200"
        );
    }

    #[test]
    fn groups_are_read_as_recorded() {
        let body = br#"[{"id":"00g1","created":"2024-02-06T10:11:28.000Z","type":"OKTA_GROUP",
            "lastMembershipUpdated":"2025-11-28T19:15:32.000Z","profile":{"name":"G","description":null,"n":1e400},
            "_embedded":{"stats":{"usersCount":7,"hasAdminPrivlege":false}}},
            {"id":"00g2","type":"NEW_KIND","profile":7}]"#;
        let rows = decode(body).expect("a list");
        let groups: Vec<Group> = rows.into_iter().map(|row| row.expect("a group")).collect();
        assert_eq!(
            (groups[0].name.as_str(), groups[0].description.clone()),
            ("G", None)
        );
        assert_eq!((groups[0].member_count, groups[1].member_count), (Some(7), None));
        assert_eq!(
            groups[0].profile.as_json(),
            r#"{"description":null,"n":"1e400","name":"G"}"#
        );
        assert_eq!(
            (groups[1].kind.as_str(), groups[1].profile.as_json()),
            ("NEW_KIND", "{}")
        );
        let rows = decode(br#"[{"type":"OKTA_GROUP"},{"id":"00g_everyone"}]"#).expect("a list");
        assert!(rows[0].is_err() && rows[1].is_ok() && decode(b"{}").is_err());
        let rows = decode(br#"[null,{"id":"00g1"}]"#).expect("a list");
        assert!(rows[0].is_err() && rows[1].is_ok());
    }

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
