//! Listing users: one page at a time, every field optional but the id.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::client::{OktaClient, Question, read_json};
use super::page::{Cursor, Page, next_cursor};
use super::user_query::UserQuery;
use crate::clock::UnixMillis;
use crate::error::{Error, ErrorCode, Result};
use crate::http::Response;
use crate::model::{OktaUser, Profile};

/// The path of the listing.
const USERS: &str = "/api/v1/users";

/// Asks Okta to leave out what is not kept, which makes listing cheaper on its side; the shortcut works
/// only with all three (Okta: the `okta-response` parameter of listUsers).
const OMIT: (&str, &str) = (
    "content-type",
    "application/json; okta-response=\"omitCredentials,omitCredentialsLinks,omitTransitioningToStatus\"",
);

/// How many users a page has. Shared by everything that lists users in one run; shrinks when Okta
/// cannot make a page in time, which it answers with 500 (Okta: listUsers).
#[derive(Debug)]
pub struct PageSize {
    now: AtomicU64,
    failures_in_a_row: AtomicU64,
}

/// A page is never made smaller than this: it would cost more requests than it saves.
const SMALLEST_PAGE: u64 = 10;

/// One 500 may be chance; the second of the same page is taken for a time-out.
const FAILURES_BEFORE_SHRINKING: u64 = 2;

impl PageSize {
    /// Begins with this size.
    pub fn new(users: u64) -> PageSize {
        PageSize {
            now: AtomicU64::new(users),
            failures_in_a_row: AtomicU64::new(0),
        }
    }

    /// The size now.
    pub fn get(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    fn failed(&self, code: ErrorCode) {
        if !matches!(code, ErrorCode::OktaInternal | ErrorCode::TimedOut) {
            return;
        }
        let failures = self.failures_in_a_row.fetch_add(1, Ordering::Relaxed) + 1;
        if failures >= FAILURES_BEFORE_SHRINKING {
            self.failures_in_a_row.store(0, Ordering::Relaxed);
            let smaller = (self.get() / 2).max(SMALLEST_PAGE.min(self.get()));
            self.now.store(smaller, Ordering::Relaxed);
        }
    }

    fn worked(&self) {
        self.failures_in_a_row.store(0, Ordering::Relaxed);
    }
}

/// Where the listing of a query begins.
pub fn first_cursor(query: &UserQuery, page_size: &PageSize) -> Cursor {
    Cursor::first(USERS, &query.parameters(page_size.get()))
}

/// Fetches one page.
pub async fn users_page(
    client: &OktaClient,
    cursor: &Cursor,
    page_size: &PageSize,
) -> Result<Page<OktaUser>> {
    let page = client
        .ask(&Question {
            url: &|| client.org().join(cursor.with_limit(page_size.get()).as_str()),
            headers: &[OMIT],
            with_credential: true,
            read: &|response| {
                let items = read_users(response)?;
                Ok(Page {
                    items,
                    next: next_cursor(client, cursor, &response.headers)?,
                })
            },
            failed: &|code| page_size.failed(code),
        })
        .await?;
    page_size.worked();
    Ok(page)
}

/// Reads a list of users; anything but a list is an error, never an empty page.
pub fn read_users(response: &Response) -> Result<Vec<OktaUser>> {
    let users: Vec<WireUser<'_>> = read_json(response)?;
    users.into_iter().map(WireUser::into_user).collect()
}

/// A user as Okta sends it (Okta: the User object). Everything may be missing or null.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireUser<'a> {
    id: Option<String>,
    status: Option<String>,
    #[serde(rename = "type")]
    user_type: Option<WireType>,
    realm_id: Option<String>,
    created: Option<String>,
    activated: Option<String>,
    status_changed: Option<String>,
    last_login: Option<String>,
    last_updated: Option<String>,
    password_changed: Option<String>,
    #[serde(borrow)]
    profile: Option<BTreeMap<String, &'a RawValue>>,
}

#[derive(Deserialize)]
struct WireType {
    id: Option<String>,
}

/// Longest id that is taken for one; Okta's have 20 or 21 characters.
const MAX_ID: usize = 64;

impl WireUser<'_> {
    fn into_user(self) -> Result<OktaUser> {
        let usable = |id: &String| {
            !id.is_empty() && id.len() <= MAX_ID && id.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let id = self
            .id
            .filter(usable)
            .ok_or_else(|| Error::about(ErrorCode::UnexpectedAnswer, "a user without an id"))?;
        let time = |text: Option<String>| text.as_deref().and_then(UnixMillis::parse);
        let attributes: BTreeMap<String, Box<RawValue>> = self
            .profile
            .unwrap_or_default()
            .into_iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        Ok(OktaUser {
            id,
            status: self.status.unwrap_or_default(),
            type_id: self.user_type.and_then(|user_type| user_type.id),
            realm_id: self.realm_id,
            created: time(self.created),
            activated: time(self.activated),
            status_changed: time(self.status_changed),
            last_login: time(self.last_login),
            last_updated: time(self.last_updated),
            password_changed: time(self.password_changed),
            profile: Profile::from_attributes(&attributes),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Headers;

    fn read(body: &str) -> Result<Vec<OktaUser>> {
        read_users(&Response {
            status: 200,
            headers: Headers::default(),
            body: body.as_bytes().to_vec(),
        })
    }

    #[test]
    fn a_user_with_everything_and_one_with_nothing_but_an_id() {
        let users = read(
            r#"[{"id":"00u1","status":"FUTURE_STATUS","created":"2024-01-15T09:30:00.000Z","activated":null,
                "type":{"id":"oty1"},"realmId":"guo1","unknown":{"a":[{}]},
                "profile":{"login":"a","badge":12345678901234567890,"fte":0.50,"skills":["b","a"],"x":null}},
               {"id":"00u2"}]"#,
        )
        .expect("both are users");
        assert_eq!(users[0].status, "FUTURE_STATUS");
        assert_eq!(users[0].created, Some(UnixMillis(1_705_311_000_000)));
        assert_eq!(
            users[0].profile.as_json(),
            r#"{"badge":12345678901234567890,"fte":0.50,"login":"a","skills":["b","a"],"x":null}"#
        );
        assert_eq!((users[1].status.as_str(), users[1].profile.as_json()), ("", "{}"));
    }

    #[test]
    fn what_is_no_list_of_users_is_an_error() {
        for (body, code) in [
            ("", ErrorCode::NotJson),
            ("<html></html>", ErrorCode::NotJson),
            (r#"[{"id":"00u1"},{"id":"00"#, ErrorCode::NotJson),
            ("{}", ErrorCode::UnexpectedAnswer),
            ("null", ErrorCode::UnexpectedAnswer),
            (r#"[{"status":"ACTIVE"}]"#, ErrorCode::UnexpectedAnswer),
            (r#"[{"id":""}]"#, ErrorCode::UnexpectedAnswer),
            (r#"[{"id":"00u1","profile":[]}]"#, ErrorCode::UnexpectedAnswer),
        ] {
            assert_eq!(read(body).expect_err(body).code(), code, "{body}");
        }
    }

    #[test]
    fn unknown_fields_may_nest_deeply() {
        let nested = |depth: usize| {
            format!(
                r#"[{{"id":"00u1","x":{}1{}}}]"#,
                "[".repeat(depth),
                "]".repeat(depth)
            )
        };
        // Passed over without recursion, so that no answer can exhaust the stack of a Java thread.
        assert_eq!(read(&nested(100_000)).expect("only passed over").len(), 1);
    }

    #[test]
    fn the_page_shrinks_after_the_second_failure_in_a_row() {
        let size = PageSize::new(200);
        size.failed(ErrorCode::OktaInternal);
        size.worked();
        size.failed(ErrorCode::OktaInternal);
        assert_eq!(size.get(), 200);
        size.failed(ErrorCode::OktaInternal);
        assert_eq!(size.get(), 100);
        for _ in 0..40 {
            size.failed(ErrorCode::TimedOut);
        }
        assert_eq!(size.get(), SMALLEST_PAGE);
    }
}
