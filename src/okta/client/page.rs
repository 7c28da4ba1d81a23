//! Walks a listing page by page (Okta "Pagination").
//!
//! A listing ends only where there is no `rel="next"` link; a short or an empty page is not the end. It is an error
//! if a body is not a list, or if the next link leads to another host, to another listing or back to an earlier
//! page. If a listing ends in a strange way, the page is requested once more before we believe it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use url::{Position, Url};

use crate::contract::errors::{Error, ErrorCode, Result};
use crate::http::link_header;
use crate::okta::OrgUrl;
use crate::okta::client::OktaClient;
use crate::okta::client::ask::{Answer, Ask};

/// Parameters that say where a page begins and how long it is.
const PLACE: [&str; 2] = ["after", "limit"];
/// Parameters that select rows.
const SELECTIONS: [&str; 3] = ["search", "filter", "q"];

/// A position in a listing: path and query of the page to request. A run stores it as text, and it stays valid, so
/// a later run can resume from it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor(String);

impl Cursor {
    /// The first page of a listing, from a path and its parameters.
    pub(in crate::okta) fn first(path: &str, parameters: &[(&str, &str)]) -> Cursor {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters);
        Cursor(format!("{path}?{}", query.finish()))
    }

    /// A position from text that is known to be valid.
    pub(in crate::okta) fn of(text: String) -> Cursor {
        Cursor(text)
    }

    /// The position of a URL on the org.
    pub(in crate::okta) fn of_url(url: &Url) -> Cursor {
        Cursor(url[Position::BeforePath..Position::AfterQuery].to_owned())
    }

    /// Path and query as they are stored and sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is not the first page.
    pub(in crate::okta) fn is_after_first(&self) -> bool {
        let query = self.0.split_once('?').map_or("", |(_, query)| query);
        url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "after")
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Cursor {
    type Err = Error;

    /// Reads the text that `Display` writes.
    fn from_str(text: &str) -> Result<Cursor> {
        let is_path = text.starts_with('/') && !text.starts_with("//");
        if !is_path || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::about(
                ErrorCode::DirectoryCorrupt,
                "a stored page position",
            ));
        }
        Ok(Cursor(text.to_owned()))
    }
}

/// One page of a listing.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The rows in Okta's order; there may be none on a page in the middle.
    pub items: Vec<T>,
    /// The rows that cannot be read.
    pub unreadable: Vec<Unreadable>,
    /// The position of the next page; none at the end of the listing.
    pub next: Option<Cursor>,
    /// How long Okta took. Waits and earlier attempts are not counted.
    pub latency: Duration,
}

/// A row whose id is known but whose content cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Okta's id of the row.
    pub id: String,
    /// The number of the row on its page, from 1.
    pub row: usize,
    /// What is wrong with it.
    pub why: &'static str,
}

/// The decoded rows of a page.
#[derive(Debug)]
pub struct Rows<T> {
    /// The rows that can be read, in Okta's order.
    pub items: Vec<T>,
    /// The rows that cannot be read.
    pub unreadable: Vec<Unreadable>,
    /// How many values of the readable rows had to be replaced.
    pub mended: u64,
}

impl<T> From<Vec<T>> for Rows<T> {
    fn from(items: Vec<T>) -> Rows<T> {
        Rows {
            items,
            unreadable: Vec::new(),
            mended: 0,
        }
    }
}

/// Requests the page at `cursor`. `dress` adds headers and page size to the request; `decode` reads the rows from
/// the body.
pub(in crate::okta) async fn page<'a, T>(
    client: &OktaClient,
    cursor: &'a Cursor,
    dress: impl Fn(Ask<'a>) -> Ask<'a>,
    decode: impl Fn(&[u8]) -> Result<Vec<T>>,
) -> Result<Page<T>> {
    page_of_rows(client, cursor, dress, |body| decode(body).map(Rows::from)).await
}

/// Requests the page at `cursor`; `decode` may find rows that cannot be read.
pub(in crate::okta) async fn page_of_rows<'a, T>(
    client: &OktaClient,
    cursor: &'a Cursor,
    dress: impl Fn(Ask<'a>) -> Ask<'a>,
    decode: impl Fn(&[u8]) -> Result<Rows<T>>,
) -> Result<Page<T>> {
    let ask = dress(Ask::new(cursor.as_str()));
    match ask_once(client, cursor, &ask, &decode).await {
        // The page before announced more rows, but this one is empty. A lost index shard or a proxy that answers
        // instead of Okta looks like this, and the missing users would seem to be deleted.
        Ok(page) if page.is_strange_end(cursor) => {
            client
                .log()
                .info("a listing ended in an empty page; asking for it once more");
            ask_once(client, cursor, &ask, &decode).await
        }
        Err(error) if error.code() == ErrorCode::CursorRepeated => {
            client
                .log()
                .warn(format!("{error} Asking for the page once more."));
            ask_once(client, cursor, &ask, &decode).await
        }
        asked => asked,
    }
}

impl<T> Page<T> {
    /// Whether the listing led to this page, and the page is empty and the last one.
    pub fn is_strange_end(&self, cursor: &Cursor) -> bool {
        let is_empty = self.items.is_empty() && self.unreadable.is_empty();
        is_empty && self.next.is_none() && cursor.is_after_first()
    }
}

async fn ask_once<T>(
    client: &OktaClient,
    cursor: &Cursor,
    ask: &Ask<'_>,
    decode: impl Fn(&[u8]) -> Result<Rows<T>>,
) -> Result<Page<T>> {
    let answer = client.read(ask, |body| decode(&body)).await;
    let answer = answer.map_err(|error| bad_cursor(cursor, error))?;
    let next = next_cursor(client.org(), cursor, &answer)?;
    let Rows {
        items,
        unreadable,
        mended,
    } = answer.body;
    client.meter().count_mended(mended);
    Ok(Page {
        items,
        unreadable,
        next,
        latency: answer.latency,
    })
}

/// Okta sends E0000031 for a bad search and for a bad cursor. On a later page it must be the cursor, because Okta
/// accepted the same search on the first page.
fn bad_cursor(cursor: &Cursor, error: Error) -> Error {
    match error.code() == ErrorCode::SearchRefused && cursor.is_after_first() {
        true => Error::new(ErrorCode::CursorInvalid)
            .okta_error_code(error.okta_error().unwrap_or_default())
            .okta_request_id(error.request_id()),
        false => error,
    }
}

fn next_cursor<T>(org: &OrgUrl, current: &Cursor, answer: &Answer<T>) -> Result<Option<Cursor>> {
    let Some((current, mut next)) = next_link(org, current, answer, &PLACE)? else {
        return Ok(None);
    };
    add_what_was_dropped(&current, &mut next);
    let goes_on = next
        .query_pairs()
        .any(|(name, value)| name == "after" && !value.is_empty());
    if !goes_on || position(&next) == position(&current) {
        return Err(Error::new(ErrorCode::CursorRepeated));
    }
    Ok(Some(Cursor::of_url(&next)))
}

/// The URL of this page, and the URL of its next link; none if there is no link. It is an error if the link leaves
/// the org or leads to another listing. Only the parameters named in `place` may differ.
pub(in crate::okta) fn next_link<T>(
    org: &OrgUrl,
    current: &Cursor,
    answer: &Answer<T>,
    place: &[&str],
) -> Result<Option<(Url, Url)>> {
    let Some(link) = link_header::next(&answer.headers)? else {
        return Ok(None);
    };
    let current = org.join(current.as_str())?;
    let next = current
        .join(&link)
        .map_err(|_| Error::new(ErrorCode::ForeignHost))?;
    if !org.same_host(&next) {
        return Err(Error::new(ErrorCode::ForeignHost));
    }
    if next.path() != current.path() || asks_for_others(&current, &next, place) {
        let what = "the link to the next page leads to another listing";
        return Err(Error::about(ErrorCode::UnexpectedAnswer, what));
    }
    Ok(Some((current, next)))
}

/// Whether the next page belongs to another listing: a parameter has another value, or there is a selection that
/// was not there before. Parameters of `place` may differ.
fn asks_for_others(current: &Url, next: &Url, place: &[&str]) -> bool {
    let value = |name: &str| {
        let mut pairs = current.query_pairs();
        pairs.find(|(known, _)| known == name).map(|(_, value)| value)
    };
    next.query_pairs().any(|(name, asked)| match value(&name) {
        _ if place.contains(&name.as_ref()) => false,
        Some(value) => value != asked,
        None => SELECTIONS.contains(&name.as_ref()),
    })
}

/// Adds parameters such as `expand` again, which Okta leaves out of the next link (okta-sdk-nodejs#439, #494;
/// okta-sdk-golang#242). Without them the later pages would belong to another listing.
fn add_what_was_dropped(current: &Url, next: &mut Url) {
    let is_dropped = |(name, _): &(String, String)| {
        name != "after" && !next.query_pairs().any(|(present, _)| present == *name)
    };
    let dropped: Vec<(String, String)> = current.query_pairs().into_owned().filter(is_dropped).collect();
    // If nothing is missing, Okta's link stays exactly as it is, so its cursor is not decoded and encoded again.
    if !dropped.is_empty() {
        next.query_pairs_mut().extend_pairs(dropped);
    }
}

/// A value that identifies the page, independent of the order and encoding of the parameters. The page size does
/// not count.
fn position(url: &Url) -> (String, Vec<(String, String)>) {
    let mut pairs: Vec<_> = url
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| name != "limit")
        .collect();
    pairs.sort();
    (url.path().to_owned(), pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;
    use crate::http::rate_limit::RateHeaders;

    fn follow(current: &str, links: &[&str]) -> Result<Option<String>> {
        let (org, _) = OrgUrl::parse("https://example.okta.com").expect("an org");
        let org = org.with_alternates(vec![Url::parse("https://id.example.com").expect("a URL")]);
        let headers: Headers = links.iter().map(|link| ("link", *link)).collect();
        let current: Cursor = current.parse().expect("a cursor");
        let answer = Answer {
            body: b"[]".to_vec(),
            headers,
            rate: RateHeaders::default(),
            date: None,
            url: org.join(current.as_str()).expect("a URL"),
            latency: std::time::Duration::ZERO,
        };
        Ok(next_cursor(&org, &current, &answer)?.map(|next| next.to_string()))
    }

    #[test]
    fn the_next_page_is_taken_as_given() {
        let first = "/api/v1/users?limit=200&search=status+pr";
        for (link, next) in [
            (
                r#"<https://example.okta.com/api/v1/users?after=200u1%2B%3D&limit=200&search=status+pr>; rel="next""#,
                "/api/v1/users?after=200u1%2B%3D&limit=200&search=status+pr",
            ),
            (
                r#"<https://id.example.com/api/v1/users?after=00u1&limit=200&search=status%20pr>; rel="next""#,
                "/api/v1/users?after=00u1&limit=200&search=status%20pr",
            ),
            (
                r#"</api/v1/users?after=00u1&limit=200&search=status+pr>; rel="next""#,
                "/api/v1/users?after=00u1&limit=200&search=status+pr",
            ),
        ] {
            assert_eq!(follow(first, &[link]).expect(link).as_deref(), Some(next));
        }
        assert_eq!(follow(first, &[]).expect("the end"), None);
    }

    #[test]
    fn dropped_parameters_come_back_and_the_cursor_does_not() {
        let current = "/api/v1/groups?after=00g1&limit=100&expand=stats&filter=type+eq+%22A%22";
        let link = r#"<https://example.okta.com/api/v1/groups?after=00g%2F2&limit=100>; rel="next""#;
        let next = follow(current, &[link]).expect("a page").expect("a next page");
        assert_eq!(
            next,
            "/api/v1/groups?after=00g%2F2&limit=100&expand=stats&filter=type+eq+%22A%22"
        );
    }

    #[test]
    fn a_page_that_leads_back_or_away_stops_the_listing() {
        use ErrorCode::{CursorRepeated, ForeignHost, UnexpectedAnswer};
        let current = "/api/v1/users?after=00u1&limit=200&search=status+pr";
        for (target, code) in [
            (
                "<https://example.okta.com/api/v1/users?after=&limit=200>",
                CursorRepeated,
            ),
            (
                "<https://example.okta.com/api/v1/users?limit=200>",
                CursorRepeated,
            ),
            (
                "<https://example.okta.com/api/v1/users?search=status%20pr&after=00u1&limit=100>",
                CursorRepeated,
            ),
            (
                "<https://example.okta.com/api/v1/users?after=00u1>",
                CursorRepeated,
            ),
            ("<https://evil.example/api/v1/users?after=00u2>", ForeignHost),
            ("<//evil.example/api/v1/users?after=00u2>", ForeignHost),
            ("<http://example.okta.com/api/v1/users?after=00u2>", ForeignHost),
            (
                "<https://example.okta.com:8443/api/v1/users?after=00u2>",
                ForeignHost,
            ),
            (
                "<https://a@example.okta.com/api/v1/users?after=00u2>",
                ForeignHost,
            ),
            ("<https://:x/>", ForeignHost),
            (
                "<https://example.okta.com/api/v1/users?after=00u2",
                UnexpectedAnswer,
            ),
        ] {
            let error = follow(current, &[&format!("{target}; rel=\"next\"")]).expect_err(target);
            assert_eq!(error.code(), code, "{target}");
        }
    }

    #[test]
    fn a_page_of_another_listing_is_no_next_page() {
        let users = "/api/v1/users?after=00u1&limit=200&search=status+pr&expand=a";
        let members = "/api/v1/groups/00g1/users?limit=200";
        for (current, target) in [
            (users, "/api/v1/groups?after=00g1&limit=200"),
            (users, "/api/v1/users/?after=00u2"),
            (users, "/api/v1/users/00u2/groups?after=00u2"),
            (users, "/api/v1/users?after=00u2&search=status+eq+%22ACTIVE%22"),
            (users, "/api/v1/users?after=00u2&filter=status+eq+%22ACTIVE%22"),
            (users, "/api/v1/users?after=00u2&expand=b"),
            (members, "/api/v1/groups/00g2/users?after=00u1&limit=200"),
            (members, "/api/v1/groups/00g1/users?after=00u1&q=x"),
        ] {
            let error = follow(current, &[&format!("<{target}>; rel=\"next\"")]).expect_err(target);
            assert_eq!(error.code(), ErrorCode::UnexpectedAnswer, "{target}");
            assert!(error.message().contains("another listing"), "{error}");
        }
        let same = "</api/v1/users?expand=a&search=status%20pr&limit=50&after=00u2&new=1>; rel=\"next\"";
        assert!(follow(users, &[same]).expect("the same listing").is_some());
    }

    #[test]
    fn stored_positions_are_checked() {
        for text in [
            "",
            "api/v1/users",
            "//evil.example/",
            "https://example.okta.com/",
            "/a b",
            "/a\n",
        ] {
            assert!(text.parse::<Cursor>().is_err(), "{text}");
        }
        let cursor = Cursor::first(
            "/api/v1/users",
            &[("limit", "200"), ("search", r#"created ge "2024""#)],
        );
        assert_eq!(
            cursor.as_str(),
            "/api/v1/users?limit=200&search=created+ge+%222024%22"
        );
        assert_eq!(cursor.to_string().parse::<Cursor>().expect("stable"), cursor);
    }
}
