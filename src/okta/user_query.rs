//! Which users a slice lists, as text in the directory and as a question to Okta.

use std::fmt;
use std::str::FromStr;

use url::form_urlencoded;

use crate::clock::UnixMillis;
use crate::error::{Error, Result};

/// A set of users that one cursor walks through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserQuery {
    /// Every user of every status (Okta's plain list leaves deactivated users out).
    All,
    /// Every user but deactivated ones: the plain list, which needs no search.
    NotDeprovisioned,
    /// Deactivated users only, by filter.
    Deprovisioned,
    /// Users created from the first moment on and before the second; `created` never changes, so such
    /// sets are disjoint and stable.
    Created {
        /// Created at this moment or later; from the beginning if none.
        from: Option<UnixMillis>,
        /// Created before this moment; no end if none.
        until: Option<UnixMillis>,
    },
}

impl UserQuery {
    /// Whether it needs Okta's search, which an org may refuse.
    pub fn is_search(&self) -> bool {
        match self {
            UserQuery::All | UserQuery::Created { .. } => true,
            UserQuery::NotDeprovisioned | UserQuery::Deprovisioned => false,
        }
    }

    /// The query string of its first page.
    pub fn parameters(&self, limit: u64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        match self {
            UserQuery::All => query.append_pair("search", "status pr"),
            UserQuery::NotDeprovisioned => &mut query,
            UserQuery::Deprovisioned => query.append_pair("filter", "status eq \"DEPROVISIONED\""),
            UserQuery::Created { from, until } => query.append_pair("search", &created(*from, *until)),
        };
        query.append_pair("limit", &limit.to_string()).finish()
    }
}

fn created(from: Option<UnixMillis>, until: Option<UnixMillis>) -> String {
    let bound = |operator: &str, at: UnixMillis| format!("created {operator} \"{}\"", at.to_rfc3339());
    let bounds = [from.map(|at| bound("ge", at)), until.map(|at| bound("lt", at))];
    let bounds: Vec<String> = bounds.into_iter().flatten().collect();
    if bounds.is_empty() {
        "status pr".to_owned()
    } else {
        bounds.join(" and ")
    }
}

impl fmt::Display for UserQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |at: &Option<UnixMillis>| at.map_or_else(String::new, |at| at.0.to_string());
        match self {
            UserQuery::All => f.write_str("all"),
            UserQuery::NotDeprovisioned => f.write_str("not_deprovisioned"),
            UserQuery::Deprovisioned => f.write_str("deprovisioned"),
            UserQuery::Created { from, until } => write!(f, "created:{}..{}", text(from), text(until)),
        }
    }
}

impl FromStr for UserQuery {
    type Err = Error;

    fn from_str(text: &str) -> Result<UserQuery> {
        let unknown = || Error::internal("a slice of an unknown form");
        let moment = |text: &str| match text {
            "" => Ok(None),
            number => number
                .parse()
                .map(|millis| Some(UnixMillis(millis)))
                .map_err(|_| unknown()),
        };
        match text {
            "all" => Ok(UserQuery::All),
            "not_deprovisioned" => Ok(UserQuery::NotDeprovisioned),
            "deprovisioned" => Ok(UserQuery::Deprovisioned),
            _ => {
                let range = text
                    .strip_prefix("created:")
                    .and_then(|range| range.split_once(".."));
                let (from, until) = range.ok_or_else(unknown)?;
                Ok(UserQuery::Created {
                    from: moment(from)?,
                    until: moment(until)?,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_comes_back_the_same() {
        let at = |millis| Some(UnixMillis(millis));
        for query in [
            UserQuery::All,
            UserQuery::NotDeprovisioned,
            UserQuery::Deprovisioned,
            UserQuery::Created {
                from: at(-5),
                until: None,
            },
            UserQuery::Created {
                from: None,
                until: at(7),
            },
            UserQuery::Created {
                from: at(1),
                until: at(7),
            },
        ] {
            assert_eq!(query.to_string().parse::<UserQuery>().expect("known"), query);
        }
        for text in ["", "none", "created:", "created:a..b"] {
            assert!(text.parse::<UserQuery>().is_err(), "{text}");
        }
    }

    #[test]
    fn dates_stand_in_double_quotes() {
        let query = UserQuery::Created {
            from: Some(UnixMillis(0)),
            until: Some(UnixMillis(1_000)),
        };
        assert_eq!(
            query.parameters(200),
            "search=created+ge+%221970-01-01T00%3A00%3A00.000Z%22+and+created+lt+%221970-01-01T00%3A00%3A01.000Z%22&limit=200"
        );
    }
}
