//! Polls Okta's System Log (Okta "System Log query", polling requests). Okta returns the rows in the order in which
//! it wrote them, and a position to go on from, for ever.
//!
//! The rows are not decoded here; `events` does that. An empty page is not the end: it says that there is nothing
//! new yet.

use std::time::Duration;

use serde_json::value::RawValue;
use url::Url;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode, Result};
use crate::okta::PageSize;
use crate::okta::client::OktaClient;
use crate::okta::client::ask::Ask;
use crate::okta::client::json;
use crate::okta::client::page::{Cursor, next_link};

const PATH: &str = "/api/v1/logs";
/// The cheapest request to the log.
const NEWEST: &str = "/api/v1/logs?limit=1";
/// The most rows that Okta returns at once.
pub const MOST_ROWS: u32 = 1_000;
/// How long Okta keeps rows.
pub const KEPT: Duration = Duration::from_secs(90 * 86_400);
/// Parameters of a position. Okta's links carry both `after` and `since`; Okta uses `after`.
const PLACE: [&str; 3] = ["after", "limit", "since"];

/// One page.
#[derive(Debug)]
pub struct LogPage {
    /// The rows in the order in which Okta wrote them, which is not the order in which the events happened.
    pub rows: Vec<Box<RawValue>>,
    /// The position to go on from. It is the same position if nothing is new, and none if Okta does not name one.
    pub next: Option<Cursor>,
    /// Whether the page is full, so that more rows may be ready.
    pub is_full: bool,
    /// The requests a minute that Okta announced for the log.
    pub limit: Option<u32>,
}

/// The first page of the events that `filter` selects and that happened after `since`.
pub fn first_cursor(since: UnixMillis, filter: &str) -> Cursor {
    let (since, limit) = (since.to_rfc3339(), MOST_ROWS.to_string());
    let parameters = [
        ("since", since.as_str()),
        ("sortOrder", "ASCENDING"),
        ("limit", &limit),
        ("filter", filter),
    ];
    Cursor::first(PATH, &parameters)
}

/// Checks that the log can be read.
pub(super) async fn check_read(client: &OktaClient) -> Result<()> {
    client.get(NEWEST).await.map(drop)
}

/// The present time by Okta's clock, which also dates the rows of the log; none if the answer has no date.
pub async fn clock(client: &OktaClient) -> Result<Option<UnixMillis>> {
    Ok(client.get(NEWEST).await?.date)
}

/// The page at `cursor`. Fails with [`ErrorCode::CursorInvalid`] if Okta no longer knows the position.
pub async fn page(client: &OktaClient, cursor: &Cursor, page_size: &PageSize) -> Result<LogPage> {
    let rows = page_size.rows();
    let ask = Ask::new(cursor.as_str()).page_size(page_size);
    let answer = client.read(&ask, |body| decode(&body)).await;
    let answer = answer.map_err(|error| lost_place(cursor, error))?;
    let link = next_link(client.org(), cursor, &answer, &PLACE)?.map(|(_, next)| next);
    let next = link.filter(names_place).map(|next| Cursor::of_url(&next));
    if next.as_ref() == Some(cursor) && !answer.body.is_empty() {
        return Err(Error::new(ErrorCode::CursorRepeated));
    }
    Ok(LogPage {
        is_full: answer.body.len() >= rows.min(page_size.rows()) as usize,
        limit: answer.rate.limit.filter(|limit| *limit > 0),
        rows: answer.body,
        next,
    })
}

fn names_place(next: &Url) -> bool {
    next.query_pairs()
        .any(|(name, value)| name == "after" && !value.is_empty())
}

pub(super) fn decode(body: &[u8]) -> Result<Vec<Box<RawValue>>> {
    let rows = json::elements(body, "the answer is not a list of events")?;
    Ok(rows.into_iter().map(ToOwned::to_owned).collect())
}

/// Okta itself named this page, so if Okta refuses it, with whatever status, the position is no longer valid:
/// nothing else in the request is ours. Okta does not document how long a position is valid. If the cause was
/// something else, the next attempt from the beginning shows it.
fn lost_place(cursor: &Cursor, error: Error) -> Error {
    use ErrorCode::{
        FeatureOff, OktaNotFound, OrgDeactivated, RequestRejected, SearchRefused, UnexpectedStatus,
        ValidationFailed,
    };
    let is_refused = matches!(
        error.code(),
        SearchRefused
            | RequestRejected
            | ValidationFailed
            | OktaNotFound
            | FeatureOff
            | OrgDeactivated
            | UnexpectedStatus
    );
    match is_refused && cursor.is_after_first() {
        true => Error::new(ErrorCode::CursorInvalid)
            .okta_error_code(error.okta_error().unwrap_or_default())
            .okta_request_id(error.request_id()),
        false => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::loopback::{Reply, Responder};
    use crate::okta::client::tests::asking::{Setup, okta_error, setup};

    fn first() -> Cursor {
        first_cursor(UnixMillis(1_705_311_000_000), "eventType sw \"user.\"")
    }

    /// An org whose log answers with this body, and with a link that `link` makes from the host.
    fn org(body: &'static str, link: impl Fn(&str) -> String + Send + 'static) -> Responder {
        Responder::start(move |_, head| {
            let host = head
                .lines()
                .find_map(|line| line.to_lowercase().strip_prefix("host: ").map(str::to_owned));
            let base = format!("http://{}/api/v1/logs", host.expect("a host"));
            let next = format!("Link: <{}>; rel=\"next\"", link(&base));
            Reply::json(
                &[&next, "X-Rate-Limit-Limit: 30", "X-Rate-Limit-Remaining: 29"],
                body,
            )
        })
    }

    async fn read(server: &Responder, cursor: &Cursor) -> Result<LogPage> {
        let Setup { client, .. } = setup(server, &[("retry.max_attempts", "2")]);
        page(&client, cursor, &PageSize::new(MOST_ROWS)).await
    }

    #[tokio::test]
    async fn the_link_is_followed_letter_by_letter_and_adds_nothing_that_okta_dropped() {
        let server = org(r#"[{"uuid":"a"},7]"#, |base| {
            format!("{base}?after=17_1%3D&limit=1000&sortOrder=ASCENDING")
        });
        let page = read(&server, &first()).await.expect("a page");
        let next = page.next.expect("a place");
        assert_eq!(
            next.as_str(),
            "/api/v1/logs?after=17_1%3D&limit=1000&sortOrder=ASCENDING"
        );
        assert_eq!((page.rows.len(), page.is_full, page.limit), (2, false, Some(30)));
        assert_eq!(page.rows[1].get(), "7", "whatever it is");
        assert_eq!(
            first().as_str(),
            "/api/v1/logs?since=2024-01-15T09%3A30%3A00.000Z&sortOrder=ASCENDING&limit=1000\
             &filter=eventType+sw+%22user.%22"
        );
    }

    #[tokio::test]
    async fn an_empty_page_stays_where_it_is_and_a_full_one_may_not() {
        let at: Cursor = "/api/v1/logs?after=17_1&limit=1000".parse().expect("a place");
        let same = |base: &str| format!("{base}?after=17_1&limit=1000");
        let quiet = read(&org("[]", same), &at).await.expect("a page");
        assert_eq!((quiet.next, quiet.rows.len()), (Some(at.clone()), 0));
        let circle = read(&org(r#"[{"uuid":"a"}]"#, same), &at)
            .await
            .expect_err("a circle");
        assert_eq!(circle.code(), ErrorCode::CursorRepeated);
        let nowhere = read(&org("[]", |base| format!("{base}?after=&limit=7")), &at).await;
        assert_eq!(nowhere.expect("a page").next, None);
    }

    #[tokio::test]
    async fn links_to_elsewhere_are_not_followed() {
        for (link, code) in [
            ("http://evil.example/api/v1/logs?after=1", ErrorCode::ForeignHost),
            ("/api/v1/users?after=1", ErrorCode::UnexpectedAnswer),
            ("/api/v1/logs?after=1&filter=other", ErrorCode::UnexpectedAnswer),
        ] {
            let refused = read(&org("[]", move |_| link.to_owned()), &first()).await;
            assert_eq!(refused.expect_err(link).code(), code, "{link}");
        }
    }

    #[tokio::test]
    async fn a_place_that_okta_forgot_and_a_filter_that_it_refuses_are_different_errors() {
        let later: Cursor = "/api/v1/logs?after=17_1&limit=1000".parse().expect("a place");
        for (status, okta_code) in [
            (400, "E0000031"),
            (400, "E0000053"),
            (400, "E0000029"),
            (400, "E0000001"),
            (404, "E0000007"),
            (404, "E0000008"),
            (410, "E0000099"),
            (410, ""),
        ] {
            let server = Responder::start(move |_, _| okta_error(status, okta_code));
            let lost = read(&server, &later).await.expect_err(okta_code);
            assert_eq!(lost.code(), ErrorCode::CursorInvalid, "{okta_code}");
        }
        for (status, okta_code, code) in [
            (403, "E0000006", ErrorCode::RoleMissing),
            (401, "E0000011", ErrorCode::TokenRejected),
        ] {
            let server = Responder::start(move |_, _| okta_error(status, okta_code));
            let refused = read(&server, &later).await.expect_err(okta_code);
            assert_eq!(refused.code(), code, "the place is known still");
        }
        let server = Responder::start(|_, _| okta_error(400, "E0000053"));
        let refused = read(&server, &first()).await.expect_err("a bad filter");
        assert_eq!(refused.code(), ErrorCode::SearchRefused);
        let server = Responder::start(|number, _| match number {
            0 => okta_error(500, "E0000053"),
            _ => Reply::json(&[], "[]"),
        });
        assert!(read(&server, &later).await.is_ok(), "a fault of Okta's passes");
        assert_eq!(server.heads().len(), 2);
    }
}
