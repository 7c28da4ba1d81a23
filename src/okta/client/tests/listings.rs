//! Tests of user listings against real sockets: pages, their size, and what must not look like an end.

use crate::contract::errors::{ErrorCode, Result};
use crate::http::loopback::{Reply, Responder};
use crate::model::OktaUser;
use crate::okta::client::tests::asking::{Setup, okta_error, setup};
use crate::okta::users::{first_cursor, users_page};
use crate::okta::{PageSize, UserQuery};

/// Reads a whole listing.
async fn list(setup: &Setup, page_size: &PageSize) -> Result<Vec<OktaUser>> {
    let mut users = Vec::new();
    let mut cursor = Some(first_cursor(&UserQuery::All, page_size.rows()));
    while let Some(at) = cursor {
        let page = users_page(&setup.client, &at, page_size).await?;
        users.extend(page.items);
        cursor = page.next;
    }
    Ok(users)
}

/// Serves `total` users, `limit` at a time, as Okta does. A page larger than `largest` gets a 500.
fn directory(total: usize, largest: usize) -> Responder {
    Responder::start(move |_, head| {
        let target = head.split(' ').nth(1).expect("a target");
        let url = url::Url::parse(&format!("http://org{target}")).expect("a URL");
        let number = |name: &str| {
            let value = url
                .query_pairs()
                .find(|(known, _)| known == name)?
                .1
                .parse::<usize>();
            value.ok()
        };
        let (limit, after) = (number("limit").expect("a limit"), number("after").unwrap_or(0));
        if limit > largest {
            return okta_error(500, "E0000009");
        }
        let end = (after + limit).min(total);
        let users: Vec<_> = (after..end)
            .map(|number| format!(r#"{{"id":"00u{number}","profile":{{}}}}"#))
            .collect();
        let host = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("host: ").map(str::to_owned));
        let base = format!("http://{}{}", host.expect("a host"), url.path());
        let own = format!("Link: <{base}?limit={limit}>; rel=\"self\"");
        // `search` is left out of the link, as Okta leaves out some parameters.
        let next = format!("Link: <{base}?after={end}&limit={limit}>; rel=\"next\"");
        let body = format!("[{}]", users.join(","));
        match end < total {
            true => Reply::json(&[&own, &next], &body),
            false => Reply::json(&[&own], &body),
        }
    })
}

#[tokio::test]
async fn a_listing_is_read_to_its_end() {
    let server = directory(23, 200);
    let setup = setup(&server, &[]);
    let users = list(&setup, &PageSize::new(10)).await.expect("all users");
    let ids: Vec<_> = users.iter().map(|user| user.id.clone()).collect();
    assert_eq!(
        ids,
        (0..23).map(|number| format!("00u{number}")).collect::<Vec<_>>()
    );
    let heads = server.heads();
    assert_eq!(heads.len(), 3);
    assert!(
        heads[2].starts_with("GET /api/v1/users?after=20&limit=10&search=status+pr "),
        "{}",
        heads[2]
    );
    assert!(
        heads[0]
            .to_lowercase()
            .contains(r#"content-type: application/json; okta-response="omitcredentials,"#)
    );
}

#[tokio::test]
async fn pages_shrink_until_okta_can_deliver_them_and_stay_small() {
    let server = directory(70, 50);
    let setup = setup(&server, &[]);
    let page_size = PageSize::new(200);
    assert_eq!(list(&setup, &page_size).await.expect("all users").len(), 70);
    assert_eq!(page_size.rows(), 50);
    let limits: Vec<_> = server
        .heads()
        .iter()
        .map(|head| head.contains("limit=50"))
        .collect();
    assert_eq!(limits, [false, false, false, true, true]);
}

#[tokio::test]
async fn a_listing_never_ends_by_mistake() {
    for (reply, expected) in [
        (r#"{"errorCode":"E0000009"}"#, ErrorCode::UnexpectedAnswer),
        ("null", ErrorCode::UnexpectedAnswer),
        ("", ErrorCode::NotJson),
    ] {
        let server = Responder::start(move |_, _| Reply::json(&[], reply));
        let setup = setup(&server, &[("retry.max_attempts", "2")]);
        let error = list(&setup, &PageSize::new(200)).await.expect_err("not a page");
        assert_eq!(error.code(), expected, "{reply}");
    }
    let server =
        Responder::start(|_, _| Reply::json(&["Link: <https://evil.example/?after=1>; rel=\"next\""], "[]"));
    let setup = setup(&server, &[]);
    let error = list(&setup, &PageSize::new(200))
        .await
        .expect_err("a foreign link");
    assert_eq!(error.code(), ErrorCode::ForeignHost);
}

#[tokio::test]
async fn a_refused_search_on_a_later_page_is_the_cursor() {
    let server = Responder::start(|_, _| okta_error(400, "E0000031"));
    let setup = setup(&server, &[]);
    let page_size = PageSize::new(200);
    for (cursor, expected) in [
        (
            "/api/v1/users?limit=200&search=status+pr",
            ErrorCode::SearchRefused,
        ),
        (
            "/api/v1/users?after=x&limit=200&search=status+pr",
            ErrorCode::CursorInvalid,
        ),
    ] {
        let cursor = cursor.parse().expect("a cursor");
        let error = users_page(&setup.client, &cursor, &page_size)
            .await
            .expect_err("refused");
        assert_eq!((error.code(), error.okta_error()), (expected, Some("E0000031")));
    }
}
