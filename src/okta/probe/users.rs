//! Checks whether users can be read, and whether all of them can. It is the most important check.
//!
//! "No users" is never believed at once, because a credential without a role gets the same answer.

use std::time::Duration;

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::link_header;
use crate::model::{AttributeFilter, Capability, Check, CredentialKind, Outcome};
use crate::okta::client::OktaClient;
use crate::okta::probe::advice::{failed, passed};
use crate::okta::users;

/// The result of requesting one user.
pub(in crate::okta) struct UsersSeen {
    sight: Sight,
    /// The status of the user; empty if there was none.
    first_status: String,
    /// The announced requests a minute; none if Okta announced none.
    pub(in crate::okta) limit: Option<u32>,
    /// How long the answer took.
    pub(in crate::okta) latency: Duration,
}

/// In which way users could be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    /// A user was found by the search that a sync uses.
    Search,
    /// A user was found by the plain list only, because Okta refuses the search.
    SearchRefused,
    /// A user was found by the plain list only, because the search shows nobody.
    SearchBehind,
    /// This page shows no user, but the list goes on: Okta cuts pages first and hides users afterwards.
    Partly,
    /// There is no user, and the list ends.
    Nobody,
}

/// Requests one user by search, as a sync does. If the search is refused or shows nobody, the plain list is
/// requested as well, because the search index may be behind.
pub(in crate::okta) async fn see_users(client: &OktaClient) -> Result<UsersSeen> {
    let by_search = see(client, "/api/v1/users?limit=1&search=status+pr").await;
    let sight = match &by_search {
        Ok(seen) if seen.sight == Sight::Nobody => Sight::SearchBehind,
        Err(error) if is_fault_of_search(error.code()) => Sight::SearchRefused,
        Ok(_) | Err(_) => return by_search,
    };
    match see(client, "/api/v1/users?limit=1").await {
        Ok(plain) if plain.sight == Sight::Search => Ok(UsersSeen { sight, ..plain }),
        Ok(plain) if by_search.is_err() => Ok(plain),
        Err(error) if error.code() == ErrorCode::Cancelled => Err(error),
        Ok(_) | Err(_) => by_search,
    }
}

async fn see(client: &OktaClient, target: &str) -> Result<UsersSeen> {
    let answer = client.get(target).await?;
    let users = users::decode(&answer.body, &AttributeFilter::default())?;
    let is_empty = users.items.is_empty() && users.unreadable.is_empty();
    let users = users.items;
    let goes_on = link_header::next(&answer.headers)?.is_some();
    let sight = match is_empty {
        false => Sight::Search,
        true if goes_on => Sight::Partly,
        true => Sight::Nobody,
    };
    Ok(UsersSeen {
        sight,
        first_status: users.first().map(|user| user.status.clone()).unwrap_or_default(),
        limit: answer.rate.limit.filter(|limit| *limit > 0),
        latency: answer.latency,
    })
}

fn is_fault_of_search(code: ErrorCode) -> bool {
    use ErrorCode::*;
    matches!(
        code,
        SearchRefused | SearchUnparsable | ValidationFailed | RequestRejected | OktaUnavailable
    )
}

impl UsersSeen {
    /// Whether there are users to synchronize.
    pub(in crate::okta) fn anybody(&self) -> bool {
        self.sight != Sight::Nobody
    }

    /// The check for the report. A credential without a role gets an empty list (Okta article "403 error with
    /// Org2Org"), and a sync that believed the list would find nobody. So an empty list makes the connection
    /// unusable, unless Okta's own `count` says that there really is nobody.
    pub(in crate::okta) fn check(&self, count: Option<u64>, kind: CredentialKind) -> Check {
        let warning = |advice| {
            passed(
                Capability::ReadUsers,
                Outcome::Warning,
                advice,
                self.first_status.clone(),
            )
        };
        match self.sight {
            Sight::Search => {
                let (outcome, advice) = (Outcome::Ok, "Users can be read.");
                passed(Capability::ReadUsers, outcome, advice, self.first_status.clone())
            }
            Sight::SearchRefused => warning(
                "Users can be read, but Okta refuses to search for all of them at once; deactivated users are listed separately.",
            ),
            Sight::SearchBehind => warning(
                "Users can be read, but Okta's search shows none of them; if this does not change, ask Okta support, because changes are found by that search.",
            ),
            Sight::Partly => warning(
                "Users can be read, but some are hidden from this credential; its role seems to be limited to some groups, and only their users will be synchronized.",
            ),
            Sight::Nobody if count == Some(0) => {
                warning("Okta shows no users, and its own count is 0 too; check that this is the right org.")
            }
            Sight::Nobody if kind == CredentialKind::ServiceApp => {
                let hidden = Error::new(ErrorCode::AppWithoutRole);
                failed(Capability::ReadUsers, Outcome::MissingRole, &hidden)
            }
            Sight::Nobody => {
                let hidden = Error::new(ErrorCode::RoleMissing);
                Check {
                    advice: EMPTY.to_owned(),
                    ..failed(Capability::ReadUsers, Outcome::MissingRole, &hidden)
                }
            }
        }
    }
}

const EMPTY: &str = "Okta shows an empty list of users, as it does to a credential without an admin role; give the token's owner (or the app) the Read-only Administrator role, or an own role with the permission to view users.";
