//! Selects the users of a listing. A directory can store the selection.

use std::fmt;
use std::str::FromStr;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};

/// A set of users that Okta can list (Okta "Users API", listUsers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserQuery {
    /// Every user, deactivated ones included: `search=status pr`. The search index lags by about a second.
    All,
    /// Every user except deactivated ones: the plain list, which needs no search.
    NotDeprovisioned,
    /// Deactivated users only. Together with the plain list these are all users, without a search.
    Deprovisioned,
    /// Users created from `from` (inclusive) to `until` (exclusive). `created` never changes, so such ranges split
    /// the users into parts that do not overlap.
    CreatedBetween {
        /// None begins with the first user.
        from: Option<UnixMillis>,
        /// None ends with the last user.
        until: Option<UnixMillis>,
    },
    /// The same users in the order of `created`, so that a reader knows its progress. Okta documents sorting by
    /// `created` only as "any single property", so a caller that depends on the order must check it.
    CreatedInOrder {
        /// None begins with the first user.
        from: Option<UnixMillis>,
        /// None ends with the last user.
        until: Option<UnixMillis>,
    },
    /// Users updated at this time or later, deactivated ones included.
    UpdatedSince(UnixMillis),
    /// The same users by `filter` instead of a search; `filter` also allows `ge` on `lastUpdated`.
    FilteredSince(UnixMillis),
}

impl UserQuery {
    /// The query parameters that select these users; none for the plain list.
    pub(in crate::okta) fn parameters(&self) -> Vec<(&'static str, String)> {
        match self {
            UserQuery::All => vec![("search", "status pr".to_owned())],
            UserQuery::NotDeprovisioned => Vec::new(),
            UserQuery::Deprovisioned => vec![("filter", r#"status eq "DEPROVISIONED""#.to_owned())],
            UserQuery::CreatedBetween { from, until } => vec![("search", created_between(*from, *until))],
            UserQuery::CreatedInOrder { from, until } => {
                in_order_of("created", created_between(*from, *until), "asc")
            }
            UserQuery::UpdatedSince(since) => {
                vec![("search", format!(r#"lastUpdated ge "{}""#, since.to_rfc3339()))]
            }
            UserQuery::FilteredSince(since) => {
                vec![("filter", format!(r#"lastUpdated ge "{}""#, since.to_rfc3339()))]
            }
        }
    }
}

/// Whether the org refuses the query itself, so that another attempt cannot help.
pub fn refuses_query(error: &Error) -> bool {
    matches!(
        error.code(),
        ErrorCode::SearchRefused | ErrorCode::SearchUnparsable | ErrorCode::ValidationFailed
    )
}

/// The parameters of a search whose rows are sorted by a property (Okta "Users API", listUsers: `sortBy` takes any
/// single property, and rows with the same value are sorted by `id`).
pub(in crate::okta) fn in_order_of(
    property: &str,
    search: String,
    order: &str,
) -> Vec<(&'static str, String)> {
    vec![
        ("search", search),
        ("sortBy", property.to_owned()),
        ("sortOrder", order.to_owned()),
    ]
}

fn created_between(from: Option<UnixMillis>, until: Option<UnixMillis>) -> String {
    let from = from.map(|from| format!(r#"created ge "{}""#, from.to_rfc3339()));
    let until = until.map(|until| format!(r#"created lt "{}""#, until.to_rfc3339()));
    match (from, until) {
        (Some(from), Some(until)) => format!("{from} and {until}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "status pr".to_owned(),
    }
}

/// Writes the stored form, for example `created_between:1705311000000..` (milliseconds; an open end is left out).
impl fmt::Display for UserQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = |end: &Option<UnixMillis>| end.map(|at| at.0.to_string()).unwrap_or_default();
        match self {
            UserQuery::All => f.write_str("all"),
            UserQuery::NotDeprovisioned => f.write_str("not_deprovisioned"),
            UserQuery::Deprovisioned => f.write_str("deprovisioned"),
            UserQuery::CreatedBetween { from, until } => {
                write!(f, "created_between:{}..{}", open(from), open(until))
            }
            UserQuery::CreatedInOrder { from, until } => {
                write!(f, "created_in_order:{}..{}", open(from), open(until))
            }
            UserQuery::UpdatedSince(since) => write!(f, "updated_since:{}", since.0),
            UserQuery::FilteredSince(since) => write!(f, "filtered_since:{}", since.0),
        }
    }
}

impl FromStr for UserQuery {
    type Err = Error;

    fn from_str(text: &str) -> Result<UserQuery> {
        read(text).ok_or_else(|| Error::about(ErrorCode::DirectoryCorrupt, "a stored user query"))
    }
}

fn read(text: &str) -> Option<UserQuery> {
    let moment = |text: &str| text.parse().ok().map(UnixMillis);
    let open = |text: &str| match text {
        "" => Some(None),
        text => moment(text).map(Some),
    };
    match text {
        "all" => return Some(UserQuery::All),
        "not_deprovisioned" => return Some(UserQuery::NotDeprovisioned),
        "deprovisioned" => return Some(UserQuery::Deprovisioned),
        _ => {}
    }
    match text.split_once(':')? {
        ("created_between", range) => {
            let (from, until) = range.split_once("..")?;
            Some(UserQuery::CreatedBetween {
                from: open(from)?,
                until: open(until)?,
            })
        }
        ("created_in_order", range) => {
            let (from, until) = range.split_once("..")?;
            Some(UserQuery::CreatedInOrder {
                from: open(from)?,
                until: open(until)?,
            })
        }
        ("updated_since", since) => moment(since).map(UserQuery::UpdatedSince),
        ("filtered_since", since) => moment(since).map(UserQuery::FilteredSince),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: UnixMillis = UnixMillis(1_705_311_000_344);

    #[test]
    fn what_is_asked_and_what_is_stored() {
        let between = |from, until| UserQuery::CreatedBetween { from, until };
        for (query, parameter, stored) in [
            (UserQuery::All, "search=status pr", "all"),
            (UserQuery::NotDeprovisioned, "", "not_deprovisioned"),
            (
                UserQuery::Deprovisioned,
                r#"filter=status eq "DEPROVISIONED""#,
                "deprovisioned",
            ),
            (between(None, None), "search=status pr", "created_between:.."),
            (
                between(Some(AT), None),
                r#"search=created ge "2024-01-15T09:30:00.344Z""#,
                "created_between:1705311000344..",
            ),
            (
                between(Some(UnixMillis(0)), Some(AT)),
                r#"search=created ge "1970-01-01T00:00:00.000Z" and created lt "2024-01-15T09:30:00.344Z""#,
                "created_between:0..1705311000344",
            ),
            (
                UserQuery::CreatedInOrder {
                    from: None,
                    until: Some(AT),
                },
                r#"search=created lt "2024-01-15T09:30:00.344Z"&sortBy=created&sortOrder=asc"#,
                "created_in_order:..1705311000344",
            ),
            (
                UserQuery::UpdatedSince(AT),
                r#"search=lastUpdated ge "2024-01-15T09:30:00.344Z""#,
                "updated_since:1705311000344",
            ),
            (
                UserQuery::FilteredSince(AT),
                r#"filter=lastUpdated ge "2024-01-15T09:30:00.344Z""#,
                "filtered_since:1705311000344",
            ),
        ] {
            let asked = query.parameters().into_iter();
            let asked: Vec<_> = asked.map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(asked.join("&"), parameter);
            assert_eq!(query.to_string(), stored);
            assert_eq!(stored.parse::<UserQuery>().expect(stored), query);
        }
    }

    #[test]
    fn damaged_texts_are_refused() {
        for text in [
            "",
            "All",
            "created_between:",
            "created_between:a..",
            "updated_since:",
            "else:1",
        ] {
            assert!(text.parse::<UserQuery>().is_err(), "{text}");
        }
    }
}
