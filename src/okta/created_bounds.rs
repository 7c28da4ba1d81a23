//! When the first and the last user of an org were created, and whether the org sorts by it.
//!
//! Sorting by `created` is documented only as "any single property" (Okta "Users API", listUsers), so the
//! answers are hints: an org that ignores the order gives the same user at both ends.

use crate::clock::UnixMillis;
use crate::error::Result;
use crate::okta::page::Cursor;
use crate::okta::user_query::in_order_of_created;
use crate::okta::users::{PATH, users_page};
use crate::okta::{OktaClient, PageSize};

/// One end of the users in the order of `created`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CreatedEnd {
    /// Who was created first.
    Earliest,
    /// Who was created last.
    Latest,
}

/// When the user at that end was created; none if there is no user, or one without a date.
pub async fn created_at(client: &OktaClient, end: CreatedEnd) -> Result<Option<UnixMillis>> {
    let order = match end {
        CreatedEnd::Earliest => "asc",
        CreatedEnd::Latest => "desc",
    };
    let mut parameters = vec![("limit", "1".to_owned())];
    parameters.extend(in_order_of_created("status pr".to_owned(), order));
    let parameters: Vec<_> = parameters
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let cursor = Cursor::first(PATH, &parameters);
    let page = users_page(client, &cursor, &PageSize::new(1)).await?;
    Ok(page.items.first().and_then(|user| user.created))
}
