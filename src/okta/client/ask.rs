//! A question to Okta and its answer.

use std::time::Duration;

use url::Url;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode};
use crate::http::rate_limit::RateHeaders;
use crate::http::{Headers, Method};
use crate::okta::PageSize;

/// One question: a path with query on the org, or a whole URL that Okta gave.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    pub(in crate::okta) method: Method,
    pub(in crate::okta) target: &'a str,
    /// JSON to send along.
    pub(in crate::okta) body: Option<&'a [u8]>,
    pub(in crate::okta) headers: &'a [(&'a str, &'a str)],
    pub(in crate::okta) page_size: Option<&'a PageSize>,
    pub(in crate::okta) with_credential: bool,
}

impl<'a> Ask<'a> {
    /// Asks with the credential and expects JSON.
    pub fn new(target: &'a str) -> Ask<'a> {
        Ask {
            method: Method::Get,
            target,
            body: None,
            headers: &[],
            page_size: None,
            with_credential: true,
        }
    }

    /// Changes something, with the credential. Nothing is asked twice unless Okta is sure not to have done it.
    pub fn change(method: Method, target: &'a str, body: Option<&'a [u8]>) -> Ask<'a> {
        Ask {
            method,
            body,
            ..Ask::new(target)
        }
    }

    /// Whether it may be asked once more after this error.
    pub(in crate::okta) fn may_repeat(&self, error: &Error) -> bool {
        use ErrorCode::{ConcurrencyLimited, RateLimited};
        self.method == Method::Get || matches!(error.code(), RateLimited | ConcurrencyLimited)
    }

    /// Adds header fields.
    pub fn headers(self, headers: &'a [(&'a str, &'a str)]) -> Ask<'a> {
        Ask { headers, ..self }
    }

    /// Sets `limit` to this size, which shrinks if Okta cannot deliver the page.
    pub fn page_size(self, page_size: &'a PageSize) -> Ask<'a> {
        Ask {
            page_size: Some(page_size),
            ..self
        }
    }

    /// Sends no credential: the host may not be Okta at all.
    pub fn of_a_stranger(self) -> Ask<'a> {
        Ask {
            with_credential: false,
            ..self
        }
    }
}

/// A whole answer: 200, or 204 to a change.
#[derive(Debug)]
pub struct Answer<T = Vec<u8>> {
    /// What was read from the body; by default the body itself, sound JSON without a byte-order mark.
    pub body: T,
    /// The header fields.
    pub headers: Headers,
    /// What the answer says about its rate limit.
    pub rate: RateHeaders,
    /// Okta's clock when it answered (whole seconds).
    pub date: Option<UnixMillis>,
    /// The address that was asked.
    pub url: Url,
    /// From sending to the last byte, waits and earlier attempts not counted.
    pub latency: Duration,
}
