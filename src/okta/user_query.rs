//! Which users a listing is about, as a value that a directory can store.

use std::fmt;
use std::str::FromStr;

use crate::clock::UnixMillis;
use crate::error::{Error, ErrorCode, Result};

/// A set of users that Okta can list (Okta "Users API", listUsers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserQuery {
    /// Every user, deactivated ones included: `search=status pr`. The search index lags by a second or so.
    All,
    /// Every user but the deactivated: the plain list, which needs no search.
    NotDeprovisioned,
    /// The deactivated users: with the plain list, all users without search.
    Deprovisioned,
    /// Users created from `from` (inclusive) to `until` (exclusive). `created` never changes, so such
    /// ranges cut the users into parts that stay apart.
    CreatedBetween {
        /// None: from the first user on.
        from: Option<UnixMillis>,
        /// None: up to the last user.
        until: Option<UnixMillis>,
    },
    /// Users updated at this moment or later.
    UpdatedSince(UnixMillis),
}

impl UserQuery {
    /// The parameter that selects these users; none for the plain list.
    pub(super) fn parameter(&self) -> Option<(&'static str, String)> {
        match self {
            UserQuery::All => Some(("search", "status pr".to_owned())),
            UserQuery::NotDeprovisioned => None,
            UserQuery::Deprovisioned => Some(("filter", r#"status eq "DEPROVISIONED""#.to_owned())),
            UserQuery::CreatedBetween { from, until } => Some(("search", created_between(*from, *until))),
            UserQuery::UpdatedSince(since) => {
                Some(("search", format!(r#"lastUpdated ge "{}""#, since.to_rfc3339())))
            }
        }
    }
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

/// The stored form, for example `created_between:1705311000000..` (milliseconds, an open end left out).
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
            UserQuery::UpdatedSince(since) => write!(f, "updated_since:{}", since.0),
        }
    }
}

impl FromStr for UserQuery {
    type Err = Error;

    fn from_str(text: &str) -> Result<UserQuery> {
        read(text).ok_or_else(|| Error::about(ErrorCode::InvalidArgument, "a stored user query is damaged"))
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
        ("updated_since", since) => moment(since).map(UserQuery::UpdatedSince),
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
                UserQuery::UpdatedSince(AT),
                r#"search=lastUpdated ge "2024-01-15T09:30:00.344Z""#,
                "updated_since:1705311000344",
            ),
        ] {
            let asked = query
                .parameter()
                .map(|(name, value)| format!("{name}={value}"))
                .unwrap_or_default();
            assert_eq!(asked, parameter);
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
