//! A request to Okta and its answer.

use std::time::Duration;

use url::Url;

use crate::clock::UnixMillis;
use crate::contract::errors::{Error, ErrorCode};
use crate::http::rate_limit::RateHeaders;
use crate::http::{Headers, Method};
use crate::okta::PageSize;

/// One request. Its target is a path with query on the org, or a whole URL that Okta gave.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    pub(in crate::okta) method: Method,
    pub(in crate::okta) target: &'a str,
    /// The JSON body to send.
    pub(in crate::okta) body: Option<&'a [u8]>,
    pub(in crate::okta) headers: &'a [(&'a str, &'a str)],
    pub(in crate::okta) page_size: Option<&'a PageSize>,
    pub(in crate::okta) with_credential: bool,
}

impl<'a> Ask<'a> {
    /// A GET with the credential; the answer must be JSON.
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

    /// A request that changes something, with the credential. It is repeated only if Okta certainly did not carry
    /// it out.
    pub fn change(method: Method, target: &'a str, body: Option<&'a [u8]>) -> Ask<'a> {
        Ask {
            method,
            body,
            ..Ask::new(target)
        }
    }

    /// Whether the request may be sent again after this error.
    pub(in crate::okta) fn may_repeat(&self, error: &Error) -> bool {
        use ErrorCode::{ConcurrencyLimited, RateLimited};
        self.method == Method::Get || matches!(error.code(), RateLimited | ConcurrencyLimited)
    }

    /// Adds header fields.
    pub fn headers(self, headers: &'a [(&'a str, &'a str)]) -> Ask<'a> {
        Ask { headers, ..self }
    }

    /// Sets `limit` to this page size, which becomes smaller if Okta cannot deliver the page.
    pub fn page_size(self, page_size: &'a PageSize) -> Ask<'a> {
        Ask {
            page_size: Some(page_size),
            ..self
        }
    }

    /// Sends no credential, because the host may not belong to Okta.
    pub fn without_credential(self) -> Ask<'a> {
        Ask {
            with_credential: false,
            ..self
        }
    }
}

/// A complete answer: 200, or 204 to a change.
#[derive(Debug)]
pub struct Answer<T = Vec<u8>> {
    /// The decoded body. By default it is the body itself: valid JSON without a byte-order mark.
    pub body: T,
    /// The header fields.
    pub headers: Headers,
    /// The rate limit that the answer announced.
    pub rate: RateHeaders,
    /// Okta's time when it answered (whole seconds).
    pub date: Option<UnixMillis>,
    /// The address that the request was sent to.
    pub url: Url,
    /// The time from sending to the last byte. Waits and earlier attempts are not counted.
    pub latency: Duration,
}
