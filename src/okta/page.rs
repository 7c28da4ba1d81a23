//! Listings: where a page ends and where the next one is.
//!
//! A cursor is the `next` link as Okta gave it, opaque but checked: it must stay within the org and it
//! must move. Only an answer without `next` ends a listing; a short or empty page does not.

use url::Url;

use super::client::OktaClient;
use crate::error::{Error, ErrorCode, Result};
use crate::http::{Headers, link_header};

/// One page of a listing.
#[derive(Debug)]
pub struct Page<T> {
    /// What is on it; may be short or empty.
    pub items: Vec<T>,
    /// Where the listing goes on; none at its end.
    pub next: Option<Cursor>,
}

/// A place in a listing: path and query of the request that fetches it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(String);

/// Every listing is below this path; a stored cursor that is not was not made by this program.
const API: &str = "/api/v1/";

impl Cursor {
    /// A cursor as the directory kept it.
    pub fn from_stored(text: &str) -> Result<Cursor> {
        if !text.starts_with(API) {
            return Err(Error::internal("a stored cursor of an unknown form"));
        }
        Ok(Cursor(text.to_owned()))
    }

    /// The first page of a listing.
    pub fn first(path: &str, query: &str) -> Cursor {
        Cursor(format!("{path}?{query}"))
    }

    /// The text that the directory keeps.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same place with another number of items a page.
    pub fn with_limit(&self, limit: u64) -> Cursor {
        let Some((path, query)) = self.0.split_once('?') else {
            return self.clone();
        };
        let limit = format!("limit={limit}");
        let parts: Vec<&str> = query
            .split('&')
            .map(|part| {
                if part.starts_with("limit=") {
                    limit.as_str()
                } else {
                    part
                }
            })
            .collect();
        Cursor(format!("{path}?{}", parts.join("&")))
    }
}

/// Reads where the listing goes on after the page that `asked` fetched.
pub fn next_cursor(client: &OktaClient, asked: &Cursor, headers: &Headers) -> Result<Option<Cursor>> {
    let Some(target) = link_header::target(headers.all("link"), "next") else {
        return Ok(None);
    };
    let base = client.org().join(asked.as_str())?;
    let url = base
        .join(target)
        .map_err(|_| Error::new(ErrorCode::UnexpectedAnswer))?;
    if !client.is_own(&url) || url.path() != base.path() {
        return Err(Error::new(ErrorCode::ForeignHost));
    }
    let moves = parameter(&url, "after").is_some_and(|after| !after.is_empty());
    let next = Cursor(format!("{}?{}", url.path(), with_dropped(&base, &url)));
    if !moves || next == *asked || parameter(&url, "after") == parameter(&base, "after") {
        return Err(Error::new(ErrorCode::CursorRepeated));
    }
    Ok(Some(next))
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(own, _)| own == name)
        .map(|(_, value)| value.into_owned())
}

/// The query of `next`, with the parameters of the request that Okta dropped from it (known for
/// `expand`); the given part stays as it is, so that nothing is encoded twice.
fn with_dropped(asked: &Url, next: &Url) -> String {
    let mut query = next.query().unwrap_or_default().to_owned();
    for part in asked.query().unwrap_or_default().split('&') {
        let name = part.split('=').next().unwrap_or(part);
        let kept = next.query_pairs().any(|(own, _)| own == name);
        if !kept && name != "after" && !name.is_empty() {
            query.push('&');
            query.push_str(part);
        }
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::CancelToken;
    use crate::config::Settings;
    use crate::http::{Meter, Transport};
    use crate::logging::Log;
    use crate::okta::{Credential, OrgUrl};
    use crate::secret::Secret;

    fn client() -> OktaClient {
        let settings = Settings::default();
        let (org, _) = OrgUrl::parse("https://example.okta.com").expect("valid");
        let credential = Credential::ApiToken(Secret::credential("00token").expect("valid"));
        let transport = Transport::new(&settings).expect("valid settings");
        OktaClient::new(
            org,
            credential,
            transport,
            &settings,
            Log::default(),
            CancelToken::new(),
            Meter::default(),
        )
    }

    fn next(asked: &str, link: &str) -> Result<Option<String>> {
        let headers =
            Headers::from_pairs([("link".to_owned(), format!("<{link}>; rel=\"next\""))].into_iter());
        let asked = Cursor::from_stored(asked)?;
        Ok(next_cursor(&client(), &asked, &headers)?.map(|cursor| cursor.0))
    }

    #[test]
    fn the_link_is_followed_as_given_and_dropped_parameters_come_back() {
        let asked = "/api/v1/groups?limit=200&expand=stats&search=type+eq+%22x%22";
        let found = next(
            asked,
            "https://example.okta.com/api/v1/groups?after=00g%2B1&limit=200",
        )
        .expect("valid");
        assert_eq!(
            found.as_deref(),
            Some("/api/v1/groups?after=00g%2B1&limit=200&expand=stats&search=type+eq+%22x%22")
        );
        let relative = next("/api/v1/users?limit=1", "/api/v1/users?after=2&limit=1").expect("valid");
        assert_eq!(relative.as_deref(), Some("/api/v1/users?after=2&limit=1"));
    }

    #[test]
    fn links_that_leave_the_org_or_the_listing_are_refused() {
        for link in [
            "https://evil.example/api/v1/users?after=1",
            "http://example.okta.com/api/v1/users?after=1",
            "https://example.okta.com:8443/api/v1/users?after=1",
            "https://example.okta.com.evil.example/api/v1/users?after=1",
            "https://example.okta.com@evil.example/api/v1/users?after=1",
            "//evil.example/api/v1/users?after=1",
            "https://example.okta.com/api/v1/groups?after=1",
        ] {
            assert_eq!(
                next("/api/v1/users?limit=1", link).expect_err(link).code(),
                ErrorCode::ForeignHost,
                "{link}"
            );
        }
    }

    #[test]
    fn a_cursor_that_does_not_move_is_refused() {
        let asked = "/api/v1/users?after=2&limit=1";
        for link in [
            "/api/v1/users?after=2&limit=1",
            "/api/v1/users?limit=1&after=2",
            "/api/v1/users?after=&limit=1",
            "/api/v1/users?limit=1",
        ] {
            assert_eq!(
                next(asked, link).expect_err(link).code(),
                ErrorCode::CursorRepeated,
                "{link}"
            );
        }
    }

    #[test]
    fn no_next_is_the_end_and_limits_can_change() {
        let asked = Cursor::from_stored("/api/v1/users?after=2&limit=200").expect("valid");
        assert_eq!(
            next_cursor(&client(), &asked, &Headers::default()).expect("valid"),
            None
        );
        assert_eq!(asked.with_limit(50).as_str(), "/api/v1/users?after=2&limit=50");
        assert!(Cursor::from_stored("https://evil.example/").is_err());
    }
}
