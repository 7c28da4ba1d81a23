//! Asks when the first and the last user of an org were created, whether the org sorts by creation, and when the
//! users of a sample were created.
//!
//! Okta documents sorting by `created` only as "any single property" (Okta "Users API", listUsers), so the answers
//! are hints. An org that ignores the order returns the same user at both ends.

use crate::clock::UnixMillis;
use crate::contract::errors::Result;
use crate::model::OktaUser;
use crate::okta::client::page::Cursor;
use crate::okta::users::query::in_order_of;
use crate::okta::users::{PATH, users_page};
use crate::okta::{OktaClient, PageSize};

/// One end of the users, in the order of `created`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreatedEnd {
    /// The user created first.
    Earliest,
    /// The user created last.
    Latest,
}

/// When the user at that end was created; none if there is no user, or if the user has no date.
pub async fn created_at(client: &OktaClient, end: CreatedEnd) -> Result<Option<UnixMillis>> {
    let order = match end {
        CreatedEnd::Earliest => "asc",
        CreatedEnd::Latest => "desc",
    };
    let users = first_in_order_of(client, "created", order, 1).await?;
    Ok(users.first().and_then(|user| user.created))
}

/// The creation times of the users that were updated last, at most `rows` of them. An update has little to do with
/// the time of creation, so these users are a sample of all. If all users were updated at once, the sample is bad,
/// which does no harm.
pub async fn created_of_updated(client: &OktaClient, rows: u32) -> Result<Vec<UnixMillis>> {
    let users = first_in_order_of(client, "lastUpdated", "desc", rows).await?;
    Ok(users.iter().filter_map(|user| user.created).collect())
}

async fn first_in_order_of(
    client: &OktaClient,
    property: &str,
    order: &str,
    rows: u32,
) -> Result<Vec<OktaUser>> {
    let mut parameters = vec![("limit", rows.to_string())];
    parameters.extend(in_order_of(property, "status pr".to_owned(), order));
    let parameters: Vec<_> = parameters
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let cursor = Cursor::first(PATH, &parameters);
    let page = users_page(client, &cursor, &PageSize::new(rows)).await?;
    Ok(page.items)
}
