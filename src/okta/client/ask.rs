//! A question to Okta and its answer.

use std::time::Duration;

use url::Url;

use crate::clock::UnixMillis;
use crate::http::Headers;
use crate::http::rate_limit::RateHeaders;
use crate::okta::PageSize;

/// One question: a path with query on the org, or a whole URL that Okta gave.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    pub(in crate::okta) target: &'a str,
    pub(in crate::okta) headers: &'a [(&'a str, &'a str)],
    pub(in crate::okta) page_size: Option<&'a PageSize>,
    pub(in crate::okta) with_credential: bool,
}

impl<'a> Ask<'a> {
    /// Asks with the credential and expects JSON.
    pub fn new(target: &'a str) -> Ask<'a> {
        Ask {
            target,
            headers: &[],
            page_size: None,
            with_credential: true,
        }
    }

    /// Adds header fields.
    pub fn headers(self, headers: &'a [(&'a str, &'a str)]) -> Ask<'a> {
        Ask { headers, ..self }
    }

    /// Lets `limit` follow this size, which shrinks while Okta cannot deliver the page.
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

/// A whole answer (200).
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
